//! One contract for both databases: the same schema, the same order and equality, and no question too large for either.

use std::collections::{BTreeMap, BTreeSet};

use album_graph::store::albums::{self, Filter, Listing, Order, Owner};
use album_graph::store::{Bounds, Database, Key, Page, Position, Purpose};
use serde_json::{Value, json};

use crate::program::say;
use crate::shop::{Shop, texts};
use crate::test_database::TestDatabase;

/// What a database holds, a line for each column, key and check, in words that are the same for both.
type Schema = BTreeSet<String>;

/// Rows of a catalogue whose parts stand between tabs: table, kind, name of the constraint, column.
fn constraints(rows: &[String]) -> Schema {
    let mut found: BTreeMap<[&str; 3], Vec<&str>> = BTreeMap::new();
    for row in rows {
        let parts: Vec<&str> = row.split('\t').collect();
        let [table, kind, name, column] = parts[..] else {
            panic!("{row}")
        };
        found.entry([table, kind, name]).or_default().push(column);
    }
    let line = |([table, kind, _], mut columns): ([&str; 3], Vec<&str>)| {
        // A key is as unique whatever the order of its columns.
        if kind == "unique" {
            columns.sort_unstable();
        }
        format!("{table} {kind} ({})", columns.join(", "))
    };
    found.into_iter().map(line).collect()
}

/// The columns of each table.
fn columns(schema: &Schema) -> BTreeMap<String, BTreeSet<String>> {
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in schema {
        let words: Vec<&str> = line.split(' ').collect();
        if let [table, "column", _, column, ..] = words[..] {
            columns.entry(table.to_owned()).or_default().insert(column.to_owned());
        }
    }
    columns
}

/// A check of `table`, by the columns that its condition names.
fn check(table: &str, condition: &str, columns: &BTreeMap<String, BTreeSet<String>>) -> String {
    // Every other part between quotes is a literal.
    let code: String = condition.split('\'').step_by(2).collect();
    let words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let named: BTreeSet<&str> = words.filter(|word| columns[table].contains(*word)).collect();
    format!("{table} check ({})", named.into_iter().collect::<Vec<_>>().join(", "))
}

/// The conditions after each `CHECK` of the text that created a table.
fn conditions(create: &str) -> Vec<String> {
    let code: Vec<&str> = create.lines().map(|line| line.split("--").next().unwrap()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for (start, _) in code.match_indices("CHECK (") {
        let mut depth = 0;
        let inner = code[start + "CHECK ".len()..].chars().take_while(|letter| {
            depth += i32::from(*letter == '(') - i32::from(*letter == ')');
            depth > 0
        });
        found.push(inner.collect());
    }
    found
}

const SQLITE_TABLES: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                             AND name <> '_sqlx_migrations'";

fn schema_of_sqlite(database: &TestDatabase) -> Schema {
    let ask = |query: &str| database.ask(&format!("WITH tables AS ({SQLITE_TABLES}) {query}"));
    let mut schema: Schema = ask("SELECT tables.name || ' column ' || \
         row_number() OVER (PARTITION BY tables.name ORDER BY cid) || ' ' || column.name || ' ' || \
         CASE column.type WHEN 'INTEGER' THEN 'integer' WHEN 'TEXT' THEN 'text' ELSE column.type END || \
         CASE WHEN column.\"notnull\" THEN ' not null' ELSE '' END || \
         CASE WHEN column.hidden IN (2, 3) THEN ' computed' ELSE '' END \
         FROM tables JOIN pragma_table_xinfo(tables.name) AS column")
    .into_iter()
    .collect();
    schema.extend(constraints(&ask(
        "SELECT tables.name || char(9) || 'primary key' || char(9) || char(9) || column.name \
         FROM tables JOIN pragma_table_xinfo(tables.name) AS column WHERE column.pk > 0 ORDER BY tables.name, column.pk",
    )));
    schema.extend(constraints(&ask(
        "SELECT tables.name || char(9) || 'unique' || char(9) || list.name || char(9) || part.name \
         FROM tables JOIN pragma_index_list(tables.name) AS list JOIN pragma_index_xinfo(list.name) AS part \
         WHERE list.origin = 'u' AND part.key ORDER BY list.name, part.seqno",
    )));
    schema.extend(constraints(&ask(
        "SELECT tables.name || char(9) || 'foreign key' || char(9) || part.id || char(9) || \
         part.\"from\" || ' -> ' || part.\"table\" || '.' || part.\"to\" \
         FROM tables JOIN pragma_foreign_key_list(tables.name) AS part ORDER BY tables.name, part.id, part.seq",
    )));
    let columns = columns(&schema);
    for table in ask("SELECT name || char(9) || sql FROM tables") {
        let (table, create) = table.split_once('\t').unwrap();
        schema.extend(
            conditions(create)
                .iter()
                .map(|condition| check(table, condition, &columns)),
        );
    }
    schema
}

fn schema_of_sql_server(database: &TestDatabase) -> Schema {
    let mut schema: Schema = database
        .ask(
            "SELECT c.TABLE_NAME + N' column ' + \
             CAST(ROW_NUMBER() OVER (PARTITION BY c.TABLE_NAME ORDER BY c.ORDINAL_POSITION) AS NVARCHAR(9)) + N' ' + \
             c.COLUMN_NAME + N' ' + \
             CASE WHEN c.DATA_TYPE = 'bigint' THEN N'integer' WHEN c.DATA_TYPE = 'nvarchar' THEN N'text' ELSE c.DATA_TYPE END + \
             CASE WHEN c.IS_NULLABLE = 'NO' THEN N' not null' ELSE N'' END + \
             CASE WHEN COLUMNPROPERTY(OBJECT_ID(c.TABLE_NAME), c.COLUMN_NAME, 'IsComputed') = 1 THEN N' computed' ELSE N'' END \
             FROM INFORMATION_SCHEMA.COLUMNS AS c JOIN INFORMATION_SCHEMA.TABLES AS t \
             ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME \
             WHERE t.TABLE_SCHEMA = 'dbo' AND t.TABLE_TYPE = 'BASE TABLE' AND t.TABLE_NAME <> '_sqlx_migrations'",
        )
        .into_iter()
        .collect();
    schema.extend(constraints(&database.ask(
        "SELECT k.TABLE_NAME + CHAR(9) + LOWER(c.CONSTRAINT_TYPE) + CHAR(9) + k.CONSTRAINT_NAME + CHAR(9) + k.COLUMN_NAME \
         FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS k JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS c \
         ON c.TABLE_NAME = k.TABLE_NAME AND c.CONSTRAINT_NAME = k.CONSTRAINT_NAME \
         WHERE c.CONSTRAINT_TYPE IN ('PRIMARY KEY', 'UNIQUE') AND k.TABLE_NAME <> '_sqlx_migrations' \
         ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
    )));
    schema.extend(constraints(&database.ask(
        "SELECT OBJECT_NAME(parent_object_id) + CHAR(9) + N'foreign key' + CHAR(9) + OBJECT_NAME(constraint_object_id) + CHAR(9) + \
         COL_NAME(parent_object_id, parent_column_id) + N' -> ' + OBJECT_NAME(referenced_object_id) + N'.' + \
         COL_NAME(referenced_object_id, referenced_column_id) \
         FROM sys.foreign_key_columns ORDER BY constraint_object_id, constraint_column_id",
    )));
    let columns = columns(&schema);
    let checks = database.ask("SELECT OBJECT_NAME(parent_object_id) + CHAR(9) + definition FROM sys.check_constraints");
    for line in checks {
        let (table, condition) = line.split_once('\t').unwrap();
        schema.insert(check(table, condition, &columns));
    }
    schema
}

/// An SQLite database with the schema, wherever the tests keep their data.
async fn sqlite_database() -> TestDatabase {
    let database = TestDatabase::embedded();
    let opened = Database::open(&database.migrating_url(), Purpose::Migrate)
        .await
        .unwrap();
    opened.migrate(|_| ()).await.unwrap();
    opened.close().await;
    database
}

#[tokio::test]
async fn the_schema_says_what_it_holds() {
    let schema = schema_of_sqlite(&sqlite_database().await);
    for line in [
        "albums column 11 release_order text not null computed",
        "albums column 12 cover_url text",
        "albums unique (artist_id, genre_id, title_key)",
        "albums foreign key (genre_id -> genres.id)",
        "albums check (release_date)",
        "tracks primary key (album_id, position)",
        "tracks check (position)",
    ] {
        assert!(schema.contains(line), "{line} is missing: {schema:#?}");
    }
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let server = TestDatabase::migrated();
    if !server.is_on_server() {
        return say("The comparison of the schemas: not run: no SQL Server.");
    }
    let (sqlite, server) = (
        schema_of_sqlite(&sqlite_database().await),
        schema_of_sql_server(&server),
    );
    let only = |one: &Schema, other: &Schema| one.difference(other).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(
        sqlite == server,
        "only in SQLite:\n  {}\nonly in SQL Server:\n  {}",
        only(&sqlite, &server),
        only(&server, &sqlite)
    );
}

/// Artists and titles that databases left to themselves would order or tell apart in ways of their own.
const TRICKY: &str = "genre,artist,title,price
Rock,Björk,Zebra,5
Rock,Björk,apple,5
Rock,Bjork,Apple,5
Rock,björn,Äpple,5
Rock,Motörhead,APPLE,5
Rock,The Öst,Ähre,5
Rock,Ωmega,Straße,5
Rock,Omega,Strasse,5
Rock,ØX,Ørsted,5
Rock,Ελλάδα,Ελλάδα,5
Rock,Ελλαδα,ελλαδα,5
Rock,Мой,Мой,5
Rock,Мои,Мои,5
Rock,バス,バス,5
Rock,ハス,ハス,5
Rock,猫,猫と犬,5
Rock,한국,한국,5
Rock,עד,עד גבול,5
Rock,\u{e000},\u{e000}\u{e000},5
Rock,\u{fffd},\u{fffd}\u{fffd},5
Rock,😀,😀😀,5
Rock,𐐀,𐐀𐐀,5
Rock,10cc,10 Years,5
Rock,!!!,!!,5
Rock,_x,_x,5
Rock,A-ha,a-b,5
Rock,A ha,a b,5
Rock,Ａｈａ,ab,5
Rock,ﬁn,ﬁgs,5
Rock,fin,figs,5
";

/// The order of the titles; those of equal rank together, first come first.
const TITLES: [&[&str]; 24] = [
    &["!!"],
    &["10 Years"],
    &["_x"],
    &["a b"],
    &["a-b"],
    &["ab"],
    &["Ähre"],
    &["apple", "Apple", "Äpple", "APPLE"],
    &["ﬁgs", "figs"],
    &["Strasse"],
    &["Straße"],
    &["Zebra"],
    &["Ørsted"],
    &["Ελλάδα", "ελλαδα"],
    &["Мои"],
    &["Мой"],
    &["עד גבול"],
    &["ハス"],
    &["バス"],
    &["猫と犬"],
    &["한국"],
    &["\u{e000}\u{e000}", "\u{fffd}\u{fffd}"],
    &["𐐀𐐀"],
    &["😀😀"],
];

/// The order of the artists.
const ARTISTS: [&str; 29] = [
    "!!!",
    "10cc",
    "_x",
    "A-ha",
    "Ａｈａ",
    "Björk",
    "Bjork",
    "björn",
    "ﬁn",
    "fin",
    "A ha",
    "Motörhead",
    "Omega",
    "The Öst",
    "ØX",
    "Ελλάδα",
    "Ελλαδα",
    "Ωmega",
    "Мои",
    "Мой",
    "עד",
    "ハス",
    "バス",
    "猫",
    "한국",
    "\u{e000}",
    "\u{fffd}",
    "𐐀",
    "😀",
];

/// The `field` of every row of `list`, which has `@` where the paging arguments go, one row a page, from either end.
async fn walk(shop: &Shop, list: &str, field: &str, forward: bool) -> Vec<String> {
    let (count, bound, cursor, more) = if forward {
        ("first: 1", "after", "endCursor", "hasNextPage")
    } else {
        ("last: 1", "before", "startCursor", "hasPreviousPage")
    };
    let (mut found, mut position) = (Vec::new(), String::new());
    loop {
        let page = "{ nodes { FIELD } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
            .replace("FIELD", field);
        let list = list.replace('@', &format!("{count}{position}"));
        let data = shop.ask(&format!("{{ page: {list} {page} }}")).await;
        found.append(&mut texts(&data["page"]["nodes"], &format!("/{field}")));
        let info = &data["page"]["pageInfo"];
        if info[more] == json!(false) {
            break;
        }
        assert!(found.len() < 100, "a walk ends: {found:?}");
        position = format!(", {bound}: {}", info[cursor]);
    }
    if !forward {
        found.reverse();
    }
    found
}

#[tokio::test]
async fn lists_have_one_order_in_every_database() {
    let shop = Shop::with(TRICKY).await;
    let ascending: Vec<&str> = TITLES.concat();
    let descending: Vec<&str> = TITLES.iter().rev().copied().flatten().copied().collect();
    for (order, expected) in [
        ("TITLE_ASC", &ascending),
        ("TITLE_DESC", &descending),
        ("PRICE_DESC", &ascending),
    ] {
        let list = format!("albums(@, orderBy: {order})");
        let whole = shop
            .ask(&format!(
                "{{ {} {{ nodes {{ title }} }} }}",
                list.replace('@', "first: 100")
            ))
            .await;
        assert_eq!(texts(&whole["albums"]["nodes"], "/title"), *expected, "{order}");
        assert_eq!(walk(&shop, &list, "title", true).await, *expected, "{order} forwards");
        assert_eq!(walk(&shop, &list, "title", false).await, *expected, "{order} backwards");
    }
    let whole = shop.ask("{ artists(first: 100) { nodes { name } } }").await;
    assert_eq!(texts(&whole["artists"]["nodes"], "/name"), ARTISTS);
    assert_eq!(walk(&shop, "artists(@)", "name", true).await, ARTISTS);
    assert_eq!(walk(&shop, "artists(@)", "name", false).await, ARTISTS);
    let newest = shop.ask("{ newest(first: 3) { title } }").await;
    assert_eq!(texts(&newest["newest"], "/title"), ["figs", "ﬁgs", "ab"]);
}

#[tokio::test]
async fn names_are_told_apart_alike_in_every_database() {
    let shop = Shop::with(TRICKY).await;
    let again = shop.import(TRICKY).await.unwrap();
    assert_eq!(
        (again.unchanged, again.added, again.changed, again.artists),
        (30, 0, 0, 0),
        "{again:?}"
    );
    let other = "genre,artist,title,price
ROCK,BJÖRK,APPLE,5
Rock,Björk,Apple\u{301},5
Rock,bjÖrk,Apple   ,5
Rock,𐐨,𐐨𐐨,5
Rock,Björk,Àpple,5
";
    let refused = shop.import(other).await.unwrap_err().to_string();
    assert!(
        refused.starts_with("line 4: the same genre, artist and title as an earlier line"),
        "{refused}"
    );
    let other = other.replace("Rock,bjÖrk,Apple   ,5\n", "");
    let report = shop.import(&other).await.unwrap();
    // Case alone is a new spelling of what is there; an accent makes another album; no artist or genre is new.
    assert_eq!(
        (report.changed, report.added, report.genres, report.artists),
        (2, 2, 0, 0),
        "{report:?}"
    );
}

#[tokio::test]
async fn a_slug_is_found_as_it_is_spelled_and_not_otherwise() {
    let shop = Shop::with("genre,artist,title,price\nRock,Björk,Début,5\nNo.1,10cc,10 Years,5\n").await;
    for (kind, slug) in [
        ("artist", "bjork"),
        ("genre", "rock"),
        ("album", "bjork-debut"),
        ("artist", "10cc"),
    ] {
        let found = async |slug: &str| {
            let query = format!("query($slug: String!) {{ found: {kind}(slug: $slug) {{ slug }} }}");
            let answer = shop.ask_with(&query, &json!({ "slug": slug })).await;
            assert_eq!(answer["errors"], Value::Null, "{slug:?}");
            answer["data"]["found"]["slug"].clone()
        };
        assert_eq!(found(slug).await, slug);
        let wide = slug.replace('b', "ｂ").replace('r', "ｒ").replace('1', "１");
        for other in [
            format!("{slug} "),
            format!("{slug}  "),
            format!(" {slug}"),
            format!("{slug}\u{a0}"),
            format!("{slug}\t"),
            format!("{slug}\u{ad}"),
            format!("{slug}\u{200d}"),
            format!("{slug}%"),
            slug.to_uppercase(),
            slug.replace(['o', '0'], "ö"),
            slug.replace('o', "o\u{308}").replace('c', "c\u{308}"),
            wide,
        ] {
            assert_eq!(found(&other).await, Value::Null, "{kind} {other:?}");
        }
    }
    for (field, slug) in [
        ("genre", "rock "),
        ("genre", "ROCK"),
        ("artist", "bjork "),
        ("artist", "björk"),
    ] {
        let query = format!(
            "{{ albums(first: 1, where: {{ {field}: {} }}) {{ totalCount }} }}",
            json!(slug)
        );
        assert_eq!(shop.refusal(&query).await.0, "NOT_FOUND", "{field} {slug:?}");
    }
}

/// With twenty albums in each, more than one statement binds.
const GENRES: usize = 100;
const ALBUMS: usize = GENRES * 20;

/// A shop where each of twenty artists has an album in every genre, at 5.01 to 5.20.
async fn large_shop() -> Shop {
    let shop = Shop::empty().await;
    let rows = |count: usize, kind: &str| {
        let rows: Vec<String> = (1..=count)
            .map(|row| format!("('{kind}-{row:03}', '{kind} {row:03}', '{row:03}')"))
            .collect();
        rows.join(", ")
    };
    // Without an import, which would keep other imports waiting.
    let script = format!(
        "INSERT INTO genres (slug, name, sort_name) VALUES {};
        INSERT INTO artists (slug, name, sort_name) VALUES {};
        INSERT INTO albums (slug, title, title_key, sort_title, artist_id, genre_id, price_minor, currency, release_date,
            created_at, updated_at)
        SELECT CONCAT(genres.slug, '-', artists.slug), artists.name, artists.sort_name, artists.sort_name,
            artists.id, genres.id, 500 + artists.id - (SELECT MIN(id) FROM artists) + 1, 'USD', '1991',
            '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'
        FROM genres CROSS JOIN artists",
        rows(GENRES, "genre"),
        rows(20, "artist")
    );
    shop.test_database.run(&script).unwrap();
    shop
}

#[tokio::test]
async fn a_document_about_thousands_of_rows_is_answered() {
    let shop = large_shop().await;
    shop.index().await;
    let data = shop
        .ask("{ genres { name albums(first: 20, orderBy: TITLE_ASC) { totalCount nodes { title genre { name } tracks(first: 3) { title } } } } }")
        .await;
    let genres = data["genres"].as_array().unwrap();
    assert_eq!(genres.len(), GENRES);
    let titles: Vec<String> = (1..=20).map(|artist| format!("artist {artist:03}")).collect();
    for genre in genres {
        assert_eq!(genre["albums"]["totalCount"], 20);
        assert_eq!(texts(&genre["albums"]["nodes"], "/title"), titles);
        assert!(
            texts(&genre["albums"]["nodes"], "/genre/name")
                .iter()
                .all(|name| genre["name"] == **name)
        );
    }
}

#[tokio::test]
async fn more_ids_than_one_statement_binds_are_asked_for() {
    let shop = large_shop().await;
    let page = |order, bounds| Listing {
        filter: Filter::default(),
        order,
        page: Page {
            size: 1,
            from_end: false,
            skip: 0,
            bounds,
        },
    };
    let newest = albums::page(&shop.database, &page(Order::Newest, Bounds::default()))
        .await
        .unwrap();
    let last = newest.rows[0].id;
    let ids: Vec<i64> = (last - 4_999..=last).collect();
    let found = albums::by_ids(&shop.database, &ids).await.unwrap();
    assert_eq!(found.len(), ALBUMS);

    // Most of the owners are not there; they are asked about all the same.
    let genre = found.iter().map(|album| album.genre_id).min().unwrap();
    let owners: Vec<i64> = (genre..genre + 500).collect();
    let artist = found
        .iter()
        .find(|album| album.title == "artist 010")
        .unwrap()
        .artist_id;
    let position = |price, title: &str, id| Position {
        key: Key::Integer(price),
        title: Some(title.to_owned()),
        id,
    };
    let bounds = Bounds {
        after: Some(position(509, "009", i64::MAX)),
        before: Some(position(511, "", 0)),
    };
    let mut listing = page(Order::Price, bounds);
    listing.filter = Filter {
        genre_id: None,
        artist_id: Some(artist),
        min_price: Some(1),
        max_price: Some(10_000),
        released_from: Some("1990".parse().unwrap()),
        released_to: Some("1991-12".parse().unwrap()),
    };
    for (of_genre, from_end) in [(None, false), (Some(genre), true)] {
        listing.filter.genre_id = of_genre;
        listing.page.from_end = from_end;
        let pages = albums::pages_of(&shop.database, Owner::Genre, &owners, &listing)
            .await
            .unwrap();
        assert_eq!(pages.len(), 500);
        let mut prices: Vec<(i64, i64)> = Vec::new();
        for (owner, page) in pages {
            assert!(!page.more);
            prices.extend(page.rows.iter().map(|album| (owner, album.price.amount)));
        }
        prices.sort_unstable();
        let genres = if of_genre.is_none() { GENRES } else { 1 };
        let expected: Vec<(i64, i64)> = owners.iter().take(genres).map(|owner| (*owner, 510)).collect();
        assert_eq!(prices, expected);
    }
    listing.filter.genre_id = None;
    let genres: Vec<i64> = (genre - 2_000..genre + 3_000).collect();
    let counts = albums::counts_of(&shop.database, Owner::Genre, &genres, &listing.filter)
        .await
        .unwrap();
    assert_eq!(counts.len(), GENRES);
}
