//! The examples for buying, one after the other as a developer runs them in the playground.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;
use crate::shop::Shop;

/// Whose address the examples have.
const EMAIL: &str = "you@example.com";

/// Runs an example, where what the developer has to fill in is in `variables`; no answer may have problems.
async fn run(client: &mut Client, name: &str, filled: &Value) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let document = fs::read_to_string(folder.join(name).with_extension("graphql")).unwrap();
    let variables = fs::read_to_string(folder.join(name).with_extension("json")).unwrap_or_else(|_| "{}".to_owned());
    let mut variables: Value = serde_json::from_str(&variables).unwrap();
    for (path, value) in filled.as_object().unwrap() {
        *variables.pointer_mut(path).unwrap() = value.clone();
    }
    let data = client.ask_with(&document, &variables).await;
    for payload in data.as_object().unwrap().values() {
        if let Some(problems) = payload.get("problems") {
            assert_eq!(problems, &json!([]), "{name}");
        }
    }
    data
}

#[tokio::test]
async fn the_examples_lead_from_signing_up_to_the_history_of_orders() {
    let shop = Shop::seeded().await;
    let (mut you, none) = (shop.visitor(), json!({}));
    // On a server ids go on where others have ended.
    let album = shop.ask("{ newest(first: 1) { id } }").await["newest"][0]["id"].take();
    run(&mut you, "15-sign-up", &none).await;
    let data = run(&mut you, "18-add-to-cart", &json!({ "/input/albumId": album })).await;
    assert_eq!(data["addToCart"]["cart"]["quantity"], 2);
    let link = shop.link(EMAIL);
    let data = run(&mut you, "16-confirm-email", &json!({ "/input/token": link })).await;
    assert_eq!(data["confirmEmail"]["customer"]["email"], EMAIL);
    let data = run(&mut you, "14-who-asks", &none).await;
    assert_eq!(data["viewer"]["cart"]["quantity"], 2, "the visitor's cart");
    let both = json!({ "/quantity/albumId": album, "/less/albumId": album });
    let data = run(&mut you, "20-change-cart", &both).await;
    assert_eq!(data["setCartQuantity"]["cart"]["quantity"], 3);
    assert_eq!(data["removeFromCart"]["cart"]["quantity"], 2);
    let data = run(&mut you, "19-cart", &none).await;
    let total = data["viewer"]["cart"]["quote"]["total"].clone();
    assert!(total["amount"].as_i64().unwrap() > 0);
    run(&mut you, "21-ways-to-pay", &none).await;
    let data = run(&mut you, "22-place-order", &none).await;
    let order = data["placeOrder"]["order"].clone();
    assert_eq!(order["total"]["formatted"], total["formatted"]);
    assert_eq!(order["payment"]["state"], "DUE");
    let again = run(&mut you, "22-place-order", &none).await;
    assert_eq!(again["placeOrder"]["order"]["number"], order["number"]);
    let data = run(&mut you, "23-orders", &none).await;
    assert_eq!(data["viewer"]["orders"]["totalCount"], 1);
    assert_eq!(data["viewer"]["orders"]["edges"][0]["node"]["number"], order["number"]);
    let data = run(&mut you, "14-who-asks", &none).await;
    assert_eq!(data["viewer"]["customer"]["email"], EMAIL);
    assert_eq!(data["viewer"]["cart"]["quantity"], 0);
}

#[tokio::test]
async fn the_examples_about_passwords_and_sessions_follow_one_another() {
    let shop = Shop::seeded().await;
    let (mut you, none) = (shop.visitor(), json!({}));
    run(&mut you, "15-sign-up", &none).await;
    let link = shop.link(EMAIL);
    run(&mut you, "16-confirm-email", &json!({ "/input/token": link })).await;
    run(&mut you, "17-sign-in", &none).await;
    run(&mut you, "24-password", &none).await;
    let mut elsewhere = shop.visitor();
    let new = json!({ "/input/password": "a record of green vinyl" });
    run(&mut elsewhere, "17-sign-in", &new).await;
    let data = run(&mut you, "14-who-asks", &none).await;
    let sessions = data["viewer"]["customer"]["sessions"].as_array().unwrap();
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let data = run(&mut you, "26-sign-out", &json!({ "/input/sessionId": other["id"] })).await;
    assert_eq!(data["revokeSession"]["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(data["signOut"]["ended"], 1);
    let data = run(&mut elsewhere, "14-who-asks", &none).await;
    assert_eq!(data["viewer"]["customer"], Value::Null, "its session has ended");
}
