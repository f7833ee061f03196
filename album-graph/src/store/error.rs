//! What can go wrong with the database.

use super::credentials::CredentialsError;
use super::fault::Fault;

/// What a database said.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The embedded one.
    #[error(transparent)]
    Sqlite(#[from] sqlx::Error),
    /// The embedded one, where it is asked.
    #[error(transparent)]
    Embedded(#[from] rusqlite::Error),
    /// A server.
    #[error(transparent)]
    SqlServer(#[from] Fault),
}

/// Why a question to the database has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may have one later.
    #[error("the database cannot answer now")]
    Unavailable(#[source] Cause),
    /// A key that has to be unique is there already: somebody else came first.
    #[error("the database has that already")]
    Duplicate(#[source] Cause),
    /// The connection broke while a transaction was being kept: nobody can know whether it was.
    #[error("the connection to the database broke while a change was being kept: it may or may not be there")]
    Uncertain(#[source] Cause),
    /// It never will: the statement or the data is wrong.
    #[error("the database refused a statement")]
    Broken(#[source] Cause),
    /// A row holds what the schema should not allow.
    #[error("column {column} holds what it should not")]
    Corrupt {
        /// The column in question.
        column: &'static str,
    },
}

impl StoreError {
    /// Whether a transaction that ended with it was not kept, and the same one may succeed a moment later.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            // Who came first has been there since, and is found.
            Self::Duplicate(_) => true,
            Self::Unavailable(Cause::SqlServer(fault)) => fault.passes(),
            Self::Unavailable(Cause::Sqlite(_) | Cause::Embedded(_))
            | Self::Uncertain(_)
            | Self::Broken(_)
            | Self::Corrupt { .. } => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable(error.into()),
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Duplicate(error.into()),
            sqlx::Error::Database(refusal) if refusal.code().is_some_and(|code| code.parse().is_ok_and(passes)) => {
                Self::Unavailable(error.into())
            }
            _ => Self::Broken(error.into()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(failure) if UNIQUE.contains(&failure.extended_code) => Self::Duplicate(error.into()),
            Some(failure) if passes(failure.extended_code) => Self::Unavailable(error.into()),
            _ => Self::Broken(error.into()),
        }
    }
}

/// What SQLite says of a key that is there already (<https://sqlite.org/rescode.html>).
const UNIQUE: [i32; 2] = [
    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE,
    rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
];

/// Whether SQLite says that it is locked or busy, out of reach, or that the disk is full: nothing is wrong with the question.
fn passes(code: i32) -> bool {
    matches!(code & 0xff, 5 | 6 | 10 | 13 | 14 | 15)
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        if fault.is_unavailable() {
            Self::Unavailable(fault.into())
        } else if fault.is_duplicate() {
            Self::Duplicate(fault.into())
        } else {
            Self::Broken(fault.into())
        }
    }
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no database at {0}: `album-graph migrate` creates one")]
    Missing(String),
    /// It cannot be read.
    #[error("cannot open the database at {path}")]
    Unreadable {
        /// Where it is.
        path: String,
        /// What stands in the way.
        #[source]
        source: sqlx::Error,
    },
    /// How to reach it is not known.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// Its connections cannot be kept.
    #[error("cannot keep connections: {0}")]
    Pool(String),
}

/// Why the schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer release was here before.
    #[error("the database is newer than this program: it has migration {0}, which this program does not know")]
    Newer(i64),
    /// A migration is not what it was when it was applied.
    #[error("migration {0} was edited after it had been applied")]
    Edited(i64),
    /// The database is out of reach.
    #[error("cannot connect to the database")]
    Unreachable(#[source] Fault),
    /// The connection broke, or something else that passes got in the way.
    #[error("interrupted: each migration is kept whole or not at all, run `album-graph migrate` again")]
    Interrupted(#[source] Fault),
    /// The database refused.
    #[error("cannot migrate the database")]
    Failed(#[source] Cause),
}

impl From<sqlx::migrate::MigrateError> for MigrateError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        sqlx::Error::from(error).into()
    }
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Fault> for MigrateError {
    fn from(fault: Fault) -> Self {
        if fault.is_unavailable() {
            Self::Interrupted(fault)
        } else {
            Self::Failed(fault.into())
        }
    }
}
