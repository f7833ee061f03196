//! Answers about the catalogue that were given before, for as long as the catalogue stays as it was.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use prometheus_client::metrics::counter::Counter;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use service::metrics::Lookups;

use crate::accounts::Token;

/// What an entry takes beside its question and answer, in bytes: about what its places in the cache cost.
const OVERHEAD: u64 = 200;
/// The size that most answers have, in bytes.
const USUAL: usize = 4 * 1024;

/// Bounded in bytes; what was asked for least goes first. Holds nothing that depends on a session.
pub(super) struct Answers {
    known: Cache<Bytes, Answer, Bytewise>,
    lookups: Lookups,
}

/// An answer, and the state of the catalogue that it was made from.
#[derive(Clone)]
struct Answer {
    state: Arc<State>,
    given: Given,
}

/// A state of the catalogue, and of whatever else answers go by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    pub name: String,
    /// The same, to be told.
    pub header: HeaderValue,
}

/// What was given to whoever asked first.
#[derive(Clone)]
pub(super) struct Given {
    pub body: Bytes,
    pub audience: Audience,
    /// Its `ETag`, where it may be kept by others.
    pub tag: Option<HeaderValue>,
    /// Counts how often it is given again.
    pub again: Counter,
}

/// Whom an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Everybody: this is what caches are told.
    Everybody(HeaderValue),
    /// Whoever comes without a session, for it says that there is none.
    Strangers,
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<Bytes, Answer> for Bytewise {
    fn weight(&self, question: &Bytes, answer: &Answer) -> u64 {
        OVERHEAD + (question.len() + answer.given.body.len()) as u64
    }
}

impl Answers {
    /// Room for so many bytes.
    pub fn new(bytes: u64, lookups: Lookups) -> Self {
        let usual = usize::try_from(bytes).unwrap_or(usize::MAX) / USUAL;
        Self {
            known: Cache::with_weighter(usual, bytes, Bytewise),
            lookups,
        }
    }

    /// What the same question was answered while the catalogue was as it is now; `token` is that of whoever asks.
    pub fn get(&self, question: &[u8], state: &State, token: Option<&Token>) -> Option<Given> {
        let answer = self.known.get(question)?;
        let is_for = token.is_none() || answer.given.audience != Audience::Strangers;
        let given = (*answer.state == *state && is_for).then_some(answer.given)?;
        self.lookups.hit();
        given.again.inc();
        Some(given)
    }

    /// Keeps an answer to a question, byte for byte as it was asked.
    pub fn keep(&self, question: Bytes, state: Arc<State>, given: Given) {
        self.lookups.miss();
        self.known.insert(question, Answer { state, given });
        self.lookups.holds(self.known.len(), self.known.weight());
    }
}
