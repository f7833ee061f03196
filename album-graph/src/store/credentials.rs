//! The files that hold the connection string, and the string in use.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use service::secret::{self, SecretError};
use service::telemetry::causes;

use super::connection_string::{ConnectionString, ConnectionStringError};

/// Why a file gives no connection string.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// It cannot be read.
    #[error("no connection string")]
    Secret(#[from] SecretError),
    /// What it holds cannot be used.
    #[error("the connection string in {file} cannot be used")]
    Unusable {
        /// Which.
        file: String,
        /// What is wrong with it.
        #[source]
        source: ConnectionStringError,
    },
}

/// The connection string that was accepted last, and where to look when it no longer is.
#[derive(Debug)]
pub(super) struct Credentials {
    files: Vec<PathBuf>,
    current: RwLock<Arc<ConnectionString>>,
}

impl Credentials {
    /// Reads every file: what is wrong with the second should not be found out in the night of a rotation.
    pub fn read(files: &[PathBuf]) -> Result<Self, CredentialsError> {
        let mut strings = files
            .iter()
            .map(|file| read(file))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        let first = strings
            .next()
            .ok_or_else(|| SecretError::Empty("the list of files".to_owned()))?;
        Ok(Self {
            files: files.to_vec(),
            current: RwLock::new(Arc::new(first)),
        })
    }

    pub fn current(&self) -> Arc<ConnectionString> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the files hold now; one that cannot be used is passed over with a warning.
    pub fn read_again(&self) -> Vec<ConnectionString> {
        let usable = |file: &PathBuf| {
            let string = read(file);
            string
                .inspect_err(|error| tracing::warn!(cause = causes(error), "passing over a connection string"))
                .ok()
        };
        self.files.iter().filter_map(usable).collect()
    }

    pub fn keep(&self, string: ConnectionString) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(string);
    }
}

fn read(file: &Path) -> Result<ConnectionString, CredentialsError> {
    ConnectionString::parse(secret::read(file)?).map_err(|source| CredentialsError::Unusable {
        file: file.display().to_string(),
        source,
    })
}
