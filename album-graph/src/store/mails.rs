//! Mails that wait to be sent: queued in the transaction of what they tell about.

use super::database::Row;
use super::sql::{Sql, Value};
use super::{Database, StoreError, Transaction};
use crate::clock::Moment;

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Whom to.
    pub recipient: String,
    /// What about.
    pub subject: String,
    /// What it says, as plain text.
    pub body: String,
}

/// Queues a mail; it goes out once the transaction is kept.
///
/// # Errors
/// When the database does not answer.
pub async fn queue(transaction: &mut Transaction, mail: &NewMail, now: Moment) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO mails (recipient, subject, body, created_at, due_at) VALUES ");
    sql.bind_list::<Value>([
        mail.recipient.as_str().into(),
        mail.subject.as_str().into(),
        mail.body.as_str().into(),
        now.0.into(),
        now.0.into(),
    ]);
    transaction.execute(sql).await?;
    transaction.has_mail();
    Ok(())
}

/// Queues a mail to the customer with this address, and none where there is no such customer.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_for_customer(
    transaction: &mut Transaction,
    email_key: &str,
    mail: &NewMail,
    now: Moment,
) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO mails (recipient, subject, body, created_at, due_at) SELECT email, ");
    sql.bind(mail.subject.as_str()).push(", ");
    sql.bind(mail.body.as_str()).push(", ");
    sql.bind(now.0).push(", ").bind(now.0);
    sql.push(" FROM customers WHERE email_key = ").bind(email_key);
    if transaction.execute(sql).await? > 0 {
        transaction.has_mail();
    }
    Ok(())
}

/// A mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its key.
    pub id: i64,
    /// Whom to.
    pub recipient: String,
    /// What about.
    pub subject: String,
    /// What it says, as plain text.
    pub body: String,
    /// When it was queued.
    pub created_at: Moment,
    /// How many times it was tried to send it.
    pub attempts: i64,
    /// When to try next.
    pub due_at: Moment,
}

/// The mails that are due, the one that waits longest first; so many at the most.
///
/// # Errors
/// When the database does not answer.
pub async fn due(database: &Database, now: Moment, most: i64) -> Result<Vec<Mail>, StoreError> {
    let mut sql = Sql::new(
        "SELECT id, recipient, subject, body, created_at, attempts, due_at FROM mails WHERE failed_at IS NULL AND due_at <= ",
    );
    sql.bind(now.0).push(" ORDER BY due_at, id").limit(most, 0);
    database.fetch_all(sql).await?.iter().map(mail).collect()
}

/// What waits to be sent, on all replicas together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many mails wait.
    pub waiting: i64,
    /// Since when the one waits that waits longest.
    pub since: Option<Moment>,
    /// How many were given up.
    pub given_up: i64,
}

/// How much mail waits to be sent.
///
/// # Errors
/// When the database does not answer.
pub async fn backlog(database: &Database) -> Result<Backlog, StoreError> {
    let waiting = "SELECT COUNT(*) AS waiting, MIN(created_at) AS since FROM mails WHERE failed_at IS NULL";
    let given_up = "SELECT COUNT(*) AS given_up FROM mails WHERE failed_at IS NOT NULL";
    let row = database.fetch_optional(Sql::new(waiting)).await?;
    let row = row.ok_or(StoreError::Corrupt { column: "waiting" })?;
    let failed = database.fetch_optional(Sql::new(given_up)).await?;
    let failed = failed.ok_or(StoreError::Corrupt { column: "given_up" })?;
    Ok(Backlog {
        waiting: row.integer("waiting")?,
        since: row.optional_integer("since")?.map(Moment),
        given_up: failed.integer("given_up")?,
    })
}

fn mail(row: &Row) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.integer("id")?,
        recipient: row.text("recipient")?,
        subject: row.text("subject")?,
        body: row.text("body")?,
        created_at: Moment(row.integer("created_at")?),
        attempts: row.integer("attempts")?,
        due_at: Moment(row.integer("due_at")?),
    })
}

/// Takes a mail to send it: until `again`, nobody else does. Answers whether nobody else had.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(database: &Database, mail: &Mail, again: Moment) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE mails SET attempts = attempts + 1, due_at = ");
    sql.bind(again.0);
    sql.push(" WHERE id = ").bind(mail.id);
    sql.push(" AND due_at = ").bind(mail.due_at.0);
    sql.push(" AND attempts = ").bind(mail.attempts);
    sql.push(" AND failed_at IS NULL");
    change(database, sql).await
}

/// Deletes a mail that was sent.
///
/// # Errors
/// When the database does not answer.
pub async fn done(database: &Database, mail: &Mail) -> Result<(), StoreError> {
    let mut sql = Sql::new("DELETE FROM mails WHERE id = ");
    sql.bind(mail.id);
    sql.push(" AND created_at = ").bind(mail.created_at.0);
    change(database, sql).await.map(|_| ())
}

/// Gives a mail up, and forgets what it says.
///
/// # Errors
/// When the database does not answer.
pub async fn give_up(database: &Database, mail: &Mail, now: Moment) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE mails SET body = '', failed_at = ");
    sql.bind(now.0);
    sql.push(" WHERE id = ").bind(mail.id);
    sql.push(" AND created_at = ").bind(mail.created_at.0);
    change(database, sql).await.map(|_| ())
}

/// Makes one change of one mail; answers whether there was such a one.
async fn change(database: &Database, sql: Sql) -> Result<bool, StoreError> {
    let mut transaction = database.transaction().await?;
    let changed = transaction.execute(sql).await? == 1;
    transaction.commit().await?;
    Ok(changed)
}
