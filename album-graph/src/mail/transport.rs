//! The ways out: a mail server, or a folder for whoever has none.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::ExposeSecret as _;
use service::secret::{self, SecretError};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;
use url::{Host, Url};

use super::message::{MessageError, compose, name};
use crate::store::mails::Mail;

/// How long a mail server may take over each word.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a mail server cannot be spoken to; never how to.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The secret cannot be read.
    #[error("no mail server")]
    Secret(#[from] SecretError),
    /// The secret is not the address of a mail server.
    #[error("{0} must hold smtps://USER:PASSWORD@HOST:PORT, or smtp://… for STARTTLS, and nothing else")]
    NotAUrl(String),
    /// There is no encryption to be had.
    #[error("cannot encrypt: {0}")]
    Encryption(lettre::transport::smtp::Error),
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It cannot be written.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The mail server did not take it.
    #[error("the mail server did not take it")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The folder did not take it.
    #[error("cannot write it to the folder")]
    Folder(#[from] io::Error),
    /// It took too long.
    #[error("the mail server took too long")]
    Late,
}

/// A way out for mail.
#[derive(Clone)]
pub enum Transport {
    /// Through a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// Into a folder, as `.eml` files whose names sort by the time when they were queued.
    Folder(PathBuf),
}

impl Transport {
    /// Through the mail server whose address, with user and password, the secret at `file` holds.
    ///
    /// # Errors
    /// Names the file and what is wrong with it, and never what it holds.
    pub fn smtp(file: &Path, from: &Mailbox) -> Result<Self, SmtpError> {
        let not_a_url = || SmtpError::NotAUrl(file.display().to_string());
        let secret = secret::read(file)?;
        let mut url = Url::parse(secret.expose_secret()).map_err(|_| not_a_url())?;
        let is_plain = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) || !is_plain {
            return Err(not_a_url());
        }
        url.set_path("");
        // A password goes over the network encrypted, or not at all.
        if url.scheme() == "smtp" && !is_this_machine(&url) {
            url.set_query(Some("tls=required"));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).map_err(SmtpError::Encryption)?;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        Ok(Self::Smtp(builder.timeout(Some(PATIENCE)).hello_name(hello).build()))
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// When it did not go out.
    pub async fn send(&self, mail: &Mail, from: &Mailbox) -> Result<(), SendError> {
        let message = compose(mail, from)?;
        match self {
            Self::Smtp(server) => {
                server.send(message).await?;
            }
            Self::Folder(folder) => write(folder, &name(mail), &message.formatted()).await?,
        }
        Ok(())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // What it knows is secret.
            Self::Smtp(_) => f.write_str("Smtp"),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
        }
    }
}

fn is_this_machine(url: &Url) -> bool {
    // In an address of this kind the host is text, whatever it looks like.
    let host = url.host_str().map(Host::parse);
    match host {
        Some(Ok(Host::Domain(name))) => name == "localhost",
        Some(Ok(Host::Ipv4(address))) => address.is_loopback(),
        Some(Ok(Host::Ipv6(address))) => address.is_loopback(),
        Some(Err(_)) | None => false,
    }
}

/// Writes a file that appears whole, or not at all; only its owner may read it, for it may hold a link that is a secret.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    let (unfinished, path) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    fs::rename(unfinished, path).await
}
