//! The only room that speaks SQL: one file per noun, each a set of questions that `graph` and `import` ask.

pub mod albums;
pub mod artists;
pub mod changes;
mod connection_string;
mod credentials;
mod database;
mod error;
mod fault;
mod filter;
pub mod genres;
mod keyset;
pub mod load;
mod memo;
mod migrations;
#[cfg(test)]
mod plans;
mod readers;
pub mod revision;
mod sql;
mod sql_server;
mod sqlite;
pub mod tracks;
mod url;

pub use credentials::CredentialsError;
pub use database::{Database, Transaction};
pub use error::{Cause, MigrateError, OpenError, StoreError};
pub use fault::{Fault, ServerError};
pub use keyset::{Bounds, Key, Page, Position, Slice};
pub use migrations::{SchemaState, Step};
pub use sqlx::migrate::Migration;
pub use url::{DatabaseUrl, Purpose};
