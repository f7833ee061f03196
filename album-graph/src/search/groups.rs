//! The documents of a segment, told apart by something: a genre, a decade, a price band.

use std::collections::BTreeMap;

use super::bits::Bits;

/// Looking up the group of a document takes as long as counting so many documents of a set at once.
const AT_ONCE: u64 = 16;

/// Groups of documents, each document in one of them at the most.
pub(super) struct Groups<K> {
    groups: Vec<(K, Bits)>,
    /// For each document the number of its group, from 1; 0 where it is in none.
    of: Vec<u16>,
}

impl<K: Copy + Ord> Groups<K> {
    /// The groups of `size` documents, by what `key` tells of each.
    pub fn new(size: u32, key: impl Fn(u32) -> Option<K>) -> Self {
        let mut members = BTreeMap::<K, Vec<u32>>::new();
        for document in 0..size {
            if let Some(key) = key(document) {
                members.entry(key).or_default().push(document);
            }
        }
        let (mut groups, mut of) = (Vec::new(), vec![0; size as usize]);
        for ((key, members), number) in members.into_iter().zip(1_u16..) {
            for document in &members {
                of[*document as usize] = number;
            }
            let mut bits = Bits::default();
            bits.extend(size, &members);
            groups.push((key, bits));
        }
        Self { groups, of }
    }

    /// The documents of a group.
    pub fn get(&self, key: K) -> Bits {
        let group = self.groups.iter().find(|(known, _)| *known == key);
        group.map(|(_, documents)| documents.clone()).unwrap_or_default()
    }

    /// Adds up how many of `documents` are in each group.
    pub fn count(&self, documents: &Bits, counts: &mut BTreeMap<K, u64>) {
        let mut add = |key: K, count: u64| {
            if count > 0 {
                *counts.entry(key).or_default() += count;
            }
        };
        if documents.count() * AT_ONCE > self.of.len() as u64 {
            for (key, group) in &self.groups {
                add(*key, group.count_and(documents));
            }
            return;
        }
        let mut tally = vec![0; self.groups.len() + 1];
        for document in documents.iter() {
            tally[usize::from(self.of[document as usize])] += 1;
        }
        for ((key, _), count) in self.groups.iter().zip(&tally[1..]) {
            add(*key, *count);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Bits, Groups};

    #[test]
    fn few_and_many_are_counted_alike() {
        let groups = Groups::new(1_000, |document| (document % 7 > 0).then_some(document % 7));
        for step in [1, 3, 100, 500] {
            let documents: Vec<u32> = (0..1_000).step_by(step).collect();
            let mut expected = BTreeMap::new();
            for document in documents.iter().filter(|document| *document % 7 > 0) {
                *expected.entry(document % 7).or_insert(0) += 1;
            }
            let (mut bits, mut counts) = (Bits::default(), BTreeMap::new());
            bits.extend(1_000, &documents);
            groups.count(&bits, &mut counts);
            assert_eq!(counts, expected, "every {step}th");
        }
        assert_eq!(groups.get(3).count(), 143);
        assert_eq!(groups.get(9).count(), 0);
    }
}
