//! How the albums of a segment are spread over genres, decades and price bands.

use std::collections::{BTreeMap, HashMap};

use super::array::Array;
use super::bits::Bits;
use super::facets::Band;

/// What an album is counted as: genre, decade, price band. A document that is no album has none of them.
pub(crate) type Kind = (Option<i64>, Option<u32>, Option<Band>);

/// How many documents there are of each kind.
pub(crate) type Tally = Vec<u64>;

/// For each document the number of its kind. A search looks up so many that the time goes by how close together they lie: short
/// numbers wherever they do.
enum Numbers {
    Short(Array<u16>),
    Long(Array<u32>),
}

impl Numbers {
    fn of(numbers: Vec<u32>) -> Self {
        let short: Result<Vec<u16>, _> = numbers.iter().map(|number| u16::try_from(*number)).collect();
        short.map_or_else(|_| Self::Long(numbers.into()), |short| Self::Short(short.into()))
    }

    fn get(&self, document: u32) -> usize {
        match self {
            Self::Short(numbers) => numbers[document as usize].into(),
            Self::Long(numbers) => numbers[document as usize] as usize,
        }
    }
}

/// Documents by kind: one look at each document that was found counts it for every facet.
pub(crate) struct Spread {
    of: Numbers,
    size: u32,
    everything: (Bits, Tally),
    pub genres: Axis<i64>,
    /// By the first year.
    pub decades: Axis<u32>,
    pub bands: Axis<Band>,
}

impl Spread {
    /// The spread of `size` documents.
    pub fn new(size: u32, kind: impl Fn(u32) -> Kind) -> Self {
        let (mut numbers, mut kinds) = (HashMap::new(), Vec::new());
        let of = (0..size).map(|document| {
            let kind = kind(document);
            let next = numbers.len();
            *numbers.entry(kind).or_insert_with(|| {
                kinds.push(kind);
                next
            })
        });
        // There are never more kinds than documents.
        let of = Numbers::of(of.map(|number| u32::try_from(number).unwrap_or(0)).collect());
        let mut everything = Bits::default();
        everything.extend(size, &(0..size).collect::<Vec<_>>());
        let mut spread = Self {
            of,
            size,
            everything: (everything.clone(), Tally::new()),
            genres: Axis::new(kinds.iter().map(|kind| kind.0)),
            decades: Axis::new(kinds.iter().map(|kind| kind.1)),
            bands: Axis::new(kinds.iter().map(|kind| kind.2)),
        };
        spread.everything.1 = spread.tally_each(&everything, kinds.len());
        spread
    }

    /// How many of `documents` there are of each kind.
    pub fn tally(&self, documents: &Bits) -> Tally {
        let (everything, total) = &self.everything;
        if 2 * documents.count() <= self.size.into() {
            return self.tally_each(documents, total.len());
        }
        // Those that are missing are fewer.
        let mut missing = everything.clone();
        missing.and_not(documents);
        let missing = self.tally_each(&missing, total.len());
        total.iter().zip(missing).map(|(all, missing)| all - missing).collect()
    }

    fn tally_each(&self, documents: &Bits, kinds: usize) -> Tally {
        let mut tally = vec![0; kinds];
        // There may be half a million of them: what they are looked up in is found out once.
        match &self.of {
            Numbers::Short(of) => count(of, documents, &mut tally),
            Numbers::Long(of) => count(of, documents, &mut tally),
        }
        tally
    }

    /// Leaves the documents of a genre.
    pub fn retain_genre(&self, genre: i64, documents: &mut Bits) {
        let wanted = self.genres.kinds_of(genre);
        documents.retain(|document| wanted[self.of.get(document)]);
    }
}

fn count<N: Copy + Into<u32>>(of: &[N], documents: &Bits, tally: &mut Tally) {
    documents.for_each(|document| {
        let kind: u32 = of[document as usize].into();
        tally[kind as usize] += 1;
    });
}

/// One of the things that tell kinds apart.
pub(crate) struct Axis<K> {
    keys: Vec<K>,
    /// For each kind the place of its key; the place after the last where it has none.
    places: Vec<usize>,
}

impl<K: Copy + Ord> Axis<K> {
    fn new(kinds: impl Iterator<Item = Option<K>> + Clone) -> Self {
        let mut keys: Vec<K> = kinds.clone().flatten().collect();
        keys.sort_unstable();
        keys.dedup();
        let place = |key: Option<K>| key.and_then(|key| keys.binary_search(&key).ok());
        let places = kinds.map(|key| place(key).unwrap_or(keys.len())).collect();
        Self { keys, places }
    }

    /// Adds up how many documents there are of each key.
    pub fn add(&self, tally: &Tally, counts: &mut BTreeMap<K, u64>) {
        let mut sums = vec![0; self.keys.len() + 1];
        for (place, count) in self.places.iter().zip(tally) {
            sums[*place] += count;
        }
        for (key, count) in self.keys.iter().zip(sums).filter(|(_, count)| *count > 0) {
            *counts.entry(*key).or_default() += count;
        }
    }

    /// For each kind whether it has the key.
    fn kinds_of(&self, key: K) -> Vec<bool> {
        let wanted = self.keys.binary_search(&key).ok();
        self.places.iter().map(|place| Some(*place) == wanted).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Bits, Spread};

    #[test]
    fn few_and_many_are_counted_alike() {
        let genre = |document: u32| (!document.is_multiple_of(7)).then_some(i64::from(document % 7));
        let spread = Spread::new(1_000, |document| (genre(document), Some(document % 3), None));
        for step in [1, 2, 3, 100, 500] {
            let documents: Vec<u32> = (0..1_000).step_by(step).collect();
            let mut expected = BTreeMap::new();
            for genre in documents.iter().filter_map(|document| genre(*document)) {
                *expected.entry(genre).or_insert(0) += 1;
            }
            let (mut bits, mut counts) = (Bits::default(), BTreeMap::new());
            bits.extend(1_000, &documents);
            spread.genres.add(&spread.tally(&bits), &mut counts);
            assert_eq!(counts, expected, "every {step}th");
        }
    }

    #[test]
    fn more_kinds_than_a_short_number_can_tell_apart_are_told_apart() {
        let size = 70_000;
        let spread = Spread::new(size, |document| (Some(document.into()), None, None));
        let (mut bits, mut counts) = (Bits::default(), BTreeMap::new());
        bits.extend(size, &[3, 65_539, size - 1]);
        spread.genres.add(&spread.tally(&bits), &mut counts);
        assert_eq!(counts, BTreeMap::from([(3, 1), (65_539, 1), (69_999, 1)]));
    }

    #[test]
    fn a_genre_alone_is_left() {
        let spread = Spread::new(1_000, |document| (Some(i64::from(document % 7)), None, None));
        for (genre, left) in [(3, 143), (9, 0)] {
            let mut bits = Bits::default();
            bits.extend(1_000, &(0..1_000).collect::<Vec<_>>());
            spread.retain_genre(genre, &mut bits);
            assert_eq!(bits.count(), left);
        }
    }
}
