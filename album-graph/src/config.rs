//! Every setting of the program: a flag, an environment variable of the same name, and the text of `--help`.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderValue;
use clap::builder::{BoolishValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, Parser, Subcommand};
use iso_currency::Currency;
use service::client::Proxies;
use url::Url;

use crate::catalogue;
use crate::http::Draft;
use crate::mail::Mailbox;
use crate::store::DatabaseUrl;

/// The data of the music store: the catalogue as GraphQL, from one database.
#[derive(Parser, Debug)]
#[command(name = "album-graph", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Settings that every command takes.
    #[command(flatten)]
    pub settings: Settings,
}

/// Settings that every command takes.
#[derive(Args, Debug)]
pub struct Settings {
    /// The database: `sqlite:PATH`, or `sqlserver:FILE` where FILE holds the connection string.
    ///
    /// A second file after a comma is tried when the server refuses the log-in of the first: FILE,NEWER.
    #[arg(
        long,
        global = true,
        env = "ALBUM_GRAPH_DATABASE",
        hide_env_values = true,
        value_parser = Unquoted,
        default_value = "sqlserver:/run/secrets/album_graph_database",
        value_name = "URL"
    )]
    pub database: DatabaseUrl,
    /// Where `serve` listens, and where `health` asks.
    #[arg(
        long,
        global = true,
        env = "ALBUM_GRAPH_LISTEN",
        default_value = "127.0.0.1:4000",
        value_parser = address,
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,
    /// What to log, as `tracing` directives: `info`, or `info,sqlx=debug`.
    ///
    /// The SQL Server driver is silent by default, for the service reports its errors itself; at `tiberius=trace` it tells all
    /// that is read and written, links in mails included.
    #[arg(
        long,
        global = true,
        env = "ALBUM_GRAPH_LOG",
        default_value = "info,tiberius=off",
        value_name = "DIRECTIVES"
    )]
    pub log: String,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Answer GraphQL over HTTP until told to stop.
    Serve(Box<Serve>),
    /// Bring the schema of the database up to date; creates an SQLite database where there is none.
    #[command(after_help = "\
Each migration is applied once and whole, however many programs migrate at the same time.
Exit codes: 0 done, or nothing to do; 3 the database is newer than this program; 4 an applied migration was edited;
5 cannot connect, or the connection broke: run it again; 1 anything else.")]
    Migrate(Migrate),
    /// Load the sample catalogue.
    Seed(Seed),
    /// Load a catalogue from a CSV file: all of it, or nothing.
    #[command(after_help = "\
The file is UTF-8 with a header: genre,artist,title,price, and perhaps released, cover_url, tracks,
copies_sold and stock.
  price        a decimal number from 0.01 to 100.00
  released     1991, 1991-09 or 1991-09-24
  cover_url    an https address
  tracks       Title (m:ss) | Title (m:ss) | Title
  copies_sold  how many were sold before; only for albums that are new
  stock        how many copies are left from now on, 0 to 1000000; where empty, that stays as it is, and an album of
               which nothing was ever said never runs out
Genres and artists that are missing are created. Loading a file again changes nothing.")]
    Import(Import),
    /// Ask the running server whether it is ready; exit code 0 or 1.
    Health(Health),
    /// Print the GraphQL schema.
    PrintSchema,
}

/// Settings of `serve`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub struct Serve {
    /// First make an SQLite database where there is none, and load the sample catalogue where there is no album: for a trial.
    #[arg(long)]
    pub sample: bool,
    /// Whether browsers that open /graphql get a playground, and the reference at /docs.
    #[arg(
        long,
        env = "ALBUM_GRAPH_PLAYGROUND",
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        default_value_t = true,
        value_name = "true|false"
    )]
    pub playground: bool,
    /// Which status codes answers have: those that clients know, or those of a newer draft of GraphQL over HTTP.
    #[arg(
        long,
        env = "ALBUM_GRAPH_HTTP_DRAFT",
        value_enum,
        default_value_t,
        value_name = "DRAFT"
    )]
    pub http_draft: Draft,
    /// A JSON file of documents by their ids (such as `sha256:…`), which clients may then name instead of sending them.
    #[arg(long, env = "ALBUM_GRAPH_TRUSTED_DOCUMENTS", value_name = "FILE.json")]
    pub trusted_documents: Option<PathBuf>,
    /// Whether only documents of that file are run, and those of storefront, which the program knows by itself.
    ///
    /// It knows storefront's of its own release and of the one before: update it before storefront.
    #[arg(
        long,
        env = "ALBUM_GRAPH_TRUSTED_ONLY",
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        default_value_t = false,
        value_name = "true|false"
    )]
    pub trusted_only: bool,
    /// Whether clients may ask for the schema, and are told what they may have meant by a name that is not in it.
    ///
    /// Where they may not, there is no reference at /docs either.
    #[arg(
        long,
        env = "ALBUM_GRAPH_INTROSPECTION",
        action = ArgAction::Set,
        value_parser = BoolishValueParser::new(),
        default_value_t = true,
        value_name = "true|false"
    )]
    pub introspection: bool,
    /// How many objects a client address, and a session, may ask for each second; 0 for no limit.
    ///
    /// At once it may ask for ten times as many, and always for 20000, which is the dearest request.
    /// An answer says in `extensions.cost` how many it may have. Where the storefront is no trusted proxy, all of its visitors are one
    /// client. Trusted proxies that ask for themselves have no limit.
    #[arg(long, env = "ALBUM_GRAPH_RATE", default_value_t = 10_000, value_name = "OBJECTS")]
    pub rate: u32,
    /// The sites whose pages may ask from a browser, such as `https://shop.example`; by default none but our own.
    #[arg(long, env = "ALBUM_GRAPH_CORS_ORIGINS", value_delimiter = ',', value_parser = origin, value_name = "ORIGIN")]
    pub cors_origins: Vec<HeaderValue>,
    /// Megabytes of answers about the catalogue that are kept to be given again while it does not change; 0 keeps none.
    #[arg(long, env = "ALBUM_GRAPH_ANSWERS", default_value_t = 8, value_name = "MB")]
    pub answers: u32,
    /// A folder for the search index of a large catalogue.
    ///
    /// What lies there is made from the database and may be thrown away. Programs on one machine may share it.
    #[arg(long, env = "ALBUM_GRAPH_SEARCH_FOLDER", default_value_os_t = search_folder(), value_name = "FOLDER")]
    pub search_folder: PathBuf,
    /// Catalogues of up to so many albums have their search index in memory, where it is made anew at every start.
    #[arg(
        long,
        env = "ALBUM_GRAPH_SEARCH_MEMORY",
        default_value_t = 5_000,
        value_name = "ALBUMS"
    )]
    pub search_memory: u64,
    /// Where the shop's pages are, for the links in mails.
    #[arg(
        long,
        env = "ALBUM_GRAPH_SHOP_URL",
        default_value = "http://127.0.0.1:3000",
        value_parser = shop_url,
        value_name = "URL"
    )]
    pub shop_url: String,
    /// Proxies whose `X-Forwarded-For` is believed, such as storefront: addresses or networks with commas between them.
    ///
    /// Wrong passwords are counted by client address, which nobody else must be able to choose.
    #[arg(
        long,
        env = "ALBUM_GRAPH_TRUSTED_PROXIES",
        default_value = "",
        hide_default_value = true,
        value_name = "NETWORKS"
    )]
    pub trusted_proxies: Proxies,
    /// A file with the mail server that mails go out through: smtps://USER:PASSWORD@HOST:PORT, or smtp://… for STARTTLS.
    ///
    /// Without it, and without a folder for mails, they stay queued.
    #[arg(long, env = "ALBUM_GRAPH_MAIL", value_name = "FILE", requires = "mail_from")]
    pub mail: Option<PathBuf>,
    /// A folder that mails are written to in place of being sent, as .eml files.
    #[arg(
        long,
        env = "ALBUM_GRAPH_MAIL_FOLDER",
        value_name = "FOLDER",
        conflicts_with = "mail"
    )]
    pub mail_folder: Option<PathBuf>,
    /// Who writes the mails: `Music Store <shop@example.com>`.
    #[arg(long, env = "ALBUM_GRAPH_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<Mailbox>,
    /// Where to tell metrics, at /metrics in Prometheus' text format; nowhere by default.
    ///
    /// They tell how the shop fares, and whoever reaches the port may read them: it is for the operator's network alone.
    #[arg(long, env = "ALBUM_GRAPH_METRICS", value_parser = address, value_name = "ADDRESS:PORT")]
    pub metrics: Option<SocketAddr>,
    /// Seconds to keep serving after SIGTERM, so that whoever routes requests notices; at most 9.
    #[arg(long, env = "ALBUM_GRAPH_DRAIN", default_value = "3", value_name = "SECONDS", value_parser = seconds)]
    pub drain: Duration,
}

/// Settings of `migrate`.
#[derive(Args, Debug)]
pub struct Migrate {
    /// Only list the migrations that are missing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Settings of `seed`.
#[derive(Args, Debug)]
pub struct Seed {
    /// Do nothing where there are albums already.
    #[arg(long)]
    pub if_empty: bool,
}

/// Settings of `import`.
#[derive(Args, Debug)]
pub struct Import {
    /// The file to load.
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// The currency that its prices are in (ISO 4217); one with cents.
    #[arg(long, env = "ALBUM_GRAPH_CURRENCY", default_value = "USD", value_name = "CODE", value_parser = catalogue::currency)]
    pub currency: Currency,
}

/// Settings of `health`.
#[derive(Args, Debug)]
pub struct Health {
    /// Ask whether it has been ready once and still answers: an orchestrator need not restart it because its database is away.
    #[arg(long)]
    pub started: bool,
}

/// The address of the shop, without a slash at its end.
fn shop_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok().filter(|url| {
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        matches!(url.scheme(), "http" | "https") && is_bare
    });
    url.map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| "must be an address such as https://shop.example.com".to_owned())
}

fn search_folder() -> PathBuf {
    std::env::temp_dir().join("album-graph-search")
}

/// Parses a database without quoting what it refuses: who gives a connection string in place of its file gives a password.
#[derive(Clone, Debug)]
struct Unquoted;

impl TypedValueParser for Unquoted {
    type Value = DatabaseUrl;

    fn parse_ref(&self, command: &clap::Command, _: Option<&Arg>, value: &OsStr) -> Result<DatabaseUrl, clap::Error> {
        let url = value
            .to_str()
            .ok_or_else(|| "must be UTF-8 text".to_owned())
            .and_then(str::parse);
        url.map_err(|reason| {
            let message = format!("the value of --database {reason}");
            clap::Error::raw(ErrorKind::ValueValidation, message + "\n").with_cmd(command)
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse();
    address.map_err(|_| "must be an address and a port, such as 127.0.0.1:4000 or [::]:4000".to_owned())
}

/// An origin as browsers write it: in any other form it would match none of them.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let origin = url.map(|url| url.origin().ascii_serialization());
    let origin = origin.ok_or_else(|| "must be http:// or https:// and a host".to_owned())?;
    if origin != text {
        return Err(format!("must be as browsers write it: {origin}"));
    }
    HeaderValue::from_str(text).map_err(|error| error.to_string())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= 9);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "must be a whole number of seconds, 0 to 9".to_owned())
}
