//! What is asked again after a failure, and what is not.

use album_graph::store::load::{self, Names};
use album_graph::store::{StoreError, revision};

use crate::scripted::{Answer, Event, Failure, Record, Server};
use crate::shop::{Shop, healthy, named, told};

/// A server that gives `failure` in answer to its first question.
async fn failing_once(mut failure: impl FnMut() -> Answer + Send + 'static) -> Server {
    let mut failed = false;
    Server::start(move |_, event| match event {
        Event::Statement(_) if !failed => {
            failed = true;
            failure()
        }
        event => healthy(event),
    })
    .await
}

fn updates(record: &Record) -> usize {
    let statements = record.statements();
    statements.iter().filter(|text| text.starts_with("UPDATE")).count()
}

fn fatal(number: u32) -> Answer {
    Answer::Error(Failure {
        class: 20,
        ..Failure::new(number, "the session is over")
    })
}

#[tokio::test]
async fn a_question_is_asked_again_after_an_error_that_passes() {
    for number in [40613, 40197, 40501, 49918, 1205] {
        let server = failing_once(move || Answer::error(number, "for now")).await;
        assert_eq!(Shop::at(&server).await.genres().await.unwrap(), ["Jazz"], "{number}");
        let record = server.record();
        assert_eq!(
            (record.connections.len(), record.statements().len()),
            (1, 2),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_log_in_is_tried_again_while_the_database_wakes_up() {
    let server = Server::start(|connection, event| match event {
        Event::Login(_) if connection == 0 => Answer::error(40613, "not currently available"),
        event => healthy(event),
    })
    .await;
    assert_eq!(Shop::at(&server).await.genres().await.unwrap(), ["Jazz"]);
    assert_eq!(server.record().logins().len(), 2);
}

#[tokio::test]
async fn a_question_is_given_up_after_three_times() {
    let server = Server::start(|_, event| match event {
        Event::Statement(_) => Answer::error(1205, "deadlock"),
        event => healthy(event),
    })
    .await;
    let error = Shop::at(&server).await.genres().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(told(&error), "the database cannot answer now: deadlock (error 1205)");
    assert_eq!(server.record().statements().len(), 3);
}

#[tokio::test]
async fn a_question_that_is_wrong_is_asked_once() {
    let server = failing_once(|| Answer::error(208, "Invalid object name 'genres'.")).await;
    let error = Shop::at(&server).await.genres().await.unwrap_err();
    assert!(matches!(error, StoreError::Broken(_)), "{error:?}");
    told(&error);
    assert_eq!(server.record().statements().len(), 1);
}

#[tokio::test]
async fn a_question_whose_connection_ends_is_asked_again_on_another() {
    let ends: [fn() -> Answer; 4] = [
        || Answer::Close,
        || Answer::CloseInRow(named(&["Rest", "of", "another"])),
        || fatal(40197),
        // Killed, by an administrator or a failover.
        || fatal(596),
    ];
    for end in ends {
        let server = failing_once(end).await;
        let shop = Shop::at(&server).await;
        assert_eq!(
            shop.genres().await.map_err(|error| told(&error)),
            Ok(vec!["Jazz".to_owned()])
        );
        let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
        assert!(matches!(
            record.connections[0][..],
            [Event::Login(_), Event::Statement(_), Event::Closed]
        ));
        assert!(matches!(
            record.connections[1][..],
            [Event::Login(_), Event::Statement(_)]
        ));
    }
}

#[tokio::test]
async fn a_transaction_begins_again_after_an_error_that_passes() {
    let server = failing_once(|| Answer::error(1205, "deadlock")).await;
    let shop = Shop::at(&server).await;
    shop.database.begin().await.unwrap().commit().await.unwrap();
    let record = server.record();
    assert_eq!((record.count(&Event::Begin), record.count(&Event::Commit)), (2, 1));
    assert_eq!(record.connections.len(), 2);
}

#[tokio::test]
async fn a_commit_without_an_answer_is_uncertain_and_not_repeated() {
    let ends: [fn() -> Answer; 3] = [
        || Answer::Close,
        || fatal(596),
        // A database on the move may have kept it or not.
        || Answer::error(40197, "the service has encountered an error"),
    ];
    for end in ends {
        let server = Server::start(move |_, event| match event {
            Event::Commit => end(),
            event => healthy(event),
        })
        .await;
        let shop = Shop::at(&server).await;
        let error = shop.database.begin().await.unwrap().commit().await.unwrap_err();
        assert!(matches!(error, StoreError::Uncertain(_)), "{error:?}");
        told(&error);
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
        assert_eq!(server.record().count(&Event::Commit), 1);
    }
}

#[tokio::test]
async fn a_statement_of_a_transaction_is_never_repeated() {
    let answers: [fn() -> Answer; 2] = [|| Answer::error(1205, "deadlock"), || Answer::Close];
    for answer in answers {
        let server = Server::start(move |_, event| match event {
            Event::Statement(text) if text.starts_with("UPDATE") => answer(),
            event => healthy(event),
        })
        .await;
        let shop = Shop::at(&server).await;
        let mut transaction = shop.database.begin().await.unwrap();
        let error = revision::raise(&mut transaction).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        told(&error);
        drop(transaction);
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
        let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
        assert_eq!(
            (
                updates(&record),
                record.count(&Event::Begin),
                record.count(&Event::Commit)
            ),
            (1, 1, 0)
        );
    }
}

#[tokio::test]
async fn nothing_is_asked_or_kept_in_a_transaction_after_an_error_in_it() {
    let server = failing_once_at("UPDATE").await;
    let shop = Shop::at(&server).await;
    let mut transaction = shop.database.begin().await.unwrap();
    revision::raise(&mut transaction).await.unwrap_err();
    let error = revision::raise(&mut transaction).await.unwrap_err();
    assert!(matches!(error, StoreError::Broken(_)), "{error:?}");
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::Broken(_)), "{error:?}");
    let record = server.wait_for(|record| record.count(&Event::Closed) == 1).await;
    // The server may have ended the transaction: an update would have been kept at once.
    assert_eq!((updates(&record), record.count(&Event::Commit)), (1, 0));
}

/// A server that chooses the first statement that starts so to end a deadlock.
async fn failing_once_at(start: &'static str) -> Server {
    let mut failed = false;
    Server::start(move |_, event| match event {
        Event::Statement(text) if text.starts_with(start) && !failed => {
            failed = true;
            Answer::error(1205, "deadlock")
        }
        event => healthy(event),
    })
    .await
}

#[tokio::test]
async fn a_key_that_is_there_already_is_told_apart() {
    for number in [2601, 2627] {
        let server = Server::start(move |_, event| match event {
            Event::Statement(text) if text.starts_with("INSERT") => Answer::Error(Failure {
                class: 14,
                ..Failure::new(number, "Cannot insert duplicate key")
            }),
            event => healthy(event),
        })
        .await;
        let shop = Shop::at(&server).await;
        let mut transaction = shop.database.begin().await.unwrap();
        let genre = load::NewName {
            slug: "jazz".to_owned(),
            name: "Jazz".to_owned(),
            sort_name: "jazz".to_owned(),
            description: String::new(),
        };
        let error = load::insert_names(&mut transaction, Names::Genres, &[genre])
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(_)), "{error:?}");
        told(&error);
    }
}
