//! Orders: what somebody bought, shown to nobody else.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object, Result, SimpleObject};

use super::album::Album;
use super::batch::{Albums, Member, Shared};
use super::error::GraphError;
use super::id::Kind;
use super::scalars::{DateTime, Money};
use super::services::Services;
use crate::orders as kept;
use crate::orders::payment::State;
use crate::store::{albums, orders};

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
        let load = || async {
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
    pub fn row(&self) -> &kept::Order {
        &self.0.batch.rows[self.0.index]
    }
}

/// What somebody bought.
#[Object(serial)]
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
#[Object(serial)]
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
    id: ID,
    /// For people.
    name: String,
}

impl From<&dyn kept::PaymentProvider> for PaymentMethod {
    fn from(provider: &dyn kept::PaymentProvider) -> Self {
        Self {
            id: provider.id().into(),
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
