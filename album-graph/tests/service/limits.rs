//! How much one request may ask for, and what it is told that it costs.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::shop::Shop;

/// What the answer to `query` costs: asked for at the most, and in fact.
async fn cost(shop: &Shop, query: &str, variables: &Value) -> (u64, u64) {
    let answer = shop.ask_with(query, variables).await;
    let cost = &answer["extensions"]["cost"];
    let number = |name: &str| cost[name].as_u64().unwrap_or_else(|| panic!("{query}: {answer}"));
    (number("requested"), number("measured"))
}

#[tokio::test]
async fn a_cost_counts_the_objects_that_an_answer_may_have() {
    let shop = Shop::seeded().await;
    let none = json!({});
    assert_eq!(cost(&shop, "{ __typename }", &none).await, (0, 0));
    assert_eq!(cost(&shop, "{ __schema { types { name } } }", &none).await, (500, 0));
    assert_eq!(
        cost(&shop, "{ topSellers(first: 3) { title artist { name } } }", &none).await,
        (6, 6)
    );
    assert_eq!(
        cost(&shop, "query Named { topSellers(first: 3) { title } }", &none).await,
        (3, 3)
    );
    let page = "query($n: Int = 4) { albums(first: $n) { nodes { id genre { id } } pageInfo { hasNextPage } } }";
    assert_eq!(cost(&shop, page, &none).await, (1 + 1 + 4 * 2, 10));
    assert_eq!(cost(&shop, page, &json!({ "n": 7 })).await, (1 + 1 + 7 * 2, 16));
    let (requested, measured) = cost(&shop, "{ search(query: \"zzzzzz\") { nodes { id } } }", &none).await;
    assert_eq!((requested, measured), (25, 1));
    assert_eq!(
        cost(&shop, "{ nodes(ids: [\"a\", \"b\"]) { id } }", &none).await,
        (2, 0)
    );
    let twice = "{ a: topSellers(first: 1) { ...A } ...B } fragment A on Album { artist { id } } \
                 fragment B on Query { b: topSellers(first: 2) { ...A } }";
    assert_eq!(cost(&shop, twice, &none).await, (6, 6));
}

/// A type of the schema: its fields with the name of their type and the names of their arguments.
type Types = HashMap<String, Vec<(String, String, Vec<String>)>>;

async fn types(shop: &Shop) -> Types {
    let of = "name kind ofType { name kind ofType { name kind ofType { name kind } } }";
    let query = format!("{{ __schema {{ types {{ name fields {{ name args {{ name }} type {{ {of} }} }} }} }} }}");
    let data = shop.ask(&query).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut types = Types::new();
    for of in data["__schema"]["types"].as_array().unwrap() {
        let Some(fields) = of["fields"].as_array() else {
            continue;
        };
        let fields = fields.iter().map(|field| {
            let mut innermost = &field["type"];
            while innermost["ofType"].is_object() {
                innermost = &innermost["ofType"];
            }
            let arguments = field["args"]
                .as_array()
                .unwrap()
                .iter()
                .map(|argument| text(&argument["name"]));
            (text(&field["name"]), text(&innermost["name"]), arguments.collect())
        });
        types.insert(text(&of["name"]), fields.collect());
    }
    types
}

/// Writes some of the fields of a type, and some of theirs.
fn select(types: &Types, of: &str, depth: u32, random: &mut fastrand::Rng, query: &mut String, lengths: &mut Vec<i32>) {
    query.push_str(" { __typename");
    for (number, (name, type_name, arguments)) in types[of].iter().enumerate() {
        let composite = types.contains_key(type_name);
        if name == "viewer" || random.u8(0..10) > 4 || (composite && depth == 0) {
            continue;
        }
        write!(query, " f{number}: {name}").unwrap();
        let mut given = Vec::new();
        for argument in arguments {
            let value = match argument.as_str() {
                "first" => {
                    let paged = type_name.ends_with("Connection") || of == "Query";
                    let length = random.i32(1..if paged { 8 } else { 30 });
                    if random.bool() {
                        length.to_string()
                    } else {
                        lengths.push(length);
                        format!("$v{}", lengths.len() - 1)
                    }
                }
                "query" | "prefix" => format!("\"{}\"", ["a", "the", "love", "st"][random.usize(0..4)]),
                "number" => "\"X\"".to_owned(),
                "slug" => "\"rock\"".to_owned(),
                "id" if !arguments.contains(&"slug".to_owned()) => "\"QWxidW06MQ\"".to_owned(),
                "ids" => "[\"QWxidW06MQ\", \"QWxidW06Mg\", \"QWxidW06MQ\", \"?\"]".to_owned(),
                _ => continue,
            };
            given.push(format!("{argument}: {value}"));
        }
        if !given.is_empty() {
            write!(query, "({})", given.join(", ")).unwrap();
        }
        if composite {
            select(types, type_name, depth - 1, random, query, lengths);
        }
    }
    query.push_str(" }");
}

#[tokio::test]
async fn no_answer_costs_more_than_was_asked_for() {
    let shop = Shop::seeded().await;
    let types = types(&shop).await;
    let mut counted = 0;
    for seed in 0..120 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut query, mut lengths) = (String::new(), Vec::new());
        select(&types, "Query", 4, &mut random, &mut query, &mut lengths);
        let named = || {
            lengths
                .iter()
                .zip(0..)
                .map(|(length, number)| (format!("v{number}"), length))
        };
        let variables: serde_json::Map<_, _> = named().map(|(name, length)| (name, json!(length))).collect();
        if !lengths.is_empty() {
            let defined: Vec<_> = named().map(|(name, _)| format!("${name}: Int!")).collect();
            query = format!("query({}) {query}", defined.join(", "));
        }
        let answer = shop.ask_with(&query, &json!(variables)).await;
        let cost = &answer["extensions"]["cost"];
        if cost.is_null() {
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED",
                "{query}: {answer}"
            );
            continue;
        }
        assert!(
            cost["measured"].as_u64().unwrap() <= cost["requested"].as_u64().unwrap(),
            "{query}: {cost}"
        );
        counted += u32::from(cost["measured"].as_u64().unwrap() > 20);
    }
    assert!(counted > 20, "only {counted} queries had an answer worth counting");
}

#[tokio::test]
async fn fragments_that_double_or_have_no_end_are_refused_before_anybody_writes_them_out() {
    let shop = Shop::empty().await;
    let doubling: Vec<String> = (0..40)
        .map(|number| format!("fragment A{number} on Query {{ ...A{0} ...A{0} }}", number + 1))
        .collect();
    let doubling = doubling.join(" ");
    for query in [
        "{ ...A } fragment A on Query { ...A ...A }".to_owned(),
        "{ __typename } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }".to_owned(),
        format!("{{ ...A0 }} {doubling}"),
        format!("{{ ...A0 }} {doubling} fragment A40 on Query {{ __typename }}"),
        format!("{{ __typename }} {doubling} fragment A40 on Query {{ __typename }}"),
    ] {
        let answer = shop.ask_with(&query, &json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED",
            "{query}: {answer}"
        );
    }
}

#[tokio::test]
async fn no_text_or_comment_hides_tokens() {
    let shop = Shop::empty().await;
    for start in ["slug: \"\"", "slug: \"#\"", "slug: \"\\\"\"", "slug: \"\"\"\"x\"\"\""] {
        let query = format!("{{ album({start} id: [{}]) {{ id }} }}", "1 ".repeat(2_000));
        let answer = shop.ask_with(&query, &json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["limit"], "tokens",
            "{start}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_request_beyond_a_limit_is_told_which_and_asks_nothing_of_the_database() {
    let shop = Shop::seeded().await;
    let before = shop.database.statements();
    let many = |part: &str, count: usize| part.repeat(count);
    let aliases: Vec<String> = (0..101).map(|number| format!("a{number}: title")).collect();
    let aliases = aliases.join(" ");
    for (limit, query, variables) in [
        (
            "tokens",
            format!("{{ __typename {} }}", many("# c\n __typename , ", 2_000)),
            json!({}),
        ),
        (
            "fields",
            format!("{{ genres {{ {} }} }}", many("id ", 1_001)),
            json!({}),
        ),
        (
            "aliases",
            format!("{{ topSellers(first: 1) {{ {aliases} }} }}"),
            json!({}),
        ),
        (
            "directives",
            format!("{{ __typename {} }}", many("@skip(if: false) ", 51)),
            json!({}),
        ),
        (
            "cost",
            "{ artists(first: 100) { nodes { albums(first: 100) { nodes { artist { name } } } } } }".to_owned(),
            json!({}),
        ),
        (
            "cost",
            "query($n: Int!) { albums(first: 50) { nodes { tracks(first: $n) { title } } } }".to_owned(),
            json!({ "n": 5_000 }),
        ),
        (
            "values",
            format!(
                "{{ a: topSellers(first: 100) {{ tracks(first: 190) {{ {} }} }} }}",
                many("title ", 10)
            ),
            json!({}),
        ),
        (
            "list",
            "query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(),
            json!({ "ids": vec!["x"; 101] }),
        ),
    ] {
        let reply = shop
            .post(json!({ "query": query, "variables": variables }).to_string())
            .await;
        let error = &reply.json()["errors"][0];
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{limit}: {error}");
        assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED", "{limit}");
        assert_eq!(error["extensions"]["limit"], limit, "{error}");
        assert!(error["extensions"]["most"].is_u64() && error["message"].as_str().unwrap().len() > 30);
    }
    assert_eq!(shop.database.statements(), before);
}
