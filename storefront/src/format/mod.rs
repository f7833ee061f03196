//! How the shop writes prices, dates and durations.

pub mod browser;
pub mod duration;
pub mod moment;
pub mod price;
pub mod release_date;
