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
    let quiet = matches!(route.as_str(), "/livez" | "/readyz");
    let span = tracing::info_span!("request", trace_id = %trace, method = %request.method(), route);

    let mut response = trace.scope(next.run(request).instrument(span.clone())).await;
    if let Ok(id) = HeaderValue::try_from(trace.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    report(&span, response.status(), started, quiet);
    response
}

/// The pattern of the route, which is one of few, where the path is one of many.
fn route(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned())
}

fn report(span: &Span, status: StatusCode, started: Instant, quiet: bool) {
    let status_code = status.as_u16();
    // To the microsecond: more digits would only be noise.
    let duration_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    span.in_scope(|| {
        if status.is_server_error() {
            warn!(status = status_code, duration_ms, "answered");
        } else if quiet {
            debug!(status = status_code, duration_ms, "answered");
        } else {
            info!(status = status_code, duration_ms, "answered");
        }
    });
}
