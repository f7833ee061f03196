//! Files as Docker's json-file driver writes and rotates them.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

use crate::support::Server;

/// A container's folder.
pub struct Container {
    folder: PathBuf,
    file: PathBuf,
    printed: u32,
}

impl Container {
    /// A task of service `shop`; `digit` makes its id.
    pub fn start(server: &Server, digit: char) -> Self {
        let id = String::from(digit).repeat(64);
        let folder = server.folder.path().join("containers").join(&id);
        fs::create_dir_all(&folder).unwrap();
        let description = serde_json::json!({
            "Name": format!("/shop.{digit}.task"),
            "Config": { "Labels": {
                "com.docker.swarm.service.name": "shop",
                "com.docker.swarm.task.name": format!("shop.{digit}.task"),
            }},
        });
        fs::write(folder.join("config.v2.json"), description.to_string()).unwrap();
        let file = folder.join(format!("{id}-json.log"));
        Self {
            folder,
            file,
            printed: 0,
        }
    }

    /// Prints to stdout.
    pub fn print(&mut self, text: &str) {
        self.print_to("stdout", text);
    }

    /// Prints, in one entry.
    pub fn print_to(&mut self, stream: &str, text: &str) {
        self.printed += 1;
        let time = format!("2026-11-29T10:00:00.{:09}Z", self.printed);
        self.write(&serde_json::json!({ "log": text, "stream": stream, "time": time }).to_string());
    }

    /// Writes an entry as it is.
    pub fn write(&self, entry: &str) {
        let mut file = File::options().create(true).append(true).open(&self.file).unwrap();
        file.write_all(format!("{entry}\n").as_bytes()).unwrap();
    }

    /// Rotates as `max-file` allows.
    pub fn rotate(&self, max_file: u32) {
        let numbered = |number: u32| match number {
            0 => self.file.clone(),
            number => PathBuf::from(format!("{}.{number}", self.file.display())),
        };
        for number in (1..max_file).rev() {
            let _ = fs::rename(numbered(number - 1), numbered(number));
        }
        File::create(&self.file).unwrap();
    }

    /// Removes it with all its files.
    pub fn remove(self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}
