//! The whole purchase by copy and paste: the examples of the playground, one after the other.

use serde_json::{Value, json};

use crate::shop::Shop;

/// An example of the playground, and its variables.
fn example(name: &str) -> (String, Value) {
    let file = |ending: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        std::fs::read_to_string(folder.join(format!("{name}.{ending}")))
    };
    let variables = file("json").unwrap_or_else(|_| "{}".to_owned());
    (file("graphql").unwrap(), serde_json::from_str(&variables).unwrap())
}

#[tokio::test]
async fn somebody_buys_with_the_examples_of_the_playground() {
    let shop = Shop::seeded().await;
    let mut client = shop.visitor();
    let mut answers = Vec::new();
    for name in [
        "12-add-to-cart",
        "13-sign-up",
        "14-confirm-email",
        "15-check-out",
        "16-place-order",
        "17-orders",
    ] {
        let (document, mut variables) = example(name);
        if name == "12-add-to-cart" {
            // On a server ids go on where others have ended.
            let found = shop.ask("{ newest(first: 1) { id } }").await;
            variables["album"] = found["newest"][0]["id"].clone();
        }
        if name == "14-confirm-email" {
            variables["token"] = json!(shop.link("ann@example.com"));
        }
        let data = client.ask_with(&document, &variables).await;
        for payload in data.as_object().unwrap().values() {
            assert!(
                payload["problems"].as_array().is_none_or(Vec::is_empty),
                "{name}: {data}"
            );
        }
        answers.push(data);
    }
    assert_eq!(answers[0]["addToCart"]["cart"]["quantity"], 2);
    assert_eq!(answers[2]["confirmEmail"]["customer"]["email"], "ann@example.com");
    assert_eq!(answers[2]["confirmEmail"]["cart"]["quantity"], 2, "the visitor's cart");
    assert_eq!(answers[3]["viewer"]["cart"]["quote"]["total"]["amount"], 0);
    let order = &answers[4]["placeOrder"]["order"];
    assert_eq!(order["total"]["formatted"], "$0.00");
    let orders = &answers[5]["viewer"]["orders"];
    assert_eq!(
        (&orders["totalCount"], &orders["nodes"][0]["number"]),
        (&json!(1), &order["number"])
    );
}
