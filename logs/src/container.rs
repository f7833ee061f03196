//! The containers of this machine, and what they are called.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tracing::warn;

/// What a container is called.
#[derive(Debug, Default)]
pub struct Names {
    /// Its own name.
    pub container: String,
    /// The Swarm service that it belongs to; of a container without one, its own name.
    pub service: String,
    /// The task that it is; of a container that is none, the beginning of its id.
    pub task: String,
}

/// The part of Docker's own description of a container that says what it is called.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    name: String,
    config: Config,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    labels: Option<Labels>,
}

#[derive(Default, Deserialize)]
struct Labels {
    #[serde(rename = "com.docker.swarm.service.name")]
    service: Option<String>,
    #[serde(rename = "com.docker.swarm.task.name")]
    task: Option<String>,
}

/// The ids of all containers, sorted.
pub fn ids(folder: &Path) -> io::Result<Vec<String>> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        ids.extend(name.to_str().filter(|name| is_id(name)).map(str::to_owned));
    }
    ids.sort_unstable();
    Ok(ids)
}

/// The file that Docker writes what the container prints to.
pub fn newest_file(folder: &Path, id: &str) -> PathBuf {
    folder.join(id).join(format!("{id}-json.log"))
}

/// What the container is called; None while it is being made. Where Docker does not say, its id has to do.
pub fn names(folder: &Path, id: &str) -> Option<Names> {
    let short = id[..12].to_owned();
    match describe(&folder.join(id).join("config.v2.json")) {
        Ok(Description { name, config }) => {
            let container = name.trim_start_matches('/').to_owned();
            let labels = config.labels.unwrap_or_default();
            Some(Names {
                service: labels.service.unwrap_or_else(|| container.clone()),
                task: labels.task.unwrap_or(short),
                container,
            })
        }
        // Docker describes a container before it starts it.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !newest_file(folder, id).exists() => None,
        Err(error) => {
            warn!(container = short, %error, "cannot read what a container is called");
            Some(Names {
                container: short.clone(),
                service: short.clone(),
                task: short,
            })
        }
    }
}

fn describe(path: &Path) -> io::Result<Description> {
    Ok(serde_json::from_reader(BufReader::new(File::open(path)?))?)
}

fn is_id(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
