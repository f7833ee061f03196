//! Scalars and values that are not nouns.

use async_graphql::{InputValueError, InputValueResult, Object, Scalar, ScalarType, Value};

use crate::catalogue;

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601): as much of the date as is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReleaseDate(pub catalogue::ReleaseDate);

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601): as much of the date as is known. Where albums are ordered or filtered by date,
/// a year counts as its first day, and a month as its first day.
#[Scalar]
impl ScalarType for ReleaseDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else {
            return Err(InputValueError::expected_type(value));
        };
        text.parse().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment in UTC (RFC 3339), such as `2026-01-31T12:00:00Z`.
#[derive(Clone, Debug)]
pub(super) struct DateTime(pub String);

/// A moment in UTC (RFC 3339), such as `2026-01-31T12:00:00Z`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An amount of money.
pub(super) struct Money(pub catalogue::Money);

/// An amount of money.
#[Object(serial)]
impl Money {
    /// In minor units: 899 are 8.99 of a currency with cents.
    async fn amount(&self) -> i64 {
        self.0.amount
    }

    /// Which currency (ISO 4217), such as `USD`.
    async fn currency(&self) -> &'static str {
        self.0.currency.code()
    }

    /// For people, such as `$8.99`.
    async fn formatted(&self) -> String {
        self.0.to_string()
    }
}
