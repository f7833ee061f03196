//! What an order comes to, and what speaks against it.

use super::payment::{NoneNeeded, PaymentProvider};
use super::{Code, Payments, Problem, Promotion, Quote, Request, quote};
use crate::carts::Cart;
use crate::catalogue::Money;
use crate::clock::Moment;

/// What an order comes to.
pub(super) struct Bill<'a> {
    pub subtotal: Money,
    pub discount: i64,
    pub promotion: Option<Promotion>,
    pub provider: &'a dyn PaymentProvider,
}

/// What the bill is made of.
pub(super) struct Wish<'a> {
    pub cart: &'a Cart,
    pub request: &'a Request,
    /// The promotion that the request's code was found to name.
    pub promotion: Option<Promotion>,
    pub payments: &'a Payments,
    pub now: Moment,
}

impl<'a> Wish<'a> {
    fn quote(&self) -> Quote {
        let code = self.request.promotion_code.as_deref();
        quote(self.cart, code, self.promotion.clone(), self.now)
    }

    /// What speaks against the request, beside the address: the promotion, and the way to pay.
    pub fn objections(&self) -> Vec<Problem> {
        let quote = self.quote();
        let method = self.provider(&quote).err();
        quote.problem.into_iter().chain(method).collect()
    }

    fn provider(&self, quote: &Quote) -> Result<&'a dyn PaymentProvider, Problem> {
        if quote.total.is_some_and(|total| total.amount == 0) {
            return Ok(&NoneNeeded);
        }
        let found = self.payments.find(&self.request.payment_method);
        found.ok_or_else(|| Problem::of(Code::UnknownPaymentMethod, "paymentMethod", "Choose how to pay."))
    }

    /// What the order comes to.
    pub fn bill(self) -> Result<Bill<'a>, Vec<Problem>> {
        if self.cart.lines.iter().any(|line| self.cart.obstacle(line).is_some()) {
            return Err(vec![cart_changed()]);
        }
        let quote = self.quote();
        let (Some(subtotal), Some(total)) = (quote.subtotal, quote.total) else {
            let message = "There is nothing in the cart to order.";
            return Err(vec![Problem::new(Code::EmptyCart, message)]);
        };
        let objections = self.objections();
        if !objections.is_empty() {
            return Err(objections);
        }
        let expected = self.request.expected_total.unwrap_or(total.amount);
        if expected != total.amount {
            let message = format!("Prices have changed: the order costs {total} now.");
            return Err(vec![Problem::of(Code::TotalChanged, "expectedTotal", message)]);
        }
        let provider = self.provider(&quote).map_err(|problem| vec![problem])?;
        Ok(Bill {
            subtotal,
            discount: subtotal.amount - total.amount,
            promotion: quote.promotion,
            provider,
        })
    }
}

/// Something was bought by others, or left the shop.
pub(super) fn cart_changed() -> Problem {
    let message = "Something in the cart can no longer be bought as it is: look at the cart.";
    Problem::new(Code::CartChanged, message)
}
