//! The questions to album-graph: how many there are, how they are answered, and how long that takes.

use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use service::metrics::{Registry, durations};

/// All questions; cheap to clone.
#[derive(Clone, Debug)]
pub struct Calls {
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    repeated: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// One of those that pages have: they alone ask.
    operation: &'static str,
    outcome: &'static str,
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it was asked.
    Answered,
    /// It was refused.
    Refused,
    /// Nothing usable came back.
    Unreachable,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            durations: Family::new_with_constructor(durations),
            repeated: Counter::default(),
        }
    }
}

impl Calls {
    /// Has `registry` tell them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "album_graph_request_duration_seconds",
            "Questions to album-graph by how long it took until they were answered, asking again included",
            self.durations.clone(),
        );
        registry.register(
            "album_graph_repeated_requests",
            "How often questions were sent again because the connection failed",
            self.repeated.clone(),
        );
    }

    /// Notes how a question was answered that was begun at `started`.
    pub fn end(&self, operation: Option<&'static str>, started: Instant, outcome: Outcome) {
        let labels = Labels {
            operation: operation.unwrap_or("anonymous"),
            outcome: match outcome {
                Outcome::Answered => "answered",
                Outcome::Refused => "refused",
                Outcome::Unreachable => "unreachable",
            },
        };
        let durations = self.durations.get_or_create(&labels);
        durations.observe(started.elapsed().as_secs_f64());
    }

    /// Notes that a question is sent again.
    pub fn repeat(&self) {
        self.repeated.inc();
    }
}
