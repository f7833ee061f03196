//! Answers to requests that are not run.

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::caching::keep_out;
use super::negotiation::MediaType;
use crate::graph::Code;
use crate::graph::limits::Excess;

/// After how many seconds to ask again, where the database is away or busy.
const RETRY_AFTER: &str = "5";

/// An answer to a request that is not run.
pub(super) fn refusal(status: StatusCode, code: Code, message: &str) -> Response {
    unkept(status, MediaType::Json, complaint(code, message).into())
}

/// An answer that no cache may keep: the same request may get another one in a moment.
pub(super) fn unkept(status: StatusCode, media_type: MediaType, body: Bytes) -> Response {
    let mut response = whole(status, media_type, body);
    keep_out(response.headers_mut());
    response
}

/// An answer to a method that does not do.
pub(super) fn refuse_method(message: &str, allowed: &'static str) -> Response {
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message);
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// An answer to a request that asks for too much.
pub(super) fn beyond(excess: &Excess) -> Response {
    let body = json!({ "errors": [excess.error()] }).to_string();
    unkept(StatusCode::BAD_REQUEST, MediaType::Json, body.into())
}

/// An answer to a body that broke off.
pub(super) fn broken() -> Response {
    refusal(
        StatusCode::BAD_REQUEST,
        Code::BadRequest,
        "The body did not arrive whole.",
    )
}

/// The answer while the database is away or its schema too old.
pub(super) fn unavailable() -> Response {
    let message = "The service is not ready: try again in a moment.";
    later(refusal(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message))
}

/// Says when to ask again.
pub(super) fn later(mut response: Response) -> Response {
    let after = HeaderValue::from_static(RETRY_AFTER);
    response.headers_mut().insert(header::RETRY_AFTER, after);
    response
}

/// A body that is all there.
pub(super) fn whole(status: StatusCode, media_type: MediaType, body: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, media_type.content_type())], body).into_response()
}

/// The body of an answer that is one error.
pub(super) fn complaint(code: Code, message: &str) -> String {
    json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] }).to_string()
}
