//! How well something that is remembered serves.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What was looked up in a cache; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lookups {
    hits: Counter,
    misses: Counter,
    bytes: Gauge,
    entries: Gauge,
}

impl Lookups {
    /// Has `registry` tell them of the cache called `cache`.
    pub fn register(&self, registry: &mut Registry, cache: &'static str) {
        let registry = registry.sub_registry_with_label(("cache".into(), cache.into()));
        registry.register("cache_hits", "Answers given from the cache", self.hits.clone());
        registry.register(
            "cache_misses",
            "Answers that were made because the cache had none that holds",
            self.misses.clone(),
        );
        registry.register("cache_bytes", "Bytes that the cache takes", self.bytes.clone());
        registry.register("cache_entries", "Answers in the cache", self.entries.clone());
    }

    /// Notes that an answer was there.
    pub fn hit(&self) {
        self.hits.inc();
    }

    /// Notes that an answer had to be made.
    pub fn miss(&self) {
        self.misses.inc();
    }

    /// Notes how much is there now.
    pub fn holds(&self, entries: usize, bytes: u64) {
        self.entries.set(i64::try_from(entries).unwrap_or(i64::MAX));
        self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}
