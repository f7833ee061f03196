//! `cargo xtask up`: from a fresh clone to a running shop.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context;

use crate::programs::{self, Programs};
use crate::{assets, tools};

const STOREFRONT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);
const ALBUM_GRAPH: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4000);

/// Builds, prepares and runs both programs until Ctrl-C.
pub fn run() -> anyhow::Result<()> {
    programs::check_free(STOREFRONT)?;
    programs::check_free(ALBUM_GRAPH)?;
    assets::build()?;
    programs::build(tools::Build::Debug)?;
    let folder = tools::root().join("data");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let database = folder.join("album-graph.sqlite");
    programs::prepare(&database)?;

    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })
    .context("cannot listen for Ctrl-C")?;
    let mut programs = Programs::start(&database, ALBUM_GRAPH, STOREFRONT, Stdio::inherit)?;
    println!(
        "\n  the shop        http://{STOREFRONT}\n  the playground  http://{ALBUM_GRAPH}/graphql\n  its mails       {}\n\n  Ctrl-C stops both.\n",
        programs::mails(&database).display()
    );
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_millis(500)) {
        programs.check()?;
    }
    println!("stopping");
    programs.stop()
}
