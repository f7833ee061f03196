//! What somebody typed, ready to be looked up: its words, and which other words each of them may have been meant as.

use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock, OnceLock};

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

use super::fields::START;
use super::words::{Word, bag_number, bare, fingerprint, folded, variants, whole, words};

/// Nobody types more, and what follows is not looked at.
const LONGEST_TEXT: usize = 200;
/// So many words are looked up.
const MOST_WORDS: usize = 12;
/// A word of so many letters may be a longer one from which two were left out.
const SHORTENED: RangeInclusive<usize> = 6..=7;
/// No word and no name is taken to have more mistakes.
pub(crate) const MOST_MISTAKES: u8 = 2;
/// Longer names are not compared as a whole, letter by letter.
const LONGEST_WHOLE: usize = 40;

/// What somebody typed.
pub struct Query {
    /// Its words, each once.
    pub(crate) words: Vec<Typed>,
    /// For each word in the order in which they were typed, which of [`words`](Self::words) it is.
    pub(crate) order: Vec<usize>,
    /// All words in their order.
    pub(crate) whole: String,
    /// The same without the article that it begins with.
    pub(crate) bare: Option<String>,
    /// The number of all words in whatever order.
    pub(crate) bag: u32,
    whole_spelling: OnceLock<Option<Spelling>>,
}

/// A word as it was typed.
pub(crate) struct Typed {
    /// Folded.
    pub text: String,
    /// How many letters it has.
    pub letters: usize,
    /// Whether it may be only begun.
    pub begun: bool,
    spelling: OnceLock<Option<Spelling>>,
    whole_spelling: OnceLock<Option<Spelling>>,
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
                    whole_spelling: OnceLock::new(),
                }),
            }
        }
        let bag = bag_number(&all);
        Self {
            words,
            order,
            whole,
            bare,
            bag,
            whole_spelling: OnceLock::new(),
        }
    }

    /// A number that hardly any query has but those with the same words in the same order.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&self.whole)
    }

    /// Whether its last word may be a longer one from which letters were left out.
    pub(crate) fn is_shortened(&self) -> bool {
        self.words.iter().any(Typed::is_shortened)
    }

    /// The same with its last word taken for a whole one, where it may be shortened.
    pub(crate) fn finished(&self) -> Option<Self> {
        if !self.is_shortened() {
            return None;
        }
        let words = self.words.iter().map(|word| Typed {
            text: word.text.clone(),
            letters: word.letters,
            begun: false,
            spelling: OnceLock::new(),
            whole_spelling: OnceLock::new(),
        });
        Some(Self {
            words: words.collect(),
            order: self.order.clone(),
            whole: self.whole.clone(),
            bare: self.bare.clone(),
            bag: self.bag,
            whole_spelling: OnceLock::new(),
        })
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The name that was typed as a whole, where it is short enough to be compared letter by letter, and has no number.
    pub(crate) fn whole_spelling(&self) -> Option<&Spelling> {
        let spelling = self.whole_spelling.get_or_init(|| {
            let letters = self.whole.chars().count();
            let is_name = letters <= LONGEST_WHOLE && !self.words.iter().any(Typed::is_number);
            is_name.then(|| Spelling::of(&self.whole, letters, false))?
        });
        spelling.as_ref()
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

    /// The same where it is taken for a whole word.
    pub fn whole_spelling(&self) -> Option<&Spelling> {
        let spelling = self.whole_spelling.get_or_init(|| {
            let is_word = !self.is_number();
            is_word.then(|| Spelling::of(&self.text, self.letters, false))?
        });
        spelling.as_ref()
    }

    /// With how many mistakes it was meant as `term`, which may be spelt so: where it is only like the beginning of it, that is no
    /// likelier than a word with the most of them.
    pub fn mistakes(&self, term: &str, mistakes: u8) -> u8 {
        if !self.begun || mistakes == 0 {
            return mistakes;
        }
        if term.chars().count() > self.letters + usize::from(MOST_MISTAKES) {
            return MOST_MISTAKES;
        }
        let known = self.whole_spelling().and_then(|whole| whole.mistakes(term));
        known.unwrap_or(MOST_MISTAKES)
    }

    /// Whether it may be a longer word from which letters were left out, and so not only the beginning of one.
    fn is_shortened(&self) -> bool {
        self.begun && !self.is_number() && SHORTENED.contains(&self.letters)
    }

    fn is_number(&self) -> bool {
        self.text.chars().all(char::is_numeric)
    }
}

/// How a word, or a name, may be spelt otherwise.
pub(crate) struct Spelling {
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

/// What was forgiven of what was typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forgiven {
    /// Nothing: all of it is there as it was typed.
    #[default]
    Nothing,
    /// Mistakes in words.
    Words,
    /// Mistakes in a name as a whole: a blank too many, or too few.
    Names,
}

/// Finds the parts of names that were typed, to mark them.
#[derive(Clone)]
pub struct Marker {
    query: Arc<Query>,
    forgiven: Forgiven,
}

/// A part of a text, in UTF-16 code units: the first, and the one after the last.
pub type Range = (usize, usize);

/// Which words of a query, a bit for each of them.
pub type WordSet = u16;

/// What of a text was typed.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    /// Its parts in their order; none touches another.
    pub ranges: Vec<Range>,
    /// Which words of the query they are.
    pub typed: WordSet,
}

impl Marker {
    /// A marker of what was typed; `forgiven` says which mistakes are to be marked, too.
    #[must_use]
    pub fn new(query: &Arc<Query>, forgiven: Forgiven) -> Self {
        let query = Arc::clone(query);
        Self { query, forgiven }
    }

    /// What of `text` was typed.
    #[must_use]
    pub fn mark(&self, text: &str) -> Marked {
        let words = words(text);
        let variants = variants(text, &words);
        let mut typed = 0;
        let mut range = |word: &Word| {
            let places = self.query.words.iter().zip(0..);
            let parts = places.filter_map(|(one, place)| {
                let letters = self.part(one, &word.text)?;
                typed |= 1 << place;
                Some(letters)
            });
            parts.max().map(|letters| word.range(letters))
        };
        let mut found: Vec<Range> = words.iter().filter_map(&mut range).collect();
        for range in variants.iter().filter_map(range) {
            // The words themselves say more closely what was typed.
            if found.iter().all(|known| known.1 <= range.0 || range.1 <= known.0) {
                found.push(range);
            }
        }
        if found.is_empty()
            && let Some(name) = self.name(&words)
        {
            found.push(name);
            typed = self.all();
        }
        found.sort_unstable();
        let mut ranges: Vec<Range> = Vec::with_capacity(found.len());
        for (start, end) in found {
            match ranges.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => ranges.push((start, end)),
            }
        }
        Marked { ranges, typed }
    }

    /// Whether those are all the words that were typed.
    #[must_use]
    pub fn is_all(&self, words: WordSet) -> bool {
        !self.query.is_empty() && words == self.all()
    }

    /// How many letters those words have.
    #[must_use]
    pub fn letters(&self, words: WordSet) -> usize {
        let places = self.query.words.iter().zip(0..);
        let letters = places
            .filter(|(_, place)| words >> place & 1 == 1)
            .map(|(typed, _)| typed.letters);
        letters.sum()
    }

    fn all(&self) -> WordSet {
        (0..self.query.words.len()).fold(0, |set, place| set | 1 << place)
    }

    /// How many letters of `word` were typed.
    fn part(&self, typed: &Typed, word: &str) -> Option<usize> {
        if word == typed.text {
            return Some(usize::MAX);
        }
        if typed.begun && word.starts_with(&typed.text) {
            return Some(typed.letters);
        }
        if self.forgiven == Forgiven::Nothing {
            return None;
        }
        let is_meant = |spelling: &Spelling| spelling.mistakes(word).is_some();
        let is_whole = || typed.is_shortened() && typed.whole_spelling().is_some_and(is_meant);
        (typed.spelling().is_some_and(is_meant) || is_whole()).then_some(usize::MAX)
    }

    /// What was typed of a name as a whole, where its words were not.
    fn name(&self, words: &[Word]) -> Option<Range> {
        let forms = [Some(words), Some(bare(words)).filter(|bare| bare.len() < words.len())];
        forms.into_iter().flatten().find_map(|form| self.form(form))
    }

    /// The same of one form of it.
    fn form(&self, words: &[Word]) -> Option<Range> {
        if let ([typed], [first, _, ..]) = (self.query.words.as_slice(), words)
            && typed.text.starts_with(&first.text)
        {
            let together = whole(words);
            // By less of it no name is found.
            let is_found = together.text == typed.text || typed.begun && typed.letters > START;
            if is_found && together.text.starts_with(&typed.text) {
                return Some(together.range(typed.letters));
            }
        }
        if self.forgiven != Forgiven::Names {
            return None;
        }
        let spelling = self.query.whole_spelling()?;
        let texts: Vec<&str> = words.iter().map(Word::as_ref).collect();
        let mut names = [texts.join(" "), texts.concat()].into_iter();
        let is_meant = names.any(|name| spelling.mistakes(&name).is_some());
        is_meant.then(|| whole(words).range(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Forgiven, Marker, Query};

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
        let marker = |typed, forgiven| Marker::new(&Arc::new(Query::new(typed)), forgiven);
        let marks = |typed, text| marker(typed, Forgiven::Nothing).mark(text).ranges;
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
        assert_eq!(marks("pinkflo", "Pink Floyd"), [(0, 8)]);
        assert_eq!(marks("lowendtheory", "The Low End Theory"), [(4, 18)]);
        assert!(marks("pinkf", "Pink Floyd").is_empty(), "what is not found so");
        assert_eq!(marks("r and b", "R&B"), [(0, 3)], "what touches is one");
        assert_eq!(marks("guns and ros", "Guns N\u{2019} Roses"), [(0, 4), (5, 6), (8, 11)]);
        assert!(marks("metalica", "Metallica").is_empty());
        assert_eq!(marker("metalica", Forgiven::Words).mark("Metallica").ranges, [(0, 9)]);
        assert_eq!(
            marker("metalca", Forgiven::Words).mark("Metallica").ranges,
            [(0, 9)],
            "two left out"
        );
        assert!(marker("de la", Forgiven::Words).mark("The Deala").ranges.is_empty());
        assert_eq!(marker("de la", Forgiven::Names).mark("The Deala").ranges, [(4, 9)]);
    }

    #[test]
    fn a_query_is_cut_to_what_people_type() {
        let query = Query::new(&"word ".repeat(2_000));
        assert_eq!((query.words.len(), query.whole.split(' ').count()), (1, 12));
        assert!(Query::new(" \u{0} ").is_empty());
    }
}
