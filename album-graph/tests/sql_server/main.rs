//! The service before a SQL Server that fails: a scripted one, for a real one cannot be made to fail at will.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod scripted;
mod shop;

mod cut;
mod idle;
mod log_in;
mod outage;
mod repetition;
mod rotation;
mod values;
