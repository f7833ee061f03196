//! One connection to the embedded database that answers where it is asked: what most statements do takes less time than to hand
//! them to another thread and to hear back.

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
        let columns: Columns = statement.column_names().into_iter().map(Into::into).collect();
        let mut answer = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = answer.next()? {
            let cells = (0..columns.len()).map(|column| Ok(cell(row.get_ref(column)?)));
            rows.push(Row {
                columns: Arc::clone(&columns),
                cells: cells.collect::<rusqlite::Result<_>>()?,
            });
        }
        Ok(rows)
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

type Columns = Arc<[Box<str>]>;

/// One row of an answer.
#[derive(Debug)]
pub struct Row {
    columns: Columns,
    cells: Vec<Cell>,
}

#[derive(Debug)]
enum Cell {
    Value(Value),
    /// Of a kind that the schema has none of.
    Strange,
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Value(Value::Null),
        ValueRef::Integer(integer) => Cell::Value(Value::Integer(integer)),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Cell::Strange, |text| Cell::Value(Value::Text(text.to_owned())))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Cell::Strange,
    }
}

impl Row {
    pub fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Integer(integer) => Ok(Some(*integer)),
            Value::Null => Ok(None),
            Value::Text(_) => Err(StoreError::Corrupt { column }),
        }
    }

    pub fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        match self.value(column)? {
            Value::Text(text) => Ok(Some(text.clone())),
            Value::Null => Ok(None),
            Value::Integer(_) => Err(StoreError::Corrupt { column }),
        }
    }

    fn value(&self, column: &'static str) -> Result<&Value, StoreError> {
        let place = self.columns.iter().position(|name| **name == *column);
        match place.map(|place| &self.cells[place]) {
            Some(Cell::Value(value)) => Ok(value),
            Some(Cell::Strange) | None => Err(StoreError::Corrupt { column }),
        }
    }
}
