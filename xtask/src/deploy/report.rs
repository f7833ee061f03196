//! What happened, as a table, and whether all of it kept its rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::load::{Found, Sample};
use super::rule::Rule;

/// So many kinds of failures are told of one event.
const TOLD: usize = 8;

/// Something that happened to the shop while it was asked.
pub struct Event {
    name: &'static str,
    requests: usize,
    failed: usize,
    again: usize,
    p99: Duration,
    longest: Duration,
    /// What was there of all carts and orders so far.
    found: Found,
    /// What fell short.
    problems: Vec<String>,
}

impl Event {
    /// Judges the requests that were sent while it happened, for so long, at a rate.
    pub fn judge(name: &'static str, samples: &[Sample], rules: &[Rule], (lasted, rate): (Duration, u32)) -> Self {
        let mut took: Vec<Duration> = samples
            .iter()
            .filter(|sample| sample.failure.is_none())
            .map(|sample| sample.took)
            .collect();
        took.sort_unstable();
        let mut problems = broken(samples, rules);
        let due = f64::from(rate) * lasted.as_secs_f64();
        let sent = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        if f64::from(sent) < 0.95 * due {
            problems.push(format!(
                "{sent} requests in {} s are not {rate} each second",
                lasted.as_secs()
            ));
        }
        Self {
            name,
            requests: samples.len(),
            failed: samples.iter().filter(|sample| sample.failure.is_some()).count(),
            again: samples.iter().filter(|sample| sample.again).count(),
            p99: took
                .get((took.len() * 99).div_ceil(100).max(1) - 1)
                .copied()
                .unwrap_or_default(),
            longest: took.last().copied().unwrap_or_default(),
            found: Found::default(),
            problems,
        }
    }

    /// Notes that all carts and orders are there.
    pub fn found(&mut self, found: Found) {
        self.found = found;
    }

    /// Adds what else fell short.
    pub fn add(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// Tells of it as soon as it is over.
    pub fn tell(&self) {
        println!(
            "  {}: {} requests, {} failed, p99 {} ms; {} carts and {} orders are there",
            self.name,
            self.requests,
            self.failed,
            self.p99.as_millis(),
            self.found.carts,
            self.found.orders
        );
        for problem in &self.problems {
            println!("    FALLS SHORT: {problem}");
        }
    }

    /// Whether anything was there that could have been lost.
    pub fn has_buyers(&self) -> bool {
        self.found.lines > 0 && self.found.orders > 0
    }

    pub fn is_kept(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Those that no rule allows, alike ones together.
fn broken(samples: &[Sample], rules: &[Rule]) -> Vec<String> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let allowed = |sample: &Sample| rules.iter().any(|rule| !rule.is_broken_by(sample));
    for sample in samples.iter().filter(|sample| !allowed(sample)) {
        let failure = sample
            .failure
            .as_ref()
            .map_or("had to be sent again".to_owned(), ToString::to_string);
        *kinds.entry(format!("{}: {failure}", sample.what)).or_default() += 1;
    }
    let more = kinds.len().saturating_sub(TOLD);
    let mut told: Vec<String> = kinds
        .iter()
        .take(TOLD)
        .map(|(kind, times)| format!("{times} × {kind}"))
        .collect();
    if more > 0 {
        told.push(format!("and {more} more kinds"));
    }
    told
}

/// The table.
pub fn table(events: &[Event]) -> String {
    let mut table = String::from(
        "| while | requests | failed | read again | p99 | longest | carts, orders there | kept |\n|---|---:|---:|---:|---:|---:|---:|---|\n",
    );
    for event in events {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} ms | {} ms | {}, {} | {} |",
            event.name,
            event.requests,
            event.failed,
            event.again,
            event.p99.as_millis(),
            event.longest.as_millis(),
            event.found.carts,
            event.found.orders,
            if event.is_kept() { "yes" } else { "**no**" }
        );
    }
    table
}
