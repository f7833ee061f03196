//! What the tests of the log service share: a syslog server that can be killed, the service itself, and what it delivered.

use std::fs::{self, File};
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

/// A syslog server, its authority, and the folder of one test.
pub struct Server {
    pub folder: TempDir,
    pub address: String,
    process: Option<Child>,
    runs: u32,
}

impl Server {
    /// One that is known as `host`, an address of this machine, and does not run yet.
    pub fn new(host: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &authority).unwrap();
        fs::write(folder.path().join("authority.pem"), authority.pem()).unwrap();
        fs::write(folder.path().join("certificate.pem"), certificate.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        let port = TcpListener::bind((host, 0)).unwrap().local_addr().unwrap().port();
        let server = Self {
            folder,
            address: format!("{host}:{port}"),
            process: None,
            runs: 0,
        };
        server.secret("destination", &format!("syslog+tls://{}", server.address));
        server
    }

    /// A file that only its owner may read.
    pub fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let _ = fs::remove_file(&path);
        let mut options = File::options();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        path
    }

    /// Starts it; it is there when this returns.
    pub fn start(&mut self) {
        self.runs += 1;
        let path = |name| self.folder.path().join(name);
        let receiver = Path::new(env!("CARGO_BIN_EXE_logs")).with_file_name("examples/receiver");
        let process = Command::new(receiver)
            .arg(&self.address)
            .args([path("certificate.pem"), path("key.pem"), self.received_in(self.runs)])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.process = Some(process);
        while TcpStream::connect(&self.address).is_err() {
            sleep(Duration::from_millis(20));
        }
    }

    /// Makes it read nothing more, though the system goes on taking bytes for it.
    pub fn freeze(&self) {
        let process = self.process.as_ref().unwrap().id().to_string();
        assert!(
            Command::new("kill")
                .args(["-STOP", &process])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Ends it with SIGKILL.
    pub fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// What it has taken, all runs together.
    pub fn received(&self) -> Vec<Message> {
        let mut messages = Vec::new();
        for run in 1..=self.runs {
            let bytes = fs::read(self.received_in(run)).unwrap_or_default();
            // Where it was killed or is about to write, there is no whole line.
            let text = String::from_utf8_lossy(&bytes);
            let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
            messages.extend(whole.split_terminator('\n').map(Message::parse));
        }
        messages
    }

    fn received_in(&self, run: u32) -> PathBuf {
        self.folder.path().join(format!("received-{run}"))
    }

    /// Waits until it has taken `count` different texts that contain `part`, and answers them all.
    pub fn wait_for(&self, count: usize, part: &str) -> Vec<Message> {
        loop {
            let mut messages = self.received();
            messages.retain(|message| message.text.contains(part));
            let mut texts: Vec<_> = messages.iter().map(|message| (&message.task, &message.text)).collect();
            texts.sort_unstable();
            texts.dedup();
            if texts.len() >= count {
                return messages;
            }
            sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
    }
}

/// The service under test, as a process of this machine.
pub struct Service {
    process: Child,
    log: PathBuf,
}

impl Service {
    /// Starts it for the containers in `server.folder/containers`.
    pub fn start(server: &Server, options: &[&str]) -> Self {
        let path = |name| server.folder.path().join(name);
        fs::create_dir_all(path("state")).unwrap();
        fs::create_dir_all(path("containers")).unwrap();
        let log = path("log");
        let process = Command::new(env!("CARGO_BIN_EXE_logs"))
            .args(["ship", "--node", "node-1"])
            .arg("--containers")
            .arg(path("containers"))
            .arg("--state")
            .arg(path("state"))
            .arg("--destination")
            .arg(path("destination"))
            .arg("--authorities")
            .arg(path("authority.pem"))
            .args(options)
            .stdout(File::options().create(true).append(true).open(&log).unwrap())
            .stderr(File::options().create(true).append(true).open(&log).unwrap())
            .spawn()
            .unwrap();
        Self { process, log }
    }

    /// What it said.
    pub fn log(&self) -> String {
        let mut log = String::new();
        File::open(&self.log).unwrap().read_to_string(&mut log).unwrap();
        log
    }

    /// Waits until it says this.
    pub fn wait_for(&self, part: &str) {
        while !self.log().contains(part) {
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits until it has ended by itself, and answers its exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }

    /// Ends it with SIGTERM, and answers its exit code.
    pub fn stop(self) -> Option<i32> {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").arg(process).status().unwrap().success());
        self.ended()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A message of RFC 5424.
#[derive(Clone, Debug)]
pub struct Message {
    pub priority: String,
    pub time: String,
    pub host: String,
    pub app: String,
    pub task: String,
    pub stream: String,
    pub data: String,
    pub text: String,
}

impl Message {
    fn parse(line: &str) -> Self {
        let (head, rest) = line.split_once(" [").unwrap();
        let (data, text) = rest.split_once(']').unwrap();
        let mut words = head.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap();
        Self {
            priority: word(),
            time: word(),
            host: word(),
            app: word(),
            task: word(),
            stream: word(),
            data: data.to_owned(),
            text: text.strip_prefix(' ').unwrap_or_default().to_owned(),
        }
    }
}

/// Panics unless every line from 0 to `count` was delivered, in order: what is sent again begins somewhere before and goes on
/// without a hole. Lines end with their number.
pub fn assert_whole(messages: &[Message], count: usize) {
    let (mut next, mut delivered) = (0, 0);
    for message in messages {
        let number: usize = message.text.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(number <= next, "{number} came before {next}");
        next = number + 1;
        delivered = delivered.max(next);
    }
    assert_eq!(delivered, count);
}
