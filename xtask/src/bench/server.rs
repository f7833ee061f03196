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

/// What a program keeps in memory, in KiB.
#[derive(Clone, Copy)]
pub struct Memory {
    /// Its own.
    pub own: u64,
    /// Pages of files, which the system takes back when it needs them.
    pub mapped: u64,
}

impl Server {
    /// Starts both, and answers how long album-graph took until it was ready.
    pub fn start(loaded: &Loaded, catalogue: &Catalogue) -> anyhow::Result<(Self, Duration)> {
        let (album_graph, storefront) = (programs::free_address()?, programs::free_address()?);
        let mut data = Command::new(target("album-graph", Build::Release));
        data.args(["serve", "--database", &loaded.url, "--log", "warn", "--drain", "0"]);
        // What is measured is how answers are found, not how they are remembered, by one client that asks without end.
        data.args(["--answers", "0", "--rate", "0"]);
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

    /// What album-graph keeps in memory.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.data.id()))?;
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

    /// Stops both.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.pages.stop()?;
        self.data.stop()
    }
}
