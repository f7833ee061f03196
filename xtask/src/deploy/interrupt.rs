//! Ctrl-C, and commands that end with it: whatever is left undone, what was made is taken away again.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// How often to look.
const LOOK: Duration = Duration::from_millis(100);

/// Listens for Ctrl-C and SIGTERM from now on.
pub fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")
}

/// An error where somebody wants this to end.
pub fn check() -> anyhow::Result<()> {
    if INTERRUPTED.load(Ordering::Relaxed) {
        bail!("interrupted");
    }
    Ok(())
}

/// Sleeps for a while, or until somebody wants this to end.
pub fn sleep(pause: Duration) -> anyhow::Result<()> {
    let until = Instant::now() + pause;
    while Instant::now() < until {
        check()?;
        thread::sleep(LOOK.min(until.saturating_duration_since(Instant::now())));
    }
    check()
}

/// Waits until something is so; an error says what, and for how long it was waited for.
pub fn wait_until(
    what: &str,
    longest: Duration,
    mut is_so: impl FnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !is_so()? {
        if begun.elapsed() > longest {
            bail!("{what}: not within {} seconds", longest.as_secs());
        }
        sleep(Duration::from_millis(500))?;
    }
    Ok(())
}

/// Runs a command and answers what it wrote and how it ended; ends it with this task.
pub fn run(command: &mut Command) -> anyhow::Result<(ExitStatus, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let file = tempfile::NamedTempFile::new()?;
    let command = command
        .stdin(Stdio::null())
        .stdout(file.reopen()?)
        .stderr(file.reopen()?);
    let mut child = command
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, std::fs::read_to_string(file.path())?));
        }
        if check().is_err() {
            // The whole group: a script has commands of its own.
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-s", "TERM", "--", &group]).status();
            let _ = child.wait();
            bail!("interrupted");
        }
        thread::sleep(LOOK);
    }
}

/// The same for what must succeed.
pub fn run_well(command: &mut Command) -> anyhow::Result<String> {
    let (status, written) = run(command)?;
    if !status.success() {
        let name = command.get_program().to_string_lossy();
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        bail!("`{name} {}` failed ({status}):\n{written}", arguments.join(" "));
    }
    Ok(written)
}
