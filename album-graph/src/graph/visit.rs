//! Who asks: the session of a request's token, looked up once, and replaced where a mutation makes another.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_graphql::{Context, Result};
use tokio::sync::Mutex;

use super::error::GraphError;
use super::services::Services;
use crate::accounts::{Fault, Token};
use crate::clock::Moment;
use crate::store::Transaction;
use crate::store::sessions::{self, NewSession, Session};

/// How long a session lasts after it was seen, where it outlives the browser.
const PERSISTENT: Duration = Duration::from_hours(30 * 24);
/// How long, where it does not: the browser may stay open for as long.
const FLEETING: Duration = Duration::from_hours(24);
/// How often a session is noted as seen: not with every request, for reading must not write.
const SEEN: Duration = Duration::from_hours(1);
/// The most characters that are kept of what a browser calls itself.
const USER_AGENT: usize = 200;

/// What a request says of who sent it.
#[derive(Debug)]
pub struct Visit {
    /// Where it came from.
    pub(super) client: IpAddr,
    /// What the browser calls itself.
    user_agent: String,
    has_token: bool,
    state: Mutex<State>,
    /// Whether anything asked whose session it is.
    asked: Arc<AtomicBool>,
}

/// Tells whether the answer of a visit depends on who it was.
#[derive(Clone, Debug)]
pub struct Witness(Arc<AtomicBool>);

impl Witness {
    /// Whether anything asked for the session.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
enum State {
    /// The request's token, which nobody has asked about yet.
    Unknown(Option<Token>),
    Known(Option<Session>),
}

/// A session that was made, and the token that the client has to send from now on.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub token: Token,
    pub session: Session,
}

impl Visit {
    /// A visit by whoever sends `token` from an address.
    #[must_use]
    pub fn new(token: Option<Token>, client: IpAddr, user_agent: &str) -> Self {
        Self {
            client,
            user_agent: user_agent
                .chars()
                .filter(|letter| !letter.is_control())
                .take(USER_AGENT)
                .collect(),
            has_token: token.is_some(),
            state: Mutex::new(State::Unknown(token)),
            asked: Arc::default(),
        }
    }

    /// Whether the request came with a token, good or not.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.has_token
    }

    /// Tells afterwards whether an answer depends on who asked.
    #[must_use]
    pub fn witness(&self) -> Witness {
        Witness(Arc::clone(&self.asked))
    }

    /// The visit of this request.
    pub(super) fn of<'c>(context: &Context<'c>) -> Result<&'c Self> {
        context.data()
    }

    /// The session of the request; none where it has no token, or one that has ended. Not while a transaction is under way.
    pub(super) async fn session(&self, services: &Services) -> Result<Option<Session>, GraphError> {
        self.asked.store(true, Ordering::Relaxed);
        let mut state = self.state.lock().await;
        let token = match &*state {
            State::Known(session) => return Ok(session.clone()),
            State::Unknown(token) => token,
        };
        let now = services.clock.now();
        let mut session = match token {
            Some(token) => sessions::by_token(&services.database, &token.hash(), now).await?,
            None => None,
        };
        if let Some(session) = &mut session
            && see(session, now)
        {
            let mut transaction = services.database.transaction().await?;
            sessions::keep_alive(&mut transaction, session).await?;
            transaction.commit().await?;
        }
        *state = State::Known(session.clone());
        Ok(session)
    }

    /// The same within a transaction, for another one would wait for it.
    async fn session_within(
        &self,
        services: &Services,
        transaction: &mut Transaction,
    ) -> Result<Option<Session>, GraphError> {
        self.asked.store(true, Ordering::Relaxed);
        let mut state = self.state.lock().await;
        let token = match &*state {
            State::Known(session) => return Ok(session.clone()),
            State::Unknown(token) => token,
        };
        let now = services.clock.now();
        let mut session = match token {
            Some(token) => sessions::by_token_within(transaction, &token.hash(), now).await?,
            None => None,
        };
        if let Some(session) = &mut session
            && see(session, now)
        {
            sessions::keep_alive(transaction, session).await?;
        }
        *state = State::Known(session.clone());
        Ok(session)
    }

    /// The customer who is signed in, if anybody is.
    pub(super) async fn customer(&self, services: &Services) -> Result<Option<i64>, GraphError> {
        Ok(self.session(services).await?.and_then(|session| session.customer))
    }

    /// The session that a visitor's change belongs to: the request's, or a new one that its client is told of.
    pub(super) async fn session_or_new(
        &self,
        services: &Services,
        transaction: &mut Transaction,
    ) -> Result<(Session, Option<Issued>), GraphError> {
        if let Some(session) = self.session_within(services, transaction).await? {
            return Ok((session, None));
        }
        let now = services.clock.now();
        let issued = self.issue(transaction, now, None, Lifetime::Persistent).await?;
        Ok((issued.session.clone(), Some(issued)))
    }

    /// Makes a session, which is the request's from now on once the transaction is kept: see [`Self::enter`].
    pub(super) async fn issue(
        &self,
        transaction: &mut Transaction,
        now: Moment,
        customer: Option<i64>,
        lifetime: Lifetime,
    ) -> Result<Issued, Fault> {
        let token = Token::random()?;
        let new = NewSession {
            token_hash: token.hash(),
            customer,
            persistent: lifetime == Lifetime::Persistent,
            user_agent: self.user_agent.clone(),
            created_at: now,
            expires_at: now.after(lifetime.duration()),
        };
        let session = sessions::insert(transaction, &new).await?;
        Ok(Issued { token, session })
    }

    /// Goes on with another session, or without one.
    pub(super) async fn enter(&self, session: Option<Session>) {
        *self.state.lock().await = State::Known(session);
    }
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Beyond the browser.
    Persistent,
    /// Until the browser is closed.
    Fleeting,
}

impl Lifetime {
    /// That of a session.
    pub fn of(session: &Session) -> Self {
        if session.persistent {
            Self::Persistent
        } else {
            Self::Fleeting
        }
    }

    fn duration(self) -> Duration {
        match self {
            Self::Persistent => PERSISTENT,
            Self::Fleeting => FLEETING,
        }
    }
}

/// Notes that a session was seen now, where that is due; answers whether it was.
fn see(session: &mut Session, now: Moment) -> bool {
    let is_due = now.since(session.seen_at) >= SEEN;
    if is_due {
        let lifetime = Lifetime::of(session).duration();
        (session.seen_at, session.expires_at) = (now, now.after(lifetime));
    }
    is_due
}
