//! What browsers and crawlers read: headers, assets, the sitemap.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::visitor::{Answer, Visitor};

#[tokio::test]
async fn every_kind_of_answer_has_the_security_headers() {
    let visitor = Visitor::new().await;
    let mut answers = Vec::new();
    let pages = [
        "/",
        "/nowhere",
        "/genres/",
        "/genres/rock?min=x",
        "/search?q=stone&min=x",
        "/search/suggestions?q=stone",
        "/robots.txt",
        "/sitemap.xml",
        "/livez",
    ];
    for path in pages.into_iter().chain(["/covers/1/rock/0123456789abcdef.svg"]) {
        answers.push(visitor.get(path).await);
    }
    answers.push(visitor.ask(Method::POST, "/").await);
    answers.push(
        visitor
            .get(&asset(&visitor, "link[rel='stylesheet']", "href").await)
            .await,
    );
    for answer in answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{} {policy}", answer.status);
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(!answer.header("permissions-policy").is_empty());
        assert_eq!(answer.header("x-request-id").len(), 32);
    }
}

async fn asset(visitor: &Visitor, selector: &str, attribute: &str) -> String {
    visitor.open("/").await.attributes(selector, attribute).remove(0)
}

#[tokio::test]
async fn assets_are_named_by_content_kept_for_ever_and_compressed() {
    let visitor = Visitor::new().await;
    for (selector, attribute, kind) in [
        ("link[rel='stylesheet']", "href", "text/css; charset=utf-8"),
        ("script[type='module']", "src", "text/javascript; charset=utf-8"),
        ("link[rel='icon']", "href", "image/svg+xml"),
    ] {
        let path = asset(&visitor, selector, attribute).await;
        let plain = visitor.open(&path).await;
        assert_eq!(plain.header("content-type"), kind);
        for coding in ["br", "gzip"] {
            let packed = visitor.get_with(&path, &[("accept-encoding", coding)]).await;
            assert_eq!(packed.header("content-encoding"), coding, "{path}");
            assert!(packed.body.len() < plain.body.len(), "{path} {coding}");
            assert_eq!(
                packed.header("cache-control"),
                "public, max-age=31536000, immutable",
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn pages_are_compressed_and_asked_about_every_time() {
    let visitor = Visitor::new().await;
    let plain = visitor.open("/genres/rock").await;
    assert_eq!(plain.header("cache-control"), "private, no-cache");
    assert_eq!(plain.header("content-type"), "text/html; charset=utf-8");
    for coding in ["br", "gzip"] {
        let packed = visitor.get_with("/genres/rock", &[("accept-encoding", coding)]).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(
            packed.body.len() < 10_000 && packed.body.len() * 3 < plain.body.len(),
            "{}",
            packed.body.len()
        );
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let visitor = Visitor::new().await;
    for path in ["/", "/genres/rock", "/nowhere", "/sitemap.xml"] {
        let (get, head) = (visitor.get(path).await, visitor.ask(Method::HEAD, path).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_no_form_sends_is_refused() {
    let visitor = Visitor::new().await;
    let request = Request::post("/")
        .header("content-length", 1 << 20)
        .body(Body::from(vec![0; 1 << 20]))
        .unwrap();
    assert_eq!(visitor.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_sitemap_leads_to_every_page() {
    let visitor = Visitor::new().await;
    let files = addresses(&visitor.open("/sitemap.xml").await);
    assert_eq!(
        files,
        [
            "/sitemaps/pages.xml",
            "/sitemaps/albums/1.xml",
            "/sitemaps/artists/1.xml"
        ]
    );
    let mut all = Vec::new();
    for file in &files {
        let file = visitor.open(file).await;
        assert_eq!(file.header("content-type"), "application/xml; charset=utf-8");
        all.extend(addresses(&file));
    }
    let albums = all.iter().filter(|path| path.starts_with("/albums/")).count();
    assert_eq!((albums, all.len()), (75, 75 + 3 + 15 + 5));
    for path in [
        "/",
        "/genres/r-and-b",
        "/artists/ada-blue",
        "/albums/the-pebbles-stone-60",
    ] {
        assert!(all.contains(&path.to_owned()), "{path}");
    }
    visitor.open(all.last().unwrap()).await;
}

#[tokio::test]
async fn every_page_of_a_real_catalogue_is_there() {
    // Lies beside the project where it is developed.
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogue/albums.csv");
    let Ok(albums) = fs::read_to_string(beside) else { return };
    let visitor = Visitor::with(&albums).await;
    let mut all = Vec::new();
    for file in addresses(&visitor.open("/sitemap.xml").await) {
        all.extend(addresses(&visitor.open(&file).await));
    }
    assert_eq!(all.len(), 462 + 290 + 3 + 15);
    for path in all {
        let page = visitor.open(&path).await;
        assert_eq!(page.html("h1").len(), 1, "{path}");
    }
}

/// The paths that a sitemap names.
fn addresses(sitemap: &Answer) -> Vec<String> {
    let entries = sitemap.text().split("<loc>https://shop.example").skip(1);
    entries
        .map(|entry| entry.split('<').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn sitemap_files_that_no_index_names_are_not_found() {
    let visitor = Visitor::new().await;
    for file in [
        "albums/2.xml",
        "albums/0.xml",
        "albums/x.xml",
        "albums/1.txt",
        "artists/99999.xml",
        "artists/-1.xml",
    ] {
        assert_eq!(
            visitor.get(&format!("/sitemaps/{file}")).await.status,
            StatusCode::NOT_FOUND,
            "{file}"
        );
    }
}

#[tokio::test]
async fn robots_are_led_to_the_sitemap() {
    let robots = Visitor::new().await.open("/robots.txt").await;
    assert!(robots.text().contains("\nDisallow: /search\n"), "a search has no end");
    assert!(robots.text().contains("Sitemap: https://shop.example/sitemap.xml"));
    assert!(robots.header("content-type").starts_with("text/plain"));
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let visitor = Visitor::new().await;
    for path in ["/", "/genres/rock", "/sitemap.xml", "/robots.txt"] {
        let first = visitor.get(path).await;
        let name = first.header("etag").to_owned();
        assert!(name.starts_with("W/"), "{path}");
        let again = visitor.get_with(path, &[("if-none-match", &name)]).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
        assert_eq!(again.header("etag"), name);
        let other = visitor.get_with(path, &[("if-none-match", "W/\"other\"")]).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
    let missing = visitor.get("/nowhere").await;
    assert!(!missing.headers.contains_key("etag"));
}

#[tokio::test]
async fn crawlers_may_ask_for_several_files_at_once() {
    let visitor = Visitor::new().await;
    let ask = || visitor.get("/sitemaps/albums/1.xml");
    let (first, second, third, fourth) = tokio::join!(ask(), ask(), ask(), ask());
    for answer in [first, second, third, fourth] {
        assert_eq!(answer.status, StatusCode::OK);
    }
    for path in [
        "/sitemaps/albums/01.xml",
        "/sitemaps/albums/+1.xml",
        "/sitemaps/albums/%ff",
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}
