//! Loads a catalogue from CSV: all of it or nothing, and a second time without effect.

mod lines;
mod load;
mod read;

use std::collections::HashMap;
use std::fmt;
use std::io;

use iso_currency::Currency;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::store::{Database, StoreError, revision};

/// Why a catalogue was not loaded. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A line cannot be taken.
    #[error("line {line}: {reason}")]
    Line {
        /// Counts from 1; the header is line 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be read.
    #[error("cannot read the file")]
    Unreadable(#[source] io::Error),
    /// The database does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    fn at(line: u64, reason: impl fmt::Display) -> Self {
        Self::Line {
            line,
            reason: reason.to_string(),
        }
    }
}

/// What a file does not say for each album.
#[derive(Debug)]
pub struct Context {
    /// What its prices are in.
    pub currency: Currency,
    /// What to say of a genre that is new, by its name.
    pub descriptions: HashMap<String, String>,
    /// When it is loaded.
    pub now: OffsetDateTime,
}

impl Context {
    /// Prices in US dollars, loaded now.
    #[must_use]
    pub fn new(now: OffsetDateTime) -> Self {
        Self {
            currency: Currency::USD,
            descriptions: HashMap::new(),
            now,
        }
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Albums that are new.
    pub added: u64,
    /// Albums that were there and are different now.
    pub changed: u64,
    /// Albums that were there, just so.
    pub unchanged: u64,
    /// Albums that had been taken out of the shop and stay so.
    pub removed: u64,
    /// Genres that are new.
    pub genres: u64,
    /// Artists that are new.
    pub artists: u64,
    /// Albums of which there are other numbers of copies than before. That is no change of the catalogue.
    pub stocked: u64,
}

impl Report {
    fn is_empty(self) -> bool {
        self.added + self.changed + self.genres + self.artists == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            added,
            changed,
            unchanged,
            removed,
            genres,
            artists,
            stocked,
        } = self;
        if self.is_empty() {
            write!(f, "nothing changed: {} already there", counted(*unchanged, "album"))?;
        } else {
            let added = counted(*added, "album");
            let (genres, artists) = (counted(*genres, "genre"), counted(*artists, "artist"));
            write!(
                f,
                "{added} added, {changed} changed, {unchanged} unchanged; {genres} and {artists} added"
            )?;
        }
        if *stocked > 0 {
            write!(f, "; stock of {} set", counted(*stocked, "album"))?;
        }
        if *removed > 0 {
            write!(f, "; {} left out of the shop as before", counted(*removed, "album"))?;
        }
        Ok(())
    }
}

fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Loads a catalogue of `genre,artist,title,price` and perhaps `released,cover_url,tracks,copies_sold,stock`.
///
/// `progress` is told how many bytes were read so far.
///
/// # Errors
/// When a line cannot be taken, or the file or the database fails; the database is then as before.
pub async fn import(
    database: &Database,
    source: impl io::Read,
    context: &Context,
    mut progress: impl FnMut(u64),
) -> Result<Report, ImportError> {
    let now = context.now.replace_nanosecond(0).unwrap_or(context.now);
    let now = now
        .format(&Rfc3339)
        .map_err(|error| ImportError::Unreadable(io::Error::other(error)))?;
    let mut rows = read::Rows::open(source)?;
    let mut loader = load::Loader::begin(database, context, now).await?;
    let mut batch = rows.next_batch().await?;
    while !batch.is_empty() {
        let (loaded, next) = tokio::join!(loader.load(batch), rows.next_batch());
        loaded?;
        batch = next?;
        progress(rows.bytes());
    }
    let (mut transaction, report) = loader.finish().await?;
    if !report.is_empty() {
        revision::raise(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(report)
}
