//! The drawn covers.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::cover::Cover;
use crate::pages::problem::{self, Problem};
use crate::security;
use crate::visit::Visit;

/// Shows a drawn cover. Its address says all that it depends on, so it is never fetched twice.
pub async fn show(
    visit: Visit,
    address: Result<Path<(String, String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    let cover = address
        .ok()
        .and_then(|Path((version, genre, file))| Cover::find(&version, &genre, &file));
    let Some(cover) = cover else {
        return Err(problem::not_found(&visit).await);
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, security::PICTURE),
    ];
    Ok((headers, cover.draw()).into_response())
}
