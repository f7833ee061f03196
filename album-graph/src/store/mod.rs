//! The only room that speaks SQL: one file per noun, each a set of questions that `graph` and `import` ask.

pub mod albums;
pub mod artists;
pub mod carts;
pub mod changes;
pub mod chores;
mod connection_string;
mod connections;
mod credentials;
pub mod customers;
mod database;
mod error;
pub mod failures;
mod fault;
mod filter;
pub mod genres;
mod keyset;
pub mod load;
pub mod mail_tokens;
pub mod mails;
mod memo;
mod migrations;
pub mod orders;
#[cfg(test)]
mod plans;
pub mod promotions;
mod readers;
mod retry;
pub mod revision;
pub mod sales;
pub mod sessions;
mod sql;
mod sql_server;
mod sqlite;
pub mod stock;
pub mod tracks;
mod url;

pub use connections::Connections;
pub use credentials::CredentialsError;
pub use database::{Database, Transaction};
pub use error::{Cause, MigrateError, OpenError, StoreError};
pub use fault::{Fault, ServerError};
pub use keyset::{Bounds, Key, Page, Position, Slice};
pub use migrations::{SchemaState, Step};
pub use retry::retry;
pub use sqlx::migrate::Migration;
pub use url::{DatabaseUrl, Purpose};
