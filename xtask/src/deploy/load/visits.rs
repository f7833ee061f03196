//! What all visitors share: the way in, the catalogue, and the record of what became of their requests.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::ask::Ask;
use super::catalogue::Catalogue;
use super::door::{Door, Reply};
use super::sample::{Failure, Sample};

/// What all visitors share.
pub struct Visits {
    pub door: Arc<Door>,
    pub catalogue: Catalogue,
    samples: Mutex<Vec<Sample>>,
}

impl Visits {
    pub fn new(door: Arc<Door>, catalogue: Catalogue) -> Self {
        Self {
            door,
            catalogue,
            samples: Mutex::default(),
        }
    }

    /// Sends a request, has its answer checked and notes what became of it; answers what the check found.
    pub async fn ask<T>(&self, ask: Ask, check: impl FnOnce(&Reply) -> Result<T, String>) -> Option<T> {
        let sent = Instant::now();
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
        if let Ok(mut samples) = self.samples.lock() {
            samples.push(sample);
        }
        found
    }

    /// The requests that were sent from one moment to another.
    pub fn between(&self, from: Instant, to: Instant) -> Vec<Sample> {
        let samples = self.samples.lock().map(|samples| samples.clone()).unwrap_or_default();
        samples
            .into_iter()
            .filter(|sample| (from..to).contains(&sample.sent))
            .collect()
    }
}
