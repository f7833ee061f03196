//! The checkout: where to, with which promotion, how it is paid, and the order itself.

use axum::http::StatusCode;
use axum::response::Response;
use cynic::Id;

use crate::format::price::Price;
use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Fields;
use crate::parts::cart::CartObstacle;
use crate::parts::form::Complaint;
use crate::parts::header::HeaderQuery;
use crate::parts::order::{Country, PaymentMethod, PostalAddress};
use crate::visit::{self, Visit};
use crate::{paths, schema};

mod page;
mod placing;

use page::{CheckoutPage, Entered};
pub use placing::place;

operations!(query CheckoutQuery(CheckoutVariables); placing);

#[derive(Debug, cynic::QueryVariables)]
struct CheckoutVariables {
    promotion_code: Option<String>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "CheckoutVariables")]
struct CheckoutQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    viewer: Buyer,
    countries: Vec<Country>,
    payment_methods: Vec<PaymentMethod>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer", variables = "CheckoutVariables")]
struct Buyer {
    cart: CheckoutCart,
    #[arguments(first: 1)]
    orders: LastOrder,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Cart", variables = "CheckoutVariables")]
struct CheckoutCart {
    lines: Vec<CheckoutLine>,
    changed: bool,
    #[arguments(promotionCode: $promotion_code)]
    quote: Quote,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "CartLine")]
struct CheckoutLine {
    album: CheckoutAlbum,
    quantity: i32,
    total: Price,
    obstacle: Option<CartObstacle>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
struct CheckoutAlbum {
    #[expect(dead_code, reason = "fragments of one type merge by it")]
    id: Id,
    title: String,
}

#[derive(Debug, cynic::QueryFragment)]
struct Quote {
    subtotal: Option<Price>,
    discount: Option<Price>,
    total: Option<Price>,
    promotion_code: Option<String>,
    problem: Option<QuoteProblem>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "OrderProblem")]
struct QuoteProblem {
    message: String,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "OrderConnection")]
struct LastOrder {
    nodes: Vec<Delivered>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
struct Delivered {
    address: PostalAddress,
}

/// Shows the form, with the address of the last order.
pub async fn show(visit: Visit) -> Result<Response, Problem> {
    let answer = ask(&visit, "").await?;
    let Some(email) = answer.header.customer().map(ToOwned::to_owned) else {
        return Ok(visit.sign_in_for(paths::CHECKOUT));
    };
    // The cart says what has changed, or that there is nothing to order.
    if answer.viewer.cart.changed || answer.viewer.cart.quote.total.is_none() {
        return Ok(visit.go_to(paths::CART));
    }
    let last = answer.viewer.orders.nodes.first();
    let address = last.map_or_else(PostalAddress::default, |order| order.address.clone());
    let entered = Entered::known(address, email);
    let page = CheckoutPage::new(answer, entered, Vec::new());
    visit.answer(StatusCode::OK, &page.layout, &page)
}

/// Leads to the form whoever opens the address of a part of it.
pub async fn back(visit: Visit) -> Response {
    visit.go_to(paths::CHECKOUT)
}

/// Shows the form with what a promotion code makes of the total.
pub async fn try_promotion(visit: Visit, fields: Fields) -> Result<Response, Problem> {
    show_again(&visit, Entered::read(&fields), Vec::new()).await
}

/// Shows the form with everything that was entered, and with what is wrong.
async fn show_again(visit: &Visit, entered: Entered, mut complaints: Vec<Complaint>) -> Result<Response, Problem> {
    let answer = ask(visit, &entered.promotion).await?;
    if answer.header.customer().is_none() {
        return Ok(visit.sign_in_for(paths::CHECKOUT));
    }
    if answer.viewer.cart.lines.is_empty() {
        return Ok(visit.go_to(paths::CART));
    }
    let is_known = complaints
        .iter()
        .any(|complaint| complaint.field.as_deref() == Some("promotionCode"));
    if let Some(problem) = answer.viewer.cart.quote.problem.as_ref().filter(|_| !is_known) {
        complaints.push(Complaint {
            field: Some("promotionCode".to_owned()),
            message: problem.message.clone(),
        });
    }
    let status = if complaints.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = CheckoutPage::new(answer, entered, complaints);
    let response = visit.answer(status, &page.layout, &page)?;
    Ok(visit::at(paths::CHECKOUT, response))
}

async fn ask(visit: &Visit, promotion: &str) -> Result<CheckoutQuery, Problem> {
    let promotion_code = Some(promotion.to_owned()).filter(|code| !code.is_empty());
    Ok(visit.ask::<CheckoutQuery>(CheckoutVariables { promotion_code }).await?)
}

impl CheckoutLine {
    fn can_be_bought(&self) -> bool {
        self.obstacle.is_none()
    }
}
