//! A database that another program has locked: SQLite sleeps for as long as ten seconds before it says so.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc::{F_WRLCK, SEEK_SET, flock};
use serde_json::json;

use crate::program::{Running, album_graph, eventually, run};
use crate::test_database::TestDatabase;

const HEAD: &str = "Host: x\r\nConnection: close\r\n";

/// A program that serves the sample catalogue.
fn serving() -> (Running, TestDatabase) {
    let database = TestDatabase::embedded();
    let url = database.url().to_string();
    for command in ["migrate", "seed"] {
        assert_eq!(run(&[command, "--database", &url]).0, 0);
    }
    let server = Running::serving(album_graph(&["--database", &url]), &[]);
    eventually("ready", || server.is_ready());
    (server, database)
}

/// Holds the locks by which programs share a database (<https://sqlite.org/walformat.html>) until it is dropped.
fn lock(database: &TestDatabase) -> File {
    let url = database.url().to_string();
    let path = format!("{}-shm", url.strip_prefix("sqlite:").unwrap());
    let shared = OpenOptions::new().read(true).write(true).open(path).unwrap();
    for byte in 120..128 {
        let lock = flock {
            l_type: F_WRLCK.try_into().unwrap(),
            l_whence: SEEK_SET.try_into().unwrap(),
            l_start: byte,
            l_len: 1,
            l_pid: 0,
        };
        fcntl(&shared, FcntlArg::F_SETLKW(&lock)).unwrap();
    }
    shared
}

fn connect(server: &Running) -> TcpStream {
    TcpStream::connect(server.address()).unwrap()
}

fn post(query: &str) -> String {
    let body = json!({ "query": query }).to_string();
    let length = body.len();
    format!("POST /graphql HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Sends a request and tells the whole answer, until the connection ends.
fn ask(mut connection: TcpStream, request: String, said: &Sender<String>) {
    let said = said.clone();
    thread::spawn(move || {
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        said.send(answer).unwrap();
    });
}

#[test]
fn who_asks_a_locked_database_keeps_nobody_else_waiting_and_is_told() {
    let (server, database) = serving();
    // One that is kept open: whoever listens to the network hears what comes on it, and sees to it.
    let mut kept = connect(&server);
    kept.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_ne!(kept.read(&mut [0; 1_000]).unwrap(), 0);

    let locked = lock(&database);
    let (said, answers) = mpsc::channel();
    ask(kept, post("{ genres { name } }"), &said);
    // It is being asked.
    thread::sleep(Duration::from_millis(100));
    ask(connect(&server), format!("GET /livez HTTP/1.1\r\n{HEAD}\r\n"), &said);
    let (first, second) = (answers.recv().unwrap(), answers.recv().unwrap());
    assert!(first.ends_with("alive\n"), "{first}");
    assert!(second.starts_with("HTTP/1.1 503 "), "{second}");
    assert!(second.contains("\"UNAVAILABLE\""), "{second}");

    // Changes wait for each other, too.
    let change = post("mutation { addToCart(input: { albumId: \"QWxidW06MQ\" }) { cart { quantity } } }");
    for _ in 0..4 {
        ask(connect(&server), change.clone(), &said);
    }
    for answer in answers.iter().take(4) {
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    }
    drop(locked);
    eventually("ready again", || server.is_ready());
}

#[test]
fn however_many_ask_a_locked_database_few_threads_wait_with_them() {
    const MANY: usize = 400;
    let (server, database) = serving();
    let threads = || fs::read_dir(format!("/proc/{}/task", server.id())).unwrap().count();
    let before = threads();
    let _locked = lock(&database);
    let (said, answers) = mpsc::channel();
    for _ in 0..MANY {
        ask(connect(&server), post("{ genres { name } }"), &said);
        thread::sleep(Duration::from_millis(10));
        // A container that may have no more has none for its health check either.
        assert!(threads() <= before + 20, "{before} threads became {}", threads());
    }
    for answer in answers.iter().take(MANY) {
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    }
}
