//! Search: a projection of the catalogue in an index of words, kept in step with the database and never its source of truth.
//!
//! [`words`] says what counts as the same word, [`fields`] what is kept, [`matching`] what matches and how well, [`ranking`] in
//! which order. [`Searcher`] builds the index, follows the catalogue's revisions, and mends itself; a [`Snapshot`] answers.

mod array;
mod bits;
mod common;
mod facets;
mod fields;
mod index;
mod matching;
mod postings;
mod query;
mod ranking;
mod searcher;
mod segment;
mod snapshot;
mod spread;
mod vocabulary;
mod wanted;
mod words;

pub use facets::{Band, Facets};
pub use query::{Forgiven, Marker, Query, Range, WordSet};
pub use ranking::{Hit, Order};
pub use searcher::{FollowError, Place, Searcher, keep};
pub use snapshot::{Found, Search, Snapshot, Suggested};
