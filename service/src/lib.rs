//! The frame that both programs run in: secrets, telemetry, the server with its draining, health and embedded assets.

pub mod assets;
pub mod client;
pub mod health;
pub mod request_log;
pub mod secret;
pub mod server;
pub mod telemetry;
pub mod trace;
