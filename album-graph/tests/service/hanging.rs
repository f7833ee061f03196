//! A program that is told to stop and cannot.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use crate::program::{album_graph, eventually};
use crate::test_database::TestDatabase;

/// More log lines than anything takes that nobody reads.
const REQUESTS: usize = 5_000;

#[test]
fn a_program_that_hangs_ends_all_the_same() {
    let database = TestDatabase::migrated();
    let url = database.url().to_string();
    // One thread serves everybody, until it waits for somebody to read its log.
    let mut program = album_graph(&["serve", "--listen", "127.0.0.1:0", "--drain", "0", "--database", &url])
        .env("TOKIO_WORKER_THREADS", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("listen=") {
        line.clear();
        log.read_line(&mut line).unwrap();
    }
    let (_, address) = line.split_once("listen=").unwrap();
    let address = address.split_whitespace().next().unwrap().to_owned();

    let mut connection = TcpStream::connect(&address).unwrap();
    let mut answers = connection.try_clone().unwrap();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut std::io::sink());
    });
    std::thread::spawn(move || {
        for _ in 0..REQUESTS {
            let _ = connection.write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        std::thread::park();
    });
    let answers = || {
        let mut connection = TcpStream::connect(&address).unwrap();
        connection.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        connection.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        connection.read_exact(&mut [0; 12]).is_ok()
    };
    eventually("it hangs", || !answers());

    let pid = program.id().to_string();
    let told = std::process::Command::new("kill").args(["-s", "TERM", &pid]).status();
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
