//! The GraphQL client: asks album-graph on behalf of a visitor, within a time that a visitor is willing to wait.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use cynic::{GraphQlResponse, Operation};
use reqwest::{Client, Response, Url, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use service::CATALOGUE_STATE;
use service::client::FORWARDED_FOR;
use service::trace::{self, Trace};
use tokio::sync::Mutex;
use tokio::time;

use crate::catalogue_state;
use crate::replicas::Replicas;
use crate::session::Token;

/// How long one try may take.
const TRY: Duration = Duration::from_secs(2);
/// How long a connection may take, to all addresses together: one whose replica has just gone leaves time for the others.
const CONNECT: Duration = Duration::from_secs(1);
/// How long all tries together may take: with rendering, a page is answered within three seconds.
const BUDGET: Duration = Duration::from_millis(2500);
/// How long a change may take: to give up on one leaves the visitor in doubt whether it was made.
const CHANGE: Duration = Duration::from_secs(6);
/// How often the state of the catalogue is asked for: a change is on every page within a second.
const LOOK: Duration = Duration::from_millis(300);
/// How long that may take.
const PATIENCE: Duration = Duration::from_millis(500);
/// The least that can be asked.
const STATE: &str = "{__typename}";
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
        })
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
        let mut url = self.endpoint.clone();
        url.query_pairs_mut().append_pair("query", STATE);
        let request = self.client.get(url).timeout(PATIENCE).header(header::ACCEPT, ACCEPT);
        let answer = request.send().await.ok()?;
        let state = answer.headers().get(CATALOGUE_STATE)?.to_str().ok()?;
        Some(state.into())
    }

    /// Asks a query; once more where the connection failed, for reading twice does no harm.
    pub(crate) async fn ask<Q, V>(&self, caller: &Caller, operation: Operation<Q, V>) -> Result<Q, AskError>
    where
        Q: DeserializeOwned,
        V: Serialize,
    {
        let asked = self.send_again(caller, &operation, TRY);
        let answer = time::timeout(BUDGET, asked).await.unwrap_or(Err(Unreachable::TooSlow));
        read(answer.map_err(AskError::Unreachable)?)
    }

    /// Has something changed, which is never tried twice: nobody knows whether the first time it was done.
    pub(crate) async fn change<Q, V>(&self, caller: &Caller, operation: Operation<Q, V>) -> Result<Q, AskError>
    where
        Q: DeserializeOwned,
        V: Serialize,
    {
        let answer = self.send(caller, &operation, CHANGE).await;
        read(answer.map_err(AskError::Unreachable)?)
    }

    /// Has something changed that the same input changes only once; so it is tried again where the connection failed.
    pub(crate) async fn change_once<Q, V>(&self, caller: &Caller, operation: Operation<Q, V>) -> Result<Q, AskError>
    where
        Q: DeserializeOwned,
        V: Serialize,
    {
        let answer = self.send_again(caller, &operation, CHANGE).await;
        read(answer.map_err(AskError::Unreachable)?)
    }

    /// Sends what does no harm when it arrives twice, and once more where the connection failed.
    async fn send_again<Q, V>(
        &self,
        caller: &Caller,
        operation: &Operation<Q, V>,
        limit: Duration,
    ) -> Result<GraphQlResponse<Q, Extensions>, Unreachable>
    where
        Q: DeserializeOwned,
        V: Serialize,
    {
        match self.send(caller, operation, limit).await {
            Err(Unreachable::Connection(error)) if !error.is_timeout() => self.send(caller, operation, limit).await,
            answer => answer,
        }
    }

    async fn send<Q, V>(
        &self,
        caller: &Caller,
        operation: &Operation<Q, V>,
        limit: Duration,
    ) -> Result<GraphQlResponse<Q, Extensions>, Unreachable>
    where
        Q: DeserializeOwned,
        V: Serialize,
    {
        let answer = self.post(caller, operation, limit).await?;
        catalogue_state::note(answer.headers());
        if answer.status().is_server_error() {
            return Err(Unreachable::Status(answer.status()));
        }
        Ok(decode(&answer.bytes().await?)?)
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
