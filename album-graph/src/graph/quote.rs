//! What a cart costs, and what speaks against an order.

use async_graphql::{Enum, Object, SimpleObject};

use super::error::GraphError;
use super::scalars::Money;
use super::services::Services;
use crate::carts::Cart;
use crate::orders::{self, Code, Problem, Promotion};
use crate::store::promotions;

/// What a cart costs.
pub(super) struct Quote(orders::Quote);

impl Quote {
    /// What a cart costs now.
    pub async fn of(services: &Services, cart: &Cart, code: Option<&str>) -> Result<Self, GraphError> {
        let promotion = match Promotion::spelled(code) {
            Some(code) => promotions::by_code(&services.database, &code).await?,
            None => None,
        };
        Ok(Self(orders::quote(cart, code, promotion, services.clock.now())))
    }
}

/// What a cart costs.
#[Object(serial)]
impl Quote {
    /// The sum of the lines that can be bought; null where there are none.
    async fn subtotal(&self) -> Option<Money> {
        self.0.subtotal.map(Money)
    }

    /// What the promotion takes off; null without one.
    async fn discount(&self) -> Option<Money> {
        self.0.discount.map(Money)
    }

    /// What is to pay.
    async fn total(&self) -> Option<Money> {
        self.0.total.map(Money)
    }

    /// The code as the shop spells it; null where none applies.
    async fn promotion_code(&self) -> Option<&str> {
        self.0.promotion.as_ref().map(|promotion| promotion.code.as_str())
    }

    /// Why the code that was given does not apply; null where it does, or none was given.
    async fn problem(&self) -> Option<OrderProblem> {
        self.0.problem.clone().map(OrderProblem::from)
    }
}

/// What speaks against an order.
#[derive(SimpleObject)]
pub(super) struct OrderProblem {
    /// For programs.
    code: OrderProblemCode,
    /// Which part of the input is to blame, such as `address.postalCode`; null where it is no single one.
    field: Option<&'static str>,
    /// For people.
    message: String,
}

impl From<Problem> for OrderProblem {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.into(),
            field: problem.field,
            message: problem.message,
        }
    }
}

/// What speaks against an order, for programs.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Code")]
pub(super) enum OrderProblemCode {
    /// Only customers order: sign in first.
    NotSignedIn,
    /// There is nothing to order.
    EmptyCart,
    /// The field must not be empty.
    Required,
    /// The text is too short.
    TooShort,
    /// The text is too long.
    TooLong,
    /// The text cannot be what it should be.
    Invalid,
    /// There is no such country among `countries`.
    UnknownCountry,
    /// There is no promotion with this code.
    UnknownPromotion,
    /// The promotion has not begun.
    PromotionNotYet,
    /// The promotion has ended.
    PromotionOver,
    /// The promotion was used as often as it can be.
    PromotionUsedUp,
    /// The promotion takes an amount off that is in another currency.
    PromotionOtherCurrency,
    /// There is no such way to pay among `paymentMethods`.
    UnknownPaymentMethod,
    /// Something in the cart cannot be bought as it is: `acceptCartChanges` accepts it.
    CartChanged,
    /// The order costs something else than `expectedTotal`.
    TotalChanged,
    /// An order was placed with the same key and other input.
    KeyReused,
    /// The order is placed, but the payment provider does not answer: send the same once more.
    PaymentUnavailable,
}
