//! What cannot be right is refused, and said.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::docker::Container;
use crate::support::{Server, Service};

#[test]
fn nothing_is_sent_to_a_server_that_no_trusted_authority_knows() {
    let mut server = Server::new("127.0.0.1");
    let other = Server::new("127.0.0.1");
    let authority = server.folder.path().join("authority.pem");
    let right = fs::read(&authority).unwrap();
    fs::copy(other.folder.path().join("authority.pem"), &authority).unwrap();
    server.start();
    let mut container = Container::start(&server, 'a');
    container.print("a secret line\n");
    let service = Service::start(&server, &[]);
    service.wait_for("and nothing is sent: no trusted authority has signed it");
    assert!(!service.log().contains(&server.address), "{}", service.log());
    assert!(server.received().is_empty());
    assert_eq!(service.stop(), Some(0));

    fs::write(&authority, right).unwrap();
    let _service = Service::start(&server, &[]);
    server.wait_for(1, "a secret line");
}

#[test]
fn nothing_is_sent_to_a_server_with_a_certificate_for_another_name() {
    let mut server = Server::new("127.0.0.1");
    server.start();
    let port = server.address.rsplit(':').next().unwrap();
    server.secret("destination", &format!("syslog+tls://localhost:{port}"));
    let service = Service::start(&server, &[]);
    let mut container = Container::start(&server, 'a');
    container.print("line\n");
    service.wait_for("and nothing is sent: it is for another name");
    assert!(server.received().is_empty());
}

#[test]
fn a_secret_that_is_no_destination_is_an_error_that_does_not_tell_it() {
    let server = Server::new("127.0.0.1");
    for wrong in [
        "logs.example:6514",
        "syslog+tcp://logs.example:6514",
        "syslog+tls://logs.example",
        "syslog+tls://user:hunter2@logs.example:6514",
        "syslog+tls://logs.example:6514/path",
        "syslog+tls://logs example:6514",
        "syslog+tls://logs.example:65536",
    ] {
        server.secret("destination", wrong);
        let service = Service::start(&server, &[]);
        service.wait_for("must be syslog+tls://HOST:PORT and nothing else");
        assert!(!service.log().contains("example"), "{}", service.log());
        assert_eq!(service.ended(), Some(1), "{wrong}");
        fs::remove_file(server.folder.path().join("log")).unwrap();
    }
    server.secret("destination", "\n");
    let service = Service::start(&server, &[]);
    service.wait_for("destination is empty");
    assert_eq!(service.ended(), Some(1));
}

#[test]
fn authorities_without_a_certificate_are_an_error() {
    let server = Server::new("127.0.0.1");
    fs::write(server.folder.path().join("authority.pem"), "none").unwrap();
    let service = Service::start(&server, &[]);
    service.wait_for("authority.pem holds no certificate (PEM) of an authority");
    assert_eq!(service.ended(), Some(1));
}

#[test]
fn two_programs_do_not_share_a_queue() {
    let server = Server::new("127.0.0.1");
    let first = Service::start(&server, &[]);
    first.wait_for("started");
    let second = Service::start(&server, &[]);
    second.wait_for("cannot keep lines in");
    assert_eq!(second.ended(), Some(1));
}

#[test]
fn health_is_whether_lines_are_being_read() {
    let server = Server::new("127.0.0.1");
    let state = server.folder.path().join("state");
    let health = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logs"));
        command
            .arg("health")
            .arg("--state")
            .arg(&state)
            .status()
            .unwrap()
            .code()
    };
    assert_eq!(health(), Some(1));
    let service = Service::start(&server, &[]);
    service.wait_for("started");
    while health() != Some(0) {}
    drop(service);
    let old = SystemTime::now() - Duration::from_mins(2);
    fs::File::open(state.join("heartbeat"))
        .unwrap()
        .set_modified(old)
        .unwrap();
    assert_eq!(health(), Some(1));
}
