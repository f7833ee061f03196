//! The ways to orders: by number, and in pages.

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Object, Result};

use super::error::GraphError;
use super::order::{Order, Orders};
use super::paging::{Cursor, Paging, neighbours};
use super::services::Services;
use super::visit::Visit;
use crate::orders::Number;
use crate::store::orders;

/// What the cursors of orders are marked with.
const LIST: &str = "orders";

/// A page of orders.
pub(super) type OrderConnection = Connection<Cursor, Order, OrderTotal>;

/// How many orders somebody has, counted only when asked.
pub(super) struct OrderTotal(Services, Option<i64>);

#[Object]
impl OrderTotal {
    /// How many orders the whole list has.
    async fn total_count(&self) -> Result<i64> {
        let Some(customer) = self.1 else { return Ok(0) };
        let counted = orders::count(&self.0.database, customer).await;
        Ok(counted.map_err(GraphError::from)?)
    }
}

/// What a viewer has of orders.
#[derive(Default)]
pub(super) struct ViewerOrders;

#[Object]
impl ViewerOrders {
    /// The customer's orders, newest first; empty for a visitor.
    async fn orders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many orders from the start, 1 to 100. Give either this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only orders that follow this cursor.")] after: Option<String>,
        #[graphql(desc = "How many orders from the end, 1 to 100. Give either this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only orders that precede this cursor.")] before: Option<String>,
    ) -> Result<OrderConnection> {
        let paging = Paging {
            first,
            after,
            last,
            before,
            skip: 0,
        };
        let page = paging.page(LIST)?;
        let services = Services::of(context)?;
        let customer = Visit::of(context)?.customer(services).await?;
        let total = OrderTotal(services.clone(), customer);
        let Some(customer) = customer else {
            return Ok(Connection::with_additional_fields(false, false, total));
        };
        let slice = orders::page(&services.database, customer, &page).await;
        let slice = slice.map_err(GraphError::from)?;
        let (previous, next) = neighbours(&page, slice.more);
        let mut connection = Connection::with_additional_fields(previous, next, total);
        let orders = Orders::all(services, slice.rows).into_iter();
        connection
            .edges
            .extend(orders.map(|order| Edge::new(Cursor::new(LIST, orders::position(order.row())), order)));
        Ok(connection)
    }
}

/// The way to an order.
#[derive(Default)]
pub(super) struct OrderQuery;

#[Object]
impl OrderQuery {
    /// The viewer's order with this number; null where the viewer has none with it.
    async fn order(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Dashes, blanks and case do not matter.")] number: String,
    ) -> Result<Option<Order>> {
        let services = Services::of(context)?;
        let customer = Visit::of(context)?.customer(services).await?;
        let Some((customer, number)) = customer.zip(Number::parse(&number)) else {
            return Ok(None);
        };
        let row = orders::by_number(&services.database, customer, &number).await;
        let row = row.map_err(GraphError::from)?;
        Ok(Orders::all(services, row.into_iter().collect()).pop())
    }
}
