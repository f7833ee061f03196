//! In which order the albums of a search come.

use crate::parts::price_filter::Choice;
use crate::schema;

/// The orders in which found albums can be asked for.
#[derive(Clone, Copy, Debug, cynic::Enum)]
pub enum SearchOrder {
    /// Best match first.
    Relevance,
    /// Most copies sold first.
    BestSelling,
    /// From A to Z.
    TitleAsc,
    /// From Z to A.
    TitleDesc,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Oldest first.
    ReleasedAsc,
    /// Newest first.
    ReleasedDesc,
}

/// The orders that visitors can choose, the usual one first.
pub const ORDERS: [Choice<SearchOrder>; 8] = [
    Choice::new("", "Best match", SearchOrder::Relevance),
    Choice::new("best", "Best selling", SearchOrder::BestSelling),
    Choice::new("newest", "Newest release first", SearchOrder::ReleasedDesc),
    Choice::new("oldest", "Oldest release first", SearchOrder::ReleasedAsc),
    Choice::new("price", "Price, low to high", SearchOrder::PriceAsc),
    Choice::new("-price", "Price, high to low", SearchOrder::PriceDesc),
    Choice::new("title", "Title, A to Z", SearchOrder::TitleAsc),
    Choice::new("-title", "Title, Z to A", SearchOrder::TitleDesc),
];
