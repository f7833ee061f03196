//! The two programs, started and stopped together.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::tools::{cargo, run, target};

/// How long a program may take until it is ready.
const START: Duration = Duration::from_secs(30);
/// How long a program may take until it is gone: it promises ten seconds.
const STOP: Duration = Duration::from_secs(12);

/// Builds both programs.
pub fn build() -> anyhow::Result<()> {
    run(&mut cargo(&[
        "build",
        "--package",
        "album-graph",
        "--package",
        "storefront",
    ]))
}

/// Brings the database up to date and fills it where it is empty.
pub fn prepare(database: &Path) -> anyhow::Result<()> {
    let url = url(database);
    run(Command::new(target("album-graph")).args(["migrate", "--database", &url]))?;
    run(Command::new(target("album-graph")).args(["seed", "--if-empty", "--database", &url]))
}

fn url(database: &Path) -> String {
    format!("sqlite:{}", database.display())
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
        let mut data = Command::new(target("album-graph"));
        data.args(["serve", "--database", &url(database)]).stdout(log());
        let mut pages = Command::new(target("storefront"));
        pages
            .args(["serve", "--album-graph", &format!("http://{album_graph}/graphql")])
            .stdout(log());
        let mut programs = Self {
            album_graph: Program::start("album-graph", data, album_graph)?,
            storefront: Program::start("storefront", pages, storefront)?,
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

struct Program {
    name: &'static str,
    listen: SocketAddr,
    child: Child,
}

impl Program {
    fn start(name: &'static str, mut command: Command, listen: SocketAddr) -> anyhow::Result<Self> {
        // A group of its own: Ctrl-C reaches this task alone, which then stops the programs in order.
        let command = command.args(["--listen", &listen.to_string()]).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, listen, child })
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        let listen = self.listen.to_string();
        loop {
            self.check()?;
            let mut health = Command::new(target(self.name));
            let health = health
                .args(["health", "--listen", &listen])
                .stderr(Stdio::null())
                .status();
            if health.with_context(|| format!("cannot ask {}", self.name))?.success() {
                return Ok(());
            }
            if started.elapsed() > START {
                bail!("{} is not ready after {} seconds", self.name, START.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} has ended ({status})", self.name),
            None => Ok(()),
        }
    }

    fn stop(&mut self) -> anyhow::Result<()> {
        let signalled = Instant::now();
        run(Command::new("kill").args(["-s", "INT", &self.child.id().to_string()]))?;
        while signalled.elapsed() < STOP {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else {
                    bail!("{} stopped with {status}", self.name)
                };
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("{} did not stop within {} seconds", self.name, STOP.as_secs())
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
