//! The program as a process: run to its end, or left running and watched.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The program, with no setting from the environment of the tests.
pub fn album_graph(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_album-graph"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ALBUM_GRAPH_")) {
        command.env_remove(name);
    }
    command
}

/// Runs the program and answers its exit code, what it wrote to stdout, and what to stderr.
pub fn run(arguments: &[&str]) -> (i32, String, String) {
    said(&album_graph(arguments).output().unwrap())
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A port of this machine where nobody listens.
pub fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Writes what a test passes over where people see it: nobody sees the output of a test that passes.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(format!("\n{text}\n").as_bytes());
}

/// Waits until `condition` holds.
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The program while it runs; killed when dropped.
pub struct Running {
    child: Child,
    written: Arc<Mutex<String>>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let written = Arc::default();
        collect(child.stdout.take().unwrap(), &written);
        collect(child.stderr.take().unwrap(), &written);
        Self { child, written }
    }

    /// `serve` at a port of its own, as soon as it listens.
    pub fn serving(mut command: Command, options: &[&str]) -> Self {
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(options);
        let running = Self::start(command);
        running.wait_for("listen=");
        running
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it has written so far.
    pub fn written(&self) -> String {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn wait_for(&self, text: &str) {
        eventually(text, || self.written().contains(text));
    }

    /// Kills it as `kill -9` does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Its exit code, once it has ended.
    pub fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        let written = self.written();
        let (_, address) = written.split_once("listen=").unwrap();
        address.split_whitespace().next().unwrap().to_owned()
    }

    /// What `health` says of it.
    pub fn is_healthy(&self) -> bool {
        run(&["health", "--listen", &self.address()]).0 == 0
    }

    /// What `health --started` says of it.
    pub fn has_started(&self) -> bool {
        run(&["health", "--started", "--listen", &self.address()]).0 == 0
    }

    pub fn wait_until(&self, healthy: bool) {
        eventually(&format!("healthy: {healthy}"), || self.is_healthy() == healthy);
    }

    /// The first line of what the server answers to a GET.
    pub fn status(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(self.address()).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    }

    /// What the server answers to a document that is sent with a token.
    pub fn ask(&self, token: &str, document: &str) -> String {
        let body = serde_json::json!({ "query": document }).to_string();
        let mut connection = TcpStream::connect(self.address()).unwrap();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    pub fn is_ready(&self) -> bool {
        self.status("/readyz") == "HTTP/1.1 200 OK"
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn collect(source: impl std::io::Read + Send + 'static, into: &Arc<Mutex<String>>) {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
            text.push_str(&line);
            text.push('\n');
        }
    });
}

/// How many migrations there are.
pub fn migrations() -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    std::fs::read_dir(folder).unwrap().count()
}
