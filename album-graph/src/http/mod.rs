//! GraphQL over HTTP: what may come in, what goes out, and how much of it.

mod answers;
mod caching;
mod documents;
mod exchange;
mod metrics;
mod negotiation;
mod operations;
mod rate;
mod recall;
mod refusals;
mod request;
mod status;
mod written;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::client::Proxies;
use service::front::Front;
use service::health::{self, Readiness};
use service::{CATALOGUE_STATE, assets, encoding, request_log};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowCredentials, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::docs::{self, Facts, Fared};
use crate::graph::limits::BODY;
use crate::graph::{Code, Introspection, Services};
use crate::playground;

pub use documents::{Manifest, ManifestError, Trust};
use exchange::Exchange;
pub use metrics::Metrics;
use negotiation::MediaType;
pub use recall::Recall;
use refusals::{later, refusal, refuse_method, unavailable};
pub use status::Draft;
use status::{Outcome, status};

/// Where GraphQL is.
const GRAPHQL: &str = "/graphql";
/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How long a browser remembers what another site's page may ask.
const PREFLIGHT: Duration = Duration::from_mins(10);

/// How the service speaks HTTP.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether browsers get the playground.
    pub playground: bool,
    /// Which status codes it answers.
    pub draft: Draft,
    /// How many bytes of answers about the catalogue are kept to be given again; 0 keeps none.
    pub answers: u64,
    /// Documents that clients may name instead of sending them.
    pub manifest: Manifest,
    /// Whose documents are run.
    pub trust: Trust,
    /// Whether clients may ask for the schema, and are helped with the names in it.
    pub introspection: Introspection,
    /// Whose word is taken for whom they ask.
    pub proxies: Proxies,
    /// How many objects a client may ask for each second; as many as it likes where there is no number.
    pub rate: Option<NonZeroU32>,
    /// The sites whose pages may ask from a browser; none of other sites may where there is none.
    pub origins: Vec<HeaderValue>,
    /// What counts all that.
    pub metrics: Metrics,
}

impl Default for Options {
    /// With the playground, and nothing kept.
    fn default() -> Self {
        Self {
            playground: true,
            draft: Draft::default(),
            answers: 0,
            manifest: Manifest::default(),
            trust: Trust::default(),
            introspection: Introspection::default(),
            proxies: Proxies::default(),
            rate: None,
            origins: Vec::new(),
            metrics: Metrics::default(),
        }
    }
}

/// What the handlers need.
#[derive(Clone)]
struct App(Arc<Exchange>);

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}

/// The service, to be asked like any other.
pub fn router(services: Services, readiness: Readiness, options: Options) -> Router {
    Router::new().fallback_service(front(services, readiness, options))
}

/// The service: GraphQL and the playground at `/graphql`, its reference at `/docs`, and its health. What was answered before is
/// answered at the door.
pub fn front(services: Services, readiness: Readiness, options: Options) -> Front<Recall> {
    let nosniff = HeaderValue::from_static("nosniff");
    let (playground, origins) = (options.playground, options.origins.clone());
    let requests = options.metrics.requests.clone();
    // A schema that may not be asked for is not read aloud either.
    let reference = (playground && options.introspection == Introspection::Open).then(|| facts(&options));
    let app = App(Arc::new(Exchange::new(services, readiness.clone(), options)));
    let mut routes = Router::new()
        .route(GRAPHQL, get(show).post(execute).fallback(not_allowed))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(app.clone())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(encoding::be_lenient));
    let recall = Recall {
        app,
        for_other_sites: !origins.is_empty(),
        route: GRAPHQL.into(),
    };
    if !origins.is_empty() {
        routes = routes.layer(other_sites(origins));
    }
    if playground {
        routes = routes.merge(assets::routes(playground::assets::ALL));
    }
    if let Some(facts) = reference {
        routes = routes.merge(docs::routes(facts));
    }
    let routes = routes
        .merge(health::routes(readiness))
        .fallback(|| async {
            refusal(
                StatusCode::NOT_FOUND,
                Code::NotFound,
                "There is nothing here: GraphQL is at /graphql.",
            )
        })
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            nosniff,
        ))
        .layer(CatchPanicLayer::custom(|_| {
            // What it said is on stderr; here is of which request it was.
            tracing::error!("panicked");
            refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "Something went wrong on our side.",
            )
        }))
        .layer(middleware::from_fn_with_state(requests.clone(), request_log::log));
    Front::new(recall, routes, requests)
}

/// What the reference says of HTTP.
fn facts(options: &Options) -> Facts {
    let statuses = Outcome::ALL.map(|(outcome, how)| {
        let code = |media_type| status(outcome, media_type, options.draft).as_u16();
        Fared {
            how,
            graphql: code(MediaType::GraphQl),
            json: code(MediaType::Json),
        }
    });
    Facts {
        statuses: statuses.into(),
        rate: options.rate.map(|rate| (rate, rate::room(rate))),
        time_limit: TIME_LIMIT,
    }
}

/// Lets pages of these sites ask, with credentials, and read what is said beside the answer.
fn other_sites(origins: Vec<HeaderValue>) -> CorsLayer {
    let listed = origins.clone();
    let credentials = AllowCredentials::predicate(move |origin, _| listed.contains(origin));
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .allow_credentials(credentials)
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            CATALOGUE_STATE,
            rate::RATE_LIMIT,
            rate::POLICY,
            request_log::REQUEST_ID,
        ])
        .max_age(PREFLIGHT)
}

/// A browser that asks for nothing gets the playground; whoever asks a query gets its answer.
async fn show(State(app): State<App>, request: Request) -> Response {
    if !request::asks(request.uri()) && app.0.playground && negotiation::wants_page(request.headers()) {
        return playground::page(app.0.introspection).into_response();
    }
    execute(State(app), request).await
}

async fn not_allowed() -> Response {
    let message = "Send the query by POST, as JSON, or by GET, in the URL.";
    refuse_method(message, "GET, HEAD, POST")
}

async fn execute(State(app): State<App>, request: Request) -> Response {
    let answer = tokio::time::timeout(TIME_LIMIT, app.0.receive(request)).await;
    vary(answer.unwrap_or_else(|_| {
        // What takes long while the database is away is no fault of whoever asked.
        if app.0.readiness.is_serving() {
            gave_up()
        } else {
            unavailable()
        }
    }))
}

fn gave_up() -> Response {
    tracing::warn!("gave up on a request");
    let message = format!("The request took longer than {} seconds.", TIME_LIMIT.as_secs());
    later(refusal(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, &message))
}

/// Says to caches that the media type is chosen by what the client accepts.
fn vary(mut response: Response) -> Response {
    let accept = HeaderValue::from_static("Accept");
    response.headers_mut().append(header::VARY, accept);
    response
}
