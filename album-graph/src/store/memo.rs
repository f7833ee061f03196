//! Answers that hold until the catalogue changes, so that many pages pay for one count.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::albums::{Filter, Owner};
use super::artists::Artist;
use super::genres::Genre;
use super::kept::Kept as KeptRows;
use super::revision::{self, Revision};
use super::{Database, StoreError};

/// Most answers that a memo keeps; it starts afresh with the next.
const MOST: usize = 1_000;

/// What a database remembers.
#[derive(Debug, Default)]
pub(super) struct Memos {
    /// How many albums pass a filter.
    pub albums: Memo<Filter, i64>,
    /// How many albums of each of these owners pass a filter.
    pub albums_of: Memo<(Owner, Vec<i64>, Filter), HashMap<i64, i64>>,
    /// How many artists there are.
    pub artists: Memo<(), i64>,
    /// Artists whose albums were asked for.
    pub artist_rows: KeptRows<Artist>,
    /// Genres whose albums were asked for.
    pub genre_rows: KeptRows<Genre>,
}

/// What was answered at one revision of the catalogue.
pub(super) struct Memo<Q, A>(Mutex<Kept<Q, A>>);

struct Kept<Q, A> {
    revision: Option<Revision>,
    answers: HashMap<Q, Arc<OnceCell<A>>>,
}

impl<Q: Eq + Hash, A: Clone> Memo<Q, A> {
    /// The answer to `question`, which `find` finds: the first to ask at a revision has it found, all others wait for that.
    pub async fn get(
        &self,
        database: &Database,
        question: Q,
        find: impl Future<Output = Result<A, StoreError>>,
    ) -> Result<A, StoreError> {
        // In a box: it would make the futures of all who ask large.
        let find = Box::pin(find);
        // Asked before the answer is found, which may then be newer than the revision says, but never older.
        let revision = revision::current(database).await?;
        let cell = self.cell(revision, question);
        cell.get_or_try_init(|| find).await.cloned()
    }

    fn cell(&self, revision: Revision, question: Q) -> Arc<OnceCell<A>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = kept.answers.len() >= MOST && !kept.answers.contains_key(&question);
        let revision = Some(revision);
        if kept.revision != revision || is_full {
            kept.revision = revision;
            kept.answers.clear();
        }
        Arc::clone(kept.answers.entry(question).or_default())
    }
}

impl<Q, A> Default for Memo<Q, A> {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            revision: None,
            answers: HashMap::new(),
        }))
    }
}

impl<Q, A> fmt::Debug for Memo<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Memo, Revision};

    fn revision(number: i64) -> Revision {
        Revision {
            number,
            unstamped: 0,
            catalogue: String::new(),
        }
    }

    fn keep(memo: &Memo<usize, i64>, number: i64, question: usize) {
        memo.cell(revision(number), question).set(7).unwrap();
    }

    fn knows(memo: &Memo<usize, i64>, number: i64, question: usize) -> bool {
        memo.cell(revision(number), question).get().is_some()
    }

    #[test]
    fn an_answer_holds_for_its_revision_alone() {
        let memo = Memo::default();
        keep(&memo, 1, 0);
        assert!(knows(&memo, 1, 0));
        assert!(!knows(&memo, 2, 0));
        assert!(!knows(&memo, 1, 0), "not even when the revision comes back");
    }

    #[test]
    fn a_memo_never_grows_beyond_its_bound() {
        let memo = Memo::default();
        for question in 0..MOST {
            keep(&memo, 1, question);
        }
        assert!(knows(&memo, 1, 0) && knows(&memo, 1, MOST - 1));
        keep(&memo, 1, MOST);
        assert!(knows(&memo, 1, MOST) && !knows(&memo, 1, 0));
    }
}
