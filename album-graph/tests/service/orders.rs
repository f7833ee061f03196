//! Orders: found by who placed them, and by nobody else; paid by whatever provider.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use album_graph::clock::{Clock, Moment};
use album_graph::orders::payment::{Beginning, Begun, State, Unavailable};
use album_graph::orders::{Order, PaymentProvider, Payments, settle};
use serde_json::{Value, json};

use crate::buying::{ALBUMS, ORDER, add, codes, customer, customers, ids, lines, place, request, rows, serving};
use crate::client::Client;
use crate::shop::{Shop, texts};

async fn find(client: &mut Client, number: &str) -> Value {
    let document = format!(
        "query($number: String!) {{ order(number: $number) {{ {} }} }}",
        &ORDER[7..ORDER.len() - 1]
    );
    client.ask_with(&document, &json!({ "number": number })).await["order"].take()
}

#[tokio::test]
async fn an_order_is_found_by_its_number_and_id_by_its_owner_alone() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut two = customers(&shop, 2);
    add(&mut two[0], &ids[0], 1).await;
    let order = place(&mut two[0], &request("k")).await["order"].take();
    let number = order["number"].as_str().unwrap();
    let spoken = number.replace('-', " ").to_lowercase();
    for number in [number, &spoken, &number.replace('-', "")] {
        assert_eq!(find(&mut two[0], number).await, order, "{number}");
    }
    let node = "query($id: ID!) { node(id: $id) { id ... on Order { number } } nodes(ids: [$id, $id, \"x\"]) { id } }";
    let id = json!({ "id": order["id"] });
    let found = two[0].ask_with(node, &id).await;
    assert_eq!(found["node"]["number"], order["number"]);
    assert_eq!(
        found["nodes"],
        json!([{ "id": order["id"] }, { "id": order["id"] }, null])
    );
    for stranger in [&mut two[1], &mut shop.visitor()] {
        assert_eq!(find(stranger, number).await, Value::Null);
        let found = stranger.ask_with(node, &id).await;
        assert_eq!(found, json!({ "node": null, "nodes": [null, null, null] }));
    }
    for number in ["", "nonsense", "2222-2222-22", &"2".repeat(5_000)] {
        assert_eq!(find(&mut two[0], number).await, Value::Null);
    }
}

#[tokio::test]
async fn orders_are_listed_newest_first_and_page_by_page() {
    let shop = Shop::with(ALBUMS).await;
    let now = Arc::new(Mutex::new(1_800_000_000_000));
    let told = Arc::clone(&now);
    let shop = serving(shop, |services| {
        services.clock = Clock::new(move || Moment(*told.lock().unwrap()));
    });
    let ids = ids(&shop).await;
    let mut two = customers(&shop, 2);
    let mut numbers = Vec::new();
    for order in 0..7 {
        // Two at the same moment, and then some at another.
        *now.lock().unwrap() += i64::from(order > 1);
        for (customer, key) in two.iter_mut().zip(["a", "b"]) {
            add(customer, &ids[order % 3], 2).await;
            add(customer, &ids[2], 1).await;
            let placed = place(customer, &request(&format!("{key}{order}"))).await;
            if key == "a" {
                numbers.push(placed["order"]["number"].as_str().unwrap().to_owned());
            }
        }
    }
    numbers[..2].reverse();
    numbers.reverse();
    let list = "orders(ARGUMENTS) { totalCount pageInfo { endCursor startCursor hasNextPage hasPreviousPage } \
                nodes { number quantity lines { title album { artist { name } } } } }";
    let ask = async |client: &mut Client, arguments: &str| {
        let document = format!("{{ viewer {{ {} }} }}", list.replace("ARGUMENTS", arguments));
        client.ask(&document).await["viewer"]["orders"].take()
    };
    let before = shop.database.statements();
    let first = ask(&mut two[0], "first: 3").await;
    assert_eq!(
        shop.database.statements() - before,
        6,
        "session, orders, count, lines, albums, artists"
    );
    assert_eq!(first["totalCount"], 7);
    assert_eq!(texts(&first["nodes"], "/number"), numbers[..3]);
    let end = first["pageInfo"]["endCursor"].as_str().unwrap();
    let second = ask(&mut two[0], &format!("first: 4, after: \"{end}\"")).await;
    assert_eq!(texts(&second["nodes"], "/number"), numbers[3..]);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    let last = ask(&mut two[0], "last: 2").await;
    assert_eq!(texts(&last["nodes"], "/number"), numbers[5..]);
    assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    let none = ask(&mut shop.visitor(), "first: 3").await;
    assert_eq!((&none["totalCount"], &none["nodes"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn an_order_keeps_what_was_bought_whatever_becomes_of_it() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    let mut customer = customer(&shop);
    add(&mut customer, &ids[0], 1).await;
    add(&mut customer, &ids[1], 1).await;
    let placed = place(&mut customer, &request("k")).await;
    shop.import("genre,artist,title,price\nRock,Ann,Alpha,9\n")
        .await
        .unwrap();
    shop.test_database
        .run("UPDATE albums SET title = 'Omega' WHERE title = 'Alpha'")
        .unwrap();
    shop.test_database
        .run("UPDATE albums SET removed_at = '2026-03-01T00:00:00Z' WHERE title = 'Beta'")
        .unwrap();
    let order = find(&mut customer, placed["order"]["number"].as_str().unwrap()).await;
    let shown: Vec<Value> = order["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!([line["title"], line["price"]["amount"], line["album"]["title"]]))
        .collect();
    assert_eq!(json!(shown), json!([["Alpha", 500, "Omega"], ["Beta", 750, null]]));
    assert_eq!(order["total"]["amount"], 1250);
}

/// A provider with a page of its own: it remembers what it was asked, and may be out of order.
#[derive(Default)]
pub struct Page {
    asked: Mutex<Vec<String>>,
    is_down: AtomicBool,
}

impl PaymentProvider for Page {
    fn id(&self) -> &'static str {
        "page"
    }

    fn name(&self) -> &'static str {
        "Card"
    }

    fn opening(&self) -> State {
        State::Pending
    }

    fn begin<'a>(&'a self, order: &'a Order) -> Beginning<'a> {
        let number = order.number.as_str().to_owned();
        self.asked.lock().unwrap().push(number.clone());
        let begun = if self.is_down.load(Ordering::SeqCst) {
            Err(Unavailable {
                provider: "page".to_owned(),
                reason: "it is down".to_owned(),
            })
        } else {
            Ok(Begun {
                state: State::Pending,
                redirect: Some(format!("https://pay.example/{number}?amount={}", order.total().amount)),
                reference: Some(format!("ref-{number}")),
            })
        };
        Box::pin(async { begun })
    }
}

async fn shop_with_page() -> (Shop, Arc<Page>, Client) {
    let page = Arc::new(Page::default());
    let provider: Arc<dyn PaymentProvider> = Arc::<Page>::clone(&page);
    let shop = serving(Shop::with(ALBUMS).await, |services| {
        services.payments = Payments::with(vec![provider]);
    });
    let mut customer = customer(&shop);
    add(&mut customer, &ids(&shop).await[0], 2).await;
    (shop, page, customer)
}

fn by_card(key: &str) -> Value {
    let mut input = request(key);
    input["paymentMethod"] = json!("page");
    input
}

#[tokio::test]
async fn a_provider_with_a_page_of_its_own_is_asked_once_the_order_is_kept() {
    let (shop, page, mut customer) = shop_with_page().await;
    let methods = shop.ask("{ paymentMethods { id } }").await;
    assert_eq!(texts(&methods["paymentMethods"], "/id"), ["invoice", "page"]);
    let placed = place(&mut customer, &by_card("k")).await;
    let number = placed["order"]["number"].as_str().unwrap().to_owned();
    let short = number.replace('-', "");
    assert_eq!(placed["paymentUrl"], format!("https://pay.example/{short}?amount=1000"));
    assert_eq!(
        placed["order"]["payment"],
        json!({ "state": "PENDING", "method": { "id": "page", "name": "Card" } })
    );
    let again = place(&mut customer, &by_card("k")).await;
    assert_eq!(
        (&again["paymentUrl"], &again["order"]),
        (&placed["paymentUrl"], &placed["order"])
    );
    assert_eq!(*page.asked.lock().unwrap(), [short.clone(), short.clone()]);

    let reference = format!("ref-{short}");
    let told = async |provider, reference, state| settle(&shop.database, provider, reference, state).await.unwrap();
    assert!(!told("page", "ref-of-another", State::Paid).await);
    assert!(!told("invoice", &reference, State::Paid).await);
    let state = async |customer: &mut Client| find(customer, &number).await["payment"]["state"].take();
    for (word, shown) in [
        (State::Failed, "FAILED"),
        (State::Paid, "PAID"),
        (State::Failed, "PAID"),
    ] {
        assert!(told("page", &reference, word).await);
        assert_eq!(state(&mut customer).await, shown);
    }
    let paid = place(&mut customer, &by_card("k")).await;
    assert_eq!(paid["paymentUrl"], Value::Null, "there is nothing more to pay");
    assert_eq!(page.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_order_whose_provider_is_down_is_kept_and_paid_when_it_is_sent_again() {
    let (shop, page, mut customer) = shop_with_page().await;
    page.is_down.store(true, Ordering::SeqCst);
    let placed = place(&mut customer, &by_card("k")).await;
    assert_eq!(codes(&placed), ["PAYMENT_UNAVAILABLE"]);
    assert_eq!(placed["order"]["payment"]["state"], "PENDING");
    assert_eq!((&placed["paymentUrl"], lines(&placed["cart"])), (&Value::Null, vec![]));
    page.is_down.store(false, Ordering::SeqCst);
    let again = place(&mut customer, &by_card("k")).await;
    assert_eq!(codes(&again), [""; 0]);
    assert!(again["paymentUrl"].is_string());
    assert_eq!(rows(&shop, "orders"), 1);
}

#[tokio::test]
async fn no_provider_is_asked_where_no_order_is_kept() {
    let (shop, page, mut customer) = shop_with_page().await;
    let mut input = by_card("k");
    input["expectedTotal"] = json!(1);
    assert_eq!(codes(&place(&mut customer, &input).await), ["TOTAL_CHANGED"]);
    shop.test_database
        .run("INSERT INTO promotions (code, percentage) VALUES ('FREE', 100)")
        .unwrap();
    let mut input = by_card("k");
    input["promotionCode"] = json!("free");
    let placed = place(&mut customer, &input).await;
    assert_eq!(
        placed["order"]["payment"],
        json!({ "state": "NOT_NEEDED", "method": null })
    );
    assert_eq!(*page.asked.lock().unwrap(), [""; 0]);
}
