//! Somebody who asks: a browser or a program that keeps the token it was given.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use service::client::Peer;
use tower::ServiceExt as _;

/// A browser or a program of its own: what one is told, no other knows.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// What it sends, once it was given one.
    pub token: Option<String>,
    /// Where it asks from.
    pub address: IpAddr,
}

impl Client {
    /// One that was given no token yet.
    pub fn new(router: &Router) -> Self {
        Self {
            router: router.clone(),
            token: None,
            address: Ipv4Addr::new(192, 0, 2, 1).into(),
        }
    }

    /// The same at another address.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.address = address.parse().unwrap();
        self
    }

    /// What a document answers, errors included. Every token that it tells is kept, as the answer's last word.
    pub async fn answer(&mut self, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let mut request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "Tests/1.0");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request
            .extensions_mut()
            .insert(Peer(SocketAddr::new(self.address, 4711)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        for payload in answer["data"].as_object().into_iter().flat_map(|data| data.values()) {
            if let Some(token) = payload.pointer("/session/token").and_then(Value::as_str) {
                self.token = Some(token.to_owned());
            }
        }
        answer
    }

    /// The data of a document that has no errors.
    pub async fn ask_with(&mut self, document: &str, variables: &Value) -> Value {
        let mut answer = self.answer(document, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{document}");
        answer["data"].take()
    }

    /// The data of a document without variables that has no errors.
    pub async fn ask(&mut self, document: &str) -> Value {
        self.ask_with(document, &json!({})).await
    }
}
