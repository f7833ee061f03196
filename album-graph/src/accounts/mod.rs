//! Sessions and customers: who asks, and how they prove it.

mod token;

pub use token::{NoRandomness, Token, sha256};
