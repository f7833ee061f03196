//! What somebody bought.

use iso_currency::Currency;

use super::payment::State;
use super::{Address, Number};
use crate::catalogue::Money;
use crate::clock::Moment;

/// What somebody bought.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its key.
    pub id: i64,
    /// What people call it.
    pub number: Number,
    /// Who bought it.
    pub customer: i64,
    /// When.
    pub placed_at: Moment,
    /// What its prices are in.
    pub currency: Currency,
    /// The sum of its lines, in minor units.
    pub subtotal_minor: i64,
    /// What a promotion took off, in minor units.
    pub discount_minor: i64,
    /// Which promotion, if any.
    pub promotion_code: Option<String>,
    /// How it is paid.
    pub payment: Payment,
    /// Where it goes.
    pub address: Address,
}

/// How an order is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// By which provider.
    pub provider: String,
    /// Whether it is paid.
    pub state: State,
    /// What the provider calls it.
    pub reference: Option<String>,
}

/// Some copies of one album, as they were bought.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// Of which order.
    pub order_id: i64,
    /// Which album.
    pub album_id: i64,
    /// The title as it was then.
    pub title: String,
    /// The artist's name as it was then.
    pub artist_name: String,
    /// What one copy cost then.
    pub price: Money,
    /// How many.
    pub quantity: i64,
}

impl OrderLine {
    /// What all its copies cost.
    #[must_use]
    pub fn total(&self) -> Money {
        Money {
            amount: self.price.amount * self.quantity,
            ..self.price
        }
    }
}

impl Order {
    /// The sum of its lines.
    #[must_use]
    pub fn subtotal(&self) -> Money {
        self.money(self.subtotal_minor)
    }

    /// What the promotion took off.
    #[must_use]
    pub fn discount(&self) -> Option<Money> {
        let has_promotion = self.promotion_code.is_some();
        has_promotion.then(|| self.money(self.discount_minor))
    }

    /// What is to pay.
    #[must_use]
    pub fn total(&self) -> Money {
        self.money(self.subtotal_minor - self.discount_minor)
    }

    fn money(&self, amount: i64) -> Money {
        let currency = self.currency;
        Money { amount, currency }
    }
}
