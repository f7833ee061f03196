//! The page of an album.

use crate::visitor::Visitor;

#[tokio::test]
async fn an_album_shows_what_is_known_of_it() {
    let page = Visitor::new().await.open("/albums/ada-blue-kind-of-teal").await;
    assert_eq!(page.one("h1"), "Kind of Teal");
    assert_eq!(page.one(".album-artist"), "by Ada Blue");
    assert_eq!(page.one(".price-big"), "$8.99");
    assert_eq!(
        page.attributes(".album-cover img", "src"),
        ["https://covers.example/teal.jpg"]
    );
    assert_eq!(
        page.attributes(".album-cover img", "alt"),
        ["Cover of Kind of Teal by Ada Blue"]
    );
    assert_eq!(page.texts(".facts dd"), ["1 March 1971", "3"]);
    assert_eq!(
        page.texts(".tracks li"),
        ["1 So How 9:22", "2 Freddie 9:46", "3 Untimed"]
    );
    assert_eq!(page.one("title"), "Kind of Teal by Ada Blue · Music Store");
}

#[tokio::test]
async fn the_playing_time_is_shown_where_every_track_is_timed() {
    let page = Visitor::new().await.open("/albums/ada-blue-second-set").await;
    assert_eq!(page.texts(".facts dd"), ["March 1971", "2", "1 h 7 min"]);
    assert_eq!(page.texts(".track-length"), ["3:00", "1:04:05"]);
}

#[tokio::test]
async fn more_by_the_artist_leaves_out_the_album_itself() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/albums/ada-blue-kind-of-teal").await;
    assert_eq!(page.one("#more"), "More by Ada Blue");
    assert_eq!(page.texts(".band .card-title"), ["Second Set"]);
    let prolific = visitor.open("/albums/the-pebbles-stone-03").await;
    assert_eq!(prolific.texts(".band .card-title").len(), 6);
}

#[tokio::test]
async fn hostile_names_stay_text() {
    let visitor = Visitor::new().await;
    let shelf = visitor.open("/genres/r-and-b").await;
    let link = shelf.attributes(".card-link", "href").remove(0);
    let page = visitor.open(&link).await;
    assert_eq!(page.one("h1"), "</script><script>alert(\"1\")</script> & \"Sons\"");
    assert_eq!(page.one(".track-title"), "<i>Intro</i>");
    assert_eq!(page.one(".album-artist"), "by Ol' <b>Crew</b>");
    assert!(
        page.html("script:not([src]):not([type='application/ld+json']), h1 :not(bdi), .track-title i")
            .is_empty()
    );
    assert!(!page.text().contains("<script>alert"));
    assert_eq!(
        page.data("MusicAlbum")["name"],
        "</script><script>alert(\"1\")</script> & \"Sons\""
    );
}

#[tokio::test]
async fn machines_read_the_album_and_its_offer() {
    let page = Visitor::new().await.open("/albums/ada-blue-kind-of-teal").await;
    let album = page.data("MusicAlbum");
    assert_eq!(album["byArtist"]["name"], "Ada Blue");
    assert_eq!(album["datePublished"], "1971-03-01");
    assert_eq!(album["url"], "https://shop.example/albums/ada-blue-kind-of-teal");
    assert_eq!(album["track"][0]["duration"], "PT9M22S");
    assert_eq!(album["offers"]["price"], "8.99");
    assert_eq!(album["offers"]["priceCurrency"], "USD");
    assert_eq!(
        page.attributes("meta[property='og:image']", "content"),
        ["https://covers.example/teal.jpg"]
    );
    assert_eq!(page.attributes("meta[property='og:type']", "content"), ["music.album"]);
}

#[tokio::test]
async fn an_album_without_a_picture_gets_a_drawn_cover_that_is_there() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/albums/ada-blue-second-set").await;
    let cover = page.attributes(".album-cover img", "src").remove(0);
    assert!(cover.starts_with("/covers/"), "{cover}");
    assert_eq!(visitor.open(&cover).await.header("content-type"), "image/svg+xml");
    // Those who show links show no SVG.
    assert!(page.attributes("meta[property='og:image']", "content").is_empty());
    let album = page.data("MusicAlbum");
    assert_eq!(album["image"], format!("https://shop.example{cover}"));
    let bare = visitor.open("/albums/the-pebbles-stone-01").await.data("MusicAlbum");
    for unknown in ["track", "numTracks"] {
        assert!(album.get(unknown).is_some() && bare.get(unknown).is_none(), "{unknown}");
    }
}
