//! What the shop and a browser tell each other beside the page: cookies, who may keep what, and where a request comes from.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::browser::Browser;
use crate::visitor::Visitor;

const ALBUM: &str = "ada-blue-kind-of-teal";

#[tokio::test]
async fn whoever_only_browses_gets_no_cookie() {
    let shop = Visitor::new().await;
    for path in [
        "/",
        "/genres/jazz",
        "/albums/ada-blue-kind-of-teal",
        "/cart",
        "/cart/mini",
        "/sign-in",
        "/sign-up",
        "/nowhere",
    ] {
        let page = shop.get(path).await;
        assert_eq!(page.header("set-cookie"), "", "{path}");
        let caching = if path == "/nowhere" {
            "no-store"
        } else {
            "private, no-cache"
        };
        assert_eq!(page.header("cache-control"), caching, "{path}");
        assert!(page.header("vary").to_lowercase().contains("cookie"), "{path}");
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_host_alone_and_lasts_thirty_days_from_every_page() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let id = browser.id_of(ALBUM).await;
    let answers = [
        browser.post("/cart/items", &[("album", &id)]).await,
        browser.open("/").await,
    ];
    for answer in answers {
        let cookie = answer.header("set-cookie");
        let (value, attributes) = cookie.split_once("; ").unwrap();
        assert!(value.starts_with("__Host-session=") && value.len() > 50, "{cookie}");
        assert_eq!(attributes, "Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}

#[tokio::test]
async fn over_plain_http_the_cookie_has_another_name() {
    let shop = Visitor::at("http://shop.example").await;
    let browser = Browser::new(&shop);
    let id = browser.id_of(ALBUM).await;
    let answer = browser.post("/cart/items", &[("album", &id)]).await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("session=") && cookie.ends_with("; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(browser.cart_says().await, "Cart, 1 copy");
}

#[tokio::test]
async fn what_was_made_for_a_session_is_stored_nowhere() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(ALBUM, "1").await;
    for path in ["/", "/albums/ada-blue-kind-of-teal", "/cart", "/cart/mini"] {
        let page = browser.open(path).await;
        assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
        assert_eq!(page.header("etag"), "", "{path}");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_forgotten() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.set_cookie("__Host-session=0123456789012345678901234567890123456789012");
    let page = browser.open("/").await;
    assert!(
        page.header("set-cookie")
            .starts_with("__Host-session=; Max-Age=0; Path=/;")
    );
    assert_eq!(browser.cookie(), "");
}

#[tokio::test]
async fn what_cannot_be_a_session_is_not_passed_on() {
    let shop = Visitor::new().await;
    let long = format!("__Host-session={}", "x".repeat(101));
    for cookie in [
        "__Host-session=short",
        "__Host-session=has blanks and \"quotes\" in it",
        "session=0123456789012345678901234567890123456789012",
        &long,
        "=;;,= =\u{fffd}",
    ] {
        let browser = Browser::new(&shop);
        browser.set_cookie(cookie);
        let page = browser.open("/").await;
        assert_eq!(
            (page.header("set-cookie"), page.header("cache-control")),
            ("", "private, no-cache"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn what_another_site_sends_is_refused_before_anything_is_done() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(ALBUM, "1").await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")],
        &[("origin", "https://evil.example")],
        &[("origin", "https://shop.example.evil.example")],
        &[("origin", "http://shop.example")],
        &[("origin", "null")],
    ] {
        let page = shop.send(emptying(&browser, headers)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(page.one("h1"), "That did not come from here", "{headers:?}");
    }
    assert_eq!(browser.cart_says().await, "Cart, 1 copy");
}

#[tokio::test]
async fn what_the_shop_and_programs_send_is_taken() {
    let shop = Visitor::new().await;
    for headers in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://shop.example")],
        &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
        &[],
    ] {
        let browser = Browser::new(&shop);
        browser.put_in(ALBUM, "1").await;
        let answer = shop.send(emptying(&browser, headers)).await;
        assert_eq!(answer.header("location"), "/cart", "{headers:?}");
        assert_eq!(browser.cart_says().await, "Cart, empty", "{headers:?}");
    }
}

fn emptying(browser: &Browser, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post("/cart/empty").header("cookie", browser.cookie());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn more_than_any_form_holds_is_a_413_with_a_page_whether_it_says_its_length_or_not() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let much = "x".repeat(20_000);
    for path in ["/cart/items", "/sign-in", "/checkout", "/account/password"] {
        let said = Request::post(path).header("content-length", much.len());
        for page in [
            browser.post(path, &[("album", &much)]).await,
            shop.send(said.body(Body::from(much.clone())).unwrap()).await,
        ] {
            assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
            assert_eq!(page.one("h1"), "That is too much at once", "{path}");
        }
    }
}

#[tokio::test]
async fn what_no_form_sends_is_a_400_with_a_page() {
    let shop = Visitor::new().await;
    for kind in ["application/json", "text/plain", "multipart/form-data"] {
        let request = Request::post("/cart/items").header("content-type", kind);
        let page = shop.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{kind}");
        assert_eq!(page.one("h1"), "We cannot read that", "{kind}");
    }
}

#[tokio::test]
async fn the_address_of_a_change_leads_somewhere_when_it_is_opened() {
    let shop = Visitor::new().await;
    for (path, page) in [
        ("/cart/items", "/cart"),
        ("/cart/quantity", "/cart"),
        ("/cart/remove", "/cart"),
        ("/cart/empty", "/cart"),
        ("/cart/accept", "/cart"),
        ("/checkout/promotion", "/checkout"),
        ("/account/password", "/account"),
        ("/account/revoke", "/account"),
        ("/account/sign-out-everywhere", "/account"),
    ] {
        let answer = shop.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, page),
            "{path}"
        );
    }
}
