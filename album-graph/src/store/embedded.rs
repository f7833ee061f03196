//! One connection to the embedded database that answers where it is asked: what most statements do takes less time than to hand
//! them to another thread and to hear back.

use std::cell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{CachedStatement, ErrorCode, OpenFlags};

use super::StoreError;
use super::sql::Value;

/// How many steps SQLite takes between two looks at the clock: some ten microseconds.
const STEPS: i32 = 500;
/// Statements that a connection keeps prepared: about as many as there are.
const STATEMENTS: usize = 128;
/// So much of the file is read where it lies in the system's cache, in bytes: as much as SQLite can, for a page that is copied
/// from there costs several times what is looked up in it.
const MAPPED: i64 = 2_147_418_112;
/// No clock shows it.
const NEVER: u64 = u64::MAX;

/// What says to a statement that it has run for long enough.
#[derive(Debug)]
pub(super) struct Leash {
    started: Instant,
    /// In nanoseconds since the start.
    until: AtomicU64,
    cut: AtomicBool,
    /// Whether the statement has got so far that it was looked at.
    seen: AtomicBool,
}

impl Leash {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            until: AtomicU64::new(NEVER),
            cut: AtomicBool::new(false),
            seen: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(NEVER)
    }

    fn is_over(&self) -> bool {
        self.seen.store(true, Ordering::Relaxed);
        self.cut.load(Ordering::Relaxed) || self.until.load(Ordering::Relaxed) < self.now()
    }

    fn allow(&self, time: Option<Duration>) {
        let time = time.and_then(|time| u64::try_from(time.as_nanos()).ok());
        let until = time.map_or(NEVER, |time| self.now().saturating_add(time));
        self.until.store(until, Ordering::Relaxed);
        self.seen.store(false, Ordering::Relaxed);
    }

    /// Whether the statement does something; one that does not waits for others, or for a disk.
    pub fn was_seen(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }

    /// Ends whatever runs, wherever that is.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }
}

/// A connection.
pub(super) struct Connection {
    inner: rusqlite::Connection,
    leash: Arc<Leash>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Opens a database that is there.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let inner = rusqlite::Connection::open_with_flags(path, flags)?;
        inner.set_prepared_statement_cache_capacity(STATEMENTS);
        inner.pragma_update(None, "synchronous", "NORMAL")?;
        inner.pragma_update(None, "foreign_keys", true)?;
        // It answers with what it is set to.
        inner.pragma_update_and_check(None, "mmap_size", MAPPED, |_| Ok(()))?;
        // What is written is folded into the file by a thread that may wait for a disk.
        inner.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
        // Otherwise a statement is prepared anew for each value that is bound to it, in case another plan were better.
        inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let leash = Arc::new(Leash::new());
        let watched = Arc::clone(&leash);
        inner.progress_handler(STEPS, Some(move || watched.is_over()))?;
        Ok(Self { inner, leash })
    }

    /// What ends a statement from outside.
    pub fn leash(&self) -> Arc<Leash> {
        Arc::clone(&self.leash)
    }

    /// Sets how long a statement may run, and how long it waits for others that are in its way; without a number it may run for
    /// as long as it takes.
    pub fn allow(&self, run: Option<Duration>, wait: Duration) -> rusqlite::Result<()> {
        self.leash.allow(run);
        self.inner.busy_timeout(wait)
    }

    /// All rows of the answer.
    pub fn fetch_all(&self, text: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.prepare(text, values)?;
        let columns = statement.column_count();
        let mut answer = Answer::default();
        for name in statement.column_names() {
            answer.push_text(name);
        }
        let mut found = statement.raw_query();
        while let Some(row) = found.next()? {
            for column in 0..columns {
                answer.push(row.get_ref(column)?);
            }
        }
        Ok(answer.rows(columns))
    }

    /// How many rows were changed.
    pub fn execute(&self, text: &str, values: &[Value]) -> rusqlite::Result<u64> {
        let mut statement = self.prepare(text, values)?;
        // Whatever it answers is passed over.
        let mut answer = statement.raw_query();
        while answer.next()?.is_some() {}
        drop(answer);
        drop(statement);
        Ok(self.inner.changes())
    }

    fn prepare(&self, text: &str, values: &[Value]) -> rusqlite::Result<CachedStatement<'_>> {
        let mut statement = self.inner.prepare_cached(text)?;
        for (place, value) in (1..).zip(values) {
            match value {
                Value::Integer(integer) => statement.raw_bind_parameter(place, integer)?,
                Value::Text(text) => statement.raw_bind_parameter(place, text)?,
                Value::Null => statement.raw_bind_parameter(place, Null)?,
            }
        }
        Ok(statement)
    }

    /// Whether a transaction was begun that has not ended.
    pub fn is_changing(&self) -> bool {
        !self.inner.is_autocommit()
    }
}

/// Whether a statement was ended from outside.
pub(super) fn was_cut(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

/// Others were in the way for too long.
pub(super) fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

/// Whether others are in the way.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// What a statement answers. All texts lie in one, for hardly any of them is kept.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    /// The names of the columns, then those of one row after the other.
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Integer(i64),
    /// Where it begins and ends.
    Text(usize, usize),
    Null,
    /// Of a kind that the schema has none of.
    Strange,
}

impl Answer {
    fn push(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Null => self.cells.push(Cell::Null),
            ValueRef::Integer(integer) => self.cells.push(Cell::Integer(integer)),
            ValueRef::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => self.push_text(text),
                Err(_) => self.cells.push(Cell::Strange),
            },
            ValueRef::Real(_) | ValueRef::Blob(_) => self.cells.push(Cell::Strange),
        }
    }

    fn push_text(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.cells.push(Cell::Text(start, self.text.len()));
    }

    /// The rows, each of so many cells.
    fn rows(self, columns: usize) -> Vec<Row> {
        let starts = (0..self.cells.len()).step_by(columns.max(1)).skip(1);
        let answer = Arc::new(self);
        let row = |start| Row {
            answer: Arc::clone(&answer),
            start,
            columns,
            next: cell::Cell::default(),
        };
        starts.map(row).collect()
    }

    fn is_named(&self, column: usize, name: &str) -> bool {
        matches!(self.cells[column], Cell::Text(start, end) if self.text[start..end] == *name)
    }
}

/// One row of an answer.
#[derive(Debug)]
pub struct Row {
    answer: Arc<Answer>,
    /// Its first cell.
    start: usize,
    columns: usize,
    /// The column that follows the one asked for last: most are asked for in their order.
    next: cell::Cell<usize>,
}

impl Row {
    pub fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.cell(column)? {
            Cell::Integer(integer) => Ok(Some(integer)),
            Cell::Null => Ok(None),
            Cell::Text(..) | Cell::Strange => Err(StoreError::Corrupt { column }),
        }
    }

    pub fn optional_str(&self, column: &'static str) -> Result<Option<&str>, StoreError> {
        match self.cell(column)? {
            Cell::Text(start, end) => Ok(Some(&self.answer.text[start..end])),
            Cell::Null => Ok(None),
            Cell::Integer(_) | Cell::Strange => Err(StoreError::Corrupt { column }),
        }
    }

    fn cell(&self, column: &'static str) -> Result<Cell, StoreError> {
        let next = self.next.get();
        let mut places = (next..self.columns).chain(0..next);
        let place = places.find(|place| self.answer.is_named(*place, column));
        let place = place.ok_or(StoreError::Corrupt { column })?;
        self.next.set(place + 1);
        Ok(self.answer.cells[self.start + place])
    }
}
