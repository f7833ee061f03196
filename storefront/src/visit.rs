//! One request of one visitor: who asks, and what the answer tells the browser beside the page.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::album_graph::{AskError, Caller};
use crate::operations::Operation;
use crate::pages::{self, problem::Problem};
use crate::parts::layout::Layout;
use crate::paths;
use crate::session::IssuedSession;
use crate::shop::Shop;

/// Which address htmx shall show.
const PUSH_URL: HeaderName = HeaderName::from_static("hx-push-url");

/// A request of a visitor.
#[derive(Debug)]
pub struct Visit {
    /// Where it was made.
    pub shop: Shop,
    caller: Caller,
    change: Change,
}

/// What has become of the session since the request came in.
#[derive(Debug)]
enum Change {
    Nothing,
    Issued(IssuedSession),
    Ended,
}

impl FromRequestParts<Shop> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Infallible> {
        let caller = Caller {
            token: shop.cookie().read(&parts.headers),
            address: Some(shop.sender(parts)),
            user_agent: parts.headers.get(header::USER_AGENT).cloned(),
        };
        Ok(Self {
            shop: shop.clone(),
            caller,
            change: Change::Nothing,
        })
    }
}

impl Visit {
    /// Asks a query.
    pub async fn ask<Q: Operation>(&self, variables: Q::Variables) -> Result<Q, AskError> {
        self.shop.album_graph.ask(&self.caller, variables).await
    }

    /// Has something changed.
    pub async fn change<Q: Operation>(&self, variables: Q::Variables) -> Result<Q, AskError> {
        self.shop.album_graph.change(&self.caller, variables).await
    }

    /// Has something changed that the same input changes only once.
    pub async fn change_once<Q: Operation>(&self, variables: Q::Variables) -> Result<Q, AskError> {
        self.shop.album_graph.change_once(&self.caller, variables).await
    }

    /// Whether the request came with a session, which may have ended.
    pub fn has_session(&self) -> bool {
        self.caller.token.is_some()
    }

    /// Goes on with the session that a change has led to, where it has.
    pub fn adopt(&mut self, session: Option<IssuedSession>) {
        if let Some(session) = session {
            self.caller.token = session.token();
            self.change = Change::Issued(session);
        }
    }

    /// Goes on without a session.
    pub fn leave(&mut self) {
        self.caller.token = None;
        self.change = Change::Ended;
    }

    /// Answers with a page.
    pub fn answer(&self, status: StatusCode, layout: &Layout, page: &impl Template) -> Result<Response, Problem> {
        let mut response = self.answer_part(status, page)?;
        let session = layout.header.session;
        if let (Change::Nothing, Some(token), Some(session)) = (&self.change, &self.caller.token, session) {
            self.shop.cookie().refresh(token, session, response.headers_mut());
        }
        Ok(response)
    }

    /// Answers with a part of a page.
    ///
    /// What was made for a session is stored nowhere.
    pub fn answer_part(&self, status: StatusCode, part: &impl Template) -> Result<Response, Problem> {
        let mut response = pages::render(status, part)?;
        let headers = response.headers_mut();
        if self.has_session() {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        }
        self.tell(headers);
        Ok(response)
    }

    /// Sends the visitor on, after something was changed or because something is missing.
    pub fn go_to(&self, path: &str) -> Response {
        let mut response = Redirect::to(path).into_response();
        self.tell(response.headers_mut());
        response
    }

    /// Sends the visitor to sign in, and then back to `path`.
    pub fn sign_in_for(&self, path: &str) -> Response {
        self.go_to(&paths::sign_in_for(path))
    }

    /// Tells the browser what has become of its session.
    fn tell(&self, headers: &mut HeaderMap) {
        match &self.change {
            Change::Nothing => {}
            Change::Issued(session) => self.shop.cookie().issue(session, headers),
            Change::Ended => self.shop.cookie().forget(headers),
        }
    }
}

/// Tells htmx that the page that it gets is the one at `path`, although something was sent to another address.
pub fn at(path: &str, mut response: Response) -> Response {
    if let Ok(path) = HeaderValue::try_from(path) {
        response.headers_mut().insert(PUSH_URL, path);
    }
    response
}
