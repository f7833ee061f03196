//! Carts: of a session, or of a customer on whatever device.

use super::albums::{self, album};
use super::database::Row;
use super::sql::{Columns, Kind, Sql};
use super::{Database, StoreError, Transaction};
use crate::carts::{Cart, Edit, Line, merge};
use crate::catalogue::Money;
use crate::clock::Moment;

/// Whose a cart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Of whoever has this session, who has not signed in.
    Session(i64),
    /// Of a customer.
    Customer(i64),
}

impl Owner {
    fn push(self, sql: &mut Sql) {
        let (column, id) = match self {
            Self::Session(id) => ("session_id", id),
            Self::Customer(id) => ("customer_id", id),
        };
        sql.push(column).push(" = ").bind(id);
    }

    /// A change of the owner's row that changes nothing, but makes others wait who do the same.
    fn lock(self) -> Sql {
        let (text, id) = match self {
            Self::Session(id) => ("UPDATE sessions SET seen_at = seen_at WHERE id = ", id),
            Self::Customer(id) => ("UPDATE customers SET created_at = created_at WHERE id = ", id),
        };
        let mut sql = Sql::new(text);
        sql.bind(id);
        sql
    }
}

/// What somebody's cart holds, and what that costs today.
///
/// # Errors
/// When the database does not answer.
pub async fn of(database: &Database, owner: Owner) -> Result<Cart, StoreError> {
    cart(&database.fetch_all(select(owner)).await?)
}

/// The same, as a change finds it.
///
/// # Errors
/// When the database does not answer.
pub async fn read(transaction: &mut Transaction, owner: Owner) -> Result<Cart, StoreError> {
    cart(&transaction.fetch_all(select(owner)).await?)
}

fn select(owner: Owner) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(albums::JOINED).push(
        ", artists.name AS artist_name, cart_lines.quantity, cart_lines.price_minor AS agreed_minor, \
         cart_lines.currency AS agreed_currency, cart_lines.added_at, stock.copies FROM carts \
         JOIN cart_lines ON cart_lines.cart_id = carts.id JOIN albums ON albums.id = cart_lines.album_id \
         JOIN artists ON artists.id = albums.artist_id LEFT JOIN stock ON stock.album_id = albums.id WHERE carts.",
    );
    owner.push(&mut sql);
    sql.push(" ORDER BY cart_lines.added_at, albums.id");
    sql
}

fn cart(rows: &[Row]) -> Result<Cart, StoreError> {
    let line = |row: &Row| {
        Ok(Line {
            album: album(row)?,
            artist_name: row.text("artist_name")?,
            quantity: row.integer("quantity")?,
            agreed: Money {
                amount: row.integer("agreed_minor")?,
                currency: row.currency("agreed_currency")?,
            },
            added_at: Moment(row.integer("added_at")?),
            copies_left: row.optional_integer("copies")?,
        })
    };
    let lines: Result<_, StoreError> = rows.iter().map(line).collect();
    Ok(Cart { lines: lines? })
}

/// Makes every other change of this cart wait until this one has ended, and answers the cart's key. Makes a cart where there is
/// none; answers none where its owner is no longer there.
///
/// # Errors
/// When the database does not answer.
pub async fn lock(transaction: &mut Transaction, owner: Owner) -> Result<Option<i64>, StoreError> {
    if raise(transaction, owner).await? == 0 {
        // Of two that find none, the second waits here, and then finds the one of the first.
        if transaction.execute(owner.lock()).await? == 0 {
            return Ok(None);
        }
        if raise(transaction, owner).await? == 0 {
            let (session, customer) = match owner {
                Owner::Session(id) => (Some(id), None),
                Owner::Customer(id) => (None, Some(id)),
            };
            let mut sql = Sql::new("INSERT INTO carts (session_id, customer_id, version) VALUES (");
            sql.bind(session).push(", ").bind(customer).push(", 1)");
            transaction.execute(sql).await?;
        }
    }
    let mut sql = Sql::new("SELECT id FROM carts WHERE ");
    owner.push(&mut sql);
    let rows = transaction.fetch_all(sql).await?;
    rows.first().map(|row| row.integer("id")).transpose()
}

async fn raise(transaction: &mut Transaction, owner: Owner) -> Result<u64, StoreError> {
    let mut sql = Sql::new("UPDATE carts SET version = version + 1 WHERE ");
    owner.push(&mut sql);
    transaction.execute(sql).await
}

/// An album as somebody wants to put it in, as if it were in already: so many copies are left, and so much they cost.
///
/// # Errors
/// When the database does not answer.
pub async fn offer(transaction: &mut Transaction, album_id: i64, now: Moment) -> Result<Option<Line>, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(albums::JOINED).push(
        ", artists.name AS artist_name, stock.copies FROM albums JOIN artists ON artists.id = albums.artist_id \
         LEFT JOIN stock ON stock.album_id = albums.id WHERE albums.removed_at IS NULL AND albums.id = ",
    );
    sql.bind(album_id);
    let rows = transaction.fetch_all(sql).await?;
    let offer = |row: &Row| {
        let album = album(row)?;
        Ok(Line {
            agreed: album.price,
            album,
            artist_name: row.text("artist_name")?,
            quantity: 0,
            added_at: now,
            copies_left: row.optional_integer("copies")?,
        })
    };
    rows.first().map(offer).transpose()
}

const LINE: Columns = &[
    ("cart_id", Kind::Integer),
    ("album_id", Kind::Integer),
    ("quantity", Kind::Integer),
    ("price_minor", Kind::Integer),
    ("currency", Kind::Key),
    ("added_at", Kind::Integer),
];

/// Writes what a change comes to into a cart that is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn write(transaction: &mut Transaction, cart: i64, edit: &Edit) -> Result<(), StoreError> {
    let row = |line: &Line| {
        vec![
            cart.into(),
            line.album.id.into(),
            line.quantity.into(),
            line.agreed.amount.into(),
            line.agreed.currency.code().into(),
            line.added_at.0.into(),
        ]
    };
    if !edit.dropped.is_empty() {
        let mut sql = Sql::new("DELETE FROM cart_lines WHERE cart_id = ");
        sql.bind(cart)
            .push(" AND album_id IN ")
            .bind_list(edit.dropped.iter().copied());
        transaction.execute(sql).await?;
    }
    if !edit.changed.is_empty() {
        let mut sql = Sql::new("WITH wanted (cart_id, album_id, quantity, price_minor, currency, added_at) AS (");
        sql.rows(LINE, edit.changed.iter().map(row)).push(
            ") UPDATE cart_lines SET quantity = wanted.quantity, price_minor = wanted.price_minor, currency = wanted.currency \
             FROM wanted WHERE cart_lines.cart_id = wanted.cart_id AND cart_lines.album_id = wanted.album_id",
        );
        transaction.execute(sql).await?;
    }
    if !edit.added.is_empty() {
        let mut sql =
            Sql::new("INSERT INTO cart_lines (cart_id, album_id, quantity, price_minor, currency, added_at) ");
        sql.rows(LINE, edit.added.iter().map(row));
        transaction.execute(sql).await?;
    }
    Ok(())
}

/// Takes everything out of a cart that is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn empty(transaction: &mut Transaction, cart: i64) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM cart_lines WHERE cart_id = ");
    sql.bind(cart);
    transaction.execute(sql).await?;
    Ok(())
}

/// Gives a customer who signs in what the visitor's cart has, on top of what the customer's own has already; the visitor's is
/// gone afterwards.
///
/// # Errors
/// When the database does not answer.
pub async fn hand_over(transaction: &mut Transaction, session: i64, customer: i64) -> Result<(), StoreError> {
    let (visitor, customer) = (Owner::Session(session), Owner::Customer(customer));
    if raise(transaction, visitor).await? == 0 {
        // Somebody may be about to put the first album in.
        transaction.execute(visitor.lock()).await?;
        if raise(transaction, visitor).await? == 0 {
            return Ok(());
        }
    }
    let keys = (lock(transaction, visitor).await?, lock(transaction, customer).await?);
    let (Some(from), Some(to)) = keys else {
        return Ok(());
    };
    let (brought, own) = (read(transaction, visitor).await?, read(transaction, customer).await?);
    write(transaction, to, &merge(&own, brought)).await?;
    empty(transaction, from).await?;
    let mut sql = Sql::new("DELETE FROM carts WHERE id = ");
    sql.bind(from);
    transaction.execute(sql).await?;
    Ok(())
}
