//! Promotions, and what a cart costs with one.

use iso_currency::Currency;

use super::{Code, Problem};
use crate::carts::Cart;
use crate::catalogue::Money;
use crate::clock::Moment;

/// Which part of the input a promotion is.
const FIELD: &str = "promotionCode";

/// A code that makes an order cheaper.
#[derive(Clone, Debug)]
pub struct Promotion {
    /// Its key.
    pub id: i64,
    /// As the shop spells it.
    pub code: String,
    /// What it takes off.
    pub worth: Worth,
    /// From when on; always, where not said.
    pub starts_at: Option<Moment>,
    /// Until when; for ever, where not said.
    pub ends_at: Option<Moment>,
    /// How often it may be used.
    pub use_limit: Option<i64>,
    /// How often it was.
    pub uses: i64,
}

/// What a promotion takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// A share of the sum, 1 to 100.
    Percentage(i64),
    /// So much, but never more than the sum.
    Amount(Money),
}

/// What a cart costs.
#[derive(Clone, Debug, Default)]
pub struct Quote {
    /// The sum of the lines that can be bought; none where none can.
    pub subtotal: Option<Money>,
    /// What the promotion takes off.
    pub discount: Option<Money>,
    /// What is to pay.
    pub total: Option<Money>,
    /// The promotion that applies.
    pub promotion: Option<Promotion>,
    /// Why the code that was given does not apply.
    pub problem: Option<Problem>,
}

impl Promotion {
    /// The way in which a code is looked for: none where nothing was given.
    #[must_use]
    pub fn spelled(code: Option<&str>) -> Option<String> {
        let code = code.unwrap_or_default().trim();
        (!code.is_empty()).then(|| code.to_uppercase())
    }

    fn refusal(&self, currency: Currency, now: Moment) -> Option<Problem> {
        let problem = |code, message: &str| Some(Problem::of(code, FIELD, message));
        if self.starts_at.is_some_and(|start| now < start) {
            return problem(Code::PromotionNotYet, "This promotion has not begun yet.");
        }
        if self.ends_at.is_some_and(|end| now >= end) {
            return problem(Code::PromotionOver, "This promotion is over.");
        }
        if self.use_limit.is_some_and(|limit| self.uses >= limit) {
            return Some(used_up());
        }
        match self.worth {
            Worth::Amount(amount) if amount.currency != currency => {
                let message = "This promotion is for orders in another currency.";
                problem(Code::PromotionOtherCurrency, message)
            }
            _ => None,
        }
    }

    fn discount(&self, subtotal: i64) -> i64 {
        match self.worth {
            // To the nearest minor unit, and up where two are as near.
            Worth::Percentage(percentage) => (subtotal * percentage + 50) / 100,
            Worth::Amount(amount) => amount.amount.min(subtotal),
        }
    }
}

/// Somebody else used it for the last time.
pub(super) fn used_up() -> Problem {
    let message = "This promotion was used as often as it can be.";
    Problem::of(Code::PromotionUsedUp, FIELD, message)
}

/// What a cart costs now: with the promotion that `code` was found to name, if any was given.
#[must_use]
pub fn quote(cart: &Cart, code: Option<&str>, promotion: Option<Promotion>, now: Moment) -> Quote {
    let buyable = cart.lines.iter().any(|line| cart.obstacle(line).is_none());
    let subtotal = cart.subtotal().filter(|_| buyable);
    let mut quote = Quote {
        subtotal,
        total: subtotal,
        ..Quote::default()
    };
    let Some(promotion) = promotion else {
        let message = "The shop does not know this promotion code: check how it is spelled.";
        let unknown = || Problem::of(Code::UnknownPromotion, FIELD, message);
        quote.problem = Promotion::spelled(code).map(|_| unknown());
        return quote;
    };
    let Some(subtotal) = subtotal else {
        return quote;
    };
    quote.problem = promotion.refusal(subtotal.currency, now);
    if quote.problem.is_none() {
        let discount = promotion.discount(subtotal.amount);
        let money = |amount| Some(Money { amount, ..subtotal });
        quote.discount = money(discount);
        quote.total = money(subtotal.amount - discount);
        quote.promotion = Some(promotion);
    }
    quote
}
