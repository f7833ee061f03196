//! The pages of the music store: HTTP in, HTML out. No database, no rule about money, no state.

use axum::Router;
use service::health::Readiness;

use crate::shop::Shop;

pub mod album_graph;
mod catalogue_state;
mod conditional;
pub mod config;
mod cover;
mod format;
mod memory;
mod pages;
mod parameters;
mod parts;
mod paths;
mod replicas;
mod routes;
mod security;
mod session;
pub mod shop;
mod visit;

/// The browser assets, as `assets/build.mjs` wrote them.
mod assets {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/dist/storefront.rs"));
}

/// The contract, for cynic's derives.
#[cynic::schema("album_graph")]
mod schema {}

/// The whole program as a router: every URL, every layer.
pub fn router(shop: Shop, readiness: Readiness) -> Router {
    routes::router(shop, readiness)
}
