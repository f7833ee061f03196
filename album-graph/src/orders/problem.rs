//! What speaks against an order.

/// What speaks against an order, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Whoever orders is not signed in.
    NotSignedIn,
    /// There is nothing to order.
    EmptyCart,
    /// A field is empty that must not be.
    Required,
    /// A text is too short.
    TooShort,
    /// A text is too long.
    TooLong,
    /// A text cannot be what it should be.
    Invalid,
    /// There is no such country.
    UnknownCountry,
    /// There is no such promotion.
    UnknownPromotion,
    /// A promotion has not begun.
    PromotionNotYet,
    /// A promotion has ended.
    PromotionOver,
    /// A promotion was used as often as it may be.
    PromotionUsedUp,
    /// A promotion takes an amount off that is in another currency.
    PromotionOtherCurrency,
    /// There is no such way to pay.
    UnknownPaymentMethod,
    /// Something in the cart cannot be bought as it is.
    CartChanged,
    /// It costs something else than the buyer was told.
    TotalChanged,
    /// The same key came with other input before.
    KeyReused,
    /// The payment provider does not answer.
    PaymentUnavailable,
}

/// What speaks against an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// For programs.
    pub code: Code,
    /// Which part of the input is to blame.
    pub field: Option<&'static str>,
    /// For people.
    pub message: String,
}

impl Problem {
    /// What speaks against a part of the input.
    pub fn of(code: Code, field: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            field: Some(field),
            message: message.into(),
        }
    }

    /// What speaks against the whole.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            field: None,
            message: message.into(),
        }
    }
}
