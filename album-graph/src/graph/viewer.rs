//! Whoever asks: what is theirs, noun by noun.

use async_graphql::{MergedObject, Object};

use super::cart::ViewerCart;
use super::customer::ViewerCustomer;
use super::order_list::ViewerOrders;
use super::session::ViewerSession;

/// Whoever asks: a visitor, or the customer whose session the request's token is.
#[derive(MergedObject, Default)]
pub(super) struct Viewer(ViewerCustomer, ViewerSession, ViewerCart, ViewerOrders);

/// The way to whoever asks.
#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Whoever asks: a visitor, or the customer whose session the bearer token is. A request without a token is a visitor with
    /// an empty cart.
    async fn viewer(&self) -> Viewer {
        Viewer::default()
    }
}
