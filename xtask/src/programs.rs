//! The two programs, started and stopped together.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Display, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::tools::{Build, cargo, run, target};

/// How long a program may take until it is ready.
const START: Duration = Duration::from_secs(30);
/// How long a program may take until it is gone: it promises ten seconds.
const STOP: Duration = Duration::from_secs(12);

/// Builds both programs.
pub fn build(build: Build) -> anyhow::Result<()> {
    let mut cargo = cargo(&["build", "--package", "album-graph", "--package", "storefront"]);
    if build == Build::Release {
        cargo.arg("--release");
    }
    run(&mut cargo)
}

/// Brings the database up to date and fills it where it is empty.
pub fn prepare(database: &Path) -> anyhow::Result<()> {
    let mails = mail_folder(database);
    fs::create_dir_all(&mails).with_context(|| format!("cannot create {}", mails.display()))?;
    let url = url(database);
    let album_graph = target("album-graph", Build::Debug);
    run(Command::new(&album_graph).args(["migrate", "--database", &url]))?;
    run(Command::new(&album_graph).args(["seed", "--if-empty", "--database", &url]))
}

/// An embedded database, as `--database` takes it.
pub fn url(database: &Path) -> String {
    format!("sqlite:{}", database.display())
}

/// Where mails go, beside the database.
pub fn mail_folder(database: &Path) -> PathBuf {
    database.with_file_name("mail")
}

/// Checks that nothing listens on `address` yet.
pub fn check_free(address: SocketAddr) -> anyhow::Result<()> {
    TcpListener::bind(address).with_context(|| format!("{address} is taken: stop what listens there"))?;
    Ok(())
}

/// An address of this machine that nothing listens on.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Both programs, running; stopped when dropped.
pub struct Programs {
    album_graph: Program,
    storefront: Program,
}

impl Programs {
    /// Starts both on a prepared database and waits until they are ready.
    pub fn start(
        database: &Path,
        album_graph: SocketAddr,
        storefront: SocketAddr,
        log: fn() -> Stdio,
    ) -> anyhow::Result<Self> {
        let mut data = Command::new(target("album-graph", Build::Debug));
        data.args(["serve", "--database", &url(database)])
            .args(["--shop-url", &format!("http://{storefront}")])
            // The pages say for whom they ask.
            .args(["--trusted-proxies", &storefront.ip().to_string()])
            .arg("--mail-folder")
            .arg(mail_folder(database))
            .stdout(log());
        let mut pages = Command::new(target("storefront", Build::Debug));
        pages
            .args(["serve", "--album-graph", &format!("http://{album_graph}/graphql")])
            .stdout(log());
        let mut programs = Self {
            album_graph: Program::start(data, album_graph)?,
            storefront: Program::start(pages, storefront)?,
        };
        programs.album_graph.wait_until_ready()?;
        programs.storefront.wait_until_ready()?;
        Ok(programs)
    }

    /// Answers with an error as soon as one of the two has ended by itself.
    pub fn check(&mut self) -> anyhow::Result<()> {
        self.album_graph.check()?;
        self.storefront.check()
    }

    /// Drains and stops both: first the pages, then the data that they ask for.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.storefront.stop()?;
        self.album_graph.stop()
    }
}

/// One program, running; stopped when dropped.
pub struct Program {
    path: PathBuf,
    listen: SocketAddr,
    child: Child,
}

impl Program {
    /// Starts it where it shall listen.
    pub fn start(mut command: Command, listen: SocketAddr) -> anyhow::Result<Self> {
        let path = PathBuf::from(command.get_program());
        // A group of its own: Ctrl-C reaches this task alone, which then stops the programs in order.
        let command = command.args(["--listen", &listen.to_string()]).process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", path.display()))?;
        Ok(Self { path, listen, child })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn name(&self) -> Display<'_> {
        self.path.file_name().map_or(self.path.as_path(), Path::new).display()
    }

    /// Waits until it says that it is ready, for as long as a program may take.
    pub fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        self.wait_for(START)
    }

    /// The same, for longer.
    pub fn wait_for(&mut self, longest: Duration) -> anyhow::Result<()> {
        let started = Instant::now();
        let listen = self.listen.to_string();
        loop {
            self.check()?;
            let mut health = Command::new(&self.path);
            let health = health
                .args(["health", "--listen", &listen])
                .stderr(Stdio::null())
                .status();
            if health.with_context(|| format!("cannot ask {}", self.name()))?.success() {
                return Ok(());
            }
            if started.elapsed() > longest {
                bail!("{} is not ready after {} seconds", self.name(), longest.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} has ended ({status})", self.name()),
            None => Ok(()),
        }
    }

    /// Drains and stops it.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        let signalled = Instant::now();
        run(Command::new("kill").args(["-s", "INT", &self.child.id().to_string()]))?;
        while signalled.elapsed() < STOP {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else {
                    bail!("{} stopped with {status}", self.name())
                };
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("{} did not stop within {} seconds", self.name(), STOP.as_secs())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Whatever went wrong, nothing is left running.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
