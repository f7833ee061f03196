//! How long the store takes to answer, on each database: `cargo bench --package album-graph`.
//!
//! SQLite is measured on the sample catalogue in a temporary file. `BENCH_DATABASE` may name another database beside it, such as
//! `sqlserver:FILE`; it must be migrated and hold albums.

use std::hint::black_box;

use album_graph::sample;
use album_graph::store::albums::{self, Filter, Listing, Order};
use album_graph::store::{Bounds, Database, DatabaseUrl, Page, Purpose, artists, genres};
use criterion::{Criterion, criterion_group, criterion_main};
use time::OffsetDateTime;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// As many as a page of the shop shows.
const PAGE: i64 = 24;
/// Tasks that share a pool of eight connections.
const TASKS: usize = 16;

fn page() -> Listing {
    Listing {
        filter: Filter::default(),
        order: Order::BestSelling,
        page: Page {
            size: PAGE,
            from_end: false,
            skip: 0,
            bounds: Bounds::default(),
        },
    }
}

async fn album_by_id(database: &Database, id: i64) {
    let found = albums::by_ids(database, &[id]).await.expect("the database answers");
    assert_eq!(black_box(found).len(), 1);
}

async fn page_with_names(database: &Database) {
    let albums = albums::page(database, &page())
        .await
        .expect("the database answers")
        .rows;
    let artist_ids: Vec<i64> = albums.iter().map(|album| album.artist_id).collect();
    let genre_ids: Vec<i64> = albums.iter().map(|album| album.genre_id).collect();
    let artists = artists::by_ids(database, &artist_ids)
        .await
        .expect("the database answers");
    let genres = genres::by_ids(database, &genre_ids)
        .await
        .expect("the database answers");
    assert!(!black_box((albums, artists, genres)).0.is_empty());
}

async fn pages_at_once(database: &Database) {
    let tasks = (0..TASKS).map(|_| {
        let database = database.clone();
        async move { page_with_names(&database).await }
    });
    tasks.collect::<JoinSet<()>>().join_all().await;
}

fn measure(criterion: &mut Criterion, runtime: &Runtime, name: &str, database: &Database) {
    let first = runtime.block_on(albums::page(database, &page()));
    let id = first
        .expect("the database is migrated")
        .rows
        .first()
        .expect("there are albums")
        .id;
    let mut group = criterion.benchmark_group(name);
    group.bench_function("one album by id", |bencher| {
        bencher.to_async(runtime).iter(|| album_by_id(database, id));
    });
    group.bench_function("a page of 24 with artist and genre", |bencher| {
        bencher.to_async(runtime).iter(|| page_with_names(database));
    });
    group.bench_function("16 tasks, a page each, over 8 connections", |bencher| {
        bencher.to_async(runtime).iter(|| pages_at_once(database));
    });
    group.finish();
}

fn store(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("there is room for a database");
    let sqlite = DatabaseUrl::Sqlite(folder.path().join("bench.sqlite"));
    let database = runtime.block_on(async {
        let database = Database::open(&sqlite, Purpose::Migrate)
            .await
            .expect("a database opens");
        database.migrate(|_| ()).await.expect("the schema is applied");
        let loaded = sample::load(&database, OffsetDateTime::now_utc()).await;
        loaded.expect("the sample catalogue is loaded");
        database
    });
    measure(criterion, &runtime, "SQLite", &database);
    match std::env::var("BENCH_DATABASE") {
        Err(_) => println!("No other database is measured: BENCH_DATABASE=sqlserver:FILE names one."),
        Ok(url) => {
            let url: DatabaseUrl = url.parse().expect("BENCH_DATABASE is a database");
            let database = runtime
                .block_on(Database::open(&url, Purpose::Serve))
                .expect("the database opens");
            measure(criterion, &runtime, "SQL Server", &database);
        }
    }
}

criterion_group!(benches, store);
criterion_main!(benches);
