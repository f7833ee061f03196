//! Search and suggestions, asked as clients ask.

use serde_json::{Value, json};

use crate::shop::{Shop, texts};

const ALBUMS: &str = "\
genre,artist,title,price,released,tracks,copies_sold
Metal,Metallica,Metallica,9.99,1991-08-12,Enter Sandman (5:31) | Sad but True (5:24),50
Metal,Metallica,Master of Puppets,8.99,1986-03-03,Battery (5:12) | Orion (8:27),900
Metal,Metallica,Ride the Lightning,7.99,1984-07-27,Fade to Black (6:57),300
Metal,Motörhead,Ace of Spades,6.49,1980-11-08,Ace of Spades (2:49),80
Rock,Led Zeppelin,Physical Graffiti,12.00,1975-02-24,Kashmir (8:37),400
Rock,The Beatles,Abbey Road,10.00,1969-09-26,Come Together (4:19) | Something (3:02),700
Rock,The Beatles,Let It Be,4.99,1970-05-08,Across the Universe (3:48),600
Rock,AC/DC,Back in Black,9.49,1980-07-25,Hells Bells (5:12),650
Classical,Ludwig van Beethoven,Symphony No. 9,5.00,1824,Allegro (16:00) | Ode to Joy (25:00),20
R&B,Simon & Garfunkel,Bookends,8.00,1968-04-03,Mrs. Robinson (4:02),30
World,אריק איינשטיין,עד גבול האור,8.99,,,5
Pop,Björk,Début,8.49,1993-07-05,Human Behaviour (4:12),120
Pop,Nobody,Road,3.00,2001,Abbey (1:00),10000
";

/// What a search answers, without the fields that nobody asked for.
async fn search(shop: &Shop, arguments: &Value, selection: &str) -> Value {
    let document = format!(
        "query($query: String!, $first: Int, $after: String, $skip: Int, $where: AlbumFilter, $orderBy: SearchOrder) {{ \
         search(query: $query, first: $first, after: $after, skip: $skip, where: $where, orderBy: $orderBy) {{ {selection} }} }}"
    );
    let mut answer = shop.ask_with(&document, arguments).await;
    assert_eq!(answer["errors"], Value::Null, "{arguments}");
    answer["data"]["search"].take()
}

async fn titles(shop: &Shop, query: &str) -> Vec<String> {
    texts(
        &search(shop, &json!({ "query": query }), "nodes { title }").await["nodes"],
        "/title",
    )
}

#[tokio::test]
async fn a_number_is_not_taken_for_another() {
    let shop =
        Shop::with("genre,artist,title,price\nRock,Ida,Live 1981,5\nRock,Ida,Live 1991,5\nRock,Ida,1981,5\n").await;
    assert_eq!(titles(&shop, "1991").await, ["Live 1991"]);
    assert_eq!(titles(&shop, "live 1991").await, ["Live 1991"]);
    assert_eq!(titles(&shop, "liev 1991").await, ["Live 1991"]);
    assert_eq!(titles(&shop, "199").await, ["Live 1991"], "a number may be only begun");
    assert!(titles(&shop, "1971").await.is_empty());
}

#[tokio::test]
async fn an_album_is_found_by_title_artist_genre_and_track() {
    let shop = Shop::with(ALBUMS).await;
    assert_eq!(titles(&shop, "physical graffiti").await, ["Physical Graffiti"]);
    assert_eq!(
        titles(&shop, "graffiti zeppelin").await,
        ["Physical Graffiti"],
        "words in any order"
    );
    assert_eq!(titles(&shop, "kashmir").await, ["Physical Graffiti"], "a track");
    assert_eq!(
        titles(&shop, "classical joy").await,
        ["Symphony No. 9"],
        "genre and track"
    );
    assert_eq!(titles(&shop, "puppets battery").await, ["Master of Puppets"]);
}

#[tokio::test]
async fn the_very_title_or_artist_comes_first_and_then_the_best_seller() {
    let shop = Shop::with(ALBUMS).await;
    let metallica = ["Master of Puppets", "Ride the Lightning", "Metallica"];
    assert_eq!(titles(&shop, "metallica").await, metallica);
    assert_eq!(
        titles(&shop, "beatles").await,
        ["Abbey Road", "Let It Be"],
        "without the article"
    );
    // The title, then the title with more words, then the best seller that has it only as a track.
    assert_eq!(titles(&shop, "road").await, ["Road", "Abbey Road"]);
    assert_eq!(titles(&shop, "abbey").await, ["Abbey Road", "Road"]);
    // An article is no word to look for, but it tells two titles apart.
    let shop = Shop::with(
        "genre,artist,title,price,copies_sold\nRock,One,Wall,5,900\nRock,Two,The Wall,5,1\nRock,Three,A Wall Apart,5,999\n",
    )
    .await;
    assert_eq!(titles(&shop, "the wall").await, ["The Wall", "Wall"]);
    assert_eq!(titles(&shop, "wall").await, ["Wall", "The Wall", "A Wall Apart"]);
}

#[tokio::test]
async fn a_name_of_the_same_words_comes_before_what_begins_so() {
    let shop = Shop::with(
        r#"genre,artist,title,price,copies_sold
Rock,One,Love Songs,5,900
Rock,Two,Love Love Love,5,1
Rock,Three,Duran,5,2
Rock,Four,Duran Duran Live,5,800
Rock,Five,"Night, Red",5,3
Rock,Six,Red Night Sky,5,700
Rock,Sand,Red,5,4
Rock,Seven,Red Sand Road,5,600
"#,
    )
    .await;
    assert_eq!(titles(&shop, "love").await, ["Love Love Love", "Love Songs"]);
    assert_eq!(titles(&shop, "duran duran").await, ["Duran", "Duran Duran Live"]);
    assert_eq!(titles(&shop, "red night").await, ["Night, Red", "Red Night Sky"]);
    assert_eq!(
        titles(&shop, "red sand").await,
        ["Red", "Red Sand Road"],
        "title and artist"
    );
}

#[tokio::test]
async fn how_it_is_written_makes_no_difference() {
    let shop = Shop::with(ALBUMS).await;
    for (query, title) in [
        ("MOTORHEAD", "Ace of Spades"),
        ("motörhead", "Ace of Spades"),
        ("bjork debut", "Début"),
        ("simon and garfunkel", "Bookends"),
        ("r and b", "Bookends"),
        ("r&b", "Bookends"),
        ("mrs robinson", "Bookends"),
        ("acdc", "Back in Black"),
        ("ac dc", "Back in Black"),
        ("back-in-black!", "Back in Black"),
        ("אריק", "עד גבול האור"),
        ("ledzeppelin", "Physical Graffiti"),
    ] {
        assert_eq!(titles(&shop, query).await, [title], "{query}");
    }
}

#[tokio::test]
async fn a_word_is_found_while_it_is_typed() {
    let shop = Shop::with(ALBUMS).await;
    for query in ["ph", "phys", "physical g", "graff", "zepp", "kash", "led zeppelin phy"] {
        assert_eq!(titles(&shop, query).await[0], "Physical Graffiti", "{query}");
    }
}

#[tokio::test]
async fn a_track_is_found_at_every_letter_after_its_first_word() {
    let shop = Shop::with(ALBUMS).await;
    for (track, title) in [
        ("enter sandman", "Metallica"),
        ("fade to black", "Ride the Lightning"),
        ("mrs robinson", "Bookends"),
        ("beethoven ode to joy", "Symphony No. 9"),
        ("zeppelin kashmir rock", "Physical Graffiti"),
    ] {
        let first = track.find(' ').unwrap();
        for end in first..=track.len() {
            let found = titles(&shop, &track[..end]).await;
            assert!(found.contains(&title.to_owned()), "{}: {found:?}", &track[..end]);
        }
    }
}

#[tokio::test]
async fn what_was_meant_is_there() {
    // London is there twice, but not with Metallica.
    let shop = Shop::with(
        "genre,artist,title,price\nMetal,Metallica,Load,5\nRock,The Clash,London Calling,5\nRock,London Grammar,If You Wait,5\n",
    )
    .await;
    let found = search(
        &shop,
        &json!({ "query": "metallica loud" }),
        "didYouMean nodes { title }",
    )
    .await;
    assert_eq!(texts(&found["nodes"], "/title"), ["Load"]);
    assert_eq!(found["didYouMean"], "metallica load");
}

#[tokio::test]
async fn typing_mistakes_are_forgiven_and_told() {
    let shop = Shop::with(ALBUMS).await;
    for (query, title, meant) in [
        ("metalica", "Master of Puppets", "metallica"),
        ("beethovan", "Symphony No. 9", "beethoven"),
        ("led zepelin", "Physical Graffiti", "led zeppelin"),
        ("fysical grafiti", "Physical Graffiti", "physical graffiti"),
        ("kashmri", "Physical Graffiti", "kashmir"),
        ("metalic", "Master of Puppets", "metallica"),
        ("abbye road", "Abbey Road", "abbey road"),
        ("ledzepelin", "Physical Graffiti", "led zeppelin"),
        ("metalca", "Master of Puppets", "metallica"),
        ("beethon", "Symphony No. 9", "beethoven"),
    ] {
        let found = search(&shop, &json!({ "query": query }), "didYouMean nodes { title }").await;
        assert_eq!(found["didYouMean"], meant, "{query}");
        assert_eq!(texts(&found["nodes"], "/title")[0], title, "{query}");
    }
    let found = search(&shop, &json!({ "query": "metallica" }), "didYouMean").await;
    assert_eq!(found["didYouMean"], Value::Null);
    assert_eq!(titles(&shop, "rpad").await[..2], ["Road", "Abbey Road"]);
    assert!(titles(&shop, "xyzxyz").await.is_empty());
    assert!(
        titles(&shop, "abc").await.is_empty(),
        "a word of three letters is taken as it is"
    );
}

#[tokio::test]
async fn a_whole_word_is_likelier_than_the_beginning_of_one() {
    let shop = Shop::with(
        "genre,artist,title,price,copies_sold\nPop,Someone,River Rain,5,900\nPop,Ana Rivera,Home,5,1\nPop,Riverrains,Sea,5,800\n",
    )
    .await;
    let found = search(&shop, &json!({ "query": "riveira" }), "didYouMean nodes { title }").await;
    assert_eq!(found["didYouMean"], "rivera");
    assert_eq!(found["nodes"][0]["title"], "Home");
}

#[tokio::test]
async fn names_are_found_however_they_are_joined() {
    let shop = Shop::with(
        "genre,artist,title,price\nRock,The Rolling Stones,Aftermath,5\nRap,Run-D.M.C.,Tougher,5\nR&B,Aretha,Soul Lady,5\n\
         Rock,Led,Rock'n Roll,5\n",
    )
    .await;
    for (query, title) in [
        ("rollingstones", "Aftermath"),
        ("therollingstones", "Aftermath"),
        ("rollingst", "Aftermath"),
        ("run dmc", "Tougher"),
        ("rnb", "Soul Lady"),
        ("rock'n'roll", "Rock'n Roll"),
        ("rock & roll", "Rock'n Roll"),
    ] {
        let selection =
            "didYouMean edges { node { title } titleMatches { end } artistMatches { end } genreMatches { end } }";
        let found = search(&shop, &json!({ "query": query }), selection).await;
        assert_eq!(texts(&found["edges"], "/node/title"), [title], "{query}");
        assert_eq!(found["didYouMean"], Value::Null, "{query}");
        let edge = &found["edges"][0];
        let marks = ["titleMatches", "artistMatches", "genreMatches"].map(|kind| edge[kind] != json!([]));
        assert!(marks.contains(&true), "{query}");
    }
}

#[tokio::test]
async fn what_is_as_it_was_typed_comes_before_what_is_mistyped() {
    let shop = Shop::with(
        "genre,artist,title,price,released,tracks,copies_sold\nRock,Solr,Solp,5,,,900\nPop,Frank,Blonde,5,,Solo (4:17),1\n",
    )
    .await;
    assert_eq!(titles(&shop, "solo").await, ["Blonde", "Solp"]);
}

#[tokio::test]
async fn the_tracks_that_say_why_an_album_is_found_come_first() {
    let tracks = "You Still Believe in Me (2:31) | Not You and Me (2:27) | My Put (2:53) | Sloop John B (2:58) | God Only Knows (2:51)";
    let csv = format!("genre,artist,title,price,released,tracks\nPop,The Boys,Sounds,5,,{tracks}\n");
    let shop = Shop::with(&csv).await;
    for (query, first) in [
        ("john m", "Sloop John B"),
        ("boys god m", "God Only Knows"),
        ("pop not m", "Not You and Me"),
    ] {
        let found = search(
            &shop,
            &json!({ "query": query }),
            "edges { trackMatches { track { title } } }",
        )
        .await;
        assert_eq!(found["edges"][0]["trackMatches"][0]["track"]["title"], first, "{query}");
    }
    let whole = json!({ "query": "you still bel" });
    let found = search(&shop, &whole, "edges { trackMatches { track { title } } }").await;
    let tracks = texts(&found["edges"][0]["trackMatches"], "/track/title");
    assert_eq!(tracks, ["You Still Believe in Me"], "others would say nothing more");
}

#[tokio::test]
async fn one_mistake_is_likelier_than_two() {
    let shop = Shop::with(
        "genre,artist,title,price,released,tracks\nRock,Sinnermen Band,Loud,5,,\nJazz,Nina,Blues,5,,Sinnerman (10:00)\n",
    )
    .await;
    let (one, two) = ("Blues", "Loud");
    assert_eq!(
        titles(&shop, "sinerman").await,
        [one, two],
        "a track with one, an artist with two"
    );
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let shop = Shop::with(ALBUMS).await;
    let long = "a".repeat(10_000);
    let words = "metallica ".repeat(1_000);
    for query in [
        "",
        "   ",
        "\u{0}",
        "\"",
        "*",
        "(",
        "\\",
        "a AND NOT b",
        "title:metallica",
        "[a TO z]",
        "~1",
        "^",
        "😀",
        "👨‍👩‍👧",
        "\u{202e}abc",
        "%_'; DROP TABLE albums --",
        "NOT",
        "OR OR",
        "a*b?c",
        long.as_str(),
        "\u{fdfa}",
        "ﷺ",
        "İ",
        "ẞ",
        "a\u{301}\u{301}\u{301}",
    ] {
        let found = search(
            &shop,
            &json!({ "query": query }),
            "totalCount nodes { title } facets { genres { count } }",
        )
        .await;
        assert!(found["totalCount"].as_u64().unwrap() <= 13, "{query}");
    }
    for nothing in ["", " \t\n", "\u{0}", "😀"] {
        assert!(titles(&shop, nothing).await.is_empty());
        let answer = shop
            .ask_with(
                "query($p: String!) { suggest(prefix: $p) { albums { album { title } } } }",
                &json!({ "p": nothing }),
            )
            .await;
        assert_eq!(answer["data"]["suggest"]["albums"], json!([]), "{nothing:?}");
    }
    assert_eq!(titles(&shop, &words).await.len(), 3);
}

#[tokio::test]
async fn facets_count_what_another_choice_would_find() {
    let shop = Shop::with(ALBUMS).await;
    let selection = "totalCount facets { genres { genre { slug } count } decades { releasedFrom releasedTo count } prices { minPrice maxPrice count } }";
    let all = search(&shop, &json!({ "query": "b" }), selection).await;
    let narrowed = |filter: Value| {
        let shop = &shop;
        async move { search(shop, &json!({ "query": "b", "where": filter }), selection).await }
    };
    let genre = narrowed(json!({ "genre": "rock" })).await;
    assert_eq!(
        genre["facets"]["genres"], all["facets"]["genres"],
        "its own filter does not empty a facet"
    );
    let of_rock = all["facets"]["genres"]
        .as_array()
        .unwrap()
        .iter()
        .find(|facet| facet["genre"]["slug"] == "rock")
        .unwrap();
    assert_eq!(of_rock["count"], genre["totalCount"]);
    let sum = |facet: &Value| -> u64 {
        facet
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["count"].as_u64().unwrap())
            .sum()
    };
    assert_eq!(sum(&genre["facets"]["prices"]), genre["totalCount"].as_u64().unwrap());
    assert_eq!(sum(&genre["facets"]["decades"]), genre["totalCount"].as_u64().unwrap());

    // Every choice that a facet offers finds as many as it says.
    for decade in all["facets"]["decades"].as_array().unwrap() {
        let filter = json!({ "releasedFrom": decade["releasedFrom"], "releasedTo": decade["releasedTo"] });
        let found = narrowed(filter).await;
        assert_eq!(found["totalCount"], decade["count"], "{decade}");
        assert_eq!(found["facets"]["decades"], all["facets"]["decades"]);
    }
    for price in all["facets"]["prices"].as_array().unwrap() {
        let found = narrowed(json!({ "minPrice": price["minPrice"], "maxPrice": price["maxPrice"] })).await;
        assert_eq!(found["totalCount"], price["count"], "{price}");
        assert_eq!(found["facets"]["prices"], all["facets"]["prices"]);
    }
}

#[tokio::test]
async fn a_search_can_be_narrowed_and_sorted() {
    let shop = Shop::with(ALBUMS).await;
    let ask = |filter: Value, order: &'static str| {
        let shop = &shop;
        async move {
            let arguments = json!({ "query": "metallica", "where": filter, "orderBy": order });
            texts(&search(shop, &arguments, "nodes { title }").await["nodes"], "/title")
        }
    };
    let (ride, master, black) = ("Ride the Lightning", "Master of Puppets", "Metallica");
    for (order, titles) in [
        ("RELEVANCE", [master, ride, black]),
        ("BEST_SELLING", [master, ride, black]),
        ("TITLE_ASC", [master, black, ride]),
        ("TITLE_DESC", [ride, black, master]),
        ("PRICE_ASC", [ride, master, black]),
        ("PRICE_DESC", [black, master, ride]),
        ("RELEASED_ASC", [ride, master, black]),
        ("RELEASED_DESC", [black, master, ride]),
    ] {
        assert_eq!(ask(json!({}), order).await, titles, "{order}");
    }
    assert_eq!(ask(json!({ "maxPrice": 899 }), "RELEVANCE").await, [master, ride]);
    assert_eq!(ask(json!({ "minPrice": 900 }), "RELEVANCE").await, [black]);
    assert_eq!(
        ask(json!({ "releasedFrom": "1986", "releasedTo": "1986" }), "RELEVANCE").await,
        [master]
    );
    assert_eq!(
        ask(json!({ "artist": "metallica", "genre": "metal" }), "RELEVANCE")
            .await
            .len(),
        3
    );
    assert!(ask(json!({ "artist": "the-beatles" }), "RELEVANCE").await.is_empty());
}

#[tokio::test]
async fn contradictions_and_unknown_names_are_refused_by_name() {
    let shop = Shop::with(ALBUMS).await;
    for (arguments, code, field) in [
        ("where: {minPrice: 2, maxPrice: 1}", "BAD_USER_INPUT", "where.minPrice"),
        (
            "where: {releasedFrom: \"2000\", releasedTo: \"1999\"}",
            "BAD_USER_INPUT",
            "where.releasedFrom",
        ),
        ("where: {genre: \"polka\"}", "NOT_FOUND", "where.genre"),
        ("where: {artist: \"nobody-else\"}", "NOT_FOUND", "where.artist"),
        ("first: 0", "BAD_USER_INPUT", "first"),
        ("first: 101", "BAD_USER_INPUT", "first"),
        ("skip: -1", "BAD_USER_INPUT", "skip"),
        ("skip: 10001", "BAD_USER_INPUT", "skip"),
        ("after: \"x\"", "BAD_USER_INPUT", "after"),
    ] {
        let refusal = shop
            .refusal(&format!("{{ search(query: \"a\", {arguments}) {{ totalCount }} }}"))
            .await;
        assert_eq!(
            (refusal.0.as_str(), refusal.1),
            (code, json!(field)),
            "{arguments}: {}",
            refusal.2
        );
    }
    let refusal = shop
        .refusal("{ suggest(prefix: \"a\", first: 21) { genres { genre { name } } } }")
        .await;
    assert_eq!((refusal.0.as_str(), refusal.1), ("BAD_USER_INPUT", json!("first")));
    let cursor = search(
        &shop,
        &json!({ "query": "metallica", "first": 1 }),
        "pageInfo { endCursor }",
    )
    .await;
    let cursor = cursor["pageInfo"]["endCursor"].as_str().unwrap();
    let refusal = shop
        .refusal(&format!(
            "{{ search(query: \"a\", after: \"{cursor}\", orderBy: PRICE_ASC) {{ totalCount }} }}"
        ))
        .await;
    assert_eq!(refusal.1, json!("after"), "a cursor of another order");
    let other = format!("{{ search(query: \"metal\", after: \"{cursor}\") {{ totalCount }} }}");
    assert_eq!(
        shop.refusal(&other).await.1,
        json!("after"),
        "a cursor of another search"
    );
    let same = json!({ "query": "  METALLICA", "after": cursor });
    assert_eq!(search(&shop, &same, "totalCount").await["totalCount"], 3);
    let refusal = shop.refusal("{ search(query: \"a\", skip: -1) { totalCount } }").await;
    assert!(refusal.2.contains("10000"), "{}", refusal.2);
}

#[tokio::test]
async fn pages_follow_each_other_in_every_order() {
    let shop = Shop::seeded().await;
    for order in [
        "RELEVANCE",
        "BEST_SELLING",
        "TITLE_ASC",
        "TITLE_DESC",
        "PRICE_ASC",
        "PRICE_DESC",
        "RELEASED_ASC",
        "RELEASED_DESC",
    ] {
        let selection = "totalCount nodes { slug } pageInfo { hasNextPage hasPreviousPage endCursor }";
        let all = search(
            &shop,
            &json!({ "query": "of", "first": 100, "orderBy": order }),
            selection,
        )
        .await;
        let expected = texts(&all["nodes"], "/slug");
        assert!(
            expected.len() > 20 && all["totalCount"] == json!(expected.len()),
            "{order}: {}",
            expected.len()
        );
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = search(
                &shop,
                &json!({ "query": "of", "first": 7, "after": after, "orderBy": order }),
                selection,
            )
            .await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!found.is_empty()));
            let skipped = search(
                &shop,
                &json!({ "query": "of", "first": 7, "skip": found.len(), "orderBy": order }),
                selection,
            )
            .await;
            assert_eq!(page["nodes"], skipped["nodes"], "{order}");
            found.extend(texts(&page["nodes"], "/slug"));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(found, expected, "{order}");
    }
}

#[tokio::test]
async fn what_was_typed_is_marked() {
    let shop = Shop::with(ALBUMS).await;
    let edges = |query: &'static str| {
        let shop = &shop;
        async move {
            let selection = "edges { node { title } titleMatches { start end } artistMatches { start end } \
                trackMatches { track { title position } titleMatches { start end } } }";
            search(shop, &json!({ "query": query }), selection).await["edges"].take()
        }
    };
    let range = |start: usize, end: usize| json!({ "start": start, "end": end });
    let found = edges("abb").await;
    assert_eq!(found[0]["titleMatches"], json!([range(0, 3)]));
    assert_eq!(found[0]["trackMatches"], json!([]), "the title has it all");
    let track = json!({ "track": { "title": "Abbey", "position": 1 }, "titleMatches": [range(0, 3)] });
    assert_eq!(found[1]["trackMatches"], json!([track]));
    let found = edges("debut bjork").await;
    assert_eq!(
        (&found[0]["titleMatches"], &found[0]["artistMatches"]),
        (&json!([range(0, 5)]), &json!([range(0, 5)]))
    );
    let found = edges("metalica").await;
    assert_eq!(
        found[0]["artistMatches"],
        json!([range(0, 9)]),
        "a mistyped word as a whole"
    );
}

#[tokio::test]
async fn albums_artists_and_genres_are_suggested_in_one_answer() {
    let shop = Shop::with(ALBUMS).await;
    let suggest = |prefix: &'static str| {
        let shop = &shop;
        async move {
            let document = format!(
                "{{ suggest(prefix: \"{prefix}\", first: 3) {{ albums {{ album {{ title }} titleMatches {{ start end }} artistMatches {{ start end }} }} \
                 artists {{ artist {{ name }} nameMatches {{ start end }} }} genres {{ genre {{ name }} nameMatches {{ start end }} }} }} }}"
            );
            shop.ask(&document).await["suggest"].take()
        }
    };
    let found = suggest("met").await;
    assert_eq!(
        texts(&found["albums"], "/album/title"),
        ["Metallica", "Master of Puppets", "Ride the Lightning"]
    );
    assert_eq!(found["albums"][0]["titleMatches"], json!([{ "start": 0, "end": 3 }]));
    assert_eq!(
        found["artists"],
        json!([{ "artist": { "name": "Metallica" }, "nameMatches": [{ "start": 0, "end": 3 }] }])
    );
    assert_eq!(
        found["genres"],
        json!([{ "genre": { "name": "Metal" }, "nameMatches": [{ "start": 0, "end": 3 }] }])
    );
    let found = suggest("beatels").await;
    assert_eq!(texts(&found["artists"], "/artist/name"), ["The Beatles"]);
    assert_eq!(found["artists"][0]["nameMatches"], json!([{ "start": 4, "end": 11 }]));
    let found = suggest("clasic").await;
    assert_eq!(texts(&found["genres"], "/genre/name"), ["Classical"]);
}

#[tokio::test]
async fn every_album_is_suggested_with_a_reason() {
    let shop = Shop::with(ALBUMS).await;
    let range = |start: usize, end: usize| json!([{ "start": start, "end": end }]);
    let matches = "album { title } titleMatches { start end } artistMatches { start end } genreMatches { start end } \
        trackMatches { track { title } titleMatches { start end } }";
    let albums = |prefix: &'static str| {
        let document = format!("{{ suggest(prefix: \"{prefix}\", first: 20) {{ albums {{ {matches} }} }} }}");
        let shop = &shop;
        async move { shop.ask(&document).await["suggest"]["albums"].take() }
    };
    let kashmir = json!([{
        "album": { "title": "Physical Graffiti" }, "titleMatches": [], "artistMatches": [], "genreMatches": [],
        "trackMatches": [{ "track": { "title": "Kashmir" }, "titleMatches": range(0, 5) }],
    }]);
    assert_eq!(albums("kashm").await, kashmir);
    let symphony = json!([{
        "album": { "title": "Symphony No. 9" }, "titleMatches": [], "artistMatches": [], "genreMatches": range(0, 5),
        "trackMatches": [],
    }]);
    assert_eq!(albums("class").await, symphony, "a genre needs no track");
    let graffiti = json!([{
        "album": { "title": "Physical Graffiti" }, "titleMatches": [], "artistMatches": range(4, 12),
        "genreMatches": range(0, 4), "trackMatches": [],
    }]);
    assert_eq!(albums("zeppelin rock").await, graffiti);
    for prefix in [
        "r",
        "me",
        "metal",
        "abbe",
        "rock a",
        "joy classical",
        "kashmri",
        "simon b",
    ] {
        for album in albums(prefix).await.as_array().unwrap() {
            let reasons = ["titleMatches", "artistMatches", "genreMatches", "trackMatches"];
            assert!(
                reasons.iter().any(|reason| album[reason] != json!([])),
                "{prefix}: {album}"
            );
        }
    }
}

#[tokio::test]
async fn a_sign_for_a_letter_makes_no_difference() {
    let shop = Shop::with(
        "genre,artist,title,price\nRap,A$AP Rocky,Testing,5\nPop,P!nk,Try This,5\nRap,$uicideboy$,Long Term Effects,5\n",
    )
    .await;
    for (query, title, marked) in [
        ("a$ap rocky", "Testing", 2),
        ("ASAP", "Testing", 1),
        ("a$a", "Testing", 1),
        ("p!nk", "Try This", 1),
        ("pink", "Try This", 1),
        ("suicideboys", "Long Term Effects", 1),
    ] {
        let found = search(
            &shop,
            &json!({ "query": query }),
            "didYouMean edges { node { title } artistMatches { start } }",
        )
        .await;
        assert_eq!(texts(&found["edges"], "/node/title"), [title], "{query}");
        assert_eq!(found["didYouMean"], Value::Null, "{query}");
        assert_eq!(
            found["edges"][0]["artistMatches"].as_array().unwrap().len(),
            marked,
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_search_takes_as_many_statements_for_many_albums_as_for_few() {
    let shop = Shop::seeded().await;
    let selection = "totalCount didYouMean facets { genres { genre { name } count } decades { count } prices { count } } \
        edges { titleMatches { start } artistMatches { start } genreMatches { start } trackMatches { track { title } } \
        node { title artist { name } genre { name } } }";
    for (first, most) in [(1, 2), (100, 2)] {
        let before = shop.database.statements();
        search(&shop, &json!({ "query": "the", "first": first }), selection).await;
        let asked = shop.database.statements() - before;
        assert!(asked <= most, "{asked} statements for {first}");
    }
}
