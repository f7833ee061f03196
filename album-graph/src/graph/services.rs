//! What resolvers work with.

use std::net::IpAddr;

use async_graphql::{Context, Result};

use crate::accounts::{Attempt, Passwords};
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
    /// What compares passwords.
    pub passwords: Passwords,
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
            passwords: Passwords::default(),
            shop_url: "http://127.0.0.1:3000".to_owned(),
            numbers: Numbers::random(),
            payments: Payments::default(),
        }
    }

    /// What it takes to find out whether somebody who asks from an address is who they say.
    pub(super) fn attempt(&self, client: IpAddr) -> Attempt<'_> {
        Attempt {
            database: &self.database,
            passwords: &self.passwords,
            client,
            now: self.clock.now(),
            shop_url: &self.shop_url,
        }
    }

    /// What the resolvers of this request work with.
    pub(super) fn of<'c>(context: &Context<'c>) -> Result<&'c Self> {
        context.data()
    }
}
