//! `cargo xtask test` and the check of the contract.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::tools::{Build, cargo, root, run, target};
use crate::{assets, browser, contract, programs};

/// Runs every test: Rust's, on SQLite and perhaps on a SQL Server, then those of browsers and other clients.
pub fn all(sql_server: Option<&Path>) -> anyhow::Result<()> {
    let chrome = browser::find()?;
    let server = sql_server.map(test_database).transpose()?;
    assets::build()?;
    assets::install(&contract::folder())?;
    run(cargo(&["test", "--workspace"]).env("TEST_DATABASE", "sqlite"))?;
    if let Some(server) = &server {
        println!("\nonce more, on the SQL Server");
        run(cargo(&["test", "--workspace"]).env("TEST_DATABASE", server))?;
    }
    programs::build(Build::Debug)?;
    browser::test(&chrome)?;
    if server.is_none() {
        println!("\nNot tested on a SQL Server: `cargo xtask test --sqlserver FILE` does that, too.");
    }
    Ok(())
}

fn test_database(file: &Path) -> anyhow::Result<String> {
    // The tests run in the folders of their crates.
    let file = file
        .canonicalize()
        .with_context(|| format!("cannot read {}", file.display()))?;
    Ok(format!("sqlserver:{}", file.display()))
}

/// Writes `schema.graphql` as album-graph prints it, or only compares the two.
pub fn schema(check: bool) -> anyhow::Result<()> {
    run(&mut cargo(&["build", "--quiet", "--package", "album-graph"]))?;
    let output = Command::new(target("album-graph", Build::Debug))
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
