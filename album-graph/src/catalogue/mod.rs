//! What an album is made of, parsed once into types that cannot be wrong.

mod name;
mod price;
mod release_date;
mod slug;
mod track;

use std::fmt;

pub(crate) use name::is_noncharacter;
pub use name::{ArtistName, GenreName, Name, Title, fold, key};
pub use price::{Money, UnknownCurrency, currency, price_from_decimal};
pub use release_date::ReleaseDate;
pub use slug::slug;
pub use track::{Track, parse_tracks};

/// Why a value was refused, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

/// A value as a message quotes it: not longer than a line.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(LONGEST).collect();
    let hint = if text.contains('\n') {
        " (is a quote left open?)"
    } else {
        ""
    };
    format!("{start:?}…{hint}")
}

impl Refusal {
    /// A refusal that quotes what was given: `"abc"` and why it cannot be taken.
    #[must_use]
    pub fn of(text: &str, reason: &str) -> Self {
        Self(format!("{} {reason}", quoted(text)))
    }

    /// A refusal with its reason.
    pub fn because(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}
