//! A steady load from outside: visitors who look around, guests who fill carts, customers who order. It never waits for the
//! shop: when an answer is late, the next requests are sent all the same.

mod ask;
mod catalogue;
mod crowd;
mod customer;
mod door;
mod guest;
mod sample;
mod visits;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio::time;

use super::interrupt;
use catalogue::Catalogue;
use crowd::Crowd;
use customer::Customer;
pub use door::{Door, Hosts};
pub use sample::{Failure, Sample};
use visits::Visits;

/// So many customers order.
const CUSTOMERS: usize = 10;

/// The load, from its start until it is dropped.
pub struct Load {
    runtime: Runtime,
    crowd: Arc<Crowd>,
}

/// What was found where every cart and order was looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    pub carts: usize,
    pub lines: usize,
    pub orders: usize,
}

impl Found {
    fn add(&mut self, lines: usize) {
        self.carts += 1;
        self.lines += lines;
    }
}

impl Load {
    /// Reads the catalogue and signs the customers up; `token_of` reads the link in the mail to an address.
    pub fn prepare(door: Arc<Door>, token_of: impl Fn(&str) -> anyhow::Result<Option<String>>) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let crowd = runtime.block_on(async {
            let catalogue = Catalogue::read(&door).await?;
            let visits = Visits::new(door, catalogue);
            let mut customers = VecDeque::new();
            // Whoever has been here before has an account.
            let today = fastrand::u32(..);
            for number in 1..=CUSTOMERS {
                let token = async |email: &str| mailed(|| token_of(email)).await;
                let customer = Customer::sign_up(&visits, format!("customer{number}-{today:08x}"), token).await;
                customers.push_back(customer.context("no customer could sign up")?);
            }
            anyhow::Ok(Crowd::new(visits, customers))
        })?;
        Ok(Self {
            runtime,
            crowd: Arc::new(crowd),
        })
    }

    /// Begins, with so many requests each second; it goes on for `longest` at most.
    pub fn begin(&self, rate: u32, longest: Duration) {
        self.runtime
            .spawn(crowd::keep_going(Arc::clone(&self.crowd), rate, longest));
    }

    /// What became of the requests that were sent from one moment to another, once all of them are answered or given up.
    pub fn between(&self, from: Instant, to: Instant) -> anyhow::Result<Vec<Sample>> {
        while self.crowd.visits.waits_since(to) {
            interrupt::sleep(Duration::from_millis(100))?;
        }
        Ok(self.crowd.visits.between(from, to))
    }

    /// Looks for every cart and every order that the shop has acknowledged.
    pub fn check(&self) -> anyhow::Result<Found> {
        self.runtime.block_on(self.crowd.check())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.crowd.end();
    }
}

/// The token in a mail, which may be written a moment after the answer.
async fn mailed(token: impl Fn() -> anyhow::Result<Option<String>>) -> anyhow::Result<String> {
    for _ in 0..100 {
        if let Some(token) = token()? {
            return Ok(token);
        }
        time::sleep(Duration::from_millis(200)).await;
    }
    anyhow::bail!("no mail comes")
}
