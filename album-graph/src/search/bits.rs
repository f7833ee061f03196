//! Sets of documents of a segment, one bit each: the whole algebra of a search is done on them, 64 documents at a time.

/// A set of documents. The empty one takes no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    blocks: Vec<u64>,
}

impl Bits {
    /// Adds documents, all of them below `size`.
    pub fn extend(&mut self, size: u32, documents: &[u32]) {
        if self.blocks.is_empty() {
            self.blocks = vec![0; size.div_ceil(64) as usize];
        }
        for document in documents {
            self.blocks[(document / 64) as usize] |= 1 << (document % 64);
        }
    }

    pub fn or(&mut self, other: &Self) {
        if self.blocks.is_empty() {
            self.blocks.clone_from(&other.blocks);
            return;
        }
        for (block, other) in self.blocks.iter_mut().zip(&other.blocks) {
            *block |= other;
        }
    }

    pub fn and(&mut self, other: &Self) {
        if other.blocks.is_empty() {
            self.blocks.clear();
        }
        for (block, other) in self.blocks.iter_mut().zip(&other.blocks) {
            *block &= other;
        }
    }

    pub fn and_not(&mut self, other: &Self) {
        for (block, other) in self.blocks.iter_mut().zip(&other.blocks) {
            *block &= !other;
        }
    }

    /// Leaves those that `keep` keeps.
    pub fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        for (block, start) in self.blocks.iter_mut().zip((0_u32..).step_by(64)) {
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
        self.blocks.iter().map(|block| u64::from(block.count_ones())).sum()
    }

    /// How many documents both sets have.
    pub fn count_and(&self, other: &Self) -> u64 {
        let both = self.blocks.iter().zip(&other.blocks);
        both.map(|(block, other)| u64::from((block & other).count_ones())).sum()
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.blocks
            .iter()
            .zip((0_u32..).step_by(64))
            .flat_map(|(block, start)| {
                let mut left = *block;
                std::iter::from_fn(move || {
                    let bit = (left != 0).then(|| left.trailing_zeros())?;
                    left &= left - 1;
                    Some(start + bit)
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    fn bits(documents: &[u32]) -> Bits {
        let mut bits = Bits::default();
        bits.extend(200, documents);
        bits
    }

    #[test]
    fn sets_are_joined_cut_and_counted() {
        let (mut one, other) = (bits(&[0, 63, 64, 199]), bits(&[63, 199, 5]));
        assert_eq!(one.count_and(&other), 2);
        one.and_not(&bits(&[0]));
        one.or(&bits(&[1]));
        assert_eq!(one.iter().collect::<Vec<_>>(), [1, 63, 64, 199]);
        one.retain(|document| document > 63);
        assert_eq!((one.count(), one.clone()), (2, bits(&[64, 199])));
        one.and(&other);
        assert_eq!(one.iter().collect::<Vec<_>>(), [199]);
    }

    #[test]
    fn the_empty_set_needs_no_memory() {
        let mut one = bits(&[7]);
        one.and(&Bits::default());
        assert_eq!((one.count(), one.iter().count()), (0, 0));
        one.or(&bits(&[7]));
        assert_eq!(one, bits(&[7]));
    }
}
