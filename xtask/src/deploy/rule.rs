//! Which requests may fail while something happens to the shop, and which may not.

use std::time::{Duration, Instant};

use super::load::{Failure, Sample};

/// How long the shop may take to be well again once its database is back.
pub const RECOVERY: Duration = Duration::from_secs(10);

/// A span of time.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Instant,
    pub to: Instant,
}

/// What may fail.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Nothing.
    Nothing,
    /// What changes something and was under way to a replica when that was killed.
    UnderWay(Span),
    /// The same where an edge is killed: clients lose their connections, and send again what only reads.
    UnderWayToEdge(Span),
    /// Whatever is asked while the database is away, as long as the shop says so itself.
    Away(Span),
}

impl Rule {
    /// Whether this request broke the rule.
    pub fn is_broken_by(self, sample: &Sample) -> bool {
        let again = sample.again && !self.allows_again(sample);
        let failed = sample
            .failure
            .as_ref()
            .is_some_and(|failure| !self.allows(sample, failure));
        again || failed
    }

    fn allows(self, sample: &Sample, failure: &Failure) -> bool {
        match self {
            Self::Nothing => false,
            Self::UnderWay(killed) | Self::UnderWayToEdge(killed) => !sample.read && killed.meets(sample),
            Self::Away(away) => {
                let until = Span {
                    to: away.to + RECOVERY,
                    ..away
                };
                failure.is_polite() && until.meets(sample)
            }
        }
    }

    fn allows_again(self, sample: &Sample) -> bool {
        matches!(self, Self::UnderWayToEdge(killed) if killed.meets(sample))
    }
}

impl Span {
    /// Whether a request was under way at any moment of it.
    fn meets(self, sample: &Sample) -> bool {
        sample.sent <= self.to && sample.answered() >= self.from
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{RECOVERY, Rule, Span};
    use crate::deploy::load::{Failure, Sample};

    fn sample(sent: Instant, took: u64, read: bool, failure: Option<Failure>) -> Sample {
        Sample {
            sent,
            took: Duration::from_secs(took),
            read,
            again: false,
            what: String::new(),
            failure,
        }
    }

    fn broken() -> Failure {
        Failure::Broken("reset".to_owned())
    }

    fn polite(polite: bool) -> Failure {
        Failure::Status {
            status: 503,
            polite,
            body: String::new(),
        }
    }

    #[test]
    fn only_changes_that_were_under_way_may_fail_when_a_replica_is_killed() {
        let from = Instant::now();
        let to = from + Duration::from_secs(1);
        let rule = Rule::UnderWay(Span { from, to });
        let before = from.checked_sub(Duration::from_secs(5)).unwrap();
        assert!(!rule.is_broken_by(&sample(before, 5, false, Some(broken()))));
        assert!(rule.is_broken_by(&sample(before, 5, true, Some(broken()))));
        assert!(rule.is_broken_by(&sample(before, 4, false, Some(broken()))));
        assert!(rule.is_broken_by(&sample(to + Duration::from_secs(1), 1, false, Some(broken()))));
        assert!(!rule.is_broken_by(&sample(to, 1, true, None)));
    }

    #[test]
    fn a_read_may_be_sent_again_only_where_an_edge_was_killed() {
        let from = Instant::now();
        let killed = Span { from, to: from };
        let again = Sample {
            again: true,
            ..sample(from, 1, true, None)
        };
        assert!(Rule::Nothing.is_broken_by(&again));
        assert!(Rule::UnderWay(killed).is_broken_by(&again));
        assert!(!Rule::UnderWayToEdge(killed).is_broken_by(&again));
    }

    #[test]
    fn the_shop_says_politely_that_its_database_is_away_and_soon_is_well_again() {
        let from = Instant::now();
        let to = from + Duration::from_secs(20);
        let rule = Rule::Away(Span { from, to });
        assert!(!rule.is_broken_by(&sample(from, 2, true, Some(polite(true)))));
        assert!(rule.is_broken_by(&sample(from, 2, true, Some(polite(false)))));
        assert!(rule.is_broken_by(&sample(from, 2, true, Some(broken()))));
        assert!(rule.is_broken_by(&sample(
            to + RECOVERY + Duration::from_secs(1),
            1,
            true,
            Some(polite(true))
        )));
    }
}
