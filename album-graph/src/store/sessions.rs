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
    "SELECT id, customer_id, persistent, user_agent, created_at, seen_at, expires_at FROM sessions WHERE ";

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.integer("id")?,
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
    let mut sql = Sql::new(SELECT);
    sql.push("token_hash = ").bind(token_hash);
    sql.push(" AND expires_at > ").bind(now.0);
    database.fetch_optional(sql).await?.as_ref().map(session).transpose()
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
