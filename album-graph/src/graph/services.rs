//! What resolvers work with.

use async_graphql::{Context, Result};

use crate::clock::Clock;
use crate::orders::{Numbers, Payments};
use crate::search::Searcher;
use crate::store::Database;

/// What resolvers work with; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Where everything is kept.
    pub database: Database,
    /// What finds albums by words.
    pub searcher: Searcher,
    /// What time it is.
    pub clock: Clock,
    /// Where the shop's pages are, for links in mails; without a slash at its end.
    pub shop_url: String,
    /// What numbers orders.
    pub numbers: Numbers,
    /// The ways to pay.
    pub payments: Payments,
}

impl Services {
    /// The services of a running shop.
    #[must_use]
    pub fn new(database: Database, searcher: Searcher) -> Self {
        Self {
            database,
            searcher,
            clock: Clock::system(),
            shop_url: "http://127.0.0.1:3000".to_owned(),
            numbers: Numbers::random(),
            payments: Payments::default(),
        }
    }

    /// What the resolvers of this request work with.
    pub(super) fn of<'c>(context: &Context<'c>) -> Result<&'c Self> {
        context.data()
    }
}
