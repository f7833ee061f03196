//! What somebody typed, ready to be looked up: its words, and which other words each of them may have been meant as.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::words::{bag, bare, folded, words};

/// Nobody types more, and what follows is not looked at.
const LONGEST_TEXT: usize = 200;
/// So many words are looked up.
const MOST_WORDS: usize = 12;
/// Longer names are not compared as a whole, letter by letter.
const LONGEST_WHOLE: usize = 40;

/// What somebody typed.
pub(super) struct Query {
    /// Its words, each once.
    pub words: Vec<Typed>,
    /// All words in their order, and the same without a leading article.
    pub wholes: Vec<String>,
    /// All words in an order of their own.
    pub bag: String,
}

/// A word as it was typed.
pub(super) struct Typed {
    /// Folded.
    pub text: String,
    /// How many letters it has.
    pub letters: usize,
    /// Whether it may be only begun.
    pub begun: bool,
}

impl Query {
    pub fn new(text: &str) -> Self {
        let end = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(end, _)| end);
        let mut all = folded(&text[..end]);
        all.truncate(MOST_WORDS);
        let bare = bare(&all);
        let mut wholes = vec![all.join(" ")];
        if bare.len() < all.len() {
            wholes.push(bare.join(" "));
        }
        let bag = bag(&all);
        let mut typed: Vec<Typed> = Vec::new();
        // From the end: of a word that is typed twice the begun one counts.
        for (index, text) in all.into_iter().rev().enumerate() {
            if typed.iter().all(|other| other.text != text) {
                let letters = text.chars().count();
                typed.push(Typed {
                    text,
                    letters,
                    begun: index == 0,
                });
            }
        }
        typed.reverse();
        Self {
            words: typed,
            wholes,
            bag,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The name that was typed as a whole, where it is short enough to be compared letter by letter.
    pub fn whole_spelling(&self) -> Option<Spelling> {
        let whole = self.wholes.first()?;
        let letters = whole.chars().count();
        (letters <= LONGEST_WHOLE)
            .then(|| Spelling::of(whole, letters, false))
            .flatten()
    }
}

impl Typed {
    /// How the word may be spelt otherwise; none where it is too short to be mistyped.
    pub fn spelling(&self) -> Option<Spelling> {
        Spelling::of(&self.text, self.letters, self.begun)
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
        // A letter may have been left out, so that the word that was meant is longer.
        let builder = match letters {
            0..3 => return None,
            3..6 => &ONE_EDIT,
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
        let Distance::Exact(mistakes) = self.automaton.eval(term) else {
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

impl Automaton for &Spelling {
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
pub struct Marker {
    words: Vec<(Typed, Option<Spelling>)>,
}

/// A part of a text, in UTF-16 code units: the first, and the one after the last.
pub type Range = (usize, usize);

impl Marker {
    /// A marker of what was typed; `typos` says whether mistyped words are to be marked.
    #[must_use]
    pub fn new(text: &str, typos: bool) -> Self {
        let words = Query::new(text).words.into_iter().map(|word| {
            let spelling = word.spelling().filter(|_| typos);
            (word, spelling)
        });
        Self { words: words.collect() }
    }

    /// The parts of `text` that were typed, in their order.
    #[must_use]
    pub fn mark(&self, text: &str) -> Vec<Range> {
        let found = words(text).into_iter().filter_map(|word| {
            let parts = self
                .words
                .iter()
                .filter_map(|(typed, spelling)| part(typed, spelling.as_ref(), &word.text));
            parts.max().map(|letters| word.range(letters))
        });
        found.collect()
    }

    /// Whether every word that was typed is in one of `texts`.
    #[must_use]
    pub fn covers(&self, texts: &[&str]) -> bool {
        let words: Vec<String> = texts.iter().flat_map(|text| folded(text)).collect();
        let covers = |(typed, spelling): &(Typed, Option<Spelling>)| {
            words.iter().any(|word| part(typed, spelling.as_ref(), word).is_some())
        };
        !self.words.is_empty() && self.words.iter().all(covers)
    }
}

/// How many letters of `word` were typed.
fn part(typed: &Typed, spelling: Option<&Spelling>, word: &str) -> Option<usize> {
    if word == typed.text {
        return Some(usize::MAX);
    }
    if typed.begun && word.starts_with(&typed.text) {
        return Some(typed.letters);
    }
    spelling
        .and_then(|spelling| spelling.mistakes(word))
        .map(|_| usize::MAX)
}

#[cfg(test)]
mod tests {
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
    fn a_begun_word_may_be_mistyped() {
        let query = Query::new("metalic");
        let spelling = query.words[0].spelling().unwrap();
        assert_eq!(spelling.mistakes("metallica"), Some(1));
        assert_eq!(spelling.mistakes("menace"), None);
    }

    #[test]
    fn what_was_typed_is_marked_in_utf_16() {
        let marks = |typed, text| Marker::new(typed, false).mark(text);
        assert_eq!(marks("beat abb", "😀 The Beat, Abbey"), [(7, 11), (13, 16)]);
        assert_eq!(marks("אריק", "אריק איינשטיין"), [(0, 4)]);
        assert_eq!(marks("dont", "Don\u{2019}t Stop"), [(0, 5)]);
        assert!(marks("metalica", "Metallica").is_empty());
        assert_eq!(Marker::new("metalica", true).mark("Metallica"), [(0, 9)]);
    }

    #[test]
    fn a_query_is_cut_to_what_people_type() {
        let query = Query::new(&"word ".repeat(2_000));
        assert_eq!((query.words.len(), query.wholes[0].split(' ').count()), (1, 12));
        assert!(Query::new(" \u{0} ").is_empty());
    }
}
