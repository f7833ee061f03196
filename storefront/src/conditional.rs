//! Answers that a browser has already are not sent again.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Bigger answers are not looked into.
const BIGGEST: usize = 8 * 1024 * 1024;

/// Middleware: names what is answered by its content, and answers 304 where the browser has just that.
///
/// It is for answers that a browser must ask about every time; what is kept for ever needs no name.
pub async fn revalidate(request: Request, next: Next) -> Response {
    let read = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !read || response.status() != StatusCode::OK || is_kept(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, BIGGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let name = name(&body);
    let unchanged = known.is_some_and(|known| lists(&known, &name));
    if let Ok(name) = HeaderValue::try_from(name) {
        parts.headers.insert(header::ETAG, name);
    }
    if unchanged {
        parts.status = StatusCode::NOT_MODIFIED;
        leave_out_body(&mut parts.headers);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, body.into())
}

/// Takes out what is said of a body that is not sent.
pub fn leave_out_body(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_ENCODING);
}

fn is_kept(headers: &HeaderMap) -> bool {
    let policy = headers
        .get(header::CACHE_CONTROL)
        .and_then(|policy| policy.to_str().ok());
    policy.is_some_and(|policy| policy.contains("immutable") || policy.contains("no-store"))
}

/// Weak, because the same content goes out with and without compression.
fn name(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let number = digest
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("W/\"{number:032x}\"")
}

/// Whether a list of names has this one, or is a star.
pub fn lists(header: &HeaderValue, name: &str) -> bool {
    let strong = name.trim_start_matches("W/");
    let mut names = header.to_str().unwrap_or_default().split(',').map(str::trim);
    names.any(|listed| listed == "*" || listed.trim_start_matches("W/") == strong)
}
