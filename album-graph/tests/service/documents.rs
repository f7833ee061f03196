//! Documents that a client names instead of sending them.

use album_graph::graph::Introspection;
use album_graph::http::{Manifest, Options, Trust};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::shop::Shop;

const QUERY: &str = "query Best($n: Int!) { topSellers(first: $n) { title } }";
/// The SHA-256 of it.
fn hash(text: &str) -> String {
    album_graph::accounts::sha256(text)
}

async fn shop(options: Options) -> Shop {
    let shop = Shop::with("genre,artist,title,price\nRock,Ida,One,5\n").await;
    shop.set(options)
}

fn manifest() -> Manifest {
    let documents = json!({ format!("sha256:{}", hash(QUERY)): QUERY, "short": "{ __typename }" });
    Manifest::parse(documents.to_string().as_bytes()).unwrap()
}

async fn post(shop: &Shop, body: &Value) -> (u16, Value) {
    let reply = shop.post(body.to_string()).await;
    (reply.status.as_u16(), reply.json())
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_known_document_runs_by_its_id() {
    let shop = shop(Options {
        manifest: manifest(),
        ..Options::default()
    })
    .await;
    for id in [format!("sha256:{}", hash(QUERY)), hash(QUERY)] {
        let (status, answer) = post(&shop, &json!({ "documentId": id, "variables": { "n": 1 } })).await;
        assert_eq!(
            (status, &answer["data"]["topSellers"][0]["title"]),
            (200, &json!("One"))
        );
        let by_url = format!("/graphql?documentId={id}&variables=%7B%22n%22:1%7D");
        assert_eq!(shop.get(&by_url, "*/*").await.json()["data"], answer["data"]);
    }
    assert_eq!(post(&shop, &json!({ "documentId": "short" })).await.0, 200);
    let (status, answer) = post(&shop, &json!({ "documentId": "sha256:none" })).await;
    assert_eq!((status, code(&answer)), (404, "UNKNOWN_DOCUMENT"));
    let (status, answer) = post(&shop, &json!({ "documentId": hash(QUERY), "query": "{ __typename }" })).await;
    assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"));
    assert_eq!(post(&shop, &json!({ "query": "{ __typename }" })).await.0, 200);
}

#[tokio::test]
async fn a_service_that_trusts_its_manifest_alone_runs_nothing_else() {
    let shop = shop(Options {
        manifest: manifest(),
        trust: Trust::Manifest,
        ..Options::default()
    })
    .await;
    assert_eq!(
        post(&shop, &json!({ "documentId": hash(QUERY), "variables": { "n": 1 } }))
            .await
            .0,
        200
    );
    let sent = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash("{ __typename }") } });
    for body in [
        json!({ "query": QUERY, "variables": { "n": 1 } }),
        json!({ "query": "{ __typename }", "extensions": sent }),
        json!({ "query": QUERY, "documentId": hash(QUERY), "variables": { "n": 1 } }),
    ] {
        let (status, answer) = post(&shop, &body).await;
        assert_eq!((status, code(&answer)), (403, "UNTRUSTED_DOCUMENT"), "{body}");
    }
    let reply = shop.get("/graphql?query=%7B__typename%7D", "*/*").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_document_that_was_sent_with_its_hash_needs_no_sending_again() {
    let shop = shop(Options::default()).await;
    let persisted = |hash: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let named = json!({ "variables": { "n": 1 }, "extensions": persisted(&hash(QUERY)) });
    let (status, answer) = post(&shop, &named).await;
    assert_eq!((status, code(&answer)), (200, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotFound");

    let mut sent = named.clone();
    sent["query"] = json!(QUERY);
    let (_, first) = post(&shop, &sent).await;
    assert_eq!(first["data"]["topSellers"][0]["title"], "One");
    assert_eq!(post(&shop, &named).await.1["data"], first["data"]);

    sent["extensions"] = persisted(&hash("something else"));
    assert_eq!(post(&shop, &sent).await.0, 400);
}

#[test]
fn a_manifest_is_refused_with_its_reason() {
    for (text, reason) in [
        ("[]", "must be a JSON object"),
        ("{\"a\": 1}", "must be a JSON object"),
        ("{\"sha256:00\": \"{ __typename }\"}", "sha256:00 is not the SHA-256"),
    ] {
        let error = Manifest::parse(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(Manifest::read("/none".as_ref()).is_err());
}

#[tokio::test]
async fn a_closed_schema_tells_no_name() {
    let shop = shop(Options {
        introspection: Introspection::Closed,
        ..Options::default()
    })
    .await;
    for query in [
        "{ topSeller(first: 1) { title } }",
        "{ topSellers(first: 1) { tilte } }",
        "{ topSellers(frist: 1) { id } }",
    ] {
        let (_, answer) = post(&shop, &json!({ "query": query })).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert_eq!(message, "The document does not fit the schema.");
        assert!(answer["errors"][0]["locations"][0]["line"].is_u64(), "{answer}");
    }
    // Of a field that is known, no argument that was not given.
    let hidden = "An argument of this field is missing, or has a value that it must not have.";
    for (query, variables, message, field) in [
        ("{ album { id } }", json!({}), hidden, Value::Null),
        ("{ albums { totalCount } }", json!({}), hidden, Value::Null),
        (
            "{ topSellers(first: 300) { id } }",
            json!({}),
            "`first` is 300, but must be 1 to 100.",
            json!("first"),
        ),
        (
            "query($w: AlbumFilter) { albums(first: 1, where: $w) { totalCount } }",
            json!({ "w": { "minPrice": -1 } }),
            "`where.minPrice` must not be negative.",
            json!("where.minPrice"),
        ),
    ] {
        let (_, answer) = post(&shop, &json!({ "query": query, "variables": variables })).await;
        let error = &answer["errors"][0];
        assert_eq!(
            (&error["message"], &error["extensions"]["field"]),
            (&json!(message), &field)
        );
    }
    let (_, answer) = post(&shop, &json!({ "query": "{ __schema { types { name } } }" })).await;
    assert!(!answer.to_string().contains("AlbumConnection"), "{answer}");
    assert_eq!(
        post(&shop, &json!({ "query": "{ __typename }" })).await.1["data"]["__typename"],
        "Query"
    );
}

#[tokio::test]
async fn only_pages_of_listed_sites_may_ask_from_a_browser() {
    let listed = shop(Options {
        origins: vec!["https://shop.example".parse().unwrap()],
        ..Options::default()
    })
    .await;
    let ask = async |shop: &Shop, origin: &str, method: &str| {
        let request = Request::builder()
            .method(method)
            .uri("/graphql")
            .header(header::ORIGIN, origin);
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization, content-type");
        shop.send(request.body(Body::from("{\"query\":\"{ __typename }\"}")).unwrap())
            .await
    };
    for method in ["OPTIONS", "POST"] {
        let reply = ask(&listed, "https://shop.example", method).await;
        assert_eq!(reply.status, StatusCode::OK, "{method}");
        assert_eq!(
            reply.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN],
            "https://shop.example"
        );
        assert_eq!(reply.headers[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
        let other = ask(&listed, "https://other.example", method).await;
        for name in [
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ] {
            assert!(!other.headers.contains_key(&name), "{method} {name}");
        }
        let closed = shop(Options::default()).await;
        let reply = ask(&closed, "https://shop.example", method).await;
        assert!(
            !reply.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            "{method}"
        );
    }
}
