//! Sessions: where somebody is signed in, or has a cart.

use async_graphql::{Context, ID, Object, Result};

use super::id::Kind;
use super::scalars::DateTime;
use super::services::Services;
use super::visit::{Issued, Visit};
use crate::store::sessions;

/// A browser or a program that was given a token.
pub(super) struct Session {
    pub session: sessions::Session,
    /// The session of the request.
    pub current: Option<i64>,
}

/// A browser or a program that was given a token.
#[Object(serial)]
impl Session {
    /// Names the session for `revokeSession`; opaque, and not the token.
    async fn id(&self) -> ID {
        Kind::Session.id(self.session.id)
    }

    /// Whether it is the session of this request.
    async fn current(&self) -> bool {
        self.current == Some(self.session.id)
    }

    /// Whether it outlives the browser: it ends 30 days after it was seen last, or a day otherwise.
    async fn persistent(&self) -> bool {
        self.session.persistent
    }

    /// What the browser called itself, at most 200 characters; may be empty.
    async fn user_agent(&self) -> &str {
        &self.session.user_agent
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.session.created_at.to_rfc3339())
    }

    /// When it was seen last, to the hour.
    async fn seen_at(&self) -> DateTime {
        DateTime(self.session.seen_at.to_rfc3339())
    }

    /// When it ends unless it is seen before.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.session.expires_at.to_rfc3339())
    }
}

/// A new session.
pub(super) struct IssuedSession(pub Issued);

/// A new session. Its token is told once: the shop itself keeps only a hash of it.
#[Object]
impl IssuedSession {
    /// To be sent as `Authorization: Bearer TOKEN`.
    async fn token(&self) -> &str {
        self.0.token.reveal()
    }

    /// Whether a browser keeps it when it is closed.
    async fn persistent(&self) -> bool {
        self.0.session.persistent
    }

    /// When it ends unless it is seen before.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.session.expires_at.to_rfc3339())
    }
}

/// What a viewer has of sessions.
#[derive(Default)]
pub(super) struct ViewerSession;

#[Object]
impl ViewerSession {
    /// The session of the request's token; null where it has none, or one that has ended.
    async fn session(&self, context: &Context<'_>) -> Result<Option<Session>> {
        let session = Visit::of(context)?.session(Services::of(context)?).await?;
        Ok(session.map(|session| Session {
            current: Some(session.id),
            session,
        }))
    }
}
