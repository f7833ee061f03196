//! How words become titles and names of artists.

use fastrand::Rng;

use super::vocabulary::{Vocabulary, pick};

impl Vocabulary {
    /// A title, of an album as of a track.
    pub fn title(&self, rng: &mut Rng) -> String {
        let form = rng.u8(..100);
        let number = rng.u8(2..=9);
        let (one, two) = (self.word(rng), self.word(rng));
        match form {
            0..=15 => one.to_owned(),
            16..=44 => format!("{one} {two}"),
            45..=53 => format!("The {one}"),
            54..=61 => format!("The {one} {two}"),
            62..=68 => format!("{one} of the {two}"),
            69..=75 => format!("{one} {two} {}", self.word(rng)),
            76..=79 => format!("{one} & {two}"),
            80..=83 => format!("{one}'s {two}"),
            84..=86 => format!("{one} in the {two}"),
            87 => format!("Don't {one} the {two}"),
            88 => format!("I’m {one}"),
            89..=91 => format!("{one} (Like a {two})"),
            92..=93 => format!("My {one}, Your {two}"),
            94 => format!("{one}, Pt. {number}"),
            95 => format!("{one} No. {number}"),
            96 => format!("{one}-{two}"),
            97 => format!("¿{one} o {two}?"),
            _ => self.foreign(rng),
        }
    }

    /// A title that albums alone have; `artist` is whose.
    pub fn album_title(&self, rng: &mut Rng, artist: &str) -> String {
        match rng.u8(..100) {
            0..=2 => artist.to_owned(),
            3 => "Greatest Hits".to_owned(),
            4 => format!("The Best of {artist}"),
            5..=6 => format!("Live at the {}", self.word(rng)),
            7 => "Live".to_owned(),
            _ => self.title(rng),
        }
    }

    /// What an artist may be called.
    pub fn artist(&self, rng: &mut Rng) -> String {
        let form = rng.u8(..100);
        let (one, two) = (self.word(rng), self.word(rng));
        match form {
            0..=44 => self.person(rng),
            45..=54 => format!("The {one}s"),
            55..=64 => format!("The {one} {two}s"),
            65..=76 => format!("{one} {two}"),
            77..=84 => self.rare_word(rng).to_owned(),
            85..=88 => format!("{} & {}", self.surname(rng), self.surname(rng)),
            89..=92 => format!("{} & the {one}s", self.person(rng)),
            93..=96 => {
                let kind = pick(rng, &["Trio", "Quartet", "Orchestra", "Band", "Ensemble"]);
                format!("{} {kind}", self.person(rng))
            }
            97 => format!("DJ {}", self.rare_word(rng)),
            _ => self.foreign(rng),
        }
    }
}
