//! The artists of a catalogue and their albums: few artists with many, most with one.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

use fastrand::Rng;

use super::odds::{Odds, heavy};
use super::vocabulary::Vocabulary;

/// Most albums of one artist.
const MOST_ALBUMS: u64 = 400;
/// So many albums stand ready while the next line is drawn from among them, so that an artist's albums do not all follow one
/// another.
const WINDOW: usize = 50_000;

const YEARS: std::ops::RangeInclusive<u16> = 1950..=2026;

const GENRES: [(&str, u64); 15] = [
    ("Rock", 210),
    ("Pop", 160),
    ("Electronic", 110),
    ("Jazz", 90),
    ("Classical", 75),
    ("Alternative", 65),
    ("Metal", 55),
    ("Rap", 50),
    ("Country", 42),
    ("R&B", 38),
    ("Indie", 32),
    ("Latin", 26),
    ("World", 20),
    ("Punk", 16),
    ("Blues", 11),
];

const PRICES: [(&str, u64); 13] = [
    ("9.99", 260),
    ("8.99", 150),
    ("7.99", 120),
    ("11.99", 110),
    ("12.99", 90),
    ("5.99", 70),
    ("6.99", 60),
    ("14.99", 50),
    ("10.49", 35),
    ("4.99", 30),
    ("17.99", 15),
    ("24.99", 8),
    ("49.99", 2),
];

/// An album, without its tracks.
pub struct Album {
    pub genre: &'static str,
    pub artist: Rc<str>,
    pub title: String,
    pub price: &'static str,
    /// A year, a month, a day, or nothing.
    pub released: String,
    pub copies_sold: u64,
}

/// Draws artists and albums, as many as there shall be.
pub struct Albums<'a> {
    vocabulary: &'a Vocabulary,
    genres: Odds,
    prices: Odds,
    /// Digests of the names that are taken: all that is kept of an artist.
    names: HashSet<u64>,
    window: Vec<Album>,
    left: u64,
}

impl<'a> Albums<'a> {
    pub fn new(vocabulary: &'a Vocabulary, count: u64) -> Self {
        Self {
            vocabulary,
            genres: Odds::of(GENRES.map(|(_, weight)| weight)),
            prices: Odds::of(PRICES.map(|(_, weight)| weight)),
            names: HashSet::new(),
            window: Vec::new(),
            left: count,
        }
    }

    /// The next album; none after the last.
    pub fn next(&mut self, rng: &mut Rng) -> Option<Album> {
        while self.left > 0 && self.window.len() < WINDOW {
            self.add_artist(rng);
        }
        (!self.window.is_empty()).then(|| {
            let drawn = rng.usize(..self.window.len());
            self.window.swap_remove(drawn)
        })
    }

    fn add_artist(&mut self, rng: &mut Rng) {
        let artist: Rc<str> = self.free_name(rng).into();
        let home = self.genres.draw(rng);
        let count = heavy(rng, 1, MOST_ALBUMS).min(self.left);
        self.left -= count;
        let mut titles = HashSet::new();
        for number in 1..=count {
            let mut title = self.vocabulary.album_title(rng, &artist);
            if !titles.insert(title.to_lowercase()) {
                title = format!("{title}, Vol. {number}");
                titles.insert(title.to_lowercase());
            }
            let genre = if rng.u8(..20) == 0 { self.genres.draw(rng) } else { home };
            self.window.push(Album {
                genre: GENRES[genre].0,
                artist: Rc::clone(&artist),
                title,
                price: PRICES[self.prices.draw(rng)].0,
                released: released(rng),
                copies_sold: sold(rng),
            });
        }
    }

    /// A name that no other artist has, whatever its case.
    fn free_name(&mut self, rng: &mut Rng) -> String {
        let mut name = self.vocabulary.artist(rng);
        while !self.names.insert(digest(&name)) {
            name = format!("{name} {}", self.vocabulary.rare_word(rng));
        }
        name
    }
}

fn digest(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.to_lowercase().hash(&mut hasher);
    hasher.finish()
}

/// Later years have more.
fn released(rng: &mut Rng) -> String {
    let year = rng.u16(YEARS).max(rng.u16(YEARS));
    let (month, day) = (rng.u8(1..=12), rng.u8(1..=28));
    match rng.u8(..20) {
        0 => String::new(),
        1..=3 => format!("{year}-{month:02}"),
        4..=9 => format!("{year}-{month:02}-{day:02}"),
        _ => year.to_string(),
    }
}

/// Most sell a few dozen, some none, few very many.
fn sold(rng: &mut Rng) -> u64 {
    if rng.u8(..10) == 0 {
        0
    } else {
        heavy(rng, 12, 5_000_000)
    }
}
