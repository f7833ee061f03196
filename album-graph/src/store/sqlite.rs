//! The embedded database: opened, asked, migrated.

use std::path::Path;

use sqlx::migrate::Migrate as _;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Arguments as _, AssertSqlSafe, ConnectOptions as _, Connection as _, Sqlite, SqliteConnection, SqlitePool};

use super::connections::Connections;
use super::database::{CONNECTIONS, PATIENCE};
use super::error::{MigrateError, OpenError};
use super::load::BATCH;
use super::migrations::{self, Applied, Step};
use super::sql::{Dialect, Sql, Value};
use super::url::Purpose;

/// Page cache of a connection that loads, in KiB and negative, as SQLite has it: with its default of 2,000 it would write each
/// page of each index many times over.
const LOADING_CACHE: &str = "-400000";
/// Statements that a connection that loads keeps prepared: each is of a thousand rows, and few are asked more than once.
const LOADING_STATEMENTS: usize = 16;

/// Connections for changes that may take long, each with a thread of its own.
pub(super) async fn open(path: &Path, purpose: Purpose) -> Result<SqlitePool, OpenError> {
    if purpose != Purpose::Migrate && !path.exists() {
        return Err(OpenError::Missing(path.display().to_string()));
    }
    let options = options(path).create_if_missing(purpose == Purpose::Migrate);
    let options = match purpose {
        // What a statement of many rows would need to be undone is kept in memory, too.
        Purpose::Load => options
            .statement_cache_capacity(LOADING_STATEMENTS)
            // Each row of a batch is acknowledged: the thread that inserts need not wait until that was read.
            .row_buffer_size(BATCH)
            .pragma("cache_size", LOADING_CACHE)
            .pragma("temp_store", "MEMORY"),
        Purpose::Serve | Purpose::Migrate => options,
    };
    pool(options).await.map_err(|source| OpenError::Unreadable {
        path: path.display().to_string(),
        source,
    })
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
}

async fn pool(options: SqliteConnectOptions) -> sqlx::Result<SqlitePool> {
    // After a crash the first connection reads the whole write-ahead log, however long that takes; a request would not wait.
    let first = options.connect().await?;
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS.into())
        .acquire_timeout(PATIENCE)
        // A file does not hang up, and asking it costs as much as a short statement.
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    first.close().await?;
    Ok(pool)
}

/// How busy the connections for changes are. Nobody waits for one: changes come in turn.
pub(super) fn connections(pool: &SqlitePool) -> Connections {
    let (open, idle) = (pool.size() as usize, pool.num_idle());
    Connections {
        pool: "long",
        most: CONNECTIONS.into(),
        used: open.saturating_sub(idle),
        idle,
        waiting: 0,
    }
}

/// Starts a transaction that no other may write beside.
pub(super) async fn begin(pool: &SqlitePool) -> sqlx::Result<sqlx::Transaction<'static, Sqlite>> {
    pool.begin_with("BEGIN IMMEDIATE").await
}

pub(super) type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

pub(super) fn query(sql: Sql) -> sqlx::Result<Query> {
    let (text, values) = sql.write(Dialect::Sqlite);
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

/// Takes the indexes of albums away where there is no album, and answers what makes them again: a million albums are loaded in half
/// the time if each index is sorted once at the end. Those that keep albums apart stay.
pub(super) async fn set_indexes_aside(connection: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let has_albums: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM albums)")
        .fetch_one(&mut *connection)
        .await?;
    if has_albums {
        return Ok(Vec::new());
    }
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT list.name, made.sql FROM pragma_index_list('albums') AS list JOIN sqlite_master AS made ON made.name = list.name \
         WHERE list.origin = 'c' AND NOT list.\"unique\" ORDER BY made.rowid",
    )
    .fetch_all(&mut *connection)
    .await?;
    for (name, _) in &indexes {
        // The names are those of our own migrations.
        let drop = AssertSqlSafe(format!("DROP INDEX {name}"));
        sqlx::query(drop).execute(&mut *connection).await?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

/// Makes indexes that were set aside.
pub(super) async fn make_indexes(connection: &mut SqliteConnection, indexes: Vec<String>) -> sqlx::Result<()> {
    for sql in indexes {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The migrations that were applied, in their order.
pub(super) async fn applied(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Applied>> {
    let table = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let migrated: i64 = sqlx::query_scalar(table).fetch_one(&mut *connection).await?;
    if migrated == 0 {
        return Ok(Vec::new());
    }
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success = 1 ORDER BY version")
            .fetch_all(connection)
            .await?;
    Ok(applied.into_iter().map(Applied::from).collect())
}

/// Applies the next migration in a transaction of its own; answers whether there was one.
pub(super) async fn migrate_one(pool: &SqlitePool, progress: &mut impl FnMut(Step)) -> Result<bool, MigrateError> {
    // The immediate transaction is the lock: of several programs that migrate at once, one does and the others find it done.
    let mut transaction = begin(pool).await?;
    let applied = applied(&mut transaction).await?;
    let Some(migration) = migrations::next(Dialect::Sqlite, &applied)? else {
        return Ok(false);
    };
    transaction.ensure_migrations_table(migrations::TABLE).await?;
    progress(Step::Started(migration));
    let took = transaction.apply(migrations::TABLE, migration).await?;
    transaction.commit().await?;
    progress(Step::Done(migration, took));
    Ok(true)
}
