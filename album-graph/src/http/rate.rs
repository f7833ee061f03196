//! How much a client may ask for in a while: a bucket of objects for each address, and one for each session.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use service::client::network;

use crate::graph::limits::COST;

/// What is left in the buckets (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>).
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How large the buckets are.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// For how many seconds' worth a bucket has room.
const WINDOW: u32 = 10;
/// After how many requests full buckets are thrown away.
const SWEEP: u64 = 10_000;

/// Whose bucket it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    Address(IpAddr),
    /// By the hash of its token, whether there is such a session or not.
    Session(String),
}

impl Owner {
    fn name(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Session(_) => "session",
        }
    }
}

type Buckets = RateLimiter<Owner, DefaultKeyedStateStore<Owner>, DefaultClock, StateInformationMiddleware>;

/// The buckets of all clients of this process.
pub(super) struct Rate {
    buckets: Buckets,
    clock: DefaultClock,
    per_second: NonZeroU32,
    room: NonZeroU32,
    asked: AtomicU64,
}

/// What is left for a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing(Vec<(&'static str, u32)>);

/// A client has asked for more than its share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    pub bucket: &'static str,
    /// After how long the same request may be asked again.
    pub wait: Duration,
}

/// How many objects may be asked for at once: ten seconds' worth, and at least as many as the dearest request costs.
pub(super) fn room(per_second: NonZeroU32) -> NonZeroU32 {
    let dearest = NonZeroU32::new(u32::try_from(COST).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MAX);
    let window = NonZeroU32::MIN.saturating_add(WINDOW - 1);
    per_second.saturating_mul(window).max(dearest)
}

impl Rate {
    /// So many objects each second, and as many at once as there is [`room`] for.
    pub fn new(per_second: NonZeroU32) -> Self {
        let room = room(per_second);
        let quota = Quota::per_second(per_second).allow_burst(room);
        let clock = DefaultClock::default();
        Self {
            buckets: Buckets::new(quota, DefaultKeyedStateStore::default(), clock.clone()).with_middleware(),
            clock,
            per_second,
            room,
            asked: AtomicU64::new(0),
        }
    }

    /// Takes what a request costs out of the buckets of whoever sent it.
    pub fn take(&self, address: IpAddr, session: Option<String>, cost: u64) -> Result<Standing, Spent> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.buckets.retain_recent();
        }
        let cost = NonZeroU32::new(u32::try_from(cost).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN);
        let owners = [Some(Owner::Address(network(address))), session.map(Owner::Session)];
        let mut standing = Standing::default();
        for owner in owners.into_iter().flatten() {
            let left = self.take_from(&owner, cost)?;
            standing.0.push((owner.name(), left.remaining_burst_capacity()));
        }
        Ok(standing)
    }

    fn take_from(&self, owner: &Owner, cost: NonZeroU32) -> Result<StateSnapshot, Spent> {
        let spent = |wait| Spent {
            bucket: owner.name(),
            wait,
        };
        match self.buckets.check_key_n(owner, cost) {
            Ok(Ok(left)) => Ok(left),
            Ok(Err(until)) => Err(spent(until.wait_time_from(self.clock.now()))),
            // No bucket holds as much; the limit on the cost of a request should have seen to that.
            Err(_) => Err(spent(Duration::from_secs(WINDOW.into()))),
        }
    }

    /// Says what is left.
    pub fn tell(&self, headers: &mut HeaderMap, standing: &Standing) {
        let left = standing.0.iter().map(|(bucket, left)| {
            let until_full = (self.room.get() - left).div_ceil(self.per_second.get());
            format!("\"{bucket}\";r={left};t={until_full}")
        });
        self.put(headers, &left.collect::<Vec<_>>());
    }

    /// Says that nothing is left.
    pub fn tell_spent(&self, headers: &mut HeaderMap, spent: Spent) {
        let seconds = seconds(spent.wait);
        self.put(headers, &[format!("\"{}\";r=0;t={seconds}", spent.bucket)]);
    }

    fn put(&self, headers: &mut HeaderMap, left: &[String]) {
        let window = self.room.get().div_ceil(self.per_second.get());
        let policy = ["address", "session"].map(|bucket| format!("\"{bucket}\";q={};w={window}", self.room));
        for (name, value) in [(RATE_LIMIT, left.join(", ")), (POLICY, policy.join(", "))] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Whole seconds, at least one.
pub(super) fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero())
}
