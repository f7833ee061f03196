//! What the specification of GraphQL says of executing a document, where the library leaves it to us.

use album_graph::graph::Introspection;
use album_graph::http::Options;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::shop::Shop;

const CATALOGUE: &str = "genre,artist,title,price\nRock,Ida,One,5\nRock,Ida,Two,6\n";

async fn ask(shop: &Shop, query: &str, variables: Value) -> (StatusCode, Value) {
    let reply = shop
        .post(json!({ "query": query, "variables": variables }).to_string())
        .await;
    (reply.status, reply.json())
}

/// The id of the first album.
async fn album(shop: &Shop) -> String {
    let answer = shop.ask("{ album(slug: \"ida-one\") { id } }").await;
    answer["album"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_failed_is_null_or_what_is_around_it_where_that_must_not_be() {
    let shop = Shop::with(CATALOGUE).await;
    let id = album(&shop).await;
    let by_id = format!("{{ node(id: \"{id}\") {{ ... on Album {{ tracks(first: 0) {{ title }} }} }} }}");
    for (query, data) in [
        // A list of albums is no null, and neither is an album in it.
        (
            "{ topSellers(first: 2) { title tracks(first: 0) { title } } }",
            json!(null),
        ),
        (
            "{ topSellers(first: 2) { artist { albums(first: 0) { totalCount } } } }",
            json!(null),
        ),
        // An album by its slug may be.
        (
            "{ genres { name } album(slug: \"ida-one\") { title tracks(first: 0) { title } } }",
            json!({ "genres": [{ "name": "Rock" }], "album": null }),
        ),
        // By way of fragments and other names, too.
        (
            "{ it: album(slug: \"ida-one\") { ...F } } fragment F on Album { title ... on Album { t: tracks(first: 0) { title } } }",
            json!({ "it": null }),
        ),
        (by_id.as_str(), json!({ "node": null })),
    ] {
        let (_, answer) = ask(&shop, query, json!({})).await;
        assert_eq!(answer["data"], data, "{query}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], "first", "{query}: {answer}");
    }
}

#[tokio::test]
async fn a_variable_that_is_left_out_has_its_default_everywhere() {
    let shop = Shop::with(CATALOGUE).await;
    let data = async |query: &str, variables| ask(&shop, query, variables).await.1["data"].take();
    let query = "query($b: Boolean = true) { genre(slug: \"rock\") { name slug @include(if: $b) } }";
    let genre = json!({ "genre": { "name": "Rock", "slug": "rock" } });
    assert_eq!(data(query, json!({})).await, genre);
    assert_eq!(
        data(query, json!({ "b": false })).await["genre"],
        json!({ "name": "Rock" })
    );
    let query = "query($b: Boolean = true) { genre(slug: \"rock\") { name slug @skip(if: $b) } }";
    assert_eq!(data(query, json!({})).await["genre"], json!({ "name": "Rock" }));
    // One without a default leaves what it stands for to its own.
    let query = "query($n: Int) { topSellers(first: 1) { title tracks(first: $n) { title } } }";
    let albums = json!({ "topSellers": [{ "title": "One", "tracks": [] }] });
    assert_eq!(data(query, json!({})).await, albums);
    let query = "query($p: Int) { albums(first: 1, where: { minPrice: $p }) { totalCount } }";
    assert_eq!(data(query, json!({})).await, json!({ "albums": { "totalCount": 2 } }));
}

#[tokio::test]
async fn a_variable_that_has_to_be_given_is_missed() {
    let shop = Shop::with(CATALOGUE).await;
    for (query, variables, complaint) in [
        (
            "query($s: String!) { genre(slug: $s) { name } }",
            json!({}),
            "The variable $s of type String! has to be given.",
        ),
        (
            "query($s: Boolean!) { genres { name @include(if: $s) } }",
            json!({}),
            "The variable $s of type Boolean! has to be given.",
        ),
        (
            "query($n: Int!) { topSellers(first: $n) { title } }",
            json!({ "n": null }),
            "The variable $n of type Int! must not be null.",
        ),
        (
            "query($n: Int! = 2) { topSellers(first: $n) { title } }",
            json!({ "n": null }),
            "The variable $n of type Int! must not be null.",
        ),
        (
            "query($s: ID!) { genre(slug: $s) { name } }",
            json!({ "s": "rock" }),
            "The variable $s of type ID! stands where String! is expected.",
        ),
        (
            "query($s: String) { ...F } fragment F on Query { genre(slug: $s) { name } }",
            json!({ "s": "rock" }),
            "The variable $s of type String stands where String! is expected.",
        ),
        (
            "query($p: String) { albums(first: 1, where: { minPrice: $p }) { totalCount } }",
            json!({}),
            "The variable $p of type String stands where Int is expected.",
        ),
        (
            "query($i: [ID]!) { nodes(ids: $i) { id } }",
            json!({ "i": ["x"] }),
            "The variable $i of type [ID]! stands where [ID!]! is expected.",
        ),
        (
            "query($b: Boolean) { genres { name @skip(if: $b) } }",
            json!({}),
            "The variable $b of type Boolean stands where Boolean! is expected.",
        ),
        (
            "query($x: AlbumFilter) { genres { name } }",
            json!({}),
            "Variable \"$x\" is not used",
        ),
    ] {
        let (_, answer) = ask(&shop, query, variables).await;
        assert!(answer.get("data").is_none(), "{answer}");
        assert_eq!(answer["errors"][0]["message"], complaint);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }
    // One that may be null does where it has a default that is none, or what it stands for has one.
    for query in [
        "query($s: String = \"rock\") { genre(slug: $s) { name } }",
        "query($n: Int) { topSellers(first: 1) { tracks(first: $n) { title } } }",
    ] {
        let (_, answer) = ask(&shop, query, json!({})).await;
        assert_eq!(answer["errors"], Value::Null, "{query}");
    }
}

#[tokio::test]
async fn an_answer_tells_a_hundred_errors_at_the_most() {
    let shop = Shop::with(CATALOGUE).await;
    let ids = format!("\"{}\", ", album(&shop).await).repeat(60);
    let nodes = format!("nodes(ids: [{ids}]) {{ ... on Album {{ tracks(first: 0) {{ title }} }} }}");
    let (_, answer) = ask(&shop, &format!("{{ a: {nodes} b: {nodes} }}"), json!({})).await;
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 100);
    assert_eq!(errors[98]["path"][2], "tracks");
    assert_eq!(errors[99]["message"], "There are 21 more errors.");
    let extensions = json!({ "code": "LIMIT_EXCEEDED", "limit": "errors", "most": 100 });
    assert_eq!(errors[99]["extensions"], extensions);
    assert_eq!(
        answer["data"],
        json!({ "a": vec![Value::Null; 60], "b": vec![Value::Null; 60] })
    );
}

#[tokio::test]
async fn the_schema_is_refused_where_introspection_is_off() {
    let shop = Shop::with(CATALOGUE).await;
    let options = Options {
        introspection: Introspection::Closed,
        ..Options::default()
    };
    let shop = shop.set(options);
    for query in [
        "{ __schema { types { name } } }",
        "{ ...F } fragment F on Query { __type(name: \"Album\") { name } }",
    ] {
        let (_, answer) = ask(&shop, query, json!({})).await;
        assert_eq!(answer["errors"][0]["message"], "Introspection is switched off.");
        assert!(answer.get("data").is_none(), "{answer}");
    }
    assert_eq!(
        ask(&shop, "{ __typename }", json!({})).await.1["data"]["__typename"],
        "Query"
    );
}

#[tokio::test]
async fn depth_is_one_limit_however_deep() {
    let shop = Shop::with(CATALOGUE).await;
    let nested = |levels: usize| {
        let open = "{ genre(slug: \"rock\") { albums(first: 1) { nodes ".repeat(levels / 3);
        format!("{open}{{ id }}{}", "}".repeat(levels))
    };
    let (status, answer) = ask(&shop, &nested(18), json!({})).await;
    assert_ne!(answer["errors"][0]["extensions"]["limit"], "depth", "{status} {answer}");
    for levels in [21, 42, 99, 198] {
        let (status, answer) = ask(&shop, &nested(levels), json!({})).await;
        let extensions = json!({ "code": "LIMIT_EXCEEDED", "limit": "depth", "most": 20 });
        assert_eq!(answer["errors"][0]["extensions"], extensions, "{levels}");
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn no_cache_keeps_a_refusal() {
    let shop = Shop::with(CATALOGUE).await;
    for path in [
        "/graphql?documentId=sha256:bbbb",
        "/graphql?query=%7B",
        "/graphql?query=mutation%7BemptyCart%7Bcart%7Bid%7D%7D%7D",
        "/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22aa%22%7D%7D",
    ] {
        let reply = shop.get(path, "application/json").await;
        assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store", "{path}");
    }
    let reply = shop.post(" ".repeat(65 * 1024)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let extensions = json!({ "code": "LIMIT_EXCEEDED", "limit": "body", "most": 65_536 });
    assert_eq!(reply.json()["errors"][0]["extensions"], extensions);
}

#[tokio::test]
async fn what_has_not_changed_varies_as_what_it_stands_for() {
    let shop = Shop::with(CATALOGUE).await;
    let get = |known: Option<&str>| {
        let request = Request::get("/graphql?query=%7Bgenres%7Bname%7D%7D").header(header::ACCEPT_ENCODING, "gzip");
        let request = match known {
            Some(known) => request.header(header::IF_NONE_MATCH, known),
            None => request,
        };
        shop.send(request.body(Body::empty()).unwrap())
    };
    let names = |headers: &axum::http::HeaderMap| {
        let values = headers.get_all(header::VARY).iter();
        let mut names: Vec<String> = values.map(|value| value.to_str().unwrap().to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let whole = get(None).await;
    let tag = whole.headers[header::ETAG].to_str().unwrap().to_owned();
    for known in [tag.as_str(), "*"] {
        let same = get(Some(known)).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(names(&same.headers), names(&whole.headers));
    }
    // Whoever has just anything has no answer of a session, and nothing that is refused.
    for query in ["%7Bviewer%7Bcart%7Bquantity%7D%7D%7D", "%7Bnope%7D", "mutation%7Bx%7D"] {
        let request = Request::get(format!("/graphql?query={query}")).header(header::IF_NONE_MATCH, "*");
        let reply = shop.send(request.body(Body::empty()).unwrap()).await;
        assert_ne!(reply.status, StatusCode::NOT_MODIFIED, "{query}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store", "{query}");
    }
}

#[tokio::test]
async fn what_was_done_is_told_whatever_encodings_the_client_refuses() {
    let shop = Shop::with(CATALOGUE).await;
    for refused in ["identity;q=0", "*;q=0", "gzip;q=0, *; q=0.0"] {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_ENCODING, refused);
        let reply = shop
            .send(
                request
                    .body(Body::from(r#"{"query":"mutation { __typename }"}"#))
                    .unwrap(),
            )
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{refused}");
        assert_eq!(reply.json()["data"]["__typename"], "Mutation");
    }
}
