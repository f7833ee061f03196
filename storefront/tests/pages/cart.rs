//! The cart, its badge, and every change of it.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::visitor::Visitor;

const TEAL: &str = "ada-blue-kind-of-teal";
const SECOND: &str = "ada-blue-second-set";

#[tokio::test]
async fn an_empty_cart_leads_to_the_shelves() {
    let shop = Visitor::new().await;
    let page = shop.open("/cart").await;
    assert_eq!(page.texts(".empty p")[0], "Nothing in here yet.");
    assert_eq!(page.attributes(".empty a", "href"), ["/genres"]);
    assert_eq!(page.one("#cart-link .unseen"), "Cart, empty");
    assert!(page.html(".badge, #cart-link[title]").is_empty());
    assert_eq!(page.attributes("meta[name='robots']", "content"), ["noindex"]);
}

#[tokio::test]
async fn the_cart_shows_each_album_with_its_copies_and_what_they_cost() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "2").await;
    browser.put_in(SECOND, "1").await;
    browser.put_in(TEAL, "1").await;
    let page = browser.open("/cart").await;
    assert_eq!(page.texts(".line-title"), ["Kind of Teal", "Second Set"]);
    assert_eq!(page.texts(".line-artist"), ["Ada Blue", "Ada Blue"]);
    assert_eq!(page.attributes(".quantity", "value"), ["3", "1"]);
    assert_eq!(page.texts(".line-total .price"), ["$26.97", "$12.50"]);
    assert_eq!(page.one(".sum .price"), "$39.47");
    assert_eq!(page.attributes(".desk-side a", "href"), ["/checkout"]);
    assert_eq!(page.one("title"), "Your cart: 4 copies · Music Store");
}

#[tokio::test]
async fn the_badge_counts_copies_and_its_tooltip_names_albums_on_every_page() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "2").await;
    browser.put_in(SECOND, "1").await;
    for path in ["/", "/genres/rock", "/cart", "/search?q=stone", "/sign-in", "/nowhere"] {
        let page = browser.get(path).await;
        assert_eq!(
            (page.one(".badge"), page.one("#cart-link .unseen")),
            ("3".to_owned(), "Cart, 3 copies".to_owned()),
            "{path}"
        );
        assert_eq!(
            page.attributes("#cart-link", "title"),
            ["Kind of Teal\nSecond Set"],
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_card_puts_in_one_copy_and_so_does_the_form_of_the_album_unless_it_says_otherwise() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let list = browser.open("/genres/jazz").await;
    let card = list.attributes(".card-add", "value");
    assert_eq!(
        list.attributes(".card-add", "aria-label")[0],
        "Add Kind of Teal to the cart"
    );
    assert_eq!(
        browser
            .post("/cart/items", &[("album", &card[0])])
            .await
            .header("location"),
        "/cart"
    );
    let album = browser.open(&format!("/albums/{TEAL}")).await;
    assert_eq!(album.attributes("#add-to-cart #quantity", "value"), ["1"]);
    assert_eq!(album.attributes("#add-to-cart", "action"), ["/cart/items"]);
    assert_eq!(browser.cart_says().await, "Cart, 1 copy");
}

#[tokio::test]
async fn with_htmx_only_the_way_to_the_cart_is_answered_with_what_to_say() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let id = browser
        .open("/genres/world")
        .await
        .attributes(".card-add", "value")
        .remove(0);
    let part = browser
        .post_part("/cart/items", "form#add-to-cart", &[("album", &id), ("quantity", "3")])
        .await;
    assert_eq!(part.status, StatusCode::OK);
    assert_eq!(
        part.attributes("#cart-link", "data-said"),
        ["Added: עד גבול האור. 3 in the cart."]
    );
    assert_eq!(part.one(".badge"), "3");
    assert!(part.html("main").is_empty());
    assert!(!browser.cookie().is_empty());
}

#[tokio::test]
async fn the_mini_cart_tells_in_short_what_is_in_it() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    assert_eq!(
        browser.open("/cart/mini").await.texts("#mini-cart-content > p")[0],
        "Your cart is empty."
    );
    browser.put_in(TEAL, "2").await;
    let part = browser.open("/cart/mini").await;
    assert_eq!(part.texts(".mini-title"), ["Kind of Teal"]);
    assert_eq!(part.texts(".mini-facts"), ["2 copies, $17.98"]);
    assert_eq!(part.one(".mini-sum .price"), "$17.98");
    assert!(part.html("main, header").is_empty());
}

#[tokio::test]
async fn copies_are_set_taken_out_one_by_one_and_all_together() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "2").await;
    browser.put_in(SECOND, "2").await;
    let (teal, second) = (browser.id_of(TEAL).await, browser.id_of(SECOND).await);
    for (path, form, says) in [
        (
            "/cart/quantity",
            &[("album", teal.as_str()), ("quantity", " 99 ")][..],
            "Cart, 101 copies",
        ),
        (
            "/cart/quantity",
            &[("album", &teal), ("quantity", "1")],
            "Cart, 3 copies",
        ),
        ("/cart/remove", &[("album", &second), ("copies", "1")], "Cart, 2 copies"),
        ("/cart/remove", &[("album", &teal)], "Cart, 1 copy"),
        ("/cart/remove", &[("album", &teal)], "Cart, 1 copy"),
        ("/cart/empty", &[], "Cart, empty"),
    ] {
        assert_eq!(
            browser.post(path, form).await.header("location"),
            "/cart",
            "{path} {form:?}"
        );
        assert_eq!(browser.cart_says().await, says, "{path} {form:?}");
    }
}

#[tokio::test]
async fn what_is_no_quantity_is_said_next_to_the_field_which_keeps_it() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(SECOND, "1").await;
    browser.put_in(TEAL, "1").await;
    let id = browser.id_of(TEAL).await;
    for typed in [
        "0",
        "-1",
        "100",
        "1e9",
        "1000000000",
        "99999999999999999999",
        "x",
        "",
        "1.5",
        "<b>",
    ] {
        let form = [("album", id.as_str()), ("quantity", typed)];

        let page = browser.post("/cart/quantity", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(page.header("hx-push-url"), "/cart", "{typed}");
        assert_eq!(page.attributes(".quantity", "value"), ["1", typed]);
        let described = page.attributes(".quantity[aria-invalid='true'][autofocus]", "aria-describedby");
        assert!(page.one(&format!("#{}", described[0])).contains("1 to 99"), "{typed}");

        let page = browser.post("/cart/items", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(page.header("hx-push-url"), format!("/albums/{TEAL}"), "{typed}");
        assert_eq!(
            page.attributes("#quantity[aria-invalid='true'][autofocus]", "value"),
            [typed]
        );
        assert!(page.one("#quantity-error").contains("1 to 99"), "{typed}");

        let part = browser.post_part("/cart/items", "form#add-to-cart", &form).await;
        assert_eq!(part.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert_eq!(part.header("hx-retarget"), "#add-to-cart", "{typed}");
        assert_eq!(part.attributes("form#add-to-cart #quantity", "value"), [typed]);
    }
    assert_eq!(browser.cart_says().await, "Cart, 2 copies");
}

#[tokio::test]
async fn more_than_99_copies_of_an_album_are_refused_wherever_they_come_from() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "99").await;
    let id = browser.id_of(TEAL).await;
    let page = browser.post("/cart/items", &[("album", &id)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one("#quantity-error").is_empty());
    let part = browser.post_part("/cart/items", "button", &[("album", &id)]).await;
    assert_eq!(part.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(part.html("#cart-link[data-refused]").len(), 1);
    assert_eq!(
        part.attributes("#cart-link", "data-said"),
        [page.one("#quantity-error")]
    );
}

#[tokio::test]
async fn an_id_that_somebody_made_up_is_a_404() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "1").await;
    let genre = "R2VucmU6MQ";
    for id in [
        "",
        "1",
        "x' OR 1=1",
        "QWxidW06OTk5OTk5",
        genre,
        "\u{fffd}",
        &"x".repeat(5000),
    ] {
        for (path, quantity) in [
            ("/cart/items", "1"),
            ("/cart/items", "x"),
            ("/cart/quantity", "1"),
            ("/cart/quantity", "x"),
            ("/cart/remove", ""),
        ] {
            let page = browser.post(path, &[("album", id), ("quantity", quantity)]).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path} {quantity} {id}");
        }
    }
    assert_eq!(browser.cart_says().await, "Cart, 1 copy");
}

#[tokio::test]
async fn what_is_sold_out_says_so_and_cannot_be_put_in() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    let id = browser.id_of(TEAL).await;
    shop.stock("Kind of Teal", 0);
    let page = browser.open_changed(&format!("/albums/{TEAL}"), ".sold-out").await;
    assert_eq!(page.one(".sold-out"), "Sold out");
    assert!(page.html("#add-to-cart button, #quantity").is_empty());
    assert_eq!(
        page.data("MusicAlbum")["offers"]["availability"],
        "https://schema.org/OutOfStock"
    );
    let page = browser.post("/cart/items", &[("album", &id)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.one("#quantity-error").is_empty());
}

#[tokio::test]
async fn a_price_that_has_changed_is_shown_and_accepted_before_the_checkout() {
    let shop = Visitor::new().await;
    let browser = Browser::of_customer(&shop, "ada@example.com").await;
    browser.put_in(TEAL, "2").await;
    shop.price("Kind of Teal", 999);
    let page = browser.open("/cart").await;
    assert_eq!(page.one(".line-notice"), "Was $8.99, now $9.99.");
    assert_eq!(page.one(".sum .price"), "$19.98");
    assert!(page.html(".desk-side a[href='/checkout']").is_empty());
    assert_eq!(browser.get("/checkout").await.header("location"), "/cart");
    assert_eq!(browser.post("/cart/accept", &[]).await.header("location"), "/cart");
    let page = browser.open("/cart").await;
    assert!(page.html(".line-notice, .notice").is_empty());
    browser.open("/checkout").await;
}

#[tokio::test]
async fn what_cannot_be_bought_any_more_says_why_and_costs_nothing() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    for (album, quantity) in [
        (TEAL, "1"),
        (SECOND, "5"),
        ("the-pebbles-stone-01", "1"),
        ("the-pebbles-stone-02", "1"),
    ] {
        browser.put_in(album, quantity).await;
    }
    shop.remove("Kind of Teal");
    shop.stock("Second Set", 2);
    shop.stock("Stone 01", 0);
    let page = browser.open("/cart").await;
    assert_eq!(
        page.texts(".line-notice"),
        ["This album has left the shop.", "Only 2 copies are left.", "Sold out."]
    );
    assert!(page.html(&format!(".lines a[href='/albums/{TEAL}']")).is_empty());
    assert_eq!(page.one(".sum .price"), "$2.99");
    let mini = browser.open("/cart/mini").await;
    assert_eq!(mini.texts(".mini-facts")[0], "1 copy. This album has left the shop.");
    browser.post("/cart/accept", &[]).await;
    let page = browser.open("/cart").await;
    assert_eq!(page.texts(".line-title"), ["Second Set", "Stone 02"]);
    assert_eq!(page.attributes(".quantity", "value"), ["2", "1"]);
}

#[tokio::test]
async fn two_tabs_change_one_cart() {
    let shop = Visitor::new().await;
    let browser = Browser::new(&shop);
    browser.put_in(TEAL, "1").await;
    let id = browser.id_of(TEAL).await;
    let form = [("album", id.as_str()), ("quantity", "1")];
    let add = || browser.post("/cart/items", &form);
    let (one, two, three, four) = tokio::join!(add(), add(), add(), add());
    for answer in [one, two, three, four] {
        assert_eq!(answer.header("location"), "/cart");
    }
    assert_eq!(browser.cart_says().await, "Cart, 5 copies");
    // What one has taken out, the other cannot set.
    browser.post("/cart/remove", &[("album", &id)]).await;
    let late = browser.post("/cart/quantity", &form).await;
    assert_eq!(late.header("location"), "/cart");
}
