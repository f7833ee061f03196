//! Pages of a list: whole, stable, and refused where the arguments make no sense.

use serde_json::{Value, json};

use crate::shop::{Shop, texts};

const ORDERS: [&str; 7] = [
    "BEST_SELLING",
    "TITLE_ASC",
    "TITLE_DESC",
    "PRICE_ASC",
    "PRICE_DESC",
    "RELEASED_ASC",
    "RELEASED_DESC",
];
const PAGE: &str = "{ nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";

/// Every slug of a list, page by page; `list` has `@` where the paging arguments go.
async fn walk(shop: &Shop, list: &str, forward: bool) -> Vec<String> {
    let (count, bound, cursor, more) = if forward {
        ("first: 2", "after", "endCursor", "hasNextPage")
    } else {
        ("last: 2", "before", "startCursor", "hasPreviousPage")
    };
    let mut slugs: Vec<String> = Vec::new();
    let mut position = String::new();
    loop {
        let data = shop
            .ask(&format!("{{ {} }}", list.replace('@', &format!("{count}{position}"))))
            .await;
        let connection = find(&data);
        let page = texts(&connection["nodes"], "/slug");
        if forward {
            slugs.extend(page);
        } else {
            slugs.splice(0..0, page).for_each(drop);
        }
        if connection["pageInfo"][more] == json!(false) {
            return slugs;
        }
        assert!(slugs.len() < 1000, "a walk ends");
        position = format!(", {bound}: {}", connection["pageInfo"][cursor]);
    }
}

/// The connection in an answer, however deep.
fn find(data: &Value) -> &Value {
    let mut value = data;
    while value.get("nodes").is_none() {
        value = value.as_object().unwrap().values().next().unwrap();
    }
    value
}

#[tokio::test]
async fn every_order_gives_the_same_list_forward_and_backward() {
    let shop = Shop::seeded().await;
    for order in ORDERS {
        let list = format!("albums(@, orderBy: {order}, where: {{ genre: \"jazz\" }}) {PAGE}");
        let forward = walk(&shop, &list, true).await;
        assert_eq!(forward, walk(&shop, &list, false).await, "{order}");
        let whole = shop.ask(&format!("{{ {} }}", list.replace('@', "first: 100"))).await;
        assert_eq!(forward, texts(&whole["albums"]["nodes"], "/slug"), "{order}");

        let nested = format!("genre(slug: \"jazz\") {{ albums(@, orderBy: {order}) {PAGE} }}");
        assert_eq!(forward, walk(&shop, &nested, true).await, "{order}");
        assert_eq!(forward, walk(&shop, &nested, false).await, "{order}");
    }
    let artists = walk(&shop, &format!("artists(@) {PAGE}"), true).await;
    assert_eq!(artists, walk(&shop, &format!("artists(@) {PAGE}"), false).await);
    let total = shop.ask("{ artists(first: 1) { totalCount } }").await;
    assert_eq!(total["artists"]["totalCount"], artists.len());
}

/// More albums than are found by their prices alone: one in seven costs 5, the others cost 7.
async fn shop_of_many() -> Shop {
    let line = |number: u32| {
        let price = if number.is_multiple_of(7) { 5 } else { 7 };
        format!("Rock,X,{number:04},{price},{}\n", number % 10)
    };
    let lines: Vec<String> = (0..2_500).map(line).collect();
    Shop::with(&format!("genre,artist,title,price,copies_sold\n{}", lines.concat())).await
}

#[tokio::test]
async fn a_filter_leaves_a_list_in_order_whether_few_albums_pass_or_many() {
    let shop = shop_of_many().await;
    for (range, passes) in [("minPrice: 600", 7), ("maxPrice: 600", 5)] {
        let of_price = |number: &u32| (if number.is_multiple_of(7) { 5 } else { 7 }) == passes;
        let mut numbers: Vec<u32> = (0..2_500).filter(of_price).collect();
        numbers.sort_by_key(|number| (9 - number % 10, *number));
        let slugs: Vec<String> = numbers.iter().map(|number| format!("x-{number:04}")).collect();
        for list in ["albums(@)", "genre(slug: \"rock\") { albums(@) }"] {
            let page = async |arguments: &str| {
                let arguments = format!("({arguments}, orderBy: BEST_SELLING, where: {{ {range} }}) {PAGE}");
                let data = shop.ask(&format!("{{ {} }}", list.replace("(@)", &arguments))).await;
                let connection = find(&data);
                let cursor = connection["pageInfo"]["endCursor"].to_string();
                (texts(&connection["nodes"], "/slug"), cursor)
            };
            let (first, cursor) = page("first: 50").await;
            let (second, _) = page(&format!("first: 50, after: {cursor}")).await;
            assert_eq!([first, second].concat(), slugs[..100], "{list} {range}");
            let (skipped, _) = page("first: 50, skip: 210").await;
            assert_eq!(skipped, slugs[210..260], "{list} {range}");
            let (last, _) = page("last: 50, skip: 10").await;
            assert_eq!(last, slugs[slugs.len() - 60..slugs.len() - 10], "{list} {range}");
        }
    }
}

#[tokio::test]
async fn the_orders_are_what_their_names_say() {
    let shop = Shop::seeded().await;
    let list = |order: &str| {
        format!("{{ albums(first: 100, orderBy: {order}) {{ nodes {{ title releaseDate price {{ amount }} }} }} }}")
    };
    let keys = async |order: &str, pointer: &str| -> Vec<String> {
        let data = shop.ask(&list(order)).await;
        let nodes = data["albums"]["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node.pointer(pointer).unwrap().to_string())
            .collect()
    };
    let titles = |keys: Vec<String>| -> Vec<String> {
        keys.iter()
            .map(|key| album_graph::catalogue::fold(&serde_json::from_str::<String>(key).unwrap()))
            .collect()
    };
    assert!(titles(keys("TITLE_ASC", "/title").await).is_sorted());
    assert!(titles(keys("TITLE_DESC", "/title").await).is_sorted_by(|a, b| a >= b));
    let prices = |keys: Vec<String>| -> Vec<i64> { keys.iter().map(|key| key.parse().unwrap()).collect() };
    assert!(prices(keys("PRICE_ASC", "/price/amount").await).is_sorted());
    assert!(prices(keys("PRICE_DESC", "/price/amount").await).is_sorted_by(|a, b| a >= b));
    assert!(
        keys("RELEASED_ASC", "/releaseDate")
            .await
            .is_sorted_by_key(|date| date.trim_matches('"').to_owned())
    );
    assert!(
        keys("RELEASED_DESC", "/releaseDate")
            .await
            .is_sorted_by(|a, b| a.trim_matches('"') >= b.trim_matches('"'))
    );
}

#[tokio::test]
async fn a_page_is_stable_while_albums_are_added() {
    let shop = Shop::with("genre,artist,title,price\nRock,X,Beta,5\nRock,X,Delta,5\nRock,X,Zeta,5\n").await;
    let first = shop
        .ask(&format!("{{ albums(first: 2, orderBy: TITLE_ASC) {PAGE} }}"))
        .await;
    assert_eq!(texts(&first["albums"]["nodes"], "/slug"), ["x-beta", "x-delta"]);
    shop.import("genre,artist,title,price\nRock,X,Alpha,5\nRock,X,Gamma,5\nRock,X,Epsilon,5\n")
        .await
        .unwrap();
    let cursor = &first["albums"]["pageInfo"]["endCursor"];
    let next = shop
        .ask(&format!(
            "{{ albums(first: 9, orderBy: TITLE_ASC, after: {cursor}) {PAGE} }}"
        ))
        .await;
    assert_eq!(
        texts(&next["albums"]["nodes"], "/slug"),
        ["x-epsilon", "x-gamma", "x-zeta"]
    );
}

#[tokio::test]
async fn a_page_knows_its_neighbours() {
    let shop = Shop::with("genre,artist,title,price\nRock,X,Aa,5\nRock,X,Bb,5\nRock,X,Cc,5\n").await;
    let neighbours = async |arguments: &str| {
        let data = shop
            .ask(&format!("{{ albums({arguments}, orderBy: TITLE_ASC) {PAGE} }}"))
            .await;
        let info = data["albums"]["pageInfo"].clone();
        (
            info["hasPreviousPage"].clone(),
            info["hasNextPage"].clone(),
            info["startCursor"].to_string(),
            info["endCursor"].to_string(),
        )
    };
    let first = neighbours("first: 1").await;
    assert_eq!((&first.0, &first.1), (&json!(false), &json!(true)));
    let middle = neighbours(&format!("first: 1, after: {}", first.3)).await;
    assert_eq!((&middle.0, &middle.1), (&json!(true), &json!(true)));
    let last = neighbours("last: 1").await;
    assert_eq!((&last.0, &last.1), (&json!(true), &json!(false)));
    let between = shop
        .ask(&format!(
            "{{ albums(first: 5, after: {}, before: {}, orderBy: TITLE_ASC) {PAGE} }}",
            first.3, last.2
        ))
        .await;
    assert_eq!(texts(&between["albums"]["nodes"], "/slug"), ["x-bb"]);
    assert_eq!(between["albums"]["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(
        between["albums"]["pageInfo"]["hasNextPage"], true,
        "the cursor's own row follows"
    );
    let empty = neighbours("first: 5, skip: 3").await;
    assert_eq!(
        (empty.0, empty.1, empty.2),
        (json!(true), json!(false), "null".to_owned())
    );
}

#[tokio::test]
async fn numbered_pages_follow_one_another() {
    let shop = Shop::seeded().await;
    let mut slugs = Vec::new();
    for page in 0..4 {
        let data = shop
            .ask(&format!(
                "{{ genre(slug: \"jazz\") {{ albums(first: 9, skip: {}) {PAGE} }} }}",
                page * 9
            ))
            .await;
        slugs.extend(texts(&data["genre"]["albums"]["nodes"], "/slug"));
    }
    let whole = shop
        .ask(&format!("{{ genre(slug: \"jazz\") {{ albums(first: 100) {PAGE} }} }}"))
        .await;
    assert_eq!(slugs, texts(&whole["genre"]["albums"]["nodes"], "/slug"));
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_refused_by_name() {
    let shop = Shop::seeded().await;
    let data = shop
        .ask(&format!("{{ albums(first: 1, orderBy: TITLE_ASC) {PAGE} }}"))
        .await;
    let cursor = data["albums"]["pageInfo"]["endCursor"].to_string();
    for (arguments, field) in [
        (String::new(), "first"),
        ("(orderBy: TITLE_ASC)".to_owned(), "first"),
        ("(first: 0)".to_owned(), "first"),
        ("(first: -1)".to_owned(), "first"),
        ("(first: 101)".to_owned(), "first"),
        ("(last: 101)".to_owned(), "last"),
        ("(first: 1, last: 1)".to_owned(), "last"),
        ("(first: 1, after: \"nonsense\")".to_owned(), "after"),
        ("(first: 1, after: \"\")".to_owned(), "after"),
        (format!("(first: 1, after: {cursor})"), "after"),
        (format!("(last: 1, before: {cursor}, orderBy: PRICE_ASC)"), "before"),
        (
            format!("(first: 1, skip: 1, after: {cursor}, orderBy: TITLE_ASC)"),
            "skip",
        ),
        ("(first: 1, skip: -1)".to_owned(), "skip"),
        ("(first: 1, skip: 10000001)".to_owned(), "skip"),
    ] {
        let refusal = shop.refusal(&format!("{{ albums{arguments} {{ totalCount }} }}")).await;
        assert_eq!(
            (refusal.0.as_str(), refusal.1),
            ("BAD_USER_INPUT", json!(field)),
            "{arguments}"
        );
    }
}

#[tokio::test]
async fn what_is_optional_may_be_left_out_of_the_variables() {
    let shop = Shop::seeded().await;
    let query = "query($skip: Int, $order: AlbumOrder, $where: AlbumFilter) { \
                 albums(first: 2, skip: $skip, orderBy: $order, where: $where) { nodes { slug } } }";
    let expected = shop.ask("{ albums(first: 2) { nodes { slug } } }").await;
    for variables in [json!({}), json!({ "skip": null, "order": null, "where": null })] {
        let answer = shop.ask_with(query, &variables).await;
        assert_eq!(answer["data"], expected, "{variables}");
    }
}

#[tokio::test]
async fn albums_of_equal_rank_follow_by_title() {
    let csv =
        "genre,artist,title,price\nRock,X,Delta,5\nRock,X,alpha,5\nRock,Y,Charlie,5\nRock,Y,Álbum,5\nRock,Z,alpha,5\n";
    let shop = Shop::with(csv).await;
    for order in [
        "BEST_SELLING",
        "PRICE_ASC",
        "PRICE_DESC",
        "RELEASED_ASC",
        "RELEASED_DESC",
    ] {
        let list = format!("albums(@, orderBy: {order}) {PAGE}");
        let expected = ["y-album", "x-alpha", "z-alpha", "y-charlie", "x-delta"];
        assert_eq!(walk(&shop, &list, true).await, expected, "{order}");
        assert_eq!(walk(&shop, &list, false).await, expected, "{order}");
    }
}
