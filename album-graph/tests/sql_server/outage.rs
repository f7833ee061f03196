//! No connection to be had: all in use, or the database away for a while.

use std::io::{BufRead as _, BufReader};
use std::pin::pin;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use album_graph::store::genres;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, pause, resume};

use crate::scripted::{Answer, Event, Server};
use crate::shop::{Shop, answering_first, healthy};

#[tokio::test]
async fn a_request_that_finds_every_connection_in_use_is_told_to_try_later() {
    let server = answering_first(|| Answer::Hang).await;
    let shop = Shop::with_one_connection(&server).await;
    let database = shop.database.clone();
    let hanging = tokio::spawn(async move { genres::all(&database).await });
    server.wait_for(|record| record.statements().len() == 1).await;

    pause();
    let asked = Instant::now();
    let reply = shop.request().await;
    let took = asked.elapsed();
    resume();
    reply.puts_off();
    assert!(took < Duration::from_secs(5), "{took:?}");

    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    shop.request().await.answers();
}

#[tokio::test]
async fn a_log_in_that_hangs_does_not_hold_its_place() {
    let server = Server::start(|connection, event| match event {
        Event::Login(_) if connection == 0 => Answer::Hang,
        event => healthy(event),
    })
    .await;
    let shop = Shop::with_one_connection(&server).await;
    let mut request = pin!(shop.request());
    tokio::select! {
        _ = &mut request => panic!("answered, by a server that lets nobody in"),
        _ = server.wait_for(|record| record.logins().len() == 1) => {}
    }
    pause();
    let reply = request.await;
    resume();
    reply.puts_off();
    shop.request().await.answers();
}

#[tokio::test]
async fn a_database_that_went_away_is_found_again_when_it_is_back() {
    let server = Server::start(|_, event| healthy(event)).await;
    let port = server.port();
    let shop = Shop::at(&server).await;
    shop.request().await.answers();

    drop(server);
    shop.request().await.puts_off();

    let server = Server::at(port, |_, event| healthy(event)).await;
    shop.request().await.answers();
    assert_eq!(server.record().logins().len(), 1);
}

#[tokio::test]
async fn a_failover_that_cuts_every_connection_is_noticed_by_nobody() {
    let server = Server::start(|_, event| healthy(event)).await;
    let port = server.port();
    let shop = Shop::at(&server).await;
    shop.fill_pool().await;
    assert_eq!(server.record().connections.len(), 8);

    server.stop().await;
    let _server = Server::at(port, |_, event| healthy(event)).await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
}

#[tokio::test]
async fn a_look_at_the_schema_survives_a_broken_connection() {
    let server = answering_first(|| Answer::Close).await;
    Shop::at(&server).await.database.schema_state().await.unwrap();
}

/// Runs the program to its end.
async fn run(shop: &Shop, command: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_album-graph"));
    program.args(["--database", &format!("sqlserver:{}", shop.file(0).display()), command]);
    spawn_blocking(move || program.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_database_that_stays_away_while_it_is_migrated_has_an_exit_code_of_its_own() {
    let server = Server::start(|_, event| match event {
        Event::Login(_) => Answer::error(40613, "Database 'shop' is not currently available."),
        event => healthy(event),
    })
    .await;
    let output = run(&Shop::at(&server).await, "migrate").await;
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{complaint}");
    assert!(
        complaint.starts_with("album-graph: cannot connect to the database: "),
        "{complaint}"
    );
    assert_eq!(server.record().logins().len(), 3, "it may wake up");
}

#[tokio::test]
async fn a_migration_whose_connection_breaks_may_be_run_again() {
    let server = Server::start(|_, event| match event {
        Event::Statement(text) if text.contains("CREATE TABLE dbo.genres") => Answer::Close,
        event => healthy(event),
    })
    .await;
    let output = run(&Shop::at(&server).await, "migrate").await;
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{complaint}");
    assert!(
        complaint.contains("interrupted") && complaint.contains("run `album-graph migrate` again"),
        "{complaint}"
    );
    assert_eq!(server.record().count(&Event::Commit), 0);
}

#[tokio::test]
async fn one_connection_that_died_without_a_word_does_not_put_the_service_to_sleep() {
    let server = answering_first(|| Answer::Hang).await;
    let shop = Shop::at(&server).await;
    let url = format!("sqlserver:{}", shop.file(0).display());
    let mut program = Command::new(env!("CARGO_BIN_EXE_album-graph"));
    program.args(["serve", "--listen", "127.0.0.1:0", "--database", &url]);
    let mut program = program.stdout(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(program.stdout.take().unwrap());
    let told = spawn_blocking(move || {
        let mut told = Vec::new();
        for line in log.lines().map_while(Result::ok) {
            told.push(line);
            if told.iter().any(|line| line.contains("the schema is too old")) {
                break;
            }
        }
        told
    });
    let told = told.await.unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(!told.iter().any(|line| line.contains("does not answer")), "{told:?}");
    assert_eq!(server.record().connections.len(), 2);
}
