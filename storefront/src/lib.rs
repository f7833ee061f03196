//! The pages of the music store: HTTP in, HTML out. No database, no rule about money, no state.

use axum::Router;
use service::front::Front;
use service::health::Readiness;

use crate::shop::Shop;

pub mod album_graph;
mod calls;
mod catalogue_state;
mod conditional;
pub mod config;
mod cover;
mod format;
mod memory;
mod operations;
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

/// All that the shop asks of album-graph, as a manifest of trusted documents: a JSON object of texts by their ids.
#[must_use]
pub fn manifest() -> String {
    let documents = [
        album_graph::operations(),
        parts::header::operations(),
        pages::operations(),
    ];
    operations::manifest(documents.concat())
}

/// The whole program, to be asked like any other.
pub fn router(shop: Shop, readiness: Readiness) -> Router {
    Router::new().fallback_service(front(shop, readiness))
}

/// The whole program: every URL, every layer, and the pages that are known already at its door.
#[must_use]
pub fn front(shop: Shop, readiness: Readiness) -> Front<Shop> {
    let requests = shop.requests().clone();
    Front::new(shop.clone(), routes::router(shop, readiness), requests)
}
