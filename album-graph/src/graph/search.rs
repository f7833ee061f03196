//! Search: what somebody typed, and what it leads to.

use std::sync::Arc;

use async_graphql::connection::{Connection, ConnectionNameType, Edge, EdgeNameType};
use async_graphql::{Context, Enum, Object, OutputType, Result, SimpleObject};

use super::album::Album;
use super::batch::Albums;
use super::error::GraphError;
use super::found::WhereFound;
use super::genre::Genre;
use super::listing::{self, WhereArguments};
use super::paging::{self, Cursor, Paging};
use super::scalars::ReleaseDate;
use crate::search::{Found, Marker, Order, Query, Search, Searcher, Snapshot};
use crate::store::{Database, albums};

/// So many albums are answered where the client does not say.
const PAGE: i32 = 24;
/// Most albums that are passed over.
const FARTHEST: i32 = 10_000;
/// Most decades that are counted: those of a thousand years.
const MOST_DECADES: usize = 100;

/// In which order albums are found. Albums of equal rank follow by title, A to Z.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum SearchOrder {
    /// The best match first: the very title or artist that was typed, then what begins with it, then titles and artists with all
    /// words, then albums with all words, among them in genre and tracks; typed as they are before mistyped ones. Equally good
    /// matches follow by copies sold.
    Relevance,
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

impl From<SearchOrder> for Order {
    fn from(order: SearchOrder) -> Self {
        match order {
            SearchOrder::Relevance => Self::Relevance,
            SearchOrder::BestSelling => Self::BestSelling,
            SearchOrder::TitleAsc => Self::Title,
            SearchOrder::TitleDesc => Self::TitleDescending,
            SearchOrder::PriceAsc => Self::Price,
            SearchOrder::PriceDesc => Self::PriceDescending,
            SearchOrder::ReleasedAsc => Self::Released,
            SearchOrder::ReleasedDesc => Self::ReleasedDescending,
        }
    }
}

/// What the cursors of a search in an order are marked with, so that one of another search or order is noticed.
fn list_name(query: &Query, order: SearchOrder) -> String {
    let order = match order {
        SearchOrder::Relevance => "found",
        SearchOrder::BestSelling => "found best",
        SearchOrder::TitleAsc => "found title",
        SearchOrder::TitleDesc => "found -title",
        SearchOrder::PriceAsc => "found price",
        SearchOrder::PriceDesc => "found -price",
        SearchOrder::ReleasedAsc => "found released",
        SearchOrder::ReleasedDesc => "found -released",
    };
    format!("{order} {:016x}", query.fingerprint())
}

/// How many of the albums found are of a genre.
#[derive(SimpleObject)]
#[graphql(serial)]
struct GenreFacet {
    /// The genre; its slug narrows the search with `where.genre`.
    genre: Genre,
    /// How many albums.
    count: u64,
}

/// How many of the albums found were released in a decade.
#[derive(SimpleObject)]
#[graphql(serial)]
struct DecadeFacet {
    /// Its first year, for `where.releasedFrom`.
    released_from: ReleaseDate,
    /// Its last year, for `where.releasedTo`.
    released_to: ReleaseDate,
    /// How many albums.
    count: u64,
}

/// How many of the albums found cost so much.
#[derive(SimpleObject)]
#[graphql(serial)]
struct PriceFacet {
    /// The lowest price of the band in minor units, for `where.minPrice`.
    min_price: u32,
    /// Its highest price, for `where.maxPrice`; null for the band without an end.
    max_price: Option<u32>,
    /// How many albums.
    count: u64,
}

/// How the albums found are spread. Each facet is counted as if nothing of its own kind were filtered, so that it shows what
/// another choice would find.
pub(super) struct SearchFacets<'a> {
    found: &'a Found,
    snapshot: &'a Snapshot,
    database: &'a Database,
}

/// How the albums found are spread. Each facet is counted as if nothing of its own kind were filtered, so that it shows what
/// another choice would find.
#[Object]
impl SearchFacets<'_> {
    /// By genre, most albums first.
    async fn genres(&self) -> Vec<GenreFacet> {
        let counts = &self.found.facets.genres;
        let rows = self
            .snapshot
            .genres()
            .iter()
            .filter(|genre| counts.contains_key(&genre.id));
        let mut rows: Vec<_> = rows.cloned().collect();
        // Genres come by name, and a stable sort keeps that among equals.
        rows.sort_by_key(|genre| std::cmp::Reverse(counts[&genre.id]));
        let numbers: Vec<u64> = rows.iter().map(|genre| counts[&genre.id]).collect();
        let genres = Genre::all(self.database, rows).into_iter().zip(numbers);
        genres.map(|(genre, count)| GenreFacet { genre, count }).collect()
    }

    /// By decade of release, latest first, at most 100; albums without a release date are in none.
    async fn decades(&self) -> Vec<DecadeFacet> {
        let year = |year: u32| year.to_string().parse().ok().map(ReleaseDate);
        // Years have four digits, and so each is a date.
        let decades = self
            .found
            .facets
            .decades
            .iter()
            .rev()
            .take(MOST_DECADES)
            .filter_map(|(first, count)| {
                Some(DecadeFacet {
                    released_from: year(*first)?,
                    released_to: year(first + 9)?,
                    count: *count,
                })
            });
        decades.collect()
    }

    /// By price, lowest first.
    async fn prices(&self) -> Vec<PriceFacet> {
        let bands = self.found.facets.prices.iter();
        bands
            .map(|(band, count)| PriceFacet {
                min_price: band.min,
                max_price: band.max,
                count: *count,
            })
            .collect()
    }
}

/// What was found beside the albums of a page.
pub(super) struct SearchFields {
    found: Found,
    snapshot: Arc<Snapshot>,
    database: Database,
}

#[Object]
impl SearchFields {
    /// How many albums were found in all.
    async fn total_count(&self) -> u64 {
        self.found.total
    }

    /// How they are spread over genres, decades and prices.
    async fn facets(&self) -> SearchFacets<'_> {
        SearchFacets {
            found: &self.found,
            snapshot: &self.snapshot,
            database: &self.database,
        }
    }

    /// What was probably meant, folded to lower case without accents, where nothing has every word as it was typed; null otherwise.
    async fn did_you_mean(&self) -> Option<&str> {
        self.found.did_you_mean.as_deref()
    }
}

/// Names the types of a page of a search.
pub(super) struct SearchName;

impl ConnectionNameType for SearchName {
    fn type_name<T: OutputType>() -> String {
        "SearchConnection".to_owned()
    }
}

impl EdgeNameType for SearchName {
    fn type_name<T: OutputType>() -> String {
        "SearchEdge".to_owned()
    }
}

/// A page of albums that were found.
pub(super) type SearchConnection = Connection<Cursor, Album, SearchFields, WhereFound, SearchName, SearchName>;

/// The way to whatever somebody may be looking for.
#[derive(Default)]
pub(super) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// The albums that match what somebody typed: by title, artist, genre and track, with the words in any order, the last one
    /// perhaps only begun. Case, accents, apostrophes and `&` for `and` make no difference. Where little matches, a word of four
    /// to seven letters may have one typing mistake, a longer one two. One or two letters alone find what has them as a word, and
    /// titles and artists that begin with them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the GraphQL field")]
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "What was typed, in whatever form; of a long text the first 200 characters and 12 words count. \
            Nothing is found for a blank one."
        )]
        query: String,
        #[graphql(desc = "How many albums, 1 to 100.", default_with = "Some(PAGE)")] first: Option<i32>,
        #[graphql(desc = "Only albums that follow this cursor of the same search in the same order.")] after: Option<
            String,
        >,
        #[graphql(
            desc = "How many albums to pass over, for numbered pages, at most 10,000; not together with a cursor.",
            default = 0
        )]
        skip: Option<i32>,
        #[graphql(desc = "Which albums; all that match where left out.")] r#where: Option<WhereArguments>,
        #[graphql(desc = "In which order.", default_with = "Some(SearchOrder::Relevance)")] order_by: Option<
            SearchOrder,
        >,
    ) -> Result<SearchConnection> {
        let order = order_by.unwrap_or(SearchOrder::Relevance);
        let paging = Paging {
            first: first.or(Some(PAGE)),
            after,
            last: None,
            before: None,
            skip: skip.unwrap_or(0),
        };
        if !(0..=FARTHEST).contains(&paging.skip) {
            let message = format!("`skip` is 0 to {FARTHEST} in a search: narrow it, or go on with a cursor.");
            return Err(GraphError::bad_input("skip", message).into());
        }
        let query = Arc::new(Query::new(&query));
        let list = list_name(&query, order);
        let page = paging.page(&list)?;
        let database: &Database = context.data()?;
        let search = Search {
            filter: (&listing::resolve_filter(database, &r#where.unwrap_or_default()).await?).into(),
            order: order.into(),
            size: usize::try_from(page.size).unwrap_or(0),
            skip: usize::try_from(page.skip).unwrap_or(0),
            after: page.bounds.after.as_ref().map(Into::into),
            query: Arc::clone(&query),
            facets: context.look_ahead().field("facets").exists(),
        };
        let (snapshot, found) = ask(context.data()?, move |snapshot| snapshot.find(&search)).await?;
        let marker = Marker::new(&query, found.forgiven);
        let keys: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
        let albums = by_keys(database, &keys, &snapshot).await?;
        let (previous, next) = paging::neighbours(&page, found.more);
        let edges = WhereFound::all(database, &albums, marker).filter_map(|(album, place)| {
            let row = &albums.rows[album.index];
            let hit = found.hits.iter().find(|hit| hit.id == row.id)?;
            let cursor = Cursor::new(list.clone(), hit.position(row.sort_title.clone()).into());
            Some(Edge::with_additional_fields(cursor, Album(album), place))
        });
        let edges: Vec<_> = edges.collect();
        let fields = SearchFields {
            found,
            snapshot,
            database: database.clone(),
        };
        let mut connection = Connection::with_additional_fields(previous, next, fields);
        connection.edges = edges;
        Ok(connection)
    }
}

/// Albums in the order of their keys; one that has left the shop meanwhile is left out.
pub(super) async fn by_keys(database: &Database, keys: &[i64], snapshot: &Snapshot) -> Result<Arc<Albums>, GraphError> {
    let (mut rows, artists) = if keys.is_empty() {
        Default::default()
    } else {
        albums::by_ids_with_artists(database, keys).await?
    };
    rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
    let genres = snapshot.genres().to_vec();
    Ok(Albums::of(database.clone(), rows, artists, genres))
}

/// Asks the index.
pub(super) async fn ask<T: Send + 'static>(
    searcher: &Searcher,
    question: impl FnOnce(&Snapshot) -> album_search::Result<T> + Send + 'static,
) -> Result<(Arc<Snapshot>, T), GraphError> {
    let answer = searcher.ask(question).await?;
    answer.ok_or_else(GraphError::unprepared)
}
