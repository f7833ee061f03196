//! What happens to the shop.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::docker::{docker, output};
use super::images::{BROKEN, ENDING, NEXT, REBUILT, name};
use super::interrupt::{self, wait_until};
use super::operator::STACK;
use super::rule::{RECOVERY, Rule, Span};
use super::trial::{self, Trial, WELL};

/// How long the database is away.
const AWAY: Duration = Duration::from_secs(20);
/// An image with Perl, that was needed to build the others.
const PERL: &str = "rust:1.95-slim-bookworm";
/// Holds the locks by which programs share an SQLite database in WAL mode, so that none can read or write (bytes 120 to 127 of
/// its shared memory, <https://sqlite.org/walformat.html>), for a while.
const HOLD: &str = r#"
use Fcntl qw(:DEFAULT :seek);
$| = 1;
my ($file, $seconds) = @ARGV;
open(my $shared, "+<", "$file-shm") or die "$file-shm: $!\n";
for my $byte (120 .. 127) {
  fcntl($shared, F_SETLKW, pack("s s x4 q q i x4", F_WRLCK, SEEK_SET, $byte, 1, 0)) or die "no lock: $!\n";
}
print "held\n";
sleep $seconds;
"#;

/// All of them, one after another.
pub fn all(trial: &mut Trial) -> anyhow::Result<()> {
    trial.during("1. a rolling update", |trial| {
        trial.operator.deploy(REBUILT)?;
        Ok(vec![Rule::Nothing])
    })?;
    trial.during("2. an image that never gets healthy", never_healthy)?;
    trial.during("2. an image that ends at once", |_| ends_at_once())?;
    trial.during("3. a secret rotated", |trial| {
        let rotate = |content: &str, change: Option<&str>| trial.operator.rotate("database", content, change);
        match &trial.server {
            Some(server) => server.rotate(|content, change| rotate(content, Some(change)))?,
            None => rotate("another secret, which nothing depends on", None)?,
        }
        Ok(vec![Rule::Nothing])
    })?;
    trial.during("4. an expand migration", |trial| {
        trial.operator.deploy(NEXT)?;
        Ok(vec![Rule::Nothing])
    })?;
    trial.during("5. storefront killed", |trial| {
        kill(trial, "storefront", Rule::UnderWay)
    })?;
    trial.during("5. album-graph killed", |trial| {
        kill(trial, "album-graph", Rule::UnderWay)
    })?;
    trial.during("5. edge killed", |trial| kill(trial, "edge", Rule::UnderWayToEdge))?;
    trial.during("6. the database away", database_away)
}

/// The script must say that it was taken back.
fn never_healthy(trial: &Trial) -> anyhow::Result<Vec<Rule>> {
    let said = trial.operator.deploy_in_vain(BROKEN)?;
    ensure!(
        said.contains("was taken back"),
        "the script does not say that the update was taken back:\n{said}"
    );
    check_image(trial, "storefront", REBUILT)?;
    Ok(vec![Rule::Nothing])
}

/// The script would stop at the migrations, so this goes past it.
fn ends_at_once() -> anyhow::Result<Vec<Rule>> {
    let service = format!("{STACK}_album-graph");
    let image = name("album-graph", ENDING);
    output(&[
        "service",
        "update",
        "--detach",
        "--no-resolve-image",
        "--image",
        &image,
        &service,
    ])?;
    wait_until("the update is not taken back", WELL, || {
        let state = output(&[
            "service",
            "inspect",
            &service,
            "--format",
            "{{with .UpdateStatus}}{{.State}}{{end}}",
        ])?;
        Ok(state == "rollback_completed")
    })?;
    Ok(vec![Rule::Nothing])
}

fn check_image(trial: &Trial, service: &str, tag: &str) -> anyhow::Result<()> {
    trial::wait_until_well(service)?;
    for container in trial.cluster.containers(service)? {
        let image = output(&["inspect", &container, "--format", "{{.Config.Image}}"])?;
        ensure!(image.ends_with(&format!(":{tag}")), "{service} runs {image}");
    }
    Ok(())
}

fn kill(trial: &Trial, service: &str, rule: fn(Span) -> Rule) -> anyhow::Result<Vec<Rule>> {
    let containers = trial.cluster.containers(service)?;
    let victim = containers.first().with_context(|| format!("{service} does not run"))?;
    let from = Instant::now();
    output(&["kill", "--signal", "KILL", victim])?;
    let to = Instant::now();
    wait_until("a killed replica is still there", WELL, || {
        Ok(!trial.cluster.containers(service)?.contains(victim))
    })?;
    trial::wait_until_well(service)?;
    Ok(vec![rule(Span { from, to })])
}

fn database_away(trial: &Trial) -> anyhow::Result<Vec<Rule>> {
    let before = [
        trial.cluster.containers("album-graph")?,
        trial.cluster.containers("storefront")?,
    ];
    let from = Instant::now();
    match &trial.server {
        Some(server) => server.be_away(AWAY)?,
        None => ensure!(hold_database()?.wait()?.success(), "the database was not away"),
    }
    let to = Instant::now();
    ensure!(to - from >= AWAY, "the database was not away for long enough");
    interrupt::sleep(RECOVERY + Duration::from_secs(5))?;
    if before
        != [
            trial.cluster.containers("album-graph")?,
            trial.cluster.containers("storefront")?,
        ]
    {
        bail!("replicas were restarted, which brings no database back");
    }
    Ok(vec![Rule::Away(Span { from, to })])
}

/// Takes a database in a file away from everybody, for a while.
fn hold_database() -> anyhow::Result<Child> {
    let volume = format!("{STACK}_data:/data");
    let seconds = AWAY.as_secs().to_string();
    let mut holder = docker(&[
        "run",
        "--rm",
        "--network",
        "none",
        "--volume",
        &volume,
        PERL,
        "perl",
        "-e",
        HOLD,
    ]);
    holder
        .args(["/data/shop.sqlite", &seconds])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    holder.spawn().context("cannot start docker")
}
