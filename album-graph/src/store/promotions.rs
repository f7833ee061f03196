//! Promotions: found by their code, and counted as often as they are used.

use super::database::Row;
use super::sql::{Sql, Value};
use super::{Database, StoreError, Transaction};
use crate::catalogue::Money;
use crate::clock::Moment;
use crate::orders::{Promotion, Worth};

const SELECT: &str = "SELECT id, code, percentage, amount_minor, currency, starts_at, ends_at, use_limit, uses \
     FROM promotions WHERE code = ";

/// The promotion with this code, as [`Promotion::spelled`] spells it.
///
/// # Errors
/// When the database does not answer.
pub async fn by_code(database: &Database, code: &str) -> Result<Option<Promotion>, StoreError> {
    found(&database.fetch_all(select(code)).await?)
}

/// The same, as an order finds it.
///
/// # Errors
/// When the database does not answer.
pub async fn read(transaction: &mut Transaction, code: &str) -> Result<Option<Promotion>, StoreError> {
    found(&transaction.fetch_all(select(code)).await?)
}

fn select(code: &str) -> Sql {
    let mut sql = Sql::new(SELECT);
    sql.bind(code);
    sql
}

fn found(rows: &[Row]) -> Result<Option<Promotion>, StoreError> {
    rows.first().map(promotion).transpose()
}

fn promotion(row: &Row) -> Result<Promotion, StoreError> {
    let moment = |column| Ok::<_, StoreError>(row.optional_integer(column)?.map(Moment));
    let worth = if let Some(percentage) = row.optional_integer("percentage")? {
        Worth::Percentage(percentage)
    } else {
        Worth::Amount(Money {
            amount: row.integer("amount_minor")?,
            currency: row.currency("currency")?,
        })
    };
    Ok(Promotion {
        id: row.integer("id")?,
        code: row.text("code")?,
        worth,
        starts_at: moment("starts_at")?,
        ends_at: moment("ends_at")?,
        use_limit: row.optional_integer("use_limit")?,
        uses: row.integer("uses")?,
    })
}

/// Counts a use of a promotion; answers whether it could be used once more. Somebody else who uses it waits meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn use_once(transaction: &mut Transaction, promotion: i64) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE promotions SET uses = uses + 1 WHERE id = ");
    sql.bind(promotion).push(" AND (use_limit IS NULL OR uses < use_limit)");
    Ok(transaction.execute(sql).await? == 1)
}

/// Makes a promotion that takes a share off the sum at any time, where there is none with its code.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure(transaction: &mut Transaction, code: &str, percentage: i64) -> Result<(), StoreError> {
    if read(transaction, code).await?.is_none() {
        let mut sql = Sql::new("INSERT INTO promotions (code, percentage) VALUES ");
        sql.bind_list::<Value>([code.into(), percentage.into()]);
        transaction.execute(sql).await?;
    }
    Ok(())
}
