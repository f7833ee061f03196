//! Stock: never oversold, however many ask at once.

use std::collections::HashMap;
use std::sync::Arc;

use album_graph::store::{Database, Purpose, revision};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::buying::{ALBUMS, codes, customers, ids, insist, number, request, rows, serving, stock};
use crate::client::Client;
use crate::shop::Shop;

/// Puts the same into the carts of all customers, as if each had done it before.
fn fill_carts(shop: &Shop, titles: &[(&str, i64)]) {
    shop.test_database
        .run("INSERT INTO carts (customer_id) SELECT id FROM customers")
        .unwrap();
    for (title, copies) in titles {
        let script = format!(
            "INSERT INTO cart_lines (cart_id, album_id, quantity, price_minor, currency, added_at) \
             SELECT carts.id, albums.id, {copies}, albums.price_minor, albums.currency, 0 FROM carts, albums \
             WHERE albums.title = '{title}'"
        );
        shop.test_database.run(&script).unwrap();
    }
}

/// Has all of them order at once, as far as the machine lets them; answers how often each code came, and how many orders did.
async fn order_all(customers: Vec<Client>) -> HashMap<String, usize> {
    let crowd = Arc::new(Semaphore::new(64));
    let orders = customers.into_iter().map(|mut customer| {
        let crowd = Arc::clone(&crowd);
        tokio::spawn(async move {
            let _place = crowd.acquire().await.unwrap();
            let document = "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { number } problems { code } } }";
            insist(&mut customer, document, &json!({ "input": request("k") })).await["placeOrder"].take()
        })
    });
    let mut outcomes = HashMap::new();
    for order in orders.collect::<Vec<_>>() {
        let payload = order.await.unwrap();
        let code = codes(&payload).pop().unwrap_or_else(|| "ordered".to_owned());
        assert_eq!(code == "ordered", payload["order"] != Value::Null);
        *outcomes.entry(code).or_default() += 1;
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_buyers_of_the_last_copy_make_one_order() {
    let shop = Shop::with(ALBUMS).await;
    let mut buyers = customers(&shop, 1_000);
    stock(&shop, "Alpha", 1);
    fill_carts(&shop, &[("Alpha", 1), ("Gamma", 1)]);
    // Half of them ask another replica.
    let other = Database::open(&shop.test_database.url(), Purpose::Serve).await.unwrap();
    let shop = serving(shop, |services| services.database = other);
    for buyer in buyers.iter_mut().step_by(2) {
        let token = buyer.token.take();
        *buyer = shop.visitor();
        buyer.token = token;
    }
    let outcomes = order_all(buyers).await;
    assert_eq!(
        outcomes,
        HashMap::from([("ordered".to_owned(), 1), ("CART_CHANGED".to_owned(), 999)])
    );
    assert_eq!(
        (rows(&shop, "orders"), rows(&shop, "order_lines"), rows(&shop, "mails")),
        (1, 2, 1)
    );
    assert_eq!(number(&shop, "SELECT copies FROM stock"), 0);
    assert_eq!(rows(&shop, "cart_lines"), 2 * 999, "the others' carts are as they were");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_of_the_same_albums_in_any_order_take_turns() {
    let shop = Shop::with(ALBUMS).await;
    ids(&shop).await;
    let buyers = customers(&shop, 60);
    stock(&shop, "Alpha", 100);
    stock(&shop, "Beta", 50);
    stock(&shop, "Gamma", 1_000);
    fill_carts(&shop, &[("Gamma", 3), ("Alpha", 2), ("Beta", 1)]);
    let outcomes = order_all(buyers).await;
    assert_eq!(
        outcomes,
        HashMap::from([("ordered".to_owned(), 50), ("CART_CHANGED".to_owned(), 10)])
    );
    let left = shop
        .test_database
        .ask("SELECT CAST(copies AS NVARCHAR(9)) FROM stock ORDER BY album_id");
    assert_eq!(left, ["0", "0", "850"]);
}

/// What an import of lines with a column `stock` says, and the stock of all albums afterwards.
async fn import_stock(shop: &Shop, lines: &str) -> (String, Vec<String>) {
    let report = shop
        .import(format!("genre,artist,title,price,stock\n{lines}"))
        .await
        .unwrap();
    let left = "SELECT CONCAT(albums.title, ' ', stock.copies) FROM stock JOIN albums ON albums.id = stock.album_id \
                ORDER BY albums.title";
    (report.to_string(), shop.test_database.ask(left))
}

#[tokio::test]
async fn an_import_says_how_many_copies_are_left_where_it_says_anything() {
    let shop = Shop::with(ALBUMS).await;
    let before = revision::current(&shop.database).await.unwrap().number;
    let (report, left) = import_stock(
        &shop,
        "Rock,Ann,Alpha,5,3\nRock,Bob,Beta,7.50,\nJazz,Cid,Gamma,9.99,0\n",
    )
    .await;
    assert_eq!(report, "nothing changed: 3 albums already there; stock of 2 albums set");
    assert_eq!(left, ["Alpha 3", "Gamma 0"]);
    assert_eq!(
        revision::current(&shop.database).await.unwrap().number,
        before,
        "stock is not the catalogue's"
    );
    let (report, left) = import_stock(
        &shop,
        "Rock,Ann,Alpha,5,\nJazz,Cid,Gamma,9.99,1000000\nJazz,Cid,New,5,7\n",
    )
    .await;
    assert_eq!(
        report,
        "1 album added, 0 changed, 2 unchanged; 0 genres and 0 artists added; stock of 2 albums set"
    );
    assert_eq!(left, ["Alpha 3", "Gamma 1000000", "New 7"]);
    let (report, _) = import_stock(&shop, "Jazz,Cid,New,5,7\n").await;
    assert_eq!(report, "nothing changed: 1 album already there");
    for stock in ["-1", "1000001", "many", "1.5"] {
        let csv = format!("genre,artist,title,price,stock\nRock,Ann,Alpha,5,{stock}\n");
        let error = shop.import(csv).await.unwrap_err().to_string();
        assert_eq!(
            error,
            format!("line 2: stock \"{stock}\" is not a number of copies from 0 to 1000000")
        );
    }
}
