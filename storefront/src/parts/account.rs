//! What changes of an account lead to.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::parts::form::Complaint;
use crate::schema;
use crate::session::IssuedSession;

/// What signing in leads to.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SignInPayload")]
pub struct SignedIn {
    /// Whose session it is now.
    pub customer: Option<Customer>,
    /// What is in the cart.
    pub cart: Filling,
    /// The session to go on with.
    pub session: Option<IssuedSession>,
    /// Why nothing was done.
    pub problems: Vec<AccountProblem>,
}

/// Somebody with an account.
#[derive(Debug, cynic::QueryFragment)]
pub struct Customer {
    #[expect(dead_code, reason = "what counts is whether there is somebody")]
    email: String,
}

/// What signing out leads to.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "SignOutPayload")]
pub struct SignedOut {
    /// How many sessions have ended.
    pub ended: i32,
}

/// How full a cart is.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Cart")]
pub struct Filling {
    /// How many copies are in it.
    pub quantity: i32,
}

/// Why something was not done.
#[derive(Debug, cynic::QueryFragment)]
pub struct AccountProblem {
    /// For programs.
    pub code: AccountProblemCode,
    field: Option<String>,
    message: String,
    retry_after: Option<i32>,
}

/// What the pages have to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
#[cynic(non_exhaustive)]
pub enum AccountProblemCode {
    /// Too often tried.
    TooManyAttempts,
    /// Too much to do at the moment.
    Busy,
    /// The session has ended.
    NotSignedIn,
    /// A link in a mail that does not work any more.
    ExpiredLink,
    /// No session of the customer.
    UnknownSession,
    /// Anything that a message next to a field explains.
    #[cynic(fallback)]
    Other,
}

/// Whether there is a problem of this kind.
pub fn any(problems: &[AccountProblem], code: AccountProblemCode) -> bool {
    problems.iter().any(|problem| problem.code == code)
}

/// The status of a page that shows these problems.
pub fn status(problems: &[AccountProblem]) -> StatusCode {
    if any(problems, AccountProblemCode::TooManyAttempts) {
        StatusCode::TOO_MANY_REQUESTS
    } else if any(problems, AccountProblemCode::Busy) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// How many seconds to wait before trying again, where that would help.
pub fn patience(problems: &[AccountProblem]) -> Option<i32> {
    problems.iter().filter_map(|problem| problem.retry_after).max()
}

/// Says in an answer after how many seconds to try again.
pub fn try_again(seconds: Option<i32>, mut response: Response) -> Response {
    if let Some(seconds) = seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

impl From<AccountProblem> for Complaint {
    fn from(problem: AccountProblem) -> Self {
        Self {
            field: problem.field,
            message: problem.message,
        }
    }
}
