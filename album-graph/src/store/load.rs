//! What an import reads and writes: many rows in each statement, all in one transaction.

use std::collections::{HashMap, HashSet};

use super::sql::{Columns, Kind, Sql, Value};
use super::{StoreError, Transaction, sqlite};
use crate::catalogue::{Track, fold};

/// Rows in one statement.
pub const BATCH: usize = 1_000;

const SLUGS: Columns = &[("slug", Kind::Key)];

/// A genre or an artist that is not there yet.
#[derive(Clone, Debug)]
pub struct NewName {
    /// What names it in a URL.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// What orders it.
    pub sort_name: String,
    /// What it is; only genres keep it.
    pub description: String,
}

/// What tells one album from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Whose it is.
    pub artist_id: i64,
    /// What it is.
    pub genre_id: i64,
    /// The key of its title.
    pub title_key: String,
}

/// What an import says of an album; `None` leaves what is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Details {
    /// What it is called.
    pub title: String,
    /// What it costs, in minor units.
    pub price_minor: i64,
    /// Which currency's.
    pub currency: String,
    /// When it first appeared.
    pub release_date: Option<String>,
    /// A picture of its cover.
    pub cover_url: Option<String>,
}

/// What is written into every album that a change touches.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When it happens (RFC 3339).
    pub now: String,
    /// The revision that the change raises the catalogue to.
    pub revision: i64,
}

/// An album that is not there yet.
#[derive(Clone, Debug)]
pub struct NewAlbum {
    /// What tells it from others.
    pub identity: Identity,
    /// What names it in a URL.
    pub slug: String,
    /// What is said of it.
    pub details: Details,
    /// How many copies were sold before it came here.
    pub copies_sold: i64,
}

/// An album that is there already.
#[derive(Clone, Debug)]
pub struct StoredAlbum {
    /// Its key.
    pub id: i64,
    /// What is said of it.
    pub details: Details,
    /// Whether it was taken out of the shop.
    pub removed: bool,
}

/// Indexes that are made once everything is loaded.
#[derive(Debug)]
pub struct Aside(Vec<String>);

impl Aside {
    /// Sets indexes aside where that makes loading faster.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set(transaction: &mut Transaction) -> Result<Self, StoreError> {
        Ok(Self(match transaction.sqlite() {
            Some(connection) => sqlite::set_indexes_aside(connection).await?,
            None => Vec::new(),
        }))
    }

    /// Makes them again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn make(self, transaction: &mut Transaction) -> Result<(), StoreError> {
        if let Some(connection) = transaction.sqlite() {
            sqlite::make_indexes(connection, self.0).await?;
        }
        Ok(())
    }
}

/// The table of a kind of names.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// `genres`
    Genres,
    /// `artists`
    Artists,
}

impl Names {
    fn table(self) -> &'static str {
        match self {
            Self::Genres => "genres",
            Self::Artists => "artists",
        }
    }
}

/// Every genre or artist: its key, slug and name.
///
/// # Errors
/// When the database does not answer.
pub async fn names(transaction: &mut Transaction, names: Names) -> Result<Vec<(i64, String, String)>, StoreError> {
    let mut sql = Sql::new("SELECT id, slug, name FROM ");
    sql.push(names.table());
    let rows = transaction.fetch_all(sql).await?;
    rows.iter()
        .map(|row| Ok((row.integer("id")?, row.text("slug")?, row.text("name")?)))
        .collect()
}

/// Inserts genres or artists and answers the key of each slug.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_names(
    transaction: &mut Transaction,
    names: Names,
    rows: &[NewName],
) -> Result<HashMap<String, i64>, StoreError> {
    let mut keys = HashMap::new();
    for batch in rows.chunks(BATCH) {
        let common = |row: &NewName| -> Vec<Value> {
            vec![
                row.slug.as_str().into(),
                row.name.as_str().into(),
                row.sort_name.as_str().into(),
            ]
        };
        let columns: Columns = &[("slug", Kind::Key), ("name", Kind::Text), ("sort_name", Kind::Key)];
        let mut sql = Sql::default();
        match names {
            Names::Artists => {
                sql.push("INSERT INTO artists (slug, name, sort_name) ");
                sql.rows_in_order(columns, batch.iter().map(common))
            }
            Names::Genres => {
                let columns: Columns = &[
                    ("slug", Kind::Key),
                    ("name", Kind::Text),
                    ("sort_name", Kind::Key),
                    ("description", Kind::Text),
                ];
                sql.push("INSERT INTO genres (slug, name, sort_name, description) ");
                sql.rows_in_order(
                    columns,
                    batch
                        .iter()
                        .map(|row| [common(row), vec![row.description.as_str().into()]].concat()),
                )
            }
        };
        transaction.execute(sql).await?;
        let mut sql = Sql::new("WITH new (slug) AS (");
        sql.rows(SLUGS, batch.iter().map(|row| vec![row.slug.as_str().into()]))
            .push(") SELECT id, named.slug FROM new JOIN ")
            .push(names.table())
            .push(" AS named ON named.slug = new.slug");
        for row in transaction.fetch_all(sql).await? {
            keys.insert(row.text("slug")?, row.integer("id")?);
        }
    }
    Ok(keys)
}

/// The albums of these identities that are there already.
///
/// # Errors
/// When the database does not answer.
pub async fn stored_albums(
    transaction: &mut Transaction,
    identities: &[Identity],
) -> Result<HashMap<Identity, StoredAlbum>, StoreError> {
    let mut stored = HashMap::new();
    for batch in identities.chunks(BATCH) {
        let mut sql = Sql::new("WITH wanted (artist_id, genre_id, title_key) AS (");
        let columns: Columns = &[
            ("artist_id", Kind::Integer),
            ("genre_id", Kind::Integer),
            ("title_key", Kind::Key),
        ];
        let row = |identity: &Identity| {
            vec![
                identity.artist_id.into(),
                identity.genre_id.into(),
                identity.title_key.as_str().into(),
            ]
        };
        sql.rows(columns, batch.iter().map(row));
        sql.push(
            ") SELECT albums.id, albums.artist_id, albums.genre_id, albums.title_key, albums.title, albums.price_minor, \
             albums.currency, albums.release_date, albums.cover_url, albums.removed_at FROM wanted \
             JOIN albums ON albums.artist_id = wanted.artist_id AND albums.genre_id = wanted.genre_id \
             AND albums.title_key = wanted.title_key",
        );
        for row in transaction.fetch_all(sql).await? {
            let identity = Identity {
                artist_id: row.integer("artist_id")?,
                genre_id: row.integer("genre_id")?,
                title_key: row.text("title_key")?,
            };
            let details = Details {
                title: row.text("title")?,
                price_minor: row.integer("price_minor")?,
                currency: row.text("currency")?,
                release_date: row.optional_text("release_date")?,
                cover_url: row.optional_text("cover_url")?,
            };
            let removed = row.optional_str("removed_at")?.is_some();
            stored.insert(
                identity,
                StoredAlbum {
                    id: row.integer("id")?,
                    details,
                    removed,
                },
            );
        }
    }
    Ok(stored)
}

/// Which of `slugs` name an album already.
///
/// # Errors
/// When the database does not answer.
pub async fn taken_slugs(transaction: &mut Transaction, slugs: &[String]) -> Result<HashSet<String>, StoreError> {
    let mut taken = HashSet::new();
    for batch in slugs.chunks(BATCH) {
        let mut sql = Sql::new("WITH wanted (slug) AS (");
        sql.rows(SLUGS, batch.iter().map(|slug| vec![slug.as_str().into()]))
            .push(") SELECT albums.slug FROM wanted JOIN albums ON albums.slug = wanted.slug");
        for row in transaction.fetch_all(sql).await? {
            taken.insert(row.text("slug")?);
        }
    }
    Ok(taken)
}

const ALBUM: Columns = &[
    ("slug", Kind::Key),
    ("artist_id", Kind::Integer),
    ("genre_id", Kind::Integer),
    ("title_key", Kind::Key),
    ("sort_title", Kind::Key),
    ("title", Kind::Text),
    ("price_minor", Kind::Integer),
    ("currency", Kind::Key),
    ("release_date", Kind::Key),
    ("cover_url", Kind::Text),
    ("copies_sold", Kind::Integer),
    ("created_at", Kind::Key),
    ("updated_at", Kind::Key),
    ("revision", Kind::Integer),
];

/// Inserts albums.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_albums(
    transaction: &mut Transaction,
    albums: &[NewAlbum],
    stamp: &Stamp,
) -> Result<(), StoreError> {
    for batch in albums.chunks(BATCH) {
        let mut sql = Sql::new(
            "INSERT INTO albums (slug, artist_id, genre_id, title_key, sort_title, title, price_minor, currency, release_date, \
             cover_url, copies_sold, created_at, updated_at, revision) ",
        );
        let row = |album: &NewAlbum| {
            vec![
                album.slug.as_str().into(),
                album.identity.artist_id.into(),
                album.identity.genre_id.into(),
                album.identity.title_key.as_str().into(),
                fold(&album.details.title).into(),
                album.details.title.as_str().into(),
                album.details.price_minor.into(),
                album.details.currency.as_str().into(),
                album.details.release_date.as_deref().into(),
                album.details.cover_url.as_deref().into(),
                album.copies_sold.into(),
                stamp.now.as_str().into(),
                stamp.now.as_str().into(),
                stamp.revision.into(),
            ]
        };
        sql.rows_in_order(ALBUM, batch.iter().map(row));
        transaction.execute(sql).await?;
    }
    Ok(())
}

/// Writes what is said of albums that are there.
///
/// # Errors
/// When the database does not answer.
pub async fn update_albums(
    transaction: &mut Transaction,
    albums: &[(i64, Details)],
    stamp: &Stamp,
) -> Result<(), StoreError> {
    for batch in albums.chunks(BATCH) {
        let mut sql =
            Sql::new("WITH changed (id, title, sort_title, price_minor, currency, release_date, cover_url) AS (");
        let columns: Columns = &[
            ("id", Kind::Integer),
            ("title", Kind::Text),
            ("sort_title", Kind::Key),
            ("price_minor", Kind::Integer),
            ("currency", Kind::Key),
            ("release_date", Kind::Key),
            ("cover_url", Kind::Text),
        ];
        let row = |(id, details): &(i64, Details)| {
            vec![
                (*id).into(),
                details.title.as_str().into(),
                fold(&details.title).into(),
                details.price_minor.into(),
                details.currency.as_str().into(),
                details.release_date.as_deref().into(),
                details.cover_url.as_deref().into(),
            ]
        };
        sql.rows(columns, batch.iter().map(row));
        sql.push(
            ") UPDATE albums SET title = changed.title, sort_title = changed.sort_title, price_minor = changed.price_minor, currency = changed.currency, \
             release_date = changed.release_date, cover_url = changed.cover_url, updated_at = ",
        );
        sql.bind(stamp.now.as_str()).push(", revision = ").bind(stamp.revision);
        sql.push(" FROM changed WHERE albums.id = changed.id");
        transaction.execute(sql).await?;
    }
    Ok(())
}

/// The tracks of these albums, each in playing order.
///
/// # Errors
/// When the database does not answer.
pub async fn tracks(transaction: &mut Transaction, albums: &[i64]) -> Result<HashMap<i64, Vec<Track>>, StoreError> {
    let mut tracks = HashMap::new();
    for batch in albums.chunks(BATCH) {
        super::tracks::collect(transaction.fetch_all(super::tracks::select(batch)).await?, &mut tracks)?;
    }
    Ok(tracks)
}

/// Gives albums these tracks in place of those that they have.
///
/// # Errors
/// When the database does not answer.
pub async fn replace_tracks(
    transaction: &mut Transaction,
    albums: Vec<(i64, Vec<Track>)>,
    had_tracks: &[i64],
) -> Result<(), StoreError> {
    for batch in had_tracks.chunks(BATCH) {
        let mut sql = Sql::new("DELETE FROM tracks WHERE album_id IN ");
        sql.bind_list(batch.iter().copied());
        transaction.execute(sql).await?;
    }
    let columns: Columns = &[
        ("album_id", Kind::Integer),
        ("position", Kind::Integer),
        ("title", Kind::Text),
        ("duration_seconds", Kind::Integer),
    ];
    let rows = albums.into_iter().flat_map(|(album, tracks)| {
        tracks
            .into_iter()
            .zip(1_i64..)
            .map(move |(track, position)| -> Vec<Value> {
                vec![
                    album.into(),
                    position.into(),
                    track.title.into(),
                    track.duration_seconds.into(),
                ]
            })
    });
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let mut sql = Sql::new("INSERT INTO tracks (album_id, position, title, duration_seconds) ");
        sql.rows(columns, rows.by_ref().take(BATCH));
        transaction.execute(sql).await?;
    }
    Ok(())
}
