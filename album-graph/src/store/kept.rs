//! Rows of the catalogue that most answers need, kept by their keys for as long as the catalogue stays as it is.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::StoreError;

/// Most rows of one kind that are kept, each of a few hundred bytes; they are gathered afresh with the next.
const MOST: usize = 2_000;

/// Rows of one kind.
pub(super) struct Kept<R>(Mutex<Rows<R>>);

struct Rows<R> {
    /// The state of the catalogue that they belong to; none while it is not known.
    state: Option<Arc<str>>,
    by_key: HashMap<i64, Arc<R>>,
}

impl<R> Kept<R> {
    /// Says in which state the catalogue is. What was read in another one is forgotten.
    pub fn turn(&self, state: Option<&Arc<str>>) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.state.as_ref() != state {
            rows.state = state.cloned();
            rows.by_key.clear();
        }
    }

    /// The rows of `keys`, in any order, each `named` by its key; those that are not known are read with `read`.
    pub async fn get<F>(
        &self,
        keys: &[i64],
        read: impl FnOnce(Vec<i64>) -> F,
        named: fn(&R) -> i64,
    ) -> Result<Vec<Arc<R>>, StoreError>
    where
        F: Future<Output = Result<Vec<R>, StoreError>>,
    {
        let (state, mut found, missing) = self.find(keys);
        if !missing.is_empty() {
            // In a box, for it is seldom needed.
            let read: Vec<Arc<R>> = Box::pin(read(missing)).await?.into_iter().map(Arc::new).collect();
            self.keep(state.as_ref(), &read, named);
            found.extend(read);
        }
        Ok(found)
    }

    fn find(&self, keys: &[i64]) -> (Option<Arc<str>>, Vec<Arc<R>>, Vec<i64>) {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut found, mut missing) = (Vec::with_capacity(keys.len()), Vec::new());
        for key in keys {
            match rows.by_key.get(key) {
                Some(row) => found.push(Arc::clone(row)),
                None => missing.push(*key),
            }
        }
        (rows.state.clone(), found, missing)
    }

    /// Keeps rows that were read since the catalogue was in `state`: they may be newer than that, but never older.
    fn keep(&self, state: Option<&Arc<str>>, read: &[Arc<R>], named: fn(&R) -> i64) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_none() || rows.state.as_ref() != state || read.len() > MOST {
            return;
        }
        if rows.by_key.len() + read.len() > MOST {
            rows.by_key.clear();
        }
        let read = read.iter().map(|row| (named(row), Arc::clone(row)));
        rows.by_key.extend(read);
    }
}

impl<R> Default for Kept<R> {
    fn default() -> Self {
        Self(Mutex::new(Rows {
            state: None,
            by_key: HashMap::new(),
        }))
    }
}

impl<R> fmt::Debug for Kept<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Kept, MOST};

    /// Asks for `keys`, each of which is its own row, and answers which of them had to be read.
    async fn read(kept: &Kept<i64>, keys: &[i64]) -> Vec<i64> {
        let mut asked = Vec::new();
        let found = kept.get(
            keys,
            |missing| {
                asked.clone_from(&missing);
                async { Ok(missing) }
            },
            |row| *row,
        );
        let mut found: Vec<i64> = found.await.unwrap().iter().map(|row| **row).collect();
        found.sort_unstable();
        assert_eq!(found, keys);
        asked
    }

    #[tokio::test]
    async fn a_row_is_read_once_in_a_state_of_the_catalogue() {
        let kept = Kept::default();
        kept.turn(Some(&"a".into()));
        assert_eq!(read(&kept, &[1, 2]).await, [1, 2]);
        assert_eq!(read(&kept, &[1, 2, 3]).await, [3]);
        kept.turn(Some(&"a".into()));
        assert_eq!(read(&kept, &[1]).await, [] as [i64; 0]);
        kept.turn(Some(&"b".into()));
        assert_eq!(read(&kept, &[1]).await, [1]);
    }

    #[tokio::test]
    async fn nothing_is_kept_while_the_state_is_not_known() {
        let kept = Kept::default();
        assert_eq!(read(&kept, &[1]).await, [1]);
        assert_eq!(read(&kept, &[1]).await, [1]);
    }

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_kept_after_it() {
        let kept: Kept<i64> = Kept::default();
        let (before, after) = (Arc::from("a"), Arc::from("b"));
        kept.turn(Some(&before));
        let late = kept.get(
            &[1],
            |missing| async {
                kept.turn(Some(&after));
                Ok(missing)
            },
            |row| *row,
        );
        late.await.unwrap();
        assert_eq!(read(&kept, &[1]).await, [1]);
    }

    #[tokio::test]
    async fn they_never_grow_beyond_their_bound() {
        let kept = Kept::default();
        kept.turn(Some(&"a".into()));
        let most = i64::try_from(MOST).unwrap();
        let keys: Vec<i64> = (0..most).collect();
        assert_eq!(read(&kept, &keys).await.len(), MOST);
        assert_eq!(read(&kept, &[most]).await, [most]);
        assert_eq!(read(&kept, &[0, most]).await, [0]);
    }
}
