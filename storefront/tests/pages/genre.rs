//! The pages of genres: their lists, filters and parts.

use axum::http::StatusCode;

use crate::visitor::Visitor;

#[tokio::test]
async fn all_genres_are_listed_with_their_counts() {
    let page = Visitor::new().await.open("/genres").await;
    assert_eq!(page.texts(".genre-card").len(), 15);
    let rock = page.texts(".genre-card[data-genre='rock'] .genre-count");
    assert_eq!(rock, ["60 albums"]);
    assert_eq!(page.texts(".genre-card[data-genre='metal'] .genre-count"), ["1 album"]);
    assert_eq!(page.html(".genre-card[data-genre='rock'] .fan img").len(), 3);
}

#[tokio::test]
async fn a_genre_shows_its_best_sellers_first_and_links_to_every_page() {
    let page = Visitor::new().await.open("/genres/rock").await;
    assert_eq!(page.one("h1"), "Rock");
    assert_eq!(page.one(".count"), "60 albums");
    let titles = page.texts(".card-title");
    assert_eq!((titles.len(), titles[0].as_str()), (24, "Stone 01"));
    assert_eq!(
        page.attributes(".pages ol a", "href"),
        ["/genres/rock", "/genres/rock?page=2", "/genres/rock?page=3"]
    );
    assert_eq!(page.one(".pages [aria-current='page']"), "1");
    assert_eq!(page.attributes(".load-more", "href"), ["/genres/rock?page=2"]);
    assert_eq!(page.one(".load-more"), "Show 24 more");
}

#[tokio::test]
async fn the_last_page_has_the_rest_and_no_way_on() {
    let page = Visitor::new().await.open("/genres/rock?page=3").await;
    assert_eq!(page.texts(".card-title").len(), 12);
    assert!(page.texts(".load-more, [rel='next']").is_empty());
    assert_eq!(page.attributes("[rel='prev']", "href"), ["/genres/rock?page=2"]);
    assert_eq!(page.one("title"), "Rock, page 3 · Music Store");
}

#[tokio::test]
async fn links_keep_the_order_and_the_filter() {
    let page = Visitor::new()
        .await
        .open("/genres/rock?sort=-price&min=2&max=9,50")
        .await;
    assert_eq!(
        page.attributes(".load-more", "href"),
        ["/genres/rock?sort=-price&min=2&max=9%2C50&page=2"]
    );
    assert_eq!(page.texts(".price")[0], "$8.99");
    assert_eq!(page.attributes("option[selected]", "value"), ["-price"]);
    assert_eq!(page.attributes("#min, #max", "value"), ["2", "9,50"]);
    assert_eq!(page.attributes(".filter-clear", "href"), ["/genres/rock"]);
}

#[tokio::test]
async fn every_order_puts_the_right_album_first() {
    let visitor = Visitor::new().await;
    for (order, first) in [
        ("", "Stone 01"),
        ("title", "Stone 01"),
        ("-title", "Stone 60"),
        ("newest", "Stone 60"),
        ("oldest", "Stone 01"),
        ("bogus", "Stone 01"),
    ] {
        let page = visitor.open(&format!("/genres/rock?sort={order}")).await;
        assert_eq!(page.texts(".card-title")[0], first, "{order}");
    }
    assert_eq!(
        visitor.open("/genres/rock?sort=price").await.texts(".price")[0],
        "$0.99"
    );
}

#[tokio::test]
async fn a_price_that_makes_no_sense_is_said_beside_its_field_and_kept() {
    let visitor = Visitor::new().await;
    for (query, field, kept) in [
        ("min=abc", "min", "abc"),
        ("min=-5", "min", "-5"),
        ("max=%3Cb%3E%22", "max", "<b>\""),
        ("max=99999999999", "max", "99999999999"),
        ("min=9&max=5", "max", "5"),
    ] {
        let page = visitor.get(&format!("/genres/rock?{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let input = format!("#{field}[aria-invalid='true'][aria-describedby='{field}-error']");
        assert_eq!(page.attributes(&input, "value"), [kept], "{query}");
        assert!(!page.one(&format!("#{field}-error")).is_empty(), "{query}");
        assert!(page.texts(".card").is_empty(), "{query}");
        assert_eq!(page.header("cache-control"), "no-store", "{query}");
    }
}

#[tokio::test]
async fn a_filter_that_fits_no_album_is_not_an_error() {
    let page = Visitor::new().await.open("/genres/jazz?min=90").await;
    assert_eq!(
        page.one(".empty"),
        "No album on this shelf costs that much. Try other prices."
    );
}

#[tokio::test]
async fn a_page_number_that_is_none_is_not_found() {
    let visitor = Visitor::new().await;
    for number in ["abc", "0", "-1", "4", "99999", "99999999999999999999", "1.5", "%00"] {
        for list in ["/genres/rock", "/artists", "/artists/the-pebbles"] {
            let page = visitor.get(&format!("{list}?page={number}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{list} {number}");
            assert_eq!(page.texts(".genre-menu > ul > li").len(), 10, "{list} {number}");
        }
    }
}

#[tokio::test]
async fn load_more_gets_the_very_part_that_the_next_page_nests() {
    let visitor = Visitor::new().await;
    let first = visitor.open("/genres/rock?sort=title").await;
    let link = first.attributes(".load-more", "hx-get").remove(0);
    assert!(link.starts_with("/genres/rock?sort=title&page=2&after="), "{link}");

    let part = visitor.get_part(&link).await;
    assert_eq!(part.status, StatusCode::OK);
    assert!(
        part.text().trim_start().starts_with("<div id=\"page-2\""),
        "{}",
        part.text()
    );
    let page = visitor.open("/genres/rock?sort=title&page=2").await;
    assert_eq!(part.html("#page-2"), page.html("#page-2"));
    assert_eq!(part.attributes(".shelf", "data-loaded"), ["24 more albums loaded"]);
    assert!(part.header("vary").contains("HX-Request"), "{}", part.header("vary"));
}

#[tokio::test]
async fn without_htmx_the_same_address_is_a_whole_page() {
    let visitor = Visitor::new().await;
    let link = visitor
        .open("/genres/rock")
        .await
        .attributes(".load-more", "hx-get")
        .remove(0);
    let page = visitor.open(&link).await;
    assert_eq!(
        (page.one("h1"), page.one(".pages [aria-current='page']")),
        ("Rock".to_owned(), "2".to_owned())
    );
}

#[tokio::test]
async fn a_made_up_place_in_the_list_is_not_found() {
    let answer = Visitor::new().await.get_part("/genres/rock?page=2&after=made-up").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
