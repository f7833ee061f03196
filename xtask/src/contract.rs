//! The contract: `schema.graphql` as it was released last, and what has changed since.

use std::path::PathBuf;
use std::process::Command;

use crate::assets;
use crate::tools::{root, run};

/// Where the contract is kept, with what holds it to its promises.
pub fn folder() -> PathBuf {
    root().join("album-graph/contract")
}

/// Writes the changelog of the schema; with a version, that of its release, whose schema is then the one to be compared with.
pub fn write(release: Option<&str>) -> anyhow::Result<()> {
    assets::install(&folder())?;
    run(Command::new("node").arg("main.mjs").args(release).current_dir(folder()))
}
