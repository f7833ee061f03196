//! `cargo xtask catalogue`: a catalogue that is always the same, that the importer takes, and that is as uneven as a real one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use album_graph::import::{self, Context};
use album_graph::store::albums::{self, Filter};
use album_graph::store::{Database, DatabaseUrl, Purpose};
use csv::StringRecord;
use tempfile::TempDir;
use time::macros::datetime;

fn write(albums: u32, seed: u32, file: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([
            "catalogue",
            "--albums",
            &albums.to_string(),
            "--seed",
            &seed.to_string(),
        ])
        .arg("--out")
        .arg(file)
        .status();
    assert!(status.unwrap().success());
}

fn catalogue(albums: u32, seed: u32) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("catalogue.csv");
    write(albums, seed, &file);
    fs::read(file).unwrap()
}

fn rows(albums: u32) -> Vec<StringRecord> {
    let catalogue = catalogue(albums, 1);
    let rows: Result<Vec<StringRecord>, _> = csv::Reader::from_reader(catalogue.as_slice()).records().collect();
    rows.unwrap()
}

/// How often each value of a column is there, most first.
fn counts(rows: &[StringRecord], column: usize) -> Vec<usize> {
    let mut counts = HashMap::new();
    for row in rows {
        *counts.entry(&row[column]).or_insert(0) += 1;
    }
    let mut counts: Vec<usize> = counts.into_values().collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    counts
}

const GENRE: usize = 0;
const ARTIST: usize = 1;
const TITLE: usize = 2;
const PRICE: usize = 3;
const RELEASED: usize = 4;
const TRACKS: usize = 5;
const SOLD: usize = 6;

#[test]
fn the_same_seed_makes_the_same_catalogue_and_another_seed_another() {
    let one = catalogue(500, 7);
    assert_eq!(one, catalogue(500, 7));
    assert_ne!(one, catalogue(500, 8));
}

#[tokio::test]
async fn the_importer_takes_every_line_as_an_album_of_its_own() {
    let folder = TempDir::new().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("shop.sqlite"));
    let database = Database::open(&url, Purpose::Migrate).await.unwrap();
    database.migrate(|_| ()).await.unwrap();
    let catalogue = catalogue(2_000, 1);
    let context = Context::new(datetime!(2026-02-01 12:00 UTC));
    let report = import::import(&database, catalogue.as_slice(), &context, |_| ())
        .await
        .unwrap();
    assert_eq!((report.added, report.genres), (2_000, 15));
    let again = import::import(&database, catalogue.as_slice(), &context, |_| ())
        .await
        .unwrap();
    assert_eq!((again.unchanged, again.changed, again.added), (2_000, 0, 0));
    assert_eq!(albums::count(&database, &Filter::default()).await.unwrap(), 2_000);
}

#[test]
fn few_artists_have_many_albums_and_most_have_one() {
    let rows = rows(20_000);
    assert_eq!(rows.len(), 20_000);
    let artists = counts(&rows, ARTIST);
    let with_one = artists.iter().filter(|albums| **albums == 1).count();
    assert!(
        (0.4..0.6).contains(&share(with_one, artists.len())),
        "{with_one} of {}",
        artists.len()
    );
    assert!(artists[0] > 100 && artists[0] <= 400, "{}", artists[0]);
    let of_the_top_tenth: usize = artists.iter().take(artists.len() / 10).sum();
    assert!(of_the_top_tenth > 10_000, "{of_the_top_tenth}");
}

#[test]
fn genres_prices_years_and_sales_are_uneven() {
    let rows = rows(20_000);
    let (genres, prices) = (counts(&rows, GENRE), counts(&rows, PRICE));
    assert_eq!((genres.len(), prices.len()), (15, 13));
    assert!(genres[0] > 10 * genres[14] && prices[0] > 10 * prices[12]);
    assert!(rows.iter().all(|row| row[PRICE].ends_with('9')));

    let mut years: Vec<u16> = rows
        .iter()
        .filter_map(|row| row[RELEASED].get(..4)?.parse().ok())
        .collect();
    years.sort_unstable();
    assert!(share(years.len(), rows.len()) > 0.9 && years.len() < rows.len());
    assert_eq!((years[0], years[years.len() - 1]), (1950, 2026));
    assert!(years[years.len() / 2] > 1995);

    let mut sold: Vec<u64> = rows.iter().map(|row| row[SOLD].parse().unwrap()).collect();
    sold.sort_unstable();
    assert_eq!(sold[0], 0);
    assert!(
        sold[10_000] < 50 && sold[19_999] > 50_000,
        "{} {}",
        sold[10_000],
        sold[19_999]
    );
}

#[test]
fn words_are_repeated_as_in_a_language() {
    let rows = rows(20_000);
    let mut words: HashMap<String, usize> = HashMap::new();
    let (mut tracks, mut total) = (0, 0);
    for row in &rows {
        tracks += row[TRACKS].split(" | ").filter(|track| !track.is_empty()).count();
        let titles = row[TITLE].to_lowercase();
        for word in titles.split_whitespace() {
            *words.entry(word.to_owned()).or_default() += 1;
            total += 1;
        }
    }
    assert!((9.5..10.5).contains(&share(tracks, rows.len())), "{tracks} tracks");
    // Where a few words are used all the time, many are used once.
    let mut counts: Vec<usize> = words.values().copied().collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let once = counts.iter().filter(|count| **count == 1).count();
    let of_the_first: usize = counts.iter().take(100).sum();
    assert!(
        counts.len() > 5_000 && share(once, counts.len()) > 0.3,
        "{once} of {}",
        counts.len()
    );
    assert!(share(of_the_first, total) > 0.3, "{of_the_first} of {total}");
    assert!(words.contains_key("love") && words["love"] > 10);
}

#[test]
fn names_have_accents_signs_and_other_scripts() {
    let rows = rows(2_000);
    let text: HashSet<char> = rows
        .iter()
        .flat_map(|row| row[ARTIST].chars().chain(row[TITLE].chars()))
        .collect();
    for letter in ['&', '\'', '’', ',', '(', 'é', 'ø', 'о', 'α', 'ل', 'ר', '間', '바', 'ा'] {
        assert!(text.contains(&letter), "{letter}");
    }
}

/// What part `some` is of `all`.
fn share(some: usize, all: usize) -> f64 {
    let exact = |count: usize| f64::from(u32::try_from(count).unwrap());
    exact(some) / exact(all)
}
