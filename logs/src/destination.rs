//! Where lines go, and how to get there: TLS, or nothing.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;
use service::secret::{self, SecretError};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

/// A syslog server.
pub struct Destination {
    host: String,
    port: u16,
    name: ServerName<'static>,
    connector: TlsConnector,
}

/// Why it is not known where lines go; never where.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// The secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The secret says something else.
    #[error("the secret {0} must be syslog+tls://HOST:PORT and nothing else")]
    Malformed(String),
    /// The file of authorities holds none.
    #[error("{0} holds no certificate (PEM) of an authority")]
    NoAuthority(String),
    /// Nobody could vouch for the destination.
    #[error("this machine trusts no authority that could vouch for the destination")]
    NobodyTrusted,
}

/// Why the destination is not reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing answers there.
    #[error("cannot connect to the destination")]
    Unreachable(#[source] io::Error),
    /// It is somebody else, or nobody whom a trusted authority knows.
    #[error("the destination's certificate is refused, and nothing is sent: {0}")]
    Certificate(&'static str),
    /// No common TLS.
    #[error("no TLS with the destination, and nothing is sent")]
    Tls(#[source] io::Error),
}

impl Destination {
    /// Reads the secret at `path`, and the only authorities that count from `authorities` where there is such a file.
    pub fn read(path: &Path, authorities: &Path) -> Result<Self, DestinationError> {
        let secret = secret::read(path)?;
        let (host, port, name) =
            parse(secret.expose_secret()).ok_or_else(|| DestinationError::Malformed(path.display().to_string()))?;
        let trusted = if authorities.exists() {
            given(authorities).ok_or_else(|| DestinationError::NoAuthority(authorities.display().to_string()))?
        } else {
            of_this_machine().ok_or(DestinationError::NobodyTrusted)?
        };
        let tls = ClientConfig::builder()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Ok(Self {
            host,
            port,
            name,
            connector: TlsConnector::from(Arc::new(tls)),
        })
    }

    /// Connects, and makes sure that it is the destination that answers.
    pub async fn connect(&self) -> Result<TlsStream<TcpStream>, ConnectError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(ConnectError::Unreachable)?;
        let connected = self.connector.connect(self.name.clone(), stream).await;
        connected.map_err(|error| match refused_certificate(&error) {
            Some(why) => ConnectError::Certificate(why),
            None => ConnectError::Tls(error),
        })
    }
}

fn parse(text: &str) -> Option<(String, u16, ServerName<'static>)> {
    let url = Url::parse(text).ok()?;
    let bare = matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if url.scheme() != "syslog+tls" || !bare {
        return None;
    }
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host.clone()).ok()?;
    Some((host, url.port()?, name))
}

fn given(path: &Path) -> Option<RootCertStore> {
    let certificates = CertificateDer::pem_file_iter(path).ok()?;
    let mut trusted = RootCertStore::empty();
    for certificate in certificates {
        trusted.add(certificate.ok()?).ok()?;
    }
    (!trusted.is_empty()).then_some(trusted)
}

fn of_this_machine() -> Option<RootCertStore> {
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    (!trusted.is_empty()).then_some(trusted)
}

/// What is wrong with the certificate, if that is what went wrong. rustls would name the host, which is a secret.
fn refused_certificate(error: &io::Error) -> Option<&'static str> {
    let rustls::Error::InvalidCertificate(error) = error.get_ref()?.downcast_ref()? else {
        return None;
    };
    Some(match error {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is for another name",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::UnknownIssuer | CertificateError::BadSignature => "no trusted authority has signed it",
        _ => "it is not as certificates must be",
    })
}
