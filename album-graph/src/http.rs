//! GraphQL over HTTP: what may come in, what goes out, and how much of it.

use std::time::Duration;

use async_graphql::{Response as Answer, ServerError, Variables};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::health::{self, Readiness};
use service::{assets, request_log};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::graph::{Code, Schema};
use crate::playground;

/// Largest request body in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What the handlers need.
#[derive(Clone)]
struct App {
    schema: Schema,
    playground: bool,
}

/// The service: GraphQL and the playground at `/graphql`, and its health.
pub fn router(schema: Schema, readiness: Readiness, playground: bool) -> Router {
    let nosniff = HeaderValue::from_static("nosniff");
    Router::new()
        .route(
            "/graphql",
            get(show).post(execute).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(App { schema, playground })
        .layer(CompressionLayer::new())
        .merge(assets::routes(playground::assets::ALL))
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
    if app.playground && accept.contains("text/html") {
        return playground::page().into_response();
    }
    let mut refusal = refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        Code::BadRequest,
        "Send the query by POST, as JSON.",
    );
    refusal
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("POST"));
    refusal
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

async fn execute(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    // Only JSON runs anything: a page of another site cannot send it without asking first.
    if !is_json(&headers) {
        return refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::BadRequest,
            "The content type must be application/json.",
        );
    }
    let Ok(body) = body else {
        let message = format!("The body must not be larger than {} kB.", BODY_LIMIT / 1024);
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, &message);
    };
    let request: Request = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("The body must be one JSON object with a `query` text: {error}.");
            return refusal(StatusCode::BAD_REQUEST, Code::BadRequest, &message);
        }
    };
    let operation = request.operation_name.clone();
    let answer = tokio::time::timeout(TIME_LIMIT, app.schema.execute(request.into_graphql())).await;
    if let Ok(answer) = answer {
        return respond(answer, media_type(&headers));
    }
    tracing::warn!(operation, "gave up on a request");
    let message = format!("The request took longer than {} seconds.", TIME_LIMIT.as_secs());
    refusal(StatusCode::GATEWAY_TIMEOUT, Code::Timeout, &message)
}

impl Request {
    fn into_graphql(self) -> async_graphql::Request {
        let variables = Variables::from_json(Value::Object(self.variables.unwrap_or_default()));
        let request = async_graphql::Request::new(self.query).variables(variables);
        // Extensions are accepted, as the protocol asks, and none is known.
        drop(self.extensions);
        match self.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
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
    for error in &mut answer.errors {
        if code_of(error).is_none() {
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("code", Code::BadRequest.as_str());
        }
    }
    let began = answer.errors.is_empty() || answer.errors.iter().any(|error| !error.path.is_empty());
    let away = answer
        .errors
        .iter()
        .any(|error| code_of(error) == Some(Code::Unavailable.as_str()));
    let (status, body) = if !began {
        (
            StatusCode::BAD_REQUEST,
            serde_json::to_string(&json!({ "errors": answer.errors })),
        )
    } else if away {
        (StatusCode::SERVICE_UNAVAILABLE, serde_json::to_string(&answer))
    } else {
        (StatusCode::OK, serde_json::to_string(&answer))
    };
    match body {
        Ok(body) => (status, [(header::CONTENT_TYPE, media_type)], body).into_response(),
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
