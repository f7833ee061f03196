//! The program as its operator starts it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{Running, album_graph, migrations};
use crate::test_database::TestDatabase;

fn database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("shop.sqlite").display())
}

fn run(arguments: &[&str]) -> Output {
    album_graph(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap().trim().to_owned()
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim().lines().count(), 1, "one line: {text}");
    text.trim().to_owned()
}

#[test]
fn a_new_database_is_migrated_and_seeded_once() {
    let database = TestDatabase::bare();
    let (url, migrating) = (database.url().to_string(), database.migrating_url().to_string());
    let migrate = |options: &[&str]| stdout(&run(&[&["migrate", "--database", &migrating], options].concat()));
    let run = |command: &[&str]| stdout(&run(&[command, &["--database", &url]].concat()));
    assert!(migrate(&[]).contains(&format!("{} migrations applied", migrations())));
    assert!(migrate(&[]).contains("nothing to migrate"));
    assert!(migrate(&["--dry-run"]).contains("0 migrations to apply"));
    assert!(run(&["seed"]).contains("15 genres"));
    assert!(run(&["seed"]).starts_with("nothing changed"));
    assert_eq!(
        run(&["seed", "--if-empty"]),
        "nothing to seed: there are albums already"
    );
}

#[test]
fn ten_at_once_apply_each_migration_once() {
    let database = TestDatabase::bare();
    let url = database.migrating_url().to_string();
    let start = || {
        album_graph(&[])
            .args(["migrate", "--database", &url])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running: Vec<Child> = (0..10).map(|_| start()).collect();
    let answers: Vec<String> = running
        .into_iter()
        .map(|child| stdout(&child.wait_with_output().unwrap()))
        .collect();
    let applied = answers.iter().map(|answer| answer.matches("\"applied 0").count());
    assert_eq!(applied.sum::<usize>(), migrations(), "{answers:?}");
}

#[test]
fn a_database_that_is_not_there_is_never_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    for command in [&["serve"][..], &["seed"], &["import", file!()]] {
        let output = album_graph(&[])
            .args(command)
            .args(["--database", &url])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output();
        assert!(
            complaint(&output.unwrap()).contains("there is no database"),
            "{command:?}"
        );
    }
    assert!(
        std::fs::read_dir(folder.path()).unwrap().next().is_none(),
        "nothing was created"
    );
}

#[test]
fn the_default_is_sql_server_and_its_secret_is_named_where_it_is_missing() {
    for command in ["migrate", "seed", "serve"] {
        assert_eq!(
            complaint(&run(&[command])),
            "album-graph: no connection string: cannot read /run/secrets/album_graph_database: \
             No such file or directory (os error 2)"
        );
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_refused() {
    for arguments in [
        &["migrate", "--database", "postgres://x"][..],
        &["migrate", "--database", "sqlite:"],
        &["migrate", "--database", "sqlite::memory:"],
        &["migrate", "--database", "sqlite://shop.sqlite"],
        &["migrate", "--database", "sqlite:file:shop.sqlite?mode=memory"],
        &["serve", "--listen", "somewhere"],
        &["serve", "--drain", "10"],
        &["serve", "--cors-origins", "shop.example"],
        &["serve", "--cors-origins", "ftp://shop.example"],
        &["serve", "--cors-origins", "https://shop.example/"],
        &["serve", "--cors-origins", "https://shop.example:443"],
        &["serve", "--cors-origins", "https://Shop.example"],
        &["import", "x.csv", "--currency", "JPY"],
        &["dance"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn every_setting_is_in_the_help_with_its_variable() {
    let help = stdout(&run(&["serve", "--help"]));
    for text in [
        "--database",
        "ALBUM_GRAPH_DATABASE",
        "--listen",
        "ALBUM_GRAPH_LISTEN",
        "ALBUM_GRAPH_PLAYGROUND",
        "ALBUM_GRAPH_DRAIN",
        "ALBUM_GRAPH_LOG",
    ] {
        assert!(help.contains(text), "{text}");
    }
}

#[test]
fn an_import_tells_the_file_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let file = folder.path().join("bad.csv");
    std::fs::write(&file, "genre,artist,title,price\nRock,X,Title,abc\n").unwrap();
    let message = complaint(&run(&["import", file.to_str().unwrap(), "--database", &url]));
    assert_eq!(
        message,
        format!(
            "album-graph: nothing was loaded from {}: line 2: price \"abc\" is not a number such as 8.99",
            file.display()
        )
    );
    let message = complaint(&run(&["import", "/no/such/file.csv", "--database", &url]));
    assert!(message.contains("cannot open /no/such/file.csv"), "{message}");
}

fn serve(url: &str, options: &[&str]) -> Running {
    Running::serving(album_graph(&[]), &[&["--database", url], options].concat())
}

#[test]
fn a_server_is_ready_once_its_schema_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.sqlite"), "").unwrap();
    let url = database(&folder);
    let server = serve(&url, &[]);
    assert!(!server.is_healthy(), "there is no schema yet");
    assert!(!server.has_started());
    stdout(&run(&["migrate", "--database", &url]));
    server.wait_until(true);
    assert!(server.has_started());
}

#[test]
fn a_trial_makes_its_own_database_with_the_sample_catalogue_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    for round in ["loaded the sample catalogue", "ready"] {
        let mut server = serve(&url, &["--sample"]);
        server.wait_until(true);
        server.wait_for(round);
        assert_eq!(server.written().contains("loaded"), round.contains("loaded"));
        server.signal("INT");
        server.wait();
    }
    assert_eq!(
        stdout(&run(&["seed", "--if-empty", "--database", &url])),
        "nothing to seed: there are albums already"
    );
    let mut secret = tempfile::NamedTempFile::new().unwrap();
    writeln!(secret, "Server=127.0.0.1;User ID=me;Password=hunter2").unwrap();
    let url = format!("sqlserver:{}", secret.path().display());
    let message = complaint(&run(&["serve", "--sample", "--database", &url]));
    assert!(
        message.contains("--sample: a trial has a database of its own"),
        "{message}"
    );
}

#[test]
fn a_server_that_is_told_to_stop_refuses_nothing_that_is_connected() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let mut server = serve(&url, &["--drain", "2"]);
    server.wait_until(true);

    let mut silent = TcpStream::connect(server.address()).unwrap();
    let mut halfway = TcpStream::connect(server.address()).unwrap();
    halfway.write_all(b"GET /livez HTTP/1.1\r\n").unwrap();
    server.signal("TERM");
    server.wait_until(false);
    assert!(
        server.has_started(),
        "what was ready once is not to be restarted for being unready"
    );
    for (connection, rest) in [
        (&mut silent, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"),
        (&mut halfway, "Host: x\r\n\r\n"),
    ] {
        connection.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"),
            "{answer}"
        );
    }
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let message = complaint(&run(&["serve", "--database", &url, "--listen", &address]));
    assert!(message.contains(&format!("cannot listen on {address}")), "{message}");
}

#[test]
fn a_request_with_too_large_a_header_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let server = serve(&url, &[]);
    let mut connection = TcpStream::connect(server.address()).unwrap();
    connection
        .write_all(format!("GET /livez HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(20_000)).as_bytes())
        .unwrap();
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 431");
}

#[test]
fn the_printed_schema_is_the_contract() {
    let contract = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql")).unwrap();
    assert_eq!(stdout(&run(&["print-schema"])), contract.trim());
}

#[test]
fn a_backup_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    stdout(&run(&["seed", "--database", &url]));
    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(files, ["shop.sqlite"], "nothing is left in a write-ahead log");
}

#[test]
fn a_database_that_disappears_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let server = serve(&url, &[]);
    server.wait_until(true);
    std::fs::remove_file(folder.path().join("shop.sqlite")).unwrap();
    for _ in 0..16 {
        let mut connection = TcpStream::connect(server.address()).unwrap();
        let body = r#"{"query":"{ genres { id } artists(first: 1) { totalCount } }"}"#;
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(!folder.path().join("shop.sqlite").exists());
}

#[test]
fn a_client_that_goes_away_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let server = serve(&url, &[]);
    server.wait_until(true);
    let mut connection = TcpStream::connect(server.address()).unwrap();
    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    connection.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    drop(connection);
    server.wait_for("route=/graphql");
}

#[test]
fn a_second_interrupt_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = database(&folder);
    stdout(&run(&["migrate", "--database", &url]));
    let mut server = serve(&url, &["--drain", "9"]);
    server.wait_until(true);
    server.signal("TERM");
    server.wait_until(false);
    let asked = Instant::now();
    server.signal("INT");
    assert_eq!(server.wait(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "the window of nine seconds is not waited for"
    );
}
