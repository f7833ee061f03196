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

/// The prices from the lowest to the highest, both inclusive, as people say it.
pub fn in_words(lowest: Option<i32>, highest: Option<i32>) -> String {
    match (lowest.map(decimal), highest.map(decimal)) {
        (Some(lowest), Some(highest)) => format!("{lowest} to {highest}"),
        (Some(lowest), None) => format!("{lowest} and more"),
        (None, Some(highest)) => format!("Up to {highest}"),
        (None, None) => "Any price".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

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
