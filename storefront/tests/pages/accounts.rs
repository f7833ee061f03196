//! Signing up, in and out, passwords, and the account.

use axum::http::StatusCode;

use crate::browser::{Browser, PASSWORD};
use crate::visitor::Visitor;

const TEAL: &str = "ada-blue-kind-of-teal";
const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_guest_who_signs_up_confirms_by_a_button_and_goes_on_with_the_cart() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "2").await;
    let guest = browser.cookie();
    browser.sign_up(ADA).await;
    assert_eq!(browser.open("/sign-up/sent").await.one("h1"), "Look into your mail");

    let token = shop.token_mailed_to(ADA, "/confirm").await;
    let link = format!("/confirm?token={token}");
    for _ in 0..2 {
        let page = browser.open(&link).await;
        assert_eq!(
            page.attributes("form[action='/confirm'][method='post'] [name='token']", "value"),
            [token.as_str()]
        );
        assert_eq!(page.one("main form button"), "Yes, this is my address");
    }
    assert_eq!(
        browser.get("/account").await.header("location"),
        "/sign-in?return=%2Faccount"
    );
    let answer = browser.post("/confirm", &[("token", &token)]).await;
    assert_eq!(answer.header("location"), "/cart");
    assert_ne!(browser.cookie(), guest);
    let page = browser.open("/account").await;
    assert!(page.one(".lead").starts_with(ADA));
    assert_eq!(page.one(".account-word"), "Account");
    assert_eq!(page.one("#cart-link .unseen"), "Cart, 2 copies");
}

#[tokio::test]
async fn a_link_works_once() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.sign_up(ADA).await;
    let token = shop.token_mailed_to(ADA, "/confirm").await;
    assert_eq!(
        browser.post("/confirm", &[("token", &token)]).await.header("location"),
        "/account?done=confirmed"
    );
    assert!(
        browser
            .open("/account?done=confirmed")
            .await
            .one(".notice")
            .contains("Welcome")
    );
    for token in [token.as_str(), "", "forged", &"x".repeat(5000)] {
        let page = browser.post("/confirm", &[("token", token)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{token}");
        assert!(!page.one(".form-error[autofocus]").is_empty(), "{token}");
        assert!(page.html("form[action='/confirm']").is_empty(), "{token}");
    }
}

#[tokio::test]
async fn whoever_confirms_in_another_browser_signs_in_there() {
    let shop = Visitor::new().await;
    Browser::new(&shop).sign_up(ADA).await;
    let token = shop.token_mailed_to(ADA, "/confirm").await;
    let phone = Browser::new(&shop);
    let answer = phone.post("/confirm", &[("token", &token)]).await;
    assert_eq!(answer.header("location"), "/sign-in?done=confirmed");
    assert!(
        phone
            .open("/sign-in?done=confirmed")
            .await
            .one(".notice")
            .contains("confirmed")
    );
    assert_eq!(phone.sign_in(ADA).await, "/account");
    phone.open("/account").await;
}

#[tokio::test]
async fn a_sign_up_with_everything_wrong_says_everything_at_once_and_keeps_the_address() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let page = browser
        .post("/sign-up", &[("email", "nobody\"@"), ("password", "short")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        page.attributes("#email[aria-invalid='true'][autofocus]", "value"),
        ["nobody\"@"]
    );
    assert_eq!(page.attributes("#email", "aria-describedby"), ["email-error"]);
    assert_eq!(
        page.attributes("#password[aria-invalid='true']:not([autofocus])", "value"),
        [""]
    );
    assert_eq!(
        page.attributes("#password", "aria-describedby"),
        ["password-hint password-error"]
    );
    for error in ["#email-error", "#password-error"] {
        assert!(!page.one(error).is_empty());
    }
}

#[tokio::test]
async fn nothing_tells_whether_an_address_has_an_account() {
    let shop = Visitor::new().await;
    let _customer = Browser::of_customer(&shop, ADA).await;
    for email in [ADA, "nobody@example.com"] {
        let browser = Browser::new(&shop);
        browser.sign_up(email).await;
        let forgotten = browser.post("/forgotten-password", &[("email", email)]).await;
        assert_eq!(forgotten.header("location"), "/forgotten-password/sent", "{email}");
        let wrong = browser
            .post("/sign-in", &[("email", email), ("password", "not the password")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        assert_eq!(wrong.texts(".form-error, .field-error").len(), 1, "{email}");
    }
}

#[tokio::test]
async fn a_sign_in_gives_a_new_session_whatever_was_there_before() {
    let shop = Visitor::new().await;
    let _first = Browser::of_customer(&shop, ADA).await;
    let attacker = Browser::new(&shop);
    attacker.put_in(TEAL, "1").await;
    let fixed = attacker.cookie();
    let victim = Browser::new(&shop);
    victim.set_cookie(&fixed);
    assert_eq!(victim.sign_in(ADA).await, "/account");
    assert_ne!(victim.cookie(), fixed);
    assert_eq!(attacker.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(victim.cart_says().await, "Cart, 1 copy");
}

#[tokio::test]
async fn the_browser_keeps_the_session_only_when_asked_to() {
    let shop = Visitor::new().await;
    let _first = Browser::of_customer(&shop, ADA).await;
    for (remember, kept) in [(true, true), (false, false)] {
        let browser = Browser::new(&shop);
        let mut form = vec![("email", ADA), ("password", PASSWORD)];
        if remember {
            form.push(("remember", "yes"));
        }
        let answer = browser.post("/sign-in", &form).await;
        assert_eq!(answer.header("set-cookie").contains("Max-Age=2592000"), kept);
        let page = browser.open("/account").await;
        assert_eq!(page.header("set-cookie").contains("Max-Age=2592000"), kept);
        assert_eq!(page.header("set-cookie").is_empty(), !kept);
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_the_way_back() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let form = [
        ("email", ADA),
        ("password", "not the password"),
        ("remember", "yes"),
        ("return", "/checkout"),
    ];
    let page = browser.post("/sign-in", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attributes("#email", "value"), [ADA]);
    assert_eq!(page.attributes("#password", "value"), [""]);
    assert_eq!(page.html("#remember[checked]").len(), 1);
    assert_eq!(page.attributes("[name='return']", "value"), ["/checkout"]);
    assert_eq!(page.attributes("#password", "autocomplete"), ["current-password"]);
    assert!(!page.text().contains("not the password"));
}

#[tokio::test]
async fn whoever_guesses_too_often_is_told_to_wait() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let guess = async || {
        browser
            .post("/sign-in", &[("email", ADA), ("password", "a wrong guess")])
            .await
    };
    let mut page = guess().await;
    for _ in 0..50 {
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        page = guess().await;
    }
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(!page.one(".form-error[autofocus]").is_empty());
}

#[tokio::test]
async fn a_sign_in_leads_back_to_pages_of_the_shop_only() {
    let shop = Visitor::new().await;
    let _first = Browser::of_customer(&shop, ADA).await;
    for (back, to) in [
        ("/checkout", "/checkout"),
        ("/orders/K7QF-3MXN-2P", "/orders/K7QF-3MXN-2P"),
        ("", "/account"),
        ("//evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("/\t/evil.example", "/account"),
        ("/x\r\nset-cookie: a=b", "/account"),
    ] {
        let browser = Browser::new(&shop);
        let answer = browser
            .post("/sign-in", &[("email", ADA), ("password", PASSWORD), ("return", back)])
            .await;
        assert_eq!(answer.header("location"), to, "{back:?}");
        // The same for who is signed in already.
        let answer = browser.get("/sign-in?return=https://evil.example").await;
        assert_eq!(answer.header("location"), "/account");
    }
}

#[tokio::test]
async fn a_cart_follows_its_customer_and_stays_when_the_customer_goes() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, ADA).await;
    browser.put_in(TEAL, "98").await;
    let page = browser.open("/account").await;
    assert_eq!(page.attributes(".account-out", "action"), ["/sign-out"]);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(browser.cookie(), "");
    let page = browser.open(out.header("location")).await;
    assert_eq!(page.one(".notice"), "You are signed out. See you soon.");
    assert_eq!(browser.cart_says().await, "Cart, empty");
    // What a guest puts in is added, up to what a line holds.
    browser.put_in(TEAL, "3").await;
    browser.sign_in(ADA).await;
    assert_eq!(browser.cart_says().await, "Cart, 99 copies");
    let phone = Browser::new(&shop);
    phone.sign_in(ADA).await;
    assert_eq!(phone.cart_says().await, "Cart, 99 copies");
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_every_session_ends() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, ADA).await;
    let guest = Browser::new(&shop);
    let page = guest.post("/forgotten-password", &[("email", "ada")]).await;
    assert_eq!(
        (page.status, page.attributes("#email", "value")),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["ada".to_owned()])
    );
    guest.post("/forgotten-password", &[("email", ADA)]).await;
    let token = shop.token_mailed_to(ADA, "/reset-password").await;
    let page = guest.open(&format!("/reset-password?token={token}")).await;
    assert_eq!(page.attributes("#newPassword", "autocomplete"), ["new-password"]);
    let short = guest
        .post("/reset-password", &[("token", &token), ("newPassword", "short")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!short.one("#newPassword-error").is_empty());
    assert_eq!(short.attributes("[name='token']", "value"), [token.as_str()]);

    let form = [
        ("token", token.as_str()),
        ("newPassword", "another four words in a row"),
    ];
    assert_eq!(
        guest.post("/reset-password", &form).await.header("location"),
        "/sign-in?done=reset"
    );
    assert_eq!(
        guest.post("/reset-password", &form).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        browser.get("/account").await.header("location"),
        "/sign-in?return=%2Faccount"
    );
    let form = [("email", ADA), ("password", "another four words in a row")];
    assert_eq!(guest.post("/sign-in", &form).await.header("location"), "/account");
}

#[tokio::test]
async fn a_changed_password_ends_the_sessions_everywhere_else() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, ADA).await;
    let phone = Browser::new(&shop);
    phone.sign_in(ADA).await;
    let wrong = browser
        .post(
            "/account/password",
            &[("currentPassword", "not this"), ("newPassword", "short")],
        )
        .await;
    assert_eq!(
        (wrong.status, wrong.header("hx-push-url")),
        (StatusCode::UNPROCESSABLE_ENTITY, "/account")
    );
    assert_eq!(wrong.texts("main .field-error").len(), 2);
    assert_eq!(wrong.html("#currentPassword[aria-invalid='true'][autofocus]").len(), 1);

    let form = [
        ("currentPassword", PASSWORD),
        ("newPassword", "another four words in a row"),
    ];
    assert_eq!(
        browser.post("/account/password", &form).await.header("location"),
        "/account?done=password"
    );
    assert!(
        browser
            .open("/account?done=password")
            .await
            .one(".notice")
            .contains("changed")
    );
    assert_eq!(
        phone.get("/account").await.header("location"),
        "/sign-in?return=%2Faccount"
    );
    let late = phone.post("/account/password", &form).await;
    assert_eq!(late.header("location"), "/sign-in?return=%2Faccount");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_together() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, ADA).await;
    let (phone, tablet) = (Browser::new(&shop), Browser::new(&shop));
    phone.sign_in(ADA).await;
    tablet.sign_in(ADA).await;
    let page = browser.open("/account").await;
    assert_eq!(page.texts(".session").len(), 3);
    assert_eq!(page.texts(".session-current").len(), 1);
    let ids = page.attributes(".session [name='session']", "value");
    assert_eq!(ids.len(), 2);
    for id in [ids[0].as_str(), "", "forged"] {
        let answer = browser.post("/account/revoke", &[("session", id)]).await;
        let ended = id == ids[0];
        assert_eq!(answer.header("location"), if ended { "/account" } else { "" }, "{id}");
        assert!(ended || answer.status == StatusCode::NOT_FOUND, "{id}");
    }
    assert_eq!(browser.open("/account").await.texts(".session").len(), 2);
    // Nobody ends what is not theirs.
    let other = Browser::of_customer(&shop, "eve@example.com").await;
    let answer = other.post("/account/revoke", &[("session", &ids[1])]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    let out = browser.post("/account/sign-out-everywhere", &[]).await;
    let page = browser.open(out.header("location")).await;
    assert_eq!(page.one(".notice"), "You are signed out on all your devices.");
    for gone in [&browser, &phone, &tablet] {
        assert_eq!(gone.get("/account").await.status, StatusCode::SEE_OTHER);
    }
    other.open("/account").await;
}

#[tokio::test]
async fn a_session_is_listed_as_the_browser_that_it_is_of() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop).called("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    browser.become_customer(ADA).await;
    assert!(
        browser
            .open("/account")
            .await
            .one(".session strong")
            .starts_with("Firefox on Linux")
    );
}

#[tokio::test]
async fn what_is_the_customers_leads_others_to_the_sign_in_and_back() {
    let shop = Visitor::new().await;
    for (path, to) in [
        ("/account", "/sign-in?return=%2Faccount"),
        ("/account/orders", "/sign-in?return=%2Faccount%2Forders"),
        ("/orders/K7QF-3MXN-2P", "/sign-in?return=%2Forders%2FK7QF-3MXN-2P"),
        ("/checkout", "/sign-in?return=%2Fcheckout"),
    ] {
        let answer = shop.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, to),
            "{path}"
        );
    }
}
