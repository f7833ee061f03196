//! Which of the documents that match are wanted, and how they are spread.

use super::bits::Bits;
use super::facets::Facets;
use super::fields::{Day, key};
use super::segment::Segment;

/// Which albums.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of the genre with this key.
    pub genre: Option<i64>,
    /// Only by the artist with this key.
    pub artist: Option<i64>,
    /// Only at this price or above, in minor units.
    pub min_price: Option<i64>,
    /// Only at this price or below, in minor units.
    pub max_price: Option<i64>,
    /// Only released on this day or later.
    pub released_from: Option<Day>,
    /// Only released on this day or earlier.
    pub released_to: Option<Day>,
}

/// What was found in a segment, with every filter, and with every filter but one where there is that one.
pub(crate) struct Wanted {
    pub all: Bits,
    but_genre: Option<Bits>,
    but_release: Option<Bits>,
    but_price: Option<Bits>,
}

impl Wanted {
    pub fn of(segment: &Segment, found: Bits, filter: &Filter) -> Self {
        let genre = filter.genre.map(|genre| {
            let mut bits = found.clone();
            segment.columns.spread.retain_genre(genre, &mut bits);
            bits
        });
        let (released, priced) = (released(segment, &found, filter), priced(segment, &found, filter));
        let [genre, released, priced] = [&genre, &released, &priced].map(Option::as_ref);
        let only = |mut found: Bits, filters: [Option<&Bits>; 2]| {
            for filter in filters.into_iter().flatten() {
                found.and(filter);
            }
            found
        };
        let without = |filter: Option<&Bits>, others| filter.map(|_| only(found.clone(), others));
        let (but_genre, but_release) = (without(genre, [released, priced]), without(released, [genre, priced]));
        let but_price = without(priced, [genre, released]);
        Self {
            but_genre,
            but_release,
            but_price,
            all: only(only(found, [genre, released]), [priced, None]),
        }
    }

    pub fn count(&self, segment: &Segment, facets: &mut Facets) {
        let spread = &segment.columns.spread;
        let all = spread.tally(&self.all);
        let tally = |other: &Option<Bits>| other.as_ref().map_or_else(|| all.clone(), |other| spread.tally(other));
        spread.genres.add(&tally(&self.but_genre), &mut facets.genres);
        spread.decades.add(&tally(&self.but_release), &mut facets.decades);
        spread.bands.add(&tally(&self.but_price), &mut facets.prices);
    }
}

/// Those of `found` that the filter's release dates let pass, where there are such.
fn released(segment: &Segment, found: &Bits, filter: &Filter) -> Option<Bits> {
    let (from, to) = (filter.released_from.unwrap_or_default(), filter.released_to);
    (from > Day::default() || to.is_some()).then(|| {
        let mut bits = found.clone();
        bits.retain(|document| {
            let day = Day(segment.columns.releases[document as usize].into());
            day > Day::default() && day >= from && to.is_none_or(|to| day <= to)
        });
        bits
    })
}

/// Those of `found` that the filter's prices let pass, where there are such.
fn priced(segment: &Segment, found: &Bits, filter: &Filter) -> Option<Bits> {
    let (min, max) = (filter.min_price.map(key), filter.max_price.map(key));
    (min.is_some() || max.is_some()).then(|| {
        let mut bits = found.clone();
        bits.retain(|document| {
            let price = u64::from(segment.columns.prices[document as usize]);
            min.is_none_or(|min| price >= min) && max.is_none_or(|max| price <= max)
        });
        bits
    })
}
