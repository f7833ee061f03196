//! Orders, as lists and their own pages show them.

use cynic::Id;

use crate::format::moment::Moment;
use crate::format::price::Price;
use crate::{paths, schema};

/// An order, as lists show it.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
pub struct OrderCard {
    /// What people call it.
    pub number: String,
    /// When it was placed.
    pub placed_at: Moment,
    /// How many copies were bought.
    pub quantity: i32,
    /// What was to pay.
    pub total: Price,
    /// What was bought.
    pub lines: Vec<OrderedTitle>,
}

/// The title of something that was bought.
#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "OrderLine")]
pub struct OrderedTitle {
    title: String,
}

impl OrderCard {
    /// Where its page is.
    pub fn href(&self) -> String {
        paths::order(&self.number)
    }

    /// What was bought, in short.
    pub fn titles(&self) -> String {
        let first = self.lines.first().map_or("", |line| line.title.as_str());
        match self.lines.len() {
            0 | 1 => first.to_owned(),
            2 => format!("{first} and 1 more"),
            lines => format!("{first} and {} more", lines - 1),
        }
    }
}

/// An address, as it is written on a parcel.
#[derive(Clone, Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Address")]
pub struct PostalAddress {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// Street and number.
    pub address: String,
    /// The city.
    pub city: String,
    /// The state or region; may be empty.
    pub state: String,
    /// The postal code.
    pub postal_code: String,
    /// The country.
    pub country: Country,
    /// A telephone number.
    pub phone: String,
    /// An e-mail address.
    pub email: String,
}

/// A country that the shop sells to.
#[derive(Clone, Debug, Default, cynic::QueryFragment)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// For people.
    pub name: String,
}

/// A way to pay.
#[derive(Clone, Debug, cynic::QueryFragment)]
pub struct PaymentMethod {
    /// For programs.
    pub id: Id,
    /// For people.
    pub name: String,
}
