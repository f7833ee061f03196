//! Questions and changes that nobody waits for any longer.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use album_graph::store::load::{self, Names};
use album_graph::store::{albums, genres, revision};
use tokio::task::yield_now;

use crate::scripted::{Answer, Event, Server};
use crate::shop::{Shop, answering_first, healthy, named};

/// Waits for `question` until the server's statements include one that contains `text`, then gives it up.
async fn abandon<T>(question: impl Future<Output = T>, server: &Server, text: &str) {
    let asked = server.wait_for(|record| record.statements().iter().any(|statement| statement.contains(text)));
    tokio::select! {
        _ = question => panic!("answered, by a server that does not answer"),
        _ = asked => {}
    }
}

/// Takes `times` steps of `question`, all others taking theirs in between, then gives it up. Answers whether that came too late.
async fn take_steps<T>(question: impl Future<Output = T>, times: usize) -> bool {
    let mut question = pin!(question);
    for _ in 0..times {
        if poll_fn(|context| Poll::Ready(question.as_mut().poll(context).is_ready())).await {
            return true;
        }
        yield_now().await;
    }
    false
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_stopped() {
    let server = answering_first(|| Answer::Hang).await;
    let shop = Shop::with_one_connection(&server).await;
    abandon(shop.genres(), &server, "FROM genres").await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
    assert!(matches!(
        record.connections[0][..],
        [Event::Login(_), Event::Statement(_), Event::Attention, Event::Closed]
    ));
    assert!(matches!(
        record.connections[1][..],
        [Event::Login(_), Event::Statement(_)]
    ));
}

#[tokio::test]
async fn a_question_given_up_at_any_moment_leaves_nothing_to_the_next() {
    let server = Server::start(|_, event| match event {
        Event::Statement(text) if text.contains("WHERE slug") => Answer::HangInRow(named(&["Rest", "of", "another"])),
        event => healthy(event),
    })
    .await;
    let shop = Shop::with_one_connection(&server).await;
    for steps in 0..60 {
        assert!(!take_steps(genres::by_slug(&shop.database, "another"), steps).await);
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"], "after {steps} steps");
    }
    server.wait_for(|record| record.count(&Event::Attention) > 0).await;
}

#[tokio::test]
async fn a_long_statement_given_up_at_any_moment_leaves_nothing_to_the_next() {
    let server = Server::start(|_, event| healthy(event)).await;
    let shop = Shop::with_one_connection(&server).await;
    let ids: Vec<i64> = (0..1_900).collect();
    let mut steps = 0;
    loop {
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"], "after {steps} steps");
        if take_steps(albums::by_ids(&shop.database, &ids), steps).await {
            break;
        }
        steps += 1;
    }
    assert!(steps > 0);
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
}

#[tokio::test]
async fn half_a_statement_is_never_followed_by_another() {
    let server = Server::start(|_, event| healthy(event)).await;
    let shop = Shop::with_one_connection(&server).await;
    shop.genres().await.unwrap();
    // More than the system takes from us at once.
    let slug = "x".repeat(2 << 20);
    assert!(!take_steps(genres::by_slug(&shop.database, &slug), 1).await);
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
    assert!(matches!(
        record.connections[0][..],
        [Event::Login(_), Event::Statement(_), Event::Closed]
    ));
}

#[tokio::test]
async fn a_transaction_that_is_kept_gives_its_connection_back() {
    let server = Server::start(|_, event| match event {
        Event::Statement(text) if text.starts_with("UPDATE catalogue") => Answer::Done(1),
        event => healthy(event),
    })
    .await;
    let shop = Shop::with_one_connection(&server).await;
    let mut transaction = shop.database.begin().await.unwrap();
    revision::raise(&mut transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.record();
    let [[_, rest @ ..]] = &record.connections.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] else {
        panic!("{record:?}")
    };
    assert!(matches!(
        rest,
        [
            Event::Begin,
            Event::Statement(_),
            Event::Statement(_),
            Event::Commit,
            Event::Statement(_)
        ]
    ));
}

#[tokio::test]
async fn a_transaction_dropped_between_statements_is_not_kept_and_not_lent() {
    let server = Server::start(|_, event| healthy(event)).await;
    let shop = Shop::with_one_connection(&server).await;
    drop(shop.database.begin().await.unwrap());
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
    assert!(matches!(
        record.connections[0][..],
        [Event::Login(_), Event::Begin, Event::Statement(_), Event::Closed]
    ));
    assert!(matches!(
        record.connections[1][..],
        [Event::Login(_), Event::Statement(_)]
    ));
}

#[tokio::test]
async fn a_transaction_dropped_in_a_statement_is_stopped_and_not_kept_and_not_lent() {
    let server = Server::start(|connection, event| match event {
        Event::Statement(text) if connection == 0 && text.contains("FROM genres") => Answer::Hang,
        event => healthy(event),
    })
    .await;
    let shop = Shop::with_one_connection(&server).await;
    let mut transaction = shop.database.begin().await.unwrap();
    abandon(load::names(&mut transaction, Names::Genres), &server, "FROM genres").await;
    drop(transaction);
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
    let [_, rest @ ..] = &record.connections[0][..] else {
        panic!("{record:?}")
    };
    assert!(matches!(
        rest,
        [
            Event::Begin,
            Event::Statement(_),
            Event::Statement(_),
            Event::Attention,
            Event::Closed
        ]
    ));
}

#[tokio::test]
async fn a_transaction_whose_begin_or_commit_is_given_up_is_not_lent() {
    for hanging in [Event::Begin, Event::Commit] {
        let wanted = hanging.clone();
        let server = Server::start(move |connection, event| match event {
            event if connection == 0 && *event == hanging => Answer::Hang,
            event => healthy(event),
        })
        .await;
        let shop = Shop::with_one_connection(&server).await;
        let change = async { shop.database.begin().await.unwrap().commit().await };
        tokio::select! {
            _ = change => panic!("answered, by a server that does not answer"),
            _ = server.wait_for(|record| record.count(&wanted) == 1) => {}
        }
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
        let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
        assert!(
            record.connections[0].ends_with(&[wanted, Event::Attention, Event::Closed]),
            "{record:?}"
        );
    }
}
