//! Chances that are not even, drawn with integers alone, so that every machine draws the same.

use fastrand::Rng;

/// How likely each of several things is.
pub struct Odds {
    /// For each thing, the weights of it and of all before it.
    sums: Vec<u64>,
}

impl Odds {
    /// As likely as `weights` say, which are not all zero.
    pub fn of(weights: impl IntoIterator<Item = u64>) -> Self {
        let running = |sum: &mut u64, weight| {
            *sum += weight;
            Some(*sum)
        };
        Self {
            sums: weights.into_iter().scan(0, running).collect(),
        }
    }

    /// Zipf's law, as words follow it: the second half as likely as the first, the third a third; flatter for the first few,
    /// of which none stands out in titles as much as in sentences.
    pub fn zipf(count: usize) -> Self {
        Self::of((0..count as u64).map(|rank| 1_000_000_000 / (rank + 10)))
    }

    /// One of the things, by its number.
    pub fn draw(&self, rng: &mut Rng) -> usize {
        let total = self.sums.last().copied().unwrap_or(1);
        let drawn = rng.u64(..total);
        self.sums.partition_point(|sum| *sum <= drawn)
    }
}

/// A number from `least` to `most` with a heavy tail: one in two is twice as large as the least, one in a hundred a hundred times.
pub fn heavy(rng: &mut Rng, least: u64, most: u64) -> u64 {
    const WHOLE: u64 = 1 << 32;
    loop {
        let number = least.saturating_mul(WHOLE) / rng.u64(1..=WHOLE);
        if number <= most {
            return number;
        }
    }
}
