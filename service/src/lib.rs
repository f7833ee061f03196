//! The frame that both programs run in: secrets, telemetry, metrics, the server with its draining, health and embedded assets.

use axum::http::HeaderName;

pub mod assets;
pub mod client;
pub mod encoding;
pub mod front;
pub mod health;
pub mod metrics;
pub mod request_log;
pub mod secret;
pub mod server;
pub mod telemetry;
pub mod trace;
mod watchdog;

/// Names the state of the catalogue that an answer of album-graph was made from, as its `ETag` does for answers that anybody may
/// keep.
pub const CATALOGUE_STATE: HeaderName = HeaderName::from_static("catalogue-state");
