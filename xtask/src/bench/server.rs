//! Both programs as they are shipped, over one catalogue.

use std::fs;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::catalogues::{Catalogue, Loaded};
use crate::programs::{self, Program};
use crate::tools::{Build, target};

/// How long a search index may take.
const LONGEST: Duration = Duration::from_mins(10);

/// Both programs, running.
pub struct Server {
    pub album_graph: SocketAddr,
    pub storefront: SocketAddr,
    data: Program,
    pages: Program,
}

/// Whether album-graph gives answers again that it has given before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    Kept,
    Forgotten,
}

/// What a program keeps in memory, in KiB.
#[derive(Clone, Copy)]
pub struct Memory {
    /// Its own.
    pub own: u64,
    /// Pages of files, which the system takes back when it needs them.
    pub mapped: u64,
}

impl Server {
    /// Starts both, and answers how long album-graph took until it was ready. Nothing is remembered, for what is measured is how
    /// answers are found.
    pub fn start(loaded: &Loaded, catalogue: &Catalogue) -> anyhow::Result<(Self, Duration)> {
        Self::start_with(loaded, catalogue, Answers::Forgotten)
    }

    /// The same, with or without what album-graph remembers.
    pub fn start_with(loaded: &Loaded, catalogue: &Catalogue, answers: Answers) -> anyhow::Result<(Self, Duration)> {
        let (album_graph, storefront) = (programs::free_address()?, programs::free_address()?);
        let mut data = Command::new(target("album-graph", Build::Release));
        data.args(["serve", "--database", &loaded.url, "--log", "warn", "--drain", "0"]);
        // One client asks without end.
        data.args(["--rate", "0"]);
        if answers == Answers::Forgotten {
            data.args(["--answers", "0"]);
        }
        data.arg("--search-folder").arg(&loaded.index).stdout(Stdio::null());
        let started = Instant::now();
        let mut data = Program::start(data, album_graph)?;
        data.wait_for(LONGEST)
            .with_context(|| format!("with {} albums", catalogue.albums))?;
        let took = started.elapsed();
        let mut pages = Command::new(target("storefront", Build::Release));
        pages.args(["serve", "--album-graph", &format!("http://{album_graph}/graphql")]);
        pages.args(["--log", "warn", "--drain", "0"]).stdout(Stdio::null());
        let mut pages = Program::start(pages, storefront)?;
        pages.wait_until_ready()?;
        let server = Self {
            album_graph,
            storefront,
            data,
            pages,
        };
        Ok((server, took))
    }

    /// The processes of both.
    pub fn ids(&self) -> [u32; 2] {
        [self.data.id(), self.pages.id()]
    }

    /// What album-graph and the storefront have in memory, mapped files included, in MB.
    pub fn memory_of_both(&self) -> anyhow::Result<(f64, f64)> {
        let megabytes = |id| -> anyhow::Result<f64> {
            let memory = memory(id)?;
            Ok(Duration::from_micros(memory.own + memory.mapped).as_secs_f64() * 1e3 * 1.024)
        };
        Ok((megabytes(self.data.id())?, megabytes(self.pages.id())?))
    }

    /// What album-graph keeps in memory.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        memory(self.data.id())
    }

    /// Stops both.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.pages.stop()?;
        self.data.stop()
    }
}

fn memory(id: u32) -> anyhow::Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let value = line.and_then(|line| line.trim_matches([':', ' ', '\t']).split(' ').next()?.parse().ok());
        value.with_context(|| format!("the system does not tell {name}"))
    };
    Ok(Memory {
        own: value("RssAnon")?,
        mapped: value("RssFile")?,
    })
}

/// The processor time that these processes have used so far.
pub fn cpu(ids: &[u32]) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for id in ids {
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name in brackets may hold blanks; what follows it does not.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        for field in [11, 12] {
            let field: u64 = fields
                .get(field)
                .and_then(|field| field.parse().ok())
                .context("no processor time")?;
            ticks += field;
        }
    }
    // The unit of the system is a hundredth of a second on every Linux that Rust builds for.
    Ok(Duration::from_millis(ticks * 10))
}
