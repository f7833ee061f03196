//! GraphQL over HTTP: what may come in, what goes out, and how much of it.

mod answers;
mod negotiation;
mod request;
mod status;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Response as Answer, ServerError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use service::health::{self, Readiness};
use service::{assets, request_log};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::accounts::{Token, sha256};
use crate::graph::limits::{self, Excess, Pricing};
use crate::graph::{self, Code, Schema, Services, Visit};
use crate::playground;
use crate::search::Searcher;

use answers::{Answers, Given};
use negotiation::MediaType;
pub use status::Draft;
use status::{Outcome, status};

/// Largest request body in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How many genres may have come since they were counted.
const MORE_GENRES: u64 = 50;
/// After how many seconds to ask again, where the database is away or busy.
const RETRY_AFTER: &str = "5";

/// How the service speaks HTTP.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether browsers get the playground.
    pub playground: bool,
    /// Which status codes it answers.
    pub draft: Draft,
    /// How many bytes of answers about the catalogue are kept to be given again; 0 keeps none.
    pub answers: u64,
}

impl Default for Options {
    /// With the playground, and nothing kept.
    fn default() -> Self {
        Self {
            playground: true,
            draft: Draft::default(),
            answers: 0,
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
    options: Options,
    answers: Answers,
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
        schema: graph::schema(services),
        readiness: readiness.clone(),
        options,
        answers: Answers::new(options.answers),
        pricing: Pricing::new(&sdl),
        contract: sha256(&sdl).chars().take(12).collect(),
    }));
    let mut routes = Router::new()
        .route("/graphql", get(show).post(execute).fallback(not_allowed))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
        .layer(CompressionLayer::new());
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

/// A browser that asks for nothing gets the playground; whoever asks a query gets its answer.
async fn show(State(app): State<App>, request: Request) -> Response {
    let asks = request
        .uri()
        .query()
        .is_some_and(|query| query.split('&').any(|part| part.starts_with("query=")));
    if !asks && app.0.options.playground && negotiation::wants_page(request.headers()) {
        return playground::page().into_response();
    }
    execute(State(app), request).await
}

async fn not_allowed() -> Response {
    let message = "Send the query by POST, as JSON, or by GET, in the URL.";
    refuse_method(message, "GET, HEAD, POST")
}

fn refuse_method(message: &str, allowed: &'static str) -> Response {
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message);
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
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
                request::from_url(&uri)
            } else {
                request::from_body(&question)
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
    async fn answer(
        &self,
        received: Received,
        read: impl FnOnce() -> Result<async_graphql::Request, String>,
    ) -> Response {
        let tag = self.tag();
        if let Some(tag) = &tag {
            if received.by_url && has_already(&received.headers, tag) {
                return unchanged(tag);
            }
            if let Some(given) = self.answers.get(&received.question, tag) {
                return give(given, tag, &received);
            }
        }
        let mut request = match read() {
            Ok(request) => request,
            Err(message) => return refusal(StatusCode::BAD_REQUEST, Code::BadRequest, &message),
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
            status(outcome, received.media_type, self.options.draft),
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

/// Whether the client has what would be answered (RFC 9110, 13.1.2).
fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tags = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let mut tags = tags.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    tags.any(|known| opaque(known) == opaque(tag))
}

fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    mark(response.headers_mut(), tag, public(0));
    response
}

/// What everybody may keep, and for how long without asking again.
fn public(max_age: i32) -> HeaderValue {
    HeaderValue::try_from(format!("public, max-age={}, must-revalidate", max_age.max(0)))
        .unwrap_or_else(|_| HeaderValue::from_static("no-cache"))
}

/// Gives an answer that does not depend on who asks.
fn give(given: Given, tag: &str, received: &Received) -> Response {
    let mut response = whole(StatusCode::OK, received.media_type, given.body);
    if received.by_url {
        mark(response.headers_mut(), tag, given.cache_control);
    }
    response
}

fn mark(headers: &mut HeaderMap, tag: &str, cache_control: HeaderValue) {
    headers.insert(header::CACHE_CONTROL, cache_control);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
}

fn whole(status: StatusCode, media_type: MediaType, body: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, media_type.content_type())], body).into_response()
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

/// The body of an answer, and how the request fared.
fn written(mut answer: Answer, syntax: bool) -> (Outcome, Bytes) {
    // Every resolver gives its errors a code: one without is about the request itself.
    let about_request = |error: &ServerError| code_of(error).is_none();
    let nothing = answer.data == async_graphql::Value::Null && !answer.errors.is_empty();
    let began = !(nothing && answer.errors.iter().all(about_request));
    for error in answer.errors.iter_mut().filter(|error| about_request(error)) {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", Code::BadRequest.as_str());
    }
    let has = |code: Code| answer.errors.iter().any(|error| code_of(error) == Some(code.as_str()));
    let outcome = match began {
        false if syntax => Outcome::Syntax,
        false => Outcome::Validation,
        true if has(Code::Unavailable) => Outcome::Unavailable,
        true if nothing && has(Code::Internal) => Outcome::Fault,
        true if nothing => Outcome::Failure,
        true if !answer.errors.is_empty() => Outcome::Partial,
        true => Outcome::Success,
    };
    let body = if began {
        serde_json::to_vec(&answer)
    } else {
        serde_json::to_vec(&json!({ "errors": answer.errors }))
    };
    match body {
        Ok(body) => (outcome, body.into()),
        Err(error) => {
            tracing::error!(%error, "cannot write an answer");
            let body = complaint(Code::Internal, "Something went wrong on our side.");
            (Outcome::Fault, body.into())
        }
    }
}

fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code),
        _ => None,
    }
}

/// The answer while the database is away or its schema too old.
fn unavailable() -> Response {
    let message = "The service is not ready: try again in a moment.";
    later(refusal(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message))
}

/// Says when to ask again.
fn later(mut response: Response) -> Response {
    let after = HeaderValue::from_static(RETRY_AFTER);
    response.headers_mut().insert(header::RETRY_AFTER, after);
    response
}

/// An answer to a request that is not executed.
fn refusal(status: StatusCode, code: Code, message: &str) -> Response {
    whole(status, MediaType::Json, complaint(code, message).into())
}

/// An answer to a request that asks for too much.
fn beyond(excess: &Excess) -> Response {
    let mut error = ServerError::new(&excess.message, None);
    error.extensions = Some(excess.extensions());
    let body = json!({ "errors": [error] }).to_string();
    whole(StatusCode::BAD_REQUEST, MediaType::Json, body.into())
}

fn complaint(code: Code, message: &str) -> String {
    json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] }).to_string()
}
