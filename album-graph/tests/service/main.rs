//! The service through its doors: GraphQL documents against the real router, the command line as a process, a real database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod buying;
mod client;
mod mail_server;
mod program;
#[path = "../support/scrape.rs"]
mod scrape;
mod shop;
#[path = "../support/test_database.rs"]
mod test_database;

mod accounts;
mod caching;
mod carts;
mod catalogue;
mod checkout;
mod chores;
mod command_line;
mod discretion;
mod docs;
mod documents;
mod examples;
mod execution;
mod faults;
mod hanging;
mod health;
mod http;
mod import;
mod killed;
mod limits;
mod locked;
mod lockout;
mod mail;
mod metrics;
mod migrations;
mod orders;
mod paging;
mod playground;
mod promotions;
mod ranking;
mod rate;
mod schema;
mod search;
mod search_index;
mod secrets;
mod sessions;
mod statements;
mod stock;
mod two_databases;
