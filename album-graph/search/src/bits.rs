//! Sets of documents of a segment: the whole algebra of a search is done on them.
//!
//! A small set is a list; a large one has a bit for each document of the segment, 64 of them at a time.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// A list is at most so long.
pub(crate) const LONGEST: usize = 4_096;
/// A list that is not written from front to back is at most so long: it is put into order each time.
const LONGEST_SORTED: usize = 256;
/// So many blocks are counted before it is asked whether that is enough.
const COUNTED: usize = 64;

/// A set of documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    /// How many documents the segment has; 0 where nothing was added yet.
    size: u32,
    set: Set,
}

#[derive(Clone, Debug)]
enum Set {
    /// In ascending order.
    Few(Vec<u32>),
    Many(Blocks),
}

/// So many spare blocks of bits are kept on a thread: as many as a search has at a time.
const SPARE: usize = 8;

thread_local! {
    static SPARES: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// A bit for each document, 64 of them at a time. What has so many is used again: the system takes long to give and to take back as
/// much memory, and a search needs it a dozen times.
#[derive(Debug)]
struct Blocks(Vec<u64>);

impl Blocks {
    fn empty() -> Vec<u64> {
        let mut blocks = SPARES.with_borrow_mut(Vec::pop).unwrap_or_default();
        blocks.clear();
        blocks
    }

    /// No bit of `size` documents.
    fn none(size: u32) -> Self {
        let mut blocks = Self::empty();
        blocks.resize(size.div_ceil(64) as usize, 0);
        Self(blocks)
    }
}

impl Clone for Blocks {
    fn clone(&self) -> Self {
        let mut blocks = Self::empty();
        blocks.extend_from_slice(&self.0);
        Self(blocks)
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        let blocks = std::mem::take(&mut self.0);
        // A thread that ends keeps nothing.
        let _ = SPARES.try_with(|spares| {
            let mut spares = spares.borrow_mut();
            if spares.len() < SPARE {
                spares.push(blocks);
            }
        });
    }
}

impl Deref for Blocks {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.0
    }
}

impl DerefMut for Blocks {
    fn deref_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }
}

impl Default for Set {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Set {
    /// A bit for each of `size` documents.
    fn many(self, size: u32) -> Blocks {
        match self {
            Self::Many(blocks) => blocks,
            Self::Few(list) => {
                let mut blocks = Blocks::none(size);
                for document in list {
                    blocks[(document / 64) as usize] |= 1 << (document % 64);
                }
                blocks
            }
        }
    }
}

impl Bits {
    /// Adds documents in ascending order, all of them below `size`.
    pub fn extend(&mut self, size: u32, documents: &[u32]) {
        self.size = size;
        let Some(first) = documents.first() else {
            return;
        };
        if let Set::Few(list) = &mut self.set {
            let length = list.len() + documents.len();
            let follows = list.last().is_none_or(|last| last < first);
            if length <= if follows { LONGEST } else { LONGEST_SORTED } {
                list.extend_from_slice(documents);
                if !follows {
                    list.sort_unstable();
                    list.dedup();
                }
                return;
            }
        }
        let mut blocks = std::mem::take(&mut self.set).many(size);
        for document in documents {
            blocks[(document / 64) as usize] |= 1 << (document % 64);
        }
        self.set = Set::Many(blocks);
    }

    /// The documents in ascending order, where there are few.
    pub fn list(&self) -> Option<&[u32]> {
        match &self.set {
            Set::Few(list) => Some(list),
            Set::Many(_) => None,
        }
    }

    pub fn contains(&self, document: u32) -> bool {
        match &self.set {
            Set::Few(list) => list.binary_search(&document).is_ok(),
            Set::Many(blocks) => blocks[(document / 64) as usize] >> (document % 64) & 1 == 1,
        }
    }

    pub fn or(&mut self, other: &Self) {
        self.size = self.size.max(other.size);
        match (&mut self.set, &other.set) {
            (_, Set::Few(list)) => list
                .chunks(LONGEST_SORTED)
                .for_each(|part| self.extend(self.size, part)),
            (Set::Many(blocks), Set::Many(others)) => {
                for (block, other) in blocks.iter_mut().zip(others.iter()) {
                    *block |= other;
                }
            }
            (Set::Few(_), Set::Many(_)) => {
                let few = std::mem::replace(self, other.clone());
                self.or(&few);
            }
        }
    }

    pub fn and(&mut self, other: &Self) {
        match (&mut self.set, &other.set) {
            (Set::Few(list), _) => list.retain(|document| other.contains(*document)),
            (Set::Many(_), Set::Few(list)) => {
                let both = list.iter().copied().filter(|document| self.contains(*document));
                self.set = Set::Few(both.collect());
            }
            (Set::Many(blocks), Set::Many(others)) => {
                for (block, other) in blocks.iter_mut().zip(others.iter()) {
                    *block &= other;
                }
            }
        }
    }

    pub fn and_not(&mut self, other: &Self) {
        match (&mut self.set, &other.set) {
            (Set::Few(list), _) => list.retain(|document| !other.contains(*document)),
            (Set::Many(blocks), Set::Few(list)) => {
                for document in list {
                    blocks[(document / 64) as usize] &= !(1 << (document % 64));
                }
            }
            (Set::Many(blocks), Set::Many(others)) => {
                for (block, other) in blocks.iter_mut().zip(others.iter()) {
                    *block &= !other;
                }
            }
        }
    }

    /// Leaves those that `keep` keeps, which is asked in ascending order.
    pub fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let blocks = match &mut self.set {
            Set::Few(list) => return list.retain(|document| keep(*document)),
            Set::Many(blocks) => blocks,
        };
        for (block, start) in blocks.iter_mut().zip((0_u32..).step_by(64)) {
            let mut left = *block;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !keep(start + bit) {
                    *block &= !(1 << bit);
                }
            }
        }
    }

    pub fn count(&self) -> u64 {
        match &self.set {
            Set::Few(list) => list.len() as u64,
            Set::Many(blocks) => ones(blocks),
        }
    }

    /// Whether there are so many: a large set is counted no further than until there are.
    pub fn has(&self, enough: u64) -> bool {
        match &self.set {
            Set::Few(list) => list.len() as u64 >= enough,
            Set::Many(blocks) => {
                let mut count = 0;
                enough == 0
                    || blocks.chunks(COUNTED).any(|blocks| {
                        count += ones(blocks);
                        count >= enough
                    })
            }
        }
    }

    /// Calls `act` with each document, in ascending order.
    pub fn for_each(&self, mut act: impl FnMut(u32)) {
        match &self.set {
            Set::Few(list) => list.iter().copied().for_each(act),
            Set::Many(blocks) => {
                for (block, start) in blocks.iter().zip((0_u32..).step_by(64)) {
                    let mut left = *block;
                    while left != 0 {
                        act(start + left.trailing_zeros());
                        left &= left - 1;
                    }
                }
            }
        }
    }

    /// The documents in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let (list, blocks) = match &self.set {
            Set::Few(list) => (list.as_slice(), &[] as &[u64]),
            Set::Many(blocks) => (&[] as &[u32], &**blocks),
        };
        let bits = blocks.iter().zip((0_u32..).step_by(64)).flat_map(|(block, start)| {
            let mut left = *block;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(start + bit)
            })
        });
        list.iter().copied().chain(bits)
    }
}

fn ones(blocks: &[u64]) -> u64 {
    blocks.iter().map(|block| u64::from(block.count_ones())).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fastrand::Rng;

    use super::Bits;

    const SIZE: u32 = 20_000;

    fn bits(documents: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::default();
        let documents: Vec<u32> = documents.iter().copied().collect();
        documents.chunks(128).for_each(|part| bits.extend(SIZE, part));
        bits
    }

    fn list(bits: &Bits) -> Vec<u32> {
        bits.iter().collect()
    }

    #[test]
    fn small_and_large_sets_are_joined_cut_and_counted_alike() {
        let mut rng = Rng::with_seed(1);
        let sizes = [0, 1, 90, 200, 3_000, 4_096, 4_097, 9_000];
        for (one, other) in sizes.iter().flat_map(|one| sizes.map(|other| (*one, other))) {
            let mut set = |count| -> BTreeSet<u32> { (0..count).map(|_| rng.u32(..SIZE)).collect() };
            let (one, other) = (set(one), set(other));
            let (few, many) = (bits(&one), bits(&other));
            let changed = |change: fn(&mut Bits, &Bits)| {
                let mut bits = few.clone();
                change(&mut bits, &many);
                let count = list(&bits).len() as u64;
                assert_eq!(bits.count(), count);
                assert!(bits.has(count) && !bits.has(count + 1));
                list(&bits)
            };
            assert_eq!(changed(Bits::or), one.union(&other).copied().collect::<Vec<_>>());
            assert_eq!(
                changed(Bits::and),
                one.intersection(&other).copied().collect::<Vec<_>>()
            );
            assert_eq!(
                changed(Bits::and_not),
                one.difference(&other).copied().collect::<Vec<_>>()
            );
            let mut even = few.clone();
            even.retain(|document| document % 2 == 0);
            assert_eq!(
                list(&even),
                one.iter()
                    .copied()
                    .filter(|document| document % 2 == 0)
                    .collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn documents_come_in_any_order_of_parts() {
        let mut bits = Bits::default();
        for part in [&[7, 9][..], &[1, 7], &[], &[100]] {
            bits.extend(SIZE, part);
        }
        assert_eq!(list(&bits), [1, 7, 9, 100]);
        assert!(bits.contains(9) && !bits.contains(8));
    }
}
