//! Accounts: signing up and in, and passwords that are forgotten or changed.

use std::time::Duration;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, problem, problems};
use crate::shop::Shop;

const ANN: &str = "ann@example.com";
const OTHER: &str = "marble-lantern-9";

async fn request_reset(client: &mut Client, email: &str) -> Value {
    let document = "mutation ($email: String!) {
        requestPasswordReset(input: { email: $email }) { problems { code field retryAfter } }
    }";
    client.ask_with(document, &json!({ "email": email })).await["requestPasswordReset"].take()
}

async fn reset(client: &mut Client, token: &str, password: &str) -> Value {
    let document = "mutation ($token: String!, $password: String!) {
        resetPassword(input: { token: $token, newPassword: $password }) { email problems { code field message } }
    }";
    let variables = json!({ "token": token, "password": password });
    client.ask_with(document, &variables).await["resetPassword"].take()
}

async fn change(client: &mut Client, current: &str, new: &str) -> Value {
    let document = "mutation ($current: String!, $new: String!) {
        changePassword(input: { currentPassword: $current, newPassword: $new }) {
            customer { email sessions { current } } session { token persistent } problems { code field message }
        }
    }";
    let variables = json!({ "current": current, "new": new });
    client.ask_with(document, &variables).await["changePassword"].take()
}

#[tokio::test]
async fn who_signs_up_is_a_customer_once_the_address_is_confirmed() {
    let shop = Shop::empty().await;
    let mut ann = shop.visitor();
    let payload = ann.sign_up(" Ann@Example.com ", PASSWORD).await;
    assert_eq!(payload["problems"], json!([]));
    let visiting = ann.token.clone().unwrap();
    assert_eq!(ann.email().await, None);
    assert_eq!(
        problem(&shop.visitor().sign_in(ANN, PASSWORD).await),
        "WRONG_CREDENTIALS"
    );

    let mails = shop.mails("Ann@Example.com");
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("\nhttps://shop.example/confirm?token="), "{mail}");
    let link = shop.link("Ann@Example.com");
    let payload = ann.confirm(&link).await;
    assert_eq!(payload["customer"]["email"], "Ann@Example.com");
    assert_eq!(payload["session"]["persistent"], false);
    assert_ne!(ann.token, Some(visiting));
    assert_eq!(ann.email().await.as_deref(), Some("Ann@Example.com"));

    assert_eq!(
        problems(&ann.confirm(&link).await),
        [("EXPIRED_LINK".into(), "token".into())]
    );
    assert_eq!(ann.email().await.as_deref(), Some("Ann@Example.com"), "still signed in");
    let payload = shop.visitor().sign_in(" ANN@example.COM", PASSWORD).await;
    assert_eq!(payload["customer"]["email"], "Ann@Example.com");
}

#[tokio::test]
async fn who_confirms_from_another_browser_signs_in_there() {
    let shop = Shop::empty().await;
    let (mut desk, mut phone) = (shop.visitor(), shop.visitor());
    desk.sign_up(ANN, PASSWORD).await;
    let payload = phone.confirm(&shop.link(ANN)).await;
    assert_eq!(payload, json!({ "customer": null, "session": null, "problems": [] }));
    assert_eq!((desk.email().await, phone.email().await), (None, None));
    phone.sign_in(ANN, PASSWORD).await;
    assert_eq!(phone.email().await.as_deref(), Some(ANN));
}

#[tokio::test]
async fn a_link_to_confirm_ends_after_a_day_and_with_the_next_one() {
    let shop = Shop::empty().await;
    let mut ann = shop.visitor();
    ann.sign_up(ANN, PASSWORD).await;
    let first = shop.link(ANN);
    ann.sign_up(ANN, OTHER).await;
    let second = shop.link(ANN);
    assert_eq!(problem(&ann.confirm(&first).await), "EXPIRED_LINK");
    shop.time.pass(Duration::from_hours(24));
    assert_eq!(problem(&ann.confirm(&second).await), "EXPIRED_LINK");
    ann.sign_up(ANN, OTHER).await;
    shop.time.pass(Duration::from_hours(23));
    assert_eq!(ann.confirm(&shop.link(ANN)).await["problems"], json!([]));
    assert_eq!(shop.visitor().sign_in(ANN, OTHER).await["problems"], json!([]));
    assert_eq!(problem(&ann.confirm("nonsense").await), "EXPIRED_LINK");
}

#[tokio::test]
async fn who_signs_up_again_is_told_by_mail_and_nothing_changes() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut eve = shop.visitor();
    let known = eve.sign_up(ANN, OTHER).await;
    let unknown = shop.visitor().sign_up("bob@example.com", OTHER).await;
    assert_eq!(known["problems"], unknown["problems"]);
    assert_eq!(known["session"].is_null(), unknown["session"].is_null());
    let mails = shop.mails(ANN);
    assert!(mails.last().unwrap().contains("has an account already"), "{mails:?}");
    assert_eq!(problem(&shop.visitor().sign_in(ANN, OTHER).await), "WRONG_CREDENTIALS");
    assert_eq!(shop.visitor().sign_in(ANN, PASSWORD).await["problems"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_that_is_followed_twice_at_once_makes_one_customer() {
    let shop = Shop::empty().await;
    let mut ann = shop.visitor();
    ann.sign_up(ANN, PASSWORD).await;
    let link = shop.link(ANN);
    let clicks = (0..6).map(|_| {
        let (mut client, link) = (shop.visitor(), link.clone());
        tokio::spawn(async move { client.confirm(&link).await })
    });
    let mut confirmed = 0;
    for click in clicks.collect::<Vec<_>>() {
        let payload = click.await.unwrap();
        if payload["problems"] == json!([]) {
            confirmed += 1;
        } else {
            assert_eq!(problem(&payload), "EXPIRED_LINK");
        }
    }
    assert_eq!(confirmed, 1);
    assert_eq!(shop.test_database.ask("SELECT email FROM customers"), [ANN]);
}

#[tokio::test]
async fn bad_input_is_answered_with_every_problem_at_once() {
    let shop = Shop::empty().await;
    let mut visitor = shop.visitor();
    let at = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    for (email, password, expected) in [
        (
            "",
            "",
            vec![at("INVALID_EMAIL", "email"), at("PASSWORD_TOO_SHORT", "password")],
        ),
        (
            "ann@",
            "password123",
            vec![at("INVALID_EMAIL", "email"), at("PASSWORD_TOO_COMMON", "password")],
        ),
        (ANN, &"x".repeat(129), vec![at("PASSWORD_TOO_LONG", "password")]),
        (ANN, "ann@example.com", vec![at("PASSWORD_TOO_COMMON", "password")]),
        ("a b@example.com", PASSWORD, vec![at("INVALID_EMAIL", "email")]),
    ] {
        assert_eq!(
            problems(&visitor.sign_up(email, password).await),
            expected,
            "{email} {password}"
        );
    }
    assert_eq!(
        problems(&visitor.sign_in("ann", "x").await),
        [at("INVALID_EMAIL", "email")]
    );
    assert_eq!(
        problems(&request_reset(&mut visitor, "ann").await),
        [at("INVALID_EMAIL", "email")]
    );
    let expected = [at("EXPIRED_LINK", "token"), at("PASSWORD_TOO_SHORT", "newPassword")];
    assert_eq!(problems(&reset(&mut visitor, "x", "short").await), expected);
    assert_eq!(
        problems(&change(&mut visitor, "x", "short").await),
        [at("NOT_SIGNED_IN", "")]
    );
    assert_eq!(visitor.token, None, "nothing was kept");

    let mut ann = shop.customer(ANN).await;
    let expected = [
        at("WRONG_PASSWORD", "currentPassword"),
        at("PASSWORD_TOO_SHORT", "newPassword"),
    ];
    assert_eq!(problems(&change(&mut ann, "wrong", "short").await), expected);
    assert_eq!(problems(&change(&mut ann, PASSWORD, "short").await), expected[1..]);
    assert_eq!(problems(&change(&mut ann, "wrong", OTHER).await), expected[..1]);
    assert_eq!(shop.visitor().sign_in(ANN, PASSWORD).await["problems"], json!([]));
}

#[tokio::test]
async fn who_forgot_the_password_chooses_another_by_a_link() {
    let shop = Shop::empty().await;
    let mut ann = shop.customer(ANN).await;
    let mut helper = shop.visitor();
    assert_eq!(
        request_reset(&mut helper, "ANN@example.com").await["problems"],
        json!([])
    );
    let older = shop.link(ANN);
    request_reset(&mut helper, ANN).await;
    let link = shop.link(ANN);
    assert!(
        shop.mails(ANN)
            .last()
            .unwrap()
            .contains("\nhttps://shop.example/reset-password?token=")
    );

    assert_eq!(problem(&reset(&mut helper, &older, OTHER).await), "EXPIRED_LINK");
    assert_eq!(
        problem(&reset(&mut helper, &link, "qwertyuiop").await),
        "PASSWORD_TOO_COMMON"
    );
    assert_eq!(
        problem(&reset(&mut helper, &link, "Ann@example.com").await),
        "PASSWORD_TOO_COMMON"
    );
    assert_eq!(
        reset(&mut helper, &link, OTHER).await,
        json!({ "email": ANN, "problems": [] })
    );
    assert_eq!(problem(&reset(&mut helper, &link, PASSWORD).await), "EXPIRED_LINK");

    assert_eq!(
        (ann.email().await, helper.email().await),
        (None, None),
        "who was signed in no longer is"
    );
    assert_eq!(problem(&helper.sign_in(ANN, PASSWORD).await), "WRONG_CREDENTIALS");
    assert_eq!(helper.sign_in(ANN, OTHER).await["problems"], json!([]));
    assert!(shop.mails(ANN).last().unwrap().contains("was changed"));
}

#[tokio::test]
async fn a_link_to_choose_another_password_ends_after_an_hour_and_is_for_nothing_else() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut visitor = shop.visitor();
    request_reset(&mut visitor, ANN).await;
    let link = shop.link(ANN);
    assert_eq!(problem(&visitor.confirm(&link).await), "EXPIRED_LINK");
    shop.time.pass(Duration::from_hours(1));
    assert_eq!(problem(&reset(&mut visitor, &link, OTHER).await), "EXPIRED_LINK");

    visitor.sign_up("bob@example.com", PASSWORD).await;
    let link = shop.link("bob@example.com");
    assert_eq!(problem(&reset(&mut visitor, &link, OTHER).await), "EXPIRED_LINK");
    assert_eq!(visitor.confirm(&link).await["problems"], json!([]));
}

#[tokio::test]
async fn nobody_gets_a_mail_who_has_no_account_and_did_not_ask() {
    let shop = Shop::empty().await;
    assert_eq!(request_reset(&mut shop.visitor(), ANN).await["problems"], json!([]));
    assert_eq!(shop.mails(ANN), [""; 0]);
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_gives_this_one_another_token() {
    let shop = Shop::empty().await;
    let mut ann = shop.customer(ANN).await;
    let (mut phone, mut desk) = (shop.visitor(), shop.visitor());
    phone.sign_in(ANN, PASSWORD).await;
    desk.sign_in_for(ANN, PASSWORD, &json!(true)).await;
    request_reset(&mut shop.visitor(), ANN).await;
    let link = shop.link(ANN);
    let before = desk.clone();

    let payload = change(&mut desk, PASSWORD, OTHER).await;
    assert_eq!(
        payload["customer"],
        json!({ "email": ANN, "sessions": [{ "current": true }] })
    );
    assert_eq!(payload["session"]["persistent"], true);
    assert_eq!(desk.email().await.as_deref(), Some(ANN));
    for mut ended in [ann.clone(), phone.clone(), before] {
        assert_eq!(ended.email().await, None);
    }
    assert_eq!(problem(&reset(&mut ann, &link, PASSWORD).await), "EXPIRED_LINK");
    assert_eq!(problem(&phone.sign_in(ANN, PASSWORD).await), "WRONG_CREDENTIALS");
    assert_eq!(phone.sign_in(ANN, OTHER).await["problems"], json!([]));
    assert!(shop.mails(ANN).last().unwrap().contains("was changed"));
}

#[tokio::test]
async fn a_customer_is_seen_by_nobody_else() {
    let shop = Shop::empty().await;
    let (mut ann, mut bob) = (shop.customer(ANN).await, shop.customer("bob@example.com").await);
    let data = ann.ask("{ viewer { customer { id createdAt } } }").await;
    assert_eq!(data["viewer"]["customer"]["createdAt"], "2027-01-15T08:00:00Z");
    let id = json!({ "id": data["viewer"]["customer"]["id"] });
    let node = "query ($id: ID!) { node(id: $id) { id ... on Customer { email } } nodes(ids: [$id, $id]) { id } }";
    let own = ann.ask_with(node, &id).await;
    assert_eq!(own["node"]["email"], ANN);
    assert_eq!(own["nodes"], json!([id, id]));
    for client in [&mut bob, &mut shop.visitor()] {
        assert_eq!(
            client.ask_with(node, &id).await,
            json!({ "node": null, "nodes": [null, null] })
        );
    }
}

#[tokio::test]
async fn a_password_that_was_kept_with_other_parameters_is_kept_with_todays_at_the_next_sign_in() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let older = Params::new(8 * 1024, 1, 1, None).unwrap();
    let older = Argon2::new(Algorithm::Argon2id, Version::V0x13, older);
    let older = older.hash_password(OTHER.as_bytes()).unwrap().to_string();
    shop.test_database
        .run(&format!("UPDATE customers SET password_hash = '{older}'"))
        .unwrap();
    let kept = || {
        shop.test_database
            .ask("SELECT password_hash FROM customers")
            .pop()
            .unwrap()
    };

    assert_eq!(
        problem(&shop.visitor().sign_in(ANN, PASSWORD).await),
        "WRONG_CREDENTIALS"
    );
    assert_eq!(kept(), older);
    for _ in 0..2 {
        assert_eq!(shop.visitor().sign_in(ANN, OTHER).await["problems"], json!([]));
        assert!(kept().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept());
    }
}

/// How many statements and how many hashes an act takes.
async fn cost(shop: &Shop, act: impl Future<Output = Value>) -> (u64, u64, Value) {
    let before = (shop.database.statements(), shop.services.passwords.computed());
    let payload = act.await;
    let after = (shop.database.statements(), shop.services.passwords.computed());
    (after.0 - before.0, after.1 - before.1, payload)
}

#[tokio::test]
async fn an_address_without_an_account_costs_as_much_as_one_with() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let nobody = "bob@example.com";
    // Each mailbox was written to as often before.
    shop.visitor().sign_up(nobody, PASSWORD).await;

    let (known, unknown) = (
        cost(&shop, shop.visitor().sign_in(ANN, OTHER)).await,
        cost(&shop, shop.visitor().sign_in(nobody, OTHER)).await,
    );
    assert_eq!(known, unknown);
    assert_eq!(known.1, 1);

    let (known, unknown) = (
        cost(&shop, async { request_reset(&mut shop.visitor(), ANN).await }).await,
        cost(&shop, async { request_reset(&mut shop.visitor(), nobody).await }).await,
    );
    assert_eq!(known, unknown);

    let sign_up = async |email: &str| {
        let mut payload = shop.visitor().sign_up(email, OTHER).await;
        assert!(payload["session"].take()["token"].is_string());
        payload
    };
    let (known, unknown) = (cost(&shop, sign_up(ANN)).await, cost(&shop, sign_up(nobody)).await);
    assert_eq!(known, unknown);
    assert_eq!(known.1, 1);
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let at = |number: u8| shop.visitor().at(&format!("198.51.100.{number}"));
    // One mail went out already.
    assert_eq!(request_reset(&mut at(1), ANN).await["problems"], json!([]));
    assert_eq!(at(2).sign_up(ANN, OTHER).await["problems"], json!([]));
    for number in 3..6 {
        let payload = request_reset(&mut at(number), ANN).await;
        assert_eq!(payload["problems"][0]["code"], "TOO_MANY_ATTEMPTS");
        assert_eq!(payload["problems"][0]["retryAfter"], 3600);
        assert_eq!(problem(&at(number).sign_up(ANN, OTHER).await), "TOO_MANY_ATTEMPTS");
    }
    assert_eq!(shop.mails(ANN).len(), 3);
    shop.time.pass(Duration::from_hours(1));
    assert_eq!(request_reset(&mut at(1), ANN).await["problems"], json!([]));

    // Neither does one address have mails sent to everybody.
    let mut sent = 0;
    for number in 0..25 {
        let payload = request_reset(&mut at(9), &format!("somebody{number}@example.com")).await;
        sent += usize::from(payload["problems"] == json!([]));
    }
    assert_eq!(sent, 20);
}
