//! Lines that wait for the destination, on disk.
//!
//! SQLite, because a line and how far its container was read must be written together or not at all, also when the power fails:
//! then both are as they were before, and the line is read again.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Row as _, SqlitePool};
use tokio::sync::Notify;

/// Most bytes that the write-ahead log keeps on disk after its content was moved.
const JOURNAL: &str = "4194304";
/// How long the program that is replaced may take to let go of the queue.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lines that wait, in the order in which they were read.
#[derive(Debug)]
pub struct Queue {
    // A single connection, which keeps all others out.
    database: SqlitePool,
    limit: u64,
    bytes: AtomicU64,
    appended: Notify,
}

/// Messages that go out together.
#[derive(Debug)]
pub struct Batch {
    /// Larger than that of every batch before.
    pub id: i64,
    /// The messages, one after the other.
    pub frames: Vec<u8>,
}

/// What one look at the containers found: messages, and the new position of each container that printed some.
#[derive(Debug, Default)]
pub struct Found {
    /// The messages, one after the other.
    pub frames: Vec<u8>,
    /// By container.
    pub positions: Vec<(String, String)>,
    /// Containers that are gone and read to their end.
    pub gone: Vec<String>,
}

impl Queue {
    /// Opens the queue in `folder`, or makes one there. When it holds `limit` bytes it is full.
    pub async fn open(folder: &Path, limit: u64) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("queue.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .locking_mode(SqliteLockingMode::Exclusive)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(PATIENCE)
            .pragma("journal_size_limit", JOURNAL)
            // The image has no other folder to write to.
            .pragma("temp_store", "MEMORY")
            // What it would say is slow is a line to send.
            .disable_statement_logging();
        let database = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS batches (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes INTEGER NOT NULL, frames BLOB NOT NULL);
             CREATE TABLE IF NOT EXISTS positions (container TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;",
        )
        .execute(&database)
        .await?;
        let bytes = sqlx::query_scalar::<_, i64>("SELECT coalesce(sum(bytes), 0) FROM batches");
        let bytes = bytes.fetch_one(&database).await?.unsigned_abs();
        Ok(Self {
            database,
            limit,
            bytes: AtomicU64::new(bytes),
            appended: Notify::new(),
        })
    }

    /// How much waits.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether nothing more should be appended.
    pub fn is_full(&self) -> bool {
        self.bytes() >= self.limit
    }

    /// Waits until something was appended since this was last awaited.
    pub async fn appended(&self) {
        self.appended.notified().await;
    }

    /// How far each container was read.
    pub async fn positions(&self) -> sqlx::Result<HashMap<String, String>> {
        let rows = sqlx::query_as("SELECT container, position FROM positions");
        Ok(rows.fetch_all(&self.database).await?.into_iter().collect())
    }

    /// Keeps what was found.
    pub async fn append(&self, found: Found) -> sqlx::Result<()> {
        if found.positions.is_empty() && found.gone.is_empty() {
            return Ok(());
        }
        let bytes = found.frames.len() as u64;
        let mut transaction = self.database.begin().await?;
        for (container, position) in found.positions {
            sqlx::query(
                "INSERT INTO positions (container, position) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET position = ?2",
            )
            .bind(container)
            .bind(position)
            .execute(&mut *transaction)
            .await?;
        }
        for container in found.gone {
            let delete = sqlx::query("DELETE FROM positions WHERE container = ?1").bind(container);
            delete.execute(&mut *transaction).await?;
        }
        if bytes > 0 {
            sqlx::query("INSERT INTO batches (bytes, frames) VALUES (length(?1), ?1)")
                .bind(found.frames)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.appended.notify_one();
        Ok(())
    }

    /// The first batch after `id`.
    pub async fn next(&self, id: i64) -> sqlx::Result<Option<Batch>> {
        let first = sqlx::query("SELECT id, frames FROM batches WHERE id > ?1 ORDER BY id LIMIT 1").bind(id);
        let row = first.fetch_optional(&self.database).await?;
        Ok(row.map(|row| Batch {
            id: row.get(0),
            frames: row.get(1),
        }))
    }

    /// Drops all batches up to `id`: the destination has them.
    pub async fn confirm(&self, id: i64) -> sqlx::Result<()> {
        let delete = sqlx::query_scalar::<_, i64>("DELETE FROM batches WHERE id <= ?1 RETURNING bytes").bind(id);
        let bytes: i64 = delete.fetch_all(&self.database).await?.into_iter().sum();
        self.bytes.fetch_sub(bytes.unsigned_abs(), Ordering::Relaxed);
        Ok(())
    }
}
