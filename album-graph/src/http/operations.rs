//! GraphQL operations by name: how many there are, how they fare, and how long they take.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use service::metrics::{Registry, durations};

use super::status::Outcome;

/// So many names that clients come with are told apart, beside those of trusted documents: anybody can make up more.
const MOST: usize = 100;
/// No name that somebody thought of is longer, in bytes.
const LONGEST: usize = 64;
/// What operations without a name are called.
const ANONYMOUS: &str = "anonymous";
/// What all others are called.
const OTHER: &str = "other";

/// All operations; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Operations {
    fared: Family<Fared, Counter>,
    durations: Family<Operation, Histogram, fn() -> Histogram>,
    names: Arc<RwLock<Names>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    operation: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Fared {
    operation: Arc<str>,
    outcome: &'static str,
}

/// The names that are told apart.
#[derive(Debug, Default)]
struct Names {
    known: HashSet<Arc<str>>,
    /// How many of them came from clients.
    learned: usize,
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            fared: Family::default(),
            durations: Family::new_with_constructor(durations),
            names: Arc::default(),
        }
    }
}

impl Operations {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "graphql_operations",
            "GraphQL operations by how they fared",
            self.fared.clone(),
        );
        registry.register(
            "graphql_operation_duration_seconds",
            "How long it took to execute them, without those that are remembered",
            self.durations.clone(),
        );
    }

    /// Tells apart the names of documents that the operator trusts, whatever clients come with.
    pub fn know(&self, names: impl IntoIterator<Item = Arc<str>>) {
        let mut known = self.names.write().unwrap_or_else(PoisonError::into_inner);
        known.known.extend(names);
    }

    /// Notes that an operation is being executed.
    pub fn begin(&self, name: Option<String>) -> Execution<'_> {
        Execution {
            operations: self,
            name,
            started: Instant::now(),
            outcome: None,
        }
    }

    /// What counts how often the answer to an operation is given again.
    pub fn remembered(&self, operation: Arc<str>) -> Counter {
        self.counter(operation, "remembered")
    }

    fn known(&self, name: &str) -> Option<Arc<str>> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.known.get(name).cloned()
    }

    /// Tells a name apart from now on, where there are not too many already.
    fn learn(&self, name: &str) -> Arc<str> {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        if name.len() > LONGEST || names.learned >= MOST {
            return OTHER.into();
        }
        let name: Arc<str> = name.into();
        if names.known.insert(Arc::clone(&name)) {
            names.learned += 1;
        }
        name
    }

    fn counter(&self, operation: Arc<str>, outcome: &'static str) -> Counter {
        self.fared.get_or_create_owned(&Fared { operation, outcome })
    }
}

/// An operation that is being executed. Dropped without an end, it was given up: by its client, or because it took too long.
pub(super) struct Execution<'o> {
    operations: &'o Operations,
    name: Option<String>,
    started: Instant,
    outcome: Option<Outcome>,
}

impl Execution<'_> {
    /// Notes how it fared, and answers the name that it is counted under.
    pub fn end(mut self, outcome: Outcome) -> Arc<str> {
        self.outcome = Some(outcome);
        self.name()
    }

    fn name(&self) -> Arc<str> {
        let Some(name) = &self.name else {
            return ANONYMOUS.into();
        };
        let known = self.operations.known(name);
        known.unwrap_or_else(|| match self.outcome {
            // What does not even fit the schema is no operation of ours.
            None | Some(Outcome::Syntax | Outcome::Validation) => OTHER.into(),
            Some(_) => self.operations.learn(name),
        })
    }
}

impl Drop for Execution<'_> {
    fn drop(&mut self) {
        let operation = self.name();
        let outcome = match self.outcome {
            None => "abandoned",
            Some(Outcome::Success) => "success",
            Some(Outcome::Partial) => "partial",
            Some(Outcome::Failure) => "failure",
            Some(Outcome::Syntax) => "syntax",
            Some(Outcome::Validation) => "validation",
            Some(Outcome::Unavailable) => "unavailable",
            Some(Outcome::Fault) => "fault",
        };
        self.operations.counter(Arc::clone(&operation), outcome).inc();
        let durations = self.operations.durations.get_or_create_owned(&Operation { operation });
        durations.observe(self.started.elapsed().as_secs_f64());
    }
}
