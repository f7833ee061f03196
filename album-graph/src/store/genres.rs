//! Genres: few enough to be read as a whole.

use std::sync::Arc;

use super::database::Row;
use super::sql::Sql;
use super::{Database, StoreError};

/// A genre.
#[derive(Clone, Debug)]
pub struct Genre {
    /// Its key.
    pub id: i64,
    /// What names it in a URL.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What it is, in a sentence or two; may be empty.
    pub description: String,
}

const SELECT: &str = "SELECT id, slug, name, description FROM genres";

fn genre(row: &Row) -> Result<Genre, StoreError> {
    Ok(Genre {
        id: row.integer("id")?,
        slug: row.text("slug")?,
        name: row.text("name")?,
        description: row.text("description")?,
    })
}

/// All genres, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn all(database: &Database) -> Result<Vec<Genre>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(" ORDER BY sort_name, id");
    database.fetch_all(sql).await?.iter().map(genre).collect()
}

/// The genre of this slug.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slug(database: &Database, slug: &str) -> Result<Option<Genre>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(" WHERE slug = ").bind(slug);
    let found = database.fetch_optional(sql).await?.as_ref().map(genre).transpose()?;
    // SQL Server overlooks blanks at the end.
    Ok(found.filter(|genre| genre.slug == slug))
}

/// The genres of these ids, in any order.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(database: &Database, ids: &[i64]) -> Result<Vec<Genre>, StoreError> {
    let question = |ids: &[i64]| {
        let mut sql = Sql::new(SELECT);
        sql.push(" WHERE id IN ").bind_list(ids.iter().copied());
        sql
    };
    database.fetch_for(ids, question).await?.iter().map(genre).collect()
}

/// The same, each read once for each state of the catalogue.
///
/// # Errors
/// When the database does not answer.
pub async fn of_albums(database: &Database, ids: &[i64]) -> Result<Vec<Arc<Genre>>, StoreError> {
    let read = |missing: Vec<i64>| async move { by_ids(database, &missing).await };
    database.memos().genre_rows.get(ids, read, |genre| genre.id).await
}
