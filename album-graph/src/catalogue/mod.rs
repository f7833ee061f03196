//! What an album is made of, parsed once into types that cannot be wrong.

mod name;
mod price;
mod release_date;
mod slug;
mod track;

use std::fmt;

pub use name::{ArtistName, GenreName, Name, Title, fold};
pub use price::{Money, UnknownCurrency, currency, price_from_decimal};
pub use release_date::ReleaseDate;
pub use slug::slug;
pub use track::{Track, parse_tracks};

/// Why a value was refused, in words for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    /// A refusal with its reason.
    pub fn because(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}
