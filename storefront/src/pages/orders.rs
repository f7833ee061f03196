//! What the customer has bought, the newest first.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Parameters;
use crate::parts::album_shelf::PageInfo;
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::order::OrderCard;
use crate::visit::Visit;
use crate::{paths, schema};

/// So many orders are on a page.
const PAGE: i32 = 20;

operations!(query OrdersQuery(OrdersVariables));

#[derive(Debug, cynic::QueryVariables)]
struct OrdersVariables {
    first: i32,
    after: Option<String>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OrdersVariables")]
struct OrdersQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    viewer: Buyer,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer", variables = "OrdersVariables")]
struct Buyer {
    #[arguments(first: $first, after: $after)]
    orders: OrderList,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "OrderConnection")]
struct OrderList {
    nodes: Vec<OrderCard>,
    page_info: PageInfo,
    total_count: i32,
}

#[derive(Debug, Template)]
#[template(path = "pages/orders.html")]
struct OrdersPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    orders: Vec<OrderCard>,
    total: i32,
    /// Where newer orders are, on any page but the first.
    newest: Option<&'static str>,
    older: Option<String>,
}

/// Lists a page of the orders.
pub async fn list(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let after = Some(parameters.get("after").to_owned()).filter(|after| !after.is_empty());
    let newest = after.as_ref().map(|_| paths::ORDERS);
    let variables = OrdersVariables { first: PAGE, after };
    let OrdersQuery { header, viewer } = visit.ask::<OrdersQuery>(variables).await?;
    if header.customer().is_none() {
        return Ok(visit.sign_in_for(paths::ORDERS));
    }
    let OrderList {
        nodes,
        page_info,
        total_count,
    } = viewer.orders;
    let older = page_info.end_cursor.filter(|_| page_info.has_next_page);
    let page = OrdersPage {
        layout: Layout::new(header, Place::Account, "Your orders"),
        breadcrumbs: Breadcrumbs::to([("Account", paths::ACCOUNT), ("Orders", paths::ORDERS)]),
        orders: nodes,
        total: total_count,
        newest,
        older: older.map(|cursor| paths::with_query(paths::ORDERS, &[("after", &cursor)])),
    };
    visit.answer(StatusCode::OK, &page.layout, &page)
}
