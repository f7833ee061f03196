//! The GraphQL client: asks album-graph on behalf of a visitor, within a time that a visitor is willing to wait.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use cynic::GraphQlResponse;
use reqwest::{Client, Response, StatusCode, Url, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use service::CATALOGUE_STATE;
use service::client::FORWARDED_FOR;
use service::trace::{self, Trace};
use tokio::sync::Mutex;
use tokio::time;

use crate::calls::{Calls, Outcome};
use crate::catalogue_state;
use crate::operations::{Asked, Document, Operation};
use crate::replicas::Replicas;
use crate::session::Token;

/// How long one try may take.
const TRY: Duration = Duration::from_secs(2);
/// How long a connection may take, to all addresses together: one whose replica has just gone leaves time for the others.
const CONNECT: Duration = Duration::from_secs(1);
/// How long all tries together may take: with rendering, a page is answered within three seconds.
const BUDGET: Duration = Duration::from_millis(2500);
/// How often it is tried where connections fail: with a replica die all the connections that were kept to it.
const TRIES: usize = 4;
/// How long a change may take: to give up on one leaves the visitor in doubt whether it was made.
const CHANGE: Duration = Duration::from_secs(6);
/// How often the state of the catalogue is asked for: a change is on every page within a second.
const LOOK: Duration = Duration::from_millis(300);
/// How long that may take.
const PATIENCE: Duration = Duration::from_millis(500);
/// The least that can be asked.
static STATE: LazyLock<Document> = LazyLock::new(|| Document::new("{__typename}".to_owned(), None));
/// What is answered where the name of a document is not known, as by another release.
const UNKNOWN: StatusCode = StatusCode::NOT_FOUND;
/// Idle connections are closed before the server does it (after 60 s) or a load balancer forgets them.
const IDLE: Duration = Duration::from_secs(45);
/// What is accepted, the media type of the GraphQL-over-HTTP draft first.
const ACCEPT: &str = "application/graphql-response+json, application/json;q=0.9";

/// Asks album-graph.
#[derive(Clone, Debug)]
pub struct AlbumGraph {
    client: Client,
    endpoint: Url,
    state: Arc<Mutex<Known>>,
    calls: Calls,
}

/// What is known of the catalogue's state, and since when.
#[derive(Debug, Default)]
struct Known {
    state: Option<Arc<str>>,
    since: Option<Instant>,
}

/// On whose behalf album-graph is asked.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The visitor's session.
    pub(crate) token: Option<Token>,
    /// The visitor's address.
    pub(crate) address: Option<IpAddr>,
    /// What the visitor's browser calls itself.
    pub(crate) user_agent: Option<HeaderValue>,
}

/// The HTTP client cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client")]
pub struct StartError(#[from] reqwest::Error);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nothing usable came back: no connection, no answer in time, or a server error. Later it may work.
    #[error("album-graph cannot be reached")]
    Unreachable(#[source] Unreachable),
    /// album-graph answered that it will not do this.
    #[error("album-graph refuses: {message}")]
    Refused {
        /// For the log only.
        message: String,
        /// What kind of refusal it is, where it says so.
        code: Option<String>,
        /// Which argument is to blame, where one is.
        field: Option<String>,
    },
}

impl AskError {
    /// Whether what an argument names is not there.
    pub(crate) fn misses(&self, argument: &str) -> bool {
        match self {
            Self::Refused { code, field, .. } => {
                code.as_deref() == Some("NOT_FOUND") && field.as_deref() == Some(argument)
            }
            Self::Unreachable(_) => false,
        }
    }
}

/// What went wrong on the way to album-graph.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// The connection failed or broke.
    #[error(transparent)]
    Connection(#[from] reqwest::Error),
    /// The answer is not one to this question; another release may be on its way.
    #[error("it answers something else")]
    Answer(#[from] serde_json::Error),
    /// The answer is a server error.
    #[error("it answers {0}")]
    Status(reqwest::StatusCode),
    /// All tries together took too long.
    #[error("no answer within {} ms", BUDGET.as_millis())]
    TooSlow,
}

#[derive(Deserialize)]
struct Extensions {
    code: Option<String>,
    field: Option<String>,
}

impl AlbumGraph {
    pub(crate) fn new(endpoint: Url) -> Result<Self, StartError> {
        let client = Client::builder()
            .pool_idle_timeout(IDLE)
            .connect_timeout(CONNECT)
            .dns_resolver(Arc::new(Replicas::default()))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            endpoint,
            state: Arc::default(),
            calls: Calls::default(),
        })
    }

    /// What was asked so far.
    pub(crate) fn calls(&self) -> &Calls {
        &self.calls
    }

    /// The state of the catalogue, asked for at most every so often; none while it is not known for sure.
    pub(crate) async fn state(&self) -> Option<Arc<str>> {
        let mut known = self.state.lock().await;
        if known.since.is_none_or(|since| since.elapsed() >= LOOK) {
            known.state = self.ask_state().await;
            known.since = Some(Instant::now());
        }
        known.state.clone()
    }

    async fn ask_state(&self) -> Option<Arc<str>> {
        let started = Instant::now();
        let state = self.look().await;
        let outcome = state.as_ref().map_or(Outcome::Unreachable, |_| Outcome::Answered);
        self.calls.end(Some("state"), started, outcome);
        state
    }

    async fn look(&self) -> Option<Arc<str>> {
        let [by_id, in_full] = STATE.ways();
        let mut answer = self.get(by_id).await.ok()?;
        if answer.status() == UNKNOWN {
            answer = self.get(in_full).await.ok()?;
        }
        let state = answer.headers().get(CATALOGUE_STATE)?.to_str().ok()?;
        Some(state.into())
    }

    /// Asks a query; again where the connection failed, for reading twice does no harm.
    pub(crate) async fn ask<Q: Operation>(&self, caller: &Caller, variables: Q::Variables) -> Result<Q, AskError> {
        let started = Instant::now();
        let asked = self.send_again(caller, &variables, TRY);
        let answer = time::timeout(BUDGET, asked).await.unwrap_or(Err(Unreachable::TooSlow));
        self.read(started, answer)
    }

    /// Has something changed, which is never tried twice: nobody knows whether the first time it was done.
    pub(crate) async fn change<Q: Operation>(&self, caller: &Caller, variables: Q::Variables) -> Result<Q, AskError> {
        let started = Instant::now();
        let answer = self.send(caller, &variables, CHANGE).await;
        self.read(started, answer)
    }

    /// Has something changed that the same input changes only once; so it is tried again where the connection failed.
    pub(crate) async fn change_once<Q: Operation>(
        &self,
        caller: &Caller,
        variables: Q::Variables,
    ) -> Result<Q, AskError> {
        let started = Instant::now();
        let answer = self.send_again(caller, &variables, CHANGE).await;
        self.read(started, answer)
    }

    /// Reads the answer to an operation that was begun at `started`, and notes how it was answered.
    fn read<Q: Operation>(
        &self,
        started: Instant,
        answer: Result<GraphQlResponse<Q, Extensions>, Unreachable>,
    ) -> Result<Q, AskError> {
        let answer = answer.map_err(AskError::Unreachable).and_then(read);
        let outcome = match &answer {
            Ok(_) => Outcome::Answered,
            Err(AskError::Refused { .. }) => Outcome::Refused,
            Err(AskError::Unreachable(_)) => Outcome::Unreachable,
        };
        self.calls.end(Q::document().name(), started, outcome);
        answer
    }

    /// Sends what does no harm when it arrives twice, and again where the connection failed.
    async fn send_again<Q: Operation>(
        &self,
        caller: &Caller,
        variables: &Q::Variables,
        limit: Duration,
    ) -> Result<GraphQlResponse<Q, Extensions>, Unreachable> {
        for _ in 1..TRIES {
            match self.send(caller, variables, limit).await {
                Err(Unreachable::Connection(error)) if !error.is_timeout() => self.calls.repeat(),
                answer => return answer,
            }
        }
        self.send(caller, variables, limit).await
    }

    /// Sends an operation by its name; where that is not known, nothing was run, and it is sent in full.
    async fn send<Q: Operation>(
        &self,
        caller: &Caller,
        variables: &Q::Variables,
        limit: Duration,
    ) -> Result<GraphQlResponse<Q, Extensions>, Unreachable> {
        let [by_id, in_full] = Q::document().ways();
        let mut answer = self.post(caller, &by_id.with(variables), limit).await?;
        if answer.status() == UNKNOWN {
            answer = self.post(caller, &in_full.with(variables), limit).await?;
        }
        catalogue_state::note(answer.headers());
        if answer.status().is_server_error() {
            return Err(Unreachable::Status(answer.status()));
        }
        Ok(decode(&answer.bytes().await?)?)
    }

    async fn get(&self, document: Asked) -> reqwest::Result<Response> {
        let mut url = self.endpoint.clone();
        let (name, value) = document.parameter();
        url.query_pairs_mut().append_pair(name, value);
        let request = self.client.get(url).timeout(PATIENCE).header(header::ACCEPT, ACCEPT);
        request.send().await
    }

    async fn post(&self, caller: &Caller, operation: &impl Serialize, limit: Duration) -> reqwest::Result<Response> {
        let mut request = self
            .client
            .post(self.endpoint.clone())
            .timeout(limit)
            .header(header::ACCEPT, ACCEPT)
            .json(operation);
        if let Some(token) = &caller.token {
            request = request.bearer_auth(token.as_str());
        }
        if let Some(address) = caller.address {
            request = request.header(FORWARDED_FOR, address.to_string());
        }
        if let Some(user_agent) = &caller.user_agent {
            request = request.header(header::USER_AGENT, user_agent);
        }
        if let Some(trace) = Trace::current() {
            request = request.header(trace::HEADER, trace.to_header());
        }
        request.send().await
    }
}

/// What is asked beside pages.
#[must_use]
pub fn operations() -> Vec<&'static Document> {
    vec![&STATE]
}

/// Reads an answer; where something is refused, what is left of the data need not be complete.
fn decode<Q: DeserializeOwned>(body: &[u8]) -> serde_json::Result<GraphQlResponse<Q, Extensions>> {
    serde_json::from_slice(body).or_else(|error| {
        let refused: Option<GraphQlResponse<IgnoredAny, Extensions>> = serde_json::from_slice(body).ok();
        let errors = refused
            .and_then(|answer| answer.errors)
            .filter(|errors| !errors.is_empty());
        errors
            .map(|errors| GraphQlResponse {
                data: None,
                errors: Some(errors),
            })
            .ok_or(error)
    })
}

fn read<Q>(answer: GraphQlResponse<Q, Extensions>) -> Result<Q, AskError> {
    let refusal = answer.errors.into_iter().flatten().next();
    match (refusal, answer.data) {
        (None, Some(data)) => Ok(data),
        (Some(error), _) => {
            let (code, field) = error
                .extensions
                .map_or((None, None), |extensions| (extensions.code, extensions.field));
            Err(AskError::Refused {
                message: error.message,
                code,
                field,
            })
        }
        (None, None) => Err(AskError::Refused {
            message: "neither data nor errors".to_owned(),
            code: None,
            field: None,
        }),
    }
}
