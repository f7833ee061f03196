//! Metrics in Prometheus' text format, on a port of their own: what they tell is for the operator alone.

mod cache;
mod process;
mod requests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use tokio::net::TcpListener;
use tracing::{error, info};

use crate::server;

pub use cache::Lookups;
pub use prometheus_client::registry::Registry;
pub(crate) use requests::Asked;
pub use requests::Requests;

/// The revision of the source that the program was built from, where whoever built it said so.
const REVISION: &str = match option_env!("REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// The upper bounds of durations that are told apart, in seconds: from an answer that is remembered to one that is given up.
const BOUNDS: [f64; 13] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
];

/// How long something took, in seconds.
#[must_use]
pub fn durations() -> Histogram {
    Histogram::new(BOUNDS)
}

/// What every program tells: what was built, and how its process fares.
#[must_use]
pub fn registry(program: &'static str) -> Registry {
    let mut registry = Registry::default();
    let build = [
        ("program", program),
        ("version", env!("CARGO_PKG_VERSION")),
        ("revision", REVISION),
    ];
    registry.register("music_store_build", "What is running", Info::new(build));
    registry.register_collector(Box::new(process::Process::starting_now()));
    registry
}

/// Serves `/metrics` for as long as the program runs, while it drains, too; answers once it listens.
///
/// # Errors
/// When `address` cannot be listened on.
pub async fn serve(address: SocketAddr, registry: Registry) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    info!(metrics = %listener.local_addr()?, "telling metrics");
    tokio::spawn(server::serve_to_the_end(listener, routes(registry)));
    Ok(())
}

fn routes(registry: Registry) -> Router {
    let registry = Arc::new(registry);
    Router::new().route("/metrics", get(move || async move { tell(&registry) }))
}

fn tell(registry: &Registry) -> Response {
    let mut text = String::new();
    match prometheus_text::encode(&mut text, registry) {
        Ok(()) => ([(header::CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            error!(%error, "cannot write metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
