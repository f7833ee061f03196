//! Carts: kept, changed, and honest about what has changed.

use album_graph::carts::{Change, Refusal, change as change_cart};
use album_graph::store::carts::{self, Owner};
use serde_json::{Value, json};

use crate::buying::{ALBUMS, add, cart, change, codes, customer, ids, lines, number, numbered, stock};
use crate::client::Client;
use crate::shop::Shop;

#[tokio::test]
async fn a_visitor_without_a_token_has_an_empty_cart() {
    let shop = Shop::with(ALBUMS).await;
    let mut visitor = shop.visitor();
    let empty = cart(&mut visitor).await;
    assert_eq!(
        (&empty["quantity"], &empty["subtotal"], &empty["lines"]),
        (&json!(0), &Value::Null, &json!([]))
    );
    assert_eq!(visitor.token, None);
}

#[tokio::test]
async fn what_is_put_in_stays_in_and_is_summed() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    let first = add(&mut visitor, &ids[1], 2).await;
    assert_eq!(first["session"]["persistent"], true);
    assert!(visitor.token.is_some());
    let second = add(&mut visitor, &ids[0], 1).await;
    assert_eq!(second["session"], Value::Null, "the token stays good");
    let third = add(&mut visitor, &ids[1], 3).await;
    assert_eq!(codes(&third), [""; 0]);
    let kept = cart(&mut visitor).await;
    assert_eq!(kept, third["cart"]);
    assert_eq!(lines(&kept), [("Beta".to_owned(), 5), ("Alpha".to_owned(), 1)]);
    assert_eq!(kept["quantity"], 6);
    assert_eq!(kept["subtotal"]["amount"], 5 * 750 + 500);
    assert_eq!(kept["changed"], false);
    assert_eq!(kept["id"], first["cart"]["id"]);
    assert_eq!(lines(&cart(&mut shop.visitor()).await), []);
}

#[tokio::test]
async fn copies_are_counted_set_and_removed() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    add(&mut visitor, &ids[0], 4).await;
    add(&mut visitor, &ids[1], 1).await;
    let quantity = async |visitor: &mut Client, mutation: &str, input: Value| {
        let payload = change(visitor, mutation, input).await;
        assert_eq!(codes(&payload), [""; 0]);
        lines(&payload["cart"])
    };
    let (alpha, beta) = (
        |copies| ("Alpha".to_owned(), copies),
        |copies| ("Beta".to_owned(), copies),
    );
    let input = json!({ "albumId": ids[0], "quantity": 99 });
    assert_eq!(
        quantity(&mut visitor, "setCartQuantity", input).await,
        [alpha(99), beta(1)]
    );
    let input = json!({ "albumId": ids[0], "copies": 1 });
    assert_eq!(
        quantity(&mut visitor, "removeFromCart", input).await,
        [alpha(98), beta(1)]
    );
    let input = json!({ "albumId": ids[0] });
    assert_eq!(quantity(&mut visitor, "removeFromCart", input).await, [beta(1)]);
    let input = json!({ "albumId": ids[1], "copies": 1 });
    assert_eq!(quantity(&mut visitor, "removeFromCart", input).await, []);
    add(&mut visitor, &ids[0], 4).await;
    add(&mut visitor, &ids[2], 4).await;
    assert_eq!(quantity(&mut visitor, "emptyCart", Value::Null).await, []);
    assert_eq!(lines(&cart(&mut visitor).await), []);
}

#[tokio::test]
async fn what_cannot_be_put_in_is_told_and_changes_nothing() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    for copies in [0, -1, 100, 1_000_000_000] {
        let payload = add(&mut visitor, &ids[0], copies).await;
        assert_eq!(codes(&payload), ["QUANTITY_OUT_OF_RANGE"], "{copies}");
        assert_eq!(payload["problems"][0]["field"], "quantity");
    }
    let artist = shop.ask("{ artists(first: 1) { nodes { id } } }").await;
    let artist = artist["artists"]["nodes"][0]["id"].as_str().unwrap();
    for album in [
        "",
        "nonsense",
        "QWxidW06OTk5OTk5",
        "QWxidW06MA",
        artist,
        &"A".repeat(5000),
    ] {
        assert_eq!(codes(&add(&mut visitor, album, 1).await), ["UNKNOWN_ALBUM"], "{album}");
    }
    assert_eq!(visitor.token, None, "nobody was given a session for nothing");
    assert_eq!(number(&shop, "SELECT COUNT(*) FROM sessions"), 0);

    add(&mut visitor, &ids[0], 98).await;
    for (mutation, input, code, field) in [
        (
            "addToCart",
            json!({ "albumId": ids[0], "quantity": 2 }),
            "TOO_MANY_COPIES",
            "quantity",
        ),
        (
            "setCartQuantity",
            json!({ "albumId": ids[0], "quantity": 0 }),
            "QUANTITY_OUT_OF_RANGE",
            "quantity",
        ),
        (
            "setCartQuantity",
            json!({ "albumId": ids[1], "quantity": 1 }),
            "NOT_IN_CART",
            "albumId",
        ),
        (
            "setCartQuantity",
            json!({ "albumId": "x", "quantity": 1 }),
            "NOT_IN_CART",
            "albumId",
        ),
        (
            "removeFromCart",
            json!({ "albumId": ids[0], "copies": -1 }),
            "QUANTITY_OUT_OF_RANGE",
            "copies",
        ),
        ("removeFromCart", json!({ "albumId": ids[2] }), "NOT_IN_CART", "albumId"),
    ] {
        let payload = change(&mut visitor, mutation, input).await;
        assert_eq!(codes(&payload), [code], "{mutation}");
        assert_eq!(payload["problems"][0]["field"], field, "{mutation}");
        assert!(payload["problems"][0]["message"].as_str().unwrap().ends_with('.'));
        assert_eq!(lines(&payload["cart"]), [("Alpha".to_owned(), 98)]);
    }
    let payload = change(&mut shop.visitor(), "removeFromCart", json!({ "albumId": ids[0] })).await;
    assert_eq!(codes(&payload), ["NOT_IN_CART"]);
    let payload = change(&mut shop.visitor(), "emptyCart", Value::Null).await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(number(&shop, "SELECT COUNT(*) FROM sessions"), 1);
}

#[tokio::test]
async fn a_cart_holds_fifty_albums() {
    let shop = Shop::with(&numbered(51)).await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    for id in &ids[..50] {
        assert_eq!(codes(&add(&mut visitor, id, 99).await), [""; 0]);
    }
    assert_eq!(codes(&add(&mut visitor, &ids[50], 1).await), ["TOO_MANY_LINES"]);
    let before = shop.database.statements();
    let full = cart(&mut visitor).await;
    assert_eq!(full["quantity"], 50 * 99);
    assert_eq!(shop.database.statements() - before, 3, "session, cart, stock");
}

#[tokio::test]
async fn albums_of_another_currency_are_ordered_apart() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    shop.test_database
        .run("UPDATE albums SET currency = 'EUR' WHERE title = 'Beta'")
        .unwrap();
    let mut visitor = shop.visitor();
    add(&mut visitor, &ids[0], 1).await;
    assert_eq!(codes(&add(&mut visitor, &ids[1], 1).await), ["OTHER_CURRENCY"]);
}

#[tokio::test]
async fn stock_limits_what_can_be_put_in() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    stock(&shop, "Alpha", 3);
    stock(&shop, "Beta", 0);
    let mut visitor = shop.visitor();
    assert_eq!(codes(&add(&mut visitor, &ids[0], 4).await), ["TOO_FEW_LEFT"]);
    assert_eq!(codes(&add(&mut visitor, &ids[1], 1).await), ["SOLD_OUT"]);
    assert_eq!(codes(&add(&mut visitor, &ids[0], 2).await), [""; 0]);
    let more = add(&mut visitor, &ids[0], 2).await;
    assert_eq!(codes(&more), ["TOO_FEW_LEFT"]);
    assert_eq!(more["problems"][0]["message"], "Only 3 copies of this album are left.");
    let data = shop
        .ask("{ albums(first: 9, orderBy: TITLE_ASC) { nodes { available } } }")
        .await;
    assert_eq!(
        data["albums"]["nodes"],
        json!([{ "available": true }, { "available": false }, { "available": true }])
    );
}

#[tokio::test]
async fn a_cart_shows_what_has_changed_until_that_is_accepted() {
    let shop = Shop::with(
        "genre,artist,title,price\nRock,A,Dear,5\nRock,A,Few,5\nRock,A,Gone,5\nRock,A,None,5\nRock,A,Same,5\n",
    )
    .await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    for id in &ids {
        add(&mut visitor, id, 3).await;
    }
    shop.import("genre,artist,title,price\nRock,A,Dear,6\n").await.unwrap();
    shop.test_database
        .run("UPDATE albums SET removed_at = '2026-03-01T00:00:00Z' WHERE title = 'Gone'")
        .unwrap();
    stock(&shop, "Few", 2);
    stock(&shop, "None", 0);
    let changed = cart(&mut visitor).await;
    assert_eq!(changed["changed"], true);
    assert_eq!(changed["quantity"], 15);
    assert_eq!(changed["subtotal"]["amount"], 3 * 600 + 3 * 500);
    let shown: Vec<Value> = changed["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            json!([
                line["album"]["title"],
                line["price"]["amount"],
                line["previousPrice"]["amount"],
                line["obstacle"],
                line["copiesLeft"],
                line["album"]["available"]
            ])
        })
        .collect();
    assert_eq!(
        json!(shown),
        json!([
            ["Dear", 600, 500, null, null, true],
            ["Few", 500, null, "TOO_FEW", 2, true],
            ["Gone", 500, null, "GONE", null, false],
            ["None", 500, null, "SOLD_OUT", 0, false],
            ["Same", 500, null, null, null, true],
        ])
    );
    assert_eq!(codes(&add(&mut visitor, &ids[2], 1).await), ["UNKNOWN_ALBUM"]);
    let accepted = change(&mut visitor, "acceptCartChanges", Value::Null).await;
    assert_eq!(codes(&accepted), [""; 0]);
    assert_eq!(accepted["cart"]["changed"], false);
    let left = [("Dear", 3), ("Few", 2), ("Same", 3)].map(|(title, copies)| (title.to_owned(), copies));
    assert_eq!(lines(&accepted["cart"]), left);
    assert_eq!(accepted["cart"], cart(&mut visitor).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_lose_nothing() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    for mut client in [shop.visitor(), customer(&shop)] {
        let mut before = 0;
        if client.token.is_none() {
            before = 1;
            add(&mut client, &ids[2], 1).await;
        }
        let tabs = (0..8).map(|tab| {
            let (mut client, id) = (client.clone(), ids[tab % 2].clone());
            let document = "mutation($id: ID!) { addToCart(input: { albumId: $id }) { problems { code } } }";
            tokio::spawn(async move { client.answer(document, &json!({ "id": id })).await })
        });
        // A slow machine may be too busy to answer all of them; what it has answered is in the cart.
        let (mut done, mut unknown) = (0, 0);
        for tab in tabs.collect::<Vec<_>>() {
            let answer = tab.await.unwrap();
            match answer["errors"][0]["extensions"]["code"].as_str() {
                None => done += i64::from(codes(&answer["data"]["addToCart"]).is_empty()),
                Some("UNAVAILABLE") => {}
                Some("TIMEOUT") => unknown += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(done > 1);
        let quantity = cart(&mut client).await["quantity"].as_i64().unwrap() - before;
        assert!(
            (done..=done + unknown).contains(&quantity),
            "{done} and perhaps {unknown}: {quantity}"
        );
    }
}

/// Hands the visitor's cart over, as signing in does.
async fn sign_in(shop: &Shop) {
    let session = number(shop, "SELECT MIN(id) FROM sessions WHERE customer_id IS NULL");
    let customer = number(shop, "SELECT MIN(id) FROM customers");
    let mut transaction = shop.database.transaction().await.unwrap();
    carts::hand_over(&mut transaction, session, customer).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_visitors_cart_is_merged_into_the_customers_as_far_as_it_goes() {
    let shop = Shop::with(&numbered(60)).await;
    let ids = ids(&shop).await;
    let (mut visitor, mut customer) = (shop.visitor(), customer(&shop));
    sign_in_nothing(&shop, &mut customer).await;
    for id in &ids[..48] {
        add(&mut customer, id, 1).await;
    }
    add(&mut customer, &ids[0], 59).await;
    for id in [&ids[0], &ids[59], &ids[58], &ids[57], &ids[1]] {
        add(&mut visitor, id, 50).await;
    }
    sign_in(&shop).await;
    let merged = cart(&mut customer).await;
    let all = lines(&merged);
    assert_eq!(all.len(), 50);
    let copies = |title: &str| all.iter().find(|line| line.0 == title).map(|line| line.1);
    let some = ["Title 00", "Title 01", "Title 02", "Title 59", "Title 58", "Title 57"].map(copies);
    assert_eq!(some, [Some(99), Some(51), Some(1), Some(50), Some(50), None]);
    assert_eq!(number(&shop, "SELECT COUNT(*) FROM carts"), 1);
    assert_eq!(lines(&cart(&mut visitor).await), []);
}

async fn sign_in_nothing(shop: &Shop, customer: &mut Client) {
    let mut transaction = shop.database.transaction().await.unwrap();
    carts::hand_over(&mut transaction, 0, number(shop, "SELECT MIN(id) FROM customers"))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(lines(&cart(customer).await), []);
}

#[tokio::test]
async fn a_customer_without_a_cart_keeps_the_visitors() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let (mut visitor, mut customer) = (shop.visitor(), customer(&shop));
    add(&mut visitor, &ids[1], 2).await;
    add(&mut visitor, &ids[0], 1).await;
    sign_in(&shop).await;
    assert_eq!(
        lines(&cart(&mut customer).await),
        [("Beta".to_owned(), 2), ("Alpha".to_owned(), 1)]
    );
}

#[tokio::test]
async fn a_session_that_ends_while_something_is_put_in_is_followed_by_another() {
    let shop = Shop::with(ALBUMS).await;
    let mut transaction = shop.database.transaction().await.unwrap();
    let wanted = Change::Add { album: 1, copies: 1 };
    let ended = change_cart(&mut transaction, Owner::Session(7), wanted, shop.time.now()).await;
    assert_eq!(ended.unwrap().unwrap_err(), Refusal::Ended);
    transaction.take_back().await;

    let mut visitor = shop.visitor();
    let ids = ids(&shop).await;
    add(&mut visitor, &ids[0], 1).await;
    let before = visitor.token.clone();
    shop.test_database
        .run("DELETE FROM cart_lines; DELETE FROM carts; DELETE FROM sessions")
        .unwrap();
    let added = add(&mut visitor, &ids[1], 1).await;
    assert_eq!(lines(&added["cart"]), [("Beta".to_owned(), 1)]);
    assert_ne!(visitor.token, before);
}
