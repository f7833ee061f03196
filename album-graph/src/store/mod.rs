//! The only room that speaks SQL: one file per noun, each a set of questions that `graph` and `import` ask.

pub mod albums;
pub mod artists;
mod database;
mod error;
pub mod genres;
mod keyset;
pub mod load;
pub mod revision;
mod sql;
pub mod tracks;

pub use database::{Database, SchemaState, Transaction};
pub use error::{MigrateError, OpenError, StoreError};
pub use keyset::{Bounds, Key, Page, Position, Slice};
