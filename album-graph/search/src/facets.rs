//! How many of the albums found are of each genre, decade and price band.

use std::collections::BTreeMap;

/// The lowest price of each band, in minor units; a band ends where the next begins.
const BAND_STARTS: [u32; 5] = [0, 500, 1_000, 1_500, 2_000];

/// A price band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// Its lowest price, in minor units.
    pub min: u32,
    /// Its highest price; none for the last band.
    pub max: Option<u32>,
}

impl Band {
    /// The band that a price is in.
    pub(crate) fn of(price: u32) -> Self {
        let next = BAND_STARTS.partition_point(|start| *start <= price);
        Self {
            min: BAND_STARTS[next - 1],
            max: BAND_STARTS.get(next).map(|start| start - 1),
        }
    }
}

/// Numbers of albums, counted for each facet as if nothing of its own kind were filtered.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// By the key of the genre.
    pub genres: BTreeMap<i64, u64>,
    /// By the first year of the decade.
    pub decades: BTreeMap<u32, u64>,
    /// By price.
    pub prices: BTreeMap<Band, u64>,
}

#[cfg(test)]
mod tests {
    use super::Band;

    #[test]
    fn every_price_is_in_one_band() {
        let band = |min, max| Band { min, max };
        assert_eq!(Band::of(1), band(0, Some(499)));
        assert_eq!(
            (Band::of(499), Band::of(500)),
            (band(0, Some(499)), band(500, Some(999)))
        );
        assert_eq!(Band::of(10_000), band(2_000, None));
    }
}
