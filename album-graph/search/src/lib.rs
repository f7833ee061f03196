//! Search: an index of the words of a catalogue, to find albums and artists by.
//!
//! [`words`] says what counts as the same word, [`fields`] what is kept, [`matching`] what matches and how well, [`ranking`] in
//! which order. An [`Index`] is written and read, a [`Snapshot`] of it answers. It knows of no database, and is a crate of its own
//! to be compiled for speed.

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
mod segment;
mod snapshot;
mod spread;
mod vocabulary;
mod wanted;
mod words;

pub use facets::{Band, Facets};
pub use fields::{Album, Artist, Day};
pub use index::{Change, Index, Slot, Stand, Writer};
pub use query::{Forgiven, Marked, Marker, Query, Range, WordSet};
pub use ranking::{Hit, Order, Position};
pub use snapshot::{Found, Search, Snapshot, Suggested};
pub use tantivy::{Result, TantivyError};
pub use wanted::Filter;
