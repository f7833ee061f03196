//! Reads the lines of a catalogue, each checked before anything is done with it.

use std::io;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder, Trim};

use super::ImportError;
use crate::catalogue::{ArtistName, GenreName, Refusal, ReleaseDate, Title, Track, parse_tracks, price_from_decimal};
use crate::store::load::BATCH;

/// The columns that a catalogue may have; the first four it must have.
const COLUMNS: [&str; 8] = [
    "genre",
    "artist",
    "title",
    "price",
    "released",
    "cover_url",
    "tracks",
    "copies_sold",
];
const REQUIRED: usize = 4;

/// One album as a line describes it.
#[derive(Debug)]
pub(super) struct Row {
    pub line: u64,
    pub genre: GenreName,
    pub artist: ArtistName,
    pub title: Title,
    pub price_minor: i64,
    pub released: Option<ReleaseDate>,
    pub cover_url: Option<String>,
    pub tracks: Vec<Track>,
    pub copies_sold: i64,
}

/// The lines of a catalogue.
pub(super) struct Rows<R> {
    reader: Reader<R>,
    /// Where each of `COLUMNS` stands in a line.
    places: [Option<usize>; COLUMNS.len()],
}

impl<R: io::Read> Rows<R> {
    /// Reads the header.
    pub fn open(source: R) -> Result<Self, ImportError> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(source);
        let header = reader.byte_headers().map_err(describe)?.clone();
        let places = places(&header).map_err(|reason| ImportError::at(1, reason))?;
        Ok(Self { reader, places })
    }

    /// How many bytes were read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next lines; none at the end.
    pub fn next_batch(&mut self) -> Result<Vec<Row>, ImportError> {
        let mut batch = Vec::with_capacity(BATCH);
        let mut record = ByteRecord::new();
        while batch.len() < BATCH && self.reader.read_byte_record(&mut record).map_err(describe)? {
            let line = record.position().map_or(0, csv::Position::line);
            batch.push(
                self.row(line, &record)
                    .map_err(|reason| ImportError::at(line, reason))?,
            );
        }
        Ok(batch)
    }

    fn row(&self, line: u64, record: &ByteRecord) -> Result<Row, Refusal> {
        let cells: [Cell; COLUMNS.len()] = std::array::from_fn(|column| Cell {
            name: COLUMNS[column],
            bytes: self.places[column]
                .and_then(|place| record.get(place))
                .unwrap_or_default(),
        });
        let [genre, artist, title, price, released, cover_url, tracks, copies_sold] = cells;
        Ok(Row {
            line,
            genre: genre.read(GenreName::parse)?,
            artist: artist.read(ArtistName::parse)?,
            title: title.read(Title::parse)?,
            price_minor: price.read(price_from_decimal)?,
            released: released.read_optional(str::parse)?,
            cover_url: cover_url.read_optional(parse_cover_url)?,
            tracks: tracks.read(parse_tracks)?,
            copies_sold: copies_sold.read_optional(parse_count)?.unwrap_or(0),
        })
    }
}

/// One value of a line.
struct Cell<'a> {
    name: &'static str,
    bytes: &'a [u8],
}

impl Cell<'_> {
    fn read<T>(&self, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let named = |reason: &dyn std::fmt::Display| Refusal::because(format!("{} {reason}", self.name));
        let text = std::str::from_utf8(self.bytes).map_err(|_| named(&"is not UTF-8"))?;
        parse(text).map_err(|refusal| named(&refusal))
    }

    fn read_optional<T>(&self, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
        let blank = self.bytes.trim_ascii().is_empty();
        if blank { Ok(None) } else { self.read(parse).map(Some) }
    }
}

fn parse_cover_url(text: &str) -> Result<String, Refusal> {
    let host = text.strip_prefix("https://").unwrap_or_default();
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "\"'<>\\^`{|}".contains(letter);
    if host.is_empty() || host.starts_with('/') || text.chars().any(odd) {
        return Err(Refusal::because(format!(
            "{text:?} is not an address such as https://example.com/cover.jpg"
        )));
    }
    if text.len() > 1024 {
        return Err(Refusal::because("has more than 1024 characters"));
    }
    Ok(text.to_owned())
}

fn parse_count(text: &str) -> Result<i64, Refusal> {
    let count = text.parse().ok().filter(|count| (0..=1_000_000_000).contains(count));
    count.ok_or_else(|| Refusal::because(format!("{text:?} is not a number of copies")))
}

fn places(header: &ByteRecord) -> Result<[Option<usize>; COLUMNS.len()], Refusal> {
    let known = || COLUMNS.join(", ");
    let mut places = [None; COLUMNS.len()];
    for (place, name) in header.iter().enumerate() {
        let name = std::str::from_utf8(name).map_err(|_| Refusal::because("the header is not UTF-8"))?;
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let column = COLUMNS.iter().position(|column| *column == name);
        let column =
            column.ok_or_else(|| Refusal::because(format!("unknown column {name:?} (known are {})", known())))?;
        if places[column].replace(place).is_some() {
            return Err(Refusal::because(format!("column {name} stands twice in the header")));
        }
    }
    let missing: Vec<&str> = (0..REQUIRED)
        .filter(|column| places[*column].is_none())
        .map(|column| COLUMNS[column])
        .collect();
    if missing.is_empty() {
        Ok(places)
    } else {
        Err(Refusal::because(format!(
            "column {} is missing from the header",
            missing.join(", ")
        )))
    }
}

fn describe(error: csv::Error) -> ImportError {
    match error.into_kind() {
        ErrorKind::Io(error) => ImportError::Unreadable(error),
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.map_or(0, |position| position.line());
            ImportError::at(line, format!("has {len} columns where the header has {expected_len}"))
        }
        other => ImportError::at(0, format!("is not CSV ({other:?})")),
    }
}
