//! The way into the shop, as a browser without JavaScript has it: addresses of the edge, of which any will do.

use std::net::SocketAddr;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, header, redirect};

use super::ask::{Ask, Body, Host};
use super::sample::Failure;

/// Longer than the shop lets anybody wait.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How often an address is tried once more, where none lets anybody in: as long as a reader looks at a page that does not come.
const TRIES: usize = 2;

/// The way in.
pub struct Door {
    client: Client,
    /// Opens a connection for each request.
    fresh: Client,
    hosts: Hosts,
    addresses: RwLock<Vec<SocketAddr>>,
    turn: AtomicUsize,
}

/// What the shop and its API are called.
#[derive(Clone)]
pub struct Hosts {
    pub shop: String,
    pub api: String,
}

/// What came of a request, and whether it had to be sent once more.
pub struct Sent {
    pub reply: Result<Reply, Failure>,
    pub again: bool,
}

/// An answer, read to its end.
#[derive(Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub location: String,
    /// What the browser shall keep: the session's token.
    pub session: Option<String>,
    pub body: String,
}

impl Door {
    pub fn new(hosts: Hosts) -> anyhow::Result<Self> {
        let client = || {
            Client::builder()
                .no_proxy()
                .redirect(redirect::Policy::none())
                .connect_timeout(CONNECT)
                .timeout(PATIENCE)
        };
        Ok(Self {
            client: client().build()?,
            fresh: client().pool_max_idle_per_host(0).build()?,
            hosts,
            addresses: RwLock::default(),
            turn: AtomicUsize::new(0),
        })
    }

    /// Says where the edge is.
    pub fn lead_to(&self, addresses: Vec<SocketAddr>) {
        if let Ok(mut known) = self.addresses.write() {
            *known = addresses;
        }
    }

    /// Sends a request. Where an address lets nobody in, the next one is tried; where a connection breaks, what only reads is
    /// sent once more on a new one, as browsers do.
    pub async fn send(&self, ask: &Ask) -> Sent {
        match self.knock(&self.client, ask).await {
            Err(Failure::Broken(_)) if ask.is_read() => Sent {
                reply: self.knock(&self.fresh, ask).await,
                again: true,
            },
            reply => Sent { reply, again: false },
        }
    }

    async fn knock(&self, client: &Client, ask: &Ask) -> Result<Reply, Failure> {
        let mut failure = Failure::Closed("the edge has no address".to_owned());
        for _ in 0..TRIES {
            for address in self.addresses() {
                match self.request(client, ask, address).send().await {
                    Ok(response) => return read(response).await.map_err(Failure::from),
                    Err(error) if error.is_connect() => failure = Failure::from(error),
                    Err(error) => return Err(Failure::from(error)),
                }
            }
        }
        Err(failure)
    }

    /// All addresses, each time another one first.
    fn addresses(&self) -> Vec<SocketAddr> {
        let mut addresses = self.addresses.read().map(|known| known.clone()).unwrap_or_default();
        if !addresses.is_empty() {
            let first = self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len();
            addresses.rotate_left(first);
        }
        addresses
    }

    fn request(&self, client: &Client, ask: &Ask, address: SocketAddr) -> RequestBuilder {
        let url = format!("http://{address}{}", ask.path);
        let request = match &ask.body {
            None => client.get(url),
            Some(Body { kind, text }) => {
                let request = client.post(url).header(header::CONTENT_TYPE, *kind);
                request.body(text.clone())
            }
        };
        let request = match ask.host {
            Host::Shop => request
                .header(header::HOST, &self.hosts.shop)
                .header("sec-fetch-site", "same-origin"),
            Host::Api => request
                .header(header::HOST, &self.hosts.api)
                .header(header::ACCEPT, "application/json"),
        };
        match (&ask.session, ask.host) {
            (None, _) => request,
            (Some(token), Host::Shop) => request.header(header::COOKIE, format!("session={token}")),
            (Some(token), Host::Api) => request.bearer_auth(token),
        }
    }
}

async fn read(response: Response) -> reqwest::Result<Reply> {
    let text = |name: header::HeaderName| {
        let value = response.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let mut reply = Reply {
        status: response.status().as_u16(),
        kind: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        session: session(&text(header::SET_COOKIE)),
        body: String::new(),
    };
    reply.body = response.text().await?;
    Ok(reply)
}

fn session(cookie: &str) -> Option<String> {
    let (token, _) = cookie.strip_prefix("session=")?.split_once(';')?;
    (!token.is_empty()).then(|| token.to_owned())
}
