//! What titles and names are made of: some real words, many made-up ones, and how often each is used.

use std::collections::HashSet;

use fastrand::Rng;

use super::odds::Odds;

/// So many words there are besides the real ones.
const INVENTED: usize = 24_000;

const ONSETS: [&str; 36] = [
    "b", "b", "br", "c", "c", "d", "d", "dr", "f", "fl", "g", "gr", "h", "h", "j", "k", "l", "l", "l", "m", "m", "m",
    "n", "n", "p", "r", "r", "s", "s", "st", "t", "t", "th", "v", "w", "z",
];
const VOWELS: [&str; 18] = [
    "a", "a", "a", "a", "e", "e", "e", "e", "i", "i", "i", "o", "o", "o", "u", "u", "ea", "oo",
];
const ACCENTED: [&str; 10] = ["á", "é", "í", "ó", "ö", "ü", "å", "ø", "ãe", "eñi"];
const CODAS: [&str; 20] = [
    "", "", "", "", "", "", "l", "m", "n", "n", "r", "r", "s", "t", "x", "ck", "ld", "nd", "nt", "th",
];

/// Words, those used most first.
pub struct Vocabulary {
    words: Vec<String>,
    real: usize,
    odds: Odds,
    first_names: Vec<&'static str>,
    surnames: Vec<&'static str>,
    scripts: Vec<Vec<&'static str>>,
}

impl Vocabulary {
    /// The real words, then as many invented ones.
    pub fn new(rng: &mut Rng) -> Self {
        let mut words: Vec<String> = include_str!("words.txt").split_whitespace().map(capitalised).collect();
        let real = words.len();
        let mut known: HashSet<String> = words.iter().cloned().collect();
        while words.len() < real + INVENTED {
            let word = capitalised(&invented(rng));
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        Self {
            odds: Odds::zipf(words.len()),
            words,
            real,
            first_names: include_str!("first_names.txt").split_whitespace().collect(),
            surnames: include_str!("surnames.txt").split_whitespace().collect(),
            scripts: include_str!("scripts.txt")
                .lines()
                .map(|line| line.split_whitespace().collect())
                .collect(),
        }
    }

    /// A word as often as it is used.
    pub fn word(&self, rng: &mut Rng) -> &str {
        &self.words[self.odds.draw(rng)]
    }

    /// An invented word, one as often as another.
    pub fn rare_word(&self, rng: &mut Rng) -> &str {
        &self.words[rng.usize(self.real..self.words.len())]
    }

    /// Somebody's first name and surname.
    pub fn person(&self, rng: &mut Rng) -> String {
        let first = pick(rng, &self.first_names);
        let surname = if rng.u8(..10) < 6 {
            pick(rng, &self.surnames)
        } else {
            self.rare_word(rng)
        };
        format!("{first} {surname}")
    }

    /// A surname.
    pub fn surname(&self, rng: &mut Rng) -> &str {
        pick(rng, &self.surnames)
    }

    /// Two or three words of one other script: one may be a single letter, too short for a title.
    pub fn foreign(&self, rng: &mut Rng) -> String {
        let script = &self.scripts[rng.usize(..self.scripts.len())];
        let words: Vec<&str> = (0..rng.u8(2..=3)).map(|_| pick(rng, script)).collect();
        words.join(" ")
    }
}

/// One of `choices`.
pub fn pick<'a>(rng: &mut Rng, choices: &[&'a str]) -> &'a str {
    choices[rng.usize(..choices.len())]
}

fn invented(rng: &mut Rng) -> String {
    let mut word = String::new();
    let accented = rng.u8(..12) == 0;
    for syllable in 0..rng.u8(2..=3) {
        word += pick(rng, &ONSETS);
        word += if accented && syllable == 0 {
            pick(rng, &ACCENTED)
        } else {
            pick(rng, &VOWELS)
        };
    }
    word + pick(rng, &CODAS)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
