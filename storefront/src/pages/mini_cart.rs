//! What is in the cart, in short, for the header of every page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parts::cart::Cart;
use crate::schema;
use crate::visit::Visit;

operations!(query MiniCartQuery(()));

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct MiniCartQuery {
    viewer: Owner,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer")]
struct Owner {
    cart: Cart,
}

#[derive(Debug, Template)]
#[template(path = "parts/mini_cart.html")]
struct MiniCart {
    cart: Cart,
}

/// Shows the cart in short.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    let MiniCartQuery { viewer } = visit.ask::<MiniCartQuery>(()).await?;
    visit.answer_part(StatusCode::OK, &MiniCart { cart: viewer.cart })
}
