//! The pages that say that something is not there, or not right now, or broken.

use std::time::Duration;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use service::telemetry::causes;
use service::trace::Trace;
use tokio::time;
use tracing::{error, warn};

use crate::album_graph::AskError;
use crate::pages;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::visit::Visit;

/// Seconds after which a visitor, or a crawler, may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// How long a page that says what is not there waits for its genre menu.
const PATIENCE: Duration = Duration::from_millis(500);

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such page.
    #[error("not found")]
    NotFound(HeaderQuery),
    /// The page is there, but only to be read.
    #[error("method not allowed")]
    NotAllowed(HeaderQuery),
    /// The request does not come from a page of the shop.
    #[error("sent from another site")]
    Foreign,
    /// No form of the shop sends so much.
    #[error("the body is too big")]
    TooBig,
    /// No form of the shop sends that.
    #[error("the body cannot be read")]
    Unreadable,
    /// The visitor asks for more in a short time than the catalogue answers, which passes.
    #[error("too much was asked for")]
    TooMany(#[source] AskError),
    /// The catalogue does not answer, which passes.
    #[error("the catalogue is away")]
    Away(#[source] AskError),
    /// It takes too long.
    #[error("the page takes too long")]
    TooSlow,
    /// The catalogue refuses a question that it should answer.
    #[error("the catalogue refuses")]
    Refused(#[source] AskError),
    /// The page cannot be rendered.
    #[error("the page cannot be rendered")]
    Template(#[from] askama::Error),
    /// There is a bug.
    #[error("panicked")]
    Panic,
}

/// Such a page.
#[derive(Debug, Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    layout: Layout,
    status: u16,
    heading: &'static str,
    advice: &'static str,
    /// Whether the same request may succeed in a moment.
    passes: bool,
    /// What to name when asking for help: the log has it too.
    request_id: String,
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Unreachable(_) => Self::Away(error),
            // What the visitor's address says is out of bounds, such as a place in a list that never was.
            AskError::Refused {
                code: Some(ref code), ..
            } if code == "BAD_USER_INPUT" => Self::NotFound(HeaderQuery::default()),
            AskError::Refused {
                code: Some(ref code), ..
            } if code == "RATE_LIMITED" => Self::TooMany(error),
            AskError::Refused { .. } => Self::Refused(error),
        }
    }
}

/// Says that there is no such page, with the whole header where the catalogue can be asked for it.
pub async fn not_found(visit: &Visit) -> Problem {
    Problem::NotFound(header(visit).await)
}

/// The handler of paths that no route has; one slash too many is mended.
pub async fn unknown(visit: Visit, request: Request) -> Response {
    let path = request.uri().path();
    // Two slashes at the start would lead to another host.
    let mended = format!("/{}", path.trim_matches('/'));
    // A backslash would do so, too: browsers read it as a slash.
    if path.ends_with('/') && mended != path && !mended.contains('\\') {
        let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
        return Redirect::permanent(&format!("{mended}{query}")).into_response();
    }
    not_found(&visit).await.into_response()
}

/// The handler of methods that a route does not have.
pub async fn not_allowed(visit: Visit) -> Problem {
    Problem::NotAllowed(header(&visit).await)
}

/// The header of a page that has nothing else to ask for, and is not worth a long wait.
async fn header(visit: &Visit) -> HeaderQuery {
    let asked = time::timeout(PATIENCE, visit.ask::<HeaderQuery>(())).await;
    match asked {
        Ok(Ok(header)) => return header,
        Ok(Err(error)) => warn!(error = causes(&error), "the genre menu stays empty"),
        Err(_) => warn!("the genre menu stays empty: album-graph is slow"),
    }
    HeaderQuery::default()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.report();
        let (status, heading, advice) = self.words();
        let passes = matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS);
        let query = match self {
            Self::NotFound(header) | Self::NotAllowed(header) => header,
            _ => HeaderQuery::default(),
        };
        let page = ProblemPage {
            layout: Layout::new(query, Place::Elsewhere, heading),
            status: status.as_u16(),
            heading,
            advice,
            passes,
            request_id: Trace::current().map_or(String::new(), |trace| trace.to_string()),
        };
        let mut response = pages::render(status, &page).unwrap_or_else(|_| status.into_response());
        if passes {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

impl Problem {
    /// The status, the heading, and what the visitor can do about it.
    fn words(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound(_) => (
                StatusCode::NOT_FOUND,
                "This one is not on our shelves",
                "The address may have a typing error, or the record has left the shop.",
            ),
            Self::NotAllowed(_) => (
                StatusCode::METHOD_NOT_ALLOWED,
                "That does not work here",
                "This page can be read, but nothing can be sent to it.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "That did not come from here",
                "Something was sent to the shop from another site, so nothing was done. Please do it on a page of the shop.",
            ),
            Self::TooBig => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "That is too much at once",
                "More was sent than any form of the shop can hold, so nothing was done.",
            ),
            Self::Unreadable => (
                StatusCode::BAD_REQUEST,
                "We cannot read that",
                "What was sent is not what a form of the shop sends, so nothing was done.",
            ),
            Self::TooMany(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "One record at a time",
                "That was a lot in a short time. Wait a moment, and go on.",
            ),
            Self::Away(_) | Self::TooSlow => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The catalogue is out of reach",
                "We cannot look up records at the moment. This usually passes within a minute.",
            ),
            Self::Refused(_) | Self::Template(_) | Self::Panic => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something broke on our side",
                "It is not your fault, and we have a note of it. Another record may play.",
            ),
        }
    }

    /// Logs what went wrong, once, with its cause.
    fn report(&self) {
        match self {
            Self::NotFound(_) | Self::NotAllowed(_) | Self::Foreign | Self::TooBig | Self::Unreadable => {}
            Self::TooMany(_) | Self::Away(_) | Self::TooSlow => warn!(error = causes(self), "page not shown"),
            Self::Refused(_) | Self::Template(_) | Self::Panic => error!(error = causes(self), "page not shown"),
        }
    }
}
