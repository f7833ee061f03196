//! What one of all replicas does from time to time.

use std::time::Duration;

use super::sql::Sql;
use super::{Database, StoreError};
use crate::clock::Moment;

/// Claims a chore that is due, and puts it off until it is due again: of all who ask, one is told that it is to do it.
///
/// # Errors
/// When the database does not answer.
pub async fn claim(database: &Database, name: &'static str, period: Duration, now: Moment) -> Result<bool, StoreError> {
    // Most who ask are told no, and shall not make those wait who write.
    let mut sql = Sql::new("SELECT due_at FROM chores WHERE name = ");
    sql.bind(name).push(" AND due_at <= ").bind(now.0);
    let Some(row) = database.fetch_optional(sql).await? else {
        return Ok(false);
    };
    let mut sql = Sql::new("UPDATE chores SET due_at = ");
    sql.bind(now.after(period).0);
    sql.push(" WHERE name = ").bind(name);
    sql.push(" AND due_at = ").bind(row.integer("due_at")?);
    let mut transaction = database.transaction().await?;
    let claimed = transaction.execute(sql).await? == 1;
    transaction.commit().await?;
    Ok(claimed)
}
