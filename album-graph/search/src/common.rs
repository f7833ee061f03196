//! The documents of the commonest terms, which many searches have in them: read once, for as long as the segment lives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::bits::{Bits, LONGEST};

/// Adding the documents of a term one by one takes as long as adding so many to a set at once.
const AT_ONCE: u32 = 64;
/// Most bytes that the sets of a segment take.
const MOST: usize = 48 << 20;

/// Sets of documents by where in its field a term has them.
#[derive(Default)]
pub(crate) struct Common(Mutex<HashMap<(Field, usize), Arc<Bits>>>);

impl Common {
    /// The documents of a term of a segment of `size` documents, which `read` reads; none where the term is not so common, or
    /// others have taken the place.
    pub fn get(
        &self,
        size: u32,
        (field, info): (Field, &TermInfo),
        read: impl FnOnce() -> tantivy::Result<Bits>,
    ) -> tantivy::Result<Option<Arc<Bits>>> {
        if info.doc_freq < size / AT_ONCE || info.doc_freq as usize <= LONGEST {
            return Ok(None);
        }
        let key = (field, info.postings_range.start);
        let most = MOST / (size as usize / 8);
        {
            let sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = sets.get(&key) {
                return Ok(Some(Arc::clone(known)));
            }
            if sets.len() >= most {
                return Ok(None);
            }
        }
        let documents = Arc::new(read()?);
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(Arc::clone(sets.entry(key).or_insert(documents))))
    }
}
