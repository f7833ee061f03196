//! A catalogue from CSV: all of it or nothing, and a second time without effect.

use std::path::Path;

use album_graph::import::Report;
use album_graph::store::revision;
use serde_json::json;

use crate::shop::{Shop, texts};
use crate::test_database::TestDatabase;

const HEADER: &str = "genre,artist,title,price,released,cover_url,tracks,copies_sold\n";

async fn refused(shop: &Shop, csv: impl AsRef<[u8]>) -> String {
    let before = (
        revision::current(&shop.database).await.unwrap().number,
        shop.ask("{ albums(first: 1) { totalCount } }").await,
    );
    let error = shop.import(csv).await.unwrap_err().to_string();
    let after = (
        revision::current(&shop.database).await.unwrap().number,
        shop.ask("{ albums(first: 1) { totalCount } }").await,
    );
    assert_eq!(before, after, "nothing was loaded");
    error
}

#[tokio::test]
async fn a_bad_line_stops_the_import_and_is_named() {
    let shop = Shop::with("genre,artist,title,price\nRock,X,First,5\n").await;
    let good = "Rock,Good,Good one,5,,,,\n";
    let long = "x".repeat(161);
    for (line, reason) in [
        (
            "Rock,X,Title,abc,,,,",
            "line 3: price \"abc\" is not a number such as 8.99",
        ),
        ("Rock,X,Title,,,,,", "line 3: price \"\" is not a number such as 8.99"),
        (
            "Rock,X,Title,0.00,,,,",
            "line 3: price \"0.00\" is not from 0.01 to 100.00",
        ),
        (
            "Rock,X,Title,100.01,,,,",
            "line 3: price \"100.01\" is not from 0.01 to 100.00",
        ),
        (
            "Rock,X,x,5,,,,",
            "line 3: title has 1 characters where 2 to 160 are allowed",
        ),
        (
            &format!("Rock,X,{long},5,,,,"),
            "line 3: title has 161 characters where 2 to 160 are allowed",
        ),
        ("Rock,X,   ,5,,,,", "line 3: title is empty"),
        (",X,Title,5,,,,", "line 3: genre is empty"),
        ("Rock,,Title,5,,,,", "line 3: artist is empty"),
        ("Rock,X,Title", "line 3: has 3 columns where the header has 8"),
        ("Rock,X,Title,5,,,,,", "line 3: has 9 columns where the header has 8"),
        (
            "Rock,X,Title,5,199,,,",
            "line 3: released \"199\" is not a date such as 1991, 1991-09 or 1991-09-24",
        ),
        (
            "Rock,X,Title,5,,ftp://x,,",
            "line 3: cover_url \"ftp://x\" is not an address such as https://example.com/cover.jpg",
        ),
        (
            "Rock,X,Title,5,,https://x.y/\u{fdd0},,",
            "line 3: cover_url \"https://x.y/\\u{fdd0}\" is not an address such as https://example.com/cover.jpg",
        ),
        (
            "Rock,X,Title,5,,,One |  | Two,",
            "line 3: tracks a track's title is empty",
        ),
        (
            "Rock,X,Title,5,,,,-1",
            "line 3: copies_sold \"-1\" is not a number of copies",
        ),
        (
            "Rock,Good,Good one,6,,,,",
            "line 3: the same genre, artist and title as an earlier line, but with other details",
        ),
        ("Rock,X,Ti\u{0}tle,5,,,,", "line 3: title contains a control character"),
    ] {
        assert_eq!(refused(&shop, format!("{HEADER}{good}{line}\n{good}")).await, reason);
    }
    let mut latin1 = format!("{HEADER}{good}Rock,Mot").into_bytes();
    latin1.extend(b"\xf6rhead,Title,5,,,,\n");
    assert_eq!(refused(&shop, latin1).await, "line 3: artist is not UTF-8");
}

#[tokio::test]
async fn a_bad_header_stops_the_import() {
    let shop = Shop::empty().await;
    for (csv, reason) in [
        ("", "line 1: the header lacks genre, artist, title, price"),
        ("genre,artist,title\nRock,X,Title\n", "line 1: the header lacks price"),
        (
            "genre,artist,title,price,price\n",
            "line 1: column price stands twice in the header",
        ),
        (
            "genre,artist,title,price,relased\n",
            "line 1: \"relased\" is not a column (known are genre, artist, title, price, released, cover_url, tracks, copies_sold, stock)",
        ),
    ] {
        assert_eq!(refused(&shop, csv).await, reason);
    }
}

#[tokio::test]
async fn a_bad_line_late_in_a_long_file_undoes_all_before_it() {
    let shop = Shop::empty().await;
    let good: String = (0..1000)
        .map(|number| format!("Rock,X,Title {number},5\n"))
        .collect::<Vec<_>>()
        .concat();
    let csv = format!("genre,artist,title,price\n{good}Rock,X,Last,free\n");
    assert_eq!(
        refused(&shop, csv).await,
        "line 1002: price \"free\" is not a number such as 8.99"
    );
    assert_eq!(
        shop.ask("{ genres { id } artists(first: 1) { totalCount } }").await,
        json!({ "genres": [], "artists": { "totalCount": 0 } })
    );
}

#[tokio::test]
async fn a_catalogue_has_every_index_after_an_import_and_after_one_that_failed() {
    let shop = Shop::empty().await;
    let indexes = || {
        shop.test_database.ask(if shop.test_database.is_on_server() {
            "SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID('albums') ORDER BY name"
        } else {
            "SELECT coalesce(sql, name) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'albums' ORDER BY name"
        })
    };
    let before = indexes();
    assert!(before.len() > 10, "{before:?}");
    refused(&shop, "genre,artist,title,price\nRock,X,First,5\nRock,X,Last,free\n").await;
    assert_eq!(indexes(), before);
    for title in ["First", "Second"] {
        shop.import(format!("genre,artist,title,price\nRock,X,{title},5\n"))
            .await
            .unwrap();
        assert_eq!(indexes(), before);
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let shop = Shop::empty().await;
    let csv = format!(
        "{HEADER}R&B,X,Title,5,1999,https://x.y/c,One (1:00) | Two,3\nR&B,X,  Title ,5.00,1999,https://x.y/c,One (1:00) | Two,3\n"
    );
    let first = shop.import(&csv).await.unwrap();
    assert_eq!(
        first,
        Report {
            added: 1,
            genres: 1,
            artists: 1,
            ..Report::default()
        }
    );
    let raised = revision::current(&shop.database).await.unwrap().number;
    let second = shop.import(&csv).await.unwrap();
    assert_eq!(
        second,
        Report {
            unchanged: 1,
            ..Report::default()
        }
    );
    assert_eq!(second.to_string(), "nothing changed: 1 album already there");
    assert_eq!(revision::current(&shop.database).await.unwrap().number, raised);
}

#[tokio::test]
async fn what_a_file_says_anew_is_changed_and_what_it_leaves_out_stays() {
    let shop = Shop::with(&format!(
        "{HEADER}Rock,X,Title,5,1999,https://x.y/c,One (1:00) | Two,3\nRock,X,Other,5,,,,\n"
    ))
    .await;
    let raised = revision::current(&shop.database).await.unwrap().number;
    let report = shop
        .import("genre,artist,title,price\nrock,x,TITLE,6.50\n")
        .await
        .unwrap();
    assert_eq!(
        report,
        Report {
            changed: 1,
            ..Report::default()
        }
    );
    assert_eq!(revision::current(&shop.database).await.unwrap().number, raised + 1);
    let album =
        "{ album(slug: \"x-title\") { title price { amount } releaseDate coverUrl artist { name } tracks { title } } }";
    let expected = json!({ "album": {
        "title": "TITLE", "price": { "amount": 650 }, "releaseDate": "1999", "coverUrl": "https://x.y/c",
        "artist": { "name": "X" }, "tracks": [{ "title": "One" }, { "title": "Two" }],
    } });
    assert_eq!(shop.ask(album).await, expected);

    let report = shop
        .import("genre,artist,title,price,tracks\nRock,X,TITLE,6.5,Three | Four | Five\n")
        .await
        .unwrap();
    assert_eq!(report.changed, 1);
    let tracks = shop.ask("{ album(slug: \"x-title\") { tracks { title } } }").await;
    assert_eq!(texts(&tracks["album"]["tracks"], "/title"), ["Three", "Four", "Five"]);
}

#[tokio::test]
async fn albums_of_one_name_are_told_apart() {
    let csv = "genre,artist,title,price\nRock,X,Live,5\nMetal,X,Live,5\nRock,X!,Live,5\nRock,Y,X Live,5\nRock,+,!!,5\n\
               Rock,-,!!,5\nRock,É,Live,5\nRock,E,Live,5\n";
    let shop = Shop::with(csv).await;
    let data = shop
        .ask("{ albums(first: 100, orderBy: TITLE_ASC) { nodes { slug } } artists(first: 100) { nodes { slug } } }")
        .await;
    let mut albums = texts(&data["albums"]["nodes"], "/slug");
    albums.sort();
    albums.dedup();
    assert_eq!(albums.len(), 8, "{albums:?}");
    assert!(
        albums.contains(&"x-live".to_owned()) && albums.contains(&"x-live-metal".to_owned()),
        "{albums:?}"
    );
    assert_eq!(texts(&data["artists"]["nodes"], "/slug").len(), 7);
}

#[tokio::test]
async fn quotes_byte_order_marks_and_windows_line_ends_are_read() {
    let shop =
        Shop::with("\u{feff}genre,artist,title,price\r\nRock,\"Crosby, Stills & Nash\",\"So \"\"far\"\"\",5\r\n").await;
    let data = shop
        .ask("{ newest(first: 1) { title slug artist { name slug } } }")
        .await;
    let expected = json!([{
        "title": "So \"far\"", "slug": "crosby-stills-and-nash-so-far",
        "artist": { "name": "Crosby, Stills & Nash", "slug": "crosby-stills-and-nash" },
    }]);
    assert_eq!(data["newest"], expected);
}

#[tokio::test]
async fn hostile_text_is_only_text() {
    let shop =
        Shop::with("genre,artist,title,price\nRock,\"'; DROP TABLE albums; --\",<script>alert(1)</script>,5\n").await;
    let data = shop.ask("{ newest(first: 1) { title slug artist { name } } }").await;
    assert_eq!(data["newest"][0]["title"], "<script>alert(1)</script>");
    assert_eq!(data["newest"][0]["artist"]["name"], "'; DROP TABLE albums; --");
}

#[test]
fn the_database_refuses_what_the_program_would() {
    let database = TestDatabase::migrated();
    let good = "INSERT INTO genres (slug, name, sort_name) VALUES ('g', 'G', 'g'); \
                INSERT INTO artists (slug, name, sort_name) VALUES ('a', 'A', 'a');";
    database.run(good).unwrap();
    let album = |title: &str, artist: &str, price: i64, currency: &str, released: &str, cover: &str| {
        database.run(&format!(
            "INSERT INTO albums (slug, title, title_key, sort_title, artist_id, genre_id, price_minor, currency, release_date, \
             cover_url, created_at, updated_at) SELECT '{title}-{price}', '{title}', '{title}', '{title}', \
             {artist}, genres.id, {price}, '{currency}', {released}, {cover}, '', '' FROM genres, artists WHERE artists.slug = 'a'"
        ))
    };
    let (id, url) = ("artists.id", "'https://x.example/y.jpg'");
    album("ok", id, 1, "USD", "NULL", "NULL").unwrap();
    album("OK", id, 10_000, "EUR", "'1971-03'", url).unwrap();
    for (what, refused) in [
        ("a title of one letter", album("x", id, 5, "USD", "NULL", "NULL")),
        (
            "a title with a blank before it",
            album(" ab", id, 5, "USD", "NULL", "NULL"),
        ),
        (
            "a title with a blank after it",
            album("ab ", id, 5, "USD", "NULL", "NULL"),
        ),
        ("no price", album("ab", id, 0, "USD", "NULL", "NULL")),
        ("too high a price", album("ab", id, 10_001, "USD", "NULL", "NULL")),
        (
            "an artist who is not there",
            album("ab", "-9", 5, "USD", "NULL", "NULL"),
        ),
        ("a currency in small letters", album("ab", id, 5, "usd", "NULL", "NULL")),
        ("a date that is none", album("ab", id, 5, "USD", "'71'", "NULL")),
        (
            "a cover that is not secure",
            album("ab", id, 5, "USD", "NULL", "'http://x.example/'"),
        ),
        ("the same slug", album("ok", id, 1, "USD", "NULL", "NULL")),
        (
            "the same title by the same artist",
            album("ok", id, 2, "USD", "NULL", "NULL"),
        ),
        (
            "a second revision",
            database.run("INSERT INTO catalogue (id, revision) VALUES (2, 0)"),
        ),
        ("a genre that albums have", database.run("DELETE FROM genres")),
    ] {
        assert!(refused.is_err(), "{what} is taken");
    }
}

/// The real catalogue, where it is present beside the project.
#[tokio::test]
async fn the_real_catalogue_imports_completely() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogue/albums.csv");
    let Ok(csv) = std::fs::read(&path) else {
        println!("not run: there is no catalogue at {}", path.display());
        return;
    };
    let shop = Shop::empty().await;
    let report = shop.import(&csv).await.unwrap();
    assert_eq!(
        report,
        Report {
            added: 462,
            genres: 15,
            artists: 290,
            ..Report::default()
        }
    );
    assert_eq!(
        shop.import(&csv).await.unwrap(),
        Report {
            unchanged: 462,
            ..Report::default()
        }
    );
    let data = shop.ask("{ genres { name albums(first: 1) { totalCount } } }").await;
    let counts: Vec<(String, i64)> = data["genres"]
        .as_array()
        .unwrap()
        .iter()
        .map(|genre| {
            (
                genre["name"].as_str().unwrap().to_owned(),
                genre["albums"]["totalCount"].as_i64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("Alternative", 14),
        ("Blues", 9),
        ("Classical", 47),
        ("Country", 6),
        ("Electronic", 35),
        ("Indie", 5),
        ("Jazz", 18),
        ("Latin", 38),
        ("Metal", 55),
        ("Pop", 17),
        ("Punk", 3),
        ("R&B", 6),
        ("Rap", 9),
        ("Rock", 192),
        ("World", 8),
    ];
    assert_eq!(counts, expected.map(|(name, count)| (name.to_owned(), count)));
    let slug = shop
        .ask("{ genre(slug: \"r-and-b\") { albums(first: 9) { nodes { slug } } } }")
        .await;
    assert_eq!(texts(&slug["genre"]["albums"]["nodes"], "/slug").len(), 6);
}

#[tokio::test]
async fn names_that_differ_by_a_mark_are_different_names() {
    let shop = Shop::with("genre,artist,title,price\nPop,バス,ハバナ,1.00\nWorld,राम,गीत,5\nWorld,रीमा,गाता,5\n").await;
    let report = shop
        .import("genre,artist,title,price\nPop,ハス,バハナ,2.00\n")
        .await
        .unwrap();
    assert_eq!(
        report,
        Report {
            added: 1,
            artists: 1,
            ..Report::default()
        }
    );
    let data = shop
        .ask("{ albums(first: 9) { totalCount } artists(first: 9) { totalCount } }")
        .await;
    assert_eq!(
        data,
        json!({ "albums": { "totalCount": 4 }, "artists": { "totalCount": 4 } })
    );
}

#[tokio::test]
async fn a_line_is_counted_as_an_editor_counts_it() {
    let shop = Shop::empty().await;
    for (csv, line) in [
        (
            "genre,artist,title,price\r\nRock,X,One,5\r\nRock,X,Two,5\r\nRock,X,Three,abc\r\n",
            4,
        ),
        ("genre,artist,title,price\n\n\nRock,X,One,5\n\nRock,X,Two,abc", 6),
        ("\u{feff}\r\ngenre,artist,title,price\r\n\r\nRock,X,Two\r\n", 4),
        (
            "genre,artist,title,price\nRock,X,\"One\r\nor two\",5\nRock,X,Three,abc\n",
            2,
        ),
        (
            "genre,artist,title,price,tracks\nRock,X,One,5,\"A\n | B\"\nRock,X,Three,abc,\n",
            4,
        ),
        ("\n\ngenre,artist,title\n", 3),
        ("genre,artist,title,price\rRock,X,One,5\rRock,X,Two,abc\r", 3),
    ] {
        let error = refused(&shop, csv).await;
        assert!(error.starts_with(&format!("line {line}: ")), "{csv:?}: {error}");
    }
}

#[tokio::test]
async fn a_message_is_never_longer_than_a_line() {
    let shop = Shop::empty().await;
    let lines: Vec<String> = (0..2000).map(|number| format!("Rock,X,Title {number},5\n")).collect();
    let open_quote = format!("genre,artist,title,price\nRock,X,Title,\"5\n{}", lines.concat());
    let message = refused(&shop, open_quote).await;
    assert!(
        message.len() < 200 && message.contains("is a quote left open?"),
        "{message}"
    );
    let long = format!("genre,artist,title,price\nRock,X,Title,{}\n", "9".repeat(100_000));
    assert!(refused(&shop, long).await.len() < 200);
}
