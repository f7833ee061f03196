//! Tracks of albums.

use std::collections::HashMap;

use super::database::Row;
use super::sql::Sql;
use super::{Database, StoreError};
use crate::catalogue::Track;

/// The tracks of these albums, each in playing order.
///
/// # Errors
/// When the database does not answer.
pub async fn of_albums(database: &Database, albums: &[i64]) -> Result<HashMap<i64, Vec<Track>>, StoreError> {
    let mut tracks = HashMap::new();
    collect(database.fetch_for(albums, select).await?, &mut tracks)?;
    Ok(tracks)
}

pub(super) fn select(albums: &[i64]) -> Sql {
    let mut sql = Sql::new("SELECT album_id, title, duration_seconds FROM tracks WHERE album_id IN ");
    sql.bind_list(albums.iter().copied())
        .push(" ORDER BY album_id, position");
    sql
}

pub(super) fn collect(rows: Vec<Row>, tracks: &mut HashMap<i64, Vec<Track>>) -> Result<(), StoreError> {
    for row in rows {
        tracks.entry(row.integer("album_id")?).or_default().push(Track {
            title: row.text("title")?,
            duration_seconds: row.optional_integer("duration_seconds")?,
        });
    }
    Ok(())
}
