//! Connections to the embedded database, for questions and for changes that are soon done.
//!
//! A statement runs where it is asked for. A question that takes longer than a moment is begun again on a thread of its own, so
//! that nobody else waits for it, and is ended when nobody waits for its answer any more. SQLite itself may sleep for seconds
//! while another program has locked its file, which no question can be told beforehand: so one of the threads that serve requests
//! never asks it anything, and somebody looks after the others.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::task;
use tokio::time::{Instant, sleep, timeout_at};

use super::StoreError;
use super::attendant::{Asked, Attendant};
use super::connections::{Connections, Queue};
use super::database::{CONNECTIONS, PATIENCE};
use super::embedded::{Connection, Leash, Row, busy, is_busy, was_cut};
use super::sql::{Dialect, Sql};

/// How long a question may keep others from the thread that it is asked on.
const MOMENT: Duration = Duration::from_millis(1);
/// How long to wait before asking again whether another program's change has ended.
const PAUSE: Duration = Duration::from_millis(2);
/// After so many changes they are folded into the file.
const FOLD: u64 = 100;

/// Connections, opened when they are needed.
#[derive(Debug)]
pub(super) struct EmbeddedPool {
    path: PathBuf,
    /// Nobody uses these; the one that was used last, which remembers most, is lent first.
    idle: Mutex<Vec<Connection>>,
    /// Whoever waits inside SQLite keeps the turn, also when nobody waits for the answer any more, so that there are never
    /// more threads that wait there.
    turns: Arc<Semaphore>,
    /// Threads that serve requests and may ask: all but one.
    threads: Semaphore,
    attendant: Attendant,
    queue: Queue,
    changes: AtomicU64,
}

impl EmbeddedPool {
    pub fn new(path: &Path) -> io::Result<Self> {
        let runtime = Handle::current();
        let threads = runtime.metrics().num_workers() - 1;
        Ok(Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            turns: Arc::new(Semaphore::new(CONNECTIONS.into())),
            threads: Semaphore::new(threads),
            attendant: Attendant::new(runtime)?,
            queue: Queue::default(),
            changes: AtomicU64::new(0),
        })
    }

    /// All rows of the answer.
    pub async fn fetch_all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        let (text, values) = sql.write(Dialect::Sqlite);
        let last = Instant::now() + PATIENCE;
        let turn = self.turn(last).await?;
        let (connection, turn) = self.lend(turn, last).await?;
        if let Some(_thread) = self.thread() {
            connection.allow(Some(MOMENT), Duration::ZERO)?;
            match connection.fetch_all(&text, &values) {
                Ok(rows) => {
                    self.put_back(connection);
                    return Ok(rows);
                }
                Err(error) if was_cut(&error) || is_busy(&error) => {}
                // A connection that has failed is not lent again.
                Err(error) => return Err(error.into()),
            }
        }
        let leash = connection.leash();
        let attended = Attended(Some(Arc::clone(&leash)));
        let begun = Instant::now();
        let mut asked = Box::pin(aside(move || {
            let rows = connection.allow(None, PATIENCE);
            let rows = rows.and_then(|()| connection.fetch_all(&text, &values));
            drop(turn);
            (connection, rows)
        }));
        let answered = match timeout_at(last, &mut asked).await {
            Ok(answered) => answered,
            // It takes long, but it goes on.
            Err(_) if leash.was_seen() => asked.await,
            Err(_) => return Err(busy().into()),
        };
        let (connection, rows) = answered?;
        attended.end();
        self.attendant.note(begun.elapsed());
        Ok(rows.inspect(|_| self.put_back(connection))?)
    }

    /// Starts a change that no other may be made beside, for whom it is the `turn`, or gives up after `last`.
    pub async fn begin(self: &Arc<Self>, turn: OwnedSemaphorePermit, last: Instant) -> Result<Change, StoreError> {
        let mut lent = self.lend(turn, last).await?;
        loop {
            let begun;
            (lent, begun) = self.try_to_begin(lent, last).await?;
            match begun {
                Ok(_) => break,
                Err(error) if !is_busy(&error) || Instant::now() > last => return Err(error.into()),
                Err(_) => sleep(PAUSE).await,
            }
        }
        let (connection, turn) = lent;
        Ok(Change {
            connection: Some(connection),
            home: Arc::clone(self),
            _turn: turn,
        })
    }

    async fn try_to_begin(&self, lent: Lent, last: Instant) -> Result<(Lent, rusqlite::Result<u64>), StoreError> {
        let begin = |lent: Lent| {
            let begun = lent.0.allow(None, Duration::ZERO);
            let begun = begun.and_then(|()| lent.0.execute("BEGIN IMMEDIATE", &[]));
            (lent, begun)
        };
        if let Some(_thread) = self.thread() {
            return Ok(begin(lent));
        }
        let asked = Instant::now();
        let begun = Box::pin(timeout_at(last, aside(move || begin(lent)))).await;
        self.attendant.note(asked.elapsed());
        begun.map_err(|_| busy())?
    }

    /// Leave to ask from a thread that serves requests.
    fn thread(&self) -> Option<(SemaphorePermit<'_>, Asked<'_>)> {
        Some((self.threads.try_acquire().ok()?, self.attendant.ask()?))
    }

    async fn turn(&self, last: Instant) -> Result<OwnedSemaphorePermit, StoreError> {
        if let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(turn);
        }
        let turn = timeout_at(last, self.queue.wait(Arc::clone(&self.turns).acquire_owned())).await;
        let turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        Ok(turn.map_err(|_| sqlx::Error::PoolClosed)?)
    }

    async fn lend(&self, turn: OwnedSemaphorePermit, last: Instant) -> Result<Lent, StoreError> {
        if let Some(connection) = self.take_idle() {
            return Ok((connection, turn));
        }
        let path = self.path.clone();
        let open = move || Connection::open(&path).map(|connection| (connection, turn));
        let opened = Box::pin(timeout_at(last, aside(open))).await;
        Ok(opened.map_err(|_| busy())???)
    }

    fn take_idle(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.turns.is_closed() {
            idle.push(connection);
        }
    }

    /// How busy they are.
    pub fn connections(&self) -> Connections {
        Connections {
            pool: "embedded",
            most: CONNECTIONS.into(),
            used: usize::from(CONNECTIONS) - self.turns.available_permits(),
            idle: self.idle.lock().unwrap_or_else(PoisonError::into_inner).len(),
            waiting: self.queue.length(),
        }
    }

    /// Counts a change, and has them folded into the file now and then.
    fn count(self: &Arc<Self>) {
        if !(self.changes.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(FOLD) {
            return;
        }
        let home = Arc::clone(self);
        task::spawn(async move {
            let last = Instant::now() + PATIENCE;
            let Ok(turn) = home.turn(last).await else {
                return;
            };
            let Ok((connection, turn)) = home.lend(turn, last).await else {
                return;
            };
            let folded = aside(move || {
                let folded = connection.execute("PRAGMA wal_checkpoint(PASSIVE)", &[]);
                drop(turn);
                (connection, folded)
            });
            match folded.await {
                Ok((connection, Ok(_))) => home.put_back(connection),
                Ok((_, Err(error))) => tracing::warn!(%error, "cannot fold changes into the file"),
                Err(_) => {}
            }
        });
    }

    /// Closes every connection, once what is under way is answered.
    pub async fn close(&self) {
        let all = self.turns.acquire_many(CONNECTIONS.into()).await;
        self.turns.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        drop(all);
    }
}

/// A connection, and the turn by which it was lent.
type Lent = (Connection, OwnedSemaphorePermit);

/// Does something on a thread that may wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    task::spawn_blocking(work)
        .await
        .map_err(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The program ends.
            Err(_) => sqlx::Error::PoolClosed.into(),
        })
}

/// Somebody waits for the answer to a question; dropped before the end, the question is not answered any more.
struct Attended(Option<Arc<Leash>>);

impl Attended {
    fn end(mut self) {
        self.0 = None;
    }
}

impl Drop for Attended {
    fn drop(&mut self) {
        if let Some(leash) = &self.0 {
            leash.cut();
        }
    }
}

/// A change under way; dropped before it is kept, it never happened.
#[derive(Debug)]
pub(super) struct Change {
    connection: Option<Connection>,
    home: Arc<EmbeddedPool>,
    _turn: OwnedSemaphorePermit,
}

impl Change {
    fn connection(&self) -> Result<&Connection, StoreError> {
        Ok(self.connection.as_ref().ok_or(sqlx::Error::PoolClosed)?)
    }

    pub fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        let (text, values) = sql.write(Dialect::Sqlite);
        Ok(self.connection()?.fetch_all(&text, &values)?)
    }

    pub fn execute(&mut self, sql: Sql) -> Result<u64, StoreError> {
        let (text, values) = sql.write(Dialect::Sqlite);
        Ok(self.connection()?.execute(&text, &values)?)
    }

    pub fn commit(self) -> Result<(), StoreError> {
        self.connection()?.execute("COMMIT", &[])?;
        self.home.count();
        Ok(())
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        // What cannot be taken back in order is taken back with the connection.
        if !connection.is_changing() || connection.execute("ROLLBACK", &[]).is_ok() {
            self.home.put_back(connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use tempfile::TempDir;
    use tokio::sync::Semaphore;
    use tokio::task::yield_now;
    use tokio::time::{Instant, timeout};

    use super::{CONNECTIONS, Change, EmbeddedPool, MOMENT, PATIENCE};
    use crate::store::StoreError;
    use crate::store::sql::Sql;

    struct Kept {
        connections: Arc<EmbeddedPool>,
        _folder: TempDir,
    }

    fn keep() -> Kept {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("shop.sqlite");
        let made = rusqlite::Connection::open(&path).unwrap();
        made.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE sold (album INTEGER NOT NULL)")
            .unwrap();
        Kept {
            connections: Arc::new(EmbeddedPool::new(&path).unwrap()),
            _folder: folder,
        }
    }

    async fn begin(connections: &Arc<EmbeddedPool>) -> Result<Change, StoreError> {
        let turn = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        connections.begin(turn, Instant::now() + PATIENCE).await
    }

    fn count_to(most: i64) -> Sql {
        let mut sql = Sql::new("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ");
        sql.bind(most).push(") SELECT COUNT(*) AS total FROM n");
        sql
    }

    #[tokio::test]
    async fn a_question_that_takes_long_keeps_nobody_waiting() {
        let shop = keep();
        let answered = Arc::new(AtomicBool::new(false));
        let others = tokio::spawn({
            let answered = Arc::clone(&answered);
            async move {
                let mut turns = 0;
                while !answered.load(Ordering::Relaxed) {
                    turns += 1;
                    yield_now().await;
                }
                turns
            }
        });
        let rows = shop.connections.fetch_all(count_to(3_000_000)).await.unwrap();
        answered.store(true, Ordering::Relaxed);
        assert_eq!(rows[0].optional_integer("total").unwrap(), Some(3_000_000));
        assert!(others.await.unwrap() > 1);
    }

    #[tokio::test]
    async fn a_question_whose_answer_nobody_waits_for_is_ended() {
        let shop = keep();
        let asked = timeout(10 * MOMENT, shop.connections.fetch_all(count_to(i64::MAX))).await;
        assert!(asked.is_err());
        // All can be lent again; would it go on, this would wait for ever.
        let all = shop.connections.turns.acquire_many(CONNECTIONS.into()).await;
        assert!(all.is_ok());
    }

    #[tokio::test]
    async fn a_change_waits_for_that_of_another_program() {
        let shop = keep();
        let other = rusqlite::Connection::open(&shop.connections.path).unwrap();
        other
            .execute_batch("BEGIN IMMEDIATE; INSERT INTO sold VALUES (1)")
            .unwrap();
        let ours = tokio::spawn({
            let connections = Arc::clone(&shop.connections);
            async move {
                let mut change = begin(&connections).await?;
                change.execute(Sql::new("INSERT INTO sold VALUES (2)"))?;
                change.commit()
            }
        });
        yield_now().await;
        other.execute_batch("COMMIT").unwrap();
        ours.await.unwrap().unwrap();
        let sold = Sql::new("SELECT COUNT(*) AS total FROM sold");
        let rows = shop.connections.fetch_all(sold).await.unwrap();
        assert_eq!(rows[0].optional_integer("total").unwrap(), Some(2));
    }

    #[tokio::test]
    async fn a_change_that_is_not_kept_never_happened() {
        let shop = keep();
        let mut change = begin(&shop.connections).await.unwrap();
        change.execute(Sql::new("INSERT INTO sold VALUES (1)")).unwrap();
        drop(change);
        let sold = Sql::new("SELECT COUNT(*) AS total FROM sold");
        let rows = shop.connections.fetch_all(sold).await.unwrap();
        assert_eq!(rows[0].optional_integer("total").unwrap(), Some(0));
    }
}
