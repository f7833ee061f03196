//! Keeps the readiness of a running server true to its database and its search index, and tells the log when it changes.

use std::time::Duration;

use service::health::Readiness;
use service::telemetry::causes;
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use crate::search::Searcher;
use crate::store::{Cause, Database, SchemaState, StoreError};

/// How often to look.
const LOOK: Duration = Duration::from_secs(2);
/// How often, where the database refuses the log-in: some lock a user out who tries too often.
const LOOK_REFUSED: Duration = Duration::from_secs(10);
/// How often, while the search index is built for the first time.
const LOOK_INDEXING: Duration = Duration::from_millis(20);
/// After so long without an answer a connection is given up.
const SILENCE: Duration = Duration::from_secs(3);
/// How often to remind of what lasts.
const REMINDER: Duration = Duration::from_mins(5);

/// Looks for as long as the program runs.
pub async fn keep(readiness: Readiness, database: Database, searcher: Searcher) {
    let mut log = Log::default();
    loop {
        let state = if let Some(state) = look(&database).await {
            state
        } else {
            readiness.set(false);
            log.tell(Found::Away("the database does not answer".to_owned()));
            database.schema_state().await
        };
        if matches!(state, Ok(SchemaState::Ready)) {
            searcher.start();
        }
        let (found, pause) = match state {
            Ok(SchemaState::Ready) if !searcher.is_settled() => (Found::Indexing, LOOK_INDEXING),
            Ok(SchemaState::Ready) => (Found::Ready, LOOK),
            Ok(SchemaState::Behind { applied, needed }) => (Found::Behind { applied, needed }, LOOK),
            Err(error) => {
                let pause = if is_refusal(&error) { LOOK_REFUSED } else { LOOK };
                (Found::Away(causes(&error)), pause)
            }
        };
        readiness.set(found == Found::Ready);
        let returned = log.tell(found);
        if returned && let Ok(Ok(true)) = timeout(SILENCE, database.makes_readers_wait()).await {
            warn!("READ_COMMITTED_SNAPSHOT is off: requests wait while a catalogue is imported");
        }
        sleep(pause).await;
    }
}

/// What state the schema is in, asked on a second connection where the first one is silent; none where both are.
async fn look(database: &Database) -> Option<Result<SchemaState, StoreError>> {
    if let Ok(state) = timeout(SILENCE, database.schema_state()).await {
        return Some(state);
    }
    // It may have died without a word, and the others with it.
    database.forget_idle_connections();
    timeout(SILENCE, database.schema_state()).await.ok()
}

fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(Cause::SqlServer(fault)) if fault.is_refusal())
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    Ready,
    Indexing,
    Behind { applied: i64, needed: i64 },
    Away(String),
}

impl Found {
    /// Whether it is worth a line of its own after `other`; an outage shows itself in many words.
    fn differs(&self, other: &Self) -> bool {
        !matches!((self, other), (Self::Away(_), Self::Away(_))) && self != other
    }
}

/// What was told last.
#[derive(Default)]
struct Log(Option<Told>);

struct Told {
    found: Found,
    /// Since when it is so.
    since: Instant,
    /// When it was told last.
    at: Instant,
}

impl Log {
    /// Tells what is new, and reminds of what has lasted for long; answers whether the database has become ready.
    fn tell(&mut self, found: Found) -> bool {
        let now = Instant::now();
        let same = self.0.as_ref().filter(|told| !found.differs(&told.found));
        if same.is_some_and(|told| found == Found::Ready || now - told.at < REMINDER) {
            return false;
        }
        let lasted = self.0.as_ref().map(|told| (now - told.since).as_secs());
        match &found {
            Found::Ready => info!(after_s = lasted, "ready"),
            Found::Indexing => info!("not ready: the search index is being built"),
            Found::Behind { applied, needed } => {
                warn!(
                    applied,
                    needed, "not ready: the schema is too old; run `album-graph migrate`"
                );
            }
            Found::Away(cause) => error!(cause, since_s = same.and(lasted).unwrap_or(0), "not ready"),
        }
        let since = same.map_or(now, |told| told.since);
        let became_ready = found == Found::Ready;
        self.0 = Some(Told { found, since, at: now });
        became_ready
    }
}
