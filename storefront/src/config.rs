//! Every setting of the program; the comments are the text of `--help`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use reqwest::Url;
use service::client::Proxies;

/// Serves the pages of the music store.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub config: Config,
}

/// What the program can do.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Command {
    /// Serve the pages (what happens when no command is given)
    Serve,
    /// Ask the running server whether it is ready: exit code 0 or 1
    Health {
        /// Ask whether it has been ready once and still answers, which is what to restart it for
        #[arg(long)]
        started: bool,
    },
}

/// The settings.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env = "STOREFRONT_LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,

    /// Address of album-graph's GraphQL endpoint
    #[arg(
        long,
        env = "STOREFRONT_ALBUM_GRAPH",
        default_value = "http://127.0.0.1:4000/graphql",
        value_parser = endpoint,
        global = true
    )]
    pub album_graph: Url,

    /// How visitors reach the shop, such as `https://shop.example`: for canonical links and the sitemap, and because cookies are
    /// sent over `https` only where this is; by default
    /// made from the address to listen on
    #[arg(long, env = "STOREFRONT_PUBLIC_URL", value_parser = origin, global = true)]
    pub public_url: Option<Url>,

    /// Networks of the proxies in front of the shop, such as `10.0.0.0/8,fd00::/8`: they alone are believed when they say for
    /// whom they ask (`X-Forwarded-For`)
    #[arg(
        long,
        env = "STOREFRONT_TRUSTED_PROXIES",
        default_value = "",
        value_name = "NETWORKS",
        global = true
    )]
    pub trusted_proxies: Proxies,

    /// Seconds for which requests are still answered after SIGTERM
    #[arg(long = "drain", env = "STOREFRONT_DRAIN", default_value_t = 3, value_parser = clap::value_parser!(u64).range(..=9), global = true)]
    pub drain_seconds: u64,

    /// What to log: error, warn, info, debug or trace, also per module
    #[arg(long, env = "STOREFRONT_LOG", default_value = "info", global = true)]
    pub log: String,
}

impl Config {
    /// How long requests are still answered after SIGTERM.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// The origin that visitors see, without a slash at the end.
    #[must_use]
    pub fn public_origin(&self) -> String {
        let given = self.public_url.as_ref().map(|url| url.origin().ascii_serialization());
        given.unwrap_or_else(|| format!("http://{}", reachable(self.listen)))
    }
}

/// A program that listens on every address is reached on the loopback one.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        listen.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    listen
}

fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    // The two programs talk inside one private network; TLS would be the network's.
    if url.scheme() == "http" && url.has_host() {
        Ok(url)
    } else {
        Err("it must start with http://".to_owned())
    }
}

fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let web = matches!(url.scheme(), "http" | "https");
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if web && bare {
        Ok(url)
    } else {
        Err("it must be http:// or https:// and a host, without a path".to_owned())
    }
}
