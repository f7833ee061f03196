//! The data of the music store: GraphQL in, SQL out. The only program that opens the database.

pub mod accounts;
pub mod carts;
pub mod catalogue;
pub mod cleaning;
pub mod clock;
pub mod config;
mod docs;
mod examples;
pub mod graph;
pub mod http;
pub mod import;
pub mod mail;
pub mod metrics;
pub mod orders;
mod playground;
pub mod ranking;
pub mod sample;
pub mod search;
pub mod store;
pub mod watch;
