//! The HTTP server: limits on what a connection may send, and draining when the program is told to stop.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time;
use tower::Service;
use tracing::{debug, info, warn};

use crate::client::Peer;
use crate::health::Readiness;
use crate::watchdog;

/// Most bytes of request line and headers together; more is answered 431.
const HEADER_BYTES: usize = 16 * 1024;
/// Most headers in a request; more is answered 431.
const HEADER_COUNT: usize = 64;
/// How long a client may take over its headers, and how long a kept connection may idle.
const HEADER_TIMEOUT: Duration = Duration::from_mins(1);
/// How long after the signal the program is gone at the latest.
const LAST_CALL: Duration = Duration::from_secs(9);
/// After so long beyond its window a program that was told to stop hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long connections are still accepted after SIGINT: who is connected already gets an answer.
const GRACE: Duration = Duration::from_millis(250);

/// Serves `app` until SIGTERM or SIGINT, then drains.
///
/// After SIGTERM readiness is off but every request is still answered for `window`, each with `Connection: close`, so that
/// whoever routes requests can notice; after SIGINT, that of somebody who waits at a terminal, for a moment. Then no
/// connection is accepted any more, what is in flight is finished, and nine seconds after the signal at the latest the server
/// is gone. A SIGINT during all that ends it at once. A process that is still there ten seconds after the window hangs, and is
/// ended with code 70.
///
/// # Errors
/// When signals cannot be listened for.
pub async fn serve<A: App>(listener: TcpListener, app: A, readiness: Readiness, window: Duration) -> io::Result<()> {
    let app = Door {
        app,
        readiness: readiness.clone(),
    };
    let connections = GracefulShutdown::new();
    watchdog::watch(window + PATIENCE)?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);

    let window = tokio::select! {
        never = accept(&listener, &app, &connections) => match never {},
        _ = terminate.recv() => window,
        _ = interrupt.recv() => GRACE,
    };
    readiness.drain();
    info!(connections = connections.count(), "stopping");
    let drained = async {
        let signalled = time::Instant::now();
        let _ = time::timeout(window.min(LAST_CALL), accept(&listener, &app, &connections)).await;
        drop(listener);
        time::timeout_at(signalled + LAST_CALL, connections.shutdown())
            .await
            .is_ok()
    };
    tokio::select! {
        true = drained => info!("stopped"),
        _ = interrupt.recv() => warn!("stopped at once"),
        else => warn!("stopped with connections still open"),
    }
    Ok(())
}

/// What answers every request, one way or another.
pub trait App:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<A> App for A where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
}

#[derive(Clone)]
struct Door<A> {
    app: A,
    readiness: Readiness,
}

impl<A: App> Door<A> {
    fn answer(
        &self,
        request: hyper::Request<Incoming>,
        peer: Peer,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<A> {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let Self { mut app, readiness } = self.clone();
        async move {
            let mut response = app.call(request).await?;
            if readiness.is_draining() {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok(response)
        }
    }
}

/// Serves `app` for as long as the program runs.
pub(crate) async fn serve_to_the_end<A: App>(listener: TcpListener, app: A) -> Infallible {
    let readiness = Readiness::default();
    accept(&listener, &Door { app, readiness }, &GracefulShutdown::new()).await
}

/// Accepts connections for ever.
async fn accept<A: App>(listener: &TcpListener, app: &Door<A>, connections: &GracefulShutdown) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => answer(stream, Peer(peer), app.clone(), connections),
            Err(error) => {
                // Out of file descriptors, most likely: others must close before this can succeed.
                warn!(%error, "cannot accept a connection");
                time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn answer<A: App>(stream: TcpStream, peer: Peer, app: Door<A>, connections: &GracefulShutdown) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "cannot set TCP_NODELAY");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_header_size(HEADER_BYTES)
        .max_headers(HEADER_COUNT)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(move |request| app.answer(request, peer)),
        );
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "connection failed");
        }
    });
}
