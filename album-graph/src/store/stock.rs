//! Stock: how many copies are left of the albums that can run out.

use std::collections::HashMap;

use super::sql::Sql;
use super::{Database, StoreError};

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
