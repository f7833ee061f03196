//! The way to the cart, with how much is in it: what changes in the header when something is put in.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::schema;

/// So many titles are told.
const TOLD: usize = 10;

/// What the header tells of a cart.
#[derive(Clone, Debug, Default, cynic::QueryFragment)]
#[cynic(graphql_type = "Cart")]
pub struct CartSummary {
    /// How many copies are in it.
    pub quantity: i32,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "CartLine")]
struct Line {
    album: Titled,
}

#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Album")]
struct Titled {
    title: String,
}

/// The link.
#[derive(Debug, Template)]
#[template(path = "parts/cart_link.html")]
pub struct CartLink {
    quantity: i32,
    titles: String,
    /// What is said about a change that has just been made; empty where none was.
    said: String,
    /// Whether the change was refused.
    refused: bool,
}

impl CartLink {
    /// The link to a cart.
    pub fn to(cart: &CartSummary) -> Self {
        Self {
            quantity: cart.quantity,
            titles: titles(&cart.lines),
            said: String::new(),
            refused: false,
        }
    }

    /// The same after a change.
    pub fn saying(self, said: String) -> Self {
        Self { said, ..self }
    }

    /// The same after a change that was refused.
    pub fn refusing(self, said: String) -> Self {
        Self {
            said,
            refused: true,
            ..self
        }
    }

    /// What the badge means.
    fn copies(&self) -> String {
        match self.quantity {
            0 => "empty".to_owned(),
            1 => "1 copy".to_owned(),
            copies => format!("{copies} copies"),
        }
    }
}

impl HtmlSafe for CartLink {}

fn titles(lines: &[Line]) -> String {
    let mut titles: Vec<_> = lines.iter().take(TOLD).map(|line| line.album.title.clone()).collect();
    if lines.len() > TOLD {
        titles.push(format!("and {} more", lines.len() - TOLD));
    }
    titles.join("\n")
}
