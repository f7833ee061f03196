//! Lines from the queue to the destination.
//!
//! Syslog has no answers: what was written to a connection may have been read, may lie in a buffer, or may be lost with the
//! machine that it was for. The one thing that a server tells is that it closes a connection after it has read its end. So lines
//! go out at once over a connection of a bounded length, and leave the queue when the server has closed that after us. If it
//! does not, or closes before us, all of that connection's lines are sent again.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::destination::{ConnectError, Destination};
use crate::queue::Queue;
use service::telemetry::causes;

/// How long a connection is used before it has to be confirmed: what may have to be sent twice.
const LENGTH: Duration = Duration::from_secs(10);
/// For how many bytes it is used at least and at most. A destination that reads slowly could confirm the most never.
const LEAST: usize = 64 * 1024;
const MOST: usize = 16 * 1024 * 1024;
/// How long the end of a connection waits for what may already be on its way from the other side: a server that went away
/// before it got the last lines has then been heard of, and its going is not taken for a confirmation.
const SETTLE: Duration = Duration::from_secs(1);
/// How long the destination may take over connecting, over taking a batch, and over confirming.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait before each new try.
const PAUSES: [u64; 5] = [1, 2, 4, 8, 15];
/// How often the log says that the destination is still away.
const REMINDER: Duration = Duration::from_mins(5);

/// Why lines have to be sent again.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the destination does not answer")]
    Silent,
    #[error("the destination has hung up")]
    HungUp,
    #[error("the connection to the destination broke")]
    Broken(#[from] io::Error),
    #[error("the destination does not confirm: it keeps a connection open that was closed here, or does not answer")]
    Unconfirmed,
    #[error("cannot read the queue")]
    Queue(#[from] sqlx::Error),
}

/// Sends until told to stop.
pub async fn run(queue: Arc<Queue>, destination: Destination, stop: CancellationToken) {
    let mut absence = Absence::default();
    let mut most = MOST;
    loop {
        match send(&queue, &destination, most, &stop).await {
            Ok(()) => {
                absence.end(&queue);
                most = (most * 2).min(MOST);
            }
            Err(error) => {
                absence.tell(&error, &queue);
                most = (most / 2).max(LEAST);
            }
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = sleep(absence.pause()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Waits for lines and sends about `most` bytes of them over one connection.
async fn send(
    queue: &Queue,
    destination: &Destination,
    most: usize,
    stop: &CancellationToken,
) -> Result<(), SendError> {
    while queue.next(0).await?.is_none() {
        tokio::select! {
            () = queue.appended() => {}
            () = stop.cancelled() => return Ok(()),
        }
    }
    let connected = timeout(PATIENCE, destination.connect());
    let (mut input, mut output) = tokio::io::split(connected.await.map_err(|_| SendError::Silent)??);
    let mut ended = std::pin::pin!(end(&mut input));

    let deadline = Instant::now() + LENGTH;
    let (mut last, mut bytes) = (0, 0);
    while bytes < most && Instant::now() < deadline && !stop.is_cancelled() {
        if let Some(batch) = queue.next(last).await? {
            let write = async {
                output.write_all(&batch.frames).await?;
                output.flush().await
            };
            tokio::select! {
                written = timeout(PATIENCE, write) => written.map_err(|_| SendError::Silent)??,
                ended = &mut ended => return Err(gone(ended)),
            }
            (last, bytes) = (batch.id, bytes + batch.frames.len());
            continue;
        }
        // Nothing is appended before something was confirmed.
        if queue.is_full() {
            break;
        }
        tokio::select! {
            () = queue.appended() => {}
            () = sleep_until(deadline) => {}
            () = stop.cancelled() => {}
            ended = &mut ended => return Err(gone(ended)),
        }
    }
    tokio::select! {
        () = sleep(SETTLE) => {}
        ended = &mut ended => return Err(gone(ended)),
    }
    let confirmed = async {
        output.shutdown().await?;
        ended.await
    };
    timeout(PATIENCE, confirmed)
        .await
        .map_err(|_| SendError::Unconfirmed)??;
    queue.confirm(last).await?;
    Ok(())
}

/// What it means that the other side closes a connection before us.
fn gone(ended: io::Result<()>) -> SendError {
    ended.err().map_or(SendError::HungUp, SendError::Broken)
}

/// Waits until the other side closes the connection; what it says before is not for us.
async fn end(input: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut ignored = [0; 1024];
    loop {
        match input.read(&mut ignored).await {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // Many servers close without saying so in TLS.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// How long the destination has been away, and when that was last told.
#[derive(Default)]
struct Absence {
    tries: usize,
    told: Option<Instant>,
}

impl Absence {
    fn pause(&self) -> Duration {
        match self.tries {
            0 => Duration::ZERO,
            tries => Duration::from_secs(PAUSES[(tries - 1).min(PAUSES.len() - 1)]),
        }
    }

    fn tell(&mut self, error: &SendError, queue: &Queue) {
        self.tries += 1;
        // Each line here is a line to send: a few are enough.
        if self.told.is_none_or(|told| told.elapsed() >= REMINDER) {
            self.told = Some(Instant::now());
            let (error, tries, waiting_bytes) = (causes(error), self.tries, queue.bytes());
            warn!(error, tries, waiting_bytes, "lines wait on disk");
        }
    }

    fn end(&mut self, queue: &Queue) {
        if self.tries > 0 {
            info!(
                tries = self.tries,
                waiting_bytes = queue.bytes(),
                "the destination takes lines again"
            );
        }
        *self = Self::default();
    }
}
