//! Pages that are remembered: alike for everybody without a session, and never longer than they are true.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::visitor::Visitor;

const TEAL: &str = "/albums/ada-blue-kind-of-teal";

#[tokio::test]
async fn a_page_is_made_once_while_nothing_changes() {
    let shop = Visitor::new().await;
    let first = shop.open("/genres/jazz").await;
    assert_eq!(shop.asked().len(), 1);
    let again = shop.open("/genres/jazz").await;
    assert_eq!(shop.asked().len(), 0);
    assert_eq!(again.body, first.body);
    for header in [
        "content-type",
        "cache-control",
        "vary",
        "etag",
        "content-security-policy",
    ] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    let known = shop
        .get_with("/genres/jazz", &[("if-none-match", first.header("etag"))])
        .await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));

    // The part that htmx gets, a packed page and another address are other pages.
    let part = shop.get_part("/genres/rock?page=2").await;
    let page = shop.open("/genres/rock?page=2").await;
    assert_ne!(part.body, page.body);
    let packed = shop.get_with("/genres/jazz", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(shop.open("/genres/jazz").await.header("content-encoding"), "");
    let twice = [("accept-encoding", ""), ("accept-encoding", "br")];
    assert_eq!(shop.get_with("/artists", &twice).await.header("content-encoding"), "br");
    let plain = shop.get_with("/artists", &[("accept-encoding", "")]).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(shop.open("/artists").await.header("content-encoding"), "");
}

#[tokio::test]
async fn a_changed_price_is_on_the_page_in_a_moment() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    assert!(browser.open(TEAL).await.text().contains("$8.99"));
    shop.price("Kind of Teal", 777);
    let page = browser.open_changed(TEAL, "data.price-big[value='7.77']").await;
    assert!(!page.text().contains("$8.99"));
}

#[tokio::test]
async fn what_somebody_with_a_session_sees_is_for_nobody_else() {
    let shop = Visitor::new().await;
    let ann = Browser::of_customer(&shop, "ann@example.com").await;
    ann.put_in("ada-blue-kind-of-teal", "3").await;
    let hers = ann.open("/genres/jazz").await;
    assert!(hers.text().contains("Cart, 3"), "{}", hers.text());
    let others = shop.open("/genres/jazz").await;
    assert!(!others.text().contains("Cart, 3"));
    // Nor does she get what was remembered for others.
    assert!(ann.open("/genres/jazz").await.text().contains("Cart, 3"));
    assert_eq!(others.header("set-cookie"), "");
}
