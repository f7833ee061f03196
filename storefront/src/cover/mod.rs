//! Drawn covers for albums that come without a picture: abstract, without words, and always the same for the same album.

use sha2::{Digest, Sha256};

use crate::paths;
use canvas::Canvas;
use style::Style;

mod canvas;
mod dice;
mod motifs;
mod palettes;
mod style;

/// Part of every address: raised when covers are drawn differently, so that nobody keeps the old ones.
const VERSION: u32 = 1;
/// Longer names of genres are not drawn.
const LONGEST_GENRE: usize = 100;

/// A cover that can be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Cover {
    style: Style,
    seed: u64,
}

/// Where the cover of an album is: its own picture where there is one, or else a drawn one.
pub fn address(picture: Option<&str>, genre: &str, artist: &str, title: &str) -> String {
    match picture {
        // Pages accept pictures over TLS only.
        Some(url) if url.starts_with("https://") => url.to_owned(),
        _ => paths::cover(
            VERSION,
            if is_slug(genre) { genre } else { "other" },
            seed(artist, title),
        ),
    }
}

/// A number that an album keeps as long as it keeps its name.
fn seed(artist: &str, title: &str) -> u64 {
    let digest = Sha256::new()
        .chain_update(artist)
        .chain_update([0])
        .chain_update(title)
        .finalize();
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

fn is_slug(genre: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_GENRE).contains(&genre.len()) && genre.bytes().all(plain)
}

impl Cover {
    /// The cover at an address; none where the address is not one that [`address`] makes.
    pub fn find(version: &str, genre: &str, file: &str) -> Option<Self> {
        let seed = file.strip_suffix(".svg").filter(|seed| seed.len() == 16)?;
        let lower = seed.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let valid = lower && is_slug(genre) && version == VERSION.to_string();
        let seed = u64::from_str_radix(seed, 16).ok().filter(|_| valid)?;
        Some(Self {
            style: Style::of(genre),
            seed,
        })
    }

    /// Draws it, as SVG.
    pub fn draw(self) -> String {
        let mut canvas = Canvas::new(self.style, self.seed);
        motifs::draw(self.style, &mut canvas);
        canvas.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::style::Style;
    use super::{Cover, address};

    #[test]
    fn every_style_draws_small_pictures_that_differ() {
        for style in Style::ALL {
            let drawn: HashSet<String> = (0..200)
                .map(|seed| {
                    Cover {
                        style,
                        seed: seed * 7_919,
                    }
                    .draw()
                })
                .collect();
            assert!(drawn.len() > 190, "{style:?} draws only {} of 200", drawn.len());
            let biggest = drawn.iter().map(String::len).max().unwrap();
            assert!(biggest < 4096, "{style:?} draws {biggest} bytes");
        }
    }

    #[test]
    fn an_album_keeps_its_cover() {
        let first = address(None, "rock", "Queen", "Jazz");
        assert_eq!(first, "/covers/1/rock/7f6aa6d3a77ae853.svg");
        assert_ne!(first, address(None, "rock", "QueenJ", "azz"));
        assert_eq!(
            address(Some("https://x.example/a.jpg"), "rock", "", ""),
            "https://x.example/a.jpg"
        );
        assert!(address(Some("http://x.example/a.jpg"), "R&B", "", "").starts_with("/covers/1/other/"));
    }
}
