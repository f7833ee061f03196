//! Connections of the embedded database that answer questions, and change nothing.
//!
//! The pool of sqlx asks each connection that comes back whether it is alive, which costs two changes of thread and a task of its
//! own: as much as a short statement. A file does not hang up, and a connection that has failed is not lent again.

use std::sync::{Mutex, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connections::{Connections, Queue};
use super::database::{CONNECTIONS, PATIENCE};
use super::sqlite::Query;

/// Connections for questions, opened when they are needed.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    /// Nobody uses these; the one that was used last, which remembers most, is lent first.
    idle: Mutex<Vec<SqliteConnection>>,
    turns: Semaphore,
    queue: Queue,
}

impl Readers {
    pub fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            idle: Mutex::default(),
            turns: Semaphore::new(CONNECTIONS.into()),
            queue: Queue::default(),
        }
    }

    /// All rows of the answer.
    pub async fn fetch_all(&self, query: Query) -> sqlx::Result<Vec<SqliteRow>> {
        let turn = timeout(PATIENCE, self.queue.wait(self.turns.acquire())).await;
        let _turn = turn
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.take_idle();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        let rows = query.fetch_all(&mut connection).await?;
        // Where nobody waited for the answer any more, this is not reached: the connection may still be at it.
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(rows)
    }

    fn take_idle(&self) -> Option<SqliteConnection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// How busy they are.
    pub fn connections(&self) -> Connections {
        Connections {
            pool: "reads",
            most: CONNECTIONS.into(),
            used: usize::from(CONNECTIONS) - self.turns.available_permits(),
            idle: self.idle.lock().unwrap_or_else(PoisonError::into_inner).len(),
            waiting: self.queue.length(),
        }
    }

    /// Closes every connection, once what is under way is answered.
    pub async fn close(&self) {
        let all = self.turns.acquire_many(CONNECTIONS.into()).await;
        self.turns.close();
        while let Some(connection) = self.take_idle() {
            // What cannot be closed in order is closed all the same.
            let _ = connection.close().await;
        }
        drop(all);
    }
}
