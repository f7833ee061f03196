//! The form above a list of albums: in which order, and for how much.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::format::price;
use crate::parameters::Parameters;
use crate::parts::album_shelf::AlbumOrder;
use crate::schema;

/// What the catalogue is asked to leave out.
#[derive(Clone, Debug, cynic::InputObject)]
#[cynic(graphql_type = "AlbumFilter")]
pub struct PriceRange {
    /// Minor units, inclusive.
    #[cynic(skip_serializing_if = "Option::is_none")]
    min_price: Option<i32>,
    /// Minor units, inclusive.
    #[cynic(skip_serializing_if = "Option::is_none")]
    max_price: Option<i32>,
}

/// The orders that visitors can choose: what the URL says, what the form says, what the catalogue is asked.
const ORDERS: [(&str, &str, AlbumOrder); 7] = [
    ("", "Best selling", AlbumOrder::BestSelling),
    ("newest", "Newest release first", AlbumOrder::ReleasedDesc),
    ("oldest", "Oldest release first", AlbumOrder::ReleasedAsc),
    ("price", "Price, low to high", AlbumOrder::PriceAsc),
    ("-price", "Price, high to low", AlbumOrder::PriceDesc),
    ("title", "Title, A to Z", AlbumOrder::TitleAsc),
    ("-title", "Title, Z to A", AlbumOrder::TitleDesc),
];

/// The form, as the visitor filled it in.
#[derive(Debug, Template)]
#[template(path = "parts/price_filter.html")]
pub struct PriceFilter {
    action: String,
    min: Field,
    max: Field,
    sort: &'static str,
    order: AlbumOrder,
}

/// A price in the form.
#[derive(Debug)]
struct Field {
    text: String,
    amount: Option<i32>,
    /// What is wrong with it; empty where nothing is.
    error: &'static str,
}

impl PriceFilter {
    /// Reads the form that is sent to `action`; an unknown order is the usual one.
    pub fn read(action: String, parameters: &Parameters) -> Self {
        let order = ORDERS
            .iter()
            .find(|(sort, ..)| *sort == parameters.get("sort"))
            .unwrap_or(&ORDERS[0]);
        let (min, mut max) = (Field::read(parameters.get("min")), Field::read(parameters.get("max")));
        if let (Some(lowest), Some(highest)) = (min.amount, max.amount)
            && lowest > highest
        {
            max.error = "The highest price must not be below the lowest.";
        }
        Self {
            action,
            min,
            max,
            sort: order.0,
            order: order.2,
        }
    }

    /// Whether everything in it makes sense.
    pub fn is_valid(&self) -> bool {
        self.min.error.is_empty() && self.max.error.is_empty()
    }

    /// Whether it leaves anything out.
    pub fn is_active(&self) -> bool {
        !(self.min.text.is_empty() && self.max.text.is_empty())
    }

    /// What to ask the catalogue: nothing is left out where it makes no sense.
    pub fn range(&self) -> PriceRange {
        let valid = self.is_valid();
        PriceRange {
            min_price: self.min.amount.filter(|_| valid),
            max_price: self.max.amount.filter(|_| valid),
        }
    }

    /// The order to ask for.
    pub fn order(&self) -> AlbumOrder {
        self.order
    }

    /// The filter as it stands in a URL.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("sort", self.sort.to_owned()),
            ("min", self.min.text.clone()),
            ("max", self.max.text.clone()),
        ]
    }

    fn choices(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        ORDERS
            .iter()
            .map(|(sort, label, _)| (*sort, *label, *sort == self.sort))
    }
}

impl Field {
    fn read(text: &str) -> Self {
        let amount = price::parse(text);
        let error = match amount {
            None if !text.is_empty() => "Enter a price in numbers, such as 5 or 7.50.",
            _ => "",
        };
        // What nobody can have meant need not be sent back in full.
        Self {
            text: text.chars().take(40).collect(),
            amount,
            error,
        }
    }
}

impl HtmlSafe for PriceFilter {}
