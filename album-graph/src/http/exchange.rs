//! One request and its answer: known already, or executed within every limit.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use async_graphql::parser::types::OperationType;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use service::client::Proxies;
use service::health::Readiness;

use super::Options;
use super::answers::{Answers, Audience, Given, State};
use super::caching::{give, has_already, has_any, name_state, public, unchanged};
use super::documents::Documents;
use super::metrics::Metrics;
use super::negotiation::MediaType;
use super::rate::{Rate, Standing, seconds};
use super::refusals::{beyond, broken, complaint, later, refusal, refuse_method, unavailable, unkept};
use super::request::{self, Parameters};
use super::status::{Draft, Outcome, status};
use super::written::{self, written};
use crate::accounts::{Token, sha256};
use crate::graph::limits::{Asked, BODY, Document, Excess, Pricing, Types};
use crate::graph::{self, Code, Introspection, Schema, Services, Visit, nulls};
use crate::search::Searcher;

/// How many genres may have come since they were counted.
const MORE_GENRES: u64 = 10;
/// How many there may be where nobody has counted them.
const MOST_GENRES: u64 = 1_000;

/// What answers requests.
pub(super) struct Exchange {
    pub playground: bool,
    schema: Schema,
    searcher: Searcher,
    pub readiness: Readiness,
    draft: Draft,
    pub answers: Answers,
    documents: Documents,
    pub introspection: Introspection,
    proxies: Proxies,
    rate: Option<Rate>,
    types: Types,
    pricing: Pricing,
    metrics: Metrics,
    /// Tells the answers of this contract, with these documents and settings, from those of any other.
    contract: String,
    /// The state that was named last, and how the searcher calls it.
    state: RwLock<Option<(Arc<str>, Arc<State>)>>,
}

/// A request whose bytes are here.
pub(super) struct Received {
    pub question: Bytes,
    pub media_type: MediaType,
    /// Whether it came in a URL: it must change nothing, and caches may keep the answer.
    pub by_url: bool,
    headers: HeaderMap,
    client: IpAddr,
}

impl Received {
    /// The `ETag` of the answer that everybody gets while the catalogue is in a state: only who has asked just this can have it, so
    /// that nothing need be known of what is asked to say that it is still so. A weak one, for the fields of an answer come in no
    /// certain order.
    fn tag(&self, state: &State) -> Option<HeaderValue> {
        if !self.by_url {
            return None;
        }
        let question = sha256(&String::from_utf8_lossy(&self.question));
        HeaderValue::try_from(format!("W/\"{}.{}\"", state.name, &question[..16])).ok()
    }
}

/// A request that may be run.
struct Prepared {
    request: async_graphql::Request,
    /// None where it cannot be parsed: the execution says why, with the place in the text.
    document: Option<Arc<Document>>,
    /// What its operation is called.
    operation: Option<String>,
    /// Whether it changes nothing.
    reads: bool,
    /// How many objects it may cost.
    requested: u64,
    /// What the client said, where no other names are told.
    said: String,
}

/// What came of an execution.
struct Executed {
    outcome: Outcome,
    body: Bytes,
    /// For whom it may be kept; none where it may not.
    audience: Option<Audience>,
    /// What it is counted as.
    operation: Arc<str>,
}

impl Exchange {
    pub fn new(services: Services, readiness: Readiness, options: Options) -> Self {
        let sdl = graph::sdl();
        let types = Types::read(&sdl);
        let contract = format!("{sdl}\n{}\n{:?}", options.manifest.summary(), options.introspection);
        let contract = sha256(&contract).chars().take(12).collect();
        let metrics = options.metrics;
        metrics.operations.know(options.manifest.operations());
        Self {
            playground: options.playground,
            searcher: services.searcher.clone(),
            schema: graph::schema(services, options.introspection),
            readiness,
            draft: options.draft,
            answers: Answers::new(options.answers, metrics.answers.clone()),
            documents: Documents::new(options.manifest, options.trust),
            introspection: options.introspection,
            proxies: options.proxies,
            rate: options.rate.map(Rate::new),
            pricing: Pricing::new(&types),
            types,
            metrics,
            contract,
            state: RwLock::default(),
        }
    }

    /// Reads a request from the wire and answers it.
    pub async fn receive(&self, request: Request) -> Response {
        self.try_receive(request).await.unwrap_or_else(|refusal| *refusal)
    }

    async fn try_receive(&self, request: Request) -> Result<Response, Box<Response>> {
        let by_url = request.method() != Method::POST;
        let client = self.proxies.client(&request);
        let (uri, headers) = (request.uri().clone(), request.headers().clone());
        let Some(media_type) = MediaType::accepted(&headers) else {
            let message = "Answers are application/graphql-response+json or application/json.";
            return Err(refusal(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message).into());
        };
        // Only JSON runs anything: a page of another site cannot send it without asking first.
        if !by_url && !request::is_json(&headers) {
            let message = "The content type must be application/json in UTF-8, and the body not encoded.";
            return Err(refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message).into());
        }
        if !self.readiness.is_serving() {
            return Err(unavailable().into());
        }
        let question = if by_url {
            Bytes::from(uri.to_string())
        } else {
            body(request).await?
        };
        let received = Received {
            question,
            media_type,
            by_url,
            headers,
            client,
        };
        let read = |received: &Received| {
            if by_url {
                Parameters::from_url(&uri)
            } else {
                Parameters::from_body(&received.question)
            }
        };
        self.answer(&received, read).await
    }

    /// Answers from what is known of the catalogue as it is, or by executing what was asked.
    async fn answer(
        &self,
        received: &Received,
        read: impl FnOnce(&Received) -> Result<Parameters, String>,
    ) -> Result<Response, Box<Response>> {
        let state = self.state();
        let token = token(&received.headers);
        if let Some(state) = &state {
            let asks_again = received.headers.contains_key(header::IF_NONE_MATCH);
            if let Some(tag) = asks_again.then(|| received.tag(state)).flatten()
                && has_already(&received.headers, &tag)
            {
                return Ok(unchanged(tag, public(0)));
            }
            if let Some(given) = self.answers.get(&received.question, state, token.as_ref()) {
                let mut response = give_new(given, received);
                name_state(&mut response, state);
                return Ok(response);
            }
        }
        let parameters = read(received);
        let parameters = parameters.map_err(|message| refusal(StatusCode::BAD_REQUEST, Code::BadRequest, &message))?;
        let prepared = self.prepare(parameters, received)?;
        let standing = self.charge(received.client, token.as_ref(), prepared.requested)?;
        let executed = self
            .execute(prepared, visit(&received.headers, received.client, token))
            .await;
        let mut response = self.respond(executed, state.clone(), received);
        if let Some(state) = &state {
            name_state(&mut response, state);
        }
        if let (Some(rate), Some(standing)) = (&self.rate, &standing) {
            rate.tell(response.headers_mut(), standing);
        }
        Ok(response)
    }

    /// Finds the document, and out whether it may be run.
    fn prepare(&self, mut parameters: Parameters, received: &Received) -> Result<Prepared, Box<Response>> {
        let text = self.documents.find(parameters.named());
        let text = text.map_err(|none| refusal(none.status(), none.code, none.message))?;
        let document = self.documents.read(&text).map_err(|excess| beyond(&excess))?;
        let Some(document) = document else {
            return Ok(Prepared {
                request: parameters.about(text),
                document: None,
                operation: None,
                reads: true,
                requested: 0,
                said: String::new(),
            });
        };
        let mut request = parameters.about(String::new());
        let said = match self.introspection {
            Introspection::Open => String::new(),
            Introspection::Closed => format!("{text} {}", json!(request.variables)),
        };
        let asked = Asked {
            operation: request.operation_name.as_deref(),
            variables: &request.variables,
        };
        let cost = document.cost(asked, &self.pricing, self.genres());
        let cost = cost.map_err(|excess| beyond(&excess))?;
        if self.introspection == Introspection::Closed && document.introspects {
            return Err(self.invalid("Introspection is switched off.", received).into());
        }
        let operation = document.operation(asked.operation);
        let reads = operation.is_none_or(|operation| operation.ty == OperationType::Query);
        if received.by_url && !reads {
            return Err(refuse_method("A mutation is sent by POST.", "POST").into());
        }
        let named = request.operation_name.clone();
        let parsed = document.prepare(named.as_deref(), &mut request.variables, &self.types);
        let parsed = parsed.map_err(|message| self.invalid(&message, received))?;
        request.set_parsed_query(parsed);
        Ok(Prepared {
            request,
            operation: named.or_else(|| document.name()),
            document: Some(document),
            reads,
            requested: cost.objects,
            said,
        })
    }

    /// An answer to a document that may not be executed so.
    fn invalid(&self, message: &str, received: &Received) -> Response {
        let status = status(Outcome::Validation, received.media_type, self.draft);
        unkept(status, received.media_type, complaint(Code::BadRequest, message).into())
    }

    /// Takes the cost out of the client's buckets; proxies that are trusted have none of their own.
    fn charge(&self, client: IpAddr, token: Option<&Token>, cost: u64) -> Result<Option<Standing>, Box<Response>> {
        let Some(rate) = self.rate.as_ref().filter(|_| !self.proxies.trusts(client)) else {
            return Ok(None);
        };
        rate.take(client, token.map(Token::hash), cost)
            .map(Some)
            .map_err(|spent| {
                self.metrics.limited(spent.bucket);
                let after = seconds(spent.wait);
                let message = format!("Too much was asked for in a short time: try again in {after} s.");
                let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, &message);
                rate.tell_spent(response.headers_mut(), spent);
                response.headers_mut().insert(header::RETRY_AFTER, after.into());
                Box::new(response)
            })
    }

    async fn execute(&self, prepared: Prepared, visit: Visit) -> Executed {
        let (witness, has_token) = (visit.witness(), visit.has_token());
        let named = prepared.request.operation_name.clone();
        let execution = self.metrics.operations.begin(prepared.operation);
        let mut answer = self.schema.execute(prepared.request.data(visit)).await;
        if let Some(document) = &prepared.document {
            if let Some(operation) = document.operation(named.as_deref()) {
                nulls::place(&self.types, document.parsed(), operation, &mut answer);
            }
            let measured = document.measure(&answer.data);
            let cost = async_graphql::value!({ "requested": prepared.requested, "measured": measured });
            answer.extensions.insert("cost".to_owned(), cost);
        }
        if self.introspection == Introspection::Closed {
            written::hide_names(&mut answer, &prepared.said);
        }
        let hints = answer.cache_control;
        let stays = prepared.reads && hints.public && hints.max_age >= 0;
        let audience = match (witness.was_asked(), has_token) {
            (false, _) => Some(Audience::Everybody(public(hints.max_age))),
            (true, false) => Some(Audience::Strangers),
            (true, true) => None,
        };
        let (outcome, body) = written(answer, prepared.document.is_none());
        Executed {
            outcome,
            body,
            audience: audience.filter(|_| stays),
            operation: execution.end(outcome),
        }
    }

    fn respond(&self, executed: Executed, state: Option<Arc<State>>, received: &Received) -> Response {
        let Executed {
            outcome,
            body,
            audience,
            operation,
        } = executed;
        if let (Some(state), Some(audience), Outcome::Success) = (state, audience, outcome) {
            let tag = received.tag(&state);
            let again = self.metrics.operations.remembered(operation);
            let given = Given {
                body,
                audience,
                tag,
                again,
            };
            self.answers.keep(received.question.clone(), state, given.clone());
            return give_new(given, received);
        }
        let status = status(outcome, received.media_type, self.draft);
        let response = unkept(status, received.media_type, body);
        if outcome == Outcome::Unavailable {
            later(response)
        } else {
            response
        }
    }

    /// How many genres there may be: as many as there were a moment ago, and some more.
    fn genres(&self) -> u64 {
        let known = self.searcher.snapshot().map(|snapshot| snapshot.genres().len() as u64);
        known.map_or(MOST_GENRES, |known| known + MORE_GENRES)
    }

    /// The state of the catalogue, and of whatever else answers go by; none where it is not known for sure.
    pub fn state(&self) -> Option<Arc<State>> {
        let catalogue = self.searcher.state()?;
        let known = self.state.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((named, state)) = known
            && Arc::ptr_eq(&named, &catalogue)
        {
            return Some(state);
        }
        let name = format!("{}.{catalogue}", self.contract);
        let header = HeaderValue::try_from(&name).ok()?;
        let state = Arc::new(State { name, header });
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some((catalogue, Arc::clone(&state)));
        Some(state)
    }
}

/// Gives an answer to who has none like it yet.
fn give_new(given: Given, received: &Received) -> Response {
    match given {
        Given {
            audience: Audience::Everybody(policy),
            tag: Some(tag),
            ..
        } if has_any(&received.headers) => unchanged(tag, policy),
        given => give(given, received.media_type),
    }
}

async fn body(request: Request) -> Result<Bytes, Response> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let mut response = beyond(&Excess {
                limit: "body",
                most: BODY as u64,
                message: format!("The body must not be larger than {} kB.", BODY / 1024),
            });
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            response
        } else {
            broken()
        }
    })
}

/// The token of a session; what cannot be one of ours is as good as none.
pub(super) fn token(headers: &HeaderMap) -> Option<Token> {
    let (scheme, token) = text(headers, &header::AUTHORIZATION).split_once(' ')?;
    Token::parse(token.trim()).filter(|_| scheme.eq_ignore_ascii_case("bearer"))
}

/// Who asks.
fn visit(headers: &HeaderMap, client: IpAddr, token: Option<Token>) -> Visit {
    Visit::new(token, client, text(headers, &header::USER_AGENT))
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
