//! Artists.

use std::sync::Arc;

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, ID, Object, Result};

use super::batch::{Member, Owners};
use super::error::GraphError;
use super::id::Kind;
use super::listing::{self, AlbumConnection, AlbumOrder, ListingArguments, WhereArguments};
use super::paging::{self, Cursor, Paging};
use crate::store::{Database, artists};

/// Somebody whose albums the shop sells.
pub(super) struct Artist(pub Member<Owners<artists::Artist>>);

impl Artist {
    fn row(&self) -> &artists::Artist {
        &self.0.batch.rows[self.0.index]
    }

    /// Artists that were fetched together.
    pub fn all(database: &Database, rows: Vec<artists::Artist>) -> Vec<Self> {
        let batch = Arc::new(Owners::new(database.clone(), rows));
        Member::all(&batch, 0..batch.rows.len()).map(Self).collect()
    }

    pub fn key(&self) -> i64 {
        self.row().id
    }
}

/// Somebody whose albums the shop sells.
#[Object(serial)]
impl Artist {
    /// Names the artist among all things of the shop; opaque.
    pub(super) async fn id(&self) -> ID {
        Kind::Artist.id(self.row().id)
    }

    /// Names the artist in a URL and in filters.
    async fn slug(&self) -> &str {
        &self.row().slug
    }

    /// The artist's name.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// What orders artists: the name without case, accents and a leading English article.
    async fn sort_name(&self) -> &str {
        &self.row().sort_name
    }

    /// The artist's albums, filtered, ordered and in pages.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the GraphQL field")]
    async fn albums(
        &self,
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
        // In a box: the future of every field would be as large.
        Ok(Box::pin(listing::owned(&self.0, arguments)).await?)
    }
}

/// The ways to artists.
#[derive(Default)]
pub(super) struct ArtistQuery;

#[Object]
impl ArtistQuery {
    /// All artists, by sort name, in pages.
    async fn artists(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many artists from the start, 1 to 100. Give either this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only artists that follow this cursor.")] after: Option<String>,
        #[graphql(desc = "How many artists from the end, 1 to 100. Give either this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only artists that precede this cursor.")] before: Option<String>,
        #[graphql(
            desc = "How many artists to pass over, for numbered pages; not together with a cursor.",
            default = 0
        )]
        skip: Option<i32>,
    ) -> Result<ArtistConnection> {
        let paging = Paging {
            first,
            after,
            last,
            before,
            skip: skip.unwrap_or(0),
        };
        Ok(page(context.data()?, &paging).await?)
    }

    /// One artist, by its slug; null where there is none.
    async fn artist(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The artist's slug, such as `nina-simone`.")] slug: String,
    ) -> Result<Option<Artist>> {
        let database: &Database = context.data()?;
        let row = artists::by_slug(database, &slug).await.map_err(GraphError::from)?;
        Ok(Artist::all(database, row.into_iter().collect()).pop())
    }
}

/// What the cursors of the list of artists are marked with.
const LIST: &str = "artists";

/// A page of artists.
pub(super) type ArtistConnection = Connection<Cursor, Artist, ArtistTotal>;

async fn page(database: &Database, paging: &Paging) -> Result<ArtistConnection, GraphError> {
    let page = paging.page(LIST)?;
    let slice = artists::page(database, &page).await?;
    let (previous, next) = paging::neighbours(&page, slice.more);
    let mut connection = Connection::with_additional_fields(previous, next, ArtistTotal(database.clone()));
    connection
        .edges
        .extend(Artist::all(database, slice.rows).into_iter().map(|artist| {
            let cursor = Cursor::new(LIST, artists::position(artist.row()));
            Edge::new(cursor, artist)
        }));
    Ok(connection)
}

/// How many artists there are, counted only when asked.
pub(super) struct ArtistTotal(Database);

#[Object]
impl ArtistTotal {
    /// How many artists the whole list has.
    async fn total_count(&self) -> Result<i64> {
        Ok(artists::count(&self.0).await.map_err(GraphError::from)?)
    }
}
