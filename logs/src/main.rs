//! `logs`: forwards what the containers of a machine print to a syslog server.
//!
//! Two tasks and a queue on disk between them: `reader ▶ queue ▶ sender`. A line and how far its container was read are
//! written in one transaction, and a line leaves the queue only when the destination is known to have read it.

mod config;
mod container;
mod destination;
mod heartbeat;
mod line;
mod queue;
mod reader;
mod rotation;
mod sender;
mod syslog;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::Parser as _;
use config::{Arguments, Command, Ship};
use destination::Destination;
use queue::Queue;
use reader::Reader;
use service::telemetry;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::info;

/// How long after SIGTERM lines are still sent; what is not confirmed then is sent again after the next start.
const LAST_CALL: Duration = Duration::from_secs(8);

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Ship(settings) => ship(&settings),
        Command::Health(state) => heartbeat::check(&state.state).context("lines are not being read"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("logs: {}", telemetry::causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn ship(settings: &Ship) -> anyhow::Result<()> {
    telemetry::start(&settings.log).map_err(|error| anyhow!("--log {}: {error}", settings.log))?;
    let destination = Destination::read(&settings.destination, &settings.authorities)?;
    let queue = Queue::open(&settings.state.state, settings.queue_mib * 1024 * 1024)
        .await
        .with_context(|| format!("cannot keep lines in {}", settings.state.state.display()))?;
    let queue = Arc::new(queue);
    let reader = Reader::new(settings, Arc::clone(&queue)).await?;
    info!(node = settings.node, waiting_bytes = queue.bytes(), "started");

    let stop = CancellationToken::new();
    let mut sending = tokio::spawn(sender::run(Arc::clone(&queue), destination, stop.clone()));
    tokio::select! {
        failed = reader.run() => match failed? {},
        failed = &mut sending => failed?,
        signalled = told_to_stop() => signalled?,
    }
    stop.cancel();
    if timeout(LAST_CALL, sending).await.is_err() {
        info!(
            waiting_bytes = queue.bytes(),
            "stopped before everything was confirmed: the rest waits on disk"
        );
    } else {
        info!(waiting_bytes = queue.bytes(), "stopped");
    }
    Ok(())
}

async fn told_to_stop() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
