//! Sessions and customers: who asks, and how they prove it.
//!
//! Nothing here tells whether an address has an account. What is asked about one that has none takes as many statements, as many
//! password hashes and, where a mail is due, as many mails as about one that has: the rules say where.

mod attempt;
mod email;
pub mod lockout;
mod password;
mod refusal;
mod reset;
mod sign_in;
mod sign_up;
mod token;

pub use attempt::Attempt;
pub use email::Email;
pub use password::Passwords;
pub use refusal::{Fault, Outcome, Refusal};
pub use sign_in::Recognised;
pub use sign_up::{Confirmed, Prepared};
pub use token::{NoRandomness, Token, sha256};
