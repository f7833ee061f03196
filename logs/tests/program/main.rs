//! The real program, given files as Docker writes them, or what containers of a Swarm print, and a syslog server over TLS.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod delivery;
mod docker;
mod refusals;
mod support;
mod swarm;
