//! One page, one file: what it asks, what it shows, and how it is answered.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::pages::problem::Problem;

pub mod album;
pub mod artist;
pub mod artists;
pub mod cover;
pub mod genre;
pub mod genres;
pub mod home;
pub mod problem;
pub mod robots;
pub mod search;
pub mod sitemap;
pub mod suggestions;

/// Answers with a rendered page or part.
///
/// A stored copy is asked about every time, since prices change; and a page is not the part that htmx gets.
fn answer(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render()?;
    let cache = if status.is_success() {
        "private, no-cache"
    } else {
        "no-store"
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "HX-Request, HX-Request-Type"),
    ];
    Ok((status, headers, html).into_response())
}

/// The title of one of several numbered pages.
fn numbered(title: &str, page: u32) -> String {
    if page == 1 {
        title.to_owned()
    } else {
        format!("{title}, page {page}")
    }
}
