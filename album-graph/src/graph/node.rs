//! Anything that has an id, found again by it.

use async_graphql::{Context, ID, Interface, Object, Result};

use super::album::Album;
use super::artist::Artist;
use super::customer::{self, Customer};
use super::error::GraphError;
use super::genre::Genre;
use super::id::{self, Kind};
use super::order::{Order, Orders};
use super::services::Services;
use super::visit::Visit;
use crate::store::{Database, albums, artists, customers, genres, orders};

/// Most ids in one request.
const MOST_IDS: usize = 100;

/// Anything that has an id (<https://relay.dev/graphql/objectidentification.htm>).
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Names the thing among all things of the shop; opaque."
))]
pub(super) enum Node {
    Album(Album),
    Artist(Artist),
    Genre(Genre),
    Order(Order),
    Customer(Customer),
}

/// The way back to anything that has an id.
#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with this id; null where there is none.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "An `id` that this API answered before.")] id: ID,
    ) -> Result<Option<Node>> {
        Ok(find(context, &[id]).await?.pop().flatten())
    }

    /// The things with these ids, in the same order; null in place of each that is not there.
    #[graphql(complexity = "1 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Ids that this API answered before, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST_IDS {
            let message = format!("`ids` has {} ids, but must have at most {MOST_IDS}.", ids.len());
            return Err(GraphError::bad_input("ids", message).into());
        }
        find(context, &ids).await
    }
}

/// Finds things of all kinds with one statement for each kind.
async fn find(context: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let services = Services::of(context)?;
    let wanted: Vec<Option<(Kind, i64)>> = ids.iter().map(id::parse).collect();
    let keys = |kind| -> Vec<i64> {
        wanted
            .iter()
            .flatten()
            .filter(|want| want.0 == kind)
            .map(|want| want.1)
            .collect()
    };
    let mut found = Found::read(&services.database, keys).await?;
    if let keys @ [_, ..] = keys(Kind::Order).as_slice()
        && let Some(customer) = Visit::of(context)?.customer(services).await?
    {
        // Only the viewer's own: to anybody else they are not there.
        let own = orders::by_ids(&services.database, customer, keys).await;
        found.orders = own.map_err(GraphError::from)?;
    }
    if !keys(Kind::Customer).is_empty() {
        found.customer = customer::signed_in(context).await?;
    }
    // An id may be asked for twice, so the rows are laid out as they were asked for.
    Ok(found.lay_out(services, &wanted))
}

#[derive(Default)]
struct Found {
    albums: Vec<albums::Album>,
    artists: Vec<artists::Artist>,
    genres: Vec<genres::Genre>,
    orders: Vec<crate::orders::Order>,
    /// Whoever asks: nobody sees another customer.
    customer: Option<customers::Customer>,
}

impl Found {
    /// What everybody may see.
    async fn read(database: &Database, keys: impl Fn(Kind) -> Vec<i64>) -> Result<Self, GraphError> {
        let mut found = Self::default();
        if let keys @ [_, ..] = keys(Kind::Album).as_slice() {
            found.albums = albums::by_ids(database, keys).await?;
        }
        if let keys @ [_, ..] = keys(Kind::Artist).as_slice() {
            found.artists = artists::by_ids(database, keys).await?;
        }
        if let keys @ [_, ..] = keys(Kind::Genre).as_slice() {
            found.genres = genres::by_ids(database, keys).await?;
        }
        Ok(found)
    }

    fn lay_out(&self, services: &Services, wanted: &[Option<(Kind, i64)>]) -> Vec<Option<Node>> {
        let database = &services.database;
        let of_kind = |kind| {
            wanted
                .iter()
                .flatten()
                .filter(move |want| want.0 == kind)
                .map(|want| want.1)
        };
        let albums = of_kind(Kind::Album).filter_map(|key| self.albums.iter().find(|row| row.id == key).cloned());
        let artists = of_kind(Kind::Artist).filter_map(|key| self.artists.iter().find(|row| row.id == key).cloned());
        let genres = of_kind(Kind::Genre).filter_map(|key| self.genres.iter().find(|row| row.id == key).cloned());
        let orders = of_kind(Kind::Order).filter_map(|key| self.orders.iter().find(|row| row.id == key).cloned());
        let mut albums = Album::all(database, albums.collect()).into_iter().peekable();
        let mut artists = Artist::all(database, artists.collect()).into_iter().peekable();
        let mut genres = Genre::all(database, genres.collect()).into_iter().peekable();
        let mut orders = Orders::all(services, orders.collect()).into_iter().peekable();
        let node = |want: &Option<(Kind, i64)>| match (*want)? {
            (Kind::Album, key) => albums.next_if(|row| row.key() == key).map(Node::Album),
            (Kind::Artist, key) => artists.next_if(|row| row.key() == key).map(Node::Artist),
            (Kind::Genre, key) => genres.next_if(|row| row.key() == key).map(Node::Genre),
            (Kind::Order, key) => orders.next_if(|order| order.row().id == key).map(Node::Order),
            (Kind::Customer, key) => {
                let customer = self.customer.clone().filter(|row| row.id == key);
                customer.map(Customer).map(Node::Customer)
            }
            // Not for everybody: asked for through `viewer`.
            (Kind::Session | Kind::Cart, _) => None,
        };
        wanted.iter().map(node).collect()
    }
}
