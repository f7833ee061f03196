//! The words of a field: which of them begin as was typed, and which somebody may have meant who typed another one.
//!
//! The dictionary of the index would do, but it puts together what is known of each word as it comes to it, and looks at every word
//! that begins as one that may have been meant, the next letter included; each look may be at memory that is far away: so the words
//! stand here once more.

use std::iter;
use std::ops::Range;

use tantivy::TantivyError;
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;
use tantivy_fst::Automaton as _;

use super::array::Array;
use super::query::Spelling;

/// The words of a field, as a tree of their letters.
pub(crate) struct Vocabulary {
    /// Each [`Letter`] after which words go on otherwise, followed by those that follow it: the place after the last of them, and
    /// its bytes.
    letters: Array<[u32; 2]>,
    /// For each letter, and for the end, how many words come before those that it leads to.
    before: Array<u32>,
    /// What is known of each word.
    infos: Vec<TermInfo>,
}

/// The words that a word may have been meant as, with how many mistakes.
pub(crate) type Spelt = Vec<(String, u8, TermInfo)>;

/// A letter of words.
struct Letter {
    byte: u8,
    /// Whether it is the last one of a word.
    ends: bool,
    /// The place after the last of those that follow it.
    next: usize,
}

impl Vocabulary {
    /// All words of a dictionary.
    pub fn read(terms: &TermDictionary) -> tantivy::Result<Self> {
        let count =
            |number: usize| u32::try_from(number).map_err(|error| TantivyError::InternalError(error.to_string()));
        let (mut letters, mut before) = (Vec::<[u32; 2]>::new(), Vec::new());
        let mut infos = Vec::with_capacity(terms.num_terms());
        // The last word, and where its letters are.
        let (mut word, mut places) = (Vec::new(), Vec::<usize>::new());
        let mut stream = terms.stream()?;
        while stream.advance() {
            let next = stream.key();
            let same = word.iter().zip(next).take_while(|(one, other)| one == other).count();
            let here = count(letters.len())?;
            for place in places.drain(same..) {
                letters[place][0] = here;
            }
            for (letter, rest) in next[same..].iter().zip((0..next.len() - same).rev()) {
                places.push(letters.len());
                letters.push([0, u32::from_le_bytes([*letter, (rest == 0).into(), 0, 0])]);
                before.push(count(infos.len())?);
            }
            word.truncate(same);
            word.extend_from_slice(&next[same..]);
            infos.push(stream.value().clone());
        }
        let end = count(letters.len())?;
        for place in places {
            letters[place][0] = end;
        }
        before.push(count(infos.len())?);
        Ok(Self {
            letters: letters.into(),
            before: before.into(),
            infos,
        })
    }

    fn letter(&self, place: usize) -> Letter {
        let [next, bytes] = self.letters[place];
        let ([byte, ends, ..], next) = (bytes.to_le_bytes(), next as usize);
        let ends = ends == 1;
        Letter { byte, ends, next }
    }

    /// What is known of a word.
    pub fn info(&self, word: &str) -> Option<&TermInfo> {
        let last = self.last_letter(word)?;
        self.letter(last).ends.then(|| &self.infos[self.before[last] as usize])
    }

    /// What is known of every word that begins with `start`, in their order.
    pub fn begun(&self, start: &str) -> &[TermInfo] {
        if start.is_empty() {
            return &self.infos;
        }
        self.last_letter(start).map_or(&[], |last| {
            &self.infos[self.before[last] as usize..self.before[self.letter(last).next] as usize]
        })
    }

    /// Where the last letter of `start` is.
    fn last_letter(&self, start: &str) -> Option<usize> {
        let (mut places, mut last) = (0..self.letters.len(), None);
        for letter in start.bytes() {
            let place = self.follow(places).find(|place| self.letter(*place).byte == letter)?;
            places = place + 1..self.letter(place).next;
            last = Some(place);
        }
        last
    }

    /// The letters that stand at the same place of words.
    fn follow(&self, places: Range<usize>) -> impl Iterator<Item = usize> {
        let mut next = places.start;
        iter::from_fn(move || {
            let place = Some(next).filter(|place| *place < places.end)?;
            next = self.letter(place).next;
            Some(place)
        })
    }

    /// Those that may have been meant.
    pub fn spelt(&self, spelling: &Spelling) -> Spelt {
        let mut walk = Walk {
            vocabulary: self,
            spelling,
            word: Vec::new(),
            found: Vec::new(),
        };
        walk.visit(0..self.letters.len(), spelling.start());
        walk.found
    }
}

struct Walk<'a> {
    vocabulary: &'a Vocabulary,
    spelling: &'a Spelling,
    /// The letters that lead to where it is.
    word: Vec<u8>,
    found: Spelt,
}

impl Walk<'_> {
    fn visit(&mut self, places: Range<usize>, state: u32) {
        let vocabulary = self.vocabulary;
        for place in vocabulary.follow(places) {
            let Letter { byte, ends, next } = vocabulary.letter(place);
            let state = self.spelling.accept(&state, byte);
            if self.spelling.can_match(&state) {
                self.word.push(byte);
                if ends && self.spelling.is_match(&state) {
                    self.find(place, state);
                }
                self.visit(place + 1..next, state);
                self.word.pop();
            }
        }
    }

    /// Takes the word that ends here.
    fn find(&mut self, place: usize, state: u32) {
        let word = String::from_utf8_lossy(&self.word);
        if let Some(mistakes) = self.spelling.mistakes_in(state, &word) {
            let (word, info) = (word.into_owned(), self.vocabulary.before[place] as usize);
            self.found.push((word, mistakes, self.vocabulary.infos[info].clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{STRING, Schema};
    use tantivy::{Index, TantivyDocument};

    use super::Vocabulary;

    const WORDS: [&str; 8] = ["a", "ab", "abba", "abbey", "b", "bz", "bé", "é"];

    #[test]
    fn words_are_found_whole_and_by_how_they_begin() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("words", STRING);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15 << 20).unwrap();
        // Each word is in one document more than the one before.
        for place in 0..WORDS.len() {
            let mut document = TantivyDocument::default();
            WORDS[place..].iter().for_each(|word| document.add_text(field, word));
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let terms = searcher.segment_reader(0).inverted_index(field).unwrap();
        let vocabulary = Vocabulary::read(terms.terms()).unwrap();
        for (word, documents) in WORDS.iter().zip(1..) {
            assert_eq!(vocabulary.info(word).unwrap().doc_freq, documents, "{word}");
        }
        assert_eq!(vocabulary.info("abb"), None);
        for start in ["", "a", "ab", "abb", "abbey", "abbeys", "b", "bé", "c", "é"] {
            let begun: Vec<u32> = vocabulary.begun(start).iter().map(|info| info.doc_freq).collect();
            let expected = WORDS.iter().zip(1..).filter(|(word, _)| word.starts_with(start));
            let expected: Vec<u32> = expected.map(|(_, documents)| documents).collect();
            assert_eq!(begun, expected, "{start}");
        }
    }
}
