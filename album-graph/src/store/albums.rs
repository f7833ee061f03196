//! Albums: by id, by slug, and in pages of any order, of the shop or of several genres or artists at once.

use std::collections::HashMap;

use super::artists::Artist;
use super::database::Row;
use super::filter::Way;
use super::keyset::{Ordering, pages_at_once, push_page, slice};
use super::sql::Sql;
use super::{Database, Key, Page, Position, Slice, StoreError};
use crate::catalogue::{Money, ReleaseDate};

pub use super::filter::Filter;

/// An album.
#[derive(Clone, Debug)]
pub struct Album {
    /// Its key.
    pub id: i64,
    /// What names it in a URL.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// What orders it by title.
    pub sort_title: String,
    /// Whose it is.
    pub artist_id: i64,
    /// What it is.
    pub genre_id: i64,
    /// What it costs.
    pub price: Money,
    /// When it first appeared, as far as known.
    pub release_date: Option<ReleaseDate>,
    /// A picture of its cover.
    pub cover_url: Option<String>,
    /// How many copies were sold so far.
    pub copies_sold: i64,
    /// When it came into the shop (RFC 3339).
    pub created_at: String,
    /// When it was changed last (RFC 3339).
    pub updated_at: String,
    /// Whether it is no longer for sale: only those who have to do with it already see it then.
    pub removed: bool,
}

const SELECT: &str = "SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date, \
     release_order, cover_url, copies_sold, created_at, updated_at, removed_at FROM albums WHERE removed_at IS NULL";

/// The same columns, where other tables are joined.
pub(super) const JOINED: &str = "albums.id, albums.slug, albums.title, albums.sort_title, albums.artist_id, albums.genre_id, \
     albums.price_minor, albums.currency, albums.release_date, albums.cover_url, albums.copies_sold, albums.created_at, \
     albums.updated_at, albums.removed_at";

const SELECT_WITH_ARTIST: &str = "SELECT albums.id, albums.slug, title, sort_title, artist_id, genre_id, price_minor, currency, \
     release_date, cover_url, copies_sold, created_at, updated_at, removed_at, artists.slug AS artist_slug, artists.name AS artist_name, \
     artists.sort_name AS artist_sort_name FROM albums JOIN artists ON artists.id = artist_id WHERE removed_at IS NULL";

pub(super) fn album(row: &Row) -> Result<Album, StoreError> {
    Ok(Album {
        id: row.integer("id")?,
        slug: row.text("slug")?,
        title: row.text("title")?,
        sort_title: row.text("sort_title")?,
        artist_id: row.integer("artist_id")?,
        genre_id: row.integer("genre_id")?,
        price: Money {
            amount: row.integer("price_minor")?,
            currency: row.currency("currency")?,
        },
        release_date: row
            .optional_str("release_date")?
            .map(str::parse)
            .transpose()
            .map_err(|_| StoreError::Corrupt { column: "release_date" })?,
        cover_url: row.optional_text("cover_url")?,
        copies_sold: row.integer("copies_sold")?,
        created_at: row.text("created_at")?,
        updated_at: row.text("updated_at")?,
        removed: row.optional_str("removed_at")?.is_some(),
    })
}

/// In which order albums are listed; rows of equal rank follow by title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// By copies sold, most first.
    BestSelling,
    /// By title, A to Z.
    Title,
    /// By title, Z to A.
    TitleDescending,
    /// By price, lowest first.
    Price,
    /// By price, highest first.
    PriceDescending,
    /// By release date, oldest first; an album without one counts as the oldest.
    Released,
    /// By release date, newest first; an album without one comes last.
    ReleasedDescending,
    /// By when they came into the shop, last first.
    Newest,
}

impl Order {
    fn ordering(self) -> Ordering {
        let (column, descending) = match self {
            Self::BestSelling => ("copies_sold", true),
            Self::Title => ("sort_title", false),
            Self::TitleDescending => ("sort_title", true),
            Self::Price => ("price_minor", false),
            Self::PriceDescending => ("price_minor", true),
            Self::Released => ("release_order", false),
            Self::ReleasedDescending => ("release_order", true),
            Self::Newest => ("id", true),
        };
        Ordering {
            column,
            descending,
            titled: !matches!(self, Self::Title | Self::TitleDescending | Self::Newest),
            aside: false,
        }
    }

    /// Where `album` stands in this order.
    #[must_use]
    pub fn position(self, album: &Album) -> Position {
        let released = || {
            album
                .release_date
                .as_ref()
                .map(ReleaseDate::first_day)
                .unwrap_or_default()
        };
        let key = match self {
            Self::BestSelling => Key::Integer(album.copies_sold),
            Self::Title | Self::TitleDescending => Key::Text(album.sort_title.clone()),
            Self::Price | Self::PriceDescending => Key::Integer(album.price.amount),
            Self::Released | Self::ReleasedDescending => Key::Text(released()),
            Self::Newest => Key::Integer(album.id),
        };
        Position {
            key,
            title: self.ordering().titled.then(|| album.sort_title.clone()),
            id: album.id,
        }
    }
}

/// A list of albums: which, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listing {
    /// Which albums.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// Which part of them.
    pub page: Page,
}

impl Listing {
    /// Appends the page, of one owner's albums where there is one.
    pub(super) fn push(&self, sql: &mut Sql, owner: Option<(Owner, i64)>, way: Way) {
        let narrow = |sql: &mut Sql| {
            if let Some((owner, id)) = owner {
                sql.push(" AND ").push(owner.column()).push(" = ").bind(id);
            }
            self.filter.push(sql, way);
        };
        let order = Ordering {
            aside: way == Way::ThroughFilter,
            ..self.order.ordering()
        };
        push_page(sql, SELECT, narrow, order, &self.page);
    }

    fn slice(&self, rows: Vec<Album>) -> Slice<Album> {
        slice(rows, self.order.ordering(), &self.page, |album| {
            self.order.position(album)
        })
    }
}

/// What albums can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Albums of genres.
    Genre,
    /// Albums by artists.
    Artist,
}

impl Owner {
    fn column(self) -> &'static str {
        match self {
            Self::Genre => "genre_id",
            Self::Artist => "artist_id",
        }
    }

    fn of(self, album: &Album) -> i64 {
        match self {
            Self::Genre => album.genre_id,
            Self::Artist => album.artist_id,
        }
    }
}

/// The album of this slug.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slug(database: &Database, slug: &str) -> Result<Option<Album>, StoreError> {
    let mut sql = Sql::new(SELECT);
    sql.push(" AND slug = ").bind(slug);
    let found = database.fetch_optional(sql).await?.as_ref().map(album).transpose()?;
    // SQL Server overlooks blanks at the end.
    Ok(found.filter(|album| album.slug == slug))
}

/// The albums of these ids, in any order.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(database: &Database, ids: &[i64]) -> Result<Vec<Album>, StoreError> {
    let question = |ids: &[i64]| {
        let mut sql = Sql::new(SELECT);
        sql.push(" AND id IN ").bind_list(ids.iter().copied());
        sql
    };
    database.fetch_for(ids, question).await?.iter().map(album).collect()
}

/// The albums of these ids, in any order, and the artists whose they are, each once.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids_with_artists(database: &Database, ids: &[i64]) -> Result<(Vec<Album>, Vec<Artist>), StoreError> {
    let question = |ids: &[i64]| {
        let mut sql = Sql::new(SELECT_WITH_ARTIST);
        sql.push(" AND albums.id IN ").bind_list(ids.iter().copied());
        sql
    };
    let (mut albums, mut artists) = (Vec::new(), Vec::<Artist>::new());
    for row in database.fetch_for(ids, question).await? {
        let album = album(&row)?;
        if artists.iter().all(|artist| artist.id != album.artist_id) {
            artists.push(Artist {
                id: album.artist_id,
                slug: row.text("artist_slug")?,
                name: row.text("artist_name")?,
                sort_name: row.text("artist_sort_name")?,
            });
        }
        albums.push(album);
    }
    Ok((albums, artists))
}

/// A page of the shop's albums.
///
/// # Errors
/// When the database does not answer.
pub async fn page(database: &Database, listing: &Listing) -> Result<Slice<Album>, StoreError> {
    let way = if listing.filter.artist_id.is_some() {
        Way::ThroughFilter
    } else if listing.filter.crosses(listing.order) {
        Way::to(count(database, &listing.filter).await?)
    } else {
        Way::Free
    };
    let mut sql = Sql::default();
    listing.push(&mut sql, None, way);
    let rows: Vec<Album> = database
        .fetch_all(sql)
        .await?
        .iter()
        .map(album)
        .collect::<Result<_, _>>()?;
    Ok(listing.slice(rows))
}

/// A page of the albums of each of `owners`, in a statement that seeks each owner's page by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn pages_of(
    database: &Database,
    owner: Owner,
    owners: &[i64],
    listing: &Listing,
) -> Result<HashMap<i64, Slice<Album>>, StoreError> {
    let mut rows: HashMap<i64, Vec<Album>> = owners.iter().map(|id| (*id, Vec::new())).collect();
    let counts = if owner == Owner::Genre && listing.filter.crosses(listing.order) {
        Some(counts_of(database, owner, owners, &listing.filter).await?)
    } else {
        None
    };
    let page = |id: i64| {
        let way = match (owner, &counts) {
            (Owner::Artist, _) => Way::ThroughFilter,
            (Owner::Genre, None) => Way::Free,
            (Owner::Genre, Some(counts)) => Way::to(counts.get(&id).copied().unwrap_or(0)),
        };
        let mut sql = Sql::default();
        listing.push(&mut sql, Some((owner, id)), way);
        sql
    };
    // Every page binds as many values as the first.
    let most = owners.first().map_or(1, |id| pages_at_once(page(*id).values()));
    for owners in owners.chunks(most) {
        let mut sql = Sql::default();
        for (index, id) in owners.iter().enumerate() {
            sql.push(if index == 0 { "" } else { " UNION ALL " }).append(page(*id));
        }
        for row in database.fetch_all(sql).await? {
            let album = album(&row)?;
            rows.entry(owner.of(&album)).or_default().push(album);
        }
    }
    Ok(rows.into_iter().map(|(id, rows)| (id, listing.slice(rows))).collect())
}

/// How many albums pass `filter`: counted once for each revision of the catalogue.
///
/// # Errors
/// When the database does not answer.
pub async fn count(database: &Database, filter: &Filter) -> Result<i64, StoreError> {
    let find = async {
        let mut sql = Sql::new("SELECT COUNT(*) AS total FROM albums WHERE removed_at IS NULL");
        filter.push(&mut sql, Way::Free);
        let row = database.fetch_optional(sql).await?;
        row.map_or(Ok(0), |row| row.integer("total"))
    };
    database.memos().albums.get(database, filter.clone(), find).await
}

/// How many albums of each of `owners` pass `filter`, counted once for each revision of the catalogue; an owner without any is
/// left out.
///
/// # Errors
/// When the database does not answer.
pub async fn counts_of(
    database: &Database,
    owner: Owner,
    owners: &[i64],
    filter: &Filter,
) -> Result<HashMap<i64, i64>, StoreError> {
    let find = async {
        let rows = database
            .fetch_for(owners, |owners| count_of(owner, owners, filter))
            .await?;
        let counts = rows
            .iter()
            .map(|row| Ok((row.integer("owner")?, row.integer("total")?)));
        counts.collect()
    };
    let question = (owner, owners.to_vec(), filter.clone());
    database.memos().albums_of.get(database, question, find).await
}

fn count_of(owner: Owner, owners: &[i64], filter: &Filter) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(owner.column())
        .push(" AS owner, COUNT(*) AS total FROM albums WHERE removed_at IS NULL");
    filter.push(&mut sql, Way::Free);
    sql.push(" AND ")
        .push(owner.column())
        .push(" IN ")
        .bind_list(owners.iter().copied());
    sql.push(" GROUP BY ").push(owner.column());
    sql
}
