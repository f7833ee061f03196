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

/// Writes what the two programs promise each other, or only compares: the schema as album-graph prints it, and what storefront asks.
///
/// The schema comes first, for storefront is compiled against it, and album-graph knows what storefront asks.
pub fn schema(check: bool) -> anyhow::Result<()> {
    let action = if check { compare } else { write };
    action("schema.graphql", &print("album-graph", "print-schema")?)?;
    action("operations.json", &print("storefront", "print-operations")?)
}

fn print(program: &str, command: &str) -> anyhow::Result<Vec<u8>> {
    run(&mut cargo(&["build", "--quiet", "--package", program]))?;
    let output = Command::new(target(program, Build::Debug))
        .arg(command)
        .output()
        .with_context(|| format!("cannot start {program}"))?;
    if !output.status.success() {
        bail!("`{program} {command}` failed ({})", output.status);
    }
    Ok(output.stdout)
}

fn compare(name: &str, text: &[u8]) -> anyhow::Result<()> {
    if fs::read(root().join(name)).unwrap_or_default() != text {
        bail!("{name} is out of date: run `cargo xtask schema`");
    }
    Ok(())
}

fn write(name: &str, text: &[u8]) -> anyhow::Result<()> {
    if compare(name, text).is_err() {
        let path = root().join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{name} is up to date");
    }
    Ok(())
}
