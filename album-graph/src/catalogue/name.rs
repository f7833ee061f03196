//! Names of things: trimmed, of bounded length, and folded for order and comparison.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Refusal;

/// A name with `MIN` to `MAX` characters, without blanks at its ends or control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name<const MIN: usize, const MAX: usize>(String);

/// The most units of UTF-16 that a key has.
const LONGEST_KEY: usize = 400;

/// An album's title.
pub type Title = Name<2, 160>;
/// An artist's name.
pub type ArtistName = Name<1, 160>;
/// A genre's name.
pub type GenreName = Name<1, 60>;

impl<const MIN: usize, const MAX: usize> Name<MIN, MAX> {
    /// Trims `text` and checks it.
    ///
    /// # Errors
    /// When it is too short, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let length = text.chars().count();
        if length < MIN && length == 0 {
            return Err(Refusal::because("is empty"));
        }
        if !(MIN..=MAX).contains(&length) {
            return Err(Refusal::because(format!(
                "has {length} characters where {MIN} to {MAX} are allowed"
            )));
        }
        if text.chars().any(char::is_control) {
            return Err(Refusal::because("contains a control character"));
        }
        if text.chars().any(is_noncharacter) {
            return Err(Refusal::because("contains a character that Unicode keeps out of texts"));
        }
        if key(text).encode_utf16().count() > LONGEST_KEY {
            return Err(Refusal::because("is too long once its letters are written out"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that tells it from other names; see [`key`].
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.0)
    }

    /// The key that orders it; see [`fold`].
    #[must_use]
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl ArtistName {
    /// The key that orders artists: folded, without a leading English article.
    #[must_use]
    pub fn sort_key(&self) -> String {
        let folded = self.folded();
        let bare = ["the ", "a ", "an "]
            .iter()
            .find_map(|article| folded.strip_prefix(article));
        bare.map_or_else(|| folded.clone(), str::to_owned)
    }
}

/// Unicode's noncharacters, which programs may use among themselves.
pub(crate) fn is_noncharacter(letter: char) -> bool {
    matches!(letter, '\u{fdd0}'..='\u{fdef}') || u32::from(letter) & 0xfffe == 0xfffe
}

/// Two names of one key are the same name: case and runs of blanks make no difference, everything else does.
#[must_use]
pub fn key(text: &str) -> String {
    let lower: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfc().flat_map(char::to_lowercase).collect()
    };
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Folds case, compatibility forms, runs of blanks, and the accents of Latin and Greek letters, for an order that is the same in
/// every database. This is the place that says how:
///
/// - Order, equality and uniqueness are decided by keys made here ([`fold`], [`key`]) and by slugs, never by a database's own
///   idea of letters: SQLite tells `a` from `A`, SQL Server's default collation does not.
/// - The columns that hold keys are compared byte by byte: `BINARY` in SQLite, `Latin1_General_100_BIN2` in SQL Server.
/// - SQLite compares the bytes of UTF-8, SQL Server the units of UTF-16. The two differ only in how the few characters from
///   U+E000 to U+FFFF and those beyond stand to each other, so the former become one that comes before the latter in both.
/// - SQL Server passes over blanks at the end of a text when it compares: no key and no slug ends in one.
/// - A key to order by has at most [`LONGEST_KEY`] units of UTF-16, the width of its column.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return key(text);
    }
    // In other scripts a mark makes another letter: `バ` is not `ハ`, and `й` is not `и`.
    let mut accented = false;
    let bare = text.nfkd().filter(|letter| {
        if is_combining_mark(*letter) {
            return !accented;
        }
        accented = matches!(letter, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}');
        true
    });
    let mut units = 0;
    let even = key(&bare.collect::<String>())
        .chars()
        .map(|letter| {
            if ('\u{e000}'..='\u{ffff}').contains(&letter) {
                '\u{d7ff}'
            } else {
                letter
            }
        })
        .take_while(|letter| {
            units += letter.len_utf16();
            units <= LONGEST_KEY
        })
        .collect::<String>();
    even.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ArtistName, Title, fold, key};

    #[test]
    fn folding_ignores_case_accents_and_blanks() {
        assert_eq!(fold("  Motörhead \u{a0} LIVE"), "motorhead live");
        assert_eq!(fold("Sigur Rós"), fold("sigur ros"));
        assert_eq!(fold("עד גבול האור"), "עד גבול האור");
    }

    #[test]
    fn keys_have_one_order_in_utf_8_and_in_utf_16() {
        let names = ["z", "א", "猫", "\u{e000}", "\u{fffd} b", "😀", "𐐨 a", "\u{1d7d8}"];
        let keys = names.map(fold);
        for (one, other) in keys.iter().flat_map(|one| keys.iter().map(move |other| (one, other))) {
            let units = one.encode_utf16().cmp(other.encode_utf16());
            assert_eq!(one.as_bytes().cmp(other.as_bytes()), units, "{one} {other}");
        }
    }

    #[test]
    fn a_key_fits_its_column() {
        let words = "\u{fdfa}".repeat(160);
        assert!(fold(&words).encode_utf16().count() <= 400);
        assert!(Title::parse(&words).is_ok());
        assert!(Title::parse(&"\u{1d160}".repeat(160)).is_err());
    }

    #[test]
    fn a_mark_that_makes_another_letter_stays() {
        for (one, other) in [("バス", "ハス"), ("राम", "रीमा"), ("мой", "мои"), ("שָׁלוֹם", "שלום")]
        {
            assert_ne!(fold(one), fold(other));
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn only_case_and_blanks_make_no_other_name() {
        assert_eq!(key("The  BEATLES"), key("the beatles"));
        assert_eq!(key("Mot\u{f6}rhead"), key("Moto\u{308}rhead"), "composed or not");
        assert_ne!(key("Motörhead"), key("Motorhead"));
    }

    #[test]
    fn an_artist_is_found_under_the_word_after_the_article() {
        let key = |name| ArtistName::parse(name).unwrap().sort_key();
        assert_eq!(key("The Beatles"), "beatles");
        assert_eq!(key("A Tribe Called Quest"), "tribe called quest");
        assert_eq!(key("The The"), "the");
        assert_eq!(key("Theo"), "theo");
    }

    #[test]
    fn a_title_has_two_to_a_hundred_and_sixty_characters() {
        assert!(Title::parse("IV ").is_ok());
        assert!(Title::parse(&"א".repeat(160)).is_ok());
        assert_eq!(Title::parse("  ").unwrap_err().to_string(), "is empty");
        assert!(Title::parse("x").is_err());
        assert!(Title::parse(&"x".repeat(161)).is_err());
        assert!(Title::parse("a\u{0}b").is_err());
        assert!(Title::parse("a\u{fdd0}b").is_err() && Title::parse("a\u{1ffff}b").is_err());
    }
}
