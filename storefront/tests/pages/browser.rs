//! Somebody with a browser that keeps its cookie: a guest who buys, and whoever becomes a customer.

use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::time;

use crate::visitor::{Answer, Visitor};

/// A password that nothing is wrong with.
pub const PASSWORD: &str = "four words in a row";

/// A form that is filled in.
pub type Form<'a> = &'a [(&'a str, &'a str)];

/// A browser in front of a shop.
pub struct Browser<'a> {
    pub shop: &'a Visitor,
    cookie: Mutex<Option<String>>,
    user_agent: &'a str,
}

impl<'a> Browser<'a> {
    /// One that was never here.
    pub fn new(shop: &'a Visitor) -> Self {
        Self {
            shop,
            cookie: Mutex::default(),
            user_agent: "",
        }
    }

    /// The same, which calls itself something.
    pub fn called(self, user_agent: &'a str) -> Self {
        Self { user_agent, ..self }
    }

    /// One of somebody who signed up, confirmed the address, and is signed in.
    pub async fn of_customer(shop: &'a Visitor, email: &str) -> Self {
        let browser = Self::new(shop);
        browser.become_customer(email).await;
        browser
    }

    /// What the shop made the browser keep; empty where nothing.
    pub fn cookie(&self) -> String {
        self.cookie.lock().unwrap().clone().unwrap_or_default()
    }

    /// Has the browser keep something else.
    pub fn set_cookie(&self, cookie: &str) {
        *self.cookie.lock().unwrap() = Some(cookie.to_owned());
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// Opens a page that is there.
    pub async fn open(&self, path: &str) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.header("location"));
        page
    }

    /// Opens a page again and again until it has what a change has to bring, for pages are kept for a moment.
    pub async fn open_changed(&self, path: &str, selector: &str) -> Answer {
        for _ in 0..100 {
            let page = self.open(path).await;
            if !page.html(selector).is_empty() {
                return page;
            }
            time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} never has {selector}")
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: Form<'_>) -> Answer {
        self.send(Request::post(path), encoded(form)).await
    }

    /// Sends a form as htmx does from an element of a page.
    pub async fn post_part(&self, path: &str, source: &str, form: Form<'_>) -> Answer {
        let request = Request::post(path)
            .header("hx-request", "true")
            .header("hx-request-type", "partial")
            .header("hx-source", source);
        self.send(request, encoded(form)).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header("user-agent", self.user_agent)
            .header("cookie", self.cookie());
        let answer = self.shop.send(request.body(Body::from(body)).unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let kept = cookie.split(';').next().unwrap();
            *self.cookie.lock().unwrap() = (!cookie.contains("Max-Age=0")).then(|| kept.to_owned());
        }
        answer
    }

    /// Puts copies of an album into the cart.
    pub async fn put_in(&self, album: &str, quantity: &str) {
        let id = self.id_of(album).await;
        let answer = self
            .post("/cart/items", &[("album", &id), ("quantity", quantity)])
            .await;
        assert_eq!(answer.header("location"), "/cart", "{}", answer.text());
    }

    /// The id of an album, as its page has it.
    pub async fn id_of(&self, album: &str) -> String {
        let page = self.open(&format!("/albums/{album}")).await;
        page.attributes("#add-to-cart [name='album']", "value").remove(0)
    }

    /// Signs up, and confirms the address with the link in the mail.
    pub async fn become_customer(&self, email: &str) {
        self.sign_up(email).await;
        let token = self.shop.token_mailed_to(email, "/confirm").await;
        let answer = self.post("/confirm", &[("token", &token)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }

    /// Signs up.
    pub async fn sign_up(&self, email: &str) {
        let answer = self.post("/sign-up", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.header("location"), "/sign-up/sent", "{}", answer.text());
    }

    /// Signs in and tells where that leads.
    pub async fn sign_in(&self, email: &str) -> String {
        let answer = self.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        answer.header("location").to_owned()
    }

    /// What the header says of the cart.
    pub async fn cart_says(&self) -> String {
        self.open("/").await.one("#cart-link .unseen")
    }
}

impl Visitor {
    /// The token of a link to a path in a mail to an address; a mail may be written a moment after the answer.
    pub async fn token_mailed_to(&self, email: &str, path: &str) -> String {
        let link = format!("https://shop.example{path}?token=");
        loop {
            let mails = self.mails_to(email);
            if let Some((_, token)) = mails.iter().find_map(|mail| mail.split_once(&link)) {
                return token.split_whitespace().next().unwrap().to_owned();
            }
            time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn encoded(form: Form<'_>) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", percent_encoded(value));
    form.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect::<Vec<_>>()
        .concat()
}
