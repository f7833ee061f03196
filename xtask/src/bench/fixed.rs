//! The baseline: the least that a server of the same kind does, which is to send a body that never changes.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use clap::Args;
use tokio::net::TcpListener;

/// What to send.
#[derive(Args)]
pub struct Options {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
    /// How long the body is.
    #[arg(long)]
    bytes: usize,
}

/// Sends the same body to whoever asks, until it is stopped.
pub fn serve(options: &Options) -> anyhow::Result<()> {
    let body = Bytes::from(vec![b'x'; options.bytes]);
    let app = Router::new().fallback(move || async move { body });
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await?;
        Ok(axum::serve(listener, app).await?)
    })
}
