//! Orders: what somebody bought, shown to nobody else.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};

use super::album::Album;
use super::batch::{Albums, Member, Shared};
use super::error::GraphError;
use super::id::Kind;
use super::paging::{self, Paging, encode, neighbours};
use super::scalars::{DateTime, Money};
use super::services::Services;
use super::visit::Visit;
use crate::orders::payment::State;
use crate::orders::{self as kept, Number};
use crate::store::{albums, orders};

/// What the cursors of orders are marked with.
const LIST: &str = "orders";

/// Orders that were fetched together.
pub(super) struct Orders {
    services: Services,
    rows: Vec<kept::Order>,
    lines: Shared<(), Lines>,
}

/// The lines of all of them, and the albums that are still there.
struct Lines {
    of_order: HashMap<i64, Vec<kept::OrderLine>>,
    albums: Arc<Albums>,
}

impl Orders {
    /// Orders that were fetched together.
    pub fn all(services: &Services, rows: Vec<kept::Order>) -> Vec<Order> {
        let batch = Arc::new(Self {
            services: services.clone(),
            rows,
            lines: Shared::new(),
        });
        Member::all(&batch, 0..batch.rows.len()).map(Order).collect()
    }

    async fn lines(&self) -> Result<Arc<Lines>, GraphError> {
        let database = &self.services.database;
        let load = async {
            let of_order = orders::lines(database, &self.rows).await?;
            let mut ids: Vec<i64> = of_order.values().flatten().map(|line| line.album_id).collect();
            ids.sort_unstable();
            ids.dedup();
            let albums = albums::by_ids(database, &ids).await?;
            Ok(Lines {
                of_order,
                albums: Albums::new(database.clone(), albums),
            })
        };
        self.lines.get((), load).await
    }
}

impl Lines {
    fn of(&self, order: i64) -> &[kept::OrderLine] {
        self.of_order.get(&order).map_or(&[], Vec::as_slice)
    }
}

/// What somebody bought.
pub(super) struct Order(Member<Orders>);

impl Order {
    fn row(&self) -> &kept::Order {
        &self.0.batch.rows[self.0.index]
    }

    pub fn key(&self) -> i64 {
        self.row().id
    }
}

/// What somebody bought.
#[Object]
impl Order {
    /// Names the order among all things of the shop; opaque.
    pub(super) async fn id(&self) -> ID {
        Kind::Order.id(self.row().id)
    }

    /// What people call it: letters and digits in groups, such as `K7QF-3MXN-2P`.
    async fn number(&self) -> String {
        self.row().number.to_string()
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.row().placed_at.to_rfc3339())
    }

    /// One line for each album, in the order of the cart.
    #[graphql(complexity = "1 + 15 * child_complexity")]
    async fn lines(&self) -> Result<Vec<OrderLine>> {
        let lines = self.0.batch.lines().await?;
        let own = lines.of(self.row().id).iter().cloned();
        Ok(own
            .map(|line| OrderLine {
                line,
                albums: Arc::clone(&lines.albums),
            })
            .collect())
    }

    /// How many copies all lines have together.
    async fn quantity(&self) -> Result<i64> {
        let lines = self.0.batch.lines().await?;
        Ok(lines.of(self.row().id).iter().map(|line| line.quantity).sum())
    }

    /// The sum of the lines.
    async fn subtotal(&self) -> Money {
        Money(self.row().subtotal())
    }

    /// What the promotion took off; null without one.
    async fn discount(&self) -> Option<Money> {
        self.row().discount().map(Money)
    }

    /// What is to pay, or was paid.
    async fn total(&self) -> Money {
        Money(self.row().total())
    }

    /// The promotion that applied; null without one.
    async fn promotion_code(&self) -> Option<&str> {
        self.row().promotion_code.as_deref()
    }

    /// Where it goes.
    async fn address(&self) -> Address {
        Address::from(&self.row().address)
    }

    /// How it is paid.
    async fn payment(&self) -> Payment {
        let payment = &self.row().payment;
        let provider = self.0.batch.services.payments.find(&payment.provider);
        Payment {
            method: provider.map(PaymentMethod::from),
            state: payment.state.into(),
        }
    }
}

/// Some copies of one album, as they were bought.
pub(super) struct OrderLine {
    line: kept::OrderLine,
    albums: Arc<Albums>,
}

/// Some copies of one album, as they were bought.
#[Object]
impl OrderLine {
    /// The album as it is today; null where it has left the shop.
    async fn album(&self) -> Option<Album> {
        let batch = &self.albums;
        let index = batch.rows.iter().position(|album| album.id == self.line.album_id)?;
        let batch = Arc::clone(batch);
        Some(Album(Member { batch, index }))
    }

    /// The title as it was then.
    async fn title(&self) -> &str {
        &self.line.title
    }

    /// The artist's name as it was then.
    async fn artist_name(&self) -> &str {
        &self.line.artist_name
    }

    /// What one copy cost then.
    async fn price(&self) -> Money {
        Money(self.line.price)
    }

    /// How many copies.
    async fn quantity(&self) -> i64 {
        self.line.quantity
    }

    /// `price` times `quantity`.
    async fn total(&self) -> Money {
        Money(self.line.total())
    }
}

/// Where an order goes.
#[derive(SimpleObject)]
#[expect(clippy::struct_field_names, reason = "forms call the line with street and house so")]
pub(super) struct Address {
    /// Of the person.
    first_name: String,
    /// Of the person.
    last_name: String,
    /// Street and house.
    address: String,
    /// The town.
    city: String,
    /// Empty where the country has none.
    state: String,
    /// As it is written in the country.
    postal_code: String,
    /// Where that is.
    country: Country,
    /// May be empty.
    phone: String,
    /// Where the shop writes to about the order.
    email: String,
}

impl From<&kept::Address> for Address {
    fn from(address: &kept::Address) -> Self {
        let address = address.clone();
        Self {
            first_name: address.first_name,
            last_name: address.last_name,
            address: address.address,
            city: address.city,
            state: address.state,
            postal_code: address.postal_code,
            country: address.country.into(),
            phone: address.phone,
            email: address.email,
        }
    }
}

/// A country that the shop sells to.
#[derive(SimpleObject)]
pub(super) struct Country {
    /// ISO 3166-1 alpha-2, such as `NZ`.
    code: &'static str,
    /// What it is called.
    name: &'static str,
}

impl From<kept::Country> for Country {
    fn from(country: kept::Country) -> Self {
        Self {
            code: country.code,
            name: country.name,
        }
    }
}

/// How an order is paid.
#[derive(SimpleObject)]
pub(super) struct Payment {
    /// Null where there was nothing to pay, or the shop no longer offers it.
    method: Option<PaymentMethod>,
    /// Whether it is paid.
    state: PaymentState,
}

/// A way to pay.
#[derive(SimpleObject)]
pub(super) struct PaymentMethod {
    /// Names it in `PlaceOrderInput.paymentMethod`.
    id: String,
    /// For people.
    name: String,
}

impl From<&dyn kept::PaymentProvider> for PaymentMethod {
    fn from(provider: &dyn kept::PaymentProvider) -> Self {
        Self {
            id: provider.id().to_owned(),
            name: provider.name().to_owned(),
        }
    }
}

/// Whether an order is paid.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "State")]
pub(super) enum PaymentState {
    /// There is nothing to pay.
    NotNeeded,
    /// It is to be paid.
    Due,
    /// The customer is on the way to pay on the provider's page.
    Pending,
    /// It is paid.
    Paid,
    /// The provider says that it will not be paid.
    Failed,
}

/// A page of orders.
pub(super) type OrderConnection = Connection<String, Order, OrderTotal>;

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
    #[graphql(complexity = "1 + paging::rows(first, last) * child_complexity")]
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
            .extend(orders.map(|order| Edge::new(encode(LIST, &orders::position(order.row())), order)));
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
