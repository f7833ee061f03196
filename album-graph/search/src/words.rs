//! The words of a text, folded so that case, accents, apostrophes and ways of writing make no difference to who searches.

use std::mem;

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Longer words are cut: nobody types them, and an automaton grows with its word.
const LONGEST_WORD: usize = 40;
/// What `&` and `'n'` stand for.
const AND: &str = "and";
const N: &str = "n";
/// Hardly any word is longer.
const USUAL_WORD: usize = 12;

/// A word and where it stands in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// For each character of the folded word where the character that it comes from begins and ends, in UTF-16 code units.
    places: Vec<(usize, usize)>,
    /// Where the word ends, in UTF-16 code units.
    end: usize,
    /// Whether it follows the word before without a blank, as in `AC/DC`.
    joined: bool,
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Word {
    /// Where the word, or the part that its first `letters` characters come from, stands, in UTF-16 code units.
    #[must_use]
    pub fn range(&self, letters: usize) -> (usize, usize) {
        let start = self.places.first().map_or(self.end, |(start, _)| *start);
        if letters >= self.places.len() {
            return (start, self.end);
        }
        // A character that several letters come from belongs to the first of them.
        let last = letters.checked_sub(1).and_then(|last| self.places.get(last));
        (start, last.map_or(start, |(_, end)| *end))
    }
}

/// Splits `text` into its words. A text without letters or digits is made of its signs.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Splitter::split(text, char::is_alphanumeric);
    if words.is_empty() {
        return Splitter::split(text, |letter| !letter.is_whitespace() && !letter.is_control());
    }
    // Between two words it is short for another one: Rock 'n' Roll.
    for middle in 1..words.len().saturating_sub(1) {
        if words[middle].text == N && words[middle - 1].places.len() > 1 && words[middle + 1].places.len() > 1 {
            let short = &mut words[middle];
            short.text = AND.into();
            short.places = vec![short.places[0]; AND.len()];
        }
    }
    words
}

/// The words alone.
#[must_use]
pub fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text).collect()
}

/// What words may be typed as beside what they are: without what joins them (`acdc`), and apart at what was taken for a part of
/// them (`amour`), and a short `n`.
#[must_use]
pub fn variants(text: &str, words: &[Word]) -> Vec<Word> {
    let joined = || words.chunk_by(|_, next| next.joined).filter(|chunk| chunk.len() > 1);
    let is_letter = |word: &Word| word.places.len() == 1;
    // Letters among other words are short for a name of their own: Run-D.M.C.
    let letters = joined().flat_map(|chunk| {
        let letters = chunk.chunk_by(move |one, next| is_letter(one) && is_letter(next));
        letters.filter(|letters| (2..chunk.len()).contains(&letters.len()))
    });
    let mut variants: Vec<Word> = joined().chain(letters).map(whole).collect();
    variants.retain(|whole| whole.places.len() <= LONGEST_WORD);
    if words.iter().any(is_short) {
        let short: Vec<Word> = words.iter().map(shortened).collect();
        variants.extend(short.iter().filter(|word| word.text == N).cloned());
        let joined = short.chunk_by(|_, next| next.joined).filter(|chunk| chunk.len() > 1);
        variants.extend(
            joined
                .filter(|chunk| chunk.iter().any(|word| word.text == N))
                .map(whole),
        );
    }
    let parts = |letter| is_apostrophe(letter) || is_sign_for_letter(letter);
    if text.contains(parts) {
        variants.extend(self::words(&text.replace(parts, " ")));
    }
    variants
}

/// Whether it is a sign, or a letter, that stands for `and`.
fn is_short(word: &Word) -> bool {
    word.text == AND && word.end - word.places[0].0 == 1
}

/// A word as it is typed in short.
fn shortened(word: &Word) -> Word {
    let text = if is_short(word) { N.into() } else { word.text.clone() };
    Word { text, ..word.clone() }
}

/// Several words as one.
#[must_use]
pub fn whole(chunk: &[Word]) -> Word {
    Word {
        text: chunk.iter().map(|word| word.text.as_str()).collect(),
        places: chunk.iter().flat_map(|word| &word.places).copied().collect(),
        end: chunk.last().map_or(0, |word| word.end),
        joined: false,
    }
}

/// The words of a text and their variants.
#[must_use]
pub fn folded_with_variants(text: &str) -> (Vec<String>, Vec<String>) {
    let words = words(text);
    let variants = variants(text, &words);
    let texts = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect();
    (texts(words), texts(variants))
}

/// Without a leading English article, where something is left.
#[must_use]
pub fn bare<W: AsRef<str>>(words: &[W]) -> &[W] {
    match words {
        [article, rest @ ..] if !rest.is_empty() && ["the", "a", "an"].contains(&article.as_ref()) => rest,
        all => all,
    }
}

/// The words in an order of their own, each once: equal for texts that differ only in the order of words.
#[must_use]
pub fn bag(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// A number that hardly any other words have in whatever order: the [fingerprint] of their bag, folded to half its length. Never 0.
#[must_use]
pub fn bag_number(words: &[String]) -> u32 {
    let fingerprint = fingerprint(&bag(words)).to_le_bytes();
    u32::from_le_bytes(std::array::from_fn(|place| fingerprint[place] ^ fingerprint[place + 4])).max(1)
}

/// A number that hardly any other text has: its FNV-1a hash, which is the same in every version.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
}

struct Splitter<F> {
    is_letter: F,
    words: Vec<Word>,
    current: Option<Word>,
    /// Whether a blank follows the last word.
    blank: bool,
    /// Whether what comes is short for a word, and ends at the next apostrophe.
    short: bool,
    place: usize,
}

impl<F: Fn(char) -> bool> Splitter<F> {
    fn split(text: &str, is_letter: F) -> Vec<Word> {
        let mut splitter = Self {
            is_letter,
            words: Vec::new(),
            current: None,
            blank: true,
            short: false,
            place: 0,
        };
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            splitter.take(letter, letters.as_str());
            splitter.place += letter.len_utf16();
        }
        splitter.finish();
        splitter.words
    }

    fn take(&mut self, letter: char, rest: &str) {
        let end = self.place + letter.len_utf16();
        if letter.is_ascii_alphanumeric() {
            // What nearly every text is made of.
            return self.push(letter.to_ascii_lowercase(), end);
        }
        if is_apostrophe(letter) {
            // What is short for a word stands apart: Rock'n'Roll.
            let short = rest.strip_prefix(['n', 'N']).and_then(|after| after.chars().next());
            if mem::take(&mut self.short) || short.is_some_and(|after| is_apostrophe(after) || after.is_whitespace()) {
                self.short = short.is_some();
                self.finish();
                self.blank = true;
            }
            return;
        }
        if is_invisible(letter) {
            return;
        }
        if is_sign_for_letter(letter)
            && let Some(meant) = self.letter_of_sign(letter, rest.chars().next())
        {
            return self.push(meant, end);
        }
        if letter == '&' || letter == '+' && self.current.is_none() && self.blank && !self.words.is_empty() {
            self.finish();
            AND.chars().for_each(|letter| self.push(letter, end));
            self.finish();
            return;
        }
        if !letter.is_ascii() && is_mark(letter) {
            if let Some(word) = &mut self.current {
                word.end = end;
                if let Some((_, ends)) = word.places.last_mut() {
                    *ends = end;
                }
                if !is_accent(letter) {
                    self.push(letter, end);
                }
            }
            return;
        }
        if !(self.is_letter)(letter) {
            self.finish();
            self.blank |= letter.is_whitespace();
            return;
        }
        if stands_alone(letter) {
            self.finish();
        }
        for letter in fold(letter) {
            self.push(letter, end);
        }
    }

    /// The letter that a sign stands for among others, as in `A$AP`, `Bada$$` and `P!nk`; none in `$100` and `Help!`.
    fn letter_of_sign(&self, sign: char, next: Option<char>) -> Option<char> {
        let before = self.current.as_ref().and_then(|word| word.text.chars().last());
        let follows = before.is_some_and(char::is_alphabetic);
        let leads = next.is_some_and(char::is_alphabetic);
        match sign {
            '$' if follows || leads => Some('s'),
            '!' if follows && leads => Some('i'),
            _ => None,
        }
    }

    fn push(&mut self, letter: char, end: usize) {
        let joined = !self.blank && !self.words.is_empty();
        let word = self.current.get_or_insert_with(|| Word {
            text: String::with_capacity(USUAL_WORD),
            places: Vec::with_capacity(USUAL_WORD),
            end,
            joined,
        });
        word.end = end;
        self.blank = false;
        if word.places.len() < LONGEST_WORD {
            word.text.push(letter);
            word.places.push((self.place, end));
        }
    }

    fn finish(&mut self) {
        self.words.extend(self.current.take());
    }
}

fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '`' | '\u{b4}' | '\u{2032}' | '\u{5f3}'
    )
}

/// Whether it only says where a word may be broken or joined.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether it may stand for a letter that it looks like.
fn is_sign_for_letter(letter: char) -> bool {
    matches!(letter, '$' | '!')
}

fn is_mark(letter: char) -> bool {
    is_combining_mark(letter)
}

/// Whether a mark can be left out. Vowel signs (class 0) and viramas (class 9) cannot.
fn is_accent(letter: char) -> bool {
    !matches!(canonical_combining_class(letter), 0 | 9)
}

/// Scripts without blanks between words: every character is one.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9d}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A character as whoever searches may type it: lower case, without accents, Latin letters as the alphabet has them.
fn fold(letter: char) -> Vec<char> {
    let lower = letter.to_lowercase().collect::<String>();
    let bare = lower.nfkd().filter(|letter| {
        if is_mark(*letter) {
            !is_accent(*letter)
        } else {
            letter.is_alphanumeric()
        }
    });
    let mut folded = Vec::new();
    for letter in bare {
        match deunicode_char(letter).filter(|_| is_foreign_latin(letter)) {
            Some(plain) => folded.extend(
                plain
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .map(|c| c.to_ascii_lowercase()),
            ),
            None => folded.extend(hiragana(letter).to_lowercase()),
        }
    }
    if folded.is_empty() { vec![letter] } else { folded }
}

/// Katakana as hiragana, which are the same syllables.
fn hiragana(letter: char) -> char {
    let other = matches!(letter, '\u{30a1}'..='\u{30f6}').then(|| u32::from(letter) - 0x60);
    other.and_then(char::from_u32).unwrap_or(letter)
}

fn is_foreign_latin(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::{bag, bare, fingerprint, folded, folded_with_variants, words};

    fn joined(text: &str) -> String {
        folded(text).join(" ")
    }

    #[test]
    fn case_accents_and_apostrophes_make_no_difference() {
        assert_eq!(joined("  Björk: MOTÖRHEAD / Sigur Rós"), "bjork motorhead sigur ros");
        assert_eq!(joined("Ænima, Ørsted, Straße, Łódź"), "aenima orsted strasse lodz");
        assert_eq!(
            joined("Don\u{2019}t Stop 'til You Get Enough"),
            "dont stop til you get enough"
        );
        assert_eq!(joined("Mo\u{308}tley Cru\u{308}e"), joined("Mötley Crüe"));
        assert_eq!(joined("שָׁלוֹם"), joined("שלום"));
        assert_eq!(joined("Ёлка"), joined("елка"));
        assert_eq!(joined("أنت"), joined("انت"));
        assert_eq!(joined("l\u{ad}ove\u{200d}"), "love");
        assert_ne!(joined("राम"), joined("रीमा"), "a vowel sign is no accent");
    }

    #[test]
    fn an_ampersand_and_a_lone_plus_are_a_word() {
        assert_eq!(joined("R&B"), "r and b");
        assert_eq!(joined("Simon & Garfunkel"), joined("simon and garfunkel"));
        assert_eq!(joined("Florence + The Machine"), "florence and the machine");
        assert_eq!(joined("O(+>"), "o");
        assert_eq!(joined("Guns N\u{2019} Roses"), joined("guns and roses"));
        assert_eq!(joined("Rock-'n'-Roll"), "rock and roll");
        assert_eq!(joined("rock'n'roll, rock'n roll"), "rock and roll rock and roll");
        assert_eq!(joined("N.W.A, A.N.D, Plan N"), "n w a a n d plan n");
        assert_eq!(joined("Ain't Nobody Can'n"), "aint nobody cann");
        assert_eq!(folded_with_variants("Guns N' Roses").1, ["n", "guns", "and", "roses"]);
    }

    #[test]
    fn a_sign_that_looks_like_a_letter_is_one_among_letters() {
        assert_eq!(joined("A$AP Rocky, Ke$ha, Joey Bada$$"), "asap rocky kesha joey badass");
        assert_eq!(joined("$uicideboy$"), "suicideboys");
        assert_eq!(joined("P!nk"), "pink");
        assert_eq!(joined("$100 for Help! from 5$"), "100 for help from 5");
        assert_eq!(folded_with_variants("Yo!Majesty").1, ["yo", "majesty"]);
    }

    #[test]
    fn signs_are_words_only_where_there_are_no_others() {
        assert_eq!(joined("!!! (Chk)"), "chk");
        assert_eq!(joined("÷ ="), "÷ =");
        assert_eq!(joined(" \u{0}\n"), "");
    }

    #[test]
    fn scripts_without_blanks_are_split_into_characters() {
        assert_eq!(joined("東京 バス"), "東 京 は す");
        assert_eq!(joined("ﾋｶﾙ"), joined("ひかる"));
    }

    #[test]
    fn joined_words_are_also_typed_as_one() {
        let variants = |text| folded_with_variants(text).1;
        assert_eq!(variants("AC/DC Live"), ["acdc"]);
        assert_eq!(variants("R.E.M."), ["rem"]);
        assert_eq!(variants("L'Amour"), ["l", "amour"]);
        assert_eq!(variants("Run-D.M.C."), ["rundmc", "dmc"]);
        assert_eq!(variants("R&B"), ["randb", "n", "rnb"]);
        assert!(variants("Led Zeppelin").is_empty());
    }

    #[test]
    fn a_place_is_counted_in_utf_16() {
        let found = words("😀 Ægir x");
        assert_eq!(found[0].text, "aegir");
        assert_eq!(found[0].range(usize::MAX), (3, 7));
        assert_eq!(found[0].range(2), (3, 4), "two letters come from one");
        assert_eq!(found[0].range(1), (3, 4), "half of one is all of it");
        assert_eq!(words("R&B")[1].range(1), (1, 2));
        assert_eq!(
            words("cafe\u{301}s")[0].range(4),
            (0, 5),
            "an accent belongs to its letter"
        );
    }

    #[test]
    fn a_fingerprint_is_the_same_for_ever() {
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn order_and_articles_can_be_left_out() {
        let words = |text| folded(text);
        assert_eq!(bag(&words("the wall the")), bag(&words("Wall, The")));
        assert_eq!(bare(&words("The Beatles")), ["beatles"]);
        assert_eq!(bare(&words("The")), ["the"]);
    }
}
