//! Order numbers: short, read aloud without mistakes, and not to be guessed.

use std::fmt;
use std::sync::Arc;

use crate::accounts::NoRandomness;

/// Letters and digits that nobody takes for one another; without vowels, for no number shall be a word.
const ALPHABET: &[u8; 26] = b"23456789CDFGHJKMNPQRTVWXYZ";
const LENGTH: usize = 10;
/// Where its groups end.
const GROUPS: [usize; 2] = [4, 8];
/// A random byte below it chooses every letter as likely as any other.
const FAIR: u8 = 234;

/// What people call an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// The number that `text` spells, whatever its case, blanks and dashes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_between = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}');
        let letters = text.chars().filter(|letter| !is_between(letter));
        // Longer ones need not be looked at to their end.
        let number: String = letters
            .take(LENGTH + 1)
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let is_ours = number.len() == LENGTH && number.bytes().all(|letter| ALPHABET.contains(&letter));
        is_ours.then_some(Self(number))
    }

    /// As the database keeps it: without dashes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn random() -> Result<Self, NoRandomness> {
        let mut number = String::with_capacity(LENGTH);
        while number.len() < LENGTH {
            let mut bytes = [0; LENGTH];
            getrandom::fill(&mut bytes)?;
            let fair = bytes.iter().filter(|byte| **byte < FAIR);
            number.extend(fair.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])));
        }
        number.truncate(LENGTH);
        Ok(Self(number))
    }
}

/// In groups: `K7QF-3MXN-2P`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = GROUPS;
        write!(
            f,
            "{}-{}-{}",
            &self.0[..first],
            &self.0[first..second],
            &self.0[second..]
        )
    }
}

/// Makes order numbers; cheap to clone.
#[derive(Clone)]
pub struct Numbers(Arc<dyn Fn() -> Result<Number, NoRandomness> + Send + Sync>);

impl Numbers {
    /// Numbers that somebody else makes.
    pub fn new(make: impl Fn() -> Number + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || Ok(make())))
    }

    /// Random ones.
    #[must_use]
    pub fn random() -> Self {
        Self(Arc::new(Number::random))
    }

    /// A number for a new order.
    ///
    /// # Errors
    /// When the machine has no random numbers.
    pub fn next(&self) -> Result<Number, NoRandomness> {
        (self.0)()
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Numbers")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ALPHABET, Number, Numbers};

    #[test]
    fn a_number_is_understood_however_it_is_typed() {
        let number = Number::parse("K7QF-3MXN-2P").unwrap();
        assert_eq!(number.as_str(), "K7QF3MXN2P");
        assert_eq!(number.to_string(), "K7QF-3MXN-2P");
        for text in ["k7qf3mxn2p", " K7 QF 3M XN 2P\n", "k7qf\u{2013}3mxn\u{2011}2p"] {
            assert_eq!(Number::parse(text), Some(number.clone()), "{text}");
        }
        for text in [
            "",
            "K7QF3MXN2",
            "K7QF3MXN2PP",
            "O7QF3MXN2P",
            "K7QF3MXN2\u{e9}",
            "K7QF_3MXN_2P",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_follow_no_rule() {
        let numbers = Numbers::random();
        let some: HashSet<String> = (0..1_000).map(|_| numbers.next().unwrap().to_string()).collect();
        assert_eq!(some.len(), 1_000);
        for place in [0, 5, 11] {
            let letters: HashSet<u8> = some.iter().map(|number| number.as_bytes()[place]).collect();
            assert_eq!(letters.len(), ALPHABET.len(), "every letter at place {place}");
        }
        assert!(some.iter().all(|number| Number::parse(number).is_some()));
    }
}
