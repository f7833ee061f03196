//! The home page.

use crate::shop;
use crate::visitor::Visitor;

#[tokio::test]
async fn the_six_best_sellers_come_first_then_the_newest_without_them() {
    let page = Visitor::new().await.open("/").await;
    assert_eq!(page.one("title"), "Music Store: records for every mood");
    let best = page.texts("section[aria-labelledby='best-sellers'] .card-title");
    assert_eq!(best.len(), 6);
    assert_eq!(best[0], "Kind of Teal");
    let newest = page.texts("section[aria-labelledby='newest'] .card-title");
    assert_eq!(newest.len(), 12);
    assert!(newest.iter().all(|title| !best.contains(title)), "{newest:?}");
}

#[tokio::test]
async fn every_genre_has_a_tile() {
    let page = Visitor::new().await.open("/").await;
    let tiles = page.attributes("a.tile", "href");
    assert_eq!(tiles.len(), 15);
    assert!(tiles.contains(&"/genres/r-and-b".to_owned()));
}

#[tokio::test]
async fn an_empty_shop_says_so() {
    let page = Visitor::with(shop::EMPTY).await.open("/").await;
    assert_eq!(page.one(".empty"), "The shelves are still empty. Come back soon.");
    assert!(page.texts(".card").is_empty());
}

#[tokio::test]
async fn a_card_shows_cover_title_artist_price_and_year() {
    let page = Visitor::new().await.open("/").await;
    let card = "#album-ada-blue-kind-of-teal";
    assert_eq!(page.one(&format!("{card} .card-title")), "Kind of Teal");
    assert_eq!(
        page.attributes(&format!("{card} .card-link"), "href"),
        ["/albums/ada-blue-kind-of-teal"]
    );
    assert_eq!(
        page.attributes(&format!("{card} .card-artist a"), "href"),
        ["/artists/ada-blue"]
    );
    assert_eq!(
        page.attributes(&format!("{card} img"), "src"),
        ["https://covers.example/teal.jpg"]
    );
    assert_eq!(page.one(&format!("{card} .price")), "$8.99");
    assert_eq!(page.attributes(&format!("{card} .price"), "value"), ["8.99"]);
    assert_eq!(page.one(&format!("{card} .year")), "1971");
}
