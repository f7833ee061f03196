//! Why a SQL Server did not do what it was asked, and what follows from that.

use std::io;
use std::time::Duration;

use super::connection_string::ConnectionStringError;
use super::credentials::CredentialsError;

/// Errors of the server that pass: the database moves or wakes up, is throttled, or chose this statement to end a deadlock.
const PASSING: [u32; 12] = [
    1205, 4221, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920,
];
/// Errors of the server that last until somebody helps, and say nothing against the statement: out of room, memory or time.
const OUT_OF_ORDER: [u32; 12] = [596, 701, 1105, 1222, 3906, 3960, 6005, 8645, 8651, 9001, 9002, 40544];
/// From this class on, an error ends the session.
const FATAL: u8 = 20;
/// The server's word for a key that is there already: of a constraint, of an index.
const DUPLICATE: [u32; 2] = [2627, 2601];

/// An error that the server tells.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (error {number})")]
pub struct ServerError {
    /// Which; see `sys.messages` there.
    pub number: u32,
    /// How bad it is, 1 to 25.
    pub class: u8,
    /// In the server's words.
    pub message: String,
}

impl ServerError {
    fn passes(&self) -> bool {
        PASSING.contains(&self.number)
    }

    /// Whether the session ended with it.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.class >= FATAL
    }
}

/// Why the server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The connection string cannot be had.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// A redirection leads where the string would be unsafe.
    #[error("the server sends on to {host}")]
    Unsafe {
        /// Where to.
        host: String,
        /// What is unsafe.
        #[source]
        source: ConnectionStringError,
    },
    /// Nobody listens there.
    #[error("cannot reach {host} at port {port}")]
    Unreachable {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
        /// What stands in the way.
        #[source]
        source: io::Error,
    },
    /// The log-in takes too long.
    #[error("no connection to {host} at port {port} within {timeout:?}")]
    Late {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
        /// What the connection string allows.
        timeout: Duration,
    },
    /// The two sides do not agree on how to talk: on encryption, or whom a certificate makes believe.
    #[error("no session with {host} at port {port}: {reason}")]
    Handshake {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
        /// What they do not agree on.
        reason: String,
    },
    /// Every connection is in use, or it takes long to open one.
    #[error("no connection was free within {0:?}")]
    Exhausted(Duration),
    /// The server sends on and on.
    #[error("the server sends on to another address more than {0} times")]
    Redirects(usize),
    /// The server does not let this user in.
    #[error("the server refuses the log-in: {0}")]
    Refused(ServerError),
    /// Another program holds the lock.
    #[error("another program is changing the database")]
    Locked,
    /// There is no lock to be had.
    #[error("no lock on {name}: sp_getapplock answers {answer:?}")]
    NoLock {
        /// Of what.
        name: &'static str,
        /// The procedure's return code.
        answer: Option<i64>,
    },
    /// An error ended the transaction before: whatever was asked now would be kept at once.
    #[error("the transaction has ended with an error")]
    Ended,
    /// The server answered with an error.
    #[error(transparent)]
    Server(ServerError),
    /// The connection broke, or what came over it makes no sense.
    #[error("{0}")]
    Connection(String),
    /// The server stopped in the middle of an answer.
    #[error("the server does not answer")]
    Silent,
    /// What was asked of a row does not fit the row.
    #[error("{0}")]
    Row(String),
}

impl Fault {
    /// Whether the same may succeed a moment later.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Server(error) if error.is_fatal() => true,
            Self::Server(error) | Self::Refused(error) => error.passes(),
            Self::Connection(_) => true,
            _ => false,
        }
    }

    /// Whether the log-in was refused, and will be until somebody does something about it.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(error) if !error.passes())
    }

    /// Whether the connection ended with it, so that what was asked may have been done or not.
    #[must_use]
    pub fn ends_connection(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Silent => true,
            Self::Server(error) => error.is_fatal(),
            _ => false,
        }
    }

    /// Whether nothing is wrong with what was asked.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Server(error) => error.passes() || error.is_fatal() || OUT_OF_ORDER.contains(&error.number),
            Self::Row(_) | Self::Ended | Self::NoLock { .. } => false,
            _ => true,
        }
    }

    /// Whether a key that has to be unique was there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Server(error) if DUPLICATE.contains(&error.number))
    }
}
