//! How a container's health check sees that the program has not got stuck.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often to beat.
pub const INTERVAL: Duration = Duration::from_secs(10);
/// A reader that was not heard of for so long is stuck.
const PATIENCE: Duration = Duration::from_mins(1);

fn file(state: &Path) -> PathBuf {
    state.join("heartbeat")
}

/// Says that the program is alive.
pub fn beat(state: &Path) -> io::Result<()> {
    fs::write(file(state), "")
}

/// Whether the program that keeps its state in this folder is alive.
pub fn check(state: &Path) -> io::Result<()> {
    let beaten = fs::metadata(file(state))?.modified()?;
    match SystemTime::now().duration_since(beaten) {
        Ok(age) if age > PATIENCE => Err(io::Error::other(format!("nothing was read for {} s", age.as_secs()))),
        _ => Ok(()),
    }
}
