//! How many of the albums found are of each genre, decade and price band.

use std::collections::{BTreeMap, HashMap};

/// The lowest price of each band, in minor units; a band ends where the next begins.
const BAND_STARTS: [u32; 5] = [0, 500, 1_000, 1_500, 2_000];

/// Something for each price band.
#[derive(Clone, Debug, Default)]
pub struct Bands<T>([T; BAND_STARTS.len()]);

/// A price band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Its lowest price, in minor units.
    pub min: u32,
    /// Its highest price; none for the last band.
    pub max: Option<u32>,
}

impl<T> Bands<T> {
    /// What is kept for the band of a price.
    pub(super) fn of_mut(&mut self, price: u32) -> &mut T {
        let band = BAND_STARTS.partition_point(|start| *start <= price).saturating_sub(1);
        &mut self.0[band]
    }

    pub(super) fn map<U>(&self, change: impl Fn(&T) -> U) -> Bands<U> {
        Bands(self.0.each_ref().map(change))
    }

    pub(super) fn zip_mut<U>(&mut self, other: Bands<U>, mut change: impl FnMut(&mut T, U)) {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(one, other)| change(one, other));
    }

    /// Every band with what is kept for it, lowest prices first.
    pub fn iter(&self) -> impl Iterator<Item = (Band, &T)> {
        let ends = BAND_STARTS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        let bands = BAND_STARTS.iter().zip(ends).map(|(min, max)| Band { min: *min, max });
        bands.zip(&self.0)
    }
}

/// Numbers of albums, counted for each facet as if nothing of its own kind were filtered.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// By the key of the genre.
    pub genres: HashMap<i64, u64>,
    /// By the first year of the decade.
    pub decades: BTreeMap<u32, u64>,
    /// By price.
    pub prices: Bands<u64>,
}

#[cfg(test)]
mod tests {
    use super::{Band, Bands};

    #[test]
    fn every_price_is_in_one_band() {
        let mut counts = Bands::<u32>::default();
        for price in [1, 499, 500, 999, 2_000, 10_000] {
            *counts.of_mut(price) += 1;
        }
        let counts: Vec<(Band, u32)> = counts.iter().map(|(band, count)| (band, *count)).collect();
        assert_eq!(
            counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(),
            [2, 2, 0, 0, 2]
        );
        assert_eq!(counts[0].0, Band { min: 0, max: Some(499) });
        assert_eq!(counts[4].0, Band { min: 2_000, max: None });
    }
}
