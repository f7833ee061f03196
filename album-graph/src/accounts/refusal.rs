//! Why somebody does not get what they ask for.

use std::time::Duration;

use super::NoRandomness;
use crate::store::StoreError;

/// Why somebody does not get what they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// That is no e-mail address.
    InvalidEmail,
    /// The password is too short.
    PasswordTooShort,
    /// The password is too long.
    PasswordTooLong,
    /// The password is one of the first that anybody would try.
    PasswordTooCommon,
    /// No account has this address and this password.
    WrongCredentials,
    /// That is not the customer's password.
    WrongPassword,
    /// It was tried too often: again after so long.
    TooManyAttempts(Duration),
    /// Too many are proving themselves at this moment: again after so long.
    Busy(Duration),
    /// The link in a mail is too old, was used already, or never was one.
    ExpiredLink,
    /// It is for customers who are signed in.
    NotSignedIn,
    /// The customer has no such session.
    UnknownSession,
}

/// What broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are no random numbers.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// A password cannot be hashed.
    #[error("cannot hash a password: {0}")]
    Hash(argon2::password_hash::Error),
    /// The thread that hashes has stopped.
    #[error("a password was not hashed to the end")]
    Stopped(#[from] tokio::task::JoinError),
}

impl Fault {
    /// Whether a transaction that ended with it was not kept, and the same one may succeed a moment later.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes())
    }
}

/// What was asked for, or why not.
pub type Outcome<T> = Result<Result<T, Refusal>, Fault>;
