//! GraphQL over HTTP: what may come in, what goes out, and how much of it.

use std::net::IpAddr;
use std::time::Duration;

use async_graphql::{Response as Answer, ServerError, Variables};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::client::Proxies;
use service::health::{self, Readiness};
use service::{assets, request_log};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::accounts::Token;
use crate::graph::{Code, Schema, Visit, limits};
use crate::playground;

/// Largest request body in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// After how many seconds to ask again, where the database is away or busy.
const RETRY_AFTER: &str = "5";

/// How the door is set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether browsers get a playground.
    pub playground: bool,
    /// Whose word is taken on where a request comes from.
    pub proxies: Proxies,
}

/// What the handlers need.
#[derive(Clone)]
struct App {
    schema: Schema,
    readiness: Readiness,
    options: Options,
}

/// The service: GraphQL and the playground at `/graphql`, and its health.
pub fn router(schema: Schema, readiness: Readiness, options: Options) -> Router {
    let playground = options.playground;
    let nosniff = HeaderValue::from_static("nosniff");
    let app = App {
        schema,
        readiness: readiness.clone(),
        options,
    };
    let mut routes = Router::new()
        .route("/graphql", get(show).post(execute).fallback(not_allowed))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(app)
        .layer(CompressionLayer::new());
    if playground {
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

/// A browser gets the playground; programs are told to use POST.
async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if app.options.playground && accept.to_ascii_lowercase().contains("text/html") {
        return playground::page().into_response();
    }
    let mut response = not_allowed().await;
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

async fn not_allowed() -> Response {
    let mut response = refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        Code::BadRequest,
        "Send the query by POST, as JSON.",
    );
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

/// A GraphQL request, as <https://graphql.github.io/graphql-over-http/> has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    query: String,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
    #[serde(default)]
    extensions: Option<Map<String, Value>>,
}

async fn execute(State(app): State<App>, request: axum::extract::Request) -> Response {
    let answer = tokio::time::timeout(TIME_LIMIT, answer(app, request)).await;
    answer.unwrap_or_else(|_| {
        tracing::warn!("gave up on a request");
        let message = format!("The request took longer than {} seconds.", TIME_LIMIT.as_secs());
        later(refusal(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, &message))
    })
}

async fn answer(app: App, request: axum::extract::Request) -> Response {
    let headers = request.headers().clone();
    let client = app.options.proxies.client(&request);
    // Only JSON runs anything: a page of another site cannot send it without asking first.
    if !is_json(&headers) {
        let message = "The content type must be application/json, and the body not encoded.";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message);
    }
    if !app.readiness.is_serving() {
        return unavailable();
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("The body must not be larger than {} kB.", BODY_LIMIT / 1024);
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, &message);
        }
        Err(_) => {
            return refusal(
                StatusCode::BAD_REQUEST,
                Code::BadRequest,
                "The body did not arrive whole.",
            );
        }
    };
    match read(&body) {
        Ok(request) => {
            let answer = app.schema.execute(request.data(visit(&headers, client))).await;
            respond(answer, media_type(&headers))
        }
        Err(message) => refusal(StatusCode::BAD_REQUEST, Code::BadRequest, &message),
    }
}

/// Reads a request and finds out whether it may be run.
fn read(body: &[u8]) -> Result<async_graphql::Request, String> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err("The body must be one JSON object with a `query` text.".to_owned());
    }
    let request = serde_json::from_slice::<Request>(body);
    let request = request.map_err(|error| format!("The body must be one JSON object with a `query` text: {error}."))?;
    let mut request = request.into_graphql();
    // What cannot be parsed is refused by the execution, with its place in the text.
    let refusal = request.parsed_query().ok().and_then(limits::refusal);
    refusal.map_or(Ok(request), Err)
}

impl Request {
    fn into_graphql(self) -> async_graphql::Request {
        let variables = Variables::from_json(Value::Object(self.variables.unwrap_or_default()));
        let request = async_graphql::Request::new(self.query).variables(variables);
        // Extensions are accepted, as the protocol asks, and none is known.
        drop(self.extensions);
        match self.operation_name {
            Some(name) if !name.is_empty() => request.operation_name(name),
            _ => request,
        }
    }
}

/// Who asks; a token that cannot be one of ours is as good as none.
fn visit(headers: &HeaderMap, client: IpAddr) -> Visit {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (scheme, token) = text(header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .unwrap_or_default();
    let token = Token::parse(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    Visit::new(token, client, text(header::USER_AGENT).unwrap_or_default())
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    let plain = !headers.contains_key(header::CONTENT_ENCODING);
    plain && essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// The protocol's own media type for who knows it, plain JSON for all others.
fn media_type(headers: &HeaderMap) -> &'static str {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if accept.contains("application/graphql-response+json") {
        "application/graphql-response+json; charset=utf-8"
    } else {
        "application/json; charset=utf-8"
    }
}

/// Puts an answer on the wire, with a status that says whether it began, and whether it may succeed later.
fn respond(mut answer: Answer, media_type: &'static str) -> Response {
    // Every resolver gives its errors a code: one without is about the request itself.
    let about_request = |error: &ServerError| code_of(error).is_none();
    let nothing = answer.data == async_graphql::Value::Null && !answer.errors.is_empty();
    let began = !(nothing && answer.errors.iter().all(about_request));
    for error in answer.errors.iter_mut().filter(|error| about_request(error)) {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", Code::BadRequest.as_str());
    }
    let has = |code: Code| answer.errors.iter().any(|error| code_of(error) == Some(code.as_str()));
    let (status, body) = if !began {
        (
            StatusCode::BAD_REQUEST,
            serde_json::to_string(&json!({ "errors": answer.errors })),
        )
    } else if has(Code::Unavailable) {
        (StatusCode::SERVICE_UNAVAILABLE, serde_json::to_string(&answer))
    } else if nothing && has(Code::Internal) {
        (StatusCode::INTERNAL_SERVER_ERROR, serde_json::to_string(&answer))
    } else {
        (StatusCode::OK, serde_json::to_string(&answer))
    };
    match body {
        Ok(body) => {
            let response = (status, [(header::CONTENT_TYPE, media_type)], body).into_response();
            if status == StatusCode::SERVICE_UNAVAILABLE {
                later(response)
            } else {
                response
            }
        }
        Err(error) => {
            tracing::error!(%error, "cannot write an answer");
            refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "Something went wrong on our side.",
            )
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
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] });
    (
        status,
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body.to_string(),
    )
        .into_response()
}
