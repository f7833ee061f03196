//! The database: one of two kinds, opened, migrated, asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use iso_currency::Currency;
use sqlx::migrate::Migration;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::connections::{Connections, Queue};
use super::credentials::Credentials;
use super::embedded;
use super::embedded_pool::{Change, EmbeddedPool};
use super::error::{Cause, MigrateError, OpenError, StoreError};
use super::fault::Fault;
use super::memo::Memos;
use super::migrations::{self, Applied, SchemaState, Step};
use super::sql::{Dialect, MOST_VALUES, Sql};
use super::sql_server::{self, Lease, SqlServer};
use super::sqlite;
use super::url::{DatabaseUrl, Purpose};

/// Connections to one database from one process, where nothing else is said.
pub(super) const CONNECTIONS: u8 = 8;
/// How long a request waits for a connection, and a change for another one.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// How many values a question about many keys binds beside them, at the most.
const OTHER_VALUES: usize = 100;

#[derive(Clone, Debug)]
enum Pool {
    Sqlite {
        changes: SqlitePool,
        connections: Arc<EmbeddedPool>,
    },
    SqlServer(SqlServer),
}

/// A database that was opened; cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
    /// Whose turn it is to change something: who waits for others here holds no connection meanwhile, so that readers find one,
    /// and comes in turn.
    turns: Arc<Semaphore>,
    queue: Arc<Queue>,
    statements: Arc<AtomicU64>,
    memos: Arc<Memos>,
    mail_bell: Arc<Notify>,
}

impl Database {
    /// Opens the database at `url`. A server is asked only when there is a question.
    ///
    /// # Errors
    /// When an embedded database cannot be read, or is not there, or a server's connection string is of no use.
    pub async fn open(url: &DatabaseUrl, purpose: Purpose) -> Result<Self, OpenError> {
        let pool = match url {
            DatabaseUrl::Sqlite(path) => {
                let changes = sqlite::open(path, purpose).await?;
                let connections =
                    Arc::new(EmbeddedPool::new(path).map_err(|error| OpenError::Pool(error.to_string()))?);
                Pool::Sqlite { changes, connections }
            }
            DatabaseUrl::SqlServer(files) => Pool::SqlServer(SqlServer::open(Credentials::read(files)?, purpose)?),
        };
        let writers = match &pool {
            // It has one writer, whatever is written.
            Pool::Sqlite { .. } => 1,
            Pool::SqlServer(server) => (server.connections().most / 2).max(1),
        };
        Ok(Self {
            pool,
            turns: Arc::new(Semaphore::new(writers)),
            queue: Arc::default(),
            statements: Arc::default(),
            memos: Arc::default(),
            mail_bell: Arc::default(),
        })
    }

    /// Applies every migration that is missing, each in a transaction of its own, and answers how many.
    ///
    /// # Errors
    /// When the database is newer than this program, was migrated with another text, is out of reach, or refuses.
    pub async fn migrate(&self, mut progress: impl FnMut(Step)) -> Result<usize, MigrateError> {
        let mut count = 0;
        loop {
            let applied = match &self.pool {
                Pool::Sqlite { changes, .. } => sqlite::migrate_one(changes, &mut progress).await?,
                Pool::SqlServer(server) => migrations::migrate_one(server, &mut progress).await?,
            };
            if !applied {
                return Ok(count);
            }
            count += 1;
        }
    }

    /// The migrations that [`migrate`](Self::migrate) would apply now.
    ///
    /// # Errors
    /// As `migrate`.
    pub async fn missing_migrations(&self) -> Result<Vec<&'static Migration>, MigrateError> {
        let applied = match &self.pool {
            Pool::Sqlite { changes, .. } => sqlite::applied(&mut *changes.acquire().await?).await?,
            Pool::SqlServer(server) => migrations::applied(server).await.map_err(|fault| match fault {
                fault if fault.is_unavailable() => MigrateError::Unreachable(fault),
                fault => MigrateError::Failed(fault.into()),
            })?,
        };
        migrations::missing(self.dialect(), &applied)
    }

    /// Compares the schema with what this program needs; a newer one will do (expand, then contract).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let applied: Vec<Applied> = match &self.pool {
            Pool::Sqlite { changes, .. } => sqlite::applied(&mut *changes.acquire().await?).await?,
            Pool::SqlServer(server) => migrations::applied(server).await?,
        };
        Ok(migrations::state(self.dialect(), &applied))
    }

    /// Closes the connections that nobody uses, for they may be as dead as one that was found to be.
    pub fn forget_idle_connections(&self) {
        if let Pool::SqlServer(server) = &self.pool {
            server.forget_idle();
        }
    }

    /// Whether somebody who reads waits for somebody who writes: SQL Server's own setting, and nobody's wish for a shop.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn makes_readers_wait(&self) -> Result<bool, StoreError> {
        let Pool::SqlServer(server) = &self.pool else {
            return Ok(false);
        };
        let waiting =
            "SELECT COUNT(*) AS total FROM sys.databases WHERE name = DB_NAME() AND is_read_committed_snapshot_on = 0";
        let rows = server.fetch_all(Sql::new(waiting)).await?;
        let total = rows.first().map(|row| row.optional_integer("total")).transpose()?;
        Ok(total.flatten() == Some(1))
    }

    fn dialect(&self) -> Dialect {
        match &self.pool {
            Pool::Sqlite { .. } => Dialect::Sqlite,
            Pool::SqlServer(_) => Dialect::SqlServer,
        }
    }

    /// How many statements this process has asked so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How busy the connections of this process are.
    #[must_use]
    pub fn connections(&self) -> Vec<Connections> {
        match &self.pool {
            Pool::Sqlite { changes, connections } => vec![connections.connections(), sqlite::connections(changes)],
            Pool::SqlServer(server) => vec![server.connections()],
        }
    }

    /// How many changes of this process wait for their turn.
    #[must_use]
    pub fn waiting_changes(&self) -> usize {
        self.queue.length()
    }

    /// Waits until this process has queued a mail.
    pub async fn mail_queued(&self) {
        self.mail_bell.notified().await;
    }

    /// Says in which state the catalogue is, which whoever watches it knows; none while that is not known for sure. Rows that
    /// hardly ever change are kept until the state is another one.
    pub fn catalogue_is(&self, state: Option<&Arc<str>>) {
        self.memos.artist_rows.turn(state);
        self.memos.genre_rows.turn(state);
    }

    /// What was read since the catalogue changed last.
    pub(super) fn memos(&self) -> &Memos {
        &self.memos
    }

    /// Closes every connection; SQLite waits for what is under way and folds its write-ahead log into the file.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { changes, connections } => {
                connections.close().await;
                changes.close().await;
            }
            Pool::SqlServer(server) => server.close(),
        }
    }

    /// Starts a change of the catalogue; another one waits until it has ended.
    ///
    /// # Errors
    /// When the database does not answer, or another change takes too long.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let turn = self.turn(Instant::now() + PATIENCE).await?;
        Ok(self.started(match &self.pool {
            Pool::Sqlite { changes, .. } => Inner::Sqlite(sqlite::begin(changes).await?, turn),
            Pool::SqlServer(server) => Inner::SqlServer(server.begin(Some("catalogue")).await?, turn),
        }))
    }

    /// Starts a change of a few rows of something else; where two change the same rows, one waits for the other.
    ///
    /// # Errors
    /// As `begin`.
    pub async fn transaction(&self) -> Result<Transaction, StoreError> {
        let last = Instant::now() + PATIENCE;
        let turn = self.turn(last).await?;
        Ok(self.started(match &self.pool {
            Pool::Sqlite { connections, .. } => Inner::Embedded(connections.begin(turn, last).await?),
            Pool::SqlServer(server) => Inner::SqlServer(server.begin(None).await?, turn),
        }))
    }

    async fn turn(&self, last: Instant) -> Result<OwnedSemaphorePermit, StoreError> {
        let turn = timeout_at(last, self.queue.wait(Arc::clone(&self.turns).acquire_owned())).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| match &self.pool {
            Pool::Sqlite { .. } => sqlx::Error::PoolTimedOut.into(),
            Pool::SqlServer(_) => Fault::Exhausted(PATIENCE).into(),
        })
    }

    fn started(&self, inner: Inner) -> Transaction {
        Transaction {
            inner,
            statements: Arc::clone(&self.statements),
            mail_bell: Arc::clone(&self.mail_bell),
            has_mail: false,
        }
    }

    pub(super) async fn fetch_all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &self.pool {
            Pool::Sqlite { connections, .. } => {
                let rows = connections.fetch_all(sql).await?;
                Ok(rows.into_iter().map(Row::Embedded).collect())
            }
            Pool::SqlServer(server) => {
                let rows = server.fetch_all(sql).await?;
                Ok(rows.into_iter().map(Row::SqlServer).collect())
            }
        }
    }

    /// Asks `question` about all of `keys`: in one statement, or in several where they are more than one can bind.
    pub(super) async fn fetch_for(
        &self,
        keys: &[i64],
        question: impl Fn(&[i64]) -> Sql,
    ) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for keys in keys.chunks(MOST_VALUES - OTHER_VALUES) {
            rows.append(&mut self.fetch_all(question(keys)).await?);
        }
        Ok(rows)
    }

    pub(super) async fn fetch_optional(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch_all(sql).await?.into_iter().next())
    }
}

/// How a change goes on, and the turn by which it may; an embedded one keeps its own.
#[derive(Debug)]
enum Inner {
    /// On a thread of its own, for it may take long.
    Sqlite(sqlx::Transaction<'static, Sqlite>, OwnedSemaphorePermit),
    Embedded(Change),
    SqlServer(Lease, OwnedSemaphorePermit),
}

/// One change of the database: all of it or nothing.
#[derive(Debug)]
pub struct Transaction {
    inner: Inner,
    statements: Arc<AtomicU64>,
    mail_bell: Arc<Notify>,
    has_mail: bool,
}

impl Transaction {
    /// Keeps the change; dropped without, it never happened.
    ///
    /// # Errors
    /// When the database does not answer. Where the connection broke meanwhile, it is uncertain whether the change was kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Inner::Sqlite(transaction, _turn) => transaction.commit().await?,
            Inner::Embedded(change) => change.commit()?,
            Inner::SqlServer(mut lease, _turn) => lease.commit().await.map_err(|fault| match fault {
                fault if fault.is_unavailable() => StoreError::Uncertain(Cause::from(fault)),
                other => other.into(),
            })?,
        }
        if self.has_mail {
            self.mail_bell.notify_one();
        }
        Ok(())
    }

    /// Takes the change back, and waits for that: dropped, it never happened either, but a server's connection is lost.
    pub async fn take_back(self) {
        let taken_back = match self.inner {
            Inner::Sqlite(transaction, _turn) => transaction.rollback().await.map_err(StoreError::from),
            Inner::Embedded(change) => {
                drop(change);
                Ok(())
            }
            Inner::SqlServer(mut lease, _turn) => lease.roll_back().await.map_err(StoreError::from),
        };
        if let Err(error) = taken_back {
            // The connection broke, and the change with it.
            tracing::debug!(%error, "cannot take a change back");
        }
    }

    /// Says that there is mail to be sent, once the change is kept.
    pub(super) fn has_mail(&mut self) {
        self.has_mail = true;
    }

    /// The connection, where it is the embedded database's.
    pub(super) fn sqlite(&mut self) -> Option<&mut SqliteConnection> {
        match &mut self.inner {
            Inner::Sqlite(transaction, _) => Some(&mut *transaction),
            Inner::Embedded(_) | Inner::SqlServer(..) => None,
        }
    }

    pub(super) async fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            Inner::Sqlite(transaction, _) => {
                let rows = sqlite::query(sql)?.fetch_all(&mut **transaction).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Inner::Embedded(change) => Ok(change.fetch_all(sql)?.into_iter().map(Row::Embedded).collect()),
            Inner::SqlServer(lease, _) => {
                let (text, values) = sql.write(Dialect::SqlServer);
                let rows = lease.fetch_all(&text, &values).await?;
                Ok(rows.into_iter().map(Row::SqlServer).collect())
            }
        }
    }

    pub(super) async fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &mut self.inner {
            Inner::Sqlite(transaction, _) => Ok(sqlite::query(sql)?.execute(&mut **transaction).await?.rows_affected()),
            Inner::Embedded(change) => change.execute(sql),
            Inner::SqlServer(lease, _) => {
                let (text, values) = sql.write(Dialect::SqlServer);
                Ok(lease.execute(&text, &values).await?)
            }
        }
    }
}

/// One row of an answer, asked by column name. NULL where a value is due, or another type, is an error.
#[derive(Debug)]
pub enum Row {
    /// Of the embedded database, on the way of long changes.
    Sqlite(SqliteRow),
    /// Of the embedded database.
    Embedded(embedded::Row),
    /// Of a server.
    SqlServer(sql_server::Row),
}

impl Row {
    pub(super) fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        self.optional_integer(column)?.ok_or(StoreError::Corrupt { column })
    }

    pub(super) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.try_get(column)?),
            Self::Embedded(row) => row.optional_integer(column),
            Self::SqlServer(row) => Ok(row.optional_integer(column)?),
        }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.str(column)?.to_owned())
    }

    pub(super) fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.optional_str(column)?.map(str::to_owned))
    }

    pub(super) fn currency(&self, column: &'static str) -> Result<Currency, StoreError> {
        Currency::from_code(self.str(column)?).ok_or(StoreError::Corrupt { column })
    }

    pub(super) fn str(&self, column: &'static str) -> Result<&str, StoreError> {
        self.optional_str(column)?.ok_or(StoreError::Corrupt { column })
    }

    pub(super) fn optional_str(&self, column: &'static str) -> Result<Option<&str>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(row.try_get(column)?),
            Self::Embedded(row) => row.optional_str(column),
            Self::SqlServer(row) => Ok(row.optional_str(column)?),
        }
    }
}
