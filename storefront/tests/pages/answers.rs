//! What the pages make of answers that album-graph gives seldom: none, or that the payment is somebody else's page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::BodyExt;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::shop;
use crate::visitor::Visitor;

/// A shop whose album-graph breaks off every connection once it has read something, and how many it had.
async fn shop_cut_off() -> (Visitor, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let visitor = Visitor::of(listener.local_addr().unwrap());
    let cut = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&cut);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            connection.read_u8().await.unwrap();
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    (visitor, cut)
}

#[tokio::test]
async fn a_question_is_asked_again_and_a_change_only_where_twice_is_once() {
    let (visitor, cut) = shop_cut_off().await;
    let browser = Browser::new(&visitor);
    for (path, tries) in [
        ("/cart/empty", 1),
        ("/cart/accept", 1),
        ("/cart/remove", 1),
        ("/sign-in", 1),
        ("/sign-up", 1),
        ("/sign-out", 1),
        ("/account/password", 1),
        ("/checkout", 4),
    ] {
        let page = browser.post(path, &[]).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(page.one("h1"), "The catalogue is out of reach", "{path}");
        assert_eq!(cut.swap(0, Ordering::Relaxed), tries, "{path}");
    }
    // Four times for the page, after once for the state that the catalogue is in: with a replica die several connections.
    browser.get("/cart").await;
    assert_eq!(cut.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn a_payment_on_another_page_is_led_to_with_scripts_and_without() {
    let answer = async |request: Request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let question = String::from_utf8_lossy(&body);
        if question.contains("documentId") {
            return (StatusCode::NOT_FOUND, Json(json!({})));
        }
        let order = json!({ "number": "K7QF-3MXN-2P" });
        let answer = if question.contains("placeOrder") {
            json!({ "data": { "placeOrder": {
                "order": order, "paymentUrl": "https://pay.example/p/1?a=b", "problems": [],
            } } })
        } else {
            json!({ "data": { "genres": [], "viewer": {
                "customer": { "email": "ada@example.com" }, "session": { "persistent": true },
                "cart": { "quantity": 0, "lines": [] },
            } } })
        };
        (StatusCode::OK, Json(answer))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let album_graph = shop::serve(listener, Router::new().route("/graphql", post(answer)));
    let visitor = Visitor::of(album_graph);
    let page = Browser::new(&visitor).post("/checkout", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("hx-redirect"), "https://pay.example/p/1?a=b");
    assert_eq!(page.header("refresh"), "0;url=https://pay.example/p/1?a=b");
    assert_eq!(
        page.attributes(".sheet .button", "href"),
        ["https://pay.example/p/1?a=b", "/orders/K7QF-3MXN-2P"]
    );
}

#[tokio::test]
async fn album_graph_learns_who_asks() {
    let (told, mut tell) = tokio::sync::mpsc::unbounded_channel();
    let answer = async move |headers: HeaderMap| {
        told.send(headers).unwrap();
        StatusCode::SERVICE_UNAVAILABLE
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let album_graph = shop::serve(listener, Router::new().route("/graphql", post(answer)));
    let token = "x_-0".repeat(10);
    for (trusted, address) in [("", "127.0.0.1"), ("127.0.0.1,10.0.0.0/8", "198.51.100.7")] {
        let visitor = Visitor::behind(trusted, album_graph);
        let request = Request::get("/cart")
            .header("cookie", format!("other=1; __Host-session={token}"))
            .header("user-agent", "Some Browser/1.0")
            .header("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.1.2.3");
        visitor.send(request.body(Body::empty()).unwrap()).await;
        let headers = tell.recv().await.unwrap();
        assert_eq!(headers["authorization"], format!("Bearer {token}"));
        assert_eq!(headers["user-agent"], "Some Browser/1.0");
        assert_eq!(headers["x-forwarded-for"], address);
    }
}
