//! No connection to be had: all in use, or the database away for a while.

use std::pin::pin;
use std::time::Duration;

use album_graph::store::genres;
use tokio::time::{Instant, pause, resume};

use crate::scripted::{Answer, Event, Server};
use crate::shop::{Shop, healthy};

#[tokio::test]
async fn a_request_that_finds_every_connection_in_use_is_told_to_try_later() {
    let server = Server::start(|connection, event| match event {
        Event::Statement(_) if connection == 0 => Answer::Hang,
        event => healthy(event),
    })
    .await;
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
    let mut transactions = Vec::new();
    for _ in 0..8 {
        transactions.push(shop.database.begin().await.unwrap());
    }
    for transaction in transactions {
        transaction.commit().await.unwrap();
    }
    assert_eq!(server.record().connections.len(), 8);

    server.stop().await;
    let _server = Server::at(port, |_, event| healthy(event)).await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
}

#[tokio::test]
async fn a_look_at_the_schema_survives_a_broken_connection() {
    let server = Server::start(|connection, event| match event {
        Event::Statement(_) if connection == 0 => Answer::Close,
        event => healthy(event),
    })
    .await;
    Shop::at(&server).await.database.schema_state().await.unwrap();
}
