//! What was answered before and is still so is answered at the front door.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use service::front::Known;
use tokio::time::timeout;

use super::answers::{Audience, Given, State};
use super::caching::{give, name_state, unchanged, vary_by_encoding};
use super::exchange::token;
use super::negotiation::MediaType;
use super::refusals::broken;
use super::{App, GRAPHQL, TIME_LIMIT, gave_up, request, vary};
use crate::graph::limits::BODY;

/// Knows the answers that were given before.
#[derive(Clone, Debug)]
pub struct Recall {
    pub(super) app: App,
    /// Whether pages of other sites may ask: they are told so with each answer.
    pub(super) for_other_sites: bool,
    pub(super) route: Arc<str>,
}

impl Known for Recall {
    async fn answer(&self, request: Request) -> Result<(Response, Arc<str>), Request> {
        let exchange = &self.app.0;
        let is_for_us = request.uri().path() == GRAPHQL && !self.for_other_sites && exchange.readiness.is_serving();
        if !is_for_us {
            return Err(request);
        }
        let (Some(media_type), Some(state)) = (MediaType::accepted(request.headers()), exchange.state()) else {
            return Err(request);
        };
        let answered = match *request.method() {
            Method::GET => self.by_url(&request, media_type, &state).ok_or(request),
            Method::POST if may_be_read(&request) => self.by_body(request, media_type, &state).await,
            _ => Err(request),
        };
        answered.map(|mut response| {
            let nosniff = HeaderValue::from_static("nosniff");
            response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
            (vary(response), Arc::clone(&self.route))
        })
    }
}

impl Recall {
    fn by_url(&self, request: &Request, media_type: MediaType, state: &State) -> Option<Response> {
        let (headers, asked) = (request.headers(), request.uri().path_and_query()?.as_str());
        let token = token(headers);
        let given = self.app.0.answers.get(asked.as_bytes(), state, token.as_ref())?;
        match (given, headers.get(header::IF_NONE_MATCH)) {
            (given, None) if !is_packed(request) => Some(give_named(given, media_type, state)),
            (
                Given {
                    tag: Some(tag),
                    audience: Audience::Everybody(policy),
                    ..
                },
                Some(known),
            ) if *known == tag => Some(unchanged(tag, policy)),
            _ => None,
        }
    }

    async fn by_body(&self, request: Request, media_type: MediaType, state: &State) -> Result<Response, Request> {
        let (parts, rest) = request.into_parts();
        let question = match timeout(TIME_LIMIT, to_bytes(rest, BODY)).await {
            Ok(Ok(question)) => question,
            Ok(Err(_)) => return Ok(broken()),
            Err(_) => return Ok(gave_up()),
        };
        let token = token(&parts.headers);
        let given = self.app.0.answers.get(&question, state, token.as_ref());
        given
            .map(|given| give_named(given, media_type, state))
            .ok_or_else(|| Request::from_parts(parts, question.into()))
    }
}

/// Whether a body is said to be no longer than it may be, and its answer goes out as it is.
fn may_be_read(request: &Request) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length <= BODY) && request::is_json(request.headers()) && !is_packed(request)
}

/// Whether the answer may go out compressed.
fn is_packed(request: &Request) -> bool {
    request.headers().contains_key(header::ACCEPT_ENCODING)
}

fn give_named(given: Given, media_type: MediaType, state: &State) -> Response {
    let mut response = give(given, media_type);
    name_state(&mut response, state);
    vary_by_encoding(response.headers_mut());
    response
}
