//! How the shop writes prices, dates and durations.

pub mod duration;
pub mod price;
pub mod release_date;
