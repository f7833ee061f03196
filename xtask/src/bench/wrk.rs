//! The load generator: wrk, which Debian packages. What it uses itself is not counted.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

/// Connections at a time.
const CONNECTIONS: &str = "8";
/// How long a round is.
const TIME: &str = "3s";

/// Lets the owners of the tokens take turns.
const TURNS: &str = "function request()\n  next = next % #tokens + 1\n  \
                     wrk.headers[\"authorization\"] = \"Bearer \" .. tokens[next]\n  return wrk.format()\nend";

/// A request that is sent again and again.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub path: String,
    /// A body makes it a POST of JSON.
    pub body: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    /// Tokens of sessions, one after another; none for a visitor without one.
    pub tokens: Vec<String>,
}

/// Sends it for a while, and answers how often it was answered.
pub fn load(address: SocketAddr, request: &Request, script: &Path) -> anyhow::Result<f64> {
    fs::write(script, request.lua())?;
    let url = format!("http://{address}{}", request.path);
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c", CONNECTIONS, "-d", TIME, "-s"])
        .arg(script)
        .arg(&url);
    let output = wrk.output().context("wrk is missing: `apt-get install wrk`")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "wrk failed: {text}");
    if let Some(line) = text
        .lines()
        .find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        bail!("{url}: {}", line.trim());
    }
    let count = text.lines().find_map(|line| line.trim().split_once(" requests in "));
    let count = count.and_then(|(count, _)| count.parse().ok());
    count.with_context(|| format!("wrk says something else: {text}"))
}

impl Request {
    fn lua(&self) -> String {
        let body = self.body.iter().flat_map(|body| {
            [
                "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"".to_owned(),
                format!("wrk.body = [==[{body}]==]"),
            ]
        });
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| format!("wrk.headers[\"{name}\"] = [==[{value}]==]"));
        let mut lines: Vec<String> = body.chain(headers).collect();
        if !self.tokens.is_empty() {
            lines.push(format!(
                "local tokens, next = {{\"{}\"}}, 0",
                self.tokens.join("\", \"")
            ));
            lines.push(TURNS.to_owned());
        }
        lines.join("\n")
    }
}
