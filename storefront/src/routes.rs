//! The table of URLs, and the layers around it.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::health::{self, Readiness};
use service::request_log;
use tokio::time;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::pages::{album, artist, artists, cover, genre, genres, home, problem, robots, search, sitemap, suggestions};
use crate::paths::{self, patterns};
use crate::shop::Shop;
use crate::{assets, conditional, security};

/// Longer than any page needs: whatever takes longer hangs.
const LIMIT: Duration = Duration::from_secs(10);
/// No form of the shop is bigger.
const BODY_BYTES: usize = 16 * 1024;

/// Every URL with every layer; the first layer here is the innermost.
pub fn router(shop: Shop, readiness: Readiness) -> Router {
    let pages = Router::new()
        .route(paths::HOME, get(home::show))
        .route(paths::GENRES, get(genres::list))
        .route(patterns::GENRE, get(genre::show))
        .route(patterns::ALBUM, get(album::show))
        .route(paths::ARTISTS, get(artists::list))
        .route(patterns::ARTIST, get(artist::show))
        .route(paths::SEARCH, get(search::show))
        .route(paths::SUGGESTIONS, get(suggestions::list))
        .route(patterns::COVER, get(cover::show))
        .route(paths::SITEMAP, get(sitemap::index))
        .route(patterns::SITEMAP_PAGES, get(sitemap::pages))
        .route(patterns::SITEMAP_ALBUMS, get(sitemap::albums))
        .route(patterns::SITEMAP_ARTISTS, get(sitemap::artists))
        .route(patterns::ROBOTS, get(robots::show))
        .merge(service::assets::routes(assets::ALL))
        .merge(health::routes(readiness))
        .method_not_allowed_fallback(problem::not_allowed)
        .fallback(problem::unknown);
    pages
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(middleware::from_fn(limit_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(conditional::revalidate))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(security::protect))
        .layer(middleware::from_fn(request_log::log))
        .with_state(shop)
}

async fn limit_time(request: Request, next: Next) -> Response {
    time::timeout(LIMIT, next.run(request))
        .await
        .unwrap_or_else(|_| problem::Problem::TooSlow.into_response())
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    problem::Problem::Panic.into_response()
}
