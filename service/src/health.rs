//! Liveness and readiness, and how a container asks for them.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

/// Whether requests should be sent here; shared by whoever knows.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    ready: AtomicBool,
    draining: AtomicBool,
}

impl Readiness {
    /// Says whether what the program depends on is there.
    pub fn set(&self, ready: bool) {
        self.0.ready.store(ready, Ordering::Relaxed);
    }

    /// Says that the program is about to stop: from now on it is never ready again.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the program is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// Whether what the program depends on is there, so that a request can be answered.
    #[must_use]
    pub fn is_serving(&self) -> bool {
        self.0.ready.load(Ordering::Relaxed)
    }

    /// Whether requests should be sent here.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.is_serving() && !self.is_draining()
    }
}

/// `/livez`: the process answers. `/readyz`: requests should be sent here, or 503.
pub fn routes<S: Clone + Send + Sync + 'static>(readiness: Readiness) -> Router<S> {
    let ready = move || async move {
        if readiness.is_ready() {
            (StatusCode::OK, "ready\n")
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    };
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
}

/// Asks the program that listens on `listen` whether it is ready, within two seconds.
///
/// # Errors
/// When nothing answers, or the answer is no.
pub fn ask(listen: SocketAddr) -> io::Result<()> {
    let limit = Duration::from_secs(2);
    let mut connection = TcpStream::connect_timeout(&reachable(listen), limit)?;
    connection.set_read_timeout(Some(limit))?;
    connection.set_write_timeout(Some(limit))?;
    connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: health\r\nConnection: close\r\n\r\n")?;
    let mut status_line = [0; 12];
    connection.read_exact(&mut status_line)?;
    if status_line.ends_with(b" 200") {
        Ok(())
    } else {
        Err(io::Error::other("it answers that it is not ready"))
    }
}

/// A program that listens on every address of its host is asked on the loopback one.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        listen.set_ip(match listen {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    listen
}
