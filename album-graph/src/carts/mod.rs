//! Carts: what they come to, what may be done to them, and why not.

mod change;

pub use change::{Change, Edit, Refusal, change, merge};

use iso_currency::Currency;

use crate::catalogue::Money;
use crate::clock::Moment;
use crate::store::albums::Album;

/// Most copies of one album.
pub const MOST_COPIES: i64 = 99;
/// Most albums in a cart.
pub const MOST_LINES: usize = 50;

/// What is about to be bought: what was put in first comes first.
#[derive(Clone, Debug, Default)]
pub struct Cart {
    /// One for each album.
    pub lines: Vec<Line>,
}

/// Some copies of one album.
#[derive(Clone, Debug)]
pub struct Line {
    /// The album as it is today.
    pub album: Album,
    /// Whose it is.
    pub artist_name: String,
    /// How many copies.
    pub quantity: i64,
    /// What one copy cost when the buyer was told last.
    pub agreed: Money,
    /// When it was put in.
    pub added_at: Moment,
    /// How many copies the shop has; none where it never runs out.
    pub copies_left: Option<i64>,
}

/// Why a line cannot be bought as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is no longer for sale, or not in the currency of the others.
    Gone,
    /// No copy is left.
    SoldOut,
    /// Fewer copies are left than wanted.
    TooFew,
}

impl Line {
    /// What all its copies cost today.
    #[must_use]
    pub fn total(&self) -> Money {
        Money {
            amount: self.album.price.amount * self.quantity,
            ..self.album.price
        }
    }

    /// How many copies are left, where that is fewer than wanted.
    #[must_use]
    pub fn shortage(&self) -> Option<i64> {
        self.copies_left.filter(|left| *left < self.quantity)
    }
}

impl Cart {
    /// What it is paid in: the currency of the first album that is for sale.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        let for_sale = self.lines.iter().find(|line| !line.album.removed);
        for_sale.or(self.lines.first()).map(|line| line.album.price.currency)
    }

    /// Why a line of this cart cannot be bought as it is.
    #[must_use]
    pub fn obstacle(&self, line: &Line) -> Option<Obstacle> {
        if line.album.removed || self.currency() != Some(line.album.price.currency) {
            return Some(Obstacle::Gone);
        }
        match line.shortage()? {
            0 => Some(Obstacle::SoldOut),
            _ => Some(Obstacle::TooFew),
        }
    }

    /// What the lines that can be bought cost; none for an empty cart.
    #[must_use]
    pub fn subtotal(&self) -> Option<Money> {
        let buyable = self.lines.iter().filter(|line| self.obstacle(line).is_none());
        Some(Money {
            amount: buyable.map(|line| line.total().amount).sum(),
            currency: self.currency()?,
        })
    }

    /// How many copies there are of all albums together.
    #[must_use]
    pub fn quantity(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// Whether it is not what the buyer was told last.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let differs = |line: &Line| line.agreed != line.album.price || self.obstacle(line).is_some();
        self.lines.iter().any(differs)
    }

    /// What becomes of it.
    fn after(mut self, edit: Edit) -> Self {
        let Edit {
            dropped,
            changed,
            added,
        } = edit;
        let stays = |line: &Line| {
            let id = line.album.id;
            !dropped.contains(&id) && changed.iter().all(|line| line.album.id != id)
        };
        self.lines.retain(stays);
        self.lines.extend(changed.into_iter().chain(added));
        self.lines.sort_by_key(|line| (line.added_at, line.album.id));
        self
    }

    fn line(&self, album: i64) -> Option<&Line> {
        self.lines.iter().find(|line| line.album.id == album)
    }
}
