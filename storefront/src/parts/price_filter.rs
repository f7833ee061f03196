//! The form above a list of albums: in which order, and for how much.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::format::price;
use crate::parameters::Parameters;
use crate::{paths, schema};

/// What the catalogue is asked to leave out.
#[derive(Clone, Debug, cynic::InputObject)]
#[cynic(graphql_type = "AlbumFilter")]
pub struct PriceRange {
    /// Minor units, inclusive.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub min_price: Option<i32>,
    /// Minor units, inclusive.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub max_price: Option<i32>,
}

/// An order that visitors can choose.
#[derive(Debug)]
pub struct Choice<O> {
    /// What the URL says; empty for the usual order.
    pub sort: &'static str,
    /// What the form says.
    pub label: &'static str,
    /// What the catalogue is asked.
    pub order: O,
}

impl<O> Choice<O> {
    /// A choice.
    pub const fn new(sort: &'static str, label: &'static str, order: O) -> Self {
        Self { sort, label, order }
    }
}

/// The form, as the visitor filled it in.
#[derive(Debug, Template)]
#[template(path = "parts/price_filter.html")]
pub struct PriceFilter<O: Copy + 'static> {
    action: String,
    kept: Vec<(&'static str, String)>,
    min: Field,
    max: Field,
    choices: &'static [Choice<O>],
    chosen: &'static Choice<O>,
}

/// A price in the form.
#[derive(Debug)]
struct Field {
    text: String,
    amount: Option<i32>,
    /// What is wrong with it; empty where nothing is.
    error: &'static str,
}

impl<O: Copy> PriceFilter<O> {
    /// Reads the form that is sent to `action`; an unknown order is the usual one, which comes first.
    pub fn read<const N: usize>(action: String, parameters: &Parameters, choices: &'static [Choice<O>; N]) -> Self {
        const { assert!(N > 0, "there is a usual order") };
        let chosen = choices
            .iter()
            .find(|choice| choice.sort == parameters.get("sort"))
            .unwrap_or(&choices[0]);
        let (min, mut max) = (Field::read(parameters.get("min")), Field::read(parameters.get("max")));
        if let (Some(lowest), Some(highest)) = (min.amount, max.amount)
            && lowest > highest
        {
            max.error = "The highest price must not be below the lowest.";
        }
        Self {
            action,
            kept: Vec::new(),
            min,
            max,
            choices,
            chosen,
        }
    }

    /// Sends along what else is chosen.
    pub fn keep(&mut self, kept: Vec<(&'static str, String)>) {
        self.kept = kept;
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
    pub fn order(&self) -> O {
        self.chosen.order
    }

    /// The order as it stands in a URL.
    pub fn sort(&self) -> &'static str {
        self.chosen.sort
    }

    /// The filter as it stands in a URL.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("sort", self.chosen.sort.to_owned()),
            ("min", self.min.text.clone()),
            ("max", self.max.text.clone()),
        ]
    }

    /// The same list for any price.
    fn without_prices(&self) -> String {
        let kept: Vec<_> = self.kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        paths::with_query(&self.action, &kept)
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

impl<O: Copy> HtmlSafe for PriceFilter<O> {}
