//! Checkout: all of an order or nothing, once, and everything that is wrong told at once.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use album_graph::orders::{Number, Numbers};
use serde_json::{Value, json};

use crate::buying::{
    ALBUMS, add, cart, codes, customer, customers, ids, insist, lines, number, numbers, place, request, rows, serving,
    stock,
};
use crate::shop::{Shop, texts};

#[tokio::test]
async fn an_order_takes_all_that_the_cart_has() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    stock(&shop, "Beta", 5);
    let mut customer = customer(&shop);
    add(&mut customer, &ids[1], 2).await;
    add(&mut customer, &ids[0], 1).await;
    let placed = place(&mut customer, &request("k")).await;
    assert_eq!(codes(&placed), [""; 0]);
    let order = &placed["order"];
    let name = order["number"].as_str().unwrap();
    assert!(Number::parse(name).is_some() && name.len() == 12, "{name}");
    assert_eq!(
        order["lines"],
        json!([
            { "title": "Beta", "artistName": "Bob", "quantity": 2, "price": { "amount": 750 }, "total": { "amount": 1500 },
              "album": { "title": "Beta" } },
            { "title": "Alpha", "artistName": "Ann", "quantity": 1, "price": { "amount": 500 }, "total": { "amount": 500 },
              "album": { "title": "Alpha" } },
        ])
    );
    assert_eq!((&order["quantity"], &order["discount"]), (&json!(3), &Value::Null));
    assert_eq!(order["total"], json!({ "amount": 2000, "formatted": "$20.00" }));
    assert_eq!(
        order["payment"],
        json!({ "state": "DUE", "method": { "id": "invoice", "name": "Pay by invoice" } })
    );
    let address = json!({ "firstName": "Ann", "country": { "code": "NZ", "name": "New Zealand" },
                          "email": "ann@example.photography" });
    assert_eq!(order["address"], address);
    assert_eq!(placed["paymentUrl"], Value::Null);
    assert_eq!(lines(&placed["cart"]), []);
    assert_eq!(placed["cart"], cart(&mut customer).await);
    assert_eq!(number(&shop, "SELECT copies FROM stock"), 3);

    let mail = shop
        .test_database
        .ask("SELECT body FROM mails WHERE recipient = 'ann@example.photography'")
        .remove(0);
    let link = format!("https://shop.example/orders/{}", name.replace('-', ""));
    for part in [
        "Ann Lee",
        name,
        "2 x Beta by Bob: $15.00",
        "Total: $20.00",
        "01010 Auckland",
        "New Zealand",
        &link,
    ] {
        assert!(mail.contains(part), "{part} in {mail}");
    }
    assert_eq!(
        shop.test_database.ask("SELECT subject FROM mails"),
        [format!("Your order {name}")]
    );
}

#[tokio::test]
async fn only_who_is_signed_in_orders_and_the_cart_stays() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut visitor = shop.visitor();
    assert_eq!(codes(&place(&mut visitor, &request("k")).await), ["NOT_SIGNED_IN"]);
    add(&mut visitor, &ids[0], 1).await;
    let refused = place(&mut visitor, &request("k")).await;
    assert_eq!(codes(&refused), ["NOT_SIGNED_IN"]);
    assert_eq!(lines(&refused["cart"]), [("Alpha".to_owned(), 1)]);
    assert_eq!(rows(&shop, "orders"), 0);
}

#[tokio::test]
async fn an_empty_cart_is_not_ordered() {
    let shop = Shop::with(ALBUMS).await;
    assert_eq!(codes(&place(&mut customer(&shop), &request("k")).await), ["EMPTY_CART"]);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    add(&mut customer, &ids[0], 1).await;
    let long = |count| "\u{e9}".repeat(count);
    let input = json!({
        "idempotencyKey": " ", "promotionCode": "FREEE", "paymentMethod": "gold",
        "address": { "firstName": "  ", "lastName": long(161), "address": "ab", "city": long(41), "state": long(41),
                     "postalCode": "1234", "country": "XX", "phone": long(25), "email": "nobody" },
    });
    let refused = place(&mut customer, &input).await;
    let told: Vec<[&str; 3]> = refused["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| ["field", "code", "message"].map(|part| problem[part].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ["address.firstName", "REQUIRED", "Enter the first name."],
            [
                "address.lastName",
                "TOO_LONG",
                "The last name has at most 160 characters."
            ],
            ["address.address", "TOO_SHORT", "The address has 3 to 70 characters."],
            ["address.city", "TOO_LONG", "The city has at most 40 characters."],
            ["address.state", "TOO_LONG", "The state has at most 40 characters."],
            [
                "address.postalCode",
                "TOO_SHORT",
                "The postal code has 5 to 10 characters."
            ],
            ["address.country", "UNKNOWN_COUNTRY", "Choose a country from the list."],
            [
                "address.phone",
                "TOO_LONG",
                "The phone number has at most 24 characters."
            ],
            [
                "address.email",
                "INVALID",
                "Enter an e-mail address such as ann@example.com."
            ],
            ["idempotencyKey", "REQUIRED", "The order has no key of its own."],
            [
                "promotionCode",
                "UNKNOWN_PROMOTION",
                "The shop does not know this promotion code: check how it is spelled."
            ],
            ["paymentMethod", "UNKNOWN_PAYMENT_METHOD", "Choose how to pay."],
        ]
    );
    assert_eq!(lines(&refused["cart"]), [("Alpha".to_owned(), 1)]);
}

#[tokio::test]
async fn a_field_takes_what_its_limits_say_and_no_more() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    let wide = |count| "\u{1d11e}".repeat(count);
    let mut input = request("k");
    for (field, most) in [
        ("firstName", 160),
        ("lastName", 160),
        ("address", 70),
        ("city", 40),
        ("state", 40),
        ("postalCode", 10),
        ("phone", 24),
    ] {
        input["address"][field] = json!(wide(most + 1));
        assert_eq!(codes(&place(&mut customer, &input).await), ["TOO_LONG"], "{field}");
        for odd in ["two\nlines", "nothing\0", "\u{fdd0}none\u{fdd1}"] {
            input["address"][field] = json!(odd);
            assert_eq!(codes(&place(&mut customer, &input).await), ["INVALID"], "{field}");
        }
        input["address"][field] = json!(format!("  {}\t", wide(most)));
    }
    let long = format!("{}@{}.example", "a".repeat(64), "b".repeat(200));
    for email in [
        "",
        "a",
        "@b.cd",
        "a@",
        "a@b",
        "a b@c.de",
        "a@b.cd\r\nBcc: x@y.zz",
        &long,
    ] {
        input["address"]["email"] = json!(email);
        assert_eq!(codes(&place(&mut customer, &input).await).len(), 1, "{email}");
    }
    input["address"]["email"] = json!("a@b.cd");
    input["idempotencyKey"] = json!("x".repeat(101));
    assert_eq!(codes(&place(&mut customer, &input).await), ["TOO_LONG"]);
    input["idempotencyKey"] = json!(wide(50));
    add(&mut customer, &ids[0], 1).await;
    let placed = place(&mut customer, &input).await;
    assert_eq!(codes(&placed), [""; 0]);
    assert_eq!(placed["order"]["address"]["firstName"], wide(160));
}

#[tokio::test]
async fn what_is_no_longer_as_it_was_is_told_before_it_is_ordered() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    add(&mut customer, &ids[0], 3).await;
    let with_total = |total: i64| {
        let mut input = request("k");
        input["expectedTotal"] = json!(total);
        input
    };
    shop.import("genre,artist,title,price\nRock,Ann,Alpha,6\n")
        .await
        .unwrap();
    let refused = place(&mut customer, &with_total(1500)).await;
    assert_eq!(codes(&refused), ["TOTAL_CHANGED"]);
    assert_eq!(
        refused["problems"][0]["message"],
        "Prices have changed: the order costs $18.00 now."
    );
    stock(&shop, "Alpha", 2);
    assert_eq!(codes(&place(&mut customer, &with_total(1800)).await), ["CART_CHANGED"]);
    stock(&shop, "Alpha", 0);
    assert_eq!(codes(&place(&mut customer, &with_total(1800)).await), ["CART_CHANGED"]);
    stock(&shop, "Alpha", 3);
    let removed = "UPDATE albums SET removed_at = '2026-03-01T00:00:00Z' WHERE title = 'Alpha'";
    shop.test_database.run(removed).unwrap();
    assert_eq!(codes(&place(&mut customer, &with_total(1800)).await), ["CART_CHANGED"]);
    assert_eq!((rows(&shop, "orders"), rows(&shop, "mails")), (0, 0));
    shop.test_database
        .run(&removed.replace("'2026-03-01T00:00:00Z'", "NULL"))
        .unwrap();
    let placed = place(&mut customer, &with_total(1800)).await;
    assert_eq!(codes(&placed), [""; 0]);
    assert_eq!(placed["order"]["lines"][0]["price"]["amount"], 600);
}

#[tokio::test]
async fn the_same_key_is_the_same_order_and_with_other_input_none() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut two = customers(&shop, 2);
    for customer in &mut two {
        add(customer, &ids[0], 1).await;
    }
    let first = place(&mut two[0], &request("key")).await;
    add(&mut two[0], &ids[1], 1).await;
    let mut same = request("  key ");
    same["address"]["city"] = json!("Auckland ");
    let again = place(&mut two[0], &same).await;
    assert_eq!(codes(&again), [""; 0]);
    assert_eq!(again["order"], first["order"]);
    assert_eq!(
        lines(&again["cart"]),
        [("Beta".to_owned(), 1)],
        "nothing more was ordered"
    );
    for (field, value) in [("city", "Wellington"), ("email", "other@example.com")] {
        let mut other = request("key");
        other["address"][field] = json!(value);
        assert_eq!(codes(&place(&mut two[0], &other).await), ["KEY_REUSED"]);
    }
    let mut other = request("key");
    other["expectedTotal"] = json!(750);
    assert_eq!(codes(&place(&mut two[0], &other).await), ["KEY_REUSED"]);
    let of_another = place(&mut two[1], &request("key")).await;
    assert_eq!(codes(&of_another), [""; 0]);
    assert_ne!(of_another["order"]["number"], first["order"]["number"]);
    assert_eq!((rows(&shop, "orders"), rows(&shop, "mails")), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_order_sent_fifty_times_at_once_is_one() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    stock(&shop, "Alpha", 10);
    let mut customer = customer(&shop);
    add(&mut customer, &ids[0], 2).await;
    let sent: Vec<_> = (0..50)
        .map(|_| {
            let mut customer = customer.clone();
            let document = "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { number } problems { code } } }";
            let input = json!({ "input": request("key") });
            tokio::spawn(async move { insist(&mut customer, document, &input).await })
        })
        .collect();
    let mut numbers = Vec::new();
    for sent in sent {
        let answer = sent.await.unwrap();
        assert_eq!(codes(&answer["placeOrder"]), [""; 0]);
        numbers.push(answer["placeOrder"]["order"]["number"].clone());
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 1);
    assert_eq!(
        (rows(&shop, "orders"), rows(&shop, "order_lines"), rows(&shop, "mails")),
        (1, 1, 1)
    );
    assert_eq!(number(&shop, "SELECT copies FROM stock"), 8);
}

#[tokio::test]
async fn a_number_that_is_taken_is_made_again() {
    let shop = Shop::with(ALBUMS).await;
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let shop = serving(shop, |services| {
        services.numbers = Numbers::new(move || {
            let number = if count.fetch_add(1, Ordering::SeqCst) < 3 {
                "2222222222"
            } else {
                "3333333333"
            };
            Number::parse(number).unwrap()
        });
    });
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    for (key, number) in [("one", "2222-2222-22"), ("two", "3333-3333-33")] {
        add(&mut customer, &ids[0], 1).await;
        assert_eq!(place(&mut customer, &request(key)).await["order"]["number"], number);
    }
    assert_eq!(made.load(Ordering::SeqCst), 4);
    assert_eq!(rows(&shop, "mails"), 2);
}

/// Asks until so many statements were asked, and so many steps were taken after that; then gives up, as when the other side hangs
/// up. Answers whether there was an answer before.
async fn cut<T>(shop: &Shop, statements: u64, steps: usize, question: impl Future<Output = T>) -> bool {
    let before = shop.database.statements();
    let mut question = pin!(question);
    let mut left = steps;
    std::future::poll_fn(|context| match question.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if shop.database.statements() - before < statements => Poll::Pending,
        Poll::Pending if left == 0 => Poll::Ready(false),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test]
async fn an_order_given_up_at_any_step_is_there_whole_or_not_at_all() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    shop.test_database
        .run("INSERT INTO promotions (code, percentage, use_limit) VALUES ('HALF', 50, 1000)")
        .unwrap();
    stock(&shop, "Alpha", 1_000);
    stock(&shop, "Beta", 1_000);
    let mut customer = customer(&shop);
    let input = |key: String| {
        let mut input = request(&key);
        input["promotionCode"] = json!("half");
        input
    };
    add(&mut customer, &ids[0], 1).await;
    add(&mut customer, &ids[1], 1).await;
    let before = shop.database.statements();
    place(&mut customer, &input("whole".to_owned())).await;
    let all = shop.database.statements() - before;
    let (mut outcomes, mut number_of_orders) = ([0, 0], 1);
    for statements in 1..=all {
        for steps in 0..3 {
            add(&mut customer, &ids[0], 2).await;
            add(&mut customer, &ids[1], 3).await;
            let [stock, uses] = numbers(&shop, ["SELECT SUM(copies) FROM stock", "SELECT uses FROM promotions"]);
            let input = input(format!("{statements}-{steps}"));
            let answered = cut(&shop, statements, steps, place(&mut customer.clone(), &input)).await;
            // Whoever asks next waits for what was given up.
            shop.database.transaction().await.unwrap().commit().await.unwrap();
            let found = numbers(
                &shop,
                [
                    "SELECT COUNT(*) FROM orders",
                    "SELECT COUNT(*) FROM order_lines",
                    "SELECT COUNT(*) FROM mails",
                    "SELECT SUM(copies) FROM stock",
                    "SELECT uses FROM promotions",
                    "SELECT COALESCE(SUM(quantity), 0) FROM cart_lines",
                ],
            );
            let kept = found[0] - number_of_orders;
            assert!(kept == 0 || kept == 1);
            assert!(kept == 1 || !answered);
            let orders = number_of_orders + kept;
            let expected = [
                orders,
                2 * orders,
                orders,
                stock - 5 * kept,
                uses + kept,
                5 * (1 - kept),
            ];
            assert_eq!(found, expected, "after {statements} statements and {steps} steps");
            outcomes[usize::try_from(kept).unwrap()] += 1;
            // Sent once more, it is placed, or found.
            let placed = place(&mut customer, &input).await;
            assert_eq!(codes(&placed), [""; 0]);
            number_of_orders += 1;
        }
    }
    // The embedded database is changed without a pause in which somebody could give up.
    let is_cut = outcomes[0] > 1 || !shop.test_database.is_on_server();
    assert!(is_cut && outcomes[1] > 1, "{outcomes:?}");
}

#[tokio::test]
async fn who_orders_can_see_how_to_pay_and_where_the_shop_sells_to() {
    let shop = Shop::with(ALBUMS).await;
    let data = shop.ask("{ paymentMethods { id name } countries { code name } }").await;
    assert_eq!(
        data["paymentMethods"],
        json!([{ "id": "invoice", "name": "Pay by invoice" }])
    );
    let countries = texts(&data["countries"], "/code");
    assert!(countries.len() >= 249 && countries.contains(&"NZ".to_owned()));
}
