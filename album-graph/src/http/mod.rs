//! GraphQL over HTTP: what may come in, what goes out, and how much of it.

mod answers;
mod caching;
mod documents;
mod negotiation;
mod refusals;
mod request;
mod status;
mod written;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::health::{self, Readiness};
use service::{assets, request_log};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::accounts::{Token, sha256};
use crate::graph::limits::{self, Pricing};
use crate::graph::{self, Code, Introspection, Schema, Services, Visit};
use crate::playground;
use crate::search::Searcher;

use answers::{Answers, Given};
use caching::{give, has_already, public, unchanged};
use documents::Documents;
pub use documents::{Manifest, ManifestError, Trust};
use negotiation::MediaType;
use refusals::{beyond, later, refusal, refuse_method, unavailable, whole};
use request::Parameters;
pub use status::Draft;
use status::{Outcome, status};
use written::written;

/// Largest request body in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How long a browser remembers what another site's page may ask.
const PREFLIGHT: Duration = Duration::from_mins(10);
/// How many genres may have come since they were counted.
const MORE_GENRES: u64 = 50;

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
    /// The sites whose pages may ask from a browser; none of other sites may where there is none.
    pub origins: Vec<HeaderValue>,
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
            origins: Vec::new(),
        }
    }
}

/// What the handlers need.
#[derive(Clone)]
struct App(Arc<Shared>);

struct Shared {
    schema: Schema,
    searcher: Searcher,
    readiness: Readiness,
    playground: bool,
    draft: Draft,
    answers: Answers,
    documents: Documents,
    introspection: Introspection,
    pricing: Pricing,
    /// Tells the answers of this contract from those of any other.
    contract: String,
}

/// The service: GraphQL and the playground at `/graphql`, and its health.
pub fn router(services: Services, readiness: Readiness, options: Options) -> Router {
    let nosniff = HeaderValue::from_static("nosniff");
    let sdl = graph::sdl();
    let app = App(Arc::new(Shared {
        searcher: services.searcher.clone(),
        schema: graph::schema(services, options.introspection),
        readiness: readiness.clone(),
        playground: options.playground,
        draft: options.draft,
        answers: Answers::new(options.answers),
        introspection: options.introspection,
        documents: Documents::new(options.manifest, options.trust),
        pricing: Pricing::new(&sdl),
        contract: sha256(&sdl).chars().take(12).collect(),
    }));
    let mut routes = Router::new()
        .route("/graphql", get(show).post(execute).fallback(not_allowed))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
        .layer(CompressionLayer::new());
    if !options.origins.is_empty() {
        routes = routes.layer(other_sites(options.origins));
    }
    if options.playground {
        routes = routes.merge(assets::routes(playground::assets::ALL));
    }
    routes
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
            refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "Something went wrong on our side.",
            )
        }))
        .layer(middleware::from_fn(request_log::log))
}

/// Lets pages of these sites ask, with credentials, and read what is said beside the answer.
fn other_sites(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .allow_credentials(true)
        .expose_headers([header::ETAG, header::RETRY_AFTER, request_log::REQUEST_ID])
        .max_age(PREFLIGHT)
}

/// A browser that asks for nothing gets the playground; whoever asks a query gets its answer.
async fn show(State(app): State<App>, request: Request) -> Response {
    if !request::asks(request.uri()) && app.0.playground && negotiation::wants_page(request.headers()) {
        return playground::page().into_response();
    }
    execute(State(app), request).await
}

async fn not_allowed() -> Response {
    let message = "Send the query by POST, as JSON, or by GET, in the URL.";
    refuse_method(message, "GET, HEAD, POST")
}

async fn execute(State(app): State<App>, request: Request) -> Response {
    let answer = tokio::time::timeout(TIME_LIMIT, app.0.receive(request)).await;
    let mut response = answer.unwrap_or_else(|_| {
        tracing::warn!("gave up on a request");
        let message = format!("The request took longer than {} seconds.", TIME_LIMIT.as_secs());
        later(refusal(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, &message))
    });
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// A request whose bytes are here.
struct Received {
    question: Bytes,
    media_type: MediaType,
    /// Whether it came in a URL: it must change nothing, and caches may keep the answer.
    by_url: bool,
    headers: HeaderMap,
}

impl Shared {
    /// Reads a request from the wire and answers it.
    async fn receive(&self, request: Request) -> Response {
        let by_url = request.method() != Method::POST;
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        let Some(media_type) = MediaType::accepted(&headers) else {
            let message = "Answers are application/graphql-response+json or application/json.";
            return refusal(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message);
        };
        // Only JSON runs anything: a page of another site cannot send it without asking first.
        if !by_url && !request::is_json(&headers) {
            let message = "The content type must be application/json, and the body not encoded.";
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message);
        }
        if !self.readiness.is_serving() {
            return unavailable();
        }
        let question = if by_url {
            Bytes::from(uri.to_string())
        } else {
            match body(request).await {
                Ok(body) => body,
                Err(refusal) => return refusal,
            }
        };
        let read = || {
            if by_url {
                Parameters::from_url(&uri)
            } else {
                Parameters::from_body(&question)
            }
        };
        let received = Received {
            question: question.clone(),
            media_type,
            by_url,
            headers,
        };
        self.answer(received, read).await
    }

    /// Answers from what is known of the catalogue as it is, or by executing what was asked.
    async fn answer(&self, received: Received, read: impl FnOnce() -> Result<Parameters, String>) -> Response {
        let tag = self.tag();
        if let Some(tag) = &tag {
            if received.by_url && has_already(&received.headers, tag) {
                return unchanged(tag);
            }
            if let Some(given) = self.answers.get(&received.question, tag) {
                return give(given, tag, &received);
            }
        }
        let mut parameters = match read() {
            Ok(parameters) => parameters,
            Err(message) => return refusal(StatusCode::BAD_REQUEST, Code::BadRequest, &message),
        };
        let mut request = match self.documents.find(parameters.named()) {
            Ok(document) => parameters.about(document),
            Err(none) => return refusal(none.status(), none.code, none.message),
        };
        let operation = request.operation_name.clone();
        let mut syntax = false;
        match request.parsed_query() {
            // What cannot be parsed is refused by the execution, with its place in the text.
            Err(_) => syntax = true,
            Ok(document) => {
                if received.by_url && !request::only_reads(document, operation.as_deref()) {
                    return refuse_method("A mutation is sent by POST.", "POST");
                }
            }
        }
        let requested = match limits::check(&mut request, &self.pricing, self.genres()) {
            Ok(cost) => cost.objects,
            Err(excess) => return beyond(&excess),
        };
        let document = request.parsed_query().ok().cloned();
        let visit = visit(&received.headers);
        let witness = visit.witness();
        let mut answer = self.schema.execute(request.data(visit)).await;
        if let Some(document) = document {
            let measured = limits::measure(&document, &answer.data);
            let cost = async_graphql::value!({ "requested": requested, "measured": measured });
            answer.extensions.insert("cost".to_owned(), cost);
        }
        let private = witness.was_asked() || !answer.cache_control.public || answer.cache_control.max_age < 0;
        let max_age = answer.cache_control.max_age;
        if self.introspection == Introspection::Closed {
            written::hide_names(&mut answer);
        }
        let (outcome, body) = written(answer, syntax);
        let tag = tag.filter(|_| !private && outcome == Outcome::Success);
        if let Some(tag) = tag {
            let given = Given {
                body,
                cache_control: public(max_age),
            };
            let question = received.question.clone();
            self.answers.keep(question, Arc::clone(&tag), given.clone());
            return give(given, &tag, &received);
        }
        let mut response = whole(
            status(outcome, received.media_type, self.draft),
            received.media_type,
            body,
        );
        let no_store = HeaderValue::from_static("private, no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, no_store);
        if outcome == Outcome::Unavailable {
            response = later(response);
        }
        response
    }

    /// How many genres there may be: as many as there were a moment ago, and some more.
    fn genres(&self) -> u64 {
        let known = self.searcher.snapshot().map_or(0, |snapshot| snapshot.genres().len());
        MORE_GENRES + known as u64
    }

    /// The `ETag` of whatever is answered about the catalogue as it is; none where that is not known for sure. It is a weak one,
    /// for the fields of an answer come in no certain order.
    fn tag(&self) -> Option<Arc<str>> {
        let state = self.searcher.state()?;
        Some(format!("W/\"{}.{state}\"", self.contract).into())
    }
}

async fn body(request: Request) -> Result<Bytes, Response> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = format!("The body must not be larger than {} kB.", BODY_LIMIT / 1024);
            refusal(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, &message)
        } else {
            let message = "The body did not arrive whole.";
            refusal(StatusCode::BAD_REQUEST, Code::BadRequest, message)
        }
    })
}

/// Who asks; a token that cannot be one of ours is as good as none.
fn visit(headers: &HeaderMap) -> Visit {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (scheme, token) = text(header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .unwrap_or_default();
    let token = Token::parse(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    Visit::new(token, text(header::USER_AGENT).unwrap_or_default())
}
