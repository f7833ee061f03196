//! The revision of the catalogue: raised in the transaction of every change to it.

use super::sql::Sql;
use super::{Database, StoreError, Transaction};

/// The revision that the catalogue is at.
///
/// # Errors
/// When the database does not answer.
pub async fn current(database: &Database) -> Result<i64, StoreError> {
    let row = database
        .fetch_optional(Sql::new("SELECT revision FROM catalogue WHERE id = 1"))
        .await?;
    row.ok_or(StoreError::Corrupt { column: "revision" })?
        .integer("revision")
}

/// Says that this transaction changes the catalogue.
///
/// # Errors
/// When the database does not answer.
pub async fn raise(transaction: &mut Transaction) -> Result<(), StoreError> {
    let raised = transaction
        .execute(Sql::new("UPDATE catalogue SET revision = revision + 1 WHERE id = 1"))
        .await?;
    if raised == 1 {
        Ok(())
    } else {
        Err(StoreError::Corrupt { column: "revision" })
    }
}
