//! The Swarm that the shop is tried on, and what was made there, which is all taken away again.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::docker::{lines, output};

/// How long containers may take until they are gone: they have twenty seconds to drain.
const GONE: Duration = Duration::from_mins(2);
/// Kinds of things that have names of their own in a Swarm, and need not belong to a stack.
const NAMED: [&str; 2] = ["secret", "config"];
/// What a node has where the edge may be.
const EDGE: &str = "node.label=music-store.edge=true";

/// A Swarm on this machine, with stacks of our own on it; taken away when dropped.
pub struct Cluster {
    stacks: [&'static str; 2],
    made: bool,
    /// Whether no node was said to have the edge.
    unlabelled: bool,
    /// Names that were there before, by kind.
    before: Vec<(&'static str, BTreeSet<String>)>,
    images: Vec<String>,
}

impl Cluster {
    /// Joins the Swarm that there is, or makes one for a while. What an earlier try has left is taken away.
    pub fn join(stacks: [&'static str; 2]) -> anyhow::Result<Self> {
        let state = output(&[
            "info",
            "--format",
            "{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}",
        ]);
        let state = state.context("no Docker daemon answers")?;
        let made = match state.as_str() {
            "active true" => false,
            "inactive false" => {
                // A machine that is busy with a build is not a node that is lost.
                output(&[
                    "swarm",
                    "init",
                    "--advertise-addr",
                    "127.0.0.1",
                    "--dispatcher-heartbeat",
                    "30s",
                ])?;
                true
            }
            other => bail!("this is no manager of a Swarm, and cannot become one ({other})"),
        };
        let mut cluster = Self {
            stacks,
            made,
            unlabelled: lines(&["node", "ls", "--quiet", "--filter", EDGE])?.is_empty(),
            before: Vec::new(),
            images: Vec::new(),
        };
        cluster.remove_stacks();
        for kind in NAMED {
            cluster.before.push((kind, named(kind)?));
        }
        Ok(cluster)
    }

    /// Notes an image that was made.
    pub fn owns(&mut self, image: &str) {
        self.images.push(image.to_owned());
    }

    /// The containers of a service of the first stack that run.
    pub fn containers(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let service = format!("label=com.docker.swarm.service.name={}_{service}", self.stacks[0]);
        lines(&["ps", "--quiet", "--no-trunc", "--filter", &service])
    }

    fn remove_stacks(&self) {
        self.stacks.iter().copied().for_each(remove_stack);
    }
}

/// Removes a stack, waits until its containers are gone, and removes what they have left.
pub fn remove_stack(stack: &str) {
    let ours = format!("label=com.docker.stack.namespace={stack}");
    for service in list(&["service", "ls", "--quiet", "--filter", &ours]) {
        try_to(&["service", "rm", &service]);
    }
    let begun = Instant::now();
    loop {
        let left = list(&["ps", "--all", "--quiet", "--filter", &ours]);
        if left.is_empty() || begun.elapsed() > GONE {
            break;
        }
        // Those of jobs would stay.
        for ended in list(&["ps", "--all", "--quiet", "--filter", &ours, "--filter", "status=exited"]) {
            let _ = output(&["rm", &ended]);
        }
        thread::sleep(Duration::from_millis(500));
    }
    for kind in ["network", "volume", "secret", "config"] {
        for name in list(&[kind, "ls", "--quiet", "--filter", &ours]) {
            try_to(&[kind, "rm", &name]);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        println!("  taking everything away again");
        self.remove_stacks();
        for (kind, before) in &self.before {
            for name in named(kind).unwrap_or_default().difference(before) {
                try_to(&[kind, "rm", name]);
            }
        }
        for image in &self.images {
            // What the builder keeps for the next time stays, as after any build.
            if output(&["image", "inspect", image]).is_ok() {
                try_to(&["image", "rm", "--no-prune", image]);
            }
        }
        if self.made {
            try_to(&["swarm", "leave", "--force"]);
            try_to(&["network", "rm", "docker_gwbridge"]);
        } else if self.unlabelled
            && let Ok(node) = output(&["info", "--format", "{{.Swarm.NodeID}}"])
        {
            try_to(&["node", "update", "--label-rm", "music-store.edge", &node]);
        }
    }
}

fn named(kind: &str) -> anyhow::Result<BTreeSet<String>> {
    Ok(lines(&[kind, "ls", "--format", "{{.Name}}"])?.into_iter().collect())
}

fn list(arguments: &[&str]) -> Vec<String> {
    lines(arguments).unwrap_or_default()
}

/// Does it, or says why it cannot be done and goes on.
fn try_to(arguments: &[&str]) {
    if let Err(error) = output(arguments) {
        eprintln!("  left behind: {error:#}");
    }
}
