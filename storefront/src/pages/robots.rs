//! What crawlers may fetch.

use axum::extract::State;

use crate::paths;
use crate::shop::Shop;

/// Shows `robots.txt`: everything but the parts of pages, which mean nothing by themselves.
pub async fn show(State(shop): State<Shop>) -> String {
    format!(
        "User-agent: *\nDisallow: /*after=\n\nSitemap: {}\n",
        shop.absolute(paths::SITEMAP)
    )
}
