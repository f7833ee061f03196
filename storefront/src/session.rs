//! The cookie that holds a visitor's session; what is in it is album-graph's.

use std::fmt;

use axum::http::{HeaderMap, HeaderValue, header};
use cynic::QueryFragment;

use crate::schema;

/// How long a browser keeps the cookie of a session that outlives it: as long as album-graph keeps the session.
const KEPT_SECONDS: u32 = 30 * 24 * 60 * 60;

/// What names a session to album-graph; opaque.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A session that a change has led to.
#[derive(QueryFragment)]
pub struct IssuedSession {
    token: String,
    persistent: bool,
}

impl IssuedSession {
    /// What names it.
    pub fn token(&self) -> Option<Token> {
        Token::parse(&self.token)
    }
}

/// The session that a request was made with.
#[derive(Clone, Copy, Debug, QueryFragment)]
#[cynic(graphql_type = "Session")]
pub struct CurrentSession {
    /// Whether it outlives the browser.
    persistent: bool,
}

/// What album-graph knows of the session that a request was made with: nothing of one that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Known(pub Option<CurrentSession>);

/// The cookie, as this shop names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Sent over `https` only, and by this host only.
    Secure,
    /// For a shop that is tried out over plain `http`.
    Plain,
}

impl Token {
    /// Whatever cannot be a token is none.
    fn parse(text: &str) -> Option<Self> {
        let fits = (20..=100).contains(&text.len());
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        (fits && plain).then(|| Self(text.to_owned()))
    }

    /// The token as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Whoever reads a token in a log has the session.
impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

impl fmt::Debug for IssuedSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IssuedSession(…)")
    }
}

impl Cookie {
    /// The cookie of a shop at `origin`.
    pub fn of(origin: &str) -> Self {
        if origin.starts_with("https://") {
            Self::Secure
        } else {
            Self::Plain
        }
    }

    /// The session of a request.
    pub fn read(self, headers: &HeaderMap) -> Option<Token> {
        let cookies = headers.get_all(header::COOKIE).into_iter();
        cookies
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| *name == self.name())
            .find_map(|(_, value)| Token::parse(value))
    }

    /// Gives the browser a new session.
    pub fn issue(self, session: &IssuedSession, headers: &mut HeaderMap) {
        if let Some(token) = session.token() {
            self.keep(&token, session.persistent, headers);
        }
    }

    /// Has the browser keep a session as long as it lasts.
    fn keep(self, token: &Token, persistent: bool, headers: &mut HeaderMap) {
        let age = if persistent {
            format!("; Max-Age={KEPT_SECONDS}")
        } else {
            String::new()
        };
        self.set(&format!("{}{age}", token.as_str()), headers);
    }

    /// The same for the session of a request that a page was made for: one that slides is kept for longer, and one that has
    /// ended is forgotten.
    pub fn refresh(self, token: &Token, session: Known, headers: &mut HeaderMap) {
        match session.0 {
            Some(session) if session.persistent => self.keep(token, true, headers),
            Some(_) => {}
            None => self.forget(headers),
        }
    }

    /// Takes the session from the browser.
    pub fn forget(self, headers: &mut HeaderMap) {
        self.set("; Max-Age=0", headers);
    }

    fn set(self, value: &str, headers: &mut HeaderMap) {
        let secure = match self {
            Self::Secure => "; Secure",
            Self::Plain => "",
        };
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", self.name());
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-session",
            Self::Plain => "session",
        }
    }
}
