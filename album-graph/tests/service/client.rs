//! Somebody who asks: a browser or a program that keeps the token it was given.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use service::client::Peer;
use tower::ServiceExt as _;

use crate::shop::Shop;

/// A browser or a program of its own: what one is told, no other knows.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// What it sends, once it was given one.
    pub token: Option<String>,
    /// Where it asks from.
    pub address: IpAddr,
    /// For whom it says that it asks.
    pub forwarded_for: Option<String>,
}

impl Client {
    /// One that was given no token yet.
    pub fn new(router: &Router) -> Self {
        Self {
            router: router.clone(),
            token: None,
            address: Ipv4Addr::new(192, 0, 2, 1).into(),
            forwarded_for: None,
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
        if let Some(address) = &self.forwarded_for {
            request = request.header("x-forwarded-for", address);
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

/// A password that will do.
pub const PASSWORD: &str = "velvet-umbrella-7";

const SIGN_UP: &str = "mutation ($email: String!, $password: String!) {
    signUp(input: { email: $email, password: $password }) { session { token } problems { code field } }
}";
const SIGN_IN: &str = "mutation ($email: String!, $password: String!, $remember: Boolean!) {
    signIn(input: { email: $email, password: $password, remember: $remember }) {
        customer { email } session { token persistent expiresAt } problems { code field message retryAfter }
    }
}";
const CONFIRM: &str = "mutation ($token: String!) {
    confirmEmail(input: { token: $token }) {
        customer { email } session { token persistent expiresAt } problems { code field message }
    }
}";

impl Client {
    /// What signing up answers.
    pub async fn sign_up(&mut self, email: &str, password: &str) -> Value {
        let variables = json!({ "email": email, "password": password });
        self.ask_with(SIGN_UP, &variables).await["signUp"].take()
    }

    /// What following the link of a sign-up answers.
    pub async fn confirm(&mut self, token: &str) -> Value {
        self.ask_with(CONFIRM, &json!({ "token": token })).await["confirmEmail"].take()
    }

    /// What signing in until the browser closes answers.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Value {
        self.sign_in_for(email, password, &json!(false)).await
    }

    /// What signing in answers.
    pub async fn sign_in_for(&mut self, email: &str, password: &str, remember: &Value) -> Value {
        let variables = json!({ "email": email, "password": password, "remember": remember });
        self.ask_with(SIGN_IN, &variables).await["signIn"].take()
    }

    /// Who is signed in.
    pub async fn email(&mut self) -> Option<String> {
        let data = self.ask("{ viewer { customer { email } } }").await;
        data.pointer("/viewer/customer/email")?.as_str().map(str::to_owned)
    }
}

/// The codes of the problems of a payload, each with what of the input is to blame.
pub fn problems(payload: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problems = payload["problems"].as_array().unwrap();
    problems
        .iter()
        .map(|problem| (text(&problem["code"]), text(&problem["field"])))
        .collect()
}

/// The code of the only problem of a payload.
pub fn problem(payload: &Value) -> String {
    let problems = problems(payload);
    let [(code, _)] = problems.as_slice() else {
        panic!("not one problem: {payload}")
    };
    code.clone()
}

impl Shop {
    /// The bodies of the mails to an address that wait to be sent, the first one first.
    pub fn mails(&self, recipient: &str) -> Vec<String> {
        self.test_database.ask(&format!(
            "SELECT body FROM mails WHERE recipient = '{recipient}' ORDER BY id"
        ))
    }

    /// The secret in the link of the last mail to an address.
    pub fn link(&self, recipient: &str) -> String {
        let mails = self.mails(recipient);
        let (_, token) = mails.last().unwrap().split_once("?token=").unwrap();
        token.lines().next().unwrap().to_owned()
    }

    /// A customer with this address, who has just signed up and in.
    pub async fn customer(&self, email: &str) -> Client {
        let mut client = self.visitor();
        assert_eq!(client.sign_up(email, PASSWORD).await["problems"], json!([]));
        let payload = client.confirm(&self.link(email)).await;
        assert_eq!(payload["customer"]["email"], email);
        client
    }
}
