//! Everybody who is in the shop, and what they have bought.

use std::collections::VecDeque;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::{self, MissedTickBehavior};

use super::customer::Customer;
use super::guest::{Guest, Way};
use super::visits::Visits;
use super::{CUSTOMERS, Found};
use crate::deploy::interrupt;

/// So many guests fill their carts at once.
const GUESTS: usize = 30;
/// So many guests may wait for an answer at the same time.
const WAITING: usize = 150;
/// So many carts are looked for at the same time.
const AT_ONCE: usize = 16;
/// How often a cart or a list of orders is asked for before it counts as lost.
const TRIES: u32 = 40;

/// Everybody.
pub struct Crowd {
    pub visits: Visits,
    guests: Mutex<VecDeque<Guest>>,
    /// Who has a full cart.
    done: Mutex<Vec<Guest>>,
    customers: Mutex<VecDeque<Customer>>,
    /// How many guests wait for an answer.
    waiting: AtomicUsize,
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

/// Has so many come each second, for so long or until it is over.
pub async fn keep_going(crowd: Arc<Crowd>, rate: u32, longest: Duration) {
    let (begun, mut rng) = (Instant::now(), fastrand::Rng::new());
    let mut ticks = time::interval(Duration::from_secs(1) / rate);
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
    pub fn new(visits: Visits, customers: VecDeque<Customer>) -> Self {
        Self {
            visits,
            guests: Mutex::default(),
            done: Mutex::default(),
            customers: Mutex::new(customers),
            waiting: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        }
    }

    /// Has nobody come any more.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

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
        if self.waiting.load(Ordering::Relaxed) >= WAITING {
            return self.look_around(true).await;
        }
        let known = {
            let mut guests = lock(&self.guests);
            let enough = guests.len() >= GUESTS;
            enough.then(|| guests.pop_front()).flatten()
        };
        let mut guest = known.unwrap_or_default();
        self.waiting.fetch_add(1, Ordering::Relaxed);
        guest.go_on(&self.visits, way).await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
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

    /// Looks for every cart and every order that the shop has acknowledged.
    pub async fn check(self: &Arc<Self>) -> anyhow::Result<Found> {
        let mut found = Found::default();
        let mut guests: Vec<Guest> = mem::take(&mut *lock(&self.done));
        guests.extend(mem::take(&mut *lock(&self.guests)));
        let mut checks = JoinSet::new();
        for guest in guests.into_iter().filter(Guest::has_session) {
            if checks.len() >= AT_ONCE {
                found.add(self.next(&mut checks).await?);
            }
            let crowd = Arc::clone(self);
            checks.spawn(async move { crowd.check_cart(&guest).await.map(|()| guest) });
        }
        while !checks.is_empty() {
            found.add(self.next(&mut checks).await?);
        }
        for _ in 0..CUSTOMERS {
            let mut customer = self.customer().await?;
            let checked = customer.check(&self.visits).await;
            found.orders += customer.sure();
            lock(&self.customers).push_back(customer);
            checked?;
        }
        Ok(found)
    }

    /// The lines of the next cart that has been checked.
    async fn next(&self, checks: &mut JoinSet<anyhow::Result<Guest>>) -> anyhow::Result<usize> {
        let Some(checked) = checks.join_next().await else {
            return Ok(0);
        };
        interrupt::check()?;
        let guest = checked??;
        let lines = guest.sure();
        lock(&self.done).push(guest);
        Ok(lines)
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
pub fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
