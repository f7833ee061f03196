//! A small load generator: each connection asks again as soon as it is answered.
//!
//! Plain hyper, which the programs are made of anyway: one connection a task, no pool that decides for itself, and every answer
//! is read to its end and looked at. Every time is kept, so that a percentile is exact; there are never more than a few thousand.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// What is asked: a page by GET, or a document by POST.
#[derive(Clone)]
pub enum Ask {
    Page(String),
    Document(String),
}

/// One connection to a server.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        Ok(Self {
            sender,
            host: address.to_string(),
        })
    }

    /// The answer, read to its end.
    pub async fn ask(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let request = match ask {
            Ask::Page(path) => Request::get(path).body(Full::default()),
            Ask::Document(document) => Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(document.clone().into())),
        };
        let mut request = request?;
        request.headers_mut().insert(header::HOST, self.host.parse()?);
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        Ok(Answer {
            status: response.status(),
            body: response.into_body().collect().await?.to_bytes(),
        })
    }
}

/// What a server answered.
pub struct Answer {
    status: StatusCode,
    body: Bytes,
}

impl Answer {
    /// The body, where it is what was asked for.
    pub fn body(self) -> anyhow::Result<Bytes> {
        let text = std::str::from_utf8(&self.body)?;
        if !self.status.is_success() || text.contains("\"errors\":[") {
            bail!("{}: {text}", self.status);
        }
        Ok(self.body)
    }
}

/// How long answers took, shortest first.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn percentile(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).max(1) - 1;
        self.0.get(place).copied().unwrap_or_default()
    }
}

/// Asks one after another of `asks` on so many connections, for a time, after asking a few that do not count.
pub fn load(address: SocketAddr, asks: &Rc<[Ask]>, connections: usize, time: Duration) -> anyhow::Result<Times> {
    ensure!(!asks.is_empty(), "there is nothing to ask");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = LocalSet::new();
    let asked: Vec<_> = (0..connections)
        .map(|first| tasks.spawn_local(keep_asking(address, Rc::clone(asks), (first, connections), time)))
        .collect();
    let times = runtime.block_on(tasks.run_until(async {
        let mut times = Vec::new();
        for task in asked {
            times.append(&mut task.await.context("a connection gave up")??);
        }
        Ok::<_, anyhow::Error>(times)
    }));
    let mut times = times?;
    times.sort_unstable();
    Ok(Times(times))
}

async fn keep_asking(
    address: SocketAddr,
    asks: Rc<[Ask]>,
    (first, step): (usize, usize),
    time: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut asks = asks.iter().cycle().skip(first).step_by(step);
    let (begun, warm) = (Instant::now(), time / 5);
    let mut times = Vec::new();
    while begun.elapsed() < time {
        let Some(ask) = asks.next() else { break };
        let started = Instant::now();
        let answer = connection.ask(ask).await?;
        let took = started.elapsed();
        answer.body()?;
        if begun.elapsed() > warm {
            times.push(took);
        }
    }
    Ok(times)
}

/// The bodies of the answers to a few asks, one after another.
pub fn ask_all(address: SocketAddr, asks: Vec<Ask>) -> anyhow::Result<Vec<Bytes>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answers = async {
        let mut connection = Connection::open(address).await?;
        let mut bodies = Vec::new();
        for ask in asks {
            bodies.push(connection.ask(&ask).await?.body()?);
        }
        Ok(bodies)
    };
    LocalSet::new().block_on(&runtime, answers)
}
