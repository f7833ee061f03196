//! Sessions: who has one, how long, and how it ends.

use std::time::Duration;

use album_graph::cleaning;
use serde_json::{Value, json};

use crate::client::{PASSWORD, problem, problems};
use crate::shop::Shop;

const ANN: &str = "ann@example.com";
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn who_only_looks_has_no_session() {
    let shop = Shop::empty().await;
    let mut visitor = shop.visitor();
    for token in [None, Some("nonsense".to_owned()), Some("A".repeat(43))] {
        visitor.token = token;
        let data = visitor.ask("{ viewer { session { id } customer { id } } }").await;
        assert_eq!(data, json!({ "viewer": { "session": null, "customer": null } }));
    }
    assert_eq!(shop.test_database.ask("SELECT token_hash FROM sessions"), [""; 0]);
}

#[tokio::test]
async fn a_token_that_was_known_before_is_no_good_after_signing_in() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut ann = shop.visitor();
    ann.sign_up("bob@example.com", PASSWORD).await;
    let planted = ann.clone();
    for _ in 0..2 {
        let mut eve = ann.clone();
        ann.sign_in(ANN, PASSWORD).await;
        assert_eq!(ann.email().await.as_deref(), Some(ANN));
        assert_eq!(
            eve.ask("{ viewer { session { id } customer { id } } }").await["viewer"]["session"],
            Value::Null
        );
    }
    assert_ne!(planted.token, ann.token);
    // The token itself is nowhere but with its owner.
    let token = ann.token.clone().unwrap();
    let kept = shop.test_database.ask("SELECT token_hash FROM sessions");
    assert!(kept.iter().all(|hash| hash.len() == 64 && *hash != token), "{kept:?}");
}

#[tokio::test]
async fn what_follows_in_the_same_request_sees_who_signed_in() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    let mut client = shop.visitor();
    let document = format!(
        r#"mutation {{
            signIn(input: {{ email: "{ANN}", password: "{PASSWORD}" }}) {{ customer {{ sessions {{ current }} }} }}
            signOut {{ ended }}
            again: signOut {{ ended }}
        }}"#
    );
    let data = client.ask(&document).await;
    assert_eq!(
        data["signIn"]["customer"]["sessions"],
        json!([{ "current": true }, { "current": false }])
    );
    assert_eq!(
        (&data["signOut"]["ended"], &data["again"]["ended"]),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_session_lasts_a_day_after_it_was_seen_or_a_month_where_it_is_remembered() {
    let shop = Shop::empty().await;
    shop.customer(ANN).await;
    for (remember, hours) in [(false, 24), (true, 30 * 24)] {
        let lifetime = Duration::from_hours(hours);
        let mut ann = shop.visitor();
        let payload = ann.sign_in_for(ANN, PASSWORD, &json!(remember)).await;
        assert_eq!(payload["session"]["persistent"], remember);
        let expires = shop.time.now().after(lifetime).to_rfc3339();
        assert_eq!(payload["session"]["expiresAt"], expires);
        for _ in 0..3 {
            shop.time.pass(Duration::from_secs(hours * 3_600 - 1));
            assert_eq!(ann.email().await.as_deref(), Some(ANN), "{lifetime:?}");
        }
        shop.time.pass(lifetime);
        assert_eq!(ann.email().await, None, "{lifetime:?}");
        assert_eq!(
            ann.ask("{ viewer { session { id } } }").await["viewer"]["session"],
            Value::Null
        );
    }
}

#[tokio::test]
async fn a_session_is_noted_as_seen_once_an_hour() {
    let shop = Shop::empty().await;
    let mut ann = shop.customer(ANN).await;
    let start = shop.time.now();
    let seen = async |client: &mut crate::client::Client| {
        let before = shop.database.statements();
        let data = client.ask("{ viewer { session { seenAt } } }").await;
        (
            data["viewer"]["session"]["seenAt"].clone(),
            shop.database.statements() - before,
        )
    };
    shop.time.pass(Duration::from_mins(59));
    assert_eq!(seen(&mut ann).await, (json!(start.to_rfc3339()), 1));
    shop.time.pass(Duration::from_mins(1));
    assert_eq!(seen(&mut ann).await, (json!(shop.time.now().to_rfc3339()), 2));
    assert_eq!(seen(&mut ann).await.1, 1);
    // A change that has begun notes it, too, and waits for nobody.
    shop.time.pass(Duration::from_hours(2));
    ann.sign_up("bob@example.com", PASSWORD).await;
    assert_eq!(seen(&mut ann).await, (json!(shop.time.now().to_rfc3339()), 1));
}

const SESSIONS: &str = "{ viewer { session { id } customer { sessions { id current persistent userAgent } } } }";
const REVOKE: &str = "mutation ($id: ID!) {
    revokeSession(input: { sessionId: $id }) { sessions { id } problems { code field } }
}";

#[tokio::test]
async fn a_customer_sees_all_sessions_and_ends_any_of_them() {
    let shop = Shop::empty().await;
    let mut desk = shop.customer(ANN).await;
    shop.time.pass(Duration::from_secs(1));
    let mut phone = shop.visitor();
    phone.sign_in_for(ANN, PASSWORD, &json!(true)).await;

    let data = desk.ask(SESSIONS).await;
    let sessions = data["viewer"]["customer"]["sessions"].clone();
    let flags = |index: usize| (&sessions[index]["current"], &sessions[index]["persistent"]);
    assert_eq!(flags(0), (&json!(false), &json!(true)));
    assert_eq!(flags(1), (&json!(true), &json!(false)));
    assert_eq!(sessions[1]["id"], data["viewer"]["session"]["id"]);
    assert_eq!(sessions[0]["userAgent"], "Tests/1.0");
    assert_eq!(sessions.as_array().unwrap().len(), 2);

    let mut bob = shop.customer("bob@example.com").await;
    let album = json!({ "id": "QWxidW06MQ" });
    let phones = json!({ "id": sessions[0]["id"] });
    for id in [&album, &phones, &json!({ "id": "?" })] {
        let payload = bob.ask_with(REVOKE, id).await["revokeSession"].take();
        assert_eq!(problems(&payload), [("UNKNOWN_SESSION".into(), "sessionId".into())]);
        assert_eq!(payload["sessions"].as_array().unwrap().len(), 1);
    }
    assert_eq!(phone.email().await.as_deref(), Some(ANN));
    let payload = desk.ask_with(REVOKE, &phones).await["revokeSession"].take();
    assert_eq!(
        payload,
        json!({ "sessions": [{ "id": sessions[1]["id"] }], "problems": [] })
    );
    assert_eq!((phone.email().await, desk.email().await.as_deref()), (None, Some(ANN)));
    let own = json!({ "id": sessions[1]["id"] });
    let payload = desk.ask_with(REVOKE, &own).await["revokeSession"].take();
    assert_eq!(payload, json!({ "sessions": [], "problems": [] }));
    assert_eq!(desk.email().await, None);
    assert_eq!(
        problem(&desk.ask_with(REVOKE, &own).await["revokeSession"]),
        "NOT_SIGNED_IN"
    );
}

#[tokio::test]
async fn signing_out_ends_one_session_and_signing_out_everywhere_all() {
    let shop = Shop::empty().await;
    let mut desk = shop.customer(ANN).await;
    let mut bob = shop.customer("bob@example.com").await;
    let mut phones = [shop.visitor(), shop.visitor(), shop.visitor()];
    for phone in &mut phones {
        phone.sign_in(ANN, PASSWORD).await;
    }
    let [first, second, third] = &mut phones;
    assert_eq!(first.ask("mutation { signOut { ended } }").await["signOut"]["ended"], 1);
    assert_eq!(
        (first.email().await, second.email().await.as_deref()),
        (None, Some(ANN))
    );
    assert_eq!(first.ask("mutation { signOut { ended } }").await["signOut"]["ended"], 0);
    let everywhere = "mutation { signOutEverywhere { ended } }";
    assert_eq!(third.ask(everywhere).await["signOutEverywhere"]["ended"], 3);
    for client in [&mut desk, second, third] {
        assert_eq!(client.email().await, None);
        assert_eq!(client.ask(everywhere).await["signOutEverywhere"]["ended"], 0);
    }
    assert_eq!(bob.email().await.as_deref(), Some("bob@example.com"));
}

#[tokio::test]
async fn who_has_not_signed_in_keeps_the_session_when_signing_out() {
    let shop = Shop::empty().await;
    let mut visitor = shop.visitor();
    visitor.sign_up(ANN, PASSWORD).await;
    assert_eq!(
        visitor.ask("mutation { signOut { ended } }").await["signOut"]["ended"],
        0
    );
    assert!(visitor.ask("{ viewer { session { id } } }").await["viewer"]["session"]["id"].is_string());
}

#[tokio::test]
async fn what_has_ended_is_deleted_with_the_carts_on_it_and_nothing_else() {
    let shop = Shop::with("genre,artist,title,price\nRock,Somebody,Something,9.99\n").await;
    shop.customer(ANN).await;
    let (mut old, mut new) = (shop.visitor(), shop.visitor());
    old.sign_up("bob@example.com", PASSWORD).await;
    shop.visitor().sign_in(ANN, "wrong").await;
    shop.test_database
        .run(
            "INSERT INTO carts (session_id) SELECT id FROM sessions WHERE customer_id IS NULL;
             INSERT INTO cart_lines (cart_id, album_id, quantity, price_minor, currency, added_at)
             SELECT carts.id, albums.id, 1, 999, 'USD', 0 FROM carts, albums",
        )
        .unwrap();
    let count = |table: &str| shop.test_database.ask(&format!("SELECT 'row' FROM {table}")).len();
    let tables = ["sessions", "carts", "cart_lines", "mail_tokens", "failures"];
    let counts = || tables.map(count);
    let clean = async || cleaning::clean_if_due(&shop.database, shop.time.now()).await.unwrap();
    // Failures of the mailboxes, the sender, the account and the address.
    assert_eq!(counts(), [2, 1, 1, 1, 5]);
    clean().await;
    assert_eq!(counts(), [2, 1, 1, 1, 5]);
    shop.time.pass(29 * DAY);
    new.sign_up("eve@example.com", PASSWORD).await;
    shop.time.pass(DAY);
    clean().await;
    assert_eq!(counts(), [1, 0, 0, 0, 0]);
    shop.time.pass(Duration::from_secs(30 * 86_400 - 1));
    // It was done by another replica.
    assert!(
        album_graph::store::chores::claim(&shop.database, "cleaning", DAY, shop.time.now())
            .await
            .unwrap()
    );
    shop.time.pass(Duration::from_secs(1));
    clean().await;
    assert_eq!(counts()[0], 1);
}
