//! The tests that drive a real browser, and clients that others wrote, over both running programs.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::programs::{self, Programs};
use crate::tools::{Build, root, run, target};

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const SUITES: [&str; 4] = [
    "album-graph/contract",
    "album-graph/contract/clients",
    "album-graph/tests/browser",
    "storefront/tests/browser",
];

/// Finds a Chromium: what `CHROME` names, or one of the usual names on the path.
pub fn find() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("CHROME") {
        let path = PathBuf::from(&named);
        return which(&named)
            .or_else(|| path.exists().then_some(path))
            .with_context(|| format!("CHROME names {}, but there is no such program", named.to_string_lossy()));
    }
    let found = NAMES.iter().find_map(|name| which(&OsString::from(name)));
    found.context("the browser tests need Chromium: `apt-get install chromium`, or name one in CHROME")
}

fn which(name: &OsString) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Runs every test of a browser or another client over both programs with the sample catalogue.
pub fn test(chrome: &Path) -> anyhow::Result<()> {
    let folder = env::temp_dir().join(format!("music-store-browser-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let done = test_in(&folder, chrome);
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    done
}

fn test_in(folder: &Path, chrome: &Path) -> anyhow::Result<()> {
    let database = folder.join("album-graph.sqlite");
    programs::prepare(&database)?;
    let (album_graph, storefront) = (programs::free_address()?, programs::free_address()?);
    let running = Programs::start(&database, album_graph, storefront, Stdio::null)?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1"]).args(suites()?);
    node.env("CHROME", chrome)
        .env("ALBUM_GRAPH_URL", format!("http://{album_graph}/graphql"))
        .env("STOREFRONT_URL", format!("http://{storefront}"))
        .env("MAIL_FOLDER", programs::mail_folder(&database))
        // Some tests change the catalogue as its owner does: by an import.
        .env("ALBUM_GRAPH_PROGRAM", target("album-graph", Build::Debug))
        .env("ALBUM_GRAPH_DATABASE", programs::url(&database));
    run(node.current_dir(root()))?;
    running.stop()
}

fn suites() -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for suite in SUITES {
        let folder = root().join(suite);
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.mjs") {
                files.push(path);
            }
        }
    }
    if files.is_empty() {
        bail!("there is no browser test");
    }
    files.sort();
    Ok(files)
}
