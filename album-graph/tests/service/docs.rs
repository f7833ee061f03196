//! The reference at `/docs`: whole, true to what is served, and only where it is wanted.

use std::collections::BTreeSet;

use album_graph::graph::{self, Introspection};
use album_graph::http;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

use crate::shop::{Reply, Shop};

async fn page(shop: &Shop, path: &str) -> Reply {
    shop.get(path, "text/html,*/*;q=0.8").await
}

/// The addresses of this service that a page leads to.
fn links(html: &str) -> BTreeSet<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.filter(|link| link.starts_with('/')).map(str::to_owned).collect()
}

/// The names of all types that the schema has of its own.
async fn types(shop: &Shop) -> Vec<String> {
    let data = shop.ask("{ __schema { types { name } } }").await;
    let names = data["__schema"]["types"].as_array().unwrap().iter();
    let names = names.map(|of| of["name"].as_str().unwrap().to_owned());
    names
        .filter(|name| !name.starts_with("__") && !["ID", "Int", "Float", "String", "Boolean"].contains(&name.as_str()))
        .collect()
}

#[tokio::test]
async fn every_type_has_a_page_with_its_description_and_an_example() {
    let shop = Shop::empty().await;
    let index = page(&shop, "/docs").await;
    assert_eq!(index.status, StatusCode::OK);
    let index = links(&index.text());
    let types = types(&shop).await;
    assert!(types.len() > 20);
    for name in types {
        let path = format!("/docs/{name}");
        assert!(index.contains(&path), "the index does not lead to {name}");
        let reply = page(&shop, &path).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        let text = reply.text();
        assert!(text.contains(&format!("<h1>{name} <span")), "{name}");
        assert!(
            text.contains("id=\"example\""),
            "no file in examples/ uses {name}: the reference has none to show"
        );
    }
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let shop = Shop::empty().await;
    let (mut seen, mut left) = (BTreeSet::new(), vec!["/docs".to_owned()]);
    while let Some(path) = left.pop() {
        let reply = page(&shop, &path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        if !path.starts_with("/docs") || path.ends_with(".graphql") {
            continue;
        }
        for link in links(&reply.text()) {
            let (target, fragment) = link.split_once('#').unwrap_or((&link, ""));
            if fragment.is_empty() || target == "/graphql" {
                if seen.insert(target.to_owned()) {
                    left.push(target.to_owned());
                }
                continue;
            }
            let there = page(&shop, target).await.text();
            assert!(there.contains(&format!("id=\"{fragment}\"")), "{path} leads to {link}");
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}

#[tokio::test]
async fn a_field_tells_its_type_its_arguments_and_where_it_leads() {
    let shop = Shop::empty().await;
    let text = page(&shop, "/docs/Query").await.text();
    let albums = text.split_once("id=\"albums\"").unwrap().1;
    let albums = albums.split_once("</section>").unwrap().0;
    assert!(
        albums.contains(": <a href=\"/docs/AlbumConnection\">AlbumConnection</a>!"),
        "{albums}"
    );
    assert!(albums.contains("skip: Int = 0"), "{albums}");
    assert!(
        albums.contains("<a href=\"/docs/AlbumFilter\">AlbumFilter</a>"),
        "{albums}"
    );
    let filter = page(&shop, "/docs/AlbumFilter").await.text();
    assert!(
        filter.contains("<a href=\"/docs/Query#albums\">Query.albums</a>(where:)"),
        "{filter}"
    );
    let node = page(&shop, "/docs/Node").await.text();
    assert!(
        node.contains("What it may be") && node.contains("href=\"/docs/Album\""),
        "{node}"
    );
}

#[tokio::test]
async fn errors_that_are_answered_are_on_the_page_of_errors() {
    let shop = Shop::empty().await;
    let text = page(&shop, "/docs/errors").await.text();
    for query in [
        "{",
        "{ nothing }",
        "{ topSellers(first: 0) { id } }",
        "{ albums(first: 1, after: \"x\") { totalCount } }",
    ] {
        let reply = shop.post(json!({ "query": query }).to_string()).await.json();
        let code = reply["errors"][0]["extensions"]["code"].as_str().unwrap();
        assert!(text.contains(&format!("id=\"{code}\"")), "{code}");
    }
}

#[tokio::test]
async fn limits_are_told_as_they_are() {
    let shop = Shop::empty().await;
    let text = page(&shop, "/docs/limits").await.text();
    let many = |part: &str, count: usize| part.repeat(count);
    let nested = format!("{}id{}", many("{ genre ", 62), many("}", 62));
    let renamed: Vec<String> = (0..101).map(|number| format!("a{number}: __typename")).collect();
    let beyond = [
        ("tokens", format!("{{ {} }}", many("__typename ", 2_001))),
        ("fields", format!("{{ genres {{ {} }} }}", many("id ", 1_001))),
        ("rootFields", format!("{{ {} }}", many("__typename ", 51))),
        ("aliases", format!("{{ genres {{ {} }} }}", renamed.join(" "))),
        (
            "directives",
            format!("{{ __typename {} }}", many("@skip(if: false) ", 51)),
        ),
        ("depth", nested),
        (
            "cost",
            "{ artists(first: 100) { nodes { albums(first: 100) { nodes { artist { name } } } } } }".to_owned(),
        ),
        (
            "introspection",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".to_owned(),
        ),
        (
            "values",
            format!(
                "{{ topSellers(first: 100) {{ tracks(first: 190) {{ {} }} }} }}",
                many("title ", 10)
            ),
        ),
        ("list", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned()),
        ("body", many(" ", 65_536)),
    ];
    for (limit, query) in &beyond {
        let ids = if *limit == "list" { 101 } else { 1 };
        let body = json!({ "query": query, "variables": { "ids": vec!["x"; ids] } });
        let answer = shop.post(body.to_string()).await.json();
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["limit"], *limit, "{answer}");
        let row = text.split_once(&format!("<tr id=\"{limit}\">")).unwrap().1;
        let row = row.split_once("</tr>").unwrap().0.replace(',', "");
        let most = format!("class=\"number\">{}<", extensions["most"]);
        assert!(row.contains(&most), "{most} is not in {row}");
    }
    assert_eq!(
        text.matches("<tr id=").count(),
        beyond.len(),
        "each limit of the page was tried"
    );
}

#[tokio::test]
async fn a_page_runs_nothing_and_is_sent_again_only_when_it_changes() {
    let shop = Shop::empty().await;
    let reply = page(&shop, "/docs/Album").await;
    let policy = reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("script") && !policy.contains("unsafe"), "{policy}");
    let text = reply.text();
    assert!(!text.contains("<script") && !text.contains("style=") && !text.contains("src=\"http"));
    let again = Request::get("/docs/Album")
        .header(header::IF_NONE_MATCH, &reply.headers[header::ETAG])
        .body(Body::empty())
        .unwrap();
    assert_eq!(shop.send(again).await.status, StatusCode::NOT_MODIFIED);
    let missing = page(&shop, "/docs/Nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("There is no such page"));
}

#[tokio::test]
async fn an_example_asks_where_the_reference_was_found() {
    let shop = Shop::empty().await;
    let told = async |headers: &[(&str, &str)]| {
        let mut request = Request::get("/docs");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = shop.send(request.body(Body::empty()).unwrap()).await;
        let text = reply.text();
        let address = text.split_once("}\"}' ").unwrap().1;
        (
            address.split_once("</code>").unwrap().0.to_owned(),
            reply.headers[header::ETAG].clone(),
        )
    };
    let here = told(&[("host", "api.example:8443")]).await;
    assert_eq!(here.0, "http://api.example:8443/graphql");
    let secure = told(&[("host", "api.example:8443"), ("x-forwarded-proto", "https")]).await;
    assert_eq!(secure.0, "https://api.example:8443/graphql");
    assert_ne!(here.1, secure.1, "another page has another name");
    for host in ["<script>", "a b", "a'", ""] {
        assert_eq!(
            told(&[("host", host)]).await.0,
            "http://127.0.0.1:4000/graphql",
            "{host}"
        );
    }
}

#[tokio::test]
async fn the_changelog_of_the_schema_is_a_page() {
    let shop = Shop::empty().await;
    let text = page(&shop, "/docs/changes").await.text();
    assert!(text.contains("<h2>0.1.0</h2>"), "{text}");
    assert!(
        text.contains("<li><code><a href=\"/docs/Cart\">Cart</a></code>: What is about to be bought.</li>"),
        "{text}"
    );
    assert!(!text.contains("- `") && !text.contains("##"), "{text}");
}

#[tokio::test]
async fn the_schema_can_be_had_as_a_file() {
    let shop = Shop::empty().await;
    let sdl = shop.get("/docs/schema.graphql", "*/*").await;
    assert_eq!(sdl.text(), graph::sdl());
}

#[tokio::test]
async fn without_a_playground_or_introspection_there_is_no_reference() {
    let shop = Shop::empty().await;
    let without_playground = http::Options {
        playground: false,
        ..http::Options::default()
    };
    let without_introspection = http::Options {
        introspection: Introspection::Closed,
        ..http::Options::default()
    };
    for options in [without_playground, without_introspection] {
        let services = graph::Services::new(shop.database.clone(), shop.searcher.clone());
        let router = http::router(services, shop.readiness.clone(), options);
        let other = Shop {
            router,
            ..Shop::empty().await
        };
        for path in ["/docs", "/docs/Album", "/docs/schema.graphql"] {
            assert_eq!(page(&other, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
