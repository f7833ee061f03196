//! Copies that were sold, on their way into the ranking of albums.

use super::sql::Sql;
use super::{Database, StoreError, Transaction};

/// The orders whose copies were not counted yet, so many at the most. One that waits for its payment has sold nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn uncounted(database: &Database, most: i64) -> Result<Vec<i64>, StoreError> {
    let mut sql = Sql::new(
        "SELECT id FROM orders WHERE counted = 0 AND payment_state IN ('not_needed', 'due', 'paid') ORDER BY id",
    );
    sql.limit(most, 0);
    let rows = database.fetch_all(sql).await?;
    rows.iter().map(|row| row.integer("id")).collect()
}

/// Counts the copies of these orders, within a change of the catalogue; answers whether nobody else has meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn count(transaction: &mut Transaction, orders: &[i64]) -> Result<bool, StoreError> {
    let list = || orders.iter().copied();
    let mut sql = Sql::new("UPDATE orders SET counted = 1 WHERE counted = 0 AND id IN ");
    sql.bind_list(list());
    if transaction.execute(sql).await? != orders.len() as u64 {
        return Ok(false);
    }
    let mut sql = Sql::new(
        "UPDATE sales SET copies = copies + (SELECT CAST(SUM(quantity) AS BIGINT) FROM order_lines \
         WHERE order_lines.album_id = sales.album_id AND order_id IN ",
    );
    sql.bind_list(list());
    sql.push(") WHERE album_id IN (SELECT album_id FROM order_lines WHERE order_id IN ")
        .bind_list(list())
        .push(")");
    transaction.execute(sql).await?;
    let mut sql = Sql::new(
        "INSERT INTO sales (album_id, copies) SELECT album_id, CAST(SUM(quantity) AS BIGINT) FROM order_lines WHERE order_id IN ",
    );
    sql.bind_list(list());
    sql.push(" AND album_id NOT IN (SELECT album_id FROM sales) GROUP BY album_id");
    transaction.execute(sql).await?;
    Ok(true)
}

/// Whether another album would come first somewhere in the order of best sellers, if these copies counted.
///
/// The order stays what it is where each album stays behind the one before it, and an album rises only if it was sold: so each
/// of these is compared with the one before it, which the index of that order seeks.
///
/// # Errors
/// When the database does not answer.
pub async fn change_order(database: &Database) -> Result<bool, StoreError> {
    let mut sql = Sql::new(
        "WITH risen (id, copies, sort_title, predecessor) AS (SELECT albums.id, albums.copies_sold + sales.copies, \
         albums.sort_title, COALESCE((SELECT before.id FROM albums AS before WHERE before.removed_at IS NULL \
         AND before.copies_sold = albums.copies_sold AND before.sort_title <= albums.sort_title \
         AND (before.sort_title < albums.sort_title OR before.id < albums.id) \
         ORDER BY before.sort_title DESC, before.id DESC",
    );
    sql.limit(1, 0);
    sql.push(
        "), (SELECT before.id FROM albums AS before WHERE before.removed_at IS NULL \
         AND before.copies_sold > albums.copies_sold \
         ORDER BY before.copies_sold, before.sort_title DESC, before.id DESC",
    );
    sql.limit(1, 0);
    sql.push(
        ")) FROM sales JOIN albums ON albums.id = sales.album_id WHERE albums.removed_at IS NULL) \
         SELECT COUNT(*) AS total FROM risen JOIN albums ON albums.id = risen.predecessor \
         LEFT JOIN sales ON sales.album_id = albums.id \
         WHERE risen.copies > albums.copies_sold + COALESCE(sales.copies, 0) \
         OR (risen.copies = albums.copies_sold + COALESCE(sales.copies, 0) AND (risen.sort_title < albums.sort_title \
         OR (risen.sort_title = albums.sort_title AND risen.id < albums.id)))",
    );
    let row = database.fetch_optional(sql).await?;
    Ok(row.map_or(Ok(0), |row| row.integer("total"))? > 0)
}

/// Makes the copies count, within a change of the catalogue that raises it to `revision`; answers whether there were any.
///
/// # Errors
/// When the database does not answer.
pub async fn apply(transaction: &mut Transaction, revision: i64) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE albums SET copies_sold = albums.copies_sold + sales.copies, revision = ");
    sql.bind(revision).push(" FROM sales WHERE albums.id = sales.album_id");
    let changed = transaction.execute(sql).await?;
    transaction.execute(Sql::new("DELETE FROM sales")).await?;
    Ok(changed > 0)
}
