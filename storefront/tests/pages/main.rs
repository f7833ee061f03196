//! The pages, through the door: the real router before the real album-graph.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod accounts;
mod album;
mod answers;
mod artists;
mod browser;
mod cart;
mod checkout;
mod covers;
mod frame;
mod genre;
mod home;
mod machines;
mod memory;
mod metrics;
mod operations;
mod problems;
#[path = "../../../album-graph/tests/support/scrape.rs"]
mod scrape;
mod search;
mod settings;
mod shop;
#[path = "../../../album-graph/tests/support/test_database.rs"]
#[expect(dead_code, reason = "the tests of album-graph need more of it")]
mod test_database;
mod visitor;
mod visits;
