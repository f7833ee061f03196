//! Release dates: as much of a date as is known.

use crate::schema;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1971`, `1971-03` or `1971-03-01`.
#[derive(Clone, Debug, cynic::Scalar)]
pub struct ReleaseDate(pub String);

impl ReleaseDate {
    /// The year alone.
    pub fn year(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// As people write it: `1971`, `March 1971` or `1 March 1971`.
    pub fn in_words(&self) -> String {
        let mut fields = self.0.split('-').skip(1);
        let month = fields
            .next()
            .and_then(|month| month.parse::<usize>().ok())
            .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
        let day = fields.next().and_then(|day| day.parse::<u8>().ok());
        match (month, day) {
            (Some(month), Some(day)) => format!("{day} {month} {}", self.year()),
            (Some(month), None) => format!("{month} {}", self.year()),
            (None, _) => self.year().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReleaseDate;

    #[test]
    fn only_what_is_known_is_written() {
        for (date, words) in [
            ("1971", "1971"),
            ("1971-03", "March 1971"),
            ("1971-03-01", "1 March 1971"),
            ("1971-00", "1971"),
        ] {
            assert_eq!(ReleaseDate(date.to_owned()).in_words(), words);
        }
    }
}
