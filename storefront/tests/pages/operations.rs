//! What the shop asks of album-graph, which knows it by name; in all tests of pages it runs nothing else.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::shop::{self, AlbumGraph};
use crate::visitor::Visitor;

const TEAL: &str = "ada-blue-kind-of-teal";

#[test]
fn the_operations_on_disk_are_those_that_are_asked() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../operations.json");
    assert!(
        fs::read_to_string(path).unwrap() == storefront::manifest(),
        "operations.json is out of date: run `cargo xtask schema`"
    );
}

#[tokio::test]
async fn what_the_shop_does_not_ask_is_refused_and_what_it_asks_is_answered_by_name() {
    let album_graph = AlbumGraph::start(&shop::albums()).await;
    let ask = async |body: Value| {
        let endpoint = format!("http://{}/graphql", album_graph.address);
        let answer = reqwest::Client::new().post(endpoint).json(&body).send().await.unwrap();
        let status = answer.status();
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        (status, answer["errors"][0]["extensions"]["code"].clone())
    };
    let operations: Value = serde_json::from_str(&storefront::manifest()).unwrap();
    for (id, text) in operations.as_object().unwrap() {
        let (status, code) = ask(json!({ "documentId": id })).await;
        assert_eq!(status, StatusCode::OK, "{code} {text}");
        let untrusted = (StatusCode::FORBIDDEN, json!("UNTRUSTED_DOCUMENT"));
        assert_eq!(ask(json!({ "query": text })).await, untrusted);
    }
    assert_eq!(
        ask(json!({ "query": "{ genres { slug } }" })).await,
        (StatusCode::FORBIDDEN, json!("UNTRUSTED_DOCUMENT"))
    );
}

#[tokio::test]
async fn an_album_graph_of_another_release_is_asked_in_full() {
    let shop = Visitor::between_releases().await;
    let browser = Browser::of_customer(&shop, "ada@example.com").await;
    browser.put_in(TEAL, "2").await;
    assert_eq!(browser.cart_says().await, "Cart, 2 copies");
    assert_eq!(
        browser.open("/search?q=teal").await.texts(".card-title"),
        ["Kind of Teal"]
    );
    assert_eq!(browser.sign_in("ada@example.com").await, "/account");
    // What is on a page is known to be as it was.
    shop.open("/genres/jazz").await;
    shop.asked();
    shop.open("/genres/jazz").await;
    assert_eq!(shop.asked().len(), 0);
}
