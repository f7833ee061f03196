//! `storefront`: serves the pages of the music store.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Parser;
use service::health::{self, Question, Readiness};
use service::{server, telemetry};
use storefront::config::{Arguments, Command, Config};
use storefront::shop::Shop;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let Arguments { command, config } = Arguments::parse();
    let done = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(&config),
        Command::Health { started: false } => ask_for_health(config.listen, Question::Ready),
        Command::Health { started: true } => ask_for_health(config.listen, Question::Started),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(config: &Config) -> anyhow::Result<()> {
    telemetry::start(&config.log).map_err(|error| anyhow!("--log {}: {error}", config.log))?;
    let readiness = Readiness::default();
    let app = storefront::router(Shop::new(config)?, readiness.clone());
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    // Pages that say that the catalogue is away are answers too: what listens is ready.
    readiness.set(true);
    tracing::info!(listen = %config.listen, album_graph = %config.album_graph, "started");
    server::serve(listener, app, readiness, config.drain()).await?;
    Ok(())
}

fn ask_for_health(listen: SocketAddr, question: Question) -> anyhow::Result<()> {
    health::ask(listen, question).with_context(|| format!("storefront at {listen} is not ready"))
}
