//! A stand-in for SQL Server that follows a script, to show what our side does when a server
//! fails in ways that a real one cannot be made to fail at will.
//!
//! It speaks TDS 7.4 as far as one client needs: prelogin, TLS, login, statements, transactions
//! and Attention. It understands no SQL: a script looks at each [`Event`] and says which
//! [`Answer`] to give. The vendor's own, `mssql-mock-tds`, needs OpenSSL, answers no text, and
//! can neither fall silent nor break off.
//!
//! ```ignore
//! let server = Server::start(|connection, event| match event {
//!     Event::Login(login) => login.accept_only("s3cret"),
//!     Event::Statement(text) if text.contains("album") => Answer::Hang,
//!     Event::Commit if connection == 0 => Answer::Close,
//!     _ => Answer::Usual,
//! })
//! .await;
//! // … the client at work …
//! server.wait_for(|record| record.count(&Event::Attention) == 1).await;
//! ```

mod answer;
mod request;
mod wire;

use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{io, mem};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

pub use answer::{Cell, Column, Rows};
use answer::{Tokens, prelogin};
use wire::{HEADER_SIZE, Wire, packet, packets};

/// How long [`Server::wait_for`] waits before it fails the test.
const PATIENCE: Duration = Duration::from_secs(10);

/// What happened on a connection. The script is asked about all but the last three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Login(Login),
    /// The text of a batch or of an `sp_executesql`; of any other procedure, its name.
    Statement(String),
    Begin,
    Commit,
    /// The client asked to stop what it is waiting for. It is always told that this was done.
    Attention,
    /// A request that this server does not know, by its packet type. It ends the connection.
    Unknown(u8),
    /// The connection ended, by either side.
    Closed,
}

/// What a client said of itself at login. The password is in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: String,
    pub application: String,
    pub database: String,
}

impl Login {
    /// Lets in whoever knows the password, and refuses others as SQL Server does.
    pub fn accept_only(&self, password: &str) -> Answer {
        if self.password == password {
            return Answer::Usual;
        }
        Answer::Error(Failure {
            class: 14,
            ..Failure::new(18456, &format!("Login failed for user '{}'.", self.user))
        })
    }
}

/// What the server does about an event.
#[derive(Debug)]
pub enum Answer {
    /// What a server in good health would do: let the client in, begin and commit, answer 1 to
    /// `SELECT 1`, and "done, no rows" to any other statement.
    Usual,
    Rows(Rows),
    /// Done, so many rows affected.
    Done(usize),
    /// An error. It ends the connection at login, or if its class is 20 or more.
    Error(Failure),
    /// At login: go to another server.
    Route {
        host: String,
        port: u16,
    },
    /// Nothing, until the client gives up.
    Hang,
    /// All rows but the last, half of the packet with the last, and then nothing.
    HangInRow(Rows),
    /// All rows but the last, half of the packet with the last, and the connection is cut.
    CloseInRow(Rows),
    /// The connection is cut with no answer.
    Close,
}

impl Answer {
    /// An ordinary error, of class 16.
    pub fn error(number: u32, message: &str) -> Self {
        Self::Error(Failure::new(number, message))
    }
}

/// An error as the server reports it.
#[derive(Clone, Debug)]
pub struct Failure {
    pub number: u32,
    pub class: u8,
    pub message: String,
}

impl Failure {
    pub fn new(number: u32, message: &str) -> Self {
        Self {
            number,
            class: 16,
            message: message.to_owned(),
        }
    }
}

/// How the server meets a client that connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// TLS after the prelogin, as `Encrypt=true` wants it.
    Tls,
    /// TLS before all else: TDS 8, `Encrypt=strict`.
    Strict,
    /// No TLS to be had. Should the client log in all the same, that is recorded.
    NoEncryption,
    /// Connects, and says nothing.
    Silent,
}

/// What has happened so far: for each connection, in the order they were made, its events.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub connections: Vec<Vec<Event>>,
}

impl Record {
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.connections.iter().flatten()
    }

    pub fn count(&self, event: &Event) -> usize {
        self.events().filter(|seen| *seen == event).count()
    }

    pub fn logins(&self) -> Vec<&Login> {
        self.events()
            .filter_map(|event| match event {
                Event::Login(login) => Some(login),
                _ => None,
            })
            .collect()
    }

    pub fn statements(&self) -> Vec<&str> {
        self.events()
            .filter_map(|event| match event {
                Event::Statement(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }
}

type Script = Box<dyn FnMut(usize, &Event) -> Answer + Send>;

/// The server. It stops when it is dropped, and cuts its connections.
pub struct Server {
    port: u16,
    certificate: String,
    record: watch::Receiver<Record>,
    listening: JoinHandle<()>,
}

impl Server {
    /// A server for `localhost`. The script gets the number of the connection,
    /// from 0, and the event.
    pub async fn start(script: impl FnMut(usize, &Event) -> Answer + Send + 'static) -> Self {
        Self::behind(Door::Tls, script).await
    }

    /// A server on a port that another one had.
    pub async fn at(port: u16, script: impl FnMut(usize, &Event) -> Answer + Send + 'static) -> Self {
        Self::bind(port, Door::Tls, &["localhost"], script).await
    }

    /// A server whose certificate is for another name.
    pub async fn named(name: &str, script: impl FnMut(usize, &Event) -> Answer + Send + 'static) -> Self {
        Self::bind(0, Door::Tls, &[name], script).await
    }

    /// A server with a door of its own.
    pub async fn behind(door: Door, script: impl FnMut(usize, &Event) -> Answer + Send + 'static) -> Self {
        Self::bind(0, door, &["localhost"], script).await
    }

    /// It listens on 127.0.0.1 whatever its names are; port 0 stands for any that is free.
    async fn bind(
        port: u16,
        door: Door,
        names: &[&str],
        script: impl FnMut(usize, &Event) -> Answer + Send + 'static,
    ) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let mut tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        // A ticket would come in a prelogin packet after the client has stopped expecting those.
        tls.send_tls13_tickets = 0;
        if door == Door::Strict {
            tls.alpn_protocols = vec![b"tds/8.0".to_vec()];
        }

        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (record, watched) = watch::channel(Record::default());
        let shared = Arc::new(Shared {
            door,
            tls: Arc::new(tls),
            script: Mutex::new(Box::new(script) as Script),
            record,
        });
        Self {
            port,
            certificate: cert.pem(),
            record: watched,
            listening: tokio::spawn(listen(listener, shared)),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate to trust. It is its own authority.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate
    }

    /// Stops, and frees the port for another.
    pub async fn stop(mut self) {
        self.listening.abort();
        let _ = (&mut self.listening).await;
    }

    pub fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    /// Waits until the record is as wanted. It fails the test if that takes too long.
    pub async fn wait_for(&self, mut wanted: impl FnMut(&Record) -> bool) -> Record {
        let mut record = self.record.clone();
        let found = timeout(PATIENCE, record.wait_for(|record| wanted(record)))
            .await
            .map(|found| found.unwrap().clone());
        found.unwrap_or_else(|_| panic!("what was waited for did not happen, but this did: {:#?}", self.record()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

struct Shared {
    door: Door,
    tls: Arc<ServerConfig>,
    script: Mutex<Script>,
    record: watch::Sender<Record>,
}

impl Shared {
    fn note(&self, connection: usize, event: Event) {
        self.record
            .send_modify(|record| record.connections[connection].push(event));
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with this task, the set takes the connections with it.
    let mut connections = JoinSet::new();
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        tcp.set_nodelay(true).unwrap();
        let mut number = 0;
        shared.record.send_modify(|record| {
            number = record.connections.len();
            record.connections.push(Vec::new());
        });
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let wire = Wire { tcp, tls: None };
            let connection = Connection {
                number,
                wire,
                shared: &shared,
                transaction: false,
                unsent: Vec::new(),
            };
            // An error is the client having left, and that is recorded all the same.
            let _ = connection.run().await;
            shared.note(number, Event::Closed);
        });
    }
}

struct Connection<'a> {
    number: usize,
    wire: Wire,
    shared: &'a Shared,
    transaction: bool,
    /// The rest of a packet that an answer stopped in.
    unsent: Vec<u8>,
}

impl Connection<'_> {
    async fn run(mut self) -> io::Result<()> {
        let door = self.shared.door;
        if door == Door::Silent {
            return self.wire.tcp.read_to_end(&mut Vec::new()).await.map(drop);
        }
        if door == Door::Strict {
            self.wire.shake_hands(&self.shared.tls, false).await?;
        }
        self.wire.receive().await?;
        self.wire.send(&prelogin(door != Door::NoEncryption)).await?;
        if door == Door::Tls {
            self.wire.shake_hands(&self.shared.tls, true).await?;
        }
        loop {
            let (kind, body) = self.wire.receive().await?;
            let event = request::parse(kind, &body);
            self.shared.note(self.number, event.clone());
            match event {
                Event::Attention => self.give_up().await?,
                Event::Unknown(_) => return Ok(()),
                event => {
                    let answer = (self.shared.script.lock().unwrap())(self.number, &event);
                    if !self.answer(&event, answer, kind == packet::RPC).await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn give_up(&mut self) -> io::Result<()> {
        // A packet once begun has to be finished, or the client cannot find the next one.
        let unsent = mem::take(&mut self.unsent);
        self.wire.write(&unsent).await?;
        self.wire.send(&Tokens::default().stopped().0).await
    }

    /// Whether the connection goes on.
    async fn answer(&mut self, event: &Event, answer: Answer, rpc: bool) -> io::Result<bool> {
        let tokens = Tokens::default();
        let tokens = match answer {
            Answer::Usual => self.usual(event, rpc),
            Answer::Rows(rows) => all(&rows, rpc),
            Answer::Done(count) => tokens.end(rpc, count),
            Answer::Error(failure) => {
                self.wire.send(&tokens.error(&failure, rpc).0).await?;
                return Ok(failure.class < 20 && !matches!(event, Event::Login(_)));
            }
            Answer::Route { host, port } => tokens.route(&host, port),
            Answer::Hang => return Ok(true),
            Answer::HangInRow(rows) => {
                self.unsent = self.stop_in_row(&rows).await?;
                return Ok(true);
            }
            Answer::CloseInRow(rows) => {
                self.stop_in_row(&rows).await?;
                return Ok(false);
            }
            Answer::Close => return Ok(false),
        };
        self.wire.send(&tokens.0).await?;
        Ok(true)
    }

    fn usual(&mut self, event: &Event, rpc: bool) -> Tokens {
        let tokens = Tokens::default();
        let open = mem::replace(&mut self.transaction, *event == Event::Begin);
        match event {
            Event::Login(login) => tokens.welcome(&login.database),
            Event::Begin => tokens.begun(),
            Event::Commit if open => tokens.committed(),
            Event::Commit => tokens.error(&Failure::new(3902, "COMMIT has no BEGIN TRANSACTION."), rpc),
            Event::Statement(text) => {
                self.transaction = open;
                if text.trim().trim_end_matches(';').eq_ignore_ascii_case("select 1") {
                    all(&Rows::of(&[Column::Int("")]).row([1.into()]), rpc)
                } else {
                    tokens.end(rpc, 0)
                }
            }
            Event::Attention | Event::Unknown(_) | Event::Closed => unreachable!("no script is asked about these"),
        }
    }

    /// Sends the rows up to the middle of the last one. Gives back what is left of its packet.
    async fn stop_in_row(&mut self, rows: &Rows) -> io::Result<Vec<u8>> {
        let last = rows.count().checked_sub(1).expect("a row to stop in");
        let whole = Tokens::default().columns(rows).rows(rows, 0..last);
        self.wire.write(&packets(packet::ANSWER, &whole.0, false)).await?;
        let mut cut = packets(packet::ANSWER, &Tokens::default().rows(rows, last..last + 1).0, false);
        let unsent = cut.split_off(cut.len().midpoint(HEADER_SIZE));
        self.wire.write(&cut).await?;
        Ok(unsent)
    }
}

fn all(rows: &Rows, rpc: bool) -> Tokens {
    let count = rows.count();
    Tokens::default().columns(rows).rows(rows, 0..count).end(rpc, count)
}
