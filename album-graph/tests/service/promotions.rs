//! Promotions: what a code takes off, when it does, and how often.

use std::sync::{Arc, Mutex};

use album_graph::clock::{Clock, Moment};
use album_graph::sample;
use serde_json::{Value, json};
use time::macros::datetime;

use crate::buying::{ALBUMS, add, codes, customer, customers, ids, number, place, request, rows, serving};
use crate::client::Client;
use crate::shop::Shop;

async fn quote(client: &mut Client, code: &str) -> Value {
    let document = "query($code: String) { viewer { cart { quote(promotionCode: $code) { subtotal { amount } \
                    discount { amount } total { amount } promotionCode problem { code field message } } } } }";
    let mut data = client.ask_with(document, &json!({ "code": code })).await;
    data["viewer"]["cart"]["quote"].take()
}

fn promote(shop: &Shop, columns: &str, values: &str) {
    let script = format!("DELETE FROM promotions; INSERT INTO promotions (code, {columns}) VALUES ('CODE', {values});");
    shop.test_database.run(&script).unwrap();
}

#[tokio::test]
async fn a_promotion_takes_a_share_or_an_amount_off() {
    let shop = Shop::with("genre,artist,title,price\nRock,A,One,0.05\nRock,A,Two,9.99\n").await;
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    add(&mut customer, &ids[0], 1).await;
    for (columns, values, discount) in [
        ("percentage", "50", 3),
        ("percentage", "49", 2),
        ("percentage", "10", 1),
        ("percentage", "9", 0),
        ("percentage", "100", 5),
        ("amount_minor, currency", "4, 'USD'", 4),
        ("amount_minor, currency", "600, 'USD'", 5),
    ] {
        promote(&shop, columns, values);
        for code in ["CODE", "code", "  cOdE "] {
            let quote = quote(&mut customer, code).await;
            let expected = json!({ "subtotal": { "amount": 5 }, "discount": { "amount": discount },
                                   "total": { "amount": 5 - discount }, "promotionCode": "CODE", "problem": null });
            assert_eq!(quote, expected, "{values}");
        }
    }
    let plain = quote(&mut customer, "  ").await;
    assert_eq!(
        (&plain["discount"], &plain["total"]["amount"], &plain["problem"]),
        (&Value::Null, &json!(5), &Value::Null)
    );
}

#[tokio::test]
async fn a_code_that_does_not_apply_says_why() {
    let now = Arc::new(Mutex::new(Moment(1_000)));
    let told = Arc::clone(&now);
    let shop = serving(Shop::with(ALBUMS).await, |services| {
        services.clock = Clock::new(move || *told.lock().unwrap());
    });
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    let empty = quote(&mut customer, "").await;
    assert_eq!((&empty["subtotal"], &empty["total"]), (&Value::Null, &Value::Null));
    add(&mut customer, &ids[0], 1).await;
    for (columns, values, code) in [
        ("percentage, starts_at", "50, 1001", "PROMOTION_NOT_YET"),
        ("percentage, ends_at", "50, 1000", "PROMOTION_OVER"),
        ("percentage, use_limit, uses", "50, 2, 2", "PROMOTION_USED_UP"),
        ("percentage, use_limit", "50, 0", "PROMOTION_USED_UP"),
        ("amount_minor, currency", "100, 'EUR'", "PROMOTION_OTHER_CURRENCY"),
        (
            "percentage, starts_at, ends_at, use_limit, uses",
            "50, 1000, 1001, 2, 1",
            "",
        ),
    ] {
        promote(&shop, columns, values);
        let quote = quote(&mut customer, "code").await;
        if code.is_empty() {
            assert_eq!(quote["total"]["amount"], 250, "{values}");
            continue;
        }
        assert_eq!(
            (&quote["problem"]["code"], &quote["total"]["amount"]),
            (&json!(code), &json!(500))
        );
        assert_eq!(quote["problem"]["field"], "promotionCode");
        let mut input = request("k");
        input["promotionCode"] = json!("code");
        assert_eq!(codes(&place(&mut customer, &input).await), [code]);
    }
    for code in ["OTHER", "CODE2", "%", &"x".repeat(5_000), "\u{1d11e}"] {
        assert_eq!(
            quote(&mut customer, code).await["problem"]["code"],
            "UNKNOWN_PROMOTION",
            "{code}"
        );
    }
    assert_eq!(
        (rows(&shop, "orders"), number(&shop, "SELECT uses FROM promotions")),
        (0, 1)
    );
}

#[tokio::test]
async fn the_sample_has_a_promotion_that_makes_an_order_free() {
    let shop = Shop::seeded().await;
    sample::load(&shop.database, datetime!(2026-02-01 12:00 UTC))
        .await
        .unwrap();
    let mut customer = customer(&shop);
    let data = shop.ask("{ topSellers(first: 1) { id } }").await;
    add(&mut customer, data["topSellers"][0]["id"].as_str().unwrap(), 3).await;
    let mut input = request("k");
    (input["promotionCode"], input["paymentMethod"], input["expectedTotal"]) = (json!("free"), json!(""), json!(0));
    let order = place(&mut customer, &input).await["order"].take();
    assert_eq!(
        (&order["total"]["formatted"], &order["promotionCode"]),
        (&json!("$0.00"), &json!("FREE"))
    );
    assert_eq!(order["payment"], json!({ "state": "NOT_NEEDED", "method": null }));
    assert_eq!(order["discount"], order["subtotal"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_promotion_is_used_as_often_as_it_may_be_and_no_more() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    promote(&shop, "percentage, use_limit", "50, 3");
    let mut asked = Vec::new();
    for mut customer in customers(&shop, 12) {
        add(&mut customer, &ids[0], 1).await;
        let mut input = request("k");
        input["promotionCode"] = json!("code");
        asked.push(tokio::spawn(async move { codes(&place(&mut customer, &input).await) }));
    }
    let mut refused = 0;
    for asked in asked {
        let codes = asked.await.unwrap();
        assert!(codes.is_empty() || codes == ["PROMOTION_USED_UP"], "{codes:?}");
        refused += codes.len();
    }
    assert_eq!((refused, rows(&shop, "orders")), (9, 3));
    assert_eq!(number(&shop, "SELECT uses FROM promotions"), 3);
}
