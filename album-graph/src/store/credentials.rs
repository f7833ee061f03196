//! The files that hold the connection string, and the string in use.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use service::secret::{self, SecretError};
use service::telemetry::causes;

use super::connection_string::{ConnectionString, ConnectionStringError};

/// Why a file gives no connection string.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// None is named.
    #[error("no file is named that holds the connection string")]
    NoFile,
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
        let strings = files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
        let first = strings.into_iter().next().ok_or(CredentialsError::NoFile)?;
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

    /// Uses this one from now on.
    pub fn keep(&self, string: ConnectionString) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Of several connections that find out at once, one says so.
        if !string.is(&current) {
            tracing::info!(file = string.file, "logged in with another connection string");
            *current = Arc::new(string);
        }
    }
}

fn read(file: &Path) -> Result<ConnectionString, CredentialsError> {
    let file_name = file.display().to_string();
    match ConnectionString::parse(secret::read(file)?) {
        Ok(mut string) => {
            string.file = file_name;
            Ok(string)
        }
        Err(source) => Err(CredentialsError::Unusable {
            file: file_name,
            source,
        }),
    }
}
