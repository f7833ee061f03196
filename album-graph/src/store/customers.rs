//! Customers: who has an account, and the hash of what they prove it with.

use secrecy::{ExposeSecret as _, SecretString};

use super::database::Row;
use super::sql::{Sql, Value};
use super::{Database, StoreError, Transaction};
use crate::clock::Moment;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their key.
    pub id: i64,
    /// Where the shop writes to, as it was typed.
    pub email: String,
    /// What tells the address from all others.
    pub email_key: String,
    /// A PHC string.
    pub password_hash: SecretString,
    /// When the address was confirmed.
    pub created_at: Moment,
}

/// A customer to be.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Where the shop writes to, as it was typed.
    pub email: String,
    /// What tells the address from all others.
    pub email_key: String,
    /// A PHC string.
    pub password_hash: SecretString,
}

const SELECT: &str = "SELECT id, email, email_key, password_hash, created_at FROM customers WHERE ";

fn customer(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.integer("id")?,
        email: row.text("email")?,
        email_key: row.text("email_key")?,
        password_hash: row.text("password_hash")?.into(),
        created_at: Moment(row.integer("created_at")?),
    })
}

/// The customer with this key.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(database: &Database, id: i64) -> Result<Option<Customer>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push("id = ").bind(id);
    database.fetch_optional(sql).await?.as_ref().map(customer).transpose()
}

/// The customer with this address.
///
/// # Errors
/// When the database does not answer.
pub async fn by_email(database: &Database, email_key: &str) -> Result<Option<Customer>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push("email_key = ").bind(email_key);
    database.fetch_optional(sql).await?.as_ref().map(customer).transpose()
}

/// Makes a customer and answers it.
///
/// # Errors
/// [`StoreError::Duplicate`] when there is one with this address; otherwise when the database does not answer.
pub async fn insert(transaction: &mut Transaction, new: &NewCustomer, now: Moment) -> Result<Customer, StoreError> {
    let mut sql = Sql::new("INSERT INTO customers (email, email_key, password_hash, created_at) VALUES ");
    sql.bind_list::<Value>([
        new.email.as_str().into(),
        new.email_key.as_str().into(),
        new.password_hash.expose_secret().into(),
        now.0.into(),
    ]);
    transaction.execute(sql).await?;
    let mut sql = Sql::new(SELECT);
    sql.push("email_key = ").bind(new.email_key.as_str());
    let rows = transaction.fetch_all(sql).await?;
    customer(rows.first().ok_or(StoreError::Corrupt { column: "email_key" })?)
}

/// Puts another hash in the place of the one that was read; answers whether that was still there. Until the transaction ends,
/// nobody else changes it.
///
/// # Errors
/// When the database does not answer.
pub async fn replace_password(
    transaction: &mut Transaction,
    customer: &Customer,
    new: &SecretString,
) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE customers SET password_hash = ");
    sql.bind(new.expose_secret());
    sql.push(" WHERE id = ").bind(customer.id);
    sql.push(" AND password_hash = ")
        .bind(customer.password_hash.expose_secret());
    Ok(transaction.execute(sql).await? == 1)
}

/// Keeps another password of a customer.
///
/// # Errors
/// When the database does not answer.
pub async fn set_password(transaction: &mut Transaction, id: i64, new: &SecretString) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE customers SET password_hash = ");
    sql.bind(new.expose_secret());
    sql.push(" WHERE id = ").bind(id);
    transaction.execute(sql).await?;
    Ok(())
}
