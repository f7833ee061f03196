//! Logs as logfmt on stdout.

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, filter};

/// Starts logging; `directives` is what `tracing`'s `EnvFilter` reads, such as `info` or `info,sqlx=debug`.
///
/// # Errors
/// Answers what is wrong with `directives`.
pub fn start(directives: &str) -> Result<(), filter::ParseError> {
    let lines = tracing_logfmt::builder().with_span_path(false).layer();
    tracing_subscriber::registry()
        .with(EnvFilter::builder().parse(directives)?)
        .with(lines)
        .init();
    Ok(())
}
