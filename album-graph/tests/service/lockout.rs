//! Wrong passwords: how often they may be tried, counted for all replicas together.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, problem};
use crate::shop::{Shop, router};

const ANN: &str = "ann@example.com";

/// After how many seconds a refused sign-in says to try again.
fn wait(payload: &Value) -> u64 {
    assert_eq!(problem(payload), "TOO_MANY_ATTEMPTS");
    payload["problems"][0]["retryAfter"].as_u64().unwrap()
}

async fn fail(client: &mut Client, email: &str) {
    assert_eq!(problem(&client.sign_in(email, "wrong").await), "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn after_five_wrong_passwords_an_account_has_to_wait_longer_and_longer() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut eve = shop.visitor();
    // Whether there is an account or not.
    for email in [ANN, "nobody@example.com"] {
        for _ in 0..5 {
            fail(&mut eve, email).await;
        }
        let computed = shop.services.passwords.computed();
        for password in ["wrong", PASSWORD] {
            let payload = eve.sign_in(email, password).await;
            assert_eq!(wait(&payload), 30, "the right one neither");
            let message = payload["problems"][0]["message"].as_str().unwrap();
            assert!(message.ends_with("Please try again in 30 seconds."), "{message}");
        }
        assert_eq!(
            shop.services.passwords.computed(),
            computed,
            "no password was looked at"
        );
        for seconds in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            shop.time.pass(Duration::from_secs(seconds - 1));
            assert_eq!(wait(&eve.sign_in(email, PASSWORD).await), 1);
            shop.time.pass(Duration::from_secs(1));
            if seconds < 3600 {
                fail(&mut eve.clone().at(&format!("198.51.100.{}", seconds % 199)), email).await;
            } else {
                fail(&mut eve.clone().at("203.0.113.1"), email).await;
            }
        }
    }
}

#[tokio::test]
async fn the_right_password_makes_up_for_the_wrong_ones_and_so_does_a_quiet_day() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut ann = shop.visitor();
    for _ in 0..3 {
        for _ in 0..4 {
            fail(&mut ann, ANN).await;
        }
        assert_eq!(ann.sign_in(ANN, PASSWORD).await["problems"], json!([]));
        shop.time.pass(Duration::from_hours(24));
    }
    for _ in 0..5 {
        fail(&mut ann, ANN).await;
    }
    shop.time.pass(Duration::from_hours(24));
    for _ in 0..5 {
        fail(&mut ann, ANN).await;
    }
    assert_eq!(wait(&ann.sign_in(ANN, PASSWORD).await), 30);
}

#[tokio::test]
async fn a_new_password_by_mail_lets_the_owner_in_at_once() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    for _ in 0..5 {
        fail(&mut shop.visitor().at("198.51.100.7"), ANN).await;
    }
    let mut ann = shop.visitor();
    assert_eq!(wait(&ann.sign_in(ANN, PASSWORD).await), 30);
    ann.ask(&format!(
        r#"mutation {{ requestPasswordReset(input: {{ email: "{ANN}" }}) {{ problems {{ code }} }} }}"#
    ))
    .await;
    let reset = format!(
        r#"mutation {{ resetPassword(input: {{ token: "{}", newPassword: "marble-lantern-9" }}) {{ email }} }}"#,
        shop.link(ANN)
    );
    assert_eq!(ann.ask(&reset).await["resetPassword"]["email"], ANN);
    assert_eq!(ann.sign_in(ANN, "marble-lantern-9").await["problems"], json!([]));
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_has_to_wait_and_others_do_not() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut bots = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2"].map(|address| shop.visitor().at(address));
    for number in 0..20 {
        fail(&mut bots[number % 2], &format!("user{number}@example.com")).await;
    }
    for bot in &mut bots {
        assert_eq!(wait(&bot.sign_in(ANN, PASSWORD).await), 30);
    }
    let mut ann = shop.visitor().at("2001:db8:0:2::1");
    assert_eq!(ann.sign_in(ANN, PASSWORD).await["problems"], json!([]));

    // Signing in to an account of one's own buys no more tries.
    shop.time.pass(Duration::from_secs(30));
    assert_eq!(bots[0].sign_in(ANN, PASSWORD).await["problems"], json!([]));
    fail(&mut bots[0], "user@example.com").await;
    assert_eq!(wait(&bots[0].sign_in(ANN, PASSWORD).await), 60);
}

#[tokio::test]
async fn many_who_share_an_address_sign_in_as_often_as_they_like() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    for _ in 0..25 {
        assert_eq!(shop.visitor().sign_in(ANN, PASSWORD).await["problems"], json!([]));
    }
}

#[tokio::test]
async fn nobody_chooses_their_own_address() {
    let shop = Shop::empty().await;
    let mut bot = shop.visitor();
    for number in 0..20 {
        bot.forwarded_for = Some(format!("203.0.113.{number}"));
        fail(&mut bot, &format!("user{number}@example.com")).await;
    }
    assert_eq!(wait(&bot.sign_in(ANN, "wrong").await), 30);
    // What the shop's own proxy says is believed.
    let mut proxied = shop.visitor().at("127.0.0.1");
    proxied.forwarded_for = Some("203.0.113.99".to_owned());
    fail(&mut proxied, ANN).await;
    proxied.forwarded_for = Some("203.0.113.99, 192.0.2.1".to_owned());
    assert_eq!(wait(&proxied.sign_in(ANN, "wrong").await), 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_running_copies_on_one_database_count_together() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let other = shop.another_copy().await;
    let other = router(&other, &shop.readiness);
    let mut copies = [shop.visitor(), Client::new(&other)];
    for number in 0..5 {
        fail(&mut copies[number % 2], ANN).await;
    }
    for copy in &mut copies {
        assert_eq!(wait(&copy.sign_in(ANN, PASSWORD).await), 30);
    }

    // Of many at once, no more are looked at than one after the other.
    shop.time.pass(Duration::from_secs(30));
    let tries = (0..16).map(|number| {
        let mut client = copies[number % 2].clone();
        tokio::spawn(async move { client.sign_in("bob@example.com", "wrong").await })
    });
    let mut looked_at = 0;
    for payload in tries.collect::<Vec<_>>() {
        let payload = payload.await.unwrap();
        match problem(&payload).as_str() {
            "WRONG_CREDENTIALS" => looked_at += 1,
            // Who has not been looked at may try again.
            "BUSY" => {}
            _ => assert!(wait(&payload) <= 31),
        }
    }
    assert!((1..=5).contains(&looked_at), "{looked_at}");
}
