//! Deletes what nobody needs any more: sessions that have ended, links that are too old, and what failed long ago.

use std::time::Duration;

use service::health::Readiness;
use service::telemetry::causes;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::accounts::lockout::FORGOTTEN;
use crate::clock::{Clock, Moment};
use crate::store::{Database, StoreError, chores, failures, mail_tokens, sessions};

/// How often to clean.
const PERIOD: Duration = Duration::from_hours(1);
/// How often to see whether it is time.
const LOOK: Duration = Duration::from_mins(1);
/// How many rows to delete at once: whoever changes anything meanwhile waits for no more than that.
const BATCH: i64 = 200;

/// Cleans for as long as the program runs, every hour, as one of all replicas.
pub async fn keep(database: Database, clock: Clock, readiness: Readiness) {
    loop {
        if readiness.is_ready()
            && let Err(error) = clean_if_due(&database, clock.now()).await
        {
            warn!(cause = causes(&error), "cannot clean up");
        }
        sleep(LOOK).await;
    }
}

/// Cleans, unless it was done less than an hour ago.
///
/// # Errors
/// When the database does not answer.
pub async fn clean_if_due(database: &Database, now: Moment) -> Result<(), StoreError> {
    if !chores::claim(database, "cleaning", PERIOD, now).await? {
        return Ok(());
    }
    let sessions = all(|| sessions::delete_expired(database, now, BATCH)).await?;
    let links = all(|| mail_tokens::delete_expired(database, now, BATCH)).await?;
    let long_ago = now.before(FORGOTTEN);
    let failures = all(|| failures::delete_before(database, long_ago, BATCH)).await?;
    info!(sessions, links, failures, "cleaned up");
    Ok(())
}

/// Deletes batches until one is not full; answers how many rows there were.
async fn all<F>(delete: impl Fn() -> F) -> Result<usize, StoreError>
where
    F: Future<Output = Result<usize, StoreError>>,
{
    let mut total = 0;
    loop {
        let count = delete().await?;
        total += count;
        if i64::try_from(count).is_ok_and(|count| count < BATCH) {
            return Ok(total);
        }
    }
}
