//! What is about to be bought.

use crate::format::price::Price;
use crate::parts::album_card::AlbumCard;
use crate::schema;

/// A cart with all that is in it.
#[derive(Debug, cynic::QueryFragment)]
pub struct Cart {
    /// One line for each album.
    pub lines: Vec<CartLine>,
    /// How many copies all lines have together.
    pub quantity: i32,
    /// What those that can be bought cost.
    pub subtotal: Option<Price>,
    /// Whether something has changed that the visitor should know of before buying.
    pub changed: bool,
}

/// Some copies of one album.
#[derive(Debug, cynic::QueryFragment)]
pub struct CartLine {
    /// The album.
    pub album: AlbumCard,
    /// How many copies.
    pub quantity: i32,
    /// What one copy costs.
    pub price: Price,
    previous_price: Option<Price>,
    /// What they cost together.
    pub total: Price,
    obstacle: Option<CartObstacle>,
    copies_left: Option<i32>,
}

/// Why a line cannot be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, cynic::Enum)]
pub enum CartObstacle {
    /// It has left the shop.
    Gone,
    /// No copy is left.
    SoldOut,
    /// Not so many copies are left.
    TooFew,
}

impl CartLine {
    /// Whether the album still has a page.
    pub fn is_gone(&self) -> bool {
        self.obstacle == Some(CartObstacle::Gone)
    }

    /// What has changed since the album was put in; empty where nothing has.
    pub fn notice(&self) -> String {
        match (self.obstacle, &self.previous_price) {
            (Some(CartObstacle::Gone), _) => "This album has left the shop.".to_owned(),
            (Some(CartObstacle::SoldOut), _) => "Sold out.".to_owned(),
            (Some(CartObstacle::TooFew), _) => match self.copies_left {
                Some(1) => "Only 1 copy is left.".to_owned(),
                Some(copies) => format!("Only {copies} copies are left."),
                None => "Fewer copies are left.".to_owned(),
            },
            (None, Some(previous)) => format!("Was {}, now {}.", previous.formatted, self.price.formatted),
            (None, None) => String::new(),
        }
    }
}

/// So many copies, in words.
pub fn copies(quantity: i32) -> String {
    if quantity == 1 {
        "1 copy".to_owned()
    } else {
        format!("{quantity} copies")
    }
}

/// Reads how many copies a visitor typed.
pub fn parse_copies(text: &str) -> Option<i32> {
    text.parse().ok()
}

/// What is said where that is no number.
pub const NOT_COPIES: &str = "Enter a number of copies from 1 to 99.";
