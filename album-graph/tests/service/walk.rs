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
    // On a server ids go on where others have ended.
    let album = shop.ask("{ newest(first: 1) { id } }").await["newest"][0]["id"].take();
    let mut answers = Vec::new();
    for name in [
        "15-sign-up",
        "18-add-to-cart",
        "16-confirm-email",
        "14-who-asks",
        "19-cart",
        "20-change-cart",
        "22-place-order",
        "23-orders",
    ] {
        let (document, mut variables) = example(name);
        match name {
            "16-confirm-email" => variables["input"]["token"] = json!(shop.link("you@example.com")),
            "18-add-to-cart" => variables["input"]["albumId"] = album.clone(),
            "20-change-cart" => {
                for input in ["quantity", "less"] {
                    variables[input]["albumId"] = album.clone();
                }
            }
            _ => {}
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
    let [_, added, confirmed, who, cart, changed, placed, orders] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    assert_eq!(added["addToCart"]["cart"]["quantity"], 2);
    assert_eq!(confirmed["confirmEmail"]["customer"]["email"], "you@example.com");
    assert_eq!(who["viewer"]["cart"]["quantity"], 2, "the visitor's cart");
    assert_eq!(cart["viewer"]["cart"]["lines"][0]["quantity"], 2);
    assert_eq!(changed["setCartQuantity"]["cart"]["quantity"], 3);
    assert_eq!(changed["removeFromCart"]["cart"]["quantity"], 2);
    let order = &placed["placeOrder"]["order"];
    assert_eq!(order["payment"]["state"], "DUE");
    let orders = &orders["viewer"]["orders"];
    assert_eq!(
        (&orders["totalCount"], &orders["edges"][0]["node"]["number"]),
        (&json!(1), &order["number"])
    );
}
