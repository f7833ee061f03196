//! What the catalogue answers.

use serde_json::{Value, json};

use crate::shop::{Shop, texts};

const SMALL: &str = "\
genre,artist,title,price,released,cover_url,tracks,copies_sold
R&B,Nina Simone,Pastel Blues,9.99,1965-10,https://example.com/c.jpg,Be My Husband (3:22) | Sinnerman (10:19) | Untimed,7
Rock,The Zombies,Odessey and Oracle,12.5,1968,,,90
Rock,Ágætis,\u{00c1}lfur,5.00,,,,3
Rock,The Zombies,Begin Here,5,1965,,,90
";

#[tokio::test]
async fn an_album_answers_everything_about_itself() {
    let shop = Shop::with(SMALL).await;
    let data = shop
        .ask(
            "{ album(slug: \"nina-simone-pastel-blues\") { slug title price { amount currency formatted } releaseDate \
             coverUrl artist { name slug sortName } genre { name slug description } tracks { position title duration } \
             createdAt updatedAt } }",
        )
        .await;
    let expected = json!({
        "slug": "nina-simone-pastel-blues",
        "title": "Pastel Blues",
        "price": { "amount": 999, "currency": "USD", "formatted": "$9.99" },
        "releaseDate": "1965-10",
        "coverUrl": "https://example.com/c.jpg",
        "artist": { "name": "Nina Simone", "slug": "nina-simone", "sortName": "nina simone" },
        "genre": { "name": "R&B", "slug": "r-and-b", "description": "" },
        "tracks": [
            { "position": 1, "title": "Be My Husband", "duration": 202 },
            { "position": 2, "title": "Sinnerman", "duration": 619 },
            { "position": 3, "title": "Untimed", "duration": null },
        ],
        "createdAt": "2026-02-01T12:00:00Z",
        "updatedAt": "2026-02-01T12:00:00Z",
    });
    assert_eq!(data["album"], expected);
}

#[tokio::test]
async fn an_answer_has_its_fields_in_the_order_of_the_question() {
    let shop = Shop::with(SMALL).await;
    let reply = shop
        .post(json!({ "query": "{ album(slug: \"nina-simone-pastel-blues\") { title slug coverUrl } }" }).to_string());
    let text = reply.await.text();
    let place = |key: &str| text.find(key).unwrap();
    assert!(
        place("title") < place("slug") && place("slug") < place("coverUrl"),
        "{text}"
    );
}

#[tokio::test]
async fn whatever_has_an_id_is_found_again_by_it() {
    let shop = Shop::with(SMALL).await;
    let data = shop
        .ask("{ album(slug: \"nina-simone-pastel-blues\") { id artist { id } genre { id } } }")
        .await;
    let id = |pointer: &str| data.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let (album, artist, genre) = (id("/album/id"), id("/album/artist/id"), id("/album/genre/id"));

    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Album { title } } }";
    let ids = json!([genre, album, "nonsense", artist, album, "QWxidW06OTk5"]);
    let answer = shop.ask_with(query, &json!({ "ids": ids })).await;
    let nodes = answer["data"]["nodes"].as_array().unwrap();
    let kinds: Vec<&Value> = nodes.iter().map(|node| &node["__typename"]).collect();
    assert_eq!(
        kinds,
        [
            &json!("Genre"),
            &json!("Album"),
            &Value::Null,
            &json!("Artist"),
            &json!("Album"),
            &Value::Null
        ]
    );
    assert_eq!(
        nodes[4],
        json!({ "__typename": "Album", "id": album, "title": "Pastel Blues" })
    );

    let by_id = shop
        .ask(&format!(
            "{{ album(id: \"{album}\") {{ title }} node(id: \"{artist}\") {{ id }} }}"
        ))
        .await;
    assert_eq!(
        by_id,
        json!({ "album": { "title": "Pastel Blues" }, "node": { "id": artist } })
    );
    let other_kind = shop.ask(&format!("{{ album(id: \"{artist}\") {{ title }} }}")).await;
    assert_eq!(other_kind["album"], Value::Null);
}

#[tokio::test]
async fn what_is_not_there_is_null() {
    let shop = Shop::with(SMALL).await;
    let data = shop
        .ask("{ album(slug: \"x\") { id } genre(slug: \"x\") { id } artist(slug: \"\") { id } node(id: \"x\") { id } }")
        .await;
    assert_eq!(
        data,
        json!({ "album": null, "genre": null, "artist": null, "node": null })
    );
}

#[tokio::test]
async fn an_album_is_asked_for_by_id_or_by_slug() {
    let shop = Shop::with(SMALL).await;
    for query in ["{ album { id } }", "{ album(id: \"x\", slug: \"y\") { id } }"] {
        let (code, field, _) = shop.refusal(query).await;
        assert_eq!((code.as_str(), field), ("BAD_USER_INPUT", json!("slug")), "{query}");
    }
}

#[tokio::test]
async fn genres_and_artists_come_by_name() {
    let shop = Shop::seeded().await;
    let data = shop
        .ask("{ genres { name description } artists(first: 100) { nodes { name sortName } } }")
        .await;
    let genres = texts(&data["genres"], "/name");
    assert_eq!(genres.len(), 15);
    assert!(genres.is_sorted_by_key(|name| name.to_lowercase()), "{genres:?}");
    assert!(
        texts(&data["genres"], "/description")
            .iter()
            .all(|text| !text.is_empty())
    );
    let artists = texts(&data["artists"]["nodes"], "/sortName");
    assert!(artists.is_sorted() && artists.len() == 100);
}

#[tokio::test]
async fn the_sample_catalogue_is_worth_a_visit() {
    let shop = Shop::seeded().await;
    let genres = shop.ask("{ albums(first: 1) { totalCount } genres { slug } }").await;
    assert!(genres["albums"]["totalCount"].as_i64().unwrap() >= 300);
    let mut with_tracks = 0;
    for genre in texts(&genres["genres"], "/slug") {
        let list = format!(
            "{{ albums(first: 100, where: {{ genre: \"{genre}\" }}) {{ nodes {{ releaseDate tracks {{ title }} }} }} }}"
        );
        let data = shop.ask(&list).await;
        let albums = data["albums"]["nodes"].as_array().unwrap();
        assert!(albums.len() >= 12, "{genre} has {} albums", albums.len());
        assert!(albums.iter().all(|album| album["releaseDate"].is_string()));
        with_tracks += albums.iter().filter(|album| album["tracks"] != json!([])).count();
    }
    assert!(with_tracks >= 60, "{with_tracks} albums have tracks");
}

#[tokio::test]
async fn top_sellers_sold_most_and_newest_came_last() {
    let shop = Shop::with(SMALL).await;
    let data = shop
        .ask("{ topSellers(first: 3) { title } newest(first: 2) { title } }")
        .await;
    assert_eq!(
        texts(&data["topSellers"], "/title"),
        ["Begin Here", "Odessey and Oracle", "Pastel Blues"]
    );
    assert_eq!(texts(&data["newest"], "/title"), ["Begin Here", "\u{c1}lfur"]);
    for first in [0, -1, 101] {
        let (code, field, _) = shop.refusal(&format!("{{ newest(first: {first}) {{ id }} }}")).await;
        assert_eq!((code.as_str(), field), ("BAD_USER_INPUT", json!("first")));
    }
}

#[tokio::test]
async fn a_filter_lets_through_what_fits_all_its_conditions() {
    let shop = Shop::with(SMALL).await;
    for (filter, titles) in [
        (
            "genre: \"rock\"",
            vec!["\u{c1}lfur", "Begin Here", "Odessey and Oracle"],
        ),
        ("artist: \"the-zombies\"", vec!["Begin Here", "Odessey and Oracle"]),
        ("minPrice: 500, maxPrice: 500", vec!["\u{c1}lfur", "Begin Here"]),
        ("minPrice: 501, maxPrice: 1249", vec!["Pastel Blues"]),
        (
            "releasedFrom: \"1965\", releasedTo: \"1965\"",
            vec!["Begin Here", "Pastel Blues"],
        ),
        (
            "releasedFrom: \"1965-01-01\", releasedTo: \"1965-12-31\"",
            vec!["Begin Here", "Pastel Blues"],
        ),
        (
            "releasedFrom: \"1965-10-01\", releasedTo: \"1965-10-01\"",
            vec!["Pastel Blues"],
        ),
        ("releasedTo: \"1965-09\"", vec!["Begin Here"]),
        ("releasedFrom: \"1965-10-02\"", vec!["Odessey and Oracle"]),
        ("genre: \"r-and-b\", artist: \"the-zombies\"", vec![]),
    ] {
        let query = format!(
            "{{ albums(first: 9, orderBy: TITLE_ASC, where: {{ {filter} }}) {{ totalCount nodes {{ title }} }} }}"
        );
        let albums = shop.ask(&query).await["albums"].take();
        let mut found = texts(&albums["nodes"], "/title");
        found.sort_by_key(|title| album_graph::catalogue::fold(title));
        assert_eq!(found, titles, "{filter}");
        assert_eq!(albums["totalCount"], titles.len(), "{filter}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_fit_says_why() {
    let shop = Shop::with(SMALL).await;
    for (filter, code, field) in [
        ("minPrice: 900, maxPrice: 800", "BAD_USER_INPUT", "where.minPrice"),
        ("minPrice: -1", "BAD_USER_INPUT", "where.minPrice"),
        ("maxPrice: -5", "BAD_USER_INPUT", "where.maxPrice"),
        (
            "releasedFrom: \"1990\", releasedTo: \"1989-12\"",
            "BAD_USER_INPUT",
            "where.releasedFrom",
        ),
        ("genre: \"polka\"", "NOT_FOUND", "where.genre"),
        ("artist: \"nobody\"", "NOT_FOUND", "where.artist"),
    ] {
        for list in ["albums", "artist(slug: \"the-zombies\") { albums"] {
            let close = if list.contains('{') { "}" } else { "" };
            let query = format!("{{ {list}(first: 9, where: {{ {filter} }}) {{ totalCount }} {close} }}");
            let refusal = shop.refusal(&query).await;
            assert_eq!((refusal.0.as_str(), &refusal.1), (code, &json!(field)), "{query}");
            assert!(!refusal.2.is_empty());
        }
    }
    let malformed = shop
        .ask_with(
            "{ albums(first: 1, where: { releasedFrom: \"1990-13\" }) { totalCount } }",
            &json!({}),
        )
        .await;
    assert!(
        malformed["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("not a date"),
        "{malformed}"
    );
}
