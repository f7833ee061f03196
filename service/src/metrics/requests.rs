//! How many requests there are, how they are answered, and how long that takes.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::durations;

/// Where the files of a program lie, each at a route of its own that changes with its content.
const ASSETS: &str = "/assets/";
/// The code of a request whose client went away before its answer, as nginx has it.
const CLIENT_WENT_AWAY: u16 = 499;

/// All requests of a program; cheap to clone.
#[derive(Clone, Debug)]
pub struct Requests {
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

/// What tells requests apart, each of few values, whatever clients send.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: Route,
    code: u16,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            durations: Family::new_with_constructor(durations),
            in_flight: Gauge::default(),
        }
    }
}

impl Requests {
    /// Has `registry` tell them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "http_server_request_duration_seconds",
            "Requests by how long it took to answer them, up to the first byte",
            self.durations.clone(),
        );
        registry.register(
            "http_server_requests_in_flight",
            "Requests that are being answered",
            self.in_flight.clone(),
        );
    }

    /// Notes that a request has come.
    pub(crate) fn begin(&self) {
        self.in_flight.inc();
    }

    /// Takes that back, for it is noted elsewhere.
    pub(crate) fn leave(&self) {
        self.in_flight.dec();
    }

    /// Notes that it was answered, or where there is no status that it need not be any more.
    pub(crate) fn end(&self, asked: &Asked, status: Option<StatusCode>, took: Duration) {
        self.in_flight.dec();
        let labels = Labels {
            method: asked.method,
            route: asked.route.clone(),
            code: status.map_or(CLIENT_WENT_AWAY, |status| status.as_u16()),
        };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
    }
}

/// What a request asks for, in few words.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    method: &'static str,
    route: Route,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        Self {
            method: match *request.method() {
                Method::GET => "GET",
                Method::HEAD => "HEAD",
                Method::POST => "POST",
                Method::OPTIONS => "OPTIONS",
                // Nobody answers any other, of which there are as many as clients can think of.
                _ => "other",
            },
            route: request
                .extensions()
                .get::<MatchedPath>()
                .map_or(Route::Unmatched, |path| Route::Matched(path.clone())),
        }
    }

    /// Says which route it belongs to.
    pub fn at(&mut self, route: Arc<str>) {
        self.route = Route::Known(route);
    }

    /// The method, or that it is one that nobody answers.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The route as it is written in the table of routes.
    pub fn route(&self) -> &str {
        self.route.as_str()
    }
}

/// The pattern of a request's route, which is one of few, where the path is one of many.
#[derive(Clone, Debug)]
enum Route {
    Matched(MatchedPath),
    /// Where a request was answered before its route was looked for.
    Known(Arc<str>),
    Unmatched,
}

impl Route {
    fn as_str(&self) -> &str {
        match self {
            Self::Matched(path) => path.as_str(),
            Self::Known(route) => route,
            Self::Unmatched => "unmatched",
        }
    }

    /// The same with one name for all assets: otherwise each release would leave its own behind.
    fn label(&self) -> &str {
        match self.as_str() {
            route if route.starts_with(ASSETS) => "/assets/{file}",
            route => route,
        }
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.label() == other.label()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.label().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        self.label().encode(encoder)
    }
}
