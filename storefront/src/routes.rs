//! The table of URLs, and the layers around it.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use service::health::{self, Readiness};
use service::{encoding, request_log};
use tokio::time;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::pages::{
    account, album, artist, artists, cart, checkout, confirm, cover, forgotten_password, genre, genres, home,
    mini_cart, order, orders, problem, reset_password, robots, search, sign_in, sign_up, sitemap, suggestions,
};
use crate::paths::{self, patterns};
use crate::shop::Shop;
use crate::{assets, conditional, memory, security};

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
        .merge(buying())
        .merge(accounts())
        .merge(service::assets::routes(assets::ALL))
        .merge(health::routes(readiness))
        .method_not_allowed_fallback(problem::not_allowed)
        .fallback(problem::unknown);
    pages
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn(limit_body))
        .layer(middleware::from_fn_with_state(shop.clone(), security::refuse_foreign))
        .layer(middleware::from_fn(limit_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(conditional::revalidate))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(encoding::be_lenient))
        .layer(middleware::from_fn(security::protect))
        .layer(middleware::from_fn_with_state(shop.clone(), memory::keep))
        .layer(middleware::from_fn_with_state(
            shop.requests().clone(),
            request_log::log,
        ))
        .with_state(shop)
}

/// From the cart to the order.
fn buying() -> Router<Shop> {
    Router::new()
        .route(paths::CART, get(cart::show))
        .route(paths::MINI_CART, get(mini_cart::show))
        .route(paths::CART_ITEMS, get(cart::back).post(album::add))
        .route(paths::CART_QUANTITY, get(cart::back).post(cart::set_quantity))
        .route(paths::CART_REMOVE, get(cart::back).post(cart::remove))
        .route(paths::CART_EMPTY, get(cart::back).post(cart::empty))
        .route(paths::CART_ACCEPT, get(cart::back).post(cart::accept))
        .route(paths::CHECKOUT, get(checkout::show).post(checkout::place))
        .route(
            paths::CHECKOUT_PROMOTION,
            get(checkout::back).post(checkout::try_promotion),
        )
        .route(paths::ORDERS, get(orders::list))
        .route(patterns::ORDER, get(order::show))
}

/// Whatever has to do with being a customer.
fn accounts() -> Router<Shop> {
    Router::new()
        .route(paths::SIGN_UP, get(sign_up::show).post(sign_up::sign_up))
        .route(paths::SIGN_UP_SENT, get(sign_up::show_sent))
        .route(paths::CONFIRM, get(confirm::show).post(confirm::confirm))
        .route(paths::SIGN_IN, get(sign_in::show).post(sign_in::sign_in))
        .route(paths::SIGN_OUT, post(sign_in::sign_out))
        .route(
            paths::FORGOTTEN_PASSWORD,
            get(forgotten_password::show).post(forgotten_password::request),
        )
        .route(paths::FORGOTTEN_PASSWORD_SENT, get(forgotten_password::show_sent))
        .route(
            paths::RESET_PASSWORD,
            get(reset_password::show).post(reset_password::reset),
        )
        .route(paths::ACCOUNT, get(account::show))
        .route(
            paths::ACCOUNT_PASSWORD,
            get(account::back).post(account::change_password),
        )
        .route(paths::ACCOUNT_REVOKE, get(account::back).post(account::revoke))
        .route(
            paths::ACCOUNT_SIGN_OUT,
            get(account::back).post(account::sign_out_everywhere),
        )
}

/// Refuses what says beforehand that it is too big; what does not say it is refused by whoever reads it.
async fn limit_body(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > BODY_BYTES) {
        return problem::Problem::TooBig.into_response();
    }
    next.run(request).await
}

async fn limit_time(request: Request, next: Next) -> Response {
    time::timeout(LIMIT, next.run(request))
        .await
        .unwrap_or_else(|_| problem::Problem::TooSlow.into_response())
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    problem::Problem::Panic.into_response()
}
