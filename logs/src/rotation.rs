//! One container's output, read in order through the rotation of its files.
//!
//! Docker writes `ID-json.log`. When that is full, it renames `.1` to `.2` and so on, drops the last one, renames the file to
//! `.1` and starts a new one. A file is therefore known by what is in it and, while it is open, by its inode, never by its name.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tracing::warn;

/// Bytes read at once. The longest entry, 16 KiB of text of which each byte takes six in JSON, fits in.
const CHUNK: usize = 256 * 1024;

/// How far a container was read.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Position {
    /// What the file begins with: its first entry, hashed. Entries carry the time in nanoseconds, so that no two files of a
    /// container begin alike. None where nothing was read yet.
    file: Option<Name>,
    offset: u64,
}

/// The hash of the entry that a file begins with.
type Name = [u8; 32];

/// The files of one container, newest first.
type Files = Vec<Open>;

/// Reads one container's entries.
#[derive(Debug)]
pub struct Rotation {
    newest: PathBuf,
    reading: Option<Open>,
    position: Position,
}

#[derive(Debug)]
struct Open {
    file: File,
    inode: u64,
    offset: u64,
    /// Its name as in [`Position`], once something was read.
    name: Option<Name>,
}

impl Rotation {
    /// Goes on at `position` in the files of the container whose newest file this is.
    pub fn new(newest: PathBuf, position: Position) -> Self {
        Self {
            newest,
            reading: None,
            position,
        }
    }

    /// The file that is written to.
    pub fn file(&self) -> &Path {
        &self.newest
    }

    /// How far was read.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The next entries, none where there are none yet.
    pub fn read(&mut self) -> io::Result<Vec<u8>> {
        if self.reading.is_none() {
            self.reading = self.find()?;
        }
        loop {
            let Some(open) = &mut self.reading else {
                return Ok(Vec::new());
            };
            // Asked before reading: what is no longer the newest then gets nothing more to read after.
            let is_newest = match fs::metadata(&self.newest) {
                Ok(newest) => newest.ino() == open.inode,
                // In the midst of a rotation, or the container is gone.
                Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                Err(error) => return Err(error),
            };
            let entries = open.read(is_newest)?;
            if !entries.is_empty() {
                self.position = Position {
                    file: open.name,
                    offset: open.offset,
                };
                return Ok(entries);
            }
            let inode = open.inode;
            if is_newest || !self.go_on_after(inode)? {
                return Ok(entries);
            }
        }
    }

    /// The file in which to go on after a start.
    fn find(&self) -> io::Result<Option<Open>> {
        let mut files = files(&self.newest)?;
        let Some(name) = &self.position.file else {
            return Ok(files.pop());
        };
        for file in &mut files {
            file.name = file.first_entry()?;
        }
        if let Some(at) = files.iter().position(|file| file.name.as_ref() == Some(name)) {
            let mut found = files.swap_remove(at);
            found.offset = self.position.offset;
            return Ok(Some(found));
        }
        let oldest = files.pop();
        if oldest.is_some() {
            self.warn_of_a_gap();
        }
        Ok(oldest)
    }

    /// Opens the file that was begun after the one with this inode; false where there is none yet.
    fn go_on_after(&mut self, inode: u64) -> io::Result<bool> {
        let mut files = files(&self.newest)?;
        let next = match files.iter().position(|file| file.inode == inode) {
            Some(0) => return Ok(false),
            Some(at) => Some(files.swap_remove(at - 1)),
            None => {
                let oldest = files.pop();
                if oldest.is_some() {
                    self.warn_of_a_gap();
                }
                oldest
            }
        };
        let found = next.is_some();
        if found {
            self.reading = next;
        }
        Ok(found)
    }

    fn warn_of_a_gap(&self) {
        let file = self.newest.display();
        warn!(%file, "Docker dropped a file before it was read: lines may be missing; raise `max-size` or `max-file`");
    }
}

impl Open {
    fn new(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let inode = file.metadata()?.ino();
        Ok(Self {
            file,
            inode,
            offset: 0,
            name: None,
        })
    }

    /// What was written since, up to the end of an entry; of a file that is finished, also what is no whole entry.
    fn read(&mut self, may_grow: bool) -> io::Result<Vec<u8>> {
        let written = self.file.metadata()?.len();
        if written == self.offset {
            return Ok(Vec::new());
        }
        if written < self.offset {
            warn!("a log file was cut short: it is read from its beginning");
            self.offset = 0;
            self.name = None;
        }
        let mut bytes = vec![0; CHUNK];
        let mut length = self.file.read_at(&mut bytes, self.offset)?;
        match bytes[..length].iter().rposition(|&byte| byte == b'\n') {
            Some(end) => length = end + 1,
            None if may_grow && length < CHUNK => length = 0,
            None => {}
        }
        bytes.truncate(length);
        if self.name.is_none() && length > 0 {
            self.name = self.first_entry()?;
        }
        self.offset += length as u64;
        Ok(bytes)
    }

    /// The hash of the first entry, none while that is not whole.
    fn first_entry(&self) -> io::Result<Option<Name>> {
        let mut bytes = vec![0; CHUNK];
        let length = self.file.read_at(&mut bytes, 0)?;
        let mut first = Vec::new();
        BufReader::new(&bytes[..length]).read_until(b'\n', &mut first)?;
        let whole = first.ends_with(b"\n") || first.len() == CHUNK;
        Ok(whole.then(|| Sha256::digest(&first).into()))
    }
}

/// Every file that is there, newest first. They are opened in this order because renaming moves them the same way: one may be
/// met twice while Docker rotates, but none is missed.
fn files(newest: &Path) -> io::Result<Files> {
    let oldest = rotated(newest)?.into_iter().max().unwrap_or(0);
    let mut files: Files = Vec::new();
    for number in 0..=oldest + 1 {
        let path = match number {
            0 => newest.to_owned(),
            number => PathBuf::from(format!("{}.{number}", newest.display())),
        };
        match Open::new(&path) {
            Ok(open) if files.iter().any(|file| file.inode == open.inode) => {}
            Ok(open) => files.push(open),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// The numbers of the files that were renamed.
fn rotated(newest: &Path) -> io::Result<Vec<u32>> {
    let (Some(folder), Some(name)) = (newest.parent(), newest.file_name().and_then(|name| name.to_str())) else {
        return Ok(Vec::new());
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let file = entry?.file_name();
        let number = file
            .to_str()
            .and_then(|file| file.strip_prefix(name)?.strip_prefix('.'));
        numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    Ok(numbers)
}
