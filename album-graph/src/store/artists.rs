//! Artists.

use std::sync::Arc;

use super::database::Row;
use super::keyset::{Ordering, push_page, slice};
use super::sql::Sql;
use super::{Database, Key, Page, Position, Slice, StoreError};

/// An artist.
#[derive(Clone, Debug)]
pub struct Artist {
    /// Its key.
    pub id: i64,
    /// What names it in a URL.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What orders it: folded, without a leading article.
    pub sort_name: String,
}

const SELECT: &str = "SELECT id, slug, name, sort_name FROM artists";

fn artist(row: &Row) -> Result<Artist, StoreError> {
    Ok(Artist {
        id: row.integer("id")?,
        slug: row.text("slug")?,
        name: row.text("name")?,
        sort_name: row.text("sort_name")?,
    })
}

/// The artist of this slug.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slug(database: &Database, slug: &str) -> Result<Option<Artist>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(" WHERE slug = ").bind(slug);
    let found = database.fetch_optional(sql).await?.as_ref().map(artist).transpose()?;
    // SQL Server overlooks blanks at the end.
    Ok(found.filter(|artist| artist.slug == slug))
}

/// The artists of these ids, in any order.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(database: &Database, ids: &[i64]) -> Result<Vec<Artist>, StoreError> {
    let question = |ids: &[i64]| {
        let mut sql = Sql::new(SELECT);
        sql.push(" WHERE id IN ").bind_list(ids.iter().copied());
        sql
    };
    database.fetch_for(ids, question).await?.iter().map(artist).collect()
}

/// The same, each read once for each state of the catalogue.
///
/// # Errors
/// When the database does not answer.
pub async fn of_albums(database: &Database, ids: &[i64]) -> Result<Vec<Arc<Artist>>, StoreError> {
    let read = |missing: Vec<i64>| async move { by_ids(database, &missing).await };
    database.memos().artist_rows.get(ids, read, |artist| artist.id).await
}

/// A page of all artists, by sort name.
///
/// # Errors
/// When the database does not answer.
pub async fn page(database: &Database, page: &Page) -> Result<Slice<Artist>, StoreError> {
    let order = Ordering {
        column: "sort_name",
        descending: false,
        titled: false,
        aside: false,
    };
    let mut sql = Sql::default();
    push_page(
        &mut sql,
        "SELECT id, slug, name, sort_name FROM artists WHERE 1 = 1",
        |_| (),
        order,
        page,
    );
    let rows: Vec<Artist> = database
        .fetch_all(sql)
        .await?
        .iter()
        .map(artist)
        .collect::<Result<_, _>>()?;
    Ok(slice(rows, order, page, position))
}

/// Where `artist` stands among all.
#[must_use]
pub fn position(artist: &Artist) -> Position {
    Position {
        key: Key::Text(artist.sort_name.clone()),
        title: None,
        id: artist.id,
    }
}

/// How many artists there are: counted once for each revision of the catalogue.
///
/// # Errors
/// When the database does not answer.
pub async fn count(database: &Database) -> Result<i64, StoreError> {
    let find = async {
        let row = database
            .fetch_optional(Sql::new("SELECT COUNT(*) AS total FROM artists"))
            .await?;
        row.map_or(Ok(0), |row| row.integer("total"))
    };
    database.memos().artists.get(database, (), find).await
}
