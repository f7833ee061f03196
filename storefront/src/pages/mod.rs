//! One page, one file: what it asks, what it shows, and how it is answered.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::operations::Document;
use crate::pages::problem::Problem;

pub mod account;
pub mod album;
pub mod artist;
pub mod artists;
pub mod cart;
pub mod checkout;
pub mod confirm;
pub mod cover;
pub mod forgotten_password;
pub mod genre;
pub mod genres;
pub mod home;
pub mod mini_cart;
pub mod order;
pub mod orders;
pub mod problem;
pub mod reset_password;
pub mod robots;
pub mod search;
pub mod sign_in;
pub mod sign_up;
pub mod sitemap;
pub mod suggestions;

/// What all pages ask.
pub fn operations() -> Vec<&'static Document> {
    [
        account::operations(),
        album::operations(),
        artist::operations(),
        artists::operations(),
        cart::operations(),
        checkout::operations(),
        confirm::operations(),
        forgotten_password::operations(),
        genre::operations(),
        genres::operations(),
        home::operations(),
        mini_cart::operations(),
        order::operations(),
        orders::operations(),
        reset_password::operations(),
        search::operations(),
        sign_in::operations(),
        sign_up::operations(),
        sitemap::operations(),
        suggestions::operations(),
    ]
    .concat()
}

/// Renders a page or a part.
///
/// A stored copy is asked about every time, since prices change; and a page is not the part that htmx gets, nor what somebody
/// else sees.
pub fn render(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render()?;
    let cache = if status.is_success() {
        "private, no-cache"
    } else {
        "no-store"
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "Cookie, HX-Request, HX-Request-Type"),
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
