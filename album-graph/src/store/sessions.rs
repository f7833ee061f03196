//! Sessions: found by the hash of their token, made, kept alive, ended.

use super::database::Row;
use super::sql::Sql;
use super::{Database, StoreError, Transaction};
use crate::clock::Moment;

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its key.
    pub id: i64,
    /// The hash of its token.
    pub token_hash: String,
    /// Who signed in, if anybody did.
    pub customer: Option<i64>,
    /// Whether it outlives the browser.
    pub persistent: bool,
    /// What the browser called itself.
    pub user_agent: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it was seen last, to the hour.
    pub seen_at: Moment,
    /// When it ends unless it is seen before.
    pub expires_at: Moment,
}

/// A session to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The hash of its token.
    pub token_hash: String,
    /// Who signed in, if anybody did.
    pub customer: Option<i64>,
    /// Whether it outlives the browser.
    pub persistent: bool,
    /// What the browser called itself.
    pub user_agent: String,
    /// When it is made.
    pub created_at: Moment,
    /// When it ends unless it is seen before.
    pub expires_at: Moment,
}

const SELECT: &str =
    "SELECT id, token_hash, customer_id, persistent, user_agent, created_at, seen_at, expires_at FROM sessions WHERE ";

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.integer("id")?,
        token_hash: row.text("token_hash")?,
        customer: row.optional_integer("customer_id")?,
        persistent: row.integer("persistent")? == 1,
        user_agent: row.text("user_agent")?,
        created_at: Moment(row.integer("created_at")?),
        seen_at: Moment(row.integer("seen_at")?),
        expires_at: Moment(row.integer("expires_at")?),
    })
}

/// The session whose token has this hash; none where it has ended.
///
/// # Errors
/// When the database does not answer.
pub async fn by_token(database: &Database, token_hash: &str, now: Moment) -> Result<Option<Session>, StoreError> {
    let row = database.fetch_optional(with_token(token_hash, now)).await?;
    row.as_ref().map(session).transpose()
}

/// The same, asked in a transaction that is under way: who holds one must not wait for another connection.
///
/// # Errors
/// When the database does not answer.
pub async fn by_token_within(
    transaction: &mut Transaction,
    token_hash: &str,
    now: Moment,
) -> Result<Option<Session>, StoreError> {
    let rows = transaction.fetch_all(with_token(token_hash, now)).await?;
    rows.first().map(session).transpose()
}

fn with_token(token_hash: &str, now: Moment) -> Sql {
    let mut sql = Sql::new(SELECT);
    sql.push("token_hash = ").bind(token_hash);
    sql.push(" AND expires_at > ").bind(now.0);
    sql
}

/// The sessions of a customer that have not ended, the one seen last first; so many at the most.
///
/// # Errors
/// When the database does not answer.
pub async fn of_customer(
    database: &Database,
    customer: i64,
    now: Moment,
    most: i64,
) -> Result<Vec<Session>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push("customer_id = ").bind(customer);
    sql.push(" AND expires_at > ").bind(now.0);
    sql.push(" ORDER BY seen_at DESC, id DESC").limit(most, 0);
    database.fetch_all(sql).await?.iter().map(session).collect()
}

/// Makes a session and answers it.
///
/// # Errors
/// When the database does not answer.
pub async fn insert(transaction: &mut Transaction, new: &NewSession) -> Result<Session, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO sessions (token_hash, customer_id, persistent, user_agent, created_at, seen_at, expires_at) VALUES ",
    );
    sql.bind_list::<super::sql::Value>([
        new.token_hash.as_str().into(),
        new.customer.into(),
        i64::from(new.persistent).into(),
        new.user_agent.as_str().into(),
        new.created_at.0.into(),
        new.created_at.0.into(),
        new.expires_at.0.into(),
    ]);
    transaction.execute(sql).await?;
    let mut sql = Sql::new(SELECT);
    sql.push("token_hash = ").bind(new.token_hash.as_str());
    let rows = transaction.fetch_all(sql).await?;
    session(rows.first().ok_or(StoreError::Corrupt { column: "token_hash" })?)
}

/// Notes that a session was seen, and when it ends now.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_alive(transaction: &mut Transaction, session: &Session) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE sessions SET seen_at = ");
    sql.bind(session.seen_at.0);
    sql.push(", expires_at = ").bind(session.expires_at.0);
    sql.push(" WHERE id = ").bind(session.id);
    transaction.execute(sql).await?;
    Ok(())
}

/// Ends a session, with the cart that a visitor has on it.
///
/// # Errors
/// When the database does not answer.
pub async fn delete(transaction: &mut Transaction, session: i64) -> Result<(), StoreError> {
    delete_all(transaction, &[session]).await.map(|_| ())
}

/// Ends every session of a customer; answers how many that were good.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_of_customer(
    transaction: &mut Transaction,
    customer: i64,
    now: Moment,
) -> Result<usize, StoreError> {
    // A customer's cart is on no session: there is nothing else to delete.
    let mut sql = Sql::new("DELETE FROM sessions WHERE customer_id = ");
    sql.bind(customer).push(" AND expires_at > ").bind(now.0);
    let ended = transaction.execute(sql).await?;
    Ok(usize::try_from(ended).unwrap_or(usize::MAX))
}

/// Ends one session of a customer; answers whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_one_of_customer(
    transaction: &mut Transaction,
    customer: i64,
    session: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE id = ");
    sql.bind(session);
    sql.push(" AND customer_id = ").bind(customer);
    sql.push(" AND expires_at > ").bind(now.0);
    Ok(transaction.execute(sql).await? == 1)
}

/// Deletes sessions that have ended, with the carts that visitors had on them; so many at the most. Answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn delete_expired(database: &Database, now: Moment, most: i64) -> Result<usize, StoreError> {
    let mut sql = Sql::new("SELECT id FROM sessions WHERE expires_at <= ");
    sql.bind(now.0).push(" ORDER BY expires_at").limit(most, 0);
    let rows = database.fetch_all(sql).await?;
    let sessions: Vec<i64> = rows.iter().map(|row| row.integer("id")).collect::<Result<_, _>>()?;
    if sessions.is_empty() {
        return Ok(0);
    }
    let mut transaction = database.transaction().await?;
    delete_all(&mut transaction, &sessions).await?;
    transaction.commit().await?;
    Ok(sessions.len())
}

async fn delete_all(transaction: &mut Transaction, sessions: &[i64]) -> Result<u64, StoreError> {
    let list = || sessions.iter().copied();
    let mut sql = Sql::new("DELETE FROM cart_lines WHERE cart_id IN (SELECT id FROM carts WHERE session_id IN ");
    sql.bind_list(list()).push(")");
    transaction.execute(sql).await?;
    let mut sql = Sql::new("DELETE FROM carts WHERE session_id IN ");
    sql.bind_list(list());
    transaction.execute(sql).await?;
    let mut sql = Sql::new("DELETE FROM sessions WHERE id IN ");
    sql.bind_list(list());
    transaction.execute(sql).await
}
