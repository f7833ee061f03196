//! Best sellers: what was really sold counts, and the catalogue changes only when an album overtakes another.

use std::time::Duration;

use album_graph::orders::payment::State;
use album_graph::orders::{PaymentProvider, Payments, settle};
use album_graph::ranking;
use album_graph::store::{Database, Purpose, revision};
use serde_json::json;

use crate::buying::{add, codes, customer, ids, number, place, request, rows, serving};
use crate::client::Client;
use crate::orders::Page;
use crate::shop::{Shop, texts};

const SOLD: &str = "\
genre,artist,title,price,copies_sold
Rock,Ann,Alpha,5,10
Rock,Ann,Beta,5,10
Rock,Ann,Gamma,5,8
Rock,Ann,Delta,5,0
Rock,Ann,Omega,5,0
";

struct Chart {
    shop: Shop,
    customer: Client,
    orders: usize,
}

impl Chart {
    async fn new() -> Self {
        let shop = Shop::with(SOLD).await;
        let customer = customer(&shop);
        Self {
            shop,
            customer,
            orders: 0,
        }
    }

    async fn sell(&mut self, title: &str, copies: i64) {
        let titles = ["Alpha", "Beta", "Delta", "Gamma", "Omega"];
        let ids = ids(&self.shop).await;
        let album = &ids[titles.iter().position(|other| *other == title).unwrap()];
        assert_eq!(codes(&add(&mut self.customer, album, copies).await), [""; 0]);
        self.orders += 1;
        let placed = place(&mut self.customer, &request(&self.orders.to_string())).await;
        assert_eq!(codes(&placed), [""; 0]);
    }

    /// The best sellers and the revision, a minute later.
    async fn refreshed(&self) -> (String, i64) {
        self.shop.time.pass(Duration::from_mins(1));
        ranking::refresh_if_due(&self.shop.database, self.shop.time.now())
            .await
            .unwrap();
        self.shown().await
    }

    async fn shown(&self) -> (String, i64) {
        let data = self.shop.ask("{ topSellers(first: 9) { title } }").await;
        let initials: String = texts(&data["topSellers"], "/title")
            .iter()
            .map(|title| &title[..1])
            .collect();
        (initials, revision::current(&self.shop.database).await.unwrap().number)
    }
}

#[tokio::test]
async fn an_order_changes_the_catalogue_only_when_an_album_overtakes_another() {
    let mut chart = Chart::new().await;
    let (order, first) = chart.shown().await;
    assert_eq!(order, "ABGDO");
    chart.sell("Gamma", 1).await;
    chart.sell("Alpha", 5).await;
    assert_eq!(
        chart.shown().await,
        (order.clone(), first),
        "an order by itself changes nothing"
    );
    assert_eq!(chart.refreshed().await, (order.clone(), first));
    assert_eq!(
        (
            rows(&chart.shop, "sales"),
            number(&chart.shop, "SELECT SUM(counted) FROM orders")
        ),
        (2, 2)
    );

    // As many as the one before, whose title comes first: still behind it.
    chart.sell("Gamma", 1).await;
    assert_eq!(chart.refreshed().await, (order.clone(), first));
    chart.sell("Gamma", 1).await;
    assert_eq!(chart.refreshed().await, ("AGBDO".to_owned(), first + 1));
    assert_eq!(rows(&chart.shop, "sales"), 0);
    assert_eq!(number(&chart.shop, "SELECT SUM(copies_sold) FROM albums"), 28 + 8);
    assert_eq!(number(&chart.shop, "SELECT COUNT(*) FROM albums WHERE revision = 2"), 2);
    assert_eq!(chart.refreshed().await, ("AGBDO".to_owned(), first + 1));
    chart.shop.index().await;
}

#[tokio::test]
async fn albums_that_sold_as_many_follow_by_title_and_both_may_rise() {
    let mut chart = Chart::new().await;
    let (_, first) = chart.shown().await;
    // Delta and Omega stand behind one another among those that sold none: Omega goes first now, and then Delta again.
    chart.sell("Omega", 1).await;
    assert_eq!(chart.refreshed().await, ("ABGOD".to_owned(), first + 1));
    chart.sell("Delta", 1).await;
    assert_eq!(chart.refreshed().await, ("ABGDO".to_owned(), first + 2));
    // Both rise by as many: nothing changes, until they are as good as the one before them.
    for title in ["Omega", "Delta"] {
        chart.sell(title, 6).await;
    }
    assert_eq!(chart.refreshed().await, ("ABGDO".to_owned(), first + 2));
    chart.sell("Delta", 1).await;
    assert_eq!(
        chart.refreshed().await,
        ("ABDGO".to_owned(), first + 3),
        "Delta comes before Gamma"
    );
}

#[tokio::test]
async fn an_album_that_has_left_the_shop_overtakes_nobody() {
    let mut chart = Chart::new().await;
    let (_, first) = chart.shown().await;
    chart.sell("Omega", 99).await;
    chart
        .shop
        .test_database
        .run("UPDATE albums SET removed_at = '2026-03-01T00:00:00Z' WHERE title = 'Omega'")
        .unwrap();
    assert_eq!(chart.refreshed().await, ("ABGD".to_owned(), first));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_replicas_one_refreshes_and_at_most_once_a_minute() {
    let mut chart = Chart::new().await;
    let (_, first) = chart.shown().await;
    chart.sell("Omega", 99).await;
    chart.shop.time.pass(Duration::from_mins(1));
    let now = chart.shop.time.now();
    let other = Database::open(&chart.shop.test_database.url(), Purpose::Serve)
        .await
        .unwrap();
    let replicas: Vec<_> = (0..6)
        .map(|replica| {
            let database = if replica % 2 == 0 { &chart.shop.database } else { &other }.clone();
            tokio::spawn(async move { ranking::refresh_if_due(&database, now).await.unwrap() })
        })
        .collect();
    for replica in replicas {
        replica.await.unwrap();
    }
    assert_eq!(chart.shown().await, ("OABGD".to_owned(), first + 1));
    chart.sell("Delta", 99).await;
    chart.shop.time.pass(Duration::from_secs(59));
    ranking::refresh_if_due(&other, chart.shop.time.now()).await.unwrap();
    assert_eq!(
        chart.shown().await,
        ("OABGD".to_owned(), first + 1),
        "not before a minute is over"
    );
    chart.shop.time.pass(Duration::from_secs(1));
    ranking::refresh_if_due(&other, chart.shop.time.now()).await.unwrap();
    assert_eq!(chart.shown().await, ("DOABG".to_owned(), first + 2));
}

#[tokio::test]
async fn an_order_counts_once_it_is_not_waiting_for_its_payment() {
    let mut chart = Chart::new().await;
    let page: std::sync::Arc<dyn PaymentProvider> = std::sync::Arc::new(Page::default());
    chart.shop = serving(chart.shop, |services| services.payments = Payments::with(vec![page]));
    let token = chart.customer.token.take();
    chart.customer = chart.shop.visitor();
    chart.customer.token = token;
    let ids = ids(&chart.shop).await;
    add(&mut chart.customer, &ids[4], 99).await;
    let mut input = request("k");
    input["paymentMethod"] = json!("page");
    let placed = place(&mut chart.customer, &input).await;
    let reference = format!("ref-{}", placed["order"]["number"].as_str().unwrap().replace('-', ""));
    assert_eq!(chart.refreshed().await.0, "ABGDO");
    assert!(
        settle(&chart.shop.database, "page", &reference, State::Paid)
            .await
            .unwrap()
    );
    assert_eq!(chart.refreshed().await.0, "OABGD");
}
