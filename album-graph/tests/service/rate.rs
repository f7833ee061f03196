//! How much a client may ask for in a while.

use std::num::NonZeroU32;

use album_graph::accounts::Token;
use album_graph::http::Options;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use service::client::{FORWARDED_FOR, Peer};

use crate::shop::{Reply, Shop};

/// Costs nearly as much as a request may: two of them are more than a bucket holds.
const DEAR: &str = r#"{"query":"{ albums(first: 100) { nodes { tracks(first: 190) { title } } } }"}"#;

/// A shop whose clients may ask for little, behind a proxy at 10.0.0.1.
async fn shop() -> Shop {
    let shop = Shop::empty().await;
    let options = Options {
        rate: NonZeroU32::new(1),
        proxies: "10.0.0.0/8".parse().unwrap(),
        ..Options::default()
    };
    shop.set(options)
}

async fn ask(shop: &Shop, peer: &str, forwarded: Option<&str>, token: Option<&Token>) -> Reply {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(client) = forwarded {
        request = request.header(FORWARDED_FOR, client);
    }
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
    }
    let mut request = request.body(Body::from(DEAR)).unwrap();
    request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    shop.send(request).await
}

#[tokio::test]
async fn a_client_that_asks_for_too_much_is_told_when_to_go_on() {
    let shop = shop().await;
    let first = ask(&shop, "192.0.2.1:1", None, None).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let left = first.headers["ratelimit"].to_str().unwrap();
    assert!(left.starts_with("\"address\";r=") && !left.contains("r=0;"), "{left}");
    assert!(
        first.headers["ratelimit-policy"]
            .to_str()
            .unwrap()
            .contains("\"address\";q=20000;w=")
    );

    let second = ask(&shop, "192.0.2.1:2", None, None).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(second.json()["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    let after: u64 = second.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!(after > 10_000, "{after}: a bucket is filled by one object a second");
    assert!(
        second.headers["ratelimit"]
            .to_str()
            .unwrap()
            .starts_with("\"address\";r=0;t=")
    );

    assert_eq!(ask(&shop, "192.0.2.2:1", None, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_has_one_bucket_from_wherever_it_asks() {
    let shop = shop().await;
    let token = Token::random().unwrap();
    assert_eq!(
        ask(&shop, "192.0.2.1:1", None, Some(&token)).await.status,
        StatusCode::OK
    );
    let elsewhere = ask(&shop, "192.0.2.2:1", None, Some(&token)).await;
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        elsewhere.headers["ratelimit"]
            .to_str()
            .unwrap()
            .starts_with("\"session\";r=0")
    );
    let other = Token::random().unwrap();
    assert_eq!(
        ask(&shop, "192.0.2.3:1", None, Some(&other)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_client_is_known_by_the_word_of_a_trusted_proxy_alone() {
    let shop = shop().await;
    for status in [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(
            ask(&shop, "10.0.0.1:1", Some("198.51.100.1"), None).await.status,
            status
        );
    }
    assert_eq!(
        ask(&shop, "10.0.0.1:1", Some("198.51.100.2"), None).await.status,
        StatusCode::OK
    );
    // Somebody else's word is not taken: it is the same client, whatever it says.
    for (claim, status) in [("1.1.1.1", StatusCode::OK), ("2.2.2.2", StatusCode::TOO_MANY_REQUESTS)] {
        assert_eq!(ask(&shop, "192.0.2.9:1", Some(claim), None).await.status, status);
    }
    // Whoever can choose among the addresses of a network has one bucket.
    for (client, status) in [
        ("2001:db8:1:2::1", StatusCode::OK),
        ("2001:db8:1:2:ffff::2", StatusCode::TOO_MANY_REQUESTS),
    ] {
        assert_eq!(ask(&shop, "10.0.0.1:1", Some(client), None).await.status, status);
    }
    // A proxy that asks for itself has no limit.
    for _ in 0..3 {
        assert_eq!(ask(&shop, "10.0.0.1:1", None, None).await.status, StatusCode::OK);
    }
}
