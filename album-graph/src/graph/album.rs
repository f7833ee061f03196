//! Albums and their tracks.

use async_graphql::{Context, ID, Object, Result};

use super::artist::Artist;
use super::batch::{Albums, Member};
use super::error::GraphError;
use super::genre::Genre;
use super::id::{self, Kind};
use super::listing::{self, AlbumConnection, AlbumOrder, ListingArguments, WhereArguments};
use super::paging::{self, Paging};
use super::scalars::{DateTime, Money, ReleaseDate};
use crate::catalogue;
use crate::store::albums::{self, Filter, Listing, Order};
use crate::store::{Bounds, Database, Page};

/// The most tracks of an album that are asked for at once.
const MOST_TRACKS: usize = 5_000;

/// An album in the shop.
pub(super) struct Album(pub Member<Albums>);

impl Album {
    fn row(&self) -> &albums::Album {
        &self.0.batch.rows[self.0.index]
    }

    /// Albums that were fetched together.
    pub fn all(database: &Database, rows: Vec<albums::Album>) -> Vec<Self> {
        let batch = Albums::new(database.clone(), rows);
        Member::all(&batch, 0..batch.rows.len()).map(Self).collect()
    }

    pub fn key(&self) -> i64 {
        self.row().id
    }
}

/// An album in the shop.
#[Object(serial)]
impl Album {
    /// Names the album among all things of the shop; opaque.
    pub(super) async fn id(&self) -> ID {
        Kind::Album.id(self.row().id)
    }

    /// Names the album in a URL; it never changes.
    async fn slug(&self) -> &str {
        &self.row().slug
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.row().title
    }

    /// What one copy costs.
    async fn price(&self) -> Money {
        Money(self.row().price)
    }

    /// Whether a copy can be bought at this moment.
    async fn available(&self) -> Result<bool> {
        let row = self.row();
        let stock = self.0.batch.stock().await?;
        Ok(!row.removed && stock.get(&row.id) != Some(&0))
    }

    /// When it was first released, as far as known.
    async fn release_date(&self) -> Option<ReleaseDate> {
        self.row().release_date.clone().map(ReleaseDate)
    }

    /// The `https` address of a picture of its cover; null where there is none.
    async fn cover_url(&self) -> Option<&str> {
        self.row().cover_url.as_deref()
    }

    /// Whose album it is.
    async fn artist(&self) -> Result<Artist> {
        let artists = self.0.batch.artists().await?;
        let index = artists
            .position(self.row().artist_id)
            .ok_or("The album has no artist.")?;
        Ok(Artist(Member { batch: artists, index }))
    }

    /// The genre it is listed in.
    async fn genre(&self) -> Result<Genre> {
        let genres = self.0.batch.genres().await?;
        let index = genres.position(self.row().genre_id).ok_or("The album has no genre.")?;
        Ok(Genre(Member { batch: genres, index }))
    }

    /// Its tracks in playing order; empty where they are not known.
    async fn tracks(
        &self,
        #[graphql(desc = "How many tracks from the start, 1 to 5,000.", default = 100)] first: i32,
    ) -> Result<Vec<Track>> {
        let most = usize::try_from(first)
            .ok()
            .filter(|first| (1..=MOST_TRACKS).contains(first));
        let most = most.ok_or_else(|| {
            GraphError::bad_input("first", format!("`first` is {first}, but must be 1 to {MOST_TRACKS}."))
        })?;
        let tracks = self.0.batch.tracks().await?;
        let tracks = tracks.get(&self.row().id).map_or(&[] as &[_], Vec::as_slice);
        Ok(tracks
            .iter()
            .take(most)
            .cloned()
            .zip(1..)
            .map(|(track, position)| Track { track, position })
            .collect())
    }

    /// When it came into the shop.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row().created_at.clone())
    }

    /// When something about it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.row().updated_at.clone())
    }
}

/// One track of an album.
pub(super) struct Track {
    pub track: catalogue::Track,
    pub position: i32,
}

/// One track of an album.
#[Object(serial)]
impl Track {
    /// Where it stands on the album, from 1.
    async fn position(&self) -> i32 {
        self.position
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.track.title
    }

    /// How long it plays, in seconds; null where that is not known.
    async fn duration(&self) -> Option<i64> {
        self.track.duration_seconds
    }
}

/// The ways to albums.
#[derive(Default)]
pub(super) struct AlbumQuery;

#[Object]
impl AlbumQuery {
    /// One album, by its id or its slug; null where there is none, or it is no longer for sale.
    async fn album(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The album's id. Give either this or `slug`.")] id: Option<ID>,
        #[graphql(desc = "The album's slug. Give either this or `id`.")] slug: Option<String>,
    ) -> Result<Option<Album>> {
        let database: &Database = context.data()?;
        let row = match (id, slug) {
            (Some(id), None) => match id::parse(&id) {
                Some((Kind::Album, key)) => albums::by_ids(database, &[key]).await.map_err(GraphError::from)?.pop(),
                _ => None,
            },
            (None, Some(slug)) => albums::by_slug(database, &slug).await.map_err(GraphError::from)?,
            _ => return Err(GraphError::bad_input("slug", "Give either `id` or `slug`.").into()),
        };
        Ok(Album::all(database, row.into_iter().collect()).pop())
    }

    /// The albums of the shop, filtered, ordered and in pages.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the GraphQL field")]
    async fn albums(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many albums from the start, 1 to 100. Give either this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only albums that follow this cursor.")] after: Option<String>,
        #[graphql(desc = "How many albums from the end, 1 to 100. Give either this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only albums that precede this cursor.")] before: Option<String>,
        #[graphql(
            desc = "How many albums to pass over, for numbered pages; not together with a cursor.",
            default = 0
        )]
        skip: Option<i32>,
        #[graphql(desc = "Which albums; all of them where left out.")] r#where: Option<WhereArguments>,
        #[graphql(desc = "In which order.", default_with = "Some(AlbumOrder::BestSelling)")] order_by: Option<
            AlbumOrder,
        >,
    ) -> Result<AlbumConnection> {
        let paging = Paging {
            first,
            after,
            last,
            before,
            skip: skip.unwrap_or(0),
        };
        let arguments = ListingArguments {
            paging,
            filter: r#where.unwrap_or_default(),
            order: order_by.unwrap_or(AlbumOrder::BestSelling),
        };
        Ok(listing::shop(context.data()?, arguments).await?)
    }

    /// The albums that sold most copies, best first.
    async fn top_sellers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<Album>> {
        Ok(ranked(context.data()?, Order::BestSelling, first).await?)
    }

    /// The albums that came into the shop last, newest first.
    async fn newest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<Album>> {
        Ok(ranked(context.data()?, Order::Newest, first).await?)
    }
}

async fn ranked(database: &Database, order: Order, first: i32) -> Result<Vec<Album>, GraphError> {
    let page = Page {
        size: paging::count(first)?,
        from_end: false,
        skip: 0,
        bounds: Bounds::default(),
    };
    let slice = albums::page(
        database,
        &Listing {
            filter: Filter::default(),
            order,
            page,
        },
    )
    .await?;
    Ok(Album::all(database, slice.rows))
}
