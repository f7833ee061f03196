//! The drawn covers.

use std::collections::HashSet;

use axum::http::StatusCode;

use crate::visitor::Visitor;

const GENRES: [&str; 16] = [
    "alternative",
    "blues",
    "classical",
    "country",
    "electronic",
    "indie",
    "jazz",
    "latin",
    "metal",
    "pop",
    "punk",
    "r-and-b",
    "rap",
    "rock",
    "world",
    "polka",
];

fn cover(genre: &str, seed: u64) -> String {
    format!("/covers/1/{genre}/{seed:016x}.svg")
}

/// Whether every element of an SVG is closed in order, and every attribute quoted.
fn is_well_formed(svg: &str) -> bool {
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let Some((tag, text)) = tag.split_once('>') else {
            return false;
        };
        if !text.trim().is_empty() || tag.matches('\'').count() % 2 == 1 || tag.contains('&') {
            return false;
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) if open.pop() != Some(name) => return false,
            (false, false) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

#[tokio::test]
async fn covers_are_small_well_formed_and_without_words() {
    let visitor = Visitor::with("genre,artist,title,price\n").await;
    for genre in GENRES {
        for seed in (0..u64::MAX).step_by(usize::MAX / 7) {
            let picture = visitor.open(&cover(genre, seed)).await;
            assert!(is_well_formed(picture.text()), "{genre} {seed}: {}", picture.text());
            assert!(
                picture.body.len() < 4096,
                "{genre} {seed}: {} bytes",
                picture.body.len()
            );
            assert!(!picture.text().contains("<text"), "{genre} {seed}");
        }
    }
}

#[tokio::test]
async fn a_cover_stays_and_others_differ() {
    let visitor = Visitor::with("genre,artist,title,price\n").await;
    let mut seen = HashSet::new();
    for genre in GENRES {
        for seed in [1, 2, 3] {
            let picture = visitor.open(&cover(genre, seed)).await;
            assert_eq!(picture.body, visitor.open(&cover(genre, seed)).await.body, "{genre}");
            // A genre that has no look of its own borrows one.
            assert!(seen.insert(picture.body) || genre == "polka", "{genre} {seed}");
        }
    }
}

#[tokio::test]
async fn a_cover_is_kept_for_ever_and_may_do_nothing() {
    let visitor = Visitor::with("genre,artist,title,price\n").await;
    let picture = visitor.open(&cover("jazz", 7)).await;
    assert_eq!(picture.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(
        picture.header("content-security-policy"),
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    );
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn an_address_that_the_shop_does_not_write_is_not_found() {
    let visitor = Visitor::with("genre,artist,title,price\n").await;
    for path in [
        "/covers/2/jazz/0000000000000007.svg",
        "/covers/01/jazz/0000000000000007.svg",
        "/covers/1/Jazz/0000000000000007.svg",
        "/covers/1/j%20z/0000000000000007.svg",
        "/covers/1/jazz/7.svg",
        "/covers/1/jazz/000000000000000G.svg",
        "/covers/1/jazz/000000000000000A.svg",
        "/covers/1/jazz/+000000000000007.svg",
        "/covers/1/jazz/0000000000000007.png",
        "/covers/1/jazz/0000000000000007",
        "/covers/1/%ff/0000000000000007.svg",
    ] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
