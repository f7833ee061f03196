//! Docker, called by its command line.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

/// `docker …`. In a group of its own: Ctrl-C reaches this task alone, which then cleans up.
pub fn docker(arguments: &[&str]) -> Command {
    let mut docker = Command::new("docker");
    docker.args(arguments).process_group(0);
    docker
}

/// What `docker …` writes; an error has its complaint.
pub fn output(arguments: &[&str]) -> anyhow::Result<String> {
    finish(docker(arguments).stdin(Stdio::null()), arguments)
}

fn finish(command: &mut Command, arguments: &[&str]) -> anyhow::Result<String> {
    told(&command.output().context("cannot start docker")?, arguments)
}

fn told(output: &std::process::Output, arguments: &[&str]) -> anyhow::Result<String> {
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`docker {}`: {}", arguments.join(" "), complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What `docker … ` writes, as JSON.
pub fn json(arguments: &[&str]) -> anyhow::Result<Value> {
    let text = output(arguments)?;
    serde_json::from_str(&text).with_context(|| format!("`docker {}` writes {text}", arguments.join(" ")))
}

/// The lines that `docker …` writes.
pub fn lines(arguments: &[&str]) -> anyhow::Result<Vec<String>> {
    Ok(output(arguments)?.lines().map(ToOwned::to_owned).collect())
}
