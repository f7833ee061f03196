//! One order: the thanks for it, and what was bought.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::format::moment::Moment;
use crate::format::price::Price;
use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::{Parameters, Slug};
use crate::parts::album_card::AlbumCard;
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::order::{PaymentMethod, PostalAddress};
use crate::visit::Visit;
use crate::{paths, schema};

operations!(query OrderQuery(OrderVariables));

#[derive(Debug, cynic::QueryVariables)]
struct OrderVariables {
    number: String,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OrderVariables")]
struct OrderQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(number: $number)]
    order: Option<Order>,
}

#[derive(Debug, cynic::QueryFragment)]
struct Order {
    number: String,
    placed_at: Moment,
    lines: Vec<OrderLine>,
    quantity: i32,
    subtotal: Price,
    discount: Option<Price>,
    total: Price,
    promotion_code: Option<String>,
    address: PostalAddress,
    payment: Payment,
}

#[derive(Debug, cynic::QueryFragment)]
struct OrderLine {
    album: Option<AlbumCard>,
    title: String,
    artist_name: String,
    price: Price,
    quantity: i32,
    total: Price,
}

#[derive(Debug, cynic::QueryFragment)]
struct Payment {
    method: Option<PaymentMethod>,
    state: PaymentState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
enum PaymentState {
    NotNeeded,
    Due,
    Pending,
    Paid,
    Failed,
}

#[derive(Debug, Template)]
#[template(path = "pages/order.html")]
struct OrderPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    order: Order,
    /// Whether it was placed a moment ago.
    is_new: bool,
}

/// Shows an order to whoever placed it.
pub async fn show(visit: Visit, Slug(number): Slug, parameters: Parameters) -> Result<Response, Problem> {
    let back = paths::order(&number);
    let OrderQuery { header, order } = visit.ask::<OrderQuery>(OrderVariables { number }).await?;
    if header.customer().is_none() {
        return Ok(visit.sign_in_for(&back));
    }
    let Some(order) = order else {
        return Err(Problem::NotFound(header));
    };
    let title = format!("Order {}", order.number);
    let page = OrderPage {
        layout: Layout::new(header, Place::Account, &title),
        breadcrumbs: Breadcrumbs::to([
            ("Account", paths::ACCOUNT),
            ("Orders", paths::ORDERS),
            (&title, &paths::order(&order.number)),
        ]),
        order,
        is_new: !parameters.get("placed").is_empty(),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}

impl Payment {
    /// How the order is paid, in words.
    fn in_words(&self) -> String {
        let state = match self.state {
            PaymentState::NotNeeded => return "Nothing to pay".to_owned(),
            PaymentState::Due => "to be paid",
            PaymentState::Pending => "on its way",
            PaymentState::Paid => "paid",
            PaymentState::Failed => "failed",
        };
        match &self.method {
            Some(method) => format!("{}: {state}", method.name),
            None => format!("Payment {state}"),
        }
    }
}
