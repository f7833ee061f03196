//! The checkout, the order, and the list of orders.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::visitor::{Answer, Visitor};

const TEAL: &str = "ada-blue-kind-of-teal";
const ADA: &str = "ada@example.com";

/// An address that nothing is wrong with.
const ADDRESS: [(&str, &str); 9] = [
    ("firstName", "Ada"),
    ("lastName", "Lovelace"),
    ("address", "12 St James's Square"),
    ("postalCode", "SW1Y 4JH"),
    ("city", "London"),
    ("state", ""),
    ("country", "GB"),
    ("phone", "+44 20 7946 0000"),
    ("email", ADA),
];

/// The address, with what the page that is shown has in its hidden fields, and with `more`.
fn filled<'a>(page: &'a Shown, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("key", page.key.as_str()), ("total", page.total.as_str())];
    form.extend(ADDRESS);
    form.extend(more);
    form
}

struct Shown {
    key: String,
    total: String,
}

impl From<&Answer> for Shown {
    fn from(page: &Answer) -> Self {
        Self {
            key: page.attributes("[name='key']", "value").remove(0),
            total: page.attributes("[name='total']", "value").remove(0),
        }
    }
}

async fn customer_with<'a>(shop: &'a Visitor, quantity: &str) -> (Browser<'a>, Shown) {
    let browser = Browser::of_customer(shop, ADA).await;
    browser.put_in(TEAL, quantity).await;
    let shown = Shown::from(&browser.open("/checkout").await);
    (browser, shown)
}

#[tokio::test]
async fn an_order_is_placed_and_thanked_for() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "2").await;
    let answer = browser
        .post("/checkout", &filled(&shown, &[("paymentMethod", "invoice")]))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let thanks = answer.header("location");
    let number = thanks
        .strip_prefix("/orders/")
        .unwrap()
        .strip_suffix("?placed=yes")
        .unwrap();

    let page = browser.open(thanks).await;
    assert_eq!(page.one("h1"), "Thank you!");
    assert!(page.one(".lead").contains(number));
    assert_eq!(page.texts(".line-title"), ["Kind of Teal"]);
    assert_eq!(page.one(".line-price"), "2 × $8.99");
    assert_eq!(page.one(".sums-total dd"), "$17.98");
    for line in [
        "Ada Lovelace",
        "12 St James's Square",
        "SW1Y 4JH London",
        "United Kingdom",
    ] {
        assert!(page.one(".address").contains(line), "{line}");
    }
    assert_eq!(page.one("#cart-link .unseen"), "Cart, empty");
    let later = browser
        .open(&format!("/orders/{}", number.to_lowercase().replace('-', "")))
        .await;
    assert_eq!(later.one("h1"), format!("Order {number}"));
    let orders = browser.open("/account/orders").await;
    assert_eq!(orders.texts(".order-number"), [number]);
    assert_eq!(
        orders.attributes(".order-number a", "href"),
        [format!("/orders/{number}")]
    );
    assert_eq!(browser.open("/account").await.texts(".order-titles"), ["Kind of Teal"]);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_order() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    let form = filled(&shown, &[]);
    let place = || browser.post("/checkout", &form);
    let (one, two, three) = tokio::join!(place(), place(), place());
    let again = place().await;
    for other in [&two, &three, &again] {
        assert_eq!(one.header("location"), other.header("location"), "{}", other.text());
    }
    assert!(one.header("location").starts_with("/orders/"));
    assert_eq!(browser.open("/account/orders").await.texts(".order-number").len(), 1);
}

#[tokio::test]
async fn the_same_key_with_something_else_is_refused_with_a_fresh_key() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    browser.post("/checkout", &filled(&shown, &[])).await;
    browser.put_in(TEAL, "1").await;
    let page = browser.post("/checkout", &filled(&shown, &[("city", "Paris")])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one(".form-error[autofocus]").is_empty());
    let fresh = Shown::from(&page);
    assert_ne!(fresh.key, shown.key);
    let answer = browser.post("/checkout", &filled(&fresh, &[("city", "Paris")])).await;
    assert!(answer.header("location").starts_with("/orders/"), "{}", answer.text());
}

#[tokio::test]
async fn a_form_with_everything_wrong_says_everything_at_once_and_loses_nothing() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    let long = "x".repeat(161);
    let wrong = [
        ("firstName", ""),
        ("lastName", long.as_str()),
        ("address", "<b>"),
        ("postalCode", "1234"),
        ("city", ""),
        ("country", "XX"),
        ("phone", "0123456789012345678901234"),
        ("email", "nobody"),
        ("promotionCode", "NOPE"),
        ("paymentMethod", "gold"),
        ("address", "12"),
    ];
    let page = browser.post("/checkout", &filled(&shown, &wrong)).await;
    assert_eq!(
        (page.status, page.header("hx-push-url")),
        (StatusCode::UNPROCESSABLE_ENTITY, "/checkout")
    );
    for (name, value) in wrong.iter().skip(1).filter(|(_, value)| *value != "<b>") {
        let error = if *name == "paymentMethod" {
            "#payment-error".to_owned()
        } else {
            format!("#{name}-error")
        };
        assert!(!page.one(&error).is_empty(), "{name}");
        if !matches!(*name, "country" | "paymentMethod") {
            assert_eq!(
                page.attributes(&format!("#{name}[aria-invalid='true']"), "value"),
                [*value],
                "{name}"
            );
        }
    }
    assert_eq!(page.attributes("main [autofocus]", "id"), ["firstName"]);
    assert_eq!(Shown::from(&page).key, shown.key);
    // What was right is kept, too.
    let page = browser.post("/checkout", &filled(&shown, &[("firstName", "")])).await;
    assert_eq!(page.attributes("#country option[selected]", "value"), ["GB"]);
    assert_eq!(page.attributes("#address", "value"), ["12 St James's Square"]);
    let answer = browser.post("/checkout", &filled(&shown, &[])).await;
    assert!(answer.header("location").starts_with("/orders/"), "{}", answer.text());
}

#[tokio::test]
async fn a_promotion_code_is_tried_without_losing_what_was_entered() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "2").await;
    let page = browser.open("/checkout").await;
    assert_eq!(
        page.attributes(".promotion button", "formaction"),
        ["/checkout/promotion"]
    );
    let page = browser
        .post(
            "/checkout/promotion",
            &filled(&shown, &[("promotionCode", "NOPE"), ("city", "Paris")]),
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one("#promotionCode-error").is_empty());
    assert_eq!(page.attributes("#promotionCode[autofocus]", "value"), ["NOPE"]);
    assert_eq!(page.attributes("#city", "value"), ["Paris"]);
    assert_eq!(page.one(".sums-total dd"), "$17.98");

    let page = browser
        .post(
            "/checkout/promotion",
            &filled(&shown, &[("promotionCode", " free "), ("firstName", "")]),
        )
        .await;
    assert_eq!((page.status, page.header("hx-push-url")), (StatusCode::OK, "/checkout"));
    assert_eq!(page.one(".sums-discount dt"), "Promotion FREE");
    assert_eq!(page.one(".sums-discount dd"), "−$17.98");
    assert_eq!(page.one(".sums-total dd"), "$0.00");
    assert!(page.html("[name='paymentMethod'], .field-error").is_empty());

    let free = Shown::from(&page);
    let answer = browser
        .post("/checkout", &filled(&free, &[("promotionCode", "free")]))
        .await;
    let page = browser.open(answer.header("location")).await;
    assert_eq!(page.one(".sums-total dd"), "$0.00");
    assert!(page.one(".desk-side").contains("Nothing to pay"));
}

#[tokio::test]
async fn a_total_that_has_changed_is_told_and_accepted_by_sending_the_form_again() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    browser.put_in("ada-blue-second-set", "1").await;
    let page = browser.post("/checkout", &filled(&shown, &[])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one(".form-error[autofocus]").is_empty());
    assert_eq!(page.one(".sums-total dd"), "$21.49");
    let answer = browser.post("/checkout", &filled(&Shown::from(&page), &[])).await;
    assert!(answer.header("location").starts_with("/orders/"), "{}", answer.text());
}

#[tokio::test]
async fn what_leaves_the_shop_during_the_checkout_is_told_before_anything_is_bought() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    browser.put_in("ada-blue-second-set", "1").await;
    shop.remove("Second Set");
    let page = browser.post("/checkout", &filled(&shown, &[])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one(".form-error[autofocus]").is_empty());
    assert_eq!(page.texts(".order-line-gone").len(), 1);
    assert_eq!(page.attributes("#firstName", "value"), ["Ada"]);
    assert!(browser.open("/account/orders").await.html(".order-number").is_empty());
}

#[tokio::test]
async fn an_empty_cart_cannot_be_ordered() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    browser.post("/cart/empty", &[]).await;
    for answer in [
        browser.get("/checkout").await,
        browser.post("/checkout", &filled(&shown, &[])).await,
        browser.post("/checkout/promotion", &filled(&shown, &[])).await,
    ] {
        assert_eq!(answer.header("location"), "/cart");
    }
}

#[tokio::test]
async fn a_session_that_ends_during_the_checkout_leads_to_the_sign_in_and_back_with_the_cart() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "2").await;
    let phone = Browser::new(&shop);
    phone.sign_in(ADA).await;
    phone.post("/account/sign-out-everywhere", &[]).await;
    for path in ["/checkout", "/checkout/promotion"] {
        let answer = browser.post(path, &filled(&shown, &[])).await;
        assert_eq!(answer.header("location"), "/sign-in?return=%2Fcheckout", "{path}");
    }
    assert_eq!(
        browser
            .open("/sign-in?return=%2Fcheckout")
            .await
            .attributes("[name='return']", "value"),
        ["/checkout"]
    );
    assert_eq!(browser.sign_in(ADA).await, "/account");
    assert_eq!(
        browser.open("/checkout").await.one("#cart-link .unseen"),
        "Cart, 2 copies"
    );
}

#[tokio::test]
async fn an_order_is_its_owners_alone() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    let placed = browser.post("/checkout", &filled(&shown, &[])).await;
    let path = placed.header("location").split('?').next().unwrap();
    browser.open(path).await;
    let other = Browser::of_customer(&shop, "eve@example.com").await;
    for path in [path, "/orders/K7QF-3MXN-2P", "/orders/x", "/orders/%00"] {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        shop.get(path).await.header("location"),
        format!("/sign-in?return=%2F{}", &path[1..].replace('/', "%2F"))
    );
}

#[tokio::test]
async fn the_address_of_the_last_order_is_filled_in() {
    let shop = Visitor::new().await;
    let (browser, shown) = customer_with(&shop, "1").await;
    assert_eq!(browser.open("/checkout").await.attributes("#email", "value"), [ADA]);
    browser.post("/checkout", &filled(&shown, &[])).await;
    browser.put_in(TEAL, "1").await;
    let page = browser.open("/checkout").await;
    assert_eq!(page.attributes("#firstName", "value"), ["Ada"]);
    assert_eq!(page.attributes("#country option[selected]", "value"), ["GB"]);
    assert_ne!(Shown::from(&page).key, shown.key);
}

#[tokio::test]
async fn browsers_know_what_each_field_is_for() {
    let shop = Visitor::new().await;
    let (browser, _) = customer_with(&shop, "1").await;
    let page = browser.open("/checkout").await;
    assert_eq!(
        page.attributes(".address-form [autocomplete]", "autocomplete"),
        [
            "given-name",
            "family-name",
            "address-line1",
            "postal-code",
            "address-level2",
            "address-level1",
            "country",
            "tel",
            "email"
        ]
    );
    assert_eq!(page.attributes("#phone, #email", "inputmode"), ["tel", "email"]);
    assert_eq!(
        page.html("form[method='post'][novalidate] #country option").len(),
        page.html("#country option").len()
    );
}

#[tokio::test]
async fn many_orders_are_listed_page_by_page() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, ADA).await;
    let mut numbers = Vec::new();
    for _ in 0..21 {
        browser.put_in(TEAL, "1").await;
        let shown = Shown::from(&browser.open("/checkout").await);
        let placed = browser.post("/checkout", &filled(&shown, &[])).await;
        let number = placed
            .header("location")
            .trim_start_matches("/orders/")
            .trim_end_matches("?placed=yes")
            .to_owned();
        numbers.insert(0, number);
    }
    let first = browser.open("/account/orders").await;
    assert_eq!(first.texts(".order-number"), numbers[..20]);
    let older = first.attributes(".pages-step", "href");
    let last = browser.open(&older[0]).await;
    assert_eq!(last.texts(".order-number"), numbers[20..]);
    assert_eq!(last.attributes(".pages-step", "href"), ["/account/orders"]);
    assert_eq!(
        browser.get("/account/orders?after=forged").await.status,
        StatusCode::NOT_FOUND
    );
}
