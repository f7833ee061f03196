//! Orders: kept with their lines, found again by whoever placed them.

use std::collections::HashMap;

use iso_currency::Currency;

use super::database::Row;
use super::keyset::{Ordering, push_page, slice};
use super::sql::{Columns, Kind, Sql, Value};
use super::{Database, Key, Page, Position, Slice, StoreError, Transaction};
use crate::catalogue::Money;
use crate::clock::Moment;
use crate::orders::payment::State;
use crate::orders::{Address, Country, Number, Order, OrderLine, Payment};

/// By when they were placed, last first.
const ORDER: Ordering = Ordering {
    column: "placed_at",
    descending: true,
    titled: false,
    aside: false,
};

const SELECT: &str = "SELECT id, number, customer_id, placed_at, currency, subtotal_minor, discount_minor, promotion_code, \
     payment_provider, payment_state, payment_reference, first_name, last_name, address, city, state, postal_code, country, \
     phone, email, input_hash FROM orders WHERE 1 = 1";

fn order(row: &Row) -> Result<Order, StoreError> {
    let corrupt = |column| StoreError::Corrupt { column };
    Ok(Order {
        id: row.integer("id")?,
        number: Number::parse(&row.text("number")?).ok_or(corrupt("number"))?,
        customer: row.integer("customer_id")?,
        placed_at: Moment(row.integer("placed_at")?),
        currency: row.currency("currency")?,
        subtotal_minor: row.integer("subtotal_minor")?,
        discount_minor: row.integer("discount_minor")?,
        promotion_code: row.optional_text("promotion_code")?,
        payment: Payment {
            provider: row.text("payment_provider")?,
            state: State::parse(&row.text("payment_state")?).ok_or(corrupt("payment_state"))?,
            reference: row.optional_text("payment_reference")?,
        },
        address: Address {
            first_name: row.text("first_name")?,
            last_name: row.text("last_name")?,
            address: row.text("address")?,
            city: row.text("city")?,
            state: row.text("state")?,
            postal_code: row.text("postal_code")?,
            country: Country::parse(&row.text("country")?).ok_or(corrupt("country"))?,
            phone: row.text("phone")?,
            email: row.text("email")?,
        },
    })
}

fn of_customer(customer: i64) -> Sql {
    let mut sql = Sql::new(SELECT);
    sql.push(" AND customer_id = ").bind(customer);
    sql
}

/// A customer's order with this number.
///
/// # Errors
/// When the database does not answer.
pub async fn by_number(database: &Database, customer: i64, number: &Number) -> Result<Option<Order>, StoreError> {
    let mut sql = of_customer(customer);
    sql.push(" AND number = ").bind(number.as_str());
    database.fetch_optional(sql).await?.as_ref().map(order).transpose()
}

/// Those of a customer's orders that have these ids, in any order.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(database: &Database, customer: i64, ids: &[i64]) -> Result<Vec<Order>, StoreError> {
    let question = |ids: &[i64]| {
        let mut sql = of_customer(customer);
        sql.push(" AND id IN ").bind_list(ids.iter().copied());
        sql
    };
    database.fetch_for(ids, question).await?.iter().map(order).collect()
}

/// What was ordered with an idempotency key before: the order, and the hash of what was asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn by_key(
    transaction: &mut Transaction,
    customer: i64,
    key: &str,
) -> Result<Option<(Order, String)>, StoreError> {
    let mut sql = of_customer(customer);
    sql.push(" AND idempotency_key = ").bind(key);
    let rows = transaction.fetch_all(sql).await?;
    let found = rows.first().map(|row| Ok((order(row)?, row.text("input_hash")?)));
    found.transpose()
}

/// A page of a customer's orders, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn page(database: &Database, customer: i64, page: &Page) -> Result<Slice<Order>, StoreError> {
    let mut sql = Sql::default();
    let own = |sql: &mut Sql| {
        sql.push(" AND customer_id = ").bind(customer);
    };
    push_page(&mut sql, SELECT, own, ORDER, page);
    let rows: Result<Vec<Order>, StoreError> = database.fetch_all(sql).await?.iter().map(order).collect();
    Ok(slice(rows?, ORDER, page, position))
}

/// Where an order stands among all of its customer's.
#[must_use]
pub fn position(order: &Order) -> Position {
    Position {
        key: Key::Integer(order.placed_at.0),
        title: None,
        id: order.id,
    }
}

/// How many orders a customer has placed.
///
/// # Errors
/// When the database does not answer.
pub async fn count(database: &Database, customer: i64) -> Result<i64, StoreError> {
    let mut sql = Sql::new("SELECT COUNT(*) AS total FROM orders WHERE customer_id = ");
    sql.bind(customer);
    let row = database.fetch_optional(sql).await?;
    row.map_or(Ok(0), |row| row.integer("total"))
}

/// The lines of these orders, each order's in the order in which they were put into the cart.
///
/// # Errors
/// When the database does not answer.
pub async fn lines(database: &Database, orders: &[Order]) -> Result<HashMap<i64, Vec<OrderLine>>, StoreError> {
    let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
    let question = |ids: &[i64]| {
        let mut sql = Sql::new(
            "SELECT order_id, album_id, title, artist_name, price_minor, quantity FROM order_lines WHERE order_id IN ",
        );
        sql.bind_list(ids.iter().copied()).push(" ORDER BY order_id, position");
        sql
    };
    let currencies: HashMap<i64, Currency> = orders.iter().map(|order| (order.id, order.currency)).collect();
    let mut lines: HashMap<i64, Vec<OrderLine>> = HashMap::new();
    for row in database.fetch_for(&ids, question).await? {
        let order_id = row.integer("order_id")?;
        let currency = currencies.get(&order_id);
        lines.entry(order_id).or_default().push(OrderLine {
            order_id,
            album_id: row.integer("album_id")?,
            title: row.text("title")?,
            artist_name: row.text("artist_name")?,
            price: Money {
                amount: row.integer("price_minor")?,
                currency: *currency.ok_or(StoreError::Corrupt { column: "order_id" })?,
            },
            quantity: row.integer("quantity")?,
        });
    }
    Ok(lines)
}

/// What is kept of an order beside itself.
#[derive(Clone, Debug)]
pub struct Particulars<'a> {
    /// What was bought.
    pub lines: &'a [OrderLine],
    /// Chosen by whoever orders.
    pub key: &'a str,
    /// The hash of what was asked for.
    pub input_hash: &'a str,
}

/// Keeps an order, and answers its key.
///
/// # Errors
/// When the database does not answer, or has an order of that number.
pub async fn insert(
    transaction: &mut Transaction,
    order: &Order,
    particulars: &Particulars<'_>,
) -> Result<i64, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO orders (number, customer_id, placed_at, currency, subtotal_minor, discount_minor, promotion_code, \
         payment_provider, payment_state, payment_reference, first_name, last_name, address, city, state, postal_code, country, \
         phone, email, idempotency_key, input_hash) VALUES ",
    );
    let (payment, address) = (&order.payment, &order.address);
    sql.bind_list::<Value>([
        order.number.as_str().into(),
        order.customer.into(),
        order.placed_at.0.into(),
        order.currency.code().into(),
        order.subtotal_minor.into(),
        order.discount_minor.into(),
        order.promotion_code.as_deref().into(),
        payment.provider.as_str().into(),
        payment.state.as_str().into(),
        payment.reference.as_deref().into(),
        address.first_name.as_str().into(),
        address.last_name.as_str().into(),
        address.address.as_str().into(),
        address.city.as_str().into(),
        address.state.as_str().into(),
        address.postal_code.as_str().into(),
        address.country.code.into(),
        address.phone.as_str().into(),
        address.email.as_str().into(),
        particulars.key.into(),
        particulars.input_hash.into(),
    ]);
    transaction.execute(sql).await?;
    let mut sql = Sql::new("SELECT id FROM orders WHERE number = ");
    sql.bind(order.number.as_str());
    let rows = transaction.fetch_all(sql).await?;
    let id = rows
        .first()
        .ok_or(StoreError::Corrupt { column: "number" })?
        .integer("id")?;
    insert_lines(transaction, id, particulars.lines).await?;
    Ok(id)
}

const LINE: Columns = &[
    ("order_id", Kind::Integer),
    ("position", Kind::Integer),
    ("album_id", Kind::Integer),
    ("title", Kind::Text),
    ("artist_name", Kind::Text),
    ("price_minor", Kind::Integer),
    ("quantity", Kind::Integer),
];

async fn insert_lines(transaction: &mut Transaction, order: i64, lines: &[OrderLine]) -> Result<(), StoreError> {
    let mut sql =
        Sql::new("INSERT INTO order_lines (order_id, position, album_id, title, artist_name, price_minor, quantity) ");
    let row = |(line, position): (&OrderLine, i64)| {
        vec![
            order.into(),
            position.into(),
            line.album_id.into(),
            line.title.as_str().into(),
            line.artist_name.as_str().into(),
            line.price.amount.into(),
            line.quantity.into(),
        ]
    };
    sql.rows(LINE, lines.iter().zip(1..).map(row));
    transaction.execute(sql).await?;
    Ok(())
}

/// Keeps what a provider made of an order that it is not done with; answers whether that was so.
///
/// # Errors
/// When the database does not answer, or another order has the same reference.
pub async fn begun(transaction: &mut Transaction, order: i64, payment: &Payment) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE orders SET payment_state = ");
    sql.bind(payment.state.as_str());
    sql.push(", payment_reference = ").bind(payment.reference.as_deref());
    sql.push(" WHERE id = ").bind(order).push(OPEN);
    Ok(transaction.execute(sql).await? == 1)
}

/// Notes what a provider says became of a payment, unless it is done with; answers whether there is such an order.
///
/// # Errors
/// When the database does not answer.
pub async fn settle(
    transaction: &mut Transaction,
    (provider, reference): (&str, &str),
    state: State,
) -> Result<bool, StoreError> {
    let condition = |sql: &mut Sql| {
        sql.push(" WHERE payment_provider = ").bind(provider);
        sql.push(" AND payment_reference = ").bind(reference);
    };
    let mut sql = Sql::new("UPDATE orders SET payment_state = ");
    sql.bind(state.as_str());
    condition(&mut sql);
    sql.push(OPEN);
    if transaction.execute(sql).await? == 1 {
        return Ok(true);
    }
    let mut sql = Sql::new("SELECT id FROM orders");
    condition(&mut sql);
    Ok(!transaction.fetch_all(sql).await?.is_empty())
}

/// What a provider is not done with.
const OPEN: &str = " AND payment_state IN ('pending', 'failed')";
