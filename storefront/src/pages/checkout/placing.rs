//! How the order is placed.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use cynic::Id;

use super::page::Entered;
use super::show_again;
use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Fields;
use crate::parts::form::Complaint;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::order::PostalAddress;
use crate::visit::Visit;
use crate::{paths, schema};

/// Where htmx shall lead the whole browser.
const REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
/// The same for browsers without scripts.
const REFRESH: HeaderName = HeaderName::from_static("refresh");

operations!(mutation PlaceOrder(PlaceVariables));

#[derive(Debug, cynic::InputObject)]
struct PlaceOrderInput {
    idempotency_key: String,
    address: AddressInput,
    promotion_code: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    payment_method: Option<Id>,
    expected_total: Option<i32>,
}

#[derive(Debug, cynic::InputObject)]
struct AddressInput {
    first_name: String,
    last_name: String,
    address: String,
    city: String,
    state: String,
    postal_code: String,
    country: String,
    phone: String,
    email: String,
}

#[derive(Debug, cynic::QueryVariables)]
struct PlaceVariables {
    input: PlaceOrderInput,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PlaceVariables")]
struct PlaceOrder {
    #[arguments(input: $input)]
    place_order: Placed,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "PlaceOrderPayload")]
struct Placed {
    order: Option<Numbered>,
    payment_url: Option<String>,
    problems: Vec<OrderProblem>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
struct Numbered {
    number: String,
}

#[derive(Debug, cynic::QueryFragment)]
struct OrderProblem {
    code: OrderProblemCode,
    field: Option<String>,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
#[cynic(non_exhaustive)]
enum OrderProblemCode {
    NotSignedIn,
    EmptyCart,
    KeyReused,
    #[cynic(fallback)]
    Other,
}

#[derive(Debug, Template)]
#[template(path = "pages/pay.html")]
struct PayPage {
    layout: Layout,
    number: String,
    payment_url: String,
}

/// Places the order: once, however often the form is sent.
pub async fn place(visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let entered = Entered::read(&fields);
    let input = PlaceOrderInput::from(&entered);
    let PlaceOrder { place_order } = visit.change_once::<PlaceOrder>(PlaceVariables { input }).await?;
    match (place_order.order, place_order.payment_url) {
        (Some(order), Some(url)) => pay(&visit, order.number, url).await,
        (Some(order), None) => Ok(visit.go_to(&paths::placed(&order.number))),
        (None, _) => refuse(&visit, entered, place_order.problems).await,
    }
}

async fn refuse(visit: &Visit, entered: Entered, problems: Vec<OrderProblem>) -> Result<Response, Problem> {
    let has = |code| problems.iter().any(|problem| problem.code == code);
    if has(OrderProblemCode::NotSignedIn) {
        return Ok(visit.sign_in_for(paths::CHECKOUT));
    }
    if has(OrderProblemCode::EmptyCart) {
        return Ok(visit.go_to(paths::CART));
    }
    // What was sent before with this key has been ordered; this is something else.
    let entered = if has(OrderProblemCode::KeyReused) {
        entered.with_new_key()
    } else {
        entered
    };
    let complaints = problems.into_iter().map(|problem| Complaint {
        field: problem.field,
        message: problem.message,
    });
    show_again(visit, entered, complaints.collect()).await
}

/// Leads to the page of who takes the payment. A redirect would not do: forms may only lead to the shop.
async fn pay(visit: &Visit, number: String, payment_url: String) -> Result<Response, Problem> {
    let header = visit.ask::<HeaderQuery>(()).await?;
    let page = PayPage {
        layout: Layout::new(header, Place::Account, "Pay for your order"),
        number,
        payment_url,
    };
    let mut response = visit.answer(StatusCode::OK, &page.layout, &page)?;
    let headers = response.headers_mut();
    if let Ok(url) = HeaderValue::try_from(&page.payment_url) {
        headers.insert(REDIRECT, url);
    }
    if let Ok(refresh) = HeaderValue::try_from(format!("0;url={}", page.payment_url)) {
        headers.insert(REFRESH, refresh);
    }
    Ok(response)
}

impl PayPage {
    fn order(&self) -> String {
        paths::order(&self.number)
    }
}

impl From<&Entered> for PlaceOrderInput {
    fn from(entered: &Entered) -> Self {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            idempotency_key: entered.key.clone(),
            address: AddressInput::from(entered.address.clone()),
            promotion_code: given(&entered.promotion),
            payment_method: given(&entered.payment).map(Id::new),
            expected_total: entered.expected_total,
        }
    }
}

impl From<PostalAddress> for AddressInput {
    fn from(address: PostalAddress) -> Self {
        Self {
            first_name: address.first_name,
            last_name: address.last_name,
            address: address.address,
            city: address.city,
            state: address.state,
            postal_code: address.postal_code,
            country: address.country.code,
            phone: address.phone,
            email: address.email,
        }
    }
}
