//! The revision of the catalogue: raised in the transaction of every change to it.

use super::database::Row;
use super::sql::Sql;
use super::{Database, StoreError, Transaction};

/// Where a catalogue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Raised by every change.
    pub number: i64,
    /// How many changes did not say which albums they changed: those of releases that could not.
    pub unstamped: i64,
    /// Tells this catalogue from any other.
    pub catalogue: String,
}

/// Where a catalogue stands, and what can be bought of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The revision of the catalogue.
    pub revision: Revision,
    /// Raised when albums may have run out, or come in again.
    pub availability: i64,
}

impl Standing {
    /// Names it, with the revision that an index made of the catalogue has come to.
    #[must_use]
    pub fn name(&self, indexed: Option<i64>) -> String {
        let Revision {
            number,
            unstamped,
            catalogue,
        } = &self.revision;
        let (availability, indexed) = (self.availability, indexed.unwrap_or(-1));
        format!("{catalogue}.{number}.{unstamped}.{availability}.{indexed}")
    }
}

const SELECT: &str = "SELECT revision, stamped, availability, identity_key FROM catalogue WHERE id = 1";

fn revision(row: Option<&Row>) -> Result<Revision, StoreError> {
    let row = row.ok_or(StoreError::Corrupt { column: "revision" })?;
    let number = row.integer("revision")?;
    Ok(Revision {
        number,
        unstamped: number - row.integer("stamped")?,
        catalogue: row.text("identity_key")?,
    })
}

/// The revision that the catalogue is at.
///
/// # Errors
/// When the database does not answer.
pub async fn current(database: &Database) -> Result<Revision, StoreError> {
    revision(database.fetch_optional(Sql::new(SELECT)).await?.as_ref())
}

/// The same, with what can be bought.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(database: &Database) -> Result<Standing, StoreError> {
    let row = database.fetch_optional(Sql::new(SELECT)).await?;
    let availability = row.as_ref().map(|row| row.integer("availability")).transpose()?;
    Ok(Standing {
        revision: revision(row.as_ref())?,
        availability: availability.unwrap_or(0),
    })
}

/// The revision that this transaction raises the catalogue to, if it does: what albums that it changes are stamped with.
///
/// # Errors
/// When the database does not answer.
pub async fn next(transaction: &mut Transaction) -> Result<i64, StoreError> {
    let rows = transaction.fetch_all(Sql::new(SELECT)).await?;
    Ok(revision(rows.first())?.number + 1)
}

/// Says that this transaction changes the catalogue, and that it stamps the albums that it changes.
///
/// # Errors
/// When the database does not answer.
pub async fn raise(transaction: &mut Transaction) -> Result<(), StoreError> {
    let raised = transaction
        .execute(Sql::new(
            "UPDATE catalogue SET revision = revision + 1, stamped = stamped + 1 WHERE id = 1",
        ))
        .await?;
    if raised == 1 {
        Ok(())
    } else {
        Err(StoreError::Corrupt { column: "revision" })
    }
}
