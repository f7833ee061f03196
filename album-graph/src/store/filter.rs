//! Which albums to list, and which of the two ways to a page of them is the short one.

use super::albums::Order;
use super::sql::Sql;
use crate::catalogue::ReleaseDate;

/// So many albums are found and put into order sooner than the whole list is walked for one page of them.
const FEW: i64 = 2_000;

/// Which albums to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only of this genre.
    pub genre_id: Option<i64>,
    /// Only by this artist.
    pub artist_id: Option<i64>,
    /// Only at this price or above, in minor units.
    pub min_price: Option<i64>,
    /// Only at this price or below, in minor units.
    pub max_price: Option<i64>,
    /// Only released then or later.
    pub released_from: Option<ReleaseDate>,
    /// Only released then or earlier.
    pub released_to: Option<ReleaseDate>,
}

/// How the albums of a page are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// However the database likes: one index has both the order and the filter.
    Free,
    /// Along the order, leaving out what does not pass: most does.
    AlongOrder,
    /// What passes, put into order then: it is little, as are the albums of one artist.
    ThroughFilter,
}

impl Way {
    /// The shorter way to a page of `passing` albums.
    pub fn to(passing: i64) -> Self {
        if passing > FEW {
            Self::AlongOrder
        } else {
            Self::ThroughFilter
        }
    }
}

impl Filter {
    /// Whether no index has both this filter and `order`, so that the way to a page has to be chosen.
    pub(super) fn crosses(&self, order: Order) -> bool {
        let priced = self.min_price.is_some() || self.max_price.is_some();
        let dated = self.released_from.is_some() || self.released_to.is_some();
        let by_price = matches!(order, Order::Price | Order::PriceDescending);
        let by_date = matches!(order, Order::Released | Order::ReleasedDescending);
        priced && !by_price || dated && !by_date
    }

    /// Appends the conditions.
    pub(super) fn push(&self, sql: &mut Sql, way: Way) {
        let column = |sql: &mut Sql, name| {
            sql.push(" AND ");
            if way == Way::AlongOrder {
                sql.aside(name);
            } else {
                sql.push(name);
            }
        };
        if let Some(genre) = self.genre_id {
            sql.push(" AND genre_id = ").bind(genre);
        }
        if let Some(artist) = self.artist_id {
            sql.push(" AND artist_id = ").bind(artist);
        }
        if let Some(minor) = self.min_price {
            column(sql, "price_minor");
            sql.push(" >= ").bind(minor);
        }
        if let Some(minor) = self.max_price {
            column(sql, "price_minor");
            sql.push(" <= ").bind(minor);
        }
        if let Some(date) = &self.released_from {
            column(sql, "release_order");
            sql.push(" >= ").bind(date.first_day());
        }
        if let Some(date) = &self.released_to {
            // The empty text stands for "not known", which no date filter lets through.
            column(sql, "release_order");
            sql.push(" > ''");
            column(sql, "release_order");
            sql.push(" <= ").bind(date.upper_bound());
        }
    }
}
