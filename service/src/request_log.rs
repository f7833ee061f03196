//! One log line for each request, and the trace that it belongs to.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, debug, info, warn};

use crate::trace::{self, Trace};

/// The response header that names the request, with the trace id of its log line.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: logs method, route, status, duration and trace id, and names the request in `x-request-id`.
///
/// Health checks are logged at debug level while they succeed: an orchestrator asks every few seconds.
pub async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let header = request.headers().get(trace::HEADER);
    let trace = Trace::from_header(header.and_then(|value| value.to_str().ok()));
    let route = route(&request);
    let quiet = matches!(route.as_str(), "/livez" | "/readyz" | "/startz");
    let span = tracing::info_span!("request", trace_id = %trace, method = %request.method(), route);

    let mut report = Report {
        span: span.clone(),
        started,
        quiet,
        status: None,
    };
    let mut response = trace.scope(next.run(request).instrument(span)).await;
    if let Ok(id) = HeaderValue::try_from(trace.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    report.status = Some(response.status());
    response
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
        // To the microsecond: more digits would only be noise.
        let duration_ms = (self.started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        self.span.in_scope(|| match self.status {
            None => warn!(duration_ms, "client went away"),
            Some(code) if code.is_server_error() => warn!(status, duration_ms, "answered"),
            Some(_) if self.quiet => debug!(status, duration_ms, "answered"),
            Some(_) => info!(status, duration_ms, "answered"),
        });
    }
}
