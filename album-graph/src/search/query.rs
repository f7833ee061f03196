//! What somebody typed, ready to be looked up: its words, and which other words each of them may have been meant as.

use std::sync::{Arc, LazyLock, OnceLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use sha2::{Digest as _, Sha256};
use tantivy_fst::Automaton;

use super::words::{Word, bag, bare, folded, variants, whole, words};

/// Nobody types more, and what follows is not looked at.
const LONGEST_TEXT: usize = 200;
/// So many words are looked up.
const MOST_WORDS: usize = 12;
/// Longer names are not compared as a whole, letter by letter.
const LONGEST_WHOLE: usize = 40;

/// What somebody typed.
pub struct Query {
    /// Its words, each once.
    pub(super) words: Vec<Typed>,
    /// For each word in the order in which they were typed, which of [`words`](Self::words) it is.
    pub(super) order: Vec<usize>,
    /// All words in their order.
    pub(super) whole: String,
    /// The same without the article that it begins with.
    pub(super) bare: Option<String>,
    /// All words in an order of their own.
    pub(super) bag: String,
}

/// A word as it was typed.
pub(super) struct Typed {
    /// Folded.
    pub text: String,
    /// How many letters it has.
    pub letters: usize,
    /// Whether it may be only begun.
    pub begun: bool,
    spelling: OnceLock<Option<Spelling>>,
}

impl Query {
    /// Reads what was typed, in whatever form.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let end = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(end, _)| end);
        let mut all = folded(&text[..end]);
        all.truncate(MOST_WORDS);
        let whole = all.join(" ");
        let bare = Some(bare(&all)).filter(|bare| bare.len() < all.len());
        let bare = bare.map(|bare| bare.join(" "));
        let mut words: Vec<Typed> = Vec::new();
        let mut order = Vec::with_capacity(all.len());
        for (place, text) in all.iter().enumerate() {
            let begun = place + 1 == all.len();
            let known = words.iter().position(|word| word.text == *text);
            order.push(known.unwrap_or(words.len()));
            match known {
                Some(known) => words[known].begun |= begun,
                None => words.push(Typed {
                    letters: text.chars().count(),
                    text: text.clone(),
                    begun,
                    spelling: OnceLock::new(),
                }),
            }
        }
        let bag = bag(&all);
        Self {
            words,
            order,
            whole,
            bare,
            bag,
        }
    }

    /// A number that hardly any query has but those with the same words in the same order.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        let digest = Sha256::digest(self.whole.as_bytes());
        digest
            .iter()
            .take(4)
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The name that was typed as a whole, where it is short enough to be compared letter by letter, and has no number.
    pub(super) fn whole_spelling(&self) -> Option<Spelling> {
        if self.words.iter().any(Typed::is_number) {
            return None;
        }
        let letters = self.whole.chars().count();
        (letters <= LONGEST_WHOLE)
            .then(|| Spelling::of(&self.whole, letters, false))
            .flatten()
    }
}

impl Typed {
    /// How the word may be spelt otherwise; none where it is too short to be mistyped, or a number, for a number that is near
    /// another is just another. Worked out when it is first asked for.
    pub fn spelling(&self) -> Option<&Spelling> {
        let spelling = self.spelling.get_or_init(|| {
            let is_word = !self.is_number();
            is_word.then(|| Spelling::of(&self.text, self.letters, self.begun))?
        });
        spelling.as_ref()
    }

    fn is_number(&self) -> bool {
        self.text.chars().all(char::is_numeric)
    }
}

/// How a word, or a name, may be spelt otherwise.
pub(super) struct Spelling {
    automaton: DFA,
    letters: usize,
    begun: bool,
}

// Two letters that changed places are one mistake.
static ONE_EDIT: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO_EDITS: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

impl Spelling {
    fn of(text: &str, letters: usize, begun: bool) -> Option<Self> {
        let builder = match letters {
            0..3 => return None,
            3..6 => &ONE_EDIT,
            // What is only begun is counted as it was typed; of a whole word a letter may have been left out, so that the one
            // that was meant is longer.
            6..8 if begun => &ONE_EDIT,
            6.. => &TWO_EDITS,
        };
        let automaton = if begun {
            builder.build_prefix_dfa(text)
        } else {
            builder.build_dfa(text)
        };
        Some(Self {
            automaton,
            letters,
            begun,
        })
    }

    /// With how many mistakes `term` was typed; none where it must have been another one.
    pub fn mistakes(&self, term: &str) -> Option<u8> {
        self.mistakes_at(self.automaton.eval(term), term)
    }

    /// The same where the automaton has read the term.
    pub fn mistakes_in(&self, state: u32, term: &str) -> Option<u8> {
        self.mistakes_at(self.automaton.distance(state), term)
    }

    fn mistakes_at(&self, distance: Distance, term: &str) -> Option<u8> {
        let Distance::Exact(mistakes) = distance else {
            return None;
        };
        let letters = if self.begun {
            self.letters
        } else {
            self.letters.max(term.chars().count())
        };
        let most = match letters {
            0..4 => 0,
            4..8 => 1,
            8.. => 2,
        };
        (mistakes <= most).then_some(mistakes)
    }
}

impl Automaton for Spelling {
    type State = u32;

    fn start(&self) -> u32 {
        self.automaton.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.automaton.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.automaton.transition(*state, byte)
    }
}

/// Finds the parts of names that were typed, to mark them.
#[derive(Clone)]
pub struct Marker {
    query: Arc<Query>,
    typos: bool,
}

/// A part of a text, in UTF-16 code units: the first, and the one after the last.
pub type Range = (usize, usize);

impl Marker {
    /// A marker of what was typed; `typos` says whether mistyped words are to be marked.
    #[must_use]
    pub fn new(query: &Arc<Query>, typos: bool) -> Self {
        let query = Arc::clone(query);
        Self { query, typos }
    }

    /// The parts of `text` that were typed, in their order.
    #[must_use]
    pub fn mark(&self, text: &str) -> Vec<Range> {
        let words = words(text);
        let variants = variants(text, &words);
        let mut found: Vec<Range> = words.iter().filter_map(|word| self.range(word)).collect();
        for range in variants.iter().filter_map(|variant| self.range(variant)) {
            // The words themselves say more closely what was typed.
            if found.iter().all(|known| known.1 <= range.0 || range.1 <= known.0) {
                found.push(range);
            }
        }
        let together = self.together(&words);
        if let Some(together) = together.filter(|_| found.is_empty()) {
            found.push(together.range(usize::MAX));
        }
        found.sort_unstable();
        found
    }

    /// The words as one, if that was typed, blanks left out.
    fn together(&self, words: &[Word]) -> Option<Word> {
        let together = (words.len() > 1).then(|| whole(words))?;
        let parts = self
            .query
            .words
            .iter()
            .filter_map(|typed| self.part(typed, &together.text));
        // What begins so is not found by that.
        (parts.max() == Some(usize::MAX)).then_some(together)
    }

    fn range(&self, word: &Word) -> Option<Range> {
        let parts = self.query.words.iter().filter_map(|typed| self.part(typed, &word.text));
        parts.max().map(|letters| word.range(letters))
    }

    /// Whether every word that was typed is in one of `texts`.
    #[must_use]
    pub fn covers(&self, texts: &[&str]) -> bool {
        let words: Vec<Word> = texts
            .iter()
            .flat_map(|text| {
                let words = words(text);
                let others = variants(text, &words).into_iter().chain(self.together(&words));
                let others: Vec<Word> = others.collect();
                words.into_iter().chain(others)
            })
            .collect();
        let covers = |typed: &Typed| words.iter().any(|word| self.part(typed, &word.text).is_some());
        !self.query.is_empty() && self.query.words.iter().all(covers)
    }

    /// How many letters of `word` were typed.
    fn part(&self, typed: &Typed, word: &str) -> Option<usize> {
        if word == typed.text {
            return Some(usize::MAX);
        }
        if typed.begun && word.starts_with(&typed.text) {
            return Some(typed.letters);
        }
        // It takes long to find out how a word may be spelt.
        let spelling = if self.typos { typed.spelling() } else { None };
        spelling?.mistakes(word).map(|_| usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Marker, Query};

    fn mistakes(typed: &str, word: &str) -> Option<u8> {
        // A word that is followed by another is whole.
        Query::new(&format!("{typed} x")).words[0].spelling()?.mistakes(word)
    }

    #[test]
    fn a_longer_word_may_be_mistyped_more_often() {
        assert_eq!(mistakes("metalica", "metallica"), Some(1));
        assert_eq!(mistakes("beethovan", "beethoven"), Some(1));
        assert_eq!(mistakes("betehovne", "beethoven"), Some(2));
        assert_eq!(mistakes("qeen", "queen"), Some(1));
        assert_eq!(mistakes("bka", "boca"), None, "two mistakes in a short word");
        assert_eq!(mistakes("ten", "tin"), None, "too short");
        assert_eq!(mistakes("lve", "live"), Some(1), "a letter was left out");
        assert_eq!(mistakes("queens", "quayns"), None, "two mistakes in six letters");
    }

    #[test]
    fn a_number_is_never_mistyped() {
        assert_eq!(mistakes("1991", "1981"), None);
        assert_eq!(mistakes("nr1991", "nr1981"), Some(1));
        assert!(Query::new("1991").words[0].spelling().is_none());
        assert!(Query::new("live 1991").whole_spelling().is_none());
    }

    #[test]
    fn a_begun_word_may_be_mistyped() {
        let query = Query::new("metalic");
        let spelling = query.words[0].spelling().unwrap();
        assert_eq!(spelling.mistakes("metallica"), Some(1));
        assert_eq!(spelling.mistakes("menace"), None);
    }

    #[test]
    fn what_was_typed_is_marked_in_utf_16() {
        let marker = |typed, typos| Marker::new(&Arc::new(Query::new(typed)), typos);
        let marks = |typed, text| marker(typed, false).mark(text);
        assert_eq!(marks("beat abb", "😀 The Beat, Abbey"), [(7, 11), (13, 16)]);
        assert_eq!(marks("אריק", "אריק איינשטיין"), [(0, 4)]);
        assert_eq!(marks("dont", "Don\u{2019}t Stop"), [(0, 5)]);
        assert_eq!(marks("acdc", "Live: AC/DC"), [(6, 11)]);
        assert_eq!(marks("acd", "AC/DC"), [(0, 4)]);
        assert_eq!(marks("ac", "AC/DC"), [(0, 2)]);
        assert_eq!(marks("who", "Who\u{2019}s Next"), [(0, 3)]);
        assert_eq!(marks("disc1", "Disc1/Disc2"), [(0, 5)]);
        assert_eq!(marks("cafe", "Cafe\u{301}s"), [(0, 5)]);
        assert_eq!(marks("ac dc", "AC/DC"), [(0, 2), (3, 5)]);
        assert_eq!(marks("rem", "R.E.M."), [(0, 5)]);
        assert_eq!(marks("amour l", "L\u{2019}amour"), [(0, 1), (2, 7)]);
        assert_eq!(marks("pinkfloyd", "Pink Floyd"), [(0, 10)], "a blank left out");
        assert!(marks("pinkf", "Pink Floyd").is_empty(), "what is not found so");
        assert_eq!(marks("guns and ros", "Guns N\u{2019} Roses"), [(0, 4), (5, 6), (8, 11)]);
        assert!(marks("metalica", "Metallica").is_empty());
        assert_eq!(marker("metalica", true).mark("Metallica"), [(0, 9)]);
    }

    #[test]
    fn a_query_is_cut_to_what_people_type() {
        let query = Query::new(&"word ".repeat(2_000));
        assert_eq!((query.words.len(), query.whole.split(' ').count()), (1, 12));
        assert!(Query::new(" \u{0} ").is_empty());
    }
}
