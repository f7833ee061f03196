//! The playground: whole, offline, and only where it is wanted.

use album_graph::graph::{self, Introspection};
use album_graph::http::{self, Options};
use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::shop::Shop;

#[tokio::test]
async fn a_browser_gets_the_playground() {
    let shop = Shop::empty().await;
    let page = shop.get("/graphql", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.headers[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(!page.text().contains("{{"), "every marker is filled");
}

#[tokio::test]
async fn its_assets_are_its_own_and_never_change() {
    let shop = Shop::empty().await;
    let page = shop.get("/graphql", "text/html").await.text();
    let paths: Vec<&str> = page.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    for path in paths {
        let asset = shop.get(path, "*/*").await;
        assert_eq!(asset.status, StatusCode::OK, "{path}");
        assert_eq!(
            asset.headers[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
    }
    assert!(
        !page.contains("src=\"http") && !page.contains("href=\"http"),
        "nothing comes from elsewhere"
    );
}

#[tokio::test]
async fn it_has_a_tab_for_every_example() {
    let shop = Shop::empty().await;
    let page = shop.get("/graphql", "text/html").await.text();
    let data = page
        .split_once("id=\"examples\">")
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let examples: Vec<Value> = serde_json::from_str(data).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let shown: Vec<&str> = examples
        .iter()
        .map(|example| example["name"].as_str().unwrap())
        .collect();
    assert_eq!(shown, names, "every file in examples/ is listed in examples.rs");
    assert!(
        examples
            .iter()
            .all(|example| !example["title"].as_str().unwrap().is_empty())
    );
}

#[tokio::test]
async fn it_tells_no_name_of_a_schema_that_is_not_told() {
    let shop = Shop::empty().await.set(Options {
        introspection: Introspection::Closed,
        ..Options::default()
    });
    let page = shop.get("/graphql", "text/html").await.text();
    assert!(page.contains("__typename"), "{page}");
    for name in ["addToCart", "albums", "topSellers", "href=\"/docs\""] {
        assert!(!page.contains(name), "{name}");
    }
}

#[tokio::test]
async fn switched_off_there_is_no_playground() {
    let shop = Shop::empty().await;
    let router = http::router(
        graph::Services::new(shop.database.clone(), shop.searcher.clone()),
        shop.readiness.clone(),
        http::Options {
            playground: false,
            ..http::Options::default()
        },
    );
    let shop = Shop { router, ..shop };
    let reply = shop.get("/graphql", "text/html,*/*;q=0.8").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.text().contains("`query` text"), "{}", reply.text());
}
