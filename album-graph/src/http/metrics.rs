//! What HTTP tells of itself.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use service::metrics::{Lookups, Registry, Requests};

use super::operations::Operations;

/// Counts what comes in and how it fares; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub(super) requests: Requests,
    pub(super) operations: Operations,
    pub(super) answers: Lookups,
    /// By the name of the bucket that was empty.
    limited: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Metrics {
    /// Has `registry` tell them.
    pub fn register(&self, registry: &mut Registry) {
        self.requests.register(registry);
        self.operations.register(registry);
        self.answers.register(registry, "answers");
        registry.register(
            "rate_limited_requests",
            "Requests that were refused because their sender had asked for too much",
            self.limited.clone(),
        );
    }

    /// Notes that a request was refused because this bucket was empty.
    pub(super) fn limited(&self, bucket: &'static str) {
        self.limited.get_or_create(&[("bucket", bucket)]).inc();
    }
}
