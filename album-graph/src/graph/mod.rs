//! What clients may ask: one file per noun, the roots merged from the nouns.

mod album;
mod artist;
mod batch;
mod error;
mod genre;
mod id;
pub(crate) mod limits;
mod listing;
mod node;
mod paging;
mod scalars;
mod search;
mod suggest;

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions};

use crate::search::Searcher;
use crate::store::Database;

pub use error::Code;

/// Where every query starts.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    album::AlbumQuery,
    genre::GenreQuery,
    artist::ArtistQuery,
    search::SearchQuery,
    suggest::SuggestQuery,
);

/// The contract with its resolvers.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// Deepest nesting of fields in a query: deep enough for introspection.
const DEPTH: usize = 20;
/// Most fields in an answer, where a list counts for as many as it may hold.
const COMPLEXITY: usize = 20_000;

/// The schema, answering from `database`, and searching with `searcher`.
#[must_use]
pub fn schema(database: Database, searcher: Searcher) -> Schema {
    builder()
        .limit_depth(DEPTH)
        .limit_complexity(COMPLEXITY)
        .data(database)
        .data(searcher)
        .finish()
}

/// The contract as SDL, as `schema.graphql` holds it.
#[must_use]
pub fn sdl() -> String {
    builder()
        .finish()
        .sdl_with_options(SDLExportOptions::new().include_specified_by())
}

fn builder() -> async_graphql::SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
        .register_output_type::<node::Node>()
        .override_output_type_description::<listing::AlbumConnection>("A page of albums.")
        .override_output_type_description::<artist::ArtistConnection>("A page of artists.")
        .override_output_type_description::<search::SearchConnection>("A page of albums that were found.")
}
