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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fields::compare;

    fn service() -> Value {
        json!({
            "Labels": { "com.docker.stack.namespace": "shop" },
            "Mode": { "Replicated": { "Replicas": 2 } },
            "TaskTemplate": {
                "ContainerSpec": {
                    "Image": "shop:1@sha256:0",
                    "ReadOnly": true,
                    "CapabilityDrop": ["ALL"],
                    "Env": ["A=1"],
                    "Mounts": [{ "Type": "tmpfs", "Target": "/tmp", "TmpfsOptions": { "SizeBytes": 1024 } }],
                },
                "Resources": { "Limits": { "NanoCPUs": 500_000_000, "MemoryBytes": 1024 } },
            },
        })
    }

    #[test]
    fn a_service_that_is_as_the_file_says_does_not_differ() {
        let file = json!({
            "image": "shop:1",
            "read_only": true,
            "cap_drop": ["ALL"],
            "environment": { "A": "1" },
            "volumes": [{ "type": "tmpfs", "target": "/tmp", "tmpfs": { "size": 1024 } }],
            "deploy": { "replicas": 2, "resources": { "limits": { "cpus": "0.5", "memory": "1024" } } },
        });
        assert_eq!(compare(&file, &service()), [""; 0]);
    }

    #[test]
    fn whatever_swarm_has_dropped_is_found() {
        let dropped = [
            json!({ "security_opt": ["no-new-privileges:true"] }),
            json!({ "tmpfs": ["/tmp"] }),
            json!({ "init": true }),
            json!({ "cap_drop": ["NET_RAW"] }),
            json!({ "environment": { "A": "2" } }),
            json!({ "healthcheck": { "start_interval": "1s" } }),
            json!({ "volumes": [{ "type": "tmpfs", "target": "/tmp", "tmpfs": { "size": 2048 } }] }),
            json!({ "deploy": { "resources": { "limits": { "pids": 100 } } } }),
            json!({ "deploy": { "update_config": { "order": "start-first" } } }),
        ];
        for file in dropped {
            assert_eq!(compare(&file, &service()).len(), 1, "{file}");
        }
    }
}
