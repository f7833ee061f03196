//! Why an account does not do what was asked of it, for programs and for people.

use std::time::Duration;

use async_graphql::{Enum, SimpleObject};

use super::error::GraphError;
use crate::accounts::{Fault, Refusal};
use crate::store::StoreError;

/// What kind of problem with an account it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccountProblemCode {
    /// That is no e-mail address.
    InvalidEmail,
    /// A password has at least 10 characters.
    PasswordTooShort,
    /// A password has at most 128 characters.
    PasswordTooLong,
    /// The password is among the first that anybody would try, or made of the address.
    PasswordTooCommon,
    /// No account has this address and this password.
    WrongCredentials,
    /// That is not the customer's password.
    WrongPassword,
    /// It was tried too often: `retryAfter` says when it may be tried again.
    TooManyAttempts,
    /// Too many are signing in at this moment: `retryAfter` says when to try again.
    Busy,
    /// The link of a mail is too old, was used already, or never was one.
    ExpiredLink,
    /// It is for customers who are signed in.
    NotSignedIn,
    /// The customer has no such session.
    UnknownSession,
}

/// Why an account does not do what was asked of it.
#[derive(SimpleObject)]
pub(super) struct AccountProblem {
    /// For programs.
    code: AccountProblemCode,
    /// Which part of the input is to blame.
    field: Option<&'static str>,
    /// For people.
    message: String,
    /// Seconds after which to try again, where that would help.
    retry_after: Option<i32>,
}

impl AccountProblem {
    /// A refusal that no part of the input is to blame for.
    pub fn new(refusal: Refusal) -> Self {
        Self::of(None, refusal)
    }

    /// A refusal, and which part of the input is to blame.
    pub fn at(field: &'static str, refusal: Refusal) -> Self {
        Self::of(Some(field), refusal)
    }

    /// All of these.
    pub fn all(refusals: Vec<(&'static str, Refusal)>) -> Vec<Self> {
        refusals
            .into_iter()
            .map(|(field, refusal)| Self::at(field, refusal))
            .collect()
    }

    fn of(field: Option<&'static str>, refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::InvalidEmail => (AccountProblemCode::InvalidEmail, "Please enter an e-mail address."),
            Refusal::PasswordTooShort => (
                AccountProblemCode::PasswordTooShort,
                "Please choose a password of at least 10 characters.",
            ),
            Refusal::PasswordTooLong => (
                AccountProblemCode::PasswordTooLong,
                "Please choose a password of at most 128 characters.",
            ),
            Refusal::PasswordTooCommon => (
                AccountProblemCode::PasswordTooCommon,
                "Please choose a password that is harder to guess.",
            ),
            Refusal::WrongCredentials => (
                AccountProblemCode::WrongCredentials,
                "The e-mail address or the password is wrong.",
            ),
            Refusal::WrongPassword => (AccountProblemCode::WrongPassword, "The password is wrong."),
            Refusal::TooManyAttempts(wait) => return Self::later(AccountProblemCode::TooManyAttempts, field, wait),
            Refusal::Busy(wait) => return Self::later(AccountProblemCode::Busy, field, wait),
            Refusal::ExpiredLink => (
                AccountProblemCode::ExpiredLink,
                "This link is too old, or was used already. Please ask for a new one.",
            ),
            Refusal::NotSignedIn => (AccountProblemCode::NotSignedIn, "Please sign in."),
            Refusal::UnknownSession => (AccountProblemCode::UnknownSession, "This session has ended already."),
        };
        Self {
            code,
            field,
            message: message.to_owned(),
            retry_after: None,
        }
    }

    fn later(code: AccountProblemCode, field: Option<&'static str>, wait: Duration) -> Self {
        // Rounded up: who comes back then is let in.
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        let cause = if code == AccountProblemCode::Busy {
            "Many people are signing in at this moment."
        } else {
            "That was tried too often."
        };
        let (count, unit) = if seconds <= 90 {
            (seconds, "second")
        } else {
            (seconds.div_ceil(60), "minute")
        };
        let plural = if count == 1 { "" } else { "s" };
        Self {
            code,
            field,
            message: format!("{cause} Please try again in {count} {unit}{plural}."),
            retry_after: i32::try_from(seconds).ok(),
        }
    }
}

impl From<Fault> for GraphError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => StoreError::into(error),
            other => Self::broken(&other),
        }
    }
}
