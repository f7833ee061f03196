//! Whether Swarm runs what the stack file says: it drops what it does not know without a word. Whatever a service says in the file
//! must be found in the service, or be listed here as nothing that could be.

mod fields;
mod lists;
mod units;

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::docker::json;
use super::interrupt::run_well;

/// Compares these services of a stack as `config` writes it, which is `docker stack config`, with what runs; answers where they differ.
pub fn differences(stack: &str, services: &[&str], config: &mut Command) -> anyhow::Result<Vec<String>> {
    let config = run_well(config)?;
    let config: Value = serde_saphyr::from_str(&config).context("docker stack config writes no YAML")?;
    let mut differences = Vec::new();
    let mut networks = BTreeSet::new();
    for name in services {
        let service = config["services"]
            .get(name)
            .with_context(|| format!("the stack has no service {name}"))?;
        let inspected = json(&["service", "inspect", &format!("{stack}_{name}")])?;
        let differs = fields::compare(service, &inspected[0]["Spec"]);
        differences.extend(differs.into_iter().map(|difference| format!("{name}: {difference}")));
        networks.extend(
            service["networks"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name),
        );
    }
    for name in networks {
        let network = &config["networks"][name];
        let inspected = json(&["network", "inspect", &format!("{stack}_{name}")])?;
        let differs = fields::compare_network(network, &inspected[0]);
        differences.extend(
            differs
                .into_iter()
                .map(|difference| format!("network {name}: {difference}")),
        );
    }
    Ok(differences)
}
