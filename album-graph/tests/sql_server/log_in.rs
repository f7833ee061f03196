//! The way in: encryption, certificates, redirections, time-outs.

use std::process::Command;

use album_graph::store::{Cause, Fault, SchemaState, StoreError};
use tokio::task::spawn_blocking;

use crate::scripted::{Answer, Door, Event, Server};
use crate::shop::{PASSWORD, Shop, healthy, string, told};

/// A server that sends everybody on.
async fn sending_on(host: &'static str, port: u16) -> Server {
    Server::start(move |_, _| Answer::Route {
        host: host.to_owned(),
        port,
    })
    .await
}

#[tokio::test]
async fn a_redirection_is_followed_once_and_twice() {
    let third = Server::start(|_, event| healthy(event)).await;
    let second = sending_on("localhost", third.port()).await;
    let first = sending_on("127.0.0.1", second.port()).await;
    for (server, logins) in [(&second, 1), (&first, 2)] {
        let shop = Shop::at(server).await;
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
        assert_eq!(third.record().logins().len(), logins);
    }
    assert!(
        third
            .record()
            .logins()
            .iter()
            .all(|login| login.password == PASSWORD && login.user == "me")
    );
}

#[tokio::test]
async fn a_third_redirection_is_not_followed() {
    let fourth = Server::start(|_, event| healthy(event)).await;
    let third = sending_on("localhost", fourth.port()).await;
    let second = sending_on("localhost", third.port()).await;
    let first = sending_on("localhost", second.port()).await;
    let error = Shop::at(&first).await.genres().await.unwrap_err();
    assert!(
        told(&error).ends_with("the server sends on to another address more than 2 times"),
        "{error:?}"
    );
    assert!(fourth.record().connections.is_empty());
}

#[tokio::test]
async fn a_redirection_off_this_machine_is_not_followed_by_who_trusts_any_certificate() {
    let elsewhere = Server::start(|_, event| healthy(event)).await;
    // Nothing that is known to be this machine, but where a log-in would arrive if one were sent.
    let server = sending_on("127.1", elsewhere.port()).await;
    let error = Shop::at(&server).await.genres().await.unwrap_err();
    let expected = "the server sends on to 127.1: TrustServerCertificate=True is allowed only where the server is on this \
                    machine (localhost)";
    assert!(told(&error).ends_with(expected), "{error:?}");
    assert!(elsewhere.record().connections.is_empty());
}

#[tokio::test]
async fn a_silent_server_is_waited_for_as_long_as_the_string_says() {
    let server = Server::behind(Door::Silent, |_, event| healthy(event)).await;
    let shop = Shop::with(&[string(&server, PASSWORD).replace("Timeout=10", "Timeout=1")]).await;
    let error = shop.database.schema_state().await.unwrap_err();
    assert!(
        told(&error).ends_with(&format!(
            "no connection to localhost at port {} within 1s",
            server.port()
        )),
        "{error:?}"
    );
    server.wait_for(|record| record.count(&Event::Closed) == 1).await;
}

#[tokio::test]
async fn nobody_listening_is_told_with_host_and_port() {
    let server = Server::start(|_, event| healthy(event)).await;
    let port = server.port();
    let shop = Shop::at(&server).await;
    server.stop().await;
    let error = shop.genres().await.unwrap_err();
    assert!(
        told(&error).contains(&format!("cannot reach localhost at port {port}")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_without_encryption_gets_no_password() {
    let server = Server::behind(Door::NoEncryption, |_, event| healthy(event)).await;
    let error = Shop::at(&server).await.genres().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    told(&error);
    assert!(server.record().logins().is_empty());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_password() {
    for server in [
        Server::start(|_, event| healthy(event)).await,
        Server::named("other.example", |_, event| healthy(event)).await,
    ] {
        let shop = Shop::with(&[string(&server, PASSWORD).replace("TrustServerCertificate=True", "")]).await;
        let error = shop.genres().await.unwrap_err();
        let StoreError::Unavailable(Cause::SqlServer(Fault::Handshake { reason, .. })) = &error else {
            panic!("{error:?}")
        };
        assert!(reason.to_lowercase().contains("certificate"), "{reason}");
        assert!(
            !reason.contains("Config::") && !reason.contains('\n') && reason.len() < 180,
            "{reason}"
        );
        told(&error);
        assert!(server.record().logins().is_empty());
        assert_eq!(
            server.record().connections.len(),
            1,
            "what does not pass is not repeated"
        );
    }
}

/// Starts the program, which vouches for the server's own certificate, and answers whether it got in. It is always told to go.
async fn gets_in(server: &Server, more: &str) -> bool {
    let distrust = string(server, PASSWORD).replace("TrustServerCertificate=True", more);
    let shop = Shop::with(&[distrust]).await;
    let authority = shop.file(1);
    std::fs::write(&authority, server.certificate_pem()).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_album-graph"));
    let url = format!("sqlserver:{}", shop.file(0).display());
    program
        .args(["--database", &url, "seed"])
        .env("SSL_CERT_FILE", authority);
    let output = spawn_blocking(move || program.output().unwrap()).await.unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(!complaint.contains(PASSWORD), "{complaint}");
    let inside = complaint.contains("the schema of the database is too old");
    assert!(
        inside || complaint.to_lowercase().contains("certificate"),
        "{complaint}"
    );
    assert_eq!(server.record().logins().len(), usize::from(inside), "{complaint}");
    inside
}

#[tokio::test]
async fn a_certificate_counts_for_its_name_alone() {
    let server = Server::start(|_, event| healthy(event)).await;
    assert!(gets_in(&server, "").await);
    let server = Server::named("other.example", |_, event| healthy(event)).await;
    assert!(!gets_in(&server, "").await);
    assert!(gets_in(&server, "HostNameInCertificate=other.example").await);
}

#[tokio::test]
async fn strict_encryption_comes_before_all_else() {
    let server = Server::behind(Door::Strict, |_, event| healthy(event)).await;
    let shop = Shop::with(&[string(&server, PASSWORD).replace("Encrypt=True", "Encrypt=Strict")]).await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
}

#[tokio::test]
async fn a_log_in_says_who_and_where() {
    let server = Server::start(|_, event| healthy(event)).await;
    let shop = Shop::at(&server).await;
    let state = shop.database.schema_state().await.unwrap();
    assert!(matches!(state, SchemaState::Behind { applied: 0, .. }));
    let record = server.record();
    let [login] = record.logins()[..] else {
        panic!("{record:?}")
    };
    assert_eq!((login.user.as_str(), login.password.as_str()), ("me", PASSWORD));
    assert_eq!(
        (login.application.as_str(), login.database.as_str()),
        ("album-graph", "shop")
    );
    assert!(!format!("{:?}", shop.database).contains(PASSWORD));
}
