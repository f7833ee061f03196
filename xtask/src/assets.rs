//! What comes from npm: the assets that the programs serve to browsers, and the packages of the tests.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::tools::{check_node, root, run};

/// Builds the assets: bundled, named by content.
pub fn build() -> anyhow::Result<()> {
    let folder = root().join("assets");
    install(&folder)?;
    npm(&["run", "--silent", "build"], &folder)
}

/// Installs what the lock file of a folder names, unless it is there.
pub fn install(folder: &Path) -> anyhow::Result<()> {
    check_node()?;
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&folder.join("package-lock.json")) {
        return Ok(());
    }
    // Some packages warn of old versions of Node that they still work with.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    npm(&arguments, folder)
}

fn npm(arguments: &[&str], folder: &Path) -> anyhow::Result<()> {
    run(Command::new("npm").args(arguments).current_dir(folder))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
