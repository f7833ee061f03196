//! What crawlers may fetch.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::paths;
use crate::shop::Shop;

/// Shows `robots.txt`: everything but searches, which have no end, the parts of pages, which mean nothing by themselves, and what
/// belongs to one visitor.
pub async fn show(State(shop): State<Shop>) -> impl IntoResponse {
    let closed = [paths::SEARCH, "/*after=", paths::CART, paths::CHECKOUT, paths::ACCOUNT];
    let closed = closed.map(|path| format!("Disallow: {path}\n")).concat();
    let rules = format!("User-agent: *\n{closed}\nSitemap: {}\n", shop.absolute(paths::SITEMAP));
    ([(header::CACHE_CONTROL, "public, max-age=3600")], rules)
}
