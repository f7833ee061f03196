//! Changes that are attempted again where the database broke them off for a reason that passes.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::sleep;

/// How many milliseconds to wait before each further attempt: the other side of a deadlock has gone on by then.
const PAUSES: [u64; 4] = [5, 20, 80, 200];

/// Attempts a whole transaction until it succeeds or fails for a reason that does not pass, which `passes` tells.
///
/// # Errors
/// When it fails for a reason that does not pass, or too often for one that does.
pub async fn retry<T, E, F>(attempt: impl Fn() -> F, passes: impl Fn(&E) -> bool) -> Result<T, E>
where
    E: Display,
    F: Future<Output = Result<T, E>>,
{
    for pause in PAUSES {
        match attempt().await {
            Err(error) if passes(&error) => tracing::debug!(%error, "changing it again"),
            done => return done,
        }
        sleep(Duration::from_millis(pause)).await;
    }
    attempt().await
}
