//! The operator: the scripts and files of deploy/, with what a test on one machine needs changed in a copy of them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{bail, ensure};

use super::agreement;
use super::docker::docker;
use super::interrupt::{run, run_well};
use super::server::Server;
use crate::tools::{self, root};

/// What the store is called on the Swarm.
pub const STACK: &str = "music-store-test";
/// What it consists of; where logs go is for every operator to say.
const SERVICES: [&str; 4] = ["migrate", "album-graph", "storefront", "edge"];
/// A file, what it has, and what it has then.
type Change = (&'static str, &'static str, &'static str);
/// What is changed.
const CHANGES: [Change; 5] = [
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

/// What is changed besides where no volume has the database, which then has the mails.
const ON_A_SERVER: [Change; 2] = [
    (
        "stack.yaml",
        "      - type: volume\n        source: search\n",
        "      - {type: volume, source: data, target: /data}\n      - type: volume\n        source: search\n",
    ),
    (
        "stack.yaml",
        "volumes:\n  certificates:\n",
        "volumes:\n  data:\n  certificates:\n",
    ),
];

/// Who deploys the shop.
pub struct Operator {
    folder: tempfile::TempDir,
    port: u16,
    /// The files that the stack consists of.
    files: Vec<&'static str>,
    database: &'static str,
}

impl Operator {
    /// One whose shop is reached at a port of this machine, and keeps its data on a server, if there is one.
    pub fn of(port: u16, server: Option<&Server>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        tools::run(
            Command::new("cp")
                .arg("-r")
                .arg(root().join("deploy"))
                .arg(folder.path()),
        )?;
        let mut files = vec!["stack.yaml", "api.yaml"];
        match server {
            None => files.push("sqlite.yaml"),
            Some(server) if server.authority.is_some() => files.push("database-ca.yaml"),
            Some(_) => {}
        }
        let operator = Self {
            folder,
            port,
            files,
            database: if server.is_some() { "sqlserver" } else { "sqlite" },
        };
        let more = if server.is_some() { &ON_A_SERVER[..] } else { &[] };
        for (file, from, to) in CHANGES.iter().chain(more) {
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

    /// Deploys the first release, with secrets that are forgotten with the test.
    pub fn deploy_first(&self, tag: &str, server: Option<&Server>) -> anyhow::Result<()> {
        let mut deploy = self.script("deploy.sh");
        deploy.env("TAG", tag);
        if let Some(server) = server {
            for (kind, login) in [("database", "serve"), ("migrate", "migrate")] {
                let file = self.secret(kind, &server.string_of(login))?;
                deploy.arg(format!("--{kind}")).arg(file);
            }
            if let Some(authority) = &server.authority {
                deploy.arg("--database-ca").arg(authority);
            }
        } else {
            let file = self.secret("database", &format!("of a test, {:032x}", fastrand::u128(..)))?;
            deploy.arg("--database").arg(file);
        }
        run_well(&mut deploy).map(drop)
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

    /// Changes a secret, and what it opens by a command.
    pub fn rotate(&self, kind: &str, content: &str, change: Option<&str>) -> anyhow::Result<()> {
        let file = self.secret(kind, content)?;
        let mut rotate = self.script("rotate-secret");
        rotate.arg(kind).arg(&file);
        if let Some(change) = change {
            rotate.args(["--change", change]);
        }
        run_well(&mut rotate).map(drop)
    }

    fn secret(&self, kind: &str, content: &str) -> anyhow::Result<PathBuf> {
        let file = self.folder.path().join(kind);
        fs::write(&file, content)?;
        Ok(file)
    }

    /// Where what runs differs from what the stack file says.
    pub fn differences(&self, tag: &str) -> anyhow::Result<Vec<String>> {
        let mut config = docker(&["stack", "config"]);
        for file in &self.files {
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
            .env("DATABASE", self.database)
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
        assert!(Operator::of(8080, None).is_ok());
    }
}
