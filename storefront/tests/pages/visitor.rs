//! Somebody who looks at pages.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use clap::Parser;
use http_body_util::BodyExt;
use scraper::{ElementRef, Html, Selector};
use service::health::Readiness;
use storefront::config::Arguments;
use storefront::shop::Shop;
use tower::ServiceExt;

use crate::shop::{self, AlbumGraph};

/// Somebody in front of a shop.
pub struct Visitor {
    router: Router,
    album_graph: Option<AlbumGraph>,
}

impl Visitor {
    /// In front of a shop with the usual catalogue.
    pub async fn new() -> Self {
        Self::with(&shop::albums()).await
    }

    /// In front of a shop with these albums.
    pub async fn with(albums: &str) -> Self {
        let album_graph = AlbumGraph::start(albums).await;
        let router = Self::of(album_graph.address).router;
        Self {
            router,
            album_graph: Some(album_graph),
        }
    }

    /// In front of a shop whose album-graph is of another release.
    pub async fn between_releases() -> Self {
        let album_graph = AlbumGraph::start_stranger(&shop::albums()).await;
        let router = Self::of(album_graph.address).router;
        Self {
            router,
            album_graph: Some(album_graph),
        }
    }

    /// In front of a shop with the usual catalogue that is reached at another address.
    pub async fn at(public_url: &str) -> Self {
        let album_graph = AlbumGraph::start(&shop::albums()).await;
        let router = Self::set_up(&["--public-url", public_url], album_graph.address).router;
        Self {
            router,
            album_graph: Some(album_graph),
        }
    }

    /// In front of a shop that asks whoever listens at `album_graph`.
    pub fn of(album_graph: SocketAddr) -> Self {
        Self::behind("", album_graph)
    }

    /// The same behind proxies that are trusted.
    pub fn behind(proxies: &str, album_graph: SocketAddr) -> Self {
        let settings = ["--public-url", "https://shop.example", "--trusted-proxies", proxies];
        Self::set_up(&settings, album_graph)
    }

    fn set_up(settings: &[&str], album_graph: SocketAddr) -> Self {
        let endpoint = format!("http://{album_graph}/graphql");
        let arguments = ["storefront", "--album-graph", &endpoint]
            .into_iter()
            .chain(settings.iter().copied());
        let shop = Shop::new(&Arguments::parse_from(arguments).config).unwrap();
        let readiness = Readiness::default();
        readiness.set(true);
        Self {
            router: storefront::router(shop, readiness),
            album_graph: None,
        }
    }

    /// The `traceparent` of every question that the shop has asked since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.album_graph().asked.lock().unwrap())
    }

    /// What was written to an address, the oldest first.
    pub fn mails_to(&self, email: &str) -> Vec<String> {
        self.album_graph().mails_to(email)
    }

    /// Sets what one copy of an album costs, in minor units.
    pub fn price(&self, title: &str, minor: u32) {
        self.album_graph().set(title, &format!("price_minor = {minor}"));
    }

    /// Takes an album out of the shop.
    pub fn remove(&self, title: &str) {
        self.album_graph().set(title, "removed_at = '2026-03-01T00:00:00Z'");
    }

    /// Says how many copies of an album are left.
    pub fn stock(&self, title: &str, copies: u32) {
        self.album_graph().stock(title, copies);
    }

    fn album_graph(&self) -> &AlbumGraph {
        self.album_graph.as_ref().unwrap()
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// Opens a page that is there.
    pub async fn open(&self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer
    }

    /// Asks for the part of a page, as htmx does.
    pub async fn get_part(&self, path: &str) -> Answer {
        self.get_with(path, &[("hx-request", "true"), ("hx-request-type", "partial")])
            .await
    }

    /// Opens a page with more headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a request without a body.
    pub async fn ask(&self, method: Method, path: &str) -> Answer {
        self.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// What the visitor gets.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// A header as text; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The texts of all elements that a selector finds, with single blanks.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.each(selector, |element| words(&element))
    }

    /// The text of the only element that a selector finds.
    pub fn one(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector}: {texts:?}");
        texts.into_iter().next().unwrap()
    }

    /// An attribute of each element that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.each(selector, |element| element.attr(name).unwrap_or_default().to_owned())
    }

    /// The HTML of all elements that a selector finds.
    pub fn html(&self, selector: &str) -> Vec<String> {
        self.each(selector, |element| element.html())
    }

    /// The JSON-LD block of a type.
    pub fn data(&self, kind: &str) -> serde_json::Value {
        let blocks = self.each("script[type='application/ld+json']", |element| {
            element.text().collect::<String>()
        });
        let mut blocks = blocks
            .iter()
            .map(|block| serde_json::from_str::<serde_json::Value>(block).unwrap());
        blocks.find(|block| block["@type"] == kind).unwrap()
    }

    fn each<T>(&self, selector: &str, read: impl Fn(ElementRef) -> T) -> Vec<T> {
        let page = Html::parse_document(self.text());
        page.select(&Selector::parse(selector).unwrap()).map(read).collect()
    }
}

fn words(element: &ElementRef) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
