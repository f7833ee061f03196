//! A steady load from outside: visitors who look around, guests who fill carts, customers who order. It never waits for the
//! shop: when an answer is late, the next requests are sent all the same.

mod ask;
mod catalogue;
mod customer;
mod door;
mod guest;
mod sample;
mod visits;

use std::collections::VecDeque;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio::time::{self, MissedTickBehavior};

use catalogue::Catalogue;
use customer::Customer;
pub use door::{Door, Hosts};
use guest::{Guest, Way};
pub use sample::{Failure, Sample};
use visits::Visits;

/// Requests each second.
pub const RATE: u32 = 200;
/// So many guests fill their carts at once, and so many customers order.
const GUESTS: usize = 30;
const CUSTOMERS: usize = 10;
/// How often a cart or a list of orders is asked for before it counts as lost.
const TRIES: u32 = 40;

/// The load, from its start until it is dropped.
pub struct Load {
    runtime: Runtime,
    crowd: Arc<Crowd>,
}

/// Everybody.
struct Crowd {
    visits: Visits,
    guests: Mutex<VecDeque<Guest>>,
    /// Who has a full cart.
    done: Mutex<Vec<Guest>>,
    customers: Mutex<VecDeque<Customer>>,
    over: AtomicBool,
}

/// What one request is about.
#[derive(Clone, Copy)]
enum Act {
    Page,
    Question,
    Guest(Way),
    Customer,
}

/// What was found where every cart and order was looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    pub carts: usize,
    pub lines: usize,
    pub orders: usize,
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
            anyhow::Ok(Crowd {
                visits,
                guests: Mutex::default(),
                done: Mutex::default(),
                customers: Mutex::new(customers),
                over: AtomicBool::new(false),
            })
        })?;
        Ok(Self {
            runtime,
            crowd: Arc::new(crowd),
        })
    }

    /// Begins; it goes on for `longest` at most.
    pub fn begin(&self, longest: Duration) {
        self.runtime.spawn(keep_going(Arc::clone(&self.crowd), longest));
    }

    /// What became of the requests that were sent from one moment to another.
    pub fn between(&self, from: Instant, to: Instant) -> Vec<Sample> {
        self.crowd.visits.between(from, to)
    }

    /// Looks for every cart and every order that the shop has acknowledged.
    pub fn check(&self) -> anyhow::Result<Found> {
        self.runtime.block_on(self.crowd.check())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.crowd.over.store(true, Ordering::Relaxed);
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

async fn keep_going(crowd: Arc<Crowd>, longest: Duration) {
    let (begun, mut rng) = (Instant::now(), fastrand::Rng::new());
    let mut ticks = time::interval(Duration::from_secs(1) / RATE);
    // Those that are missed are made up for: the rate is kept, however busy this machine is.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while begun.elapsed() < longest && !crowd.over.load(Ordering::Relaxed) {
        ticks.tick().await;
        let act = match rng.u8(..20) {
            0..9 => Act::Page,
            9..13 => Act::Question,
            13..14 => Act::Guest(Way::Api),
            14..19 => Act::Guest(Way::Page),
            _ => Act::Customer,
        };
        tokio::spawn(Arc::clone(&crowd).do_one(act));
    }
}

impl Crowd {
    async fn do_one(self: Arc<Self>, act: Act) {
        match act {
            Act::Page => self.look_around(true).await,
            Act::Question => self.look_around(false).await,
            Act::Guest(way) => self.fill_a_cart(way).await,
            Act::Customer => self.order().await,
        }
    }

    async fn look_around(&self, at_pages: bool) {
        let mut rng = fastrand::Rng::new();
        let look = if at_pages {
            self.visits.catalogue.page(&mut rng)
        } else {
            self.visits.catalogue.question(&mut rng)
        };
        self.visits.ask(look.ask.clone(), |reply| look.check(reply)).await;
    }

    async fn fill_a_cart(&self, way: Way) {
        let waiting = {
            let mut guests = lock(&self.guests);
            let enough = guests.len() >= GUESTS;
            enough.then(|| guests.pop_front()).flatten()
        };
        let mut guest = waiting.unwrap_or_default();
        guest.go_on(&self.visits, way).await;
        if guest.is_done() {
            lock(&self.done).push(guest);
        } else {
            lock(&self.guests).push_back(guest);
        }
    }

    async fn order(&self) {
        let customer = lock(&self.customers).pop_front();
        let Some(mut customer) = customer else {
            // All of them are still waiting for an answer.
            return self.look_around(true).await;
        };
        customer.go_on(&self.visits).await;
        lock(&self.customers).push_back(customer);
    }

    async fn check(&self) -> anyhow::Result<Found> {
        let mut found = Found::default();
        let mut guests: Vec<Guest> = mem::take(&mut *lock(&self.done));
        guests.extend(mem::take(&mut *lock(&self.guests)));
        for guest in guests.into_iter().filter(Guest::has_session) {
            self.check_cart(&guest).await?;
            found.carts += 1;
            found.lines += guest.sure();
            lock(&self.done).push(guest);
        }
        for _ in 0..CUSTOMERS {
            let mut customer = self.customer().await?;
            customer.check(&self.visits).await?;
            found.orders += customer.sure();
            lock(&self.customers).push_back(customer);
        }
        Ok(found)
    }

    /// A customer who waits for no answer.
    async fn customer(&self) -> anyhow::Result<Customer> {
        for _ in 0..100 {
            if let Some(customer) = lock(&self.customers).pop_front() {
                return Ok(customer);
            }
            time::sleep(Duration::from_millis(200)).await;
        }
        anyhow::bail!("a customer waits for an answer for ever")
    }

    async fn check_cart(&self, guest: &Guest) -> anyhow::Result<()> {
        let mut problem = String::new();
        for _ in 0..TRIES {
            match self.visits.door.send(&guest.look()).await.reply {
                Ok(reply) => match guest.check(&reply) {
                    Ok(()) => return Ok(()),
                    Err(wrong) => problem = wrong,
                },
                Err(failure) => problem = failure.to_string(),
            }
            time::sleep(Duration::from_millis(500)).await;
        }
        anyhow::bail!("a cart is lost: {problem}")
    }
}

/// What a panic left behind is checked like everything else.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
