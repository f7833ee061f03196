//! `cargo xtask test` and the check of the contract.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};

use crate::tools::{cargo, root, run, target};
use crate::{assets, browser, programs};

/// Runs every test: Rust's, then those in a browser.
pub fn all() -> anyhow::Result<()> {
    let chrome = browser::find()?;
    assets::build()?;
    run(&mut cargo(&["test", "--workspace"]))?;
    programs::build()?;
    browser::test(&chrome)
}

/// Writes `schema.graphql` as album-graph prints it, or only compares the two.
pub fn schema(check: bool) -> anyhow::Result<()> {
    run(&mut cargo(&["build", "--quiet", "--package", "album-graph"]))?;
    let output = Command::new(target("album-graph"))
        .arg("print-schema")
        .output()
        .context("cannot start album-graph")?;
    if !output.status.success() {
        bail!("album-graph cannot print its schema");
    }
    let path = root().join("schema.graphql");
    let current = fs::read(&path).unwrap_or_default();
    if current == output.stdout {
        return Ok(());
    }
    if check {
        bail!("schema.graphql is out of date: run `cargo xtask schema`");
    }
    fs::write(&path, output.stdout).with_context(|| format!("cannot write {}", path.display()))?;
    println!("schema.graphql is up to date");
    Ok(())
}
