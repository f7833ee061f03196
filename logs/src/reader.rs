//! What containers print, into the queue.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use tracing::{info, warn};

use crate::config::Ship;
use crate::container::{self, Names};
use crate::heartbeat;
use crate::line::Unfinished;
use crate::queue::{Found, Queue};
use crate::rotation::{Position, Rotation};
use crate::syslog::Origin;

/// How long to wait where nothing was printed. Files are looked at rather than watched: a look costs microseconds, and misses
/// nothing when many files are renamed at once.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a line may stay without an end before it goes out as it is.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of messages that are kept at once.
const BATCH: usize = 1024 * 1024;

/// Reads all containers of this machine in turn.
pub struct Reader {
    folder: PathBuf,
    state: PathBuf,
    node: String,
    queue: Arc<Queue>,
    containers: BTreeMap<String, Container>,
    stored: HashMap<String, String>,
}

struct Container {
    origin: Origin,
    rotation: Rotation,
    unfinished: Unfinished,
    printed: Instant,
    is_unreadable: bool,
}

/// What must not be forgotten of a container.
#[derive(Default, Deserialize, Serialize)]
struct Progress {
    position: Position,
    unfinished: Unfinished,
}

/// Why reading has to stop.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The containers cannot be looked at.
    #[error("cannot look for containers in {folder}")]
    Folder {
        /// Where they should be.
        folder: PathBuf,
        /// What stands in the way.
        #[source]
        source: io::Error,
    },
    /// The files beside the queue cannot be written.
    #[error("cannot write to the folder of the queue")]
    State(#[source] io::Error),
    /// Lines cannot be kept.
    #[error("cannot keep lines in the queue")]
    Queue(#[from] sqlx::Error),
}

impl Reader {
    /// Goes on where it was stopped.
    pub async fn new(settings: &Ship, queue: Arc<Queue>) -> sqlx::Result<Self> {
        Ok(Self {
            folder: settings.containers.clone(),
            state: settings.state.state.clone(),
            node: settings.node.clone(),
            stored: queue.positions().await?,
            queue,
            containers: BTreeMap::new(),
        })
    }

    /// Reads for ever.
    pub async fn run(mut self) -> Result<Infallible, ReadError> {
        let mut was_full = false;
        let mut beaten: Option<Instant> = None;
        loop {
            if beaten.is_none_or(|beaten| beaten.elapsed() > heartbeat::INTERVAL) {
                heartbeat::beat(&self.state).map_err(ReadError::State)?;
                beaten = Some(Instant::now());
            }
            let is_full = self.queue.is_full();
            if is_full != was_full {
                was_full = is_full;
                tell(is_full);
            }
            if is_full || !self.look().await? {
                sleep(PAUSE).await;
            }
        }
    }

    /// Reads something of each container; false where there was nothing.
    async fn look(&mut self) -> Result<bool, ReadError> {
        let ids = container::ids(&self.folder).map_err(|source| ReadError::Folder {
            folder: self.folder.clone(),
            source,
        })?;
        for id in &ids {
            if !self.containers.contains_key(id)
                && let Some(names) = container::names(&self.folder, id)
            {
                let container = self.meet(id, &names);
                self.containers.insert(id.clone(), container);
            }
        }
        let mut any = false;
        let mut found = Found::default();
        // Removed while nobody looked.
        let forgotten = self.stored.extract_if(|id, _| ids.binary_search(id).is_err());
        found.gone.extend(forgotten.map(|(id, _)| id));
        for (id, container) in &mut self.containers {
            let is_gone = ids.binary_search(id).is_err();
            if container.read(is_gone, &mut found.frames) {
                any = true;
                found.positions.push((id.clone(), container.progress()));
            } else if is_gone {
                found.gone.push(id.clone());
            }
            if found.frames.len() >= BATCH {
                self.queue.append(std::mem::take(&mut found)).await?;
            }
        }
        self.containers.retain(|id, _| !found.gone.contains(id));
        self.queue.append(found).await?;
        Ok(any)
    }

    fn meet(&mut self, id: &str, names: &Names) -> Container {
        let stored = self.stored.remove(id);
        let progress = stored.and_then(|text| serde_json::from_str::<Progress>(&text).ok());
        let Progress { position, unfinished } = progress.unwrap_or_default();
        Container {
            origin: Origin::new(&self.node, names),
            rotation: Rotation::new(container::newest_file(&self.folder, id), position),
            unfinished,
            printed: Instant::now(),
            is_unreadable: false,
        }
    }
}

impl Container {
    /// Appends what was printed since to `frames`; false where that is nothing.
    fn read(&mut self, is_gone: bool, frames: &mut Vec<u8>) -> bool {
        let read = self.rotation.read();
        // Said once: what is said here is a line to send.
        if let Err(error) = &read
            && !self.is_unreadable
        {
            warn!(%error, file = %self.rotation.file().display(), "cannot read what a container has printed");
        }
        self.is_unreadable = read.is_err();
        let entries = read.unwrap_or_default();
        let lines = if !entries.is_empty() {
            self.printed = Instant::now();
            self.unfinished.finish(&entries)
        } else if !self.unfinished.is_empty() && (is_gone || self.printed.elapsed() > PATIENCE) {
            self.unfinished.give_up()
        } else {
            return false;
        };
        for line in lines {
            self.origin.write(&line, frames);
        }
        true
    }

    fn progress(&self) -> String {
        let progress = Progress {
            position: self.rotation.position().clone(),
            unfinished: self.unfinished.clone(),
        };
        serde_json::to_string(&progress).unwrap_or_default()
    }
}

fn tell(is_full: bool) {
    if is_full {
        warn!("the queue is full: lines wait in Docker's own files, which drop the oldest");
    } else {
        info!("the queue has room again");
    }
}
