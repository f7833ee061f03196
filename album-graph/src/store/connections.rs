//! How busy the connections to a database are.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The connections of one pool at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// What they are for.
    pub pool: &'static str,
    /// How many there may be.
    pub most: usize,
    /// How many somebody uses.
    pub used: usize,
    /// How many are open and nobody uses.
    pub idle: usize,
    /// How many wait for one.
    pub waiting: usize,
}

/// How many wait in it.
#[derive(Debug, Default)]
pub(super) struct Queue(AtomicUsize);

impl Queue {
    /// Waits for `turn`, and is counted meanwhile.
    pub async fn wait<T>(&self, turn: impl Future<Output = T>) -> T {
        let _place = Place::take(self);
        turn.await
    }

    pub fn length(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Left when dropped, by those who give up, too.
struct Place<'q>(&'q Queue);

impl<'q> Place<'q> {
    fn take(queue: &'q Queue) -> Self {
        queue.0.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
