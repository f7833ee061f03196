//! The contract on disk is the contract that is served.

use std::fs;
use std::path::Path;

use album_graph::graph;
use serde_json::Value;

use crate::shop::Shop;

#[test]
fn the_schema_on_disk_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    let on_disk = fs::read_to_string(path).unwrap();
    assert!(
        on_disk == graph::sdl(),
        "schema.graphql is out of date: run `cargo xtask schema`"
    );
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let shop = Shop::empty().await;
    let data = shop
        .ask(
            "{ __schema { types { name description fields { name description args { name description } } \
             inputFields { name description } enumValues { name description } } } }",
        )
        .await;
    let mut bare = Vec::new();
    for kind in data["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // What GraphQL itself defines is described by its specification.
        if !name.starts_with("__") && name != "ID" {
            collect_bare(name, kind, &mut bare);
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:?}");
}

fn collect_bare(path: &str, element: &Value, bare: &mut Vec<String>) {
    if element["description"].as_str().unwrap_or_default().is_empty() {
        bare.push(path.to_owned());
    }
    for part in ["fields", "args", "inputFields", "enumValues"] {
        for child in element[part].as_array().into_iter().flatten() {
            collect_bare(&format!("{path}.{}", child["name"].as_str().unwrap()), child, bare);
        }
    }
}
