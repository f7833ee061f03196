//! A program that is told to stop and cannot.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::program::{album_graph, eventually};
use crate::test_database::TestDatabase;

#[test]
fn a_program_that_hangs_ends_all_the_same() {
    let database = TestDatabase::migrated();
    let url = database.url().to_string();
    let (log, mut pen) = std::io::pipe().unwrap();
    // One thread serves everybody, until it waits for somebody to read its log.
    let mut program = album_graph(&["serve", "--listen", "127.0.0.1:0", "--drain", "0", "--database", &url])
        .env("TOKIO_WORKER_THREADS", "1")
        .stdout(pen.try_clone().unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(log);
    let mut line = String::new();
    while !line.contains("listen=") {
        line.clear();
        log.read_line(&mut line).unwrap();
    }
    let (_, address) = line.split_once("listen=").unwrap();
    let address = address.split_whitespace().next().unwrap().to_owned();
    let answers = |path: &str| {
        let mut connection = TcpStream::connect(&address).unwrap();
        connection.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        connection.read_exact(&mut [0; 12]).is_ok()
    };
    eventually("it answers", || answers("/livez"));

    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    thread::spawn(move || {
        while pen.write_all(&[b'x'; 512]).is_ok() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    eventually("its log is full", || {
        let before = written.load(Ordering::Relaxed);
        thread::sleep(Duration::from_millis(100));
        before > 0 && before == written.load(Ordering::Relaxed)
    });
    eventually("it hangs", || !answers("/nothing"));

    let pid = program.id().to_string();
    let told = Command::new("kill").args(["-s", "TERM", &pid]).status();
    assert!(told.unwrap().success());
    let mut ended = None;
    eventually("it ends", || {
        ended = program.try_wait().unwrap();
        ended.is_some()
    });
    assert_eq!(ended.unwrap().code(), Some(70));
    let mut last_words = String::new();
    program.stderr.take().unwrap().read_to_string(&mut last_words).unwrap();
    assert!(last_words.contains("ended itself"), "{last_words}");
}
