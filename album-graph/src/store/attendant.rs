//! A thread that looks after those that serve requests while they ask the embedded database.
//!
//! One that sleeps inside SQLite is lost to the runtime for as long, and sometimes takes all others with it: it may have been the
//! one that listened to the network, and the others rest until somebody wakes them. Timers and sockets cannot, for nobody
//! listens to those either.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::Handle;

/// How often to look: an answer that takes longer tells that the database is locked, or its disk slow.
const LOOK: Duration = Duration::from_millis(50);

/// Looks for as long as this is not dropped, and somebody asks.
pub(super) struct Attendant {
    questions: Arc<Questions>,
    thread: Thread,
}

#[derive(Default)]
struct Questions {
    asked: AtomicU64,
    answered: AtomicU64,
    /// Whether the thread is to be woken by the next question.
    rests: AtomicBool,
    /// Whether nobody who serves requests should ask now.
    is_slow: AtomicBool,
}

/// A question that is being asked.
pub(super) struct Asked<'a>(&'a Questions);

impl Attendant {
    /// Looks after the threads of this runtime.
    pub fn new(runtime: Handle) -> std::io::Result<Self> {
        let questions = Arc::new(Questions::default());
        let watched = Arc::downgrade(&questions);
        let thread = thread::Builder::new().name("attendant".to_owned());
        let thread = thread.spawn(move || attend(&watched, &runtime))?.thread().clone();
        Ok(Self { questions, thread })
    }

    /// Notes that somebody asks, until what is returned is dropped; none while nobody should who serves requests.
    pub fn ask(&self) -> Option<Asked<'_>> {
        let questions = &*self.questions;
        if questions.is_slow.load(Ordering::Relaxed) {
            return None;
        }
        questions.asked.fetch_add(1, Ordering::SeqCst);
        if questions.rests.swap(false, Ordering::SeqCst) {
            self.thread.unpark();
        }
        Some(Asked(questions))
    }

    /// Notes how long an answer took to somebody who may wait.
    pub fn note(&self, took: Duration) {
        self.questions.is_slow.store(took > LOOK, Ordering::Relaxed);
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        self.thread.unpark();
    }
}

impl fmt::Debug for Attendant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attendant").finish_non_exhaustive()
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.answered.fetch_add(1, Ordering::SeqCst);
    }
}

fn attend(watched: &Weak<Questions>, runtime: &Handle) {
    let mut before = None;
    while let Some(questions) = watched.upgrade() {
        let answered = questions.answered.load(Ordering::SeqCst);
        let is_quiet = || questions.asked.load(Ordering::SeqCst) == answered;
        if is_quiet() {
            before = None;
            questions.rests.store(true, Ordering::SeqCst);
            // Whoever asks from here on wakes this thread.
            if is_quiet() {
                drop(questions);
                thread::park();
                continue;
            }
        } else if before.replace(answered) == Some(answered) {
            questions.is_slow.store(true, Ordering::Relaxed);
            // Wakes a thread that rests, which listens to the network when it finds nothing else to do.
            runtime.spawn(async {});
        }
        drop(questions);
        thread::sleep(LOOK);
    }
}
