//! Money: minor units with a currency.

use std::fmt;

use iso_currency::Currency;

use super::Refusal;

/// The lowest and the highest price of an album, in minor units.
const PRICES: std::ops::RangeInclusive<i64> = 1..=10_000;

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: cents for US dollars.
    pub amount: i64,
    /// The currency whose minor units `amount` counts.
    pub currency: Currency,
}

/// For people: `$8.99`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.amount < 0 { "-" } else { "" };
        let (whole, cents) = (self.amount.unsigned_abs() / 100, self.amount.unsigned_abs() % 100);
        match self.currency {
            Currency::USD => write!(f, "{sign}${whole}.{cents:02}"),
            Currency::EUR => write!(f, "{sign}€{whole}.{cents:02}"),
            Currency::GBP => write!(f, "{sign}£{whole}.{cents:02}"),
            other => write!(f, "{sign}{} {whole}.{cents:02}", other.code()),
        }
    }
}

/// Text that is not the code of a currency that the shop can price in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the ISO 4217 code of a currency with cents, such as USD")]
pub struct UnknownCurrency(String);

/// Reads an ISO 4217 code; only currencies with two decimals can be priced in.
///
/// # Errors
/// When it is anything else.
pub fn currency(code: &str) -> Result<Currency, UnknownCurrency> {
    let known = Currency::from_code(code).filter(|known| known.exponent() == Some(2));
    known.ok_or_else(|| UnknownCurrency(code.to_owned()))
}

/// Reads a price such as `8.99` or `9` into minor units.
///
/// # Errors
/// When it is not a number with at most two decimals, or not from 0.01 to 100.00.
pub fn price_from_decimal(text: &str) -> Result<i64, Refusal> {
    let minor = minor_units(text.trim());
    let minor = minor.ok_or_else(|| Refusal::of(text, "is not a number such as 8.99"))?;
    if PRICES.contains(&minor) {
        Ok(minor)
    } else {
        Err(Refusal::of(text, "is not from 0.01 to 100.00"))
    }
}

/// Digits with at most two decimals; a value too large to hold counts as the largest.
fn minor_units(text: &str) -> Option<i64> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    let whole: i64 = whole.parse().unwrap_or(i64::MAX);
    let tens = if cents.len() == 1 { 10 } else { 1 };
    let cents: i64 = cents.parse().ok()?;
    Some(whole.saturating_mul(100).saturating_add(cents * tens))
}

#[cfg(test)]
mod tests {
    use super::{Money, currency, price_from_decimal};

    #[test]
    fn a_price_is_read_to_the_cent() {
        for (text, minor) in [
            ("8.99", 899),
            ("9", 900),
            ("9.5", 950),
            ("0.01", 1),
            ("100.00", 10_000),
            (" 1.20 ", 120),
        ] {
            assert_eq!(price_from_decimal(text), Ok(minor), "{text}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in [
            "",
            "abc",
            "8,99",
            "-1",
            "1e2",
            "8.999",
            ".5",
            "5.",
            "0",
            "0.00",
            "100.01",
            "NaN",
            "99999999999999999999",
            "٨",
        ] {
            assert!(price_from_decimal(text).is_err(), "{text}");
        }
    }

    #[test]
    fn money_reads_as_people_write_it() {
        let money = |amount, code| {
            Money {
                amount,
                currency: currency(code).unwrap(),
            }
            .to_string()
        };
        assert_eq!(money(899, "USD"), "$8.99");
        assert_eq!(money(5, "EUR"), "€0.05");
        assert_eq!(money(-1250, "GBP"), "-£12.50");
        assert_eq!(money(10_000, "CHF"), "CHF 100.00");
    }

    #[test]
    fn only_currencies_with_cents_are_taken() {
        for code in ["JPY", "KWD", "usd", "XXX", "", "DOLLARS"] {
            assert!(currency(code).is_err(), "{code}");
        }
    }
}
