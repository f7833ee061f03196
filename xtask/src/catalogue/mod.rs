//! `cargo xtask catalogue`: a made-up catalogue of any size, the same for the same seed.
//!
//! Line by line, so that a million albums need no more memory than a thousand, but for a few bytes an artist.

mod albums;
mod odds;
mod phrases;
mod vocabulary;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use anyhow::Context;
use csv::Writer;
use fastrand::Rng;

use albums::Albums;
use vocabulary::Vocabulary;

/// Writes a catalogue of so many albums to `file`.
pub fn write(albums: u64, seed: u64, file: &Path) -> anyhow::Result<()> {
    let named = || format!("cannot write {}", file.display());
    let mut out = BufWriter::new(File::create(file).with_context(named)?);
    write_to(albums, seed, &mut out).with_context(named)?;
    out.flush().with_context(named)
}

fn write_to(count: u64, seed: u64, out: impl io::Write) -> anyhow::Result<()> {
    let mut rng = Rng::with_seed(seed);
    let vocabulary = Vocabulary::new(&mut rng);
    let mut albums = Albums::new(&vocabulary, count);
    let mut csv = Writer::from_writer(out);
    csv.write_record(["genre", "artist", "title", "price", "released", "tracks", "copies_sold"])?;
    while let Some(album) = albums.next(&mut rng) {
        let (tracks, sold) = (tracks(&vocabulary, &mut rng), album.copies_sold.to_string());
        csv.write_record([
            album.genre,
            &*album.artist,
            &album.title,
            album.price,
            &album.released,
            &tracks,
            &sold,
        ])?;
    }
    csv.flush()?;
    Ok(())
}

/// About ten tracks as a cell spells them; few albums have three, or thirty, or none that is known.
fn tracks(vocabulary: &Vocabulary, rng: &mut Rng) -> String {
    let count = match rng.u8(..100) {
        0..=2 => 0,
        3..=9 => rng.u8(3..=5),
        10..=14 => rng.u8(18..=30),
        _ => rng.u8(7..=13),
    };
    let mut cell = String::new();
    for track in 0..count {
        if track > 0 {
            cell += " | ";
        }
        cell += &vocabulary.title(rng);
        if rng.u8(..50) > 0 {
            let (minutes, seconds) = (rng.u8(2..=6), rng.u8(..60));
            // Writing to a string cannot fail.
            let _ = write!(cell, " ({minutes}:{seconds:02})");
        }
    }
    cell
}
