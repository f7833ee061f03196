//! What clients may ask: one file per noun, the roots merged from the nouns.

mod album;
mod artist;
mod batch;
mod cart;
mod cart_changes;
mod checkout;
mod customer;
mod error;
mod found;
mod genre;
mod id;
pub(crate) mod limits;
mod listing;
mod node;
pub(crate) mod nulls;
mod order;
mod order_list;
mod paging;
mod password;
mod problem;
mod quote;
mod scalars;
mod search;
mod services;
mod session;
mod sign_in;
mod sign_up;
mod suggest;
mod viewer;
mod visit;

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions};

pub use error::Code;
pub use services::Services;
pub use visit::{Visit, Witness};

/// Where every query starts.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    album::AlbumQuery,
    genre::GenreQuery,
    artist::ArtistQuery,
    search::SearchQuery,
    suggest::SuggestQuery,
    viewer::ViewerQuery,
    order_list::OrderQuery,
    checkout::CheckoutQuery,
);

/// Where every change starts.
#[derive(MergedObject, Default)]
pub struct Mutation(
    cart_changes::CartMutation,
    checkout::CheckoutMutation,
    sign_up::SignUpMutation,
    sign_in::SignInMutation,
    password::PasswordMutation,
);

/// The contract with its resolvers.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Whether clients may ask for the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Introspection {
    /// They may, and who misspells a name is told what may have been meant.
    #[default]
    Open,
    /// Nothing tells a name that the client does not know.
    Closed,
}

/// The schema, answering with `services`. A request brings its [`Visit`].
#[must_use]
pub fn schema(services: Services, introspection: Introspection) -> Schema {
    let builder = match introspection {
        Introspection::Open => builder(),
        Introspection::Closed => builder().disable_introspection().disable_suggestions(),
    };
    builder
        .limit_recursive_depth(limits::WRITTEN_OUT)
        .data(services.database.clone())
        .data(services.searcher.clone())
        .data(services)
        .finish()
}

/// The contract as SDL, as `schema.graphql` holds it.
#[must_use]
pub fn sdl() -> String {
    builder()
        .finish()
        .sdl_with_options(SDLExportOptions::new().include_specified_by())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<node::Node>()
        .override_output_type_description::<listing::AlbumConnection>("A page of albums.")
        .override_output_type_description::<artist::ArtistConnection>("A page of artists.")
        .override_output_type_description::<order_list::OrderConnection>("A page of orders.")
        .override_output_type_description::<search::SearchConnection>("A page of albums that were found.")
}
