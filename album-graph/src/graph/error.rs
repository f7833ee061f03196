//! What a client is told when a field cannot be answered.

use async_graphql::{Error, ErrorExtensions as _};

use service::telemetry::causes;

use crate::search::FollowError;
use crate::store::StoreError;

/// Writes the list of codes once: as a type, as they are spelled, and with what the reference says of them.
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $code:literal,)+) => {
        /// What kind of error it is, for programs: `extensions.code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Code {
            /// Every code that there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As `extensions.code` spells it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// What it means to a client.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($meaning),+).trim_ascii(),)+
                }
            }
        }
    };
}

codes! {
    /// The request is not a GraphQL request, or does not fit the schema.
    BadRequest = "BAD_REQUEST",
    /// An argument has a value that it must not have; `extensions.field` names it.
    BadUserInput = "BAD_USER_INPUT",
    /// An argument names something that is not there; `extensions.field` names it.
    NotFound = "NOT_FOUND",
    /// A `documentId` names no document that the service knows.
    UnknownDocument = "UNKNOWN_DOCUMENT",
    /// The service runs only documents that its operator trusts.
    UntrustedDocument = "UNTRUSTED_DOCUMENT",
    /// The hash of a persisted query names none that was sent before: send it once more, with its text.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND",
    /// The request asks for more than is allowed; `extensions.limit` names the limit, `extensions.most` what it allows.
    LimitExceeded = "LIMIT_EXCEEDED",
    /// The client has asked for more than its share in a short time; `Retry-After` says when to go on.
    RateLimited = "RATE_LIMITED",
    /// The service cannot answer now; the same request may succeed later.
    Unavailable = "UNAVAILABLE",
    /// The request took too long.
    Timeout = "TIMEOUT",
    /// Something broke; the log has the cause under the request's id.
    Internal = "INTERNAL",
}

/// What a client is told of what it cannot help.
const BROKEN: &str = "Something went wrong on our side.";

/// Why a field cannot be answered.
#[derive(Clone, Debug)]
pub(super) struct GraphError {
    code: Code,
    field: Option<&'static str>,
    message: String,
}

impl GraphError {
    pub fn bad_input(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Code::BadUserInput,
            field: Some(field),
            message: message.into(),
        }
    }

    /// Something broke that is not the database's.
    pub fn broken(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(cause = causes(error), "cannot answer a field");
        Self {
            code: Code::Internal,
            field: None,
            message: BROKEN.to_owned(),
        }
    }

    /// The index is not there yet.
    pub fn unprepared() -> Self {
        Self {
            code: Code::Unavailable,
            field: None,
            message: "Search is being prepared: ask again in a moment.".to_owned(),
        }
    }

    pub fn not_found(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Code::NotFound,
            field: Some(field),
            message: message.into(),
        }
    }
}

impl From<StoreError> for GraphError {
    fn from(error: StoreError) -> Self {
        let (code, message) = match error {
            StoreError::Unavailable(_) => (Code::Unavailable, "The shop cannot answer now."),
            StoreError::Duplicate(_)
            | StoreError::Uncertain(_)
            | StoreError::Broken(_)
            | StoreError::Corrupt { .. } => (Code::Internal, BROKEN),
        };
        // This is the edge: the client gets the message, the log gets the cause.
        if code == Code::Unavailable {
            tracing::warn!(
                cause = causes(&error),
                code = code.as_str(),
                "cannot answer a field now"
            );
        } else {
            tracing::error!(cause = causes(&error), code = code.as_str(), "cannot answer a field");
        }
        Self {
            code,
            field: None,
            message: message.to_owned(),
        }
    }
}

impl From<FollowError> for GraphError {
    fn from(error: FollowError) -> Self {
        tracing::error!(cause = causes(&error), "cannot search");
        Self {
            message: "Search is being mended: ask again in a moment.".to_owned(),
            ..Self::unprepared()
        }
    }
}

impl From<GraphError> for Error {
    fn from(error: GraphError) -> Self {
        Self::new(error.message).extend_with(|_, extensions| {
            extensions.set("code", error.code.as_str());
            if let Some(field) = error.field {
                extensions.set("field", field);
            }
        })
    }
}
