//! One log line for each request, its part in the metrics, and the trace that it belongs to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, debug, info, warn};

use crate::front::Came;
use crate::metrics::{Asked, Requests};
use crate::trace::Trace;

/// The response header that names the request, with the trace id of its log line.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: logs method, route, status, duration and trace id, counts that, and names the request in `x-request-id`.
///
/// Health checks are logged at debug level while they succeed: an orchestrator asks every few seconds.
pub async fn log(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let came = request.extensions().get::<Came>();
    let started = came.map_or_else(Instant::now, |came| came.0);
    let trace = Trace::of(request.headers());
    let asked = Asked::of(&request);
    let span = tracing::info_span!("request", trace_id = %trace, method = %request.method(), route = asked.route());

    requests.begin();
    let mut report = Report {
        requests,
        span: span.clone(),
        started,
        asked,
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

/// Tells of a request that is looked at before there is a route: in one event, for there is nothing else to tell of it.
pub(crate) struct Line {
    requests: Requests,
    trace: Trace,
    asked: Asked,
    came: Came,
    is_told: bool,
}

impl Line {
    pub fn of(request: &Request, came: Came, requests: Requests) -> Self {
        requests.begin();
        Self {
            requests,
            trace: Trace::of(request.headers()),
            asked: Asked::of(request),
            came,
            is_told: false,
        }
    }

    /// Tells of the answer, and names it.
    pub fn write(mut self, mut response: Response, route: Arc<str>) -> Response {
        name(&mut response, self.trace);
        self.asked.at(route);
        self.tell(Some(response.status()));
        response
    }

    /// Leaves it to a route to tell of the request.
    pub fn leave(mut self) {
        self.requests.leave();
        self.is_told = true;
    }

    fn tell(&mut self, status: Option<StatusCode>) {
        let took = self.came.0.elapsed();
        self.requests.end(&self.asked, status, took);
        self.is_told = true;
        let (trace_id, method, route) = (self.trace, self.asked.method(), self.asked.route());
        let duration_ms = milliseconds(took);
        match status.map(|status| status.as_u16()) {
            None => warn!(duration_ms, %trace_id, method, route, "client went away"),
            Some(status) => info!(status, duration_ms, %trace_id, method, route, "answered"),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.is_told {
            self.tell(None);
        }
    }
}

/// To the microsecond: more digits would only be noise.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// Tells of a request when it is dropped: at the answer, or when the client goes away before and the request is given up.
struct Report {
    requests: Requests,
    span: Span,
    started: Instant,
    asked: Asked,
    status: Option<StatusCode>,
}

impl Drop for Report {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        let quiet = matches!(self.asked.route(), "/livez" | "/readyz" | "/startz");
        self.requests.end(&self.asked, self.status, took);
        let status = self.status.map(|status| status.as_u16());
        let duration_ms = milliseconds(took);
        self.span.in_scope(|| match self.status {
            None => warn!(duration_ms, "client went away"),
            Some(code) if code.is_server_error() => warn!(status, duration_ms, "answered"),
            Some(_) if quiet => debug!(status, duration_ms, "answered"),
            Some(_) => info!(status, duration_ms, "answered"),
        });
    }
}
