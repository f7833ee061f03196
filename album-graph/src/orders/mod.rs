//! Orders: what a cart costs, what an order needs, and how it is placed and paid.

mod address;
mod bill;
mod confirmation;
mod country;
mod number;
mod order;
mod pay;
pub mod payment;
mod place;
mod problem;
mod promotion;
mod request;

pub use address::{Address, AddressInput};
pub use country::Country;
pub use number::{Number, Numbers};
pub use order::{Order, OrderLine, Payment};
pub use pay::Placed;
pub use payment::{PaymentProvider, Payments, settle};
pub use place::{PlaceError, Till, place};
pub use problem::{Code, Problem};
pub use promotion::{Promotion, Quote, Worth, quote};
pub use request::Request;
