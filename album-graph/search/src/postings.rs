//! The terms of a field, and the documents that have them.

use std::sync::Arc;

use tantivy::Term;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::bits::Bits;
use super::common::Common;

/// The terms of a field and the documents that have them.
pub(crate) struct Postings {
    index: Arc<InvertedIndexReader>,
    field: Field,
    size: u32,
    common: Arc<Common>,
}

impl Postings {
    /// What an index has for a field in a segment of `size` documents.
    pub fn new((index, field): (Arc<InvertedIndexReader>, Field), size: u32, common: &Arc<Common>) -> Self {
        let common = Arc::clone(common);
        Self {
            index,
            field,
            size,
            common,
        }
    }

    /// The terms.
    pub fn terms(&self) -> &TermDictionary {
        self.index.terms()
    }

    /// What is known of a term.
    pub fn info(&self, text: &str) -> tantivy::Result<Option<TermInfo>> {
        Ok(self.index.get_term_info(&Term::from_field_text(self.field, text))?)
    }

    /// Adds the documents that have the term; answers how many those are.
    pub fn add(&self, text: &str, found: &mut Bits) -> tantivy::Result<u32> {
        let Some(info) = self.info(text)? else {
            return Ok(0);
        };
        let documents = info.doc_freq;
        self.add_all(&[info], found)?;
        Ok(documents)
    }

    /// Adds the documents that have the number.
    pub fn add_number(&self, number: u64, found: &mut Bits) -> tantivy::Result<()> {
        let info = self.index.get_term_info(&Term::from_field_u64(self.field, number))?;
        self.add_all(info.as_slice(), found)
    }

    /// How many documents there are, whatever terms they have.
    pub fn documents(&self) -> u32 {
        self.size
    }

    /// What is known of every term that begins with `start`.
    pub fn begun(&self, start: &str) -> tantivy::Result<Vec<TermInfo>> {
        let mut terms = self.terms().range().ge(start).into_stream()?;
        let mut begun = Vec::new();
        while terms.advance() && terms.key().starts_with(start.as_bytes()) {
            begun.push(terms.value().clone());
        }
        Ok(begun)
    }

    /// Adds the documents of every term that begins with `start`.
    pub fn add_begun(&self, start: &str, found: &mut Bits) -> tantivy::Result<()> {
        self.add_all(&self.begun(start)?, found)
    }

    /// Adds the documents of each of these terms.
    pub fn add_all(&self, terms: &[TermInfo], found: &mut Bits) -> tantivy::Result<()> {
        let mut reader = Reader::new(self);
        terms.iter().try_for_each(|info| reader.add(info, found))
    }

    /// Those of `others` that have one of these terms.
    pub fn among(&self, terms: &[TermInfo], others: &Bits) -> tantivy::Result<Bits> {
        let Some(few) = others.list() else {
            let mut found = Bits::default();
            self.add_all(terms, &mut found)?;
            found.and(others);
            return Ok(found);
        };
        if few.is_empty() {
            return Ok(Bits::default());
        }
        let (mut reader, mut there) = (Reader::new(self), vec![false; few.len()]);
        for info in terms {
            reader.tick(info, few, &mut there)?;
        }
        let (mut found, mut there) = (others.clone(), there.into_iter());
        found.retain(|_| there.next().unwrap_or_default());
        Ok(found)
    }
}

/// Reads the documents of one term after the other.
struct Reader<'a> {
    postings: &'a Postings,
    blocks: BlockSegmentPostings,
}

impl<'a> Reader<'a> {
    fn new(postings: &'a Postings) -> Self {
        let blocks = BlockSegmentPostings::empty();
        Self { postings, blocks }
    }

    /// Adds the documents of a term.
    fn add(&mut self, info: &TermInfo, found: &mut Bits) -> tantivy::Result<()> {
        match self.common(info)? {
            Some(documents) => found.or(&documents),
            None => self.read(info, found)?,
        }
        Ok(())
    }

    fn common(&mut self, info: &TermInfo) -> tantivy::Result<Option<Arc<Bits>>> {
        let postings = self.postings;
        postings.common.get(postings.size, (postings.field, info), || {
            let mut documents = Bits::default();
            self.read(info, &mut documents).map(|()| documents)
        })
    }

    fn read(&mut self, info: &TermInfo, found: &mut Bits) -> tantivy::Result<()> {
        let (postings, blocks) = (self.postings, &mut self.blocks);
        postings.index.reset_block_postings_from_terminfo(info, blocks)?;
        while !blocks.docs().is_empty() {
            found.extend(postings.size, blocks.docs());
            blocks.advance();
        }
        Ok(())
    }

    /// Ticks off those of `few`, which are in ascending order, that have the term: only the blocks that may have them are read.
    fn tick(&mut self, info: &TermInfo, few: &[u32], there: &mut [bool]) -> tantivy::Result<()> {
        if let Some(documents) = self.common(info)? {
            for (document, there) in few.iter().zip(there) {
                *there |= documents.contains(*document);
            }
            return Ok(());
        }
        let (index, blocks) = (&self.postings.index, &mut self.blocks);
        index.reset_block_postings_from_terminfo(info, blocks)?;
        let mut next = 0;
        while let (Some(wanted), [first, .., last] | [first @ last]) = (few.get(next), blocks.docs()) {
            if last < wanted {
                blocks.seek(*wanted);
                if blocks.docs().last().is_some_and(|last| last < wanted) {
                    break;
                }
                continue;
            }
            let start = next + few[next..].partition_point(|document| document < first);
            let end = start + few[start..].partition_point(|document| document <= last);
            if end - start < blocks.docs().len() {
                for place in start..end {
                    there[place] |= blocks.docs().binary_search(&few[place]).is_ok();
                }
            } else {
                for document in blocks.docs() {
                    if let Ok(place) = few[start..end].binary_search(document) {
                        there[start + place] = true;
                    }
                }
            }
            next = end;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tantivy::schema::{STRING, Schema};
    use tantivy::{Index, TantivyDocument};

    use super::{Bits, Postings};

    const SIZE: u32 = 20_000;

    /// Every third document has `a`, which is common; every seventh `b`; a few have `bc`.
    fn postings() -> Postings {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("words", STRING);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15 << 20).unwrap();
        for document in 0..SIZE {
            let mut words = TantivyDocument::default();
            for (word, step) in [("a", 3), ("b", 7), ("bc", 999)] {
                if document.is_multiple_of(step) {
                    words.add_text(field, word);
                }
            }
            writer.add_document(words).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let segment = searcher.segment_reader(0);
        let index = segment.inverted_index(field).unwrap();
        Postings::new((index, field), segment.max_doc(), &Arc::default())
    }

    #[test]
    fn documents_that_are_looked_up_are_those_that_are_read() {
        let postings = postings();
        let sets: [Vec<u32>; 5] = [
            Vec::new(),
            vec![0, 6, 7, 14, 998, 999, SIZE - 1],
            (SIZE - 900..SIZE).collect(),
            (0..SIZE).step_by(13).collect(),
            (0..SIZE).step_by(2).collect(),
        ];
        for (set, start) in sets.iter().flat_map(|set| ["a", "b", "c"].map(|start| (set, start))) {
            let terms = postings.begun(start).unwrap();
            let (mut read, mut others) = (Bits::default(), Bits::default());
            postings.add_all(&terms, &mut read).unwrap();
            others.extend(SIZE, set);
            let found = postings.among(&terms, &others).unwrap();
            let expected: Vec<u32> = set
                .iter()
                .copied()
                .filter(|document| read.contains(*document))
                .collect();
            assert_eq!(
                found.iter().collect::<Vec<_>>(),
                expected,
                "{start} among {}",
                set.len()
            );
        }
    }
}
