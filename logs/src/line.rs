//! Lines as they were printed, from the entries that Docker makes of them.

use serde::{Deserialize, Serialize};

/// Most bytes of one line that go out as one message: with its header it is below 64 KiB, which syslog servers take. What is
/// longer goes out as several.
const LONGEST: usize = 60 * 1024;

/// Something that a container has printed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Line {
    /// When, as Docker writes it.
    pub time: String,
    /// Whether on stderr.
    pub is_error: bool,
    /// Without a line feed at its end.
    pub text: String,
}

/// Beginnings of lines: Docker cuts what is longer than 16 KiB into several entries, and those of the two streams may mix.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Unfinished {
    stdout: Option<Line>,
    stderr: Option<Line>,
}

#[derive(Deserialize)]
struct Entry {
    log: String,
    stream: String,
    time: String,
}

impl Unfinished {
    /// Whether there is nothing to be finished.
    pub fn is_empty(&self) -> bool {
        self.stdout.is_none() && self.stderr.is_none()
    }

    /// The lines that these entries finish. An entry that is none, such as the zeros that a power cut may leave, goes out as it
    /// is.
    pub fn finish(&mut self, entries: &[u8]) -> Vec<Line> {
        let mut finished = Vec::new();
        for raw in entries.split(|&byte| byte == b'\n').filter(|raw| !raw.is_empty()) {
            match serde_json::from_slice(raw) {
                Ok(entry) => self.add(entry, &mut finished),
                Err(_) => finished.push(Line {
                    time: String::new(),
                    is_error: true,
                    text: String::from_utf8_lossy(raw).into_owned(),
                }),
            }
        }
        finished
    }

    /// What was begun, for nothing more is to be expected.
    pub fn give_up(&mut self) -> Vec<Line> {
        [self.stdout.take(), self.stderr.take()].into_iter().flatten().collect()
    }

    fn add(&mut self, entry: Entry, finished: &mut Vec<Line>) {
        let is_error = entry.stream == "stderr";
        let begun = if is_error { &mut self.stderr } else { &mut self.stdout };
        let line = begun.get_or_insert_with(|| Line {
            time: entry.time,
            is_error,
            text: String::new(),
        });
        line.text.push_str(&entry.log);
        let ends = line.text.ends_with('\n');
        if ends {
            line.text.truncate(line.text.trim_end_matches(['\r', '\n']).len());
        }
        while line.text.len() > LONGEST {
            let rest = line.text.split_off(line.text.floor_char_boundary(LONGEST));
            finished.push(line.clone());
            line.text = rest;
        }
        if ends {
            finished.extend(begun.take());
        }
    }
}
