//! The pages that say what is wrong.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use crate::shop::{self, AlbumGraph};
use crate::visitor::Visitor;

const PAGES: [&str; 9] = [
    "/",
    "/genres",
    "/genres/rock",
    "/albums/x",
    "/artists",
    "/artists/x",
    "/search",
    "/search?q=x",
    "/search/suggestions?q=x",
];

#[tokio::test]
async fn what_is_not_there_is_a_404_with_a_way_on() {
    let visitor = Visitor::new().await;
    let long = format!("/albums/{}", "x".repeat(5000));
    for path in [
        "/nowhere",
        "/genres/none",
        "/albums/none",
        "/artists/none",
        "/albums/%ff",
        "/albums/%00",
        "/albums/a/b",
        &long,
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.attributes(".hero-actions a", "href"), ["/genres", "/"], "{path}");
        assert_eq!(page.one(".problem-id code"), page.header("x-request-id"), "{path}");
        assert_eq!(page.texts(".genre-menu > ul > li").len(), 10, "{path}");
    }
}

#[tokio::test]
async fn a_slash_too_many_is_mended_and_never_leads_away() {
    let visitor = Visitor::new().await;
    for (path, mended) in [
        ("/genres/", "/genres"),
        ("/genres/rock/?page=2", "/genres/rock?page=2"),
        ("//evil.example/", "/evil.example"),
        ("/albums/x///", "/albums/x"),
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::PERMANENT_REDIRECT, mended),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_a_405_that_says_what_can() {
    let visitor = Visitor::new().await;
    for method in [Method::POST, Method::DELETE] {
        let page = visitor.ask(method, "/genres/rock").await;
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.header("allow"), "GET,HEAD");
        assert_eq!(page.one("h1"), "That does not work here");
    }
}

#[tokio::test]
async fn without_the_catalogue_every_page_is_a_503_that_still_has_a_layout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let visitor = Visitor::of(listener.local_addr().unwrap());
    drop(listener);
    for path in PAGES {
        let page = visitor.get(path).await;
        assert_eq!(
            (page.status, page.header("retry-after")),
            (StatusCode::SERVICE_UNAVAILABLE, "5"),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.one("h1"), "The catalogue is out of reach", "{path}");
        assert_eq!(
            page.attributes(".sections a", "href"),
            ["/genres", "/artists"],
            "{path}"
        );
        assert!(page.html(".genre-menu").is_empty(), "{path}");
        assert_eq!(page.one(".problem-id code"), page.header("x-request-id"), "{path}");
        assert!(!page.text().contains("127.0.0.1"), "{path} tells internals");
    }
    for path in [
        "/livez",
        "/readyz",
        "/robots.txt",
        "/covers/1/rock/0123456789abcdef.svg",
    ] {
        assert_eq!(visitor.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(visitor.get("/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_catalogue_that_never_answers_is_a_503_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let visitor = Visitor::of(listener.local_addr().unwrap());
    let started = Instant::now();
    let page = visitor.get("/").await;
    assert_eq!(
        (page.status, page.header("retry-after")),
        (StatusCode::SERVICE_UNAVAILABLE, "5")
    );
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_shop_recovers_by_itself() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let visitor = Visitor::of(address);
    drop(listener);
    assert_eq!(visitor.get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let listener = TcpListener::bind(address).await.unwrap();
    let _album_graph = AlbumGraph::start_on(listener, &shop::albums()).await;
    visitor.open("/").await;
}

#[tokio::test]
async fn what_the_catalogue_answers_decides_between_500_and_503() {
    let error =
        |code: &str| json!({ "data": null, "errors": [{ "message": "secret", "extensions": { "code": code } }] });
    for (status, body, shown) in [
        (200, error("INTERNAL"), 500),
        (400, error("BAD_REQUEST"), 500),
        (200, json!({ "errors": [{ "message": "secret" }] }), 500),
        (503, error("UNAVAILABLE"), 503),
        (502, json!("secret"), 503),
        (200, json!("secret"), 503),
        (200, json!({ "data": { "secret": 1 } }), 503),
    ] {
        let (status, told) = (StatusCode::from_u16(status).unwrap(), body.to_string());
        let router = Router::new().route("/graphql", post(async move || (status, Json(body))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let page = Visitor::of(shop::serve(listener, router)).get("/genres").await;
        assert_eq!(page.status.as_u16(), shown, "{status} {told}");
        assert!(!page.text().contains("secret"), "{status} {told}");
        assert_eq!(page.header("retry-after").is_empty(), shown == 500, "{status} {told}");
    }
}
