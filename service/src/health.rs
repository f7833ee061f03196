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
    started: AtomicBool,
    draining: AtomicBool,
}

impl Readiness {
    /// Says whether what the program depends on is there.
    pub fn set(&self, ready: bool) {
        self.0.ready.store(ready, Ordering::Relaxed);
        self.0.started.fetch_or(ready, Ordering::Relaxed);
    }

    /// Whether what the program depends on has been there once.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.0.started.load(Ordering::Relaxed)
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

/// `/livez`: the process answers. `/startz`: it has been ready once, or 503. `/readyz`: requests should be sent here, or 503.
pub fn routes<S: Clone + Send + Sync + 'static>(readiness: Readiness) -> Router<S> {
    let started = readiness.clone();
    let started = move || async move { answer(started.has_started(), "started\n", "not started\n") };
    let ready = move || async move { answer(readiness.is_ready(), "ready\n", "not ready\n") };
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/startz", get(started))
        .route("/readyz", get(ready))
}

fn answer(yes: bool, positive: &'static str, negative: &'static str) -> (StatusCode, &'static str) {
    if yes {
        (StatusCode::OK, positive)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, negative)
    }
}

/// What a running program is asked about its health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether requests should be sent to it.
    Ready,
    /// Whether it has been ready once: that what it depends on is away is no reason to restart it.
    Started,
}

impl Question {
    fn path(self) -> &'static str {
        match self {
            Self::Ready => "/readyz",
            Self::Started => "/startz",
        }
    }
}

/// Asks the program that listens on `listen`, within two seconds.
///
/// # Errors
/// When nothing answers, or the answer is no.
pub fn ask(listen: SocketAddr, question: Question) -> io::Result<()> {
    let limit = Duration::from_secs(2);
    let mut connection = TcpStream::connect_timeout(&reachable(listen), limit)?;
    connection.set_read_timeout(Some(limit))?;
    connection.set_write_timeout(Some(limit))?;
    let path = question.path();
    let request = format!("GET {path} HTTP/1.1\r\nHost: health\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut status_line = [0; 12];
    connection.read_exact(&mut status_line)?;
    if status_line.ends_with(b" 200") {
        Ok(())
    } else {
        Err(io::Error::other("it answers no"))
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
