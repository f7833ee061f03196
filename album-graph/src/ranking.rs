//! Keeps the ranking of albums true to what was sold, without a change of the catalogue for each order: at most once a minute, by
//! one of all replicas, and only where an album has overtaken another.

use std::time::Duration;

use service::health::Readiness;
use service::telemetry::causes;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::clock::{Clock, Moment};
use crate::store::{Database, StoreError, chores, revision, sales};

/// How often the ranking may change.
const PERIOD: Duration = Duration::from_mins(1);
/// How often to see whether it is time.
const LOOK: Duration = Duration::from_secs(10);
/// How many orders to count at once: whoever changes the catalogue meanwhile waits for no more than that.
const BATCH: i64 = 500;

/// Refreshes for as long as the program runs.
pub async fn keep(database: Database, clock: Clock, readiness: Readiness) {
    loop {
        if readiness.is_ready()
            && let Err(error) = refresh_if_due(&database, clock.now()).await
        {
            warn!(cause = causes(&error), "cannot refresh the ranking");
        }
        sleep(LOOK).await;
    }
}

/// Refreshes the ranking, unless that was done less than a minute ago.
///
/// # Errors
/// When the database does not answer, or somebody changes the catalogue for long.
pub async fn refresh_if_due(database: &Database, now: Moment) -> Result<(), StoreError> {
    if !chores::claim(database, "ranking", PERIOD, now).await? {
        return Ok(());
    }
    while count_some(database).await? {}
    // Copies that change nothing are kept until they do: every change makes caches ask again.
    if sales::change_order(database).await? && apply(database).await? {
        info!("an album has overtaken another");
    }
    Ok(())
}

/// Counts some orders; answers whether there may be more.
async fn count_some(database: &Database) -> Result<bool, StoreError> {
    let orders = sales::uncounted(database, BATCH).await?;
    if orders.is_empty() {
        return Ok(false);
    }
    let mut transaction = database.begin().await?;
    if !sales::count(&mut transaction, &orders).await? {
        // A replica that took more than a minute is at it.
        transaction.take_back().await;
        return Ok(false);
    }
    transaction.commit().await?;
    Ok(i64::try_from(orders.len()).is_ok_and(|count| count == BATCH))
}

/// Makes what was sold count; answers whether anything was left to count.
async fn apply(database: &Database) -> Result<bool, StoreError> {
    let mut transaction = database.begin().await?;
    let next = revision::next(&mut transaction).await?;
    let applied = sales::apply(&mut transaction, next).await?;
    if applied {
        revision::raise(&mut transaction).await?;
        transaction.commit().await?;
    } else {
        transaction.take_back().await;
    }
    Ok(applied)
}
