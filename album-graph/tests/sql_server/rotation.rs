//! Passwords that change while the service runs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{advance, pause, resume};

use crate::scripted::{Event, Record, Server};
use crate::shop::{PASSWORD, Shop, healthy, string, told};

const NEW_PASSWORD: &str = "quer über den Deich";

/// A server, and the password that it accepts from now on.
async fn guarded(password: &str) -> (Server, Arc<Mutex<String>>) {
    let accepted = Arc::new(Mutex::new(password.to_owned()));
    let asked = Arc::clone(&accepted);
    let server = Server::start(move |_, event| match event {
        Event::Login(login) => login.accept_only(&asked.lock().unwrap()),
        event => healthy(event),
    })
    .await;
    (server, accepted)
}

fn passwords(record: &Record) -> Vec<&str> {
    record.logins().iter().map(|login| login.password.as_str()).collect()
}

#[tokio::test]
async fn a_password_changed_in_its_file_is_taken_up_without_a_restart() {
    let (server, accepted) = guarded(PASSWORD).await;
    let shop = Shop::at(&server).await;
    // Connections that are lent make every question open one more.
    let first = shop.database.begin().await.unwrap();
    NEW_PASSWORD.clone_into(&mut accepted.lock().unwrap());
    shop.rewrite(0, &string(&server, NEW_PASSWORD));
    let second = shop.database.begin().await.unwrap();
    assert_eq!(passwords(&server.record()), [PASSWORD, PASSWORD, NEW_PASSWORD]);
    // The next connection does not knock with the old one.
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    assert_eq!(
        passwords(&server.record()),
        [PASSWORD, PASSWORD, NEW_PASSWORD, NEW_PASSWORD]
    );
    drop((first, second));
}

#[tokio::test]
async fn of_two_files_the_one_that_is_accepted_counts() {
    let (server, _) = guarded(NEW_PASSWORD).await;
    let shop = Shop::with(&[string(&server, PASSWORD), string(&server, NEW_PASSWORD)]).await;
    assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
    assert_eq!(passwords(&server.record()), [PASSWORD, NEW_PASSWORD]);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_passed_over() {
    for broken in ["", "Server=", "quer über den Deich"] {
        let (server, _) = guarded(NEW_PASSWORD).await;
        let shop = Shop::with(&[string(&server, PASSWORD), string(&server, NEW_PASSWORD)]).await;
        shop.rewrite(0, broken);
        assert_eq!(shop.genres().await.unwrap(), ["Jazz"]);
        assert_eq!(passwords(&server.record()), [PASSWORD, NEW_PASSWORD]);
    }
}

#[tokio::test]
async fn a_log_in_that_is_refused_with_every_file_is_told_without_a_password() {
    let (server, _) = guarded("neither").await;
    let shop = Shop::with(&[string(&server, PASSWORD), string(&server, NEW_PASSWORD)]).await;
    let error = shop.genres().await.unwrap_err();
    let expected = "the server refuses the log-in: Login failed for user 'me'. (error 18456)";
    assert!(told(&error).ends_with(expected), "{error:?}");
    assert!(!format!("{error:?} {:?}", shop.database).contains(NEW_PASSWORD));
    // Once each: a server may lock out who knocks too often.
    assert_eq!(passwords(&server.record()), [PASSWORD, NEW_PASSWORD]);
}

#[tokio::test]
async fn a_refused_log_in_is_not_knocked_for_by_every_request() {
    let (server, accepted) = guarded("neither").await;
    let shop = Shop::at(&server).await;
    for _ in 0..20 {
        shop.request().await.puts_off();
    }
    assert_eq!(passwords(&server.record()), [PASSWORD]);
    PASSWORD.clone_into(&mut accepted.lock().unwrap());
    pause();
    advance(Duration::from_secs(6)).await;
    resume();
    shop.request().await.answers();
}
