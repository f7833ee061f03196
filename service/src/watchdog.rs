//! The end of a program that is told to stop and hangs.

use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::exit;

/// What such a program exits with.
const HUNG: i32 = 70;
/// How long its last words may take, and its end once somebody at a terminal has become impatient.
const MOMENT: Duration = Duration::from_secs(1);

/// Ends the process where it still runs so long after it was told to stop.
///
/// A thread of its own hears the signal and looks at the clock, for the others may all wait for something that never comes.
///
/// # Errors
/// When signals cannot be listened for.
pub(crate) fn watch(limit: Duration) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let hear = move || {
        for (nth, signal) in signals.forever().enumerate() {
            let left = match (nth, signal) {
                (0, _) => limit,
                (_, SIGINT) => MOMENT,
                _ => continue,
            };
            thread::spawn(move || {
                thread::sleep(left);
                end();
            });
        }
    };
    thread::Builder::new().name("watchdog".to_owned()).spawn(hear)?;
    Ok(())
}

/// Says why on stderr, as the log may be what hangs, and ends the process without asking any of its other threads.
fn end() -> ! {
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        eprintln!("error: told to stop, the program hung and ended itself; requests in flight are lost");
        let _ = said.send(());
    });
    let _ = heard.recv_timeout(MOMENT);
    exit(HUNG)
}
