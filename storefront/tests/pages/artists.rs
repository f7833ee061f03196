//! The pages of artists.

use std::fmt::Write;

use axum::http::StatusCode;

use crate::visitor::Visitor;

#[tokio::test]
async fn artists_are_listed_with_their_counts() {
    let page = Visitor::new().await.open("/artists").await;
    let artists = page.texts(".artist");
    assert!(artists.contains(&"Ada Blue 2 albums".to_owned()), "{artists:?}");
    assert!(artists.contains(&"אריק אינשטיין 1 album".to_owned()), "{artists:?}");
}

#[tokio::test]
async fn many_artists_are_on_numbered_pages() {
    let albums = (0..130).fold("genre,artist,title,price\n".to_owned(), |mut csv, number| {
        writeln!(csv, "Pop,Singer {number:03},Songs,5.00").unwrap();
        csv
    });
    let visitor = Visitor::with(&albums).await;
    let page = visitor.open("/artists?page=3").await;
    assert_eq!(page.texts(".artist-name").first().unwrap(), "Singer 120");
    assert_eq!(page.texts(".artist-name").len(), 10);
    assert_eq!(
        page.attributes(".pages ol a", "href"),
        ["/artists", "/artists?page=2", "/artists?page=3"]
    );
    assert_eq!(visitor.get("/artists?page=4").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_artist_shows_the_newest_album_first_and_loads_more() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/artists/the-pebbles").await;
    assert_eq!(page.one("h1"), "The Pebbles");
    assert_eq!(page.texts(".card-title")[0], "Stone 60");
    let part = visitor.get_part(&page.attributes(".load-more", "hx-get")[0]).await;
    let next = visitor.open("/artists/the-pebbles?page=2").await;
    assert_eq!(part.html("#page-2"), next.html("#page-2"));
    assert_eq!(page.data("MusicGroup")["name"], "The Pebbles");
}

#[tokio::test]
async fn names_in_other_scripts_have_a_page() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/genres/world").await;
    let artist = page.attributes(".card-artist a", "href").remove(0);
    assert_eq!(visitor.open(&artist).await.one("h1"), "אריק אינשטיין");
}
