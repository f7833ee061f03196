//! Reads the lines of a catalogue, each checked before anything is done with it.

use std::fmt;
use std::io;

use csv::{ByteRecord, Reader, ReaderBuilder};
use tokio::task::yield_now;

use super::ImportError;
use super::lines::Lines;
use crate::catalogue::{
    ArtistName, GenreName, Refusal, ReleaseDate, Title, Track, is_noncharacter, parse_tracks, price_from_decimal,
};
use crate::store::load::BATCH;

/// The columns that a catalogue may have; the first four it must have.
const COLUMNS: [&str; 9] = [
    "genre",
    "artist",
    "title",
    "price",
    "released",
    "cover_url",
    "tracks",
    "copies_sold",
    "stock",
];
const REQUIRED: usize = 4;
/// So many lines are read without giving way.
const AT_ONCE: usize = 16;

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
    pub stock: Option<i64>,
}

/// The lines of a catalogue.
pub(super) struct Rows<R> {
    reader: Reader<Lines<R>>,
    columns: usize,
    /// Where each of `COLUMNS` stands in a line.
    places: [Option<usize>; COLUMNS.len()],
}

impl<R: io::Read> Rows<R> {
    /// Reads the header.
    pub fn open(source: R) -> Result<Self, ImportError> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Lines::new(source));
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header).map_err(unreadable)?;
        let places = places(&header).map_err(|reason| ImportError::at(line(&reader, &header).max(1), reason))?;
        let columns = header.len();
        Ok(Self {
            reader,
            columns,
            places,
        })
    }

    /// How many bytes were read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next lines; none at the end. Gives way again and again, so that they are read while the database is at work.
    pub async fn next_batch(&mut self) -> Result<Vec<Row>, ImportError> {
        let mut batch = Vec::with_capacity(BATCH);
        let mut record = ByteRecord::new();
        while batch.len() < BATCH && self.reader.read_byte_record(&mut record).map_err(unreadable)? {
            if batch.len() % AT_ONCE == 0 {
                yield_now().await;
            }
            let line = line(&self.reader, &record);
            batch.push(
                self.row(line, &record)
                    .map_err(|reason| ImportError::at(line, reason))?,
            );
        }
        Ok(batch)
    }

    fn row(&self, line: u64, record: &ByteRecord) -> Result<Row, Refusal> {
        if record.len() != self.columns {
            let reason = format!("has {} columns where the header has {}", record.len(), self.columns);
            return Err(Refusal::because(reason));
        }
        let cells: [Cell; COLUMNS.len()] = std::array::from_fn(|column| Cell {
            name: COLUMNS[column],
            bytes: self.places[column]
                .and_then(|place| record.get(place))
                .unwrap_or_default(),
        });
        let [
            genre,
            artist,
            title,
            price,
            released,
            cover_url,
            tracks,
            copies_sold,
            stock,
        ] = cells;
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
            stock: stock.read_optional(parse_stock)?,
        })
    }
}

/// One value of a line.
struct Cell<'a> {
    name: &'static str,
    bytes: &'a [u8],
}

impl Cell<'_> {
    fn text(&self) -> Result<&str, Refusal> {
        let text = std::str::from_utf8(self.bytes).map_err(|_| self.refusal(&"is not UTF-8"))?;
        Ok(text.trim())
    }

    fn read<T>(&self, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<T, Refusal> {
        parse(self.text()?).map_err(|refusal| self.refusal(&refusal))
    }

    fn read_optional<T>(&self, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
        if self.text()?.is_empty() {
            return Ok(None);
        }
        self.read(parse).map(Some)
    }

    fn refusal(&self, reason: &dyn fmt::Display) -> Refusal {
        Refusal::because(format!("{} {reason}", self.name))
    }
}

fn parse_cover_url(text: &str) -> Result<String, Refusal> {
    let host = text.strip_prefix("https://").unwrap_or_default();
    let odd = |letter: char| {
        letter.is_whitespace() || letter.is_control() || is_noncharacter(letter) || "\"'<>\\^`{|}".contains(letter)
    };
    if host.is_empty() || host.starts_with('/') || text.chars().any(odd) {
        return Err(Refusal::of(
            text,
            "is not an address such as https://example.com/cover.jpg",
        ));
    }
    if text.len() > 1024 {
        return Err(Refusal::because("has more than 1024 characters"));
    }
    Ok(text.to_owned())
}

fn parse_count(text: &str) -> Result<i64, Refusal> {
    let count = text.parse().ok().filter(|count| (0..=1_000_000_000).contains(count));
    count.ok_or_else(|| Refusal::of(text, "is not a number of copies"))
}

fn parse_stock(text: &str) -> Result<i64, Refusal> {
    let copies = text.parse().ok().filter(|copies| (0..=1_000_000).contains(copies));
    copies.ok_or_else(|| Refusal::of(text, "is not a number of copies from 0 to 1000000"))
}

fn places(header: &ByteRecord) -> Result<[Option<usize>; COLUMNS.len()], Refusal> {
    let known = || COLUMNS.join(", ");
    let mut places = [None; COLUMNS.len()];
    for (place, name) in header.iter().enumerate() {
        let name = std::str::from_utf8(name).map_err(|_| Refusal::because("the header is not UTF-8"))?;
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let column = COLUMNS.iter().position(|column| *column == name);
        let column = column.ok_or_else(|| Refusal::of(&name, &format!("is not a column (known are {})", known())))?;
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
        let missing = missing.join(", ");
        Err(Refusal::because(format!("the header lacks {missing}")))
    }
}

/// The line that the record just read starts on: the reader stands on the line after it.
fn line<R: io::Read>(reader: &Reader<R>, record: &ByteRecord) -> u64 {
    let lines = record.as_slice().split(|byte| *byte == b'\n').count() as u64;
    reader.position().line().saturating_sub(lines)
}

fn unreadable(error: csv::Error) -> ImportError {
    ImportError::Unreadable(error.into())
}
