//! The date of a release, as far as it is known.

use std::fmt;
use std::str::FromStr;

use time::{Date, Month};

use super::Refusal;

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601 with reduced precision). Ordered as text, a year comes before its months.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseDate(String);

impl ReleaseDate {
    /// As it is stored and shown to programs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first day that lies within this date: what it counts as where albums are ordered or filtered by date.
    #[must_use]
    pub fn first_day(&self) -> String {
        const FIRST: &str = "0000-01-01";
        format!("{}{}", self.0, &FIRST[self.0.len()..])
    }

    /// The last text in order that lies within this date: for `1991`, every day of 1991 is at most this.
    #[must_use]
    pub fn upper_bound(&self) -> String {
        const LAST: &str = "9999-99-99";
        format!("{}{}", self.0, &LAST[self.0.len()..])
    }
}

impl fmt::Display for ReleaseDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ReleaseDate {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if is_date(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::of(text, "is not a date such as 1991, 1991-09 or 1991-09-24"))
        }
    }
}

fn is_date(text: &str) -> bool {
    let number = |text: &str, length: usize| {
        let digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let mut fields = text.split('-');
    let year = fields.next().and_then(|year| number(year, 4));
    let Some(year) = year.filter(|year| *year >= 1000) else {
        return false;
    };
    let rest = [fields.next(), fields.next(), fields.next()];
    let month = |text| number(text, 2).and_then(|month| Month::try_from(u8::try_from(month).ok()?).ok());
    match rest {
        [None, ..] => true,
        [Some(m), None, _] => month(m).is_some(),
        [Some(m), Some(d), None] => month(m).zip(number(d, 2)).is_some_and(|(month, day)| {
            u8::try_from(day).is_ok_and(|day| Date::from_calendar_date(i32::from(year), month, day).is_ok())
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::ReleaseDate;

    #[test]
    fn a_date_is_known_to_the_year_the_month_or_the_day() {
        for text in ["1959", "1991-09", "1991-09-24", "2024-02-29"] {
            assert_eq!(text.parse::<ReleaseDate>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "59",
            "0999",
            "1991-13",
            "1991-9",
            "2023-02-29",
            "1991-09-24-01",
            "1991/09",
            "abcd",
            "1991-",
        ] {
            assert!(text.parse::<ReleaseDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_counts_as_its_first_day() {
        let first = |text: &str| text.parse::<ReleaseDate>().unwrap().first_day();
        assert_eq!(first("1991"), "1991-01-01");
        assert_eq!(first("1991-09"), "1991-09-01");
        assert_eq!(first("1991-09-24"), "1991-09-24");
    }

    #[test]
    fn a_year_ends_after_its_last_day() {
        let bound = |text: &str| text.parse::<ReleaseDate>().unwrap().upper_bound();
        assert!("1991-12-31" < bound("1991").as_str());
        assert!("1992" > bound("1991").as_str());
        assert_eq!(bound("1991-09-24"), "1991-09-24");
        assert!("1991-09-30" < bound("1991-09").as_str());
    }
}
