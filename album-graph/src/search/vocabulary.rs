//! The words of a field, and which of them somebody may have meant who typed another one.
//!
//! The dictionary of the index would do, but it looks at every word that begins as one that may have been meant, the next letter
//! included, and each look may be at memory that is far away: so the words stand here once more, and only those are looked at.

use tantivy::TantivyError;
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;
use tantivy_fst::Automaton as _;
use tantivy_fst::raw::{Builder, Fst, Node, Output};

use super::query::Spelling;

/// The words of a field.
pub(super) struct Vocabulary {
    /// Each with its place among them.
    words: Fst<Vec<u8>>,
    /// What is known of each.
    infos: Vec<TermInfo>,
}

/// The words that a word may have been meant as, with how many mistakes.
pub(super) type Spelt = Vec<(String, u8, TermInfo)>;

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
        let words = Fst::new(words.into_inner().map_err(broken)?).map_err(broken)?;
        Ok(Self { words, infos })
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
        if node.is_final() {
            let word = String::from_utf8_lossy(&self.word);
            if let Some(mistakes) = self.spelling.mistakes_in(state, &word) {
                let place = place.cat(node.final_output()).value();
                let info = usize::try_from(place)
                    .ok()
                    .and_then(|place| self.vocabulary.infos.get(place));
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
