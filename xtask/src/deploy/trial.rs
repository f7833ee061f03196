//! The shop on its Swarm, and the visitors in front of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::cluster::Cluster;
use super::docker::{docker, lines, output};
use super::forward::Forward;
use super::images::{self, RELEASE};
use super::interrupt::{self, wait_until};
use super::load::{Door, Hosts, Load};
use super::operator::{Operator, STACK};
use super::report::Event;
use super::rule::Rule;
use super::server::Server;
use super::stage1;

/// How long the test takes at most.
const LONGEST: Duration = Duration::from_mins(40);
/// How long a service may take until it is again what it should be.
pub const WELL: Duration = Duration::from_mins(3);
/// How many there are of each service.
const REPLICAS: usize = 2;
/// For how long an event is watched after it seems over.
const AFTERMATH: Duration = Duration::from_secs(4);
/// How long nothing happens at first.
const CALM: Duration = Duration::from_secs(10);
/// The shop with its visitors. What is first here is dropped first.
pub struct Trial {
    load: Load,
    /// Requests each second.
    rate: u32,
    _edges: Edges,
    pub cluster: Cluster,
    pub operator: Operator,
    /// Where the data is, if not in a file.
    pub server: Option<Server>,
    pub events: Vec<Event>,
}

/// Keeps the ways into the shop true to the edges that run.
struct Edges {
    over: Arc<AtomicBool>,
    watching: Option<JoinHandle<()>>,
}

impl Trial {
    /// Builds the images, deploys the shop and has customers sign up.
    pub fn set_up(given: Option<&str>, rate: u32) -> anyhow::Result<Self> {
        // Before the cluster, so that where this fails its database is dropped after whoever is connected to it is gone.
        let server;
        let mut cluster = Cluster::join([STACK, stage1::STACK])?;
        images::build(&mut cluster, given)?;
        println!("deploying the proof of concept");
        stage1::try_out(RELEASE)?;
        let forward = Forward::open(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let port = forward.listen().port();
        let hosts = Hosts {
            shop: format!("localhost:{port}"),
            api: format!("api.localhost:{port}"),
        };
        let door = Arc::new(Door::new(hosts)?);
        let edges = Edges::watch(forward, Arc::clone(&door));
        server = Server::of_tests(gateway()?)?;
        let operator = Operator::of(port, server.as_ref())?;
        println!("deploying the shop");
        operator.deploy_first(RELEASE, server.as_ref())?;
        let differences = operator.differences(RELEASE)?;
        if !differences.is_empty() {
            bail!(
                "the services differ from the stack file:\n  {}",
                differences.join("\n  ")
            );
        }
        seed(&cluster)?;
        let load = Load::prepare(door, |email| mailed_token(&cluster, email))?;
        Ok(Self {
            load,
            rate,
            _edges: edges,
            cluster,
            operator,
            server,
            events: Vec::new(),
        })
    }

    /// Begins to ask, and measures how it is while nothing happens.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        println!("asking {} times a second", self.rate);
        self.load.begin(self.rate, LONGEST);
        self.during("nothing happens", |_| {
            interrupt::sleep(CALM).map(|()| vec![Rule::Nothing])
        })
    }

    /// Lets something happen, and judges by the rules that it answers what became of every request meanwhile.
    pub fn during(
        &mut self,
        name: &'static str,
        happen: impl FnOnce(&Self) -> anyhow::Result<Vec<Rule>>,
    ) -> anyhow::Result<()> {
        let from = Instant::now();
        let happened = happen(self);
        interrupt::sleep(AFTERMATH)?;
        let to = Instant::now();
        let rules = happened.as_ref().map_or_else(|_| vec![Rule::Nothing], Clone::clone);
        let mut event = Event::judge(name, &self.load.between(from, to)?, &rules, (to - from, self.rate));
        if let Err(error) = happened {
            event.add(format!("{error:#}"));
        }
        match self.load.check() {
            Ok(found) => event.found(found),
            Err(error) => event.add(format!("{error:#}")),
        }
        event.tell();
        self.events.push(event);
        interrupt::check()
    }
}

impl Edges {
    fn watch(forward: Forward, door: Arc<Door>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&over);
        let watching = thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                // A moment later it may be known.
                if let Ok(addresses) = edges() {
                    forward.lead_to(addresses.clone());
                    door.lead_to(addresses);
                }
                thread::sleep(Duration::from_millis(500));
            }
        });
        Self {
            over,
            watching: Some(watching),
        }
    }
}

impl Drop for Edges {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(watching) = self.watching.take() {
            let _ = watching.join();
        }
    }
}

/// Waits until a service has as many healthy containers again as it should.
pub fn wait_until_well(service: &str) -> anyhow::Result<()> {
    let name = format!("{STACK}_{service}");
    wait_until(&format!("{service} is not well again"), WELL, || {
        let update = "{{with .UpdateStatus}}{{.State}}{{end}}";
        let update = output(&["service", "inspect", &name, "--format", update])?;
        let of_it = format!("label=com.docker.swarm.service.name={name}");
        let healthy = lines(&["ps", "--quiet", "--filter", &of_it, "--filter", "health=healthy"])?;
        Ok(healthy.len() == REPLICAS && !matches!(update.as_str(), "updating" | "rollback_started"))
    })
}

/// Keeps what the containers have logged, also those that have ended, for whoever looks for the cause of something. Not asked for by
/// service: of what was written last, that loses some where the daemon is busy.
pub fn keep_logs(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let ours = format!("label=com.docker.stack.namespace={STACK}");
    for container in lines(&["ps", "--all", "--filter", &ours, "--format", "{{.Names}}"])? {
        let file = std::fs::File::create(folder.join(format!("{container}.log")))?;
        let mut logs = docker(&["logs", "--timestamps", &container]);
        logs.stdout(file.try_clone()?).stderr(file).status()?;
    }
    Ok(())
}

/// Where the edges listen: on an address of this machine that leads there without a program in between.
fn edges() -> anyhow::Result<Vec<SocketAddr>> {
    let address = gateway()?;
    let of_edge = format!("label=com.docker.swarm.service.name={STACK}_edge");
    let ports = lines(&["ps", "--filter", &of_edge, "--format", "{{.Ports}}"])?;
    let ports = ports.iter().filter_map(|ports| {
        let port = ports.split(", ").find_map(|port| port.strip_suffix("->80/tcp"))?;
        port.rsplit(':').next()?.parse().ok()
    });
    Ok(ports.map(|port| SocketAddr::new(address, port)).collect())
}

/// The address of this machine for containers.
fn gateway() -> anyhow::Result<IpAddr> {
    let gateway = "{{range .IPAM.Config}}{{.Gateway}}{{end}}";
    let gateway = output(&["network", "inspect", "docker_gwbridge", "--format", gateway])?;
    Ok(gateway.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))
}

/// Fills the shop with the sample catalogue.
fn seed(cluster: &Cluster) -> anyhow::Result<()> {
    let album_graph = cluster.containers("album-graph")?;
    let album_graph = album_graph.first().context("album-graph does not run")?;
    output(&["exec", album_graph, "/album-graph", "seed", "--if-empty"]).map(drop)
}

/// The token of the link in the mail to somebody who has signed up.
fn mailed_token(cluster: &Cluster, email: &str) -> anyhow::Result<Option<String>> {
    let album_graph = cluster.containers("album-graph")?;
    let album_graph = album_graph.first().context("album-graph does not run")?;
    let folder = tempfile::tempdir()?;
    let target = folder.path().display().to_string();
    output(&["cp", &format!("{album_graph}:/data/."), &target])?;
    for entry in std::fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let mail = std::fs::read_to_string(&path).unwrap_or_default();
        if mail.contains(email)
            && let Some((_, token)) = mail.split_once("/confirm?token=")
        {
            return Ok(token.split_whitespace().next().map(ToOwned::to_owned));
        }
    }
    Ok(None)
}
