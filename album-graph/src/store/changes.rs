//! What changed in the catalogue, for whoever keeps a projection of it: in the order of revisions, a page at a time.

use std::collections::HashMap;

use super::database::Row;
use super::keyset::{Bounds, Key, Ordering, Page, Position, push_page, slice};
use super::sql::{BETWEEN, Sql};
use super::{Database, StoreError};

/// An album as it stands since its last change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its key.
    pub id: i64,
    /// When it was changed last.
    pub revision: i64,
    /// Whether it is no longer for sale.
    pub removed: bool,
    /// What it is called.
    pub title: String,
    /// What orders it by title.
    pub sort_title: String,
    /// Whose it is.
    pub artist_id: i64,
    /// What it is.
    pub genre_id: i64,
    /// What it costs, in minor units.
    pub price_minor: i64,
    /// The day that it counts as released on; empty where that is not known.
    pub release_order: String,
    /// How many copies were sold so far.
    pub copies_sold: i64,
}

const ORDER: Ordering = Ordering {
    column: "revision",
    descending: false,
    titled: false,
    aside: false,
};

impl Change {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.integer("id")?,
            revision: row.integer("revision")?,
            removed: row.optional_str("removed_at")?.is_some(),
            title: row.text("title")?,
            sort_title: row.text("sort_title")?,
            artist_id: row.integer("artist_id")?,
            genre_id: row.integer("genre_id")?,
            price_minor: row.integer("price_minor")?,
            release_order: row.text("release_order")?,
            copies_sold: row.integer("copies_sold")?,
        })
    }

    /// Where it stands among all changes.
    #[must_use]
    pub fn position(&self) -> Position {
        position(self.revision, self.id)
    }
}

/// Where the changes after a revision begin.
#[must_use]
pub fn since(revision: i64) -> Position {
    position(revision, i64::MAX)
}

fn position(revision: i64, id: i64) -> Position {
    Position {
        key: Key::Integer(revision),
        title: None,
        id,
    }
}

/// The next `size` albums that changed after `position`, removed ones among them.
///
/// # Errors
/// When the database does not answer.
pub async fn page(database: &Database, position: Position, size: i64) -> Result<Vec<Change>, StoreError> {
    let page = Page {
        size,
        from_end: false,
        skip: 0,
        bounds: Bounds {
            after: Some(position),
            before: None,
        },
    };
    let select = "SELECT id, revision, removed_at, title, sort_title, artist_id, genre_id, price_minor, release_order, \
         copies_sold FROM albums WHERE 1 = 1";
    let mut sql = Sql::default();
    push_page(&mut sql, select, |_| (), ORDER, &page);
    let rows = database.fetch_all(sql).await?;
    let rows = rows.iter().map(Change::read).collect::<Result<_, _>>()?;
    Ok(slice(rows, ORDER, &page, Change::position).rows)
}

/// The titles of the tracks of these albums, in any order; an album without tracks is left out.
///
/// # Errors
/// When the database does not answer.
pub async fn track_titles(database: &Database, albums: &[i64]) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let question = |albums: &[i64]| {
        let mut sql = Sql::new("SELECT album_id, ");
        sql.joined("title").push(" AS titles FROM tracks WHERE album_id IN ");
        sql.bind_list(albums.iter().copied()).push(" GROUP BY album_id");
        sql
    };
    let rows = database.fetch_for(albums, question).await?;
    let titles = |row: &Row| {
        let titles = row.text("titles")?.split(BETWEEN).map(str::to_owned).collect();
        Ok((row.integer("album_id")?, titles))
    };
    rows.iter().map(titles).collect()
}

/// An artist with albums for sale.
#[derive(Clone, Debug)]
pub struct Seller {
    /// The artist's key.
    pub id: i64,
    /// How many copies of them were sold so far.
    pub copies_sold: i64,
}

/// Those of these artists who have albums for sale.
///
/// # Errors
/// When the database does not answer.
pub async fn sellers(database: &Database, artists: &[i64]) -> Result<Vec<Seller>, StoreError> {
    let question = |artists: &[i64]| {
        let mut sql = Sql::new(
            "SELECT artist_id, CAST(SUM(copies_sold) AS BIGINT) AS copies_sold FROM albums WHERE removed_at IS NULL AND artist_id IN ",
        );
        sql.bind_list(artists.iter().copied()).push(" GROUP BY artist_id");
        sql
    };
    let seller = |row: &Row| {
        Ok(Seller {
            id: row.integer("artist_id")?,
            copies_sold: row.integer("copies_sold")?,
        })
    };
    database
        .fetch_for(artists, question)
        .await?
        .iter()
        .map(seller)
        .collect()
}
