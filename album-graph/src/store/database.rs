//! The database: opened, migrated, asked.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::migrate::{Migrate, Migrator};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, Sqlite, SqlitePool};

use super::error::{MigrateError, OpenError, StoreError};
use super::sql::{Sql, Value};

/// The migrations of the embedded database, with their checksums, inside the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");
/// Connections to one database from one process.
const CONNECTIONS: u32 = 8;
/// How long a request waits for a free connection, and a writer for another one.
const PATIENCE: Duration = Duration::from_secs(3);

/// Page cache of a connection that loads, in KiB and negative, as SQLite has it: with its default of 2,000 it would write each
/// page of each index many times over.
const LOADING_CACHE: &str = "-400000";

/// How the schema compares with what this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Everything that this program needs is there.
    Ready,
    /// Migrations have to run first.
    Behind {
        /// The last applied migration; 0 for none.
        applied: i64,
        /// The migration that this program needs.
        needed: i64,
    },
}

/// A database that answers; cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    pool: SqlitePool,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database at `path`, which must exist.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Self::connect(path, existing(path)?).await
    }

    /// Opens the database at `path` to load many rows in one transaction: what it touches stays in memory.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn open_for_loading(path: &Path) -> Result<Self, OpenError> {
        let options = existing(path)?.pragma("cache_size", LOADING_CACHE);
        // What a statement of many rows would need to be undone is kept in memory, too.
        Self::connect(path, options.pragma("temp_store", "MEMORY")).await
    }

    /// Opens the database at `path`, after creating an empty one where there is none.
    ///
    /// # Errors
    /// When it cannot be created or read.
    pub async fn open_or_create(path: &Path) -> Result<Self, OpenError> {
        Self::connect(path, options(path).create_if_missing(true)).await
    }

    async fn connect(path: &Path, options: SqliteConnectOptions) -> Result<Self, OpenError> {
        Self::pool(options).await.map_err(|source| OpenError::Unreadable {
            path: path.display().to_string(),
            source,
        })
    }

    async fn pool(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        // After a crash the first connection reads the whole write-ahead log, however long that takes; a request would not wait.
        let first = options.connect().await?;
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        first.close().await?;
        Ok(Self {
            pool,
            statements: Arc::default(),
        })
    }

    /// Applies every migration that is missing, all or none of them, and answers how many.
    ///
    /// # Errors
    /// When the database is newer than this program, was migrated with another text, or refuses.
    pub async fn migrate(&self) -> Result<usize, MigrateError> {
        // The immediate transaction is the lock: of several programs that migrate at once, one does and the others find it done.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let before = applied(&mut transaction).await?.len();
        MIGRATIONS.run_direct(None, &mut *transaction, false).await?;
        let after = applied(&mut transaction).await?.len();
        transaction.commit().await?;
        Ok(after - before)
    }

    /// Compares the schema with what this program needs; a newer one will do (expand, then contract).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let tables = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
        let migrated: i64 = sqlx::query_scalar(tables).fetch_one(&self.pool).await?;
        let applied: i64 = if migrated == 0 {
            0
        } else {
            let last = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success = 1";
            sqlx::query_scalar(last).fetch_one(&self.pool).await?
        };
        let needed = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
        Ok(if applied >= needed {
            SchemaState::Ready
        } else {
            SchemaState::Behind { applied, needed }
        })
    }

    /// How many statements this process has sent so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Waits for what is under way and closes every connection; SQLite then folds its write-ahead log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Starts the one transaction of a change.
    ///
    /// # Errors
    /// When the database does not answer, or another change takes too long.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let inner = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Transaction {
            inner,
            statements: Arc::clone(&self.statements),
        })
    }

    pub(super) async fn fetch_all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(query(sql)?.fetch_all(&self.pool).await?.into_iter().map(Row).collect())
    }

    pub(super) async fn fetch_optional(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch_all(sql).await?.into_iter().next())
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("mmap_size", "268435456")
}

fn existing(path: &Path) -> Result<SqliteConnectOptions, OpenError> {
    if path.exists() {
        Ok(options(path))
    } else {
        Err(OpenError::Missing(path.display().to_string()))
    }
}

async fn applied(
    transaction: &mut sqlx::SqliteConnection,
) -> Result<Vec<sqlx::migrate::AppliedMigration>, MigrateError> {
    transaction.ensure_migrations_table("_sqlx_migrations").await?;
    Ok(transaction.list_applied_migrations("_sqlx_migrations").await?)
}

/// One change of the database: all of it or nothing.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Sqlite>,
    statements: Arc<AtomicU64>,
}

impl Transaction {
    /// Keeps the change; dropped without, it never happened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }

    pub(super) async fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(query(sql)?
            .fetch_all(&mut *self.inner)
            .await?
            .into_iter()
            .map(Row)
            .collect())
    }

    pub(super) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(query(sql)?.execute(&mut *self.inner).await?.rows_affected())
    }
}

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

fn query(sql: Sql) -> Result<Query, StoreError> {
    let (text, values) = sql.into_parts();
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value {
            Value::Integer(integer) => arguments.add(integer),
            Value::Text(text) => arguments.add(text),
            Value::Null => arguments.add(None::<i64>),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    // `Sql` takes only text known at compile time; everything else is bound.
    Ok(sqlx::query_with(AssertSqlSafe(text), arguments))
}

/// One row of an answer, asked by column name. NULL where a value is due, or another type, is an error.
#[derive(Debug)]
pub struct Row(SqliteRow);

impl Row {
    pub(super) fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_get(column)?)
    }
}
