//! What is said to caches.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use service::CATALOGUE_STATE;

use super::answers::{Audience, Given, State};
use super::negotiation::MediaType;
use super::refusals::whole;

/// Whether the client has what would be answered (RFC 9110, 13.1.2).
pub(super) fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().unwrap_or_default();
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tags = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let mut tags = tags.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    tags.any(|known| opaque(known) == opaque(tag))
}

/// Whether the client has something, and does not say what: that there is an answer to compare it with is known once there is one.
pub(super) fn has_any(headers: &HeaderMap) -> bool {
    headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == "*")
}

pub(super) fn unchanged(tag: HeaderValue, policy: HeaderValue) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    mark(response.headers_mut(), tag, policy);
    vary_by_encoding(response.headers_mut());
    response
}

/// Says that who accepts it gets the same compressed.
pub(super) fn vary_by_encoding(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
}

/// What everybody may keep, and for how long without asking again.
pub(super) fn public(max_age: i32) -> HeaderValue {
    HeaderValue::try_from(format!("public, max-age={}, must-revalidate", max_age.max(0)))
        .unwrap_or_else(|_| HeaderValue::from_static("no-cache"))
}

/// Says that no cache may keep the answer.
pub(super) fn keep_out(headers: &mut HeaderMap) {
    let policy = HeaderValue::from_static("private, no-store");
    headers.insert(header::CACHE_CONTROL, policy);
}

/// Says which state of the catalogue an answer was made from, whoever it is for: a shop's pages are kept while it is the same.
pub(super) fn name_state(response: &mut Response, state: &State) {
    response.headers_mut().insert(CATALOGUE_STATE, state.header.clone());
}

/// Gives an answer that does not depend on a session.
pub(super) fn give(given: Given, media_type: MediaType) -> Response {
    let mut response = whole(StatusCode::OK, media_type, given.body);
    match (given.audience, given.tag) {
        (Audience::Everybody(policy), Some(tag)) => mark(response.headers_mut(), tag, policy),
        (Audience::Everybody(_), None) => {}
        (Audience::Strangers, _) => keep_out(response.headers_mut()),
    }
    response
}

fn mark(headers: &mut HeaderMap, tag: HeaderValue, cache_control: HeaderValue) {
    headers.insert(header::CACHE_CONTROL, cache_control);
    headers.insert(header::ETAG, tag);
}
