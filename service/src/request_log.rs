//! One log line for each request, and the trace that it belongs to.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, debug, info, warn};

use crate::front::Came;
use crate::trace::Trace;

/// The response header that names the request, with the trace id of its log line.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: logs method, route, status, duration and trace id, and names the request in `x-request-id`.
///
/// Health checks are logged at debug level while they succeed: an orchestrator asks every few seconds.
pub async fn log(request: Request, next: Next) -> Response {
    let came = request.extensions().get::<Came>();
    let started = came.map_or_else(Instant::now, |came| came.0);
    let trace = Trace::of(request.headers());
    let route = route(&request);
    let quiet = matches!(route.as_str(), "/livez" | "/readyz");
    let span = tracing::info_span!("request", trace_id = %trace, method = %request.method(), route);

    let mut report = Report {
        span: span.clone(),
        started,
        quiet,
        status: None,
    };
    let mut response = trace.scope(next.run(request).instrument(span)).await;
    name(&mut response, trace);
    report.status = Some(response.status());
    response
}

fn name(response: &mut Response, trace: Trace) {
    if let Ok(id) = HeaderValue::try_from(trace.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// The line of a request that is answered without a route: in one event, for there is nothing else to tell of it.
pub(crate) struct Line {
    trace: Trace,
    method: Method,
    came: Came,
}

impl Line {
    pub fn of(request: &Request, came: Came) -> Self {
        Self {
            trace: Trace::of(request.headers()),
            method: request.method().clone(),
            came,
        }
    }

    /// Logs the answer, and names it.
    pub fn write(self, mut response: Response, route: &str) -> Response {
        name(&mut response, self.trace);
        let (status, duration_ms) = (response.status().as_u16(), milliseconds(self.came.0));
        info!(status, duration_ms, trace_id = %self.trace, method = %self.method, route, "answered");
        response
    }
}

/// How long ago that was, to the microsecond: more digits would only be noise.
fn milliseconds(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// The pattern of the route, which is one of few, where the path is one of many.
fn route(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned())
}

/// Logs its line when it is dropped: at the answer, or when the client goes away before and the request is given up.
struct Report {
    span: Span,
    started: Instant,
    quiet: bool,
    status: Option<StatusCode>,
}

impl Drop for Report {
    fn drop(&mut self) {
        let status = self.status.map(|status| status.as_u16());
        let duration_ms = milliseconds(self.started);
        self.span.in_scope(|| match self.status {
            None => warn!(duration_ms, "client went away"),
            Some(code) if code.is_server_error() => warn!(status, duration_ms, "answered"),
            Some(_) if self.quiet => debug!(status, duration_ms, "answered"),
            Some(_) => info!(status, duration_ms, "answered"),
        });
    }
}
