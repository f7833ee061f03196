//! Genres.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::batch::{Member, Owners};
use super::error::GraphError;
use super::id::Kind;
use super::listing::{self, AlbumConnection, AlbumOrder, ListingArguments, WhereArguments};
use super::paging::Paging;
use crate::store::{Database, genres};

/// A genre: what kind of music an album is.
pub(super) struct Genre(pub Member<Owners<genres::Genre>>);

impl Genre {
    fn row(&self) -> &genres::Genre {
        &self.0.batch.rows[self.0.index]
    }

    /// Genres that were fetched together.
    pub fn all(database: &Database, rows: Vec<genres::Genre>) -> Vec<Self> {
        let batch = Arc::new(Owners::new(database.clone(), rows));
        Member::all(&batch, 0..batch.rows.len()).map(Self).collect()
    }

    pub fn key(&self) -> i64 {
        self.row().id
    }
}

/// A genre: what kind of music an album is.
#[Object(serial)]
impl Genre {
    /// Names the genre among all things of the shop; opaque.
    pub(super) async fn id(&self) -> ID {
        Kind::Genre.id(self.row().id)
    }

    /// Names the genre in a URL and in filters.
    async fn slug(&self) -> &str {
        &self.row().slug
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// What it is, in a sentence or two; may be empty.
    async fn description(&self) -> &str {
        &self.row().description
    }

    /// Its albums, filtered, ordered and in pages.
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

/// The ways to genres.
#[derive(Default)]
pub(super) struct GenreQuery;

#[Object]
impl GenreQuery {
    /// All genres, by name.
    async fn genres(&self, context: &Context<'_>) -> Result<Vec<Genre>> {
        let database: &Database = context.data()?;
        let rows = genres::all(database).await.map_err(GraphError::from)?;
        Ok(Genre::all(database, rows))
    }

    /// One genre, by its slug; null where there is none.
    async fn genre(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The genre's slug, such as `jazz`.")] slug: String,
    ) -> Result<Option<Genre>> {
        let database: &Database = context.data()?;
        let row = genres::by_slug(database, &slug).await.map_err(GraphError::from)?;
        Ok(Genre::all(database, row.into_iter().collect()).pop())
    }
}
