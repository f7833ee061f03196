//! Prices: as the catalogue answers them, as machines read them, and as visitors type them.

use crate::schema;

/// An amount of money.
#[derive(Clone, Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Money")]
pub struct Price {
    /// Minor units: 899 is 8.99 in a currency with cents.
    pub amount: i32,
    /// ISO 4217.
    pub currency: String,
    /// For people.
    pub formatted: String,
}

impl Price {
    /// The amount as machines read it: `8.99`.
    pub fn decimal(&self) -> String {
        decimal(self.amount)
    }

    /// Another amount, written as this one is.
    pub fn alike(&self, amount: i32) -> String {
        let (own, other) = (self.decimal(), decimal(amount));
        if self.formatted.contains(&own) {
            self.formatted.replacen(&own, &other, 1)
        } else {
            other
        }
    }
}

/// Minor units as machines read them, and as visitors type them: `8.99`.
pub fn decimal(amount: i32) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

/// Reads a price that a visitor typed, such as `5`, `7.5`, `$7.50` or `7,50`, as minor units.
pub fn parse(text: &str) -> Option<i32> {
    let number = text.trim_start_matches('$').trim_start().replace(',', ".");
    let (whole, cents) = number.split_once('.').unwrap_or((&number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let valid = !whole.is_empty() && whole.len() <= 6 && cents.len() <= 2 && digits(whole) && digits(cents);
    valid.then(|| format!("{whole}{cents:0<2}").parse().ok())?
}

/// The prices from the lowest to the highest, both inclusive, as people say it, in the currency of `sample`.
pub fn in_words(lowest: Option<i32>, highest: Option<i32>, sample: Option<&Price>) -> String {
    let written = |amount| sample.map_or_else(|| decimal(amount), |sample| sample.alike(amount));
    match (lowest.map(written), highest.map(written)) {
        (Some(lowest), Some(highest)) => format!("{lowest} to {highest}"),
        (Some(lowest), None) => format!("{lowest} and more"),
        (None, Some(highest)) => format!("Up to {highest}"),
        (None, None) => "Any price".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Price, in_words, parse};

    #[test]
    fn a_price_is_read_as_visitors_type_it() {
        for (text, amount) in [
            ("5", 500),
            ("7.5", 750),
            ("$7.50", 750),
            ("7,50", 750),
            ("0.01", 1),
            ("100", 10_000),
        ] {
            assert_eq!(parse(text), Some(amount), "{text}");
        }
    }

    #[test]
    fn bounds_are_written_as_prices_are() {
        let sample = |formatted: &str| Price {
            amount: 899,
            currency: String::new(),
            formatted: formatted.to_owned(),
        };
        let words = |formatted| in_words(Some(500), Some(1_005), Some(&sample(formatted)));
        assert_eq!(words("$8.99"), "$5.00 to $10.05");
        assert_eq!(words("8.99 kr"), "5.00 kr to 10.05 kr");
        assert_eq!(words("8,99 €"), "5.00 to 10.05");
        assert_eq!(in_words(None, Some(499), None), "Up to 4.99");
        assert_eq!(in_words(Some(2_000), None, Some(&sample("$8.99"))), "$20.00 and more");
    }

    #[test]
    fn what_is_not_a_price_is_not_guessed() {
        for text in [
            "",
            "abc",
            "-1",
            "1.234",
            "1e3",
            "1 000",
            ".5",
            "1.2.3",
            "١",
            "99999999999999999999",
            "+1",
            "NaN",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
