//! What the programs serve to browsers: installed from the lock file, bundled, named by content.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::tools::{check_node, root, run};

/// Installs what the lock file names, unless it is there, and builds.
pub fn build() -> anyhow::Result<()> {
    check_node()?;
    let folder = root().join("assets");
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"], &folder)?;
    }
    npm(&["run", "--silent", "build"], &folder)
}

fn npm(arguments: &[&str], folder: &Path) -> anyhow::Result<()> {
    run(Command::new("npm").args(arguments).current_dir(folder))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
