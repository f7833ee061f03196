//! What can go wrong with the database.

/// Why a question to the database has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may have one later.
    #[error("the database cannot answer now")]
    Unavailable(#[source] sqlx::Error),
    /// It never will: the statement or the data is wrong.
    #[error("the database refused a statement")]
    Broken(#[source] sqlx::Error),
    /// A row holds what the schema should not allow.
    #[error("column {column} holds what it should not")]
    Corrupt {
        /// The column in question.
        column: &'static str,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // Locked or busy, out of reach, or the disk is full: nothing is wrong with the question.
        let busy = |code: &str| {
            matches!(
                code.parse::<i32>().map(|code| code & 0xff),
                Ok(5 | 6 | 10 | 13 | 14 | 15)
            )
        };
        let passing = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
            sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| busy(&code)),
            _ => false,
        };
        if passing {
            Self::Unavailable(error)
        } else {
            Self::Broken(error)
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
    /// The database refused.
    #[error("cannot migrate the database")]
    Failed(#[source] sqlx::migrate::MigrateError),
}

impl From<sqlx::migrate::MigrateError> for MigrateError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => Self::Newer(version),
            sqlx::migrate::MigrateError::VersionMismatch(version) => Self::Edited(version),
            other => Self::Failed(other),
        }
    }
}

impl From<sqlx::Error> for MigrateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}
