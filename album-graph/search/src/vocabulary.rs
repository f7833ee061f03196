//! The words of a field: which of them begin as was typed, and which somebody may have meant who typed another one.
//!
//! The dictionary of the index would do, but it puts together what is known of each word as it comes to it, and looks at every word
//! that begins as one that may have been meant, the next letter included; each look may be at memory that is far away: so the words
//! stand here once more.

use tantivy::TantivyError;
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;
use tantivy_fst::Automaton as _;
use tantivy_fst::raw::{Builder, Fst, Node, Output};

use super::array::Array;
use super::query::Spelling;

/// The words of a field.
pub(crate) struct Vocabulary {
    /// Each with its place among them.
    words: Fst<Array<u8>>,
    /// What is known of each.
    infos: Vec<TermInfo>,
}

/// The words that a word may have been meant as, with how many mistakes.
pub(crate) type Spelt = Vec<(String, u8, TermInfo)>;

impl Vocabulary {
    /// All words of a dictionary.
    pub fn read(terms: &TermDictionary) -> tantivy::Result<Self> {
        let broken = |error: tantivy_fst::Error| TantivyError::InternalError(error.to_string());
        let (mut words, mut infos) = (Builder::memory(), Vec::with_capacity(terms.num_terms()));
        let mut stream = terms.stream()?;
        while stream.advance() {
            words.insert(stream.key(), infos.len() as u64).map_err(broken)?;
            infos.push(stream.value().clone());
        }
        let words = Fst::new(Array::from(words.into_inner().map_err(broken)?)).map_err(broken)?;
        Ok(Self { words, infos })
    }

    /// What is known of a word.
    pub fn info(&self, word: &str) -> Option<&TermInfo> {
        self.at(self.words.get(word)?)
    }

    /// What is known of every word that begins with `start`, in their order.
    pub fn begun(&self, start: &str) -> &[TermInfo] {
        let (mut node, mut place) = (self.words.root(), Output::zero());
        for letter in start.bytes() {
            let Some(way) = node.find_input(letter) else {
                return &[];
            };
            (node, place) = self.follow(&node, place, way);
        }
        let (mut last, mut end) = (self.words.node(node.addr()), place);
        while !last.is_empty() {
            (last, end) = self.follow(&last, end, last.len() - 1);
        }
        let end = end.cat(last.final_output());
        while !node.is_final() && !node.is_empty() {
            (node, place) = self.follow(&node, place, 0);
        }
        let [first, last] = [place.cat(node.final_output()), end].map(|place| usize::try_from(place.value()));
        let between = first.ok().zip(last.ok());
        between
            .and_then(|(first, last)| self.infos.get(first..=last))
            .unwrap_or_default()
    }

    fn follow(&self, node: &Node, place: Output, way: usize) -> (Node<'_>, Output) {
        let way = node.transition(way);
        (self.words.node(way.addr), place.cat(way.out))
    }

    fn at(&self, place: Output) -> Option<&TermInfo> {
        self.infos.get(usize::try_from(place.value()).ok()?)
    }

    /// Those that may have been meant.
    pub fn spelt(&self, spelling: &Spelling) -> Spelt {
        let mut walk = Walk {
            vocabulary: self,
            spelling,
            word: Vec::new(),
            found: Vec::new(),
        };
        walk.visit(&self.words.root(), Output::zero(), spelling.start());
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
    fn visit(&mut self, node: &Node, place: Output, state: u32) {
        if node.is_final() && self.spelling.is_match(&state) {
            let word = String::from_utf8_lossy(&self.word);
            if let Some(mistakes) = self.spelling.mistakes_in(state, &word) {
                let info = self.vocabulary.at(place.cat(node.final_output()));
                let word = word.into_owned();
                self.found.extend(info.map(|info| (word, mistakes, info.clone())));
            }
        }
        for letter in node.transitions() {
            let state = self.spelling.accept(&state, letter.inp);
            if self.spelling.can_match(&state) {
                self.word.push(letter.inp);
                self.visit(&self.vocabulary.words.node(letter.addr), place.cat(letter.out), state);
                self.word.pop();
            }
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
