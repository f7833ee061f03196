//! The proof of concept, deployed as its file says.

use std::process::Command;

use super::cluster::remove_stack;
use super::docker::docker;
use super::interrupt::{run, run_well, wait_until};
use super::trial::WELL;
use crate::programs;
use crate::tools::root;

/// What it is called on the Swarm.
pub const STACK: &str = "music-store-test-stage1";

/// Deploys it, waits until its first page has albums, and takes it away.
pub fn try_out(tag: &str) -> anyhow::Result<()> {
    let port = programs::free_address()?.port().to_string();
    let mut deploy = docker(&["stack", "deploy", "--compose-file"]);
    deploy.arg(root().join("deploy/stage1.yaml")).arg(STACK);
    run_well(deploy.env("TAG", tag).env("PORT", &port).env_remove("REGISTRY"))?;
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail", "--max-time", "5"]);
    curl.arg(format!("http://localhost:{port}/"));
    wait_until("the proof of concept has no page with albums", WELL, || {
        let (status, page) = run(&mut curl)?;
        Ok(status.success() && page.contains("/albums/"))
    })?;
    remove_stack(STACK);
    Ok(())
}
