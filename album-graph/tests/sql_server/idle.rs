//! Connections that were not used for a while.

use std::time::Duration;

use tokio::time::{advance, pause, resume};

use crate::scripted::{Answer, Event, Record, Server};
use crate::shop::{Shop, healthy};

/// Asks, lets so long pass, asks again, and answers what the server saw: on its first connection `trial` answers a SELECT 1.
async fn ask_twice(apart: Duration, trial: fn() -> Answer) -> Record {
    let server = Server::start(move |connection, event| match event {
        Event::Statement(text) if connection == 0 && text == "SELECT 1" => trial(),
        event => healthy(event),
    })
    .await;
    let shop = Shop::at(&server).await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    pause();
    advance(apart).await;
    resume();
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    server.record()
}

fn trials(record: &Record) -> usize {
    record.count(&Event::Statement("SELECT 1".to_owned()))
}

#[tokio::test]
async fn a_connection_just_used_is_lent_as_it_is() {
    let record = ask_twice(Duration::from_secs(29), || Answer::Usual).await;
    assert_eq!((record.connections.len(), trials(&record)), (1, 0));
}

#[tokio::test]
async fn an_idle_connection_is_tried_before_it_is_lent() {
    let record = ask_twice(Duration::from_secs(31), || Answer::Usual).await;
    assert_eq!((record.connections.len(), trials(&record)), (1, 1));
}

#[tokio::test]
async fn an_idle_connection_that_died_is_replaced() {
    let record = ask_twice(Duration::from_secs(31), || Answer::Close).await;
    assert_eq!((record.connections.len(), trials(&record)), (2, 1));
}

#[tokio::test]
async fn an_idle_connection_that_no_longer_answers_is_replaced() {
    let record = ask_twice(Duration::from_secs(31), || Answer::Hang).await;
    assert_eq!((record.connections.len(), trials(&record)), (2, 1));
}

#[tokio::test]
async fn an_old_connection_is_replaced_untried() {
    let record = ask_twice(Duration::from_mins(31), || Answer::Usual).await;
    assert_eq!((record.connections.len(), trials(&record)), (2, 0));
}

#[tokio::test]
async fn connections_that_all_died_without_a_word_cost_one_trial_together() {
    let server = Server::start(|connection, event| match event {
        Event::Statement(text) if connection < 8 && text == "SELECT 1" => Answer::Hang,
        event => healthy(event),
    })
    .await;
    let shop = Shop::at(&server).await;
    shop.fill_pool().await;
    pause();
    advance(Duration::from_secs(31)).await;
    resume();
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.record();
    assert_eq!((record.connections.len(), trials(&record)), (9, 1));
}
