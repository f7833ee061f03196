//! Programs of others that the tasks call, each with a hint where it is missing.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that runs this task, in the root of the repository.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(root());
    cargo
}

/// How the programs are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// In a moment, to be tried and tested.
    Debug,
    /// As they are shipped, to be measured.
    Release,
}

/// Where cargo puts what it builds.
pub fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program that cargo has built.
pub fn target(program: &str, build: Build) -> PathBuf {
    let folder = match build {
        Build::Debug => "debug",
        Build::Release => "release",
    };
    target_folder().join(folder).join(program)
}

/// Runs a command to its end; an error names it.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("`{name} {arguments}` failed ({status})");
    }
    Ok(())
}

/// Checks that Node and npm are there, and new enough.
pub fn check_node() -> anyhow::Result<()> {
    let version = Command::new("node").arg("--version").stderr(Stdio::null()).output();
    let version = version.ok().filter(|output| output.status.success());
    let Some(version) = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()) else {
        bail!("Node is missing: install Node 20.19 or newer with npm (https://nodejs.org)");
    };
    let numbers = version.trim_start_matches('v').split('.');
    let numbers: Vec<u32> = numbers.map_while(|number| number.parse().ok()).collect();
    if numbers < vec![20, 19] {
        bail!("Node {version} is too old: install Node 20.19 or newer (https://nodejs.org)");
    }
    let npm = Command::new("npm")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !npm.is_ok_and(|status| status.success()) {
        bail!("npm is missing: it comes with Node (https://nodejs.org)");
    }
    Ok(())
}
