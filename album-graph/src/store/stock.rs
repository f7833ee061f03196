//! Stock: how many copies are left of the albums that can run out.

use std::collections::HashMap;

use super::load::BATCH;
use super::sql::{Columns, Kind, Sql};
use super::{Database, StoreError, Transaction};

/// How many copies of these albums are left; one that never runs out is left out.
///
/// # Errors
/// When the database does not answer.
pub async fn of_albums(database: &Database, albums: &[i64]) -> Result<HashMap<i64, i64>, StoreError> {
    let question = |albums: &[i64]| {
        let mut sql = Sql::new("SELECT album_id, copies FROM stock WHERE album_id IN ");
        sql.bind_list(albums.iter().copied());
        sql
    };
    let rows = database.fetch_for(albums, question).await?;
    let left = rows
        .iter()
        .map(|row| Ok((row.integer("album_id")?, row.integer("copies")?)));
    left.collect()
}

/// Takes copies out of an album's stock; answers whether there were as many. Somebody else who takes of the same waits meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn take(transaction: &mut Transaction, album: i64, copies: i64) -> Result<bool, StoreError> {
    let mut sql = Sql::new("UPDATE stock SET copies = copies - ");
    sql.bind(copies).push(" WHERE album_id = ").bind(album);
    sql.push(" AND copies >= ").bind(copies);
    Ok(transaction.execute(sql).await? == 1)
}

/// Says that some of these albums have run out, where they have.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_sold_out(
    transaction: &mut Transaction,
    albums: impl IntoIterator<Item = i64>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        "UPDATE catalogue SET availability = availability + 1 WHERE id = 1 AND EXISTS (SELECT 1 FROM stock WHERE copies = 0 \
         AND album_id IN ",
    );
    sql.bind_list(albums).push(")");
    transaction.execute(sql).await?;
    Ok(())
}

const STOCK: Columns = &[("album_id", Kind::Integer), ("copies", Kind::Integer)];

/// Says how many copies there are of albums, and that what can be bought may be something else; answers of how many there were other numbers before.
///
/// # Errors
/// When the database does not answer.
pub async fn set(transaction: &mut Transaction, albums: &[(i64, i64)]) -> Result<u64, StoreError> {
    let mut set = 0;
    for batch in albums.chunks(BATCH) {
        let wanted = |sql: &mut Sql| {
            let rows = batch
                .iter()
                .map(|(album, copies)| vec![(*album).into(), (*copies).into()]);
            sql.rows(STOCK, rows).push(") ");
        };
        // What is there is updated, not replaced: an order that waits for it finds it again.
        let mut sql = Sql::new("WITH wanted (album_id, copies) AS (");
        wanted(&mut sql);
        sql.push(
            "UPDATE stock SET copies = wanted.copies FROM wanted \
             WHERE stock.album_id = wanted.album_id AND stock.copies <> wanted.copies",
        );
        set += transaction.execute(sql).await?;
        let mut sql = Sql::new("WITH wanted (album_id, copies) AS (");
        wanted(&mut sql);
        sql.push(
            "INSERT INTO stock (album_id, copies) SELECT album_id, copies FROM wanted \
             WHERE album_id NOT IN (SELECT album_id FROM stock)",
        );
        set += transaction.execute(sql).await?;
    }
    if set > 0 {
        let told = Sql::new("UPDATE catalogue SET availability = availability + 1 WHERE id = 1");
        transaction.execute(told).await?;
    }
    Ok(set)
}
