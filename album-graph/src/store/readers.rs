//! Connections of the embedded database that answer questions, and change nothing.
//!
//! The pool of sqlx asks each connection that comes back whether it is alive, which costs two changes of thread and a task of its
//! own: as much as a short statement. A file does not hang up, and a connection that has failed is not lent again.
//!
//! A question whose answer nobody waits for any more, because its time is over or the client went away, is stopped in its course.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::database::{CONNECTIONS, PATIENCE};
use super::sqlite::Query;

/// So many instructions of the database's machine pass between two looks at whether somebody still waits: well under a
/// millisecond, and so many that the looks cost nothing.
const LOOK: i32 = 10_000;

/// Connections for questions, opened when they are needed.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    /// Nobody uses these; the one that was used last, which remembers most, is lent first.
    idle: Mutex<Vec<Reader>>,
    turns: Semaphore,
}

/// A connection; dropped while it is at a question, it stops there.
#[derive(Debug)]
struct Reader {
    waits: Waits,
    connection: SqliteConnection,
}

/// Whether somebody waits for what a connection finds: until this is dropped.
#[derive(Debug)]
struct Waits(Arc<AtomicBool>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Reader {
    async fn open(options: &SqliteConnectOptions) -> sqlx::Result<Self> {
        let mut connection = options.connect().await?;
        let waits = Waits(Arc::new(AtomicBool::new(true)));
        let watched = Arc::clone(&waits.0);
        let mut handle = connection.lock_handle().await?;
        handle.set_progress_handler(LOOK, move || watched.load(Ordering::Relaxed));
        drop(handle);
        Ok(Self { waits, connection })
    }

    async fn close(self) {
        let Self { waits, connection } = self;
        // What cannot be closed in order is closed all the same.
        let _ = connection.close().await;
        drop(waits);
    }
}

impl Readers {
    pub fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            idle: Mutex::default(),
            turns: Semaphore::new(CONNECTIONS.into()),
        }
    }

    /// All rows of the answer.
    pub async fn fetch_all(&self, query: Query) -> sqlx::Result<Vec<SqliteRow>> {
        let turn = timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.take_idle();
        let mut reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.options).await?,
        };
        let rows = query.fetch_all(&mut reader.connection).await?;
        // Where nobody waited for the answer any more, this is not reached: the connection is stopped, and closed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        Ok(rows)
    }

    fn take_idle(&self) -> Option<Reader> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Closes every connection, once what is under way is answered.
    pub async fn close(&self) {
        let all = self.turns.acquire_many(CONNECTIONS.into()).await;
        self.turns.close();
        while let Some(reader) = self.take_idle() {
            reader.close().await;
        }
        drop(all);
    }
}
