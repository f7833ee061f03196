//! The operator: the scripts and files of deploy/, with what a test on one machine needs changed in a copy of them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{bail, ensure};

use super::agreement;
use super::docker::docker;
use super::interrupt::{run, run_well};
use crate::tools::{self, root};

/// What the store is called on the Swarm.
pub const STACK: &str = "music-store-test";
/// What it consists of; where logs go is for every operator to say.
pub const SERVICES: [&str; 4] = ["migrate", "album-graph", "storefront", "edge"];
/// What is changed: a file, what it has, and what it has then.
const CHANGES: [(&str, &str, &str); 5] = [
    // Two edges on one node, each at a port of its own, as on two nodes.
    (
        "stack.yaml",
        "      mode: global\n      endpoint_mode: dnsrr\n      placement:\n        constraints: [node.labels.music-store.edge",
        "      replicas: 2\n      endpoint_mode: dnsrr\n      placement:\n        constraints: [node.labels.music-store.edge",
    ),
    ("stack.yaml", "published: \"${HTTP_PORT:-80}\", ", ""),
    ("stack.yaml", "published: \"${HTTPS_PORT:-443}\", ", ""),
    // Mails go into files, so that the links in them can be followed.
    (
        "stack.yaml",
        "      ALBUM_GRAPH_SEARCH_FOLDER:",
        "      ALBUM_GRAPH_MAIL_FOLDER: /data\n      ALBUM_GRAPH_SEARCH_FOLDER:",
    ),
    // All visitors come from one address.
    (
        "stack.yaml",
        "      ALBUM_GRAPH_SEARCH_FOLDER:",
        "      ALBUM_GRAPH_RATE: \"1000000\"\n      ALBUM_GRAPH_SEARCH_FOLDER:",
    ),
];

/// Who deploys the shop.
pub struct Operator {
    folder: tempfile::TempDir,
    port: u16,
}

impl Operator {
    /// One whose shop is reached at a port of this machine.
    pub fn of(port: u16) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        tools::run(
            Command::new("cp")
                .arg("-r")
                .arg(root().join("deploy"))
                .arg(folder.path()),
        )?;
        let operator = Self { folder, port };
        for (file, from, to) in CHANGES {
            let path = operator.folder().join(file);
            let text = fs::read_to_string(&path)?;
            ensure!(text.contains(from), "deploy/{file} has no {from:?} any more");
            fs::write(path, text.replace(from, to))?;
        }
        Ok(operator)
    }

    fn folder(&self) -> PathBuf {
        self.folder.path().join("deploy")
    }

    /// Deploys the first release, with a secret that is forgotten with the test.
    pub fn deploy_first(&self, tag: &str) -> anyhow::Result<()> {
        let file = self.secret("database", &format!("of a test, {:032x}", fastrand::u128(..)))?;
        run_well(self.script("deploy.sh").env("TAG", tag).arg("--database").arg(file)).map(drop)
    }

    /// Deploys another release.
    pub fn deploy(&self, tag: &str) -> anyhow::Result<()> {
        run_well(self.script("deploy.sh").env("TAG", tag)).map(drop)
    }

    /// Tries to deploy one that must not come in; answers what the script says.
    pub fn deploy_in_vain(&self, tag: &str) -> anyhow::Result<String> {
        let (status, written) = run(self.script("deploy.sh").env("TAG", tag))?;
        if status.success() {
            bail!("{tag} was deployed, although it is broken");
        }
        Ok(written)
    }

    /// Changes a secret.
    pub fn rotate(&self, kind: &str, content: &str) -> anyhow::Result<()> {
        let file = self.secret(kind, content)?;
        run_well(self.script("rotate-secret").arg(kind).arg(&file)).map(drop)
    }

    fn secret(&self, kind: &str, content: &str) -> anyhow::Result<PathBuf> {
        let file = self.folder.path().join(kind);
        fs::write(&file, content)?;
        Ok(file)
    }

    /// Where what runs differs from what the stack file says.
    pub fn differences(&self, tag: &str) -> anyhow::Result<Vec<String>> {
        let mut config = docker(&["stack", "config"]);
        for file in ["stack.yaml", "sqlite.yaml", "api.yaml"] {
            config.arg("--compose-file").arg(self.folder().join(file));
        }
        self.set(&mut config);
        agreement::differences(
            STACK,
            &SERVICES,
            config
                .env("TAG", tag)
                .env("API_SITE", "http://api.localhost")
                .env("SHOP_SITE", "http://localhost"),
        )
    }

    fn script(&self, name: &str) -> Command {
        let mut script = Command::new(self.folder().join(name));
        self.set(&mut script);
        script
    }

    /// What the scripts and the stack file are told.
    fn set(&self, command: &mut Command) {
        command
            .env("SETTINGS", "/dev/null")
            .env("STACK", STACK)
            .env("SHOP_URL", format!("http://localhost:{}", self.port))
            .env("API_URL", format!("http://api.localhost:{}", self.port))
            .env("DATABASE", "sqlite")
            .env("ALBUM_GRAPH_START", "20s")
            .env("ALBUM_GRAPH_MONITOR", "10s")
            // Networks that a store beside this one does not have.
            .env("FRONT_SUBNET", "10.91.11.0/24")
            .env("GRAPH_SUBNET", "10.91.12.0/24")
            .env_remove("REGISTRY");
    }
}

#[cfg(test)]
mod tests {
    use super::Operator;

    #[test]
    fn what_the_test_changes_is_in_the_stack_file() {
        assert!(Operator::of(8080).is_ok());
    }
}
