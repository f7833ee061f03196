//! Moments: when an order was placed, when somebody was seen.

use crate::format::release_date::ReleaseDate;
use crate::schema;

/// A moment, as RFC 3339 writes it: `2026-11-24T18:07:49Z`.
#[derive(Clone, Debug, cynic::Scalar)]
#[cynic(graphql_type = "DateTime")]
pub struct Moment(pub String);

impl Moment {
    /// The day, as people write it: `24 November 2026`.
    pub fn day(&self) -> String {
        let day = self.0.split('T').next().unwrap_or_default();
        ReleaseDate(day.to_owned()).in_words()
    }

    /// The day and the hour: `24 November 2026, 18:07 UTC`.
    pub fn day_and_time(&self) -> String {
        let time = self.0.split('T').nth(1).and_then(|time| time.get(..5));
        time.map_or_else(|| self.day(), |time| format!("{}, {time} UTC", self.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_moment_is_written_as_people_do() {
        let moment = Moment("2026-11-04T18:07:49.123Z".to_owned());
        assert_eq!(moment.day(), "4 November 2026");
        assert_eq!(moment.day_and_time(), "4 November 2026, 18:07 UTC");
    }
}
