//! Lists of albums: filter, order and page as a client gives them.

use std::sync::Arc;

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Enum, InputObject, Object};

use super::album::Album;
use super::batch::{Albums, Member, OwnerRow, Owners};
use super::error::GraphError;
use super::paging::{Cursor, Paging, neighbours};
use super::scalars::ReleaseDate;
use crate::store::albums::{self, Filter, Listing, Order};
use crate::store::{Database, Page, artists, genres};

/// Which albums to list; conditions that are left out let every album through.
#[derive(InputObject, Clone, Debug, Default, PartialEq, Eq, Hash)]
#[graphql(name = "AlbumFilter")]
pub(super) struct WhereArguments {
    /// Only of the genre with this slug.
    genre: Option<String>,
    /// Only by the artist with this slug.
    artist: Option<String>,
    /// Only at this price or above, in minor units: 500 is 5.00.
    min_price: Option<i64>,
    /// Only at this price or below, in minor units: 999 is 9.99.
    max_price: Option<i64>,
    /// Only released then or later; `1990` starts with the first day of 1990.
    released_from: Option<ReleaseDate>,
    /// Only released then or earlier; `1999` ends with the last day of 1999.
    released_to: Option<ReleaseDate>,
}

/// In which order albums are listed. Albums of equal rank follow by title, A to Z.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum AlbumOrder {
    /// Most copies sold first.
    BestSelling,
    /// By title, A to Z, whatever its case and accents.
    TitleAsc,
    /// By title, Z to A, whatever its case and accents.
    TitleDesc,
    /// Lowest price first.
    PriceAsc,
    /// Highest price first.
    PriceDesc,
    /// Oldest release first; an album whose release date is not known counts as the oldest.
    ReleasedAsc,
    /// Newest release first; an album whose release date is not known comes last.
    ReleasedDesc,
}

impl From<AlbumOrder> for Order {
    fn from(order: AlbumOrder) -> Self {
        match order {
            AlbumOrder::BestSelling => Self::BestSelling,
            AlbumOrder::TitleAsc => Self::Title,
            AlbumOrder::TitleDesc => Self::TitleDescending,
            AlbumOrder::PriceAsc => Self::Price,
            AlbumOrder::PriceDesc => Self::PriceDescending,
            AlbumOrder::ReleasedAsc => Self::Released,
            AlbumOrder::ReleasedDesc => Self::ReleasedDescending,
        }
    }
}

/// What a client says of a list of albums.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListingArguments {
    pub paging: Paging,
    pub filter: WhereArguments,
    pub order: AlbumOrder,
}

/// Checks what a client says of a list and looks up what it names.
pub(super) async fn resolve(database: &Database, arguments: &ListingArguments) -> Result<Listing, GraphError> {
    let page = arguments.paging.page(list_name(arguments.order))?;
    let filter = resolve_filter(database, &arguments.filter).await?;
    Ok(Listing {
        filter,
        order: arguments.order.into(),
        page,
    })
}

/// Checks a filter and looks up the genre and the artist that it names.
pub(super) async fn resolve_filter(database: &Database, filter: &WhereArguments) -> Result<Filter, GraphError> {
    for (field, price) in [
        ("where.minPrice", filter.min_price),
        ("where.maxPrice", filter.max_price),
    ] {
        if price.is_some_and(|price| price < 0) {
            return Err(GraphError::bad_input(field, format!("`{field}` must not be negative.")));
        }
    }
    if filter
        .min_price
        .zip(filter.max_price)
        .is_some_and(|(min, max)| min > max)
    {
        return Err(GraphError::bad_input(
            "where.minPrice",
            "`where.minPrice` is above `where.maxPrice`.",
        ));
    }
    let (from, to) = (filter.released_from.as_ref(), filter.released_to.as_ref());
    if from
        .zip(to)
        .is_some_and(|(from, to)| *from.0.as_str() > *to.0.upper_bound())
    {
        return Err(GraphError::bad_input(
            "where.releasedFrom",
            "`where.releasedFrom` is after `where.releasedTo`.",
        ));
    }
    let missing =
        |field, kind, slug: &str| GraphError::not_found(field, format!("There is no {kind} with the slug {slug:?}."));
    let (mut genre_id, mut artist_id) = (None, None);
    if let Some(slug) = &filter.genre {
        let genre = genres::by_slug(database, slug).await?;
        genre_id = Some(genre.ok_or_else(|| missing("where.genre", "genre", slug))?.id);
    }
    if let Some(slug) = &filter.artist {
        let artist = artists::by_slug(database, slug).await?;
        artist_id = Some(artist.ok_or_else(|| missing("where.artist", "artist", slug))?.id);
    }
    Ok(Filter {
        genre_id,
        artist_id,
        min_price: filter.min_price,
        max_price: filter.max_price,
        released_from: from.map(|date| date.0.clone()),
        released_to: to.map(|date| date.0.clone()),
    })
}

/// What the cursors of an order are marked with, so that one of another order is noticed.
fn list_name(order: AlbumOrder) -> &'static str {
    match order {
        AlbumOrder::BestSelling => "best",
        AlbumOrder::TitleAsc => "title",
        AlbumOrder::TitleDesc => "-title",
        AlbumOrder::PriceAsc => "price",
        AlbumOrder::PriceDesc => "-price",
        AlbumOrder::ReleasedAsc => "released",
        AlbumOrder::ReleasedDesc => "-released",
    }
}

/// A page of albums.
pub(super) type AlbumConnection = Connection<Cursor, Album, AlbumTotal>;

/// A page of the shop's albums.
pub(super) async fn shop(database: &Database, arguments: ListingArguments) -> Result<AlbumConnection, GraphError> {
    let listing = resolve(database, &arguments).await?;
    let slice = albums::page(database, &listing).await?;
    let albums = Albums::new(database.clone(), slice.rows);
    let total = AlbumTotal::Shop(database.clone(), listing.filter.clone());
    let rows = 0..albums.rows.len();
    Ok(connection(
        &albums,
        rows,
        arguments.order,
        (&listing.page, slice.more),
        total,
    ))
}

/// A page of the albums of one genre or artist.
pub(super) async fn owned<R: OwnerRow + Send + Sync + 'static>(
    owner: &Member<Owners<R>>,
    arguments: ListingArguments,
) -> Result<AlbumConnection, GraphError> {
    let (order, filter) = (arguments.order, arguments.filter.clone());
    let pages = owner.batch.pages(arguments).await?;
    let id = owner.batch.rows[owner.index].id();
    let (rows, more) = pages.pages.get(&id).cloned().unwrap_or((0..0, false));
    let batch = Arc::clone(&owner.batch);
    let total = AlbumTotal::Owned(Box::new(move || {
        let (batch, filter) = (Arc::clone(&batch), filter.clone());
        Box::pin(async move { Ok(batch.counts(&filter).await?.get(&id).copied().unwrap_or(0)) })
    }));
    Ok(connection(&pages.albums, rows, order, (&pages.page, more), total))
}

fn connection(
    albums: &Arc<Albums>,
    rows: std::ops::Range<usize>,
    order: AlbumOrder,
    (page, more): (&Page, bool),
    total: AlbumTotal,
) -> AlbumConnection {
    let (previous, next) = neighbours(page, more);
    let mut connection = Connection::with_additional_fields(previous, next, total);
    connection.edges.extend(Member::all(albums, rows).map(|member| {
        let position = Order::from(order).position(&albums.rows[member.index]);
        Edge::new(Cursor::new(list_name(order), position), Album(member))
    }));
    connection
}

type Counting = std::pin::Pin<Box<dyn Future<Output = Result<i64, GraphError>> + Send>>;

/// How many albums a list has, counted only when asked.
pub(super) enum AlbumTotal {
    Shop(Database, Filter),
    Owned(Box<dyn Fn() -> Counting + Send + Sync>),
}

#[Object]
impl AlbumTotal {
    /// How many albums the whole list has.
    async fn total_count(&self) -> async_graphql::Result<i64> {
        let counted = match self {
            Self::Shop(database, filter) => albums::count(database, filter).await.map_err(GraphError::from),
            Self::Owned(count) => count().await,
        };
        Ok(counted?)
    }
}
