//! What all visitors share: the way in, the catalogue, and the record of what became of their requests.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::ask::Ask;
use super::catalogue::Catalogue;
use super::crowd::lock;
use super::door::{Door, Reply};
use super::sample::{Failure, Sample};

/// What all visitors share.
pub struct Visits {
    pub door: Arc<Door>,
    pub catalogue: Catalogue,
    samples: Mutex<Vec<Sample>>,
    /// When those were sent that are not answered yet.
    open: Mutex<BTreeSet<(Instant, u64)>>,
    count: AtomicU64,
}

impl Visits {
    pub fn new(door: Arc<Door>, catalogue: Catalogue) -> Self {
        Self {
            door,
            catalogue,
            samples: Mutex::default(),
            open: Mutex::default(),
            count: AtomicU64::new(0),
        }
    }

    /// Sends a request, has its answer checked and notes what became of it; answers what the check found.
    pub async fn ask<T>(&self, ask: Ask, check: impl FnOnce(&Reply) -> Result<T, String>) -> Option<T> {
        let sent = Instant::now();
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        lock(&self.open).insert((sent, number));
        let answer = self.door.send(&ask).await;
        let took = sent.elapsed();
        let checked = answer.reply.and_then(|reply| match Failure::of(&reply) {
            Some(failure) => Err(failure),
            None => check(&reply).map_err(Failure::Wrong),
        });
        let (found, failure) = match checked {
            Ok(found) => (Some(found), None),
            Err(failure) => (None, Some(failure)),
        };
        let sample = Sample {
            sent,
            took,
            read: ask.is_read(),
            again: answer.again,
            what: ask.what(),
            failure,
        };
        lock(&self.samples).push(sample);
        lock(&self.open).remove(&(sent, number));
        found
    }

    /// Whether a request that was sent before this moment is not answered yet.
    pub fn waits_since(&self, moment: Instant) -> bool {
        lock(&self.open).first().is_some_and(|(sent, _)| *sent < moment)
    }

    /// The requests that were sent from one moment to another.
    pub fn between(&self, from: Instant, to: Instant) -> Vec<Sample> {
        let samples = lock(&self.samples);
        samples
            .iter()
            .filter(|sample| (from..to).contains(&sample.sent))
            .cloned()
            .collect()
    }
}
