//! No N+1: the number of statements depends on the document, never on the number of rows.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::shop::Shop;

/// Every documented query: the examples of the playground.
fn examples() -> Vec<(String, String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut examples: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| {
            let variables = fs::read_to_string(path.with_extension("json")).unwrap_or_else(|_| "{}".to_owned());
            (
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
                serde_json::from_str(&variables).unwrap(),
            )
        })
        .collect();
    // A change writes as many statements as it takes, and means something only after the one before it.
    examples.retain(|(_, query, _)| !query.contains("\nmutation "));
    examples.sort_by(|a, b| a.0.cmp(&b.0));
    examples
}

async fn statements(shop: &Shop, query: &str, variables: &Value) -> u64 {
    let before = shop.database.statements();
    let answer = shop.ask_with(query, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{query}");
    shop.database.statements() - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_documented_query_takes_as_many_statements_for_many_rows_as_for_few() {
    let (many, few) = (Shop::seeded().await, Shop::with(FEW).await);
    let examples = examples();
    assert!(examples.len() >= 8);
    for (name, query, variables) in examples {
        let counts = (
            statements(&many, &query, &variables).await,
            statements(&few, &query, &variables).await,
        );
        assert!(counts.0 <= 8, "{name} takes {} statements", counts.0);
        assert!(
            counts.1 <= counts.0,
            "{name} takes {} statements for few rows, {} for many",
            counts.1,
            counts.0
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nesting_costs_one_statement_a_level() {
    let shop = Shop::seeded().await;
    let query = "{ genres { albums(first: 3) { totalCount nodes { tracks(first: 20) { title } genre { name } \
                 artist { albums(first: 2, orderBy: RELEASED_ASC) { totalCount nodes { artist { name } } } } } } } }";
    // genres, their albums, their counts; tracks, genres and artists of these; albums and counts of those, whose artists are known.
    // Before each of the counts, the revision.
    assert_eq!(statements(&shop, query, &json!({})).await, 8 + 2);
    assert_eq!(
        statements(&shop, query, &json!({})).await,
        6,
        "what was counted is known, and whose albums they are"
    );
}

#[tokio::test]
async fn artists_and_genres_that_were_kept_are_read_again_when_the_catalogue_has_changed() {
    let shop = Shop::with("genre,artist,title,price\nRock,Ida,One,5\n").await;
    let names = async || {
        let data = shop
            .ask("{ albums(first: 1) { nodes { artist { name } genre { name } } } }")
            .await;
        let album = &data["albums"]["nodes"][0];
        (album["artist"]["name"].clone(), album["genre"]["name"].clone())
    };
    assert_eq!(names().await, (json!("Ida"), json!("Rock")));
    let renamed = "UPDATE artists SET name = 'Ada'; UPDATE genres SET name = 'Polka'; UPDATE catalogue SET revision = revision + 1";
    shop.test_database.run(renamed).unwrap();
    shop.index().await;
    assert_eq!(names().await, (json!("Ada"), json!("Polka")));
}

#[tokio::test]
async fn a_list_is_counted_once_for_each_change_of_the_catalogue() {
    let shop = Shop::with(FEW).await;
    let query = "{ albums(first: 1, where: { minPrice: 800 }) { totalCount } genres { albums(first: 1) { totalCount } } \
                 artists(first: 1) { totalCount } }";
    let counts = async || {
        let data = shop.ask(query).await;
        let total = |list: &Value| list["totalCount"].as_i64().unwrap();
        let genres = data["genres"].as_array().unwrap();
        let genres: Vec<i64> = genres.iter().map(|genre| total(&genre["albums"])).collect();
        (total(&data["albums"]), genres, total(&data["artists"]))
    };
    let first = statements(&shop, query, &json!({})).await;
    assert_eq!(statements(&shop, query, &json!({})).await, first - 3);
    assert_eq!(counts().await, (2, vec![1, 1], 2));

    shop.import("genre,artist,title,price\nRock,New,One,5\nRock,New,Two,8\n")
        .await
        .unwrap();
    assert_eq!(statements(&shop, query, &json!({})).await, first);
    assert_eq!(counts().await, (3, vec![1, 3], 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn siblings_with_other_arguments_get_their_own_answer() {
    let shop = Shop::seeded().await;
    let query = "{ genres { slug cheap: albums(first: 1, orderBy: PRICE_ASC) { nodes { price { amount } } } \
                 dear: albums(first: 1, orderBy: PRICE_DESC) { nodes { price { amount } } } } }";
    let data = shop.ask(query).await;
    for genre in data["genres"].as_array().unwrap() {
        let price = |alias: &str| genre[alias]["nodes"][0]["price"]["amount"].as_i64().unwrap();
        assert!(price("cheap") < price("dear"), "{genre}");
        let albums = "albums(first: 1, orderBy: PRICE_ASC) { nodes { price { amount } } }";
        let own = shop
            .ask(&format!("{{ genre(slug: {}) {{ {albums} }} }}", genre["slug"]))
            .await;
        assert_eq!(own["genre"]["albums"]["nodes"][0]["price"]["amount"], price("cheap"));
    }
}

const FEW: &str = "\
genre,artist,title,price,released,tracks
Rock,Pink Floyd,The Dark Side of the Moon,9.99,1973,Speak to Me (1:07) | Breathe (2:49)
Jazz,Nina Simone,Pastel Blues,8.99,1965,
";

#[tokio::test]
async fn a_catalogue_of_very_many_genres_is_answered_too() {
    let lines: Vec<String> = (0..600).map(|genre| format!("Genre {genre:03},X,Title,5\n")).collect();
    let shop = Shop::with(&format!("genre,artist,title,price\n{}", lines.concat())).await;
    let data = shop
        .ask("{ genres { name albums(first: 1) { nodes { slug } } } }")
        .await;
    let genres = data["genres"].as_array().unwrap();
    assert_eq!(genres.len(), 600);
    assert!(
        genres
            .iter()
            .all(|genre| genre["albums"]["nodes"].as_array().unwrap().len() == 1)
    );
}
