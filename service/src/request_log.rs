//! One log line for each request, its part in the metrics, and the trace that it belongs to.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, debug, info, warn};

use crate::metrics::{Asked, Requests};
use crate::trace::{self, Trace};

/// The response header that names the request, with the trace id of its log line.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: logs method, route, status, duration and trace id, counts that, and names the request in `x-request-id`.
///
/// Health checks are logged at debug level while they succeed: an orchestrator asks every few seconds.
pub async fn log(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let header = request.headers().get(trace::HEADER);
    let trace = Trace::from_header(header.and_then(|value| value.to_str().ok()));
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
    if let Ok(id) = HeaderValue::try_from(trace.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    report.status = Some(response.status());
    response
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
        let quiet = matches!(self.asked.route(), "/livez" | "/readyz");
        self.requests.end(&self.asked, self.status, took);
        let status = self.status.map(|status| status.as_u16());
        // To the microsecond: more digits would only be noise.
        let duration_ms = (took.as_secs_f64() * 1e6).round() / 1e3;
        self.span.in_scope(|| match self.status {
            None => warn!(duration_ms, "client went away"),
            Some(code) if code.is_server_error() => warn!(status, duration_ms, "answered"),
            Some(_) if quiet => debug!(status, duration_ms, "answered"),
            Some(_) => info!(status, duration_ms, "answered"),
        });
    }
}
