//! What may come in over HTTP, and what goes out.

use album_graph::graph::Services;
use album_graph::http::{self, Draft, Options};
use album_graph::store::{Database, Purpose};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::shop::{Reply, Shop};
use crate::test_database::TestDatabase;

async fn send(shop: &Shop, content_type: &str, accept: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, content_type)
        .header(header::ACCEPT, accept);
    shop.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn an_answer_has_the_media_type_that_the_client_knows() {
    let shop = Shop::empty().await;
    let body = r#"{"query":"{ __typename }"}"#;
    for (accept, media_type) in [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let reply = send(&shop, "application/json; charset=utf-8", accept, body).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.headers[header::CONTENT_TYPE], media_type);
        assert_eq!(reply.json()["data"], json!({ "__typename": "Query" }));
    }
}

#[tokio::test]
async fn a_request_that_is_not_executed_answers_4xx_without_data() {
    let shop = Shop::empty().await;
    let json = "application/json";
    for (content_type, body, status) in [
        ("text/plain", r#"{"query":"{ __typename }"}"#, 415),
        ("application/x-www-form-urlencoded", "query={__typename}", 415),
        ("application/json; charset=utf-16", r#"{"query":"{ __typename }"}"#, 415),
        (
            "application/json;x=1; CHARSET=\"ISO-8859-1\"",
            r#"{"query":"{ __typename }"}"#,
            415,
        ),
        (json, "", 400),
        (json, "{", 400),
        (json, "[]", 400),
        (json, r#"[{"query":"{ __typename }"}]"#, 400),
        (json, "{}", 400),
        (json, r#"{"query":7}"#, 400),
        (json, r#"{"query":"{ __typename }","variables":[]}"#, 400),
        (json, r#"{"query":"{"}"#, 400),
        (json, r#"{"query":"{ nope }"}"#, 400),
        (
            json,
            r#"{"query":"query A { __typename } query B { __typename }"}"#,
            400,
        ),
        (json, r#"{"query":"query A { __typename }","operationName":"B"}"#, 400),
        (json, r#"{"query":"subscription { __typename }"}"#, 400),
        (
            json,
            r#"{"query":"query($s: String!) { genre(slug: $s) { id } }"}"#,
            400,
        ),
        (
            json,
            r#"{"query":"query($f: AlbumFilter) { albums(first: 1, where: $f) { totalCount } }","variables":{"f":{"nope":1}}}"#,
            400,
        ),
        (json, r#"["{ __typename }",null,null,null]"#, 400),
        (json, "{\"query\":\"\u{0}\"}", 400),
    ] {
        let reply = send(&shop, content_type, "application/graphql-response+json", body).await;
        let answer = reply.json();
        assert_eq!(reply.status.as_u16(), status, "{body}: {answer}");
        assert!(answer.get("data").is_none(), "{body}");
        let error = &answer["errors"][0];
        assert!(
            error["message"].is_string() && error["extensions"]["code"].is_string(),
            "{body}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_body_is_at_most_64_kilobytes() {
    let shop = Shop::empty().await;
    let query = |padding: usize| json!({ "query": format!("{{ __typename }}{}", " ".repeat(padding)) }).to_string();
    assert_eq!(
        send(&shop, "application/json", "*/*", query(60_000)).await.status,
        StatusCode::OK
    );
    let reply = send(&shop, "application/json", "*/*", query(70_000)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.json()["errors"][0]["message"].as_str().unwrap().contains("64 kB"));
}

#[tokio::test]
async fn a_query_that_could_answer_too_much_is_refused_before_it_runs() {
    let shop = Shop::seeded().await;
    let before = shop.database.statements();
    let wide = "{ artists(first: 100) { nodes { albums(first: 100) { nodes { title artist { name } } } } } }";
    let deep = format!(
        "{{ genres {{ {} id {} }} }}",
        "albums(first: 1) { nodes { genre { ".repeat(9),
        "} } }".repeat(9)
    );
    for query in [wide, deep.as_str()] {
        let body = json!({ "query": query }).to_string();
        let reply = send(&shop, "application/json", "application/graphql-response+json", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text());
    }
    assert_eq!(shop.database.statements(), before);
}

#[tokio::test]
async fn a_query_may_stand_in_a_url() {
    let shop = Shop::seeded().await;
    let get = async |query: &str| shop.get(&format!("/graphql?{query}"), "application/json").await;
    let reply = get("query=%7B__typename%7D").await;
    assert_eq!(reply.json()["data"], json!({ "__typename": "Query" }));
    let two = "query=query+A(%24n:Int!)%7BtopSellers(first:%24n)%7Btitle%7D%7D+query+B%7B__typename%7D";
    let reply = get(&format!("{two}&operationName=A&variables=%7B%22n%22:2%7D&extensions=")).await;
    assert_eq!(reply.json()["data"]["topSellers"].as_array().unwrap().len(), 2);
    for wrong in [
        "",
        "query",
        "query=%7B",
        "query=%7B__typename%7D&variables=7",
        "query=%7B__typename%7D&extensions=[]",
        "query=%7B__typename%7D&query=%7B__typename%7D",
        "query=%FF",
        "query=%7B%20album(slug:%22%C3%22)%7Bid%7D%7D",
    ] {
        let reply = shop
            .get(&format!("/graphql?{wrong}"), "application/graphql-response+json")
            .await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{wrong}: {}", reply.text());
        assert!(reply.json()["errors"][0]["message"].is_string(), "{wrong}");
    }
    for mutation in ["mutation%7B__typename%7D", "mutation%20Named%7B__typename%7D"] {
        let path = format!("/graphql?query={mutation}");
        let reply = shop.get(&path, "application/json").await;
        assert_eq!(
            reply.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{mutation}: {}",
            reply.text()
        );
        assert_eq!(reply.headers[header::ALLOW], "POST", "{mutation}");
    }
    let put = shop.send(Request::put("/graphql").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (put.status, &put.headers[header::ALLOW]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET, HEAD, POST".parse().unwrap())
    );
    assert!(put.json()["errors"][0]["message"].is_string());
    assert_eq!(shop.get("/", "*/*").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_trace_goes_on_and_names_the_request() {
    let shop = Shop::empty().await;
    let traced =
        Request::get("/livez").header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let reply = shop.send(traced.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.headers["x-request-id"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(shop.get("/livez", "*/*").await.headers["x-request-id"].len(), 32);
}

#[tokio::test]
async fn an_introspecting_tool_gets_the_whole_schema() {
    let shop = Shop::empty().await;
    let data = shop.ask("{ __schema { queryType { fields { name args { name type { kind ofType { kind ofType { kind ofType { name } } } } } } } } }").await;
    let fields = crate::shop::texts(&data["__schema"]["queryType"]["fields"], "/name");
    for field in [
        "node",
        "nodes",
        "album",
        "albums",
        "genres",
        "genre",
        "artist",
        "artists",
        "topSellers",
        "newest",
    ] {
        assert!(fields.iter().any(|name| name == field), "{field}");
    }
}

#[tokio::test]
async fn an_internal_fault_tells_the_client_nothing_about_the_inside() {
    let shop = Shop::empty().await;
    let bare = TestDatabase::bare();
    let broken = Database::open(&bare.migrating_url(), Purpose::Migrate).await.unwrap();
    let services = album_graph::graph::Services::new(broken, shop.searcher.clone());
    let router = crate::shop::router(&services, &shop.readiness);
    let shop = Shop { router, ..shop };
    let answer = shop.ask_with("{ topSellers(first: 1) { id } }", &Value::Null).await;
    let text = answer.to_string();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{text}");
    assert!(
        !text.contains("SELECT") && !text.contains("no such table") && !text.contains("sqlite"),
        "{text}"
    );
}

#[tokio::test]
async fn fragments_are_weighed_before_they_are_written_out() {
    let shop = Shop::empty().await;
    let spread: Vec<String> = (0..28)
        .map(|level| format!("fragment F{level} on Query {{ ...F{} ...F{} }}", level + 1, level + 1))
        .collect();
    let bomb = format!(
        "{{ ...F0 }} {} fragment F28 on Query {{ __typename }}",
        spread.join(" ")
    );
    let chain: Vec<String> = (0..200)
        .map(|level| format!("fragment F{level} on Query {{ ...F{} }}", level + 1))
        .collect();
    let chain = format!(
        "{{ ...F0 }} {} fragment F200 on Query {{ __typename }}",
        chain.join(" ")
    );
    let aliases: Vec<String> = (0..51)
        .map(|alias| format!("a{alias}: albums(first: 1) {{ totalCount }}"))
        .collect();
    let lists = "possibleTypes { interfaces { possibleTypes { name } } }";
    let before = shop.database.statements();
    for (query, reason) in [
        (bomb, "more than 1000 fields"),
        (chain, "more than 60 deep"),
        (
            format!("{{ {} }}", aliases.join(" ")),
            "more than 50 fields at its root",
        ),
        (
            format!("{{ __type(name: \"Node\") {{ {lists} }} }}"),
            "more than 2 nested lists of introspection",
        ),
        ("{ ...F } fragment F on Query { ...F }".to_owned(), "more than 60 deep"),
        (format!("{}{}", "{a ".repeat(15_000), "}".repeat(15_000)), ""),
    ] {
        let body = json!({ "query": query }).to_string();
        let reply = send(&shop, "application/json", "application/graphql-response+json", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{reason}");
        let message = reply.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(reason), "{message}");
    }
    assert_eq!(shop.database.statements(), before);
}

#[tokio::test]
async fn the_status_says_how_a_request_fared_to_clients_that_look_at_it() {
    let shop = Shop::empty().await;
    let newest = http::router(
        Services::new(shop.database.clone(), shop.searcher.clone()),
        shop.readiness.clone(),
        Options {
            draft: Draft::OfAugust2026,
            ..Options::default()
        },
    );
    let (graphql, json) = ("application/graphql-response+json", "application/json");
    for (query, of_2025, of_2026, of_json) in [
        ("{ __typename }", 200, 200, 200),
        ("{ genres { id } album { id } }", 200, 294, 200),
        ("{", 400, 400, 200),
        ("{ nope }", 400, 422, 200),
        ("query($s: String!) { genre(slug: $s) { id } }", 400, 422, 200),
    ] {
        let body = json!({ "query": query }).to_string();
        assert_eq!(
            send(&shop, json, graphql, body.clone()).await.status.as_u16(),
            of_2025,
            "{query}"
        );
        assert_eq!(
            send(&shop, json, json, body.clone()).await.status.as_u16(),
            of_json,
            "{query}"
        );
        let newer = Shop {
            router: newest.clone(),
            ..Shop::empty().await
        };
        assert_eq!(
            send(&newer, json, graphql, body).await.status.as_u16(),
            of_2026,
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_client_gets_what_it_accepts_best_and_nothing_that_it_does_not() {
    let shop = Shop::empty().await;
    for (accept, media_type) in [
        ("application/*", "application/json; charset=utf-8"),
        (
            "application/json, application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            "application/graphql-response+json;q=0.5, application/json",
            "application/json; charset=utf-8",
        ),
        (
            "application/json;q=0.1, */*;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
        ("APPLICATION/JSON", "application/json; charset=utf-8"),
    ] {
        let reply = send(&shop, "application/json", accept, r#"{"query":"{ __typename }"}"#).await;
        assert_eq!(reply.headers[header::CONTENT_TYPE], media_type, "{accept}");
        assert!(reply.headers.get_all(header::VARY).iter().any(|vary| vary == "Accept"));
    }
    for accept in [
        "text/plain",
        "application/json;q=0, application/graphql-response+json;q=0.0",
    ] {
        let reply = send(&shop, "application/json", accept, r#"{"query":"{ __typename }"}"#).await;
        assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
}
