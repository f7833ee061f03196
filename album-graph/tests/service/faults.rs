//! What takes too long or breaks: it is answered so, and leaves nothing behind.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use album_graph::graph::Services;
use album_graph::orders::payment::{Beginning, State};
use album_graph::orders::{Order, PaymentProvider, Payments};
use album_graph::store::DatabaseUrl;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time;

use crate::shop::{self, Shop};

/// Has it that whoever asks for tracks waits for ever.
const ENDLESS: &str = "ALTER TABLE tracks RENAME TO short; \
     CREATE VIEW tracks AS WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) \
     SELECT short.* FROM short WHERE (SELECT COUNT(*) FROM numbers) = 0";

/// How many connections to a database this process has open: each has its write-ahead log open once.
fn connections(database: &DatabaseUrl) -> usize {
    let DatabaseUrl::Sqlite(path) = database else {
        panic!("{database} is no file")
    };
    let log = format!("{}-wal", path.display());
    let open = fs::read_dir("/proc/self/fd").unwrap().flatten();
    open.filter(|file| fs::read_link(file.path()).is_ok_and(|open| open == Path::new(&log)))
        .count()
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let shop = Shop::with("genre,artist,title,price,tracks\nRock,Ida,One,5,First (1:00)\n").await;
    // What a server does there is told in the tests of its driver.
    if shop.test_database.is_on_server() {
        return;
    }
    shop.ask("{ topSellers(first: 1) { tracks { title } } }").await;
    let url = shop.test_database.url();
    let idle = connections(&url);
    shop.test_database.run(ENDLESS).unwrap();
    let query = json!({ "query": "{ topSellers(first: 1) { tracks { title } } }" }).to_string();
    let reply = shop.post(query.clone()).await;
    assert_eq!(
        (reply.status, &reply.json()["errors"][0]["extensions"]["code"]),
        (StatusCode::GATEWAY_TIMEOUT, &json!("TIMEOUT"))
    );
    // Its connection is closed as soon as it has stopped.
    while connections(&url) >= idle {
        time::sleep(Duration::from_millis(10)).await;
    }

    // The same where the client goes away before.
    let left = connections(&url);
    let mut request = Box::pin(shop.post(query));
    while connections(&url) <= left {
        let _ = time::timeout(Duration::from_millis(10), &mut request).await;
    }
    drop(request);
    while connections(&url) > left {
        time::sleep(Duration::from_millis(10)).await;
    }
}

/// A way to pay with a bug.
struct Broken;

impl PaymentProvider for Broken {
    fn id(&self) -> &'static str {
        "broken"
    }

    fn name(&self) -> &'static str {
        panic!("no name in /etc/secret")
    }

    fn opening(&self) -> State {
        State::Pending
    }

    fn begin<'a>(&'a self, _: &'a Order) -> Beginning<'a> {
        unreachable!("nobody pays with it")
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_like_any_other_fault_and_the_next_request_is_served() {
    let shop = Shop::empty().await;
    let services = Services {
        payments: Payments::with(vec![Arc::new(Broken)]),
        ..shop.services.clone()
    };
    let router = shop::router(&services, &shop.readiness);
    let shop = Shop { router, ..shop };
    let query = |text: &str| json!({ "query": text }).to_string();
    for text in [
        "{ genres { name } paymentMethods { id name } }",
        "{ paymentMethods { name } }",
    ] {
        let reply = shop.post(query(text)).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(reply.headers["x-request-id"].len(), 32);
        assert!(reply.headers["content-type"].to_str().unwrap().contains("json"));
        let answer = reply.json();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        assert_eq!(answer.get("data"), None::<&Value>);
        assert!(!reply.text().contains("secret"), "{answer}");
        assert_eq!(shop.post(query("{ genres { name } }")).await.status, StatusCode::OK);
    }
}
