//! A syslog server to test against: takes messages over TLS and appends each, as a line, to a file.
//!
//! `receiver ADDRESS CERTIFICATES.pem KEY.pem FILE`

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, certificates, key, file] = arguments.as_slice() else {
        bail!("usage: receiver ADDRESS CERTIFICATES.pem KEY.pem FILE");
    };
    let certificates = CertificateDer::pem_file_iter(certificates)?.collect::<Result<_, _>>()?;
    let tls = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, PrivateKeyDer::from_pem_file(key)?)?;
    let tls = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind(address).await?;
    let file = Arc::new(OpenOptions::new().create(true).append(true).open(file)?);
    loop {
        let (stream, _) = listener.accept().await?;
        let (tls, file) = (tls.clone(), Arc::clone(&file));
        tokio::spawn(async move {
            if let Err(error) = take(&tls, stream, &file).await {
                eprintln!("receiver: {error:#}");
            }
        });
    }
}

/// Takes messages until the sender ends the connection, and closes it then, as servers do.
async fn take(tls: &TlsAcceptor, stream: TcpStream, mut file: &File) -> anyhow::Result<()> {
    let mut stream = tls.accept(stream).await?;
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await? > 0 {
        let mut lines = Vec::new();
        while let Some(message) = message(&mut bytes)? {
            lines.extend(message);
            lines.push(b'\n');
        }
        file.write_all(&lines)?;
    }
    if !bytes.is_empty() {
        bail!("the connection ended within a message");
    }
    Ok(())
}

/// Takes the first whole message from `bytes`: its length in digits, a blank, and so many bytes.
fn message(bytes: &mut Vec<u8>) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(blank) = bytes.iter().position(|&byte| byte == b' ') else {
        return Ok(None);
    };
    let length: usize = std::str::from_utf8(&bytes[..blank])?
        .parse()
        .context("no length before a message")?;
    let end = blank + 1 + length;
    if bytes.len() < end {
        return Ok(None);
    }
    let message = bytes[blank + 1..end].to_vec();
    bytes.drain(..end);
    Ok(Some(message))
}
