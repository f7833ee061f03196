//! `cargo xtask bench`: how many requests a second of processor time answers, as a share of what a server does that only sends a
//! body of the same size, measured in the same run, in turns.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::catalogues::Catalogue;
use super::client::{Ask, ask_all};
use super::server::{Answers, Server, cpu};
use super::wrk::{self, Request};
use crate::programs::{self, Program};
use crate::tools::target_folder;

/// So many albums does the shop have.
const ALBUMS: u64 = 462;
/// How often each is measured; the one in the middle counts.
const ROUNDS: usize = 3;
/// So many visitors fill their carts.
const VISITORS: usize = 400;

const LIST: &str = "query($slug: String!) { genre(slug: $slug) { albums(first: 24) { nodes { id slug title \
                    price { amount currency formatted } artist { name slug } genre { name slug } } } } }";
const ALBUM: &str = "query($slug: String!) { album(slug: $slug) { id slug title price { amount currency formatted } \
                     artist { name slug } genre { name slug } } }";
const SEARCH: &str = "query($query: String!) { search(query: $query, first: 24) { totalCount nodes { slug title \
                      price { formatted } artist { name } } } }";
const ADD: &str = "mutation($album: ID!) { addToCart(input: { albumId: $album }) { cart { quantity } session { token } \
                   problems { code } } }";

/// Something that is asked for, and which part of the baseline it shall come to, in hundredths.
struct Work {
    name: &'static str,
    target: Option<f64>,
    kept: Answers,
    of: fn(&Shop) -> (SocketAddr, Request),
}

const WORKS: [Work; 10] = [
    Work {
        name: "one album by slug",
        target: None,
        kept: Answers::Forgotten,
        of: |shop| shop.document(ALBUM, &json!({ "slug": shop.album })),
    },
    Work {
        name: "24 albums of a genre, evaluated",
        target: Some(10.0),
        kept: Answers::Forgotten,
        of: |shop| shop.document(LIST, &json!({ "slug": shop.genre })),
    },
    Work {
        name: "24 albums of a genre, answered again",
        target: Some(60.0),
        kept: Answers::Kept,
        of: |shop| shop.document(LIST, &json!({ "slug": shop.genre })),
    },
    Work {
        name: "304 for the 24 albums",
        target: Some(75.0),
        kept: Answers::Kept,
        of: Shop::revalidation,
    },
    Work {
        name: "search, evaluated",
        target: None,
        kept: Answers::Forgotten,
        of: |shop| shop.document(SEARCH, &json!({ "query": "love" })),
    },
    Work {
        name: "add to cart",
        target: Some(5.0),
        kept: Answers::Kept,
        of: Shop::cart,
    },
    Work {
        name: "home page",
        target: None,
        kept: Answers::Kept,
        of: |shop| shop.page("/"),
    },
    Work {
        name: "genre page",
        target: Some(30.0),
        kept: Answers::Kept,
        of: |shop| shop.page(&format!("/genres/{}", shop.genre)),
    },
    Work {
        name: "album page",
        target: Some(50.0),
        kept: Answers::Kept,
        of: |shop| shop.page(&format!("/albums/{}", shop.album)),
    },
    Work {
        name: "genre page, nothing remembered by album-graph",
        target: None,
        kept: Answers::Forgotten,
        of: |shop| shop.page(&format!("/genres/{}", shop.genre)),
    },
];

/// A running shop, and what to ask it for.
struct Shop {
    server: Server,
    genre: String,
    album: String,
    album_id: String,
    tokens: Vec<String>,
    /// The tag of its catalogue.
    tag: String,
}

/// Measures everything and reports.
pub fn run(seed: u64) -> anyhow::Result<()> {
    let catalogue = Catalogue::make(ALBUMS, seed)?;
    let loaded = catalogue.in_sqlite()?;
    let mut table = String::from(
        "| work | requests per second of processor | fixed body | share, % | target, % | kept |\n|---|---:|---:|---:|---:|---|\n",
    );
    let mut memory = String::new();
    for kept in [Answers::Forgotten, Answers::Kept] {
        let (server, ready) = Server::start_with(&loaded, &catalogue, kept)?;
        let idle = server.memory_of_both()?;
        let shop = Shop::of(server)?;
        for work in WORKS.iter().filter(|work| work.kept == kept) {
            measure(&shop, work, &mut table)?;
        }
        if kept == Answers::Kept {
            let after = shop.server.memory_of_both()?;
            let _ = writeln!(memory, "\nready after {} ms (under 200)\n", ready.as_millis());
            for (name, idle, after) in [("album-graph", idle.0, after.0), ("storefront", idle.1, after.1)] {
                let _ = writeln!(
                    memory,
                    "{name}: {idle:.1} MB idle (under 15), {after:.1} MB after the load (under 30)\n"
                );
            }
        }
        shop.server.stop()?;
    }
    let file = target_folder().join("bench.md");
    fs::write(&file, format!("{table}{memory}")).with_context(|| format!("cannot write {}", file.display()))?;
    println!("\n{table}{memory}\nkept in {}", file.display());
    Ok(())
}

fn measure(shop: &Shop, work: &Work, table: &mut String) -> anyhow::Result<()> {
    let (address, request) = (work.of)(shop);
    let bytes = length(address, &request)?;
    let (fixed, listen) = baseline(bytes)?;
    let script = script();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(per_second(&[fixed.id()], || {
            wrk::load(
                listen,
                &Request {
                    path: "/".to_owned(),
                    ..Request::default()
                },
                &script,
            )
        })?);
        ours.push(per_second(&shop.server.ids(), || {
            wrk::load(address, &request, &script)
        })?);
    }
    drop(fixed);
    let (ours, theirs) = (median(ours), median(theirs));
    let share = 100.0 * ours / theirs;
    let (target, kept) = match work.target {
        Some(target) if share >= target => (format!("{target:.0}"), "yes"),
        Some(target) => (format!("{target:.0}"), "**no**"),
        None => (String::new(), ""),
    };
    println!("  {}: {ours:.0} of {theirs:.0}, {share:.1} %", work.name);
    let _ = writeln!(
        table,
        "| {} | {ours:.0} | {theirs:.0} | {share:.1} | {target} | {kept} |",
        work.name
    );
    Ok(())
}

/// Starts a server that sends as many bytes.
fn baseline(bytes: usize) -> anyhow::Result<(Program, SocketAddr)> {
    let listen = programs::free_address()?;
    let mut fixed = Command::new(std::env::current_exe()?);
    fixed.args(["fixed-body", "--bytes", &bytes.to_string()]);
    let fixed = Program::start(fixed, listen)?;
    let begun = std::time::Instant::now();
    while std::net::TcpStream::connect(listen).is_err() {
        ensure!(begun.elapsed() < Duration::from_secs(5), "the baseline does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((fixed, listen))
}

/// Requests for each second of processor time that these processes used.
fn per_second(ids: &[u32], load: impl FnOnce() -> anyhow::Result<f64>) -> anyhow::Result<f64> {
    let before = cpu(ids)?;
    let count = load()?;
    let used = cpu(ids)?.saturating_sub(before).as_secs_f64();
    Ok(count / used.max(0.01))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How long the body of the answer is.
fn length(address: SocketAddr, request: &Request) -> anyhow::Result<usize> {
    let mut curl = Command::new("curl");
    curl.args([
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{size_download}",
        &format!("http://{address}{}", request.path),
    ]);
    if let Some(body) = &request.body {
        curl.args(["-H", "content-type: application/json", "--data-binary", body]);
    }
    for (name, value) in &request.headers {
        curl.args(["-H", &format!("{name}: {value}")]);
    }
    let output = curl.output().context("curl is missing")?;
    let length = String::from_utf8_lossy(&output.stdout).trim().parse();
    length.context("curl tells no length")
}

fn script() -> PathBuf {
    target_folder().join("bench").join("load.lua")
}

impl Shop {
    fn of(server: Server) -> anyhow::Result<Self> {
        let ask = |document: &str, variables: Value| -> anyhow::Result<Value> {
            let body = json!({ "query": document, "variables": variables }).to_string();
            let answer = ask_all(server.album_graph, vec![Ask::Document(body)])?.remove(0);
            Ok(serde_json::from_slice::<Value>(&answer)?["data"].take())
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let genres = ask(
            "{ genres { slug albums(first: 1) { totalCount nodes { slug id } } } }",
            json!({}),
        )?;
        let genres = genres["genres"].as_array().context("there are no genres")?.clone();
        let largest = genres.iter().max_by_key(|genre| genre["albums"]["totalCount"].as_u64());
        let largest = largest.context("there are no genres")?;
        let album_id = text(&largest["albums"]["nodes"][0]["id"]);
        let mut tokens = Vec::new();
        for _ in 0..VISITORS {
            let answer = ask(ADD, json!({ "album": album_id }))?;
            tokens.push(text(&answer["addToCart"]["session"]["token"]));
        }
        let mut shop = Self {
            genre: text(&largest["slug"]),
            album: text(&largest["albums"]["nodes"][0]["slug"]),
            album_id,
            tokens,
            tag: String::new(),
            server,
        };
        shop.tag = shop.find_tag()?;
        Ok(shop)
    }

    fn document(&self, document: &str, variables: &Value) -> (SocketAddr, Request) {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = Request {
            path: "/graphql".to_owned(),
            body: Some(body),
            ..Request::default()
        };
        (self.server.album_graph, request)
    }

    fn page(&self, path: &str) -> (SocketAddr, Request) {
        let request = Request {
            path: path.to_owned(),
            ..Request::default()
        };
        (self.server.storefront, request)
    }

    fn cart(&self) -> (SocketAddr, Request) {
        let (address, mut request) = self.document(ADD, &json!({ "album": self.album_id }));
        request.tokens.clone_from(&self.tokens);
        (address, request)
    }

    /// The list in a URL, asked for by somebody who has it.
    fn revalidation(&self) -> (SocketAddr, Request) {
        let request = Request {
            path: self.list_in_url(),
            headers: vec![("if-none-match", self.tag.clone())],
            ..Request::default()
        };
        (self.server.album_graph, request)
    }

    fn list_in_url(&self) -> String {
        let encoded: String = LIST
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
        format!(
            "/graphql?query={encoded}&variables=%7B%22slug%22:%22{}%22%7D",
            self.genre
        )
    }

    fn find_tag(&self) -> anyhow::Result<String> {
        let url = format!("http://{}{}", self.server.album_graph, self.list_in_url());
        let output = Command::new("curl")
            .args(["-s", "-D", "-", "-o", "/dev/null", &url])
            .output()?;
        let headers = String::from_utf8_lossy(&output.stdout).into_owned();
        let tag = headers.lines().find_map(|line| line.strip_prefix("etag: "));
        Ok(tag.context("the list has no ETag")?.trim().to_owned())
    }
}
