//! What crawlers may fetch.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::paths;
use crate::shop::Shop;

/// Shows `robots.txt`: everything but searches, which have no end, and the parts of pages, which mean nothing by
/// themselves.
pub async fn show(State(shop): State<Shop>) -> impl IntoResponse {
    let rules = format!(
        "User-agent: *\nDisallow: {}\nDisallow: /*after=\n\nSitemap: {}\n",
        paths::SEARCH,
        shop.absolute(paths::SITEMAP)
    );
    ([(header::CACHE_CONTROL, "public, max-age=3600")], rules)
}
