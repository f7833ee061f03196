//! How well search finds what was meant: queries made from a catalogue by rule, with a fixed seed, for each kind of sloppiness.
//!
//! The catalogue is the sample, and the CSV file that `TEST_CATALOGUE` names, where it names one. `cargo test --package album-graph
//! --test search_quality -- --nocapture` prints the table.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use album_graph::import::{self, Context};
use album_graph::search::{self, Order, Place, Search, Searcher, Snapshot};
use album_graph::store::albums::{self, Filter, Listing};
use album_graph::store::{Bounds, Database, Page, Purpose, artists};
use fastrand::Rng;
use time::macros::datetime;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

#[path = "support/test_database.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod test_database;

use test_database::TestDatabase;

const SEED: u64 = 20_160_401;
/// Queries of each kind, where the catalogue has enough to make them from.
const QUERIES: usize = 500;
/// A shopper sees so many.
const SEEN: usize = 10;

/// A kind of query, and how many of a hundred must be found among the first ten.
const KINDS: [(&str, f64); 7] = [
    ("prefix", 0.97),
    ("one edit", 0.97),
    ("one edit in the artist", 0.97),
    ("two edits in a long word", 0.90),
    ("swapped words", 1.0),
    ("dropped accents", 1.0),
    ("title and artist", 1.0),
];

struct Album {
    id: i64,
    title: String,
    artist: String,
}

/// A query and the albums that it may mean.
struct Query {
    kind: &'static str,
    text: String,
    meant: Vec<i64>,
}

#[derive(Default)]
struct Tally {
    queries: usize,
    found: usize,
    reciprocal_ranks: f64,
    missed: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_meant_is_among_the_first_ten() {
    measure("sample", include_str!("../seed/catalogue.csv")).await;
    if let Ok(file) = std::env::var("TEST_CATALOGUE") {
        measure(&file, &std::fs::read_to_string(&file).unwrap()).await;
    }
}

async fn measure(name: &str, csv: &str) {
    let test_database = TestDatabase::migrated();
    let database = Database::open(&test_database.url(), Purpose::Serve).await.unwrap();
    let context = Context::new(datetime!(2026-02-01 12:00 UTC));
    import::import(&database, csv.as_bytes(), &context, |_| ())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let searcher = Searcher::new(Place {
        folder: folder.path().to_owned(),
        in_memory: u64::MAX,
    });
    searcher.follow(&database).await.unwrap();
    let snapshot = searcher.snapshot().unwrap();

    let queries = make(&all_albums(&database).await);
    assert!(queries.len() >= 1_500, "{name}: {} queries", queries.len());
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for query in &queries {
        let found = find(&snapshot, &query.text);
        let place = found.iter().position(|id| query.meant.contains(id));
        let tally = tallies.entry(query.kind).or_default();
        tally.queries += 1;
        match place {
            Some(place) => {
                tally.found += 1;
                tally.reciprocal_ranks += 1.0 / f64::from(u32::try_from(place + 1).unwrap());
            }
            None => tally.missed.push(query.text.clone()),
        }
    }
    println!(
        "\n{name}: {} queries\n| kind | queries | recall@10 | mean reciprocal rank |\n|---|---|---|---|",
        queries.len()
    );
    let share = |part: f64, tally: &Tally| part / f64::from(u32::try_from(tally.queries).unwrap());
    for (kind, tally) in &tallies {
        let recall = share(f64::from(u32::try_from(tally.found).unwrap()), tally);
        println!(
            "| {kind} | {} | {recall:.3} | {:.3} |",
            tally.queries,
            share(tally.reciprocal_ranks, tally)
        );
    }
    for (kind, tally) in &tallies {
        let least = KINDS.iter().find(|(name, _)| name == kind).unwrap().1;
        let recall = share(f64::from(u32::try_from(tally.found).unwrap()), tally);
        assert!(
            recall >= least,
            "{name}, {kind}: {recall:.3} of {least}; missed {:?}",
            tally.missed
        );
    }
}

async fn all_albums(database: &Database) -> Vec<Album> {
    let (mut all, mut skip) = (Vec::new(), 0);
    loop {
        let page = Page {
            size: 100,
            from_end: false,
            skip,
            bounds: Bounds::default(),
        };
        let listing = Listing {
            filter: Filter::default(),
            order: albums::Order::Title,
            page,
        };
        let rows = albums::page(database, &listing).await.unwrap().rows;
        if rows.is_empty() {
            return all;
        }
        skip += 100;
        let ids: Vec<i64> = rows.iter().map(|row| row.artist_id).collect();
        let names = artists::by_ids(database, &ids).await.unwrap();
        let names: HashMap<i64, String> = names.into_iter().map(|artist| (artist.id, artist.name)).collect();
        all.extend(rows.into_iter().map(|row| Album {
            id: row.id,
            title: row.title,
            artist: names[&row.artist_id].clone(),
        }));
    }
}

fn find(snapshot: &Snapshot, text: &str) -> Vec<i64> {
    let search = Search {
        query: Arc::new(search::Query::new(text)),
        filter: album_search::Filter::default(),
        order: Order::Relevance,
        size: SEEN,
        skip: 0,
        after: None,
        facets: false,
    };
    snapshot.find(&search).unwrap().hits.iter().map(|hit| hit.id).collect()
}

fn make(albums: &[Album]) -> Vec<Query> {
    let mut rng = Rng::with_seed(SEED);
    let mut queries = Vec::new();
    for (kind, _) in KINDS {
        // Each album is tried before one is tried again.
        let mut order: Vec<&Album> = albums.iter().collect();
        let mut made = 0;
        for _ in 0..8 {
            rng.shuffle(&mut order);
            for album in &order {
                if made == QUERIES {
                    break;
                }
                if let Some(query) = query(kind, album, albums, &mut rng) {
                    queries.push(query);
                    made += 1;
                }
            }
        }
    }
    queries
}

fn query(kind: &'static str, album: &Album, albums: &[Album], rng: &mut Rng) -> Option<Query> {
    let same = |text: fn(&Album) -> &String| -> Vec<i64> {
        let same = albums.iter().filter(|other| plain(text(other)) == plain(text(album)));
        same.map(|other| other.id).collect()
    };
    let (text, meant) = match kind {
        "prefix" => {
            let letters: Vec<char> = album.title.chars().collect();
            let length = rng.usize(4..=letters.len().max(4));
            let prefix: String = letters.get(..length)?.iter().collect();
            let sharing = albums
                .iter()
                .filter(|other| plain(&other.title).starts_with(&plain(&prefix)));
            (sharing.count() <= SEEN).then_some((prefix, vec![album.id]))?
        }
        "one edit" => (edited(&album.title, 4, 1, rng)?, same(|album| &album.title)),
        "one edit in the artist" => (edited(&album.artist, 4, 1, rng)?, same(|album| &album.artist)),
        "two edits in a long word" => (edited(&album.title, 8, 2, rng)?, same(|album| &album.title)),
        "swapped words" => {
            let mut words: Vec<&str> = album.title.split_whitespace().collect();
            rng.shuffle(&mut words);
            let swapped = words.join(" ");
            (swapped != album.title).then_some((swapped, same(|album| &album.title)))?
        }
        "dropped accents" => {
            let typed = format!("{} {}", album.title, album.artist);
            let bare: String = typed.nfd().filter(|letter| !is_combining_mark(*letter)).collect();
            let both = albums
                .iter()
                .filter(|other| other.title == album.title && other.artist == album.artist);
            (bare != typed).then(|| (bare, both.map(|album| album.id).collect()))?
        }
        _ => {
            let mut words: Vec<String> = format!("{} {}", album.title, album.artist)
                .split_whitespace()
                .map(str::to_lowercase)
                .collect();
            words.truncate(12);
            rng.shuffle(&mut words);
            (words.join(" "), vec![album.id])
        }
    };
    Some(Query { kind, text, meant })
}

fn plain(text: &str) -> String {
    text.to_lowercase()
}

/// `text` with mistakes in one of its words that have at least `least` letters.
fn edited(text: &str, least: usize, mistakes: usize, rng: &mut Rng) -> Option<String> {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long = |word: &String| word.chars().count() >= least && word.chars().all(char::is_alphabetic);
    let places: Vec<usize> = (0..words.len()).filter(|place| long(&words[*place])).collect();
    let place = rng.choice(places)?;
    let mut letters: Vec<char> = words[place].chars().collect();
    for _ in 0..mistakes {
        let at = rng.usize(..letters.len() - 1);
        match rng.u8(..4) {
            0 => letters.insert(at, rng.lowercase()),
            1 => drop(letters.remove(at)),
            2 => letters[at] = rng.lowercase(),
            _ => letters.swap(at, at + 1),
        }
    }
    words[place] = letters.into_iter().collect();
    let edited = words.join(" ");
    (edited != text).then_some(edited)
}
