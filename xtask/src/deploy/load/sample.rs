//! What became of each request.

use std::fmt;
use std::time::{Duration, Instant};

use super::door::Reply;

/// One request.
#[derive(Clone, Debug)]
pub struct Sample {
    pub sent: Instant,
    pub took: Duration,
    /// Whether it changes nothing.
    pub read: bool,
    /// Whether the connection broke and it was sent once more.
    pub again: bool,
    /// The method and what kind of path it is.
    pub what: String,
    pub failure: Option<Failure>,
}

/// Why a request failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// No connection could be made.
    Closed(String),
    /// The connection broke.
    Broken(String),
    /// There is no answer in time.
    Late,
    /// The answer says that something is wrong with the shop, and perhaps it says so as it should.
    Status { status: u16, polite: bool, body: String },
    /// The answer is not one to this request.
    Wrong(String),
}

impl Sample {
    pub fn answered(&self) -> Instant {
        self.sent + self.took
    }
}

impl Failure {
    /// What an answer says of the shop's state.
    pub fn of(reply: &Reply) -> Option<Self> {
        let polite = is_polite(reply);
        let broken = polite || reply.status >= 500 || reply.status == 429;
        broken.then(|| Self::Status {
            status: reply.status,
            polite,
            body: reply.body.chars().take(200).collect(),
        })
    }

    /// Whether the shop itself said that it cannot answer now.
    pub fn is_polite(&self) -> bool {
        matches!(self, Self::Status { polite: true, .. })
    }
}

/// A page of the shop that says what to do, or an error of the API that programs understand.
fn is_polite(reply: &Reply) -> bool {
    let page = reply.kind.starts_with("text/html")
        && reply.body.contains("<section class=\"problem\">")
        && reply.body.trim_end().ends_with("</html>");
    let error = reply.kind.contains("json") && reply.body.contains("\"UNAVAILABLE\"");
    (reply.status == 503 && page) || error
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let text = causes(&error);
        if error.is_connect() {
            Self::Closed(text)
        } else if error.is_timeout() {
            Self::Late
        } else {
            Self::Broken(text)
        }
    }
}

/// An error with what led to it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(text) => write!(formatter, "no connection: {text}"),
            Self::Broken(text) => write!(formatter, "the connection broke: {text}"),
            Self::Late => formatter.write_str("no answer in time"),
            Self::Status {
                status, polite: true, ..
            } => write!(formatter, "the shop says {status}, as it should"),
            Self::Status { status, body, .. } => write!(formatter, "status {status}: {body:?}"),
            Self::Wrong(text) => write!(formatter, "a wrong answer: {text}"),
        }
    }
}
