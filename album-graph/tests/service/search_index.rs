//! The search index: kept in step with the catalogue, in memory or in a folder, whatever happens to either.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use album_graph::search::{Order, Place, Query, Search, Searcher};
use album_search::Filter;
use serde_json::json;
use tempfile::TempDir;

use crate::program::{Running, album_graph, eventually};
use crate::shop::Shop;

const HEADER: &str = "genre,artist,title,price,copies_sold\n";

fn found(searcher: &Searcher, text: &str) -> u64 {
    let search = Search {
        query: Arc::new(Query::new(text)),
        filter: Filter::default(),
        order: Order::Relevance,
        size: 10,
        skip: 0,
        after: None,
        facets: false,
    };
    searcher.snapshot().unwrap().find(&search).unwrap().total
}

fn in_folder(folder: &TempDir) -> Searcher {
    Searcher::new(Place {
        folder: folder.path().to_owned(),
        in_memory: 0,
    })
}

/// The indexes in a folder: one for each catalogue and program.
fn indexes(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .collect()
    };
    let slots = entries(folder).into_iter().flat_map(|catalogue| entries(&catalogue));
    slots.flat_map(|slot| entries(&slot)).collect()
}

#[tokio::test]
async fn every_change_is_found_as_soon_as_the_index_follows() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::with(&format!(
        "{HEADER}Rock,Queen,Jazz,8.99,5\nRock,Queen,News of the World,8.99,3\n"
    ))
    .await;
    for searcher in [shop.searcher.clone(), in_folder(&folder)] {
        searcher.follow(&shop.database).await.unwrap();
        assert_eq!((found(&searcher, "queen"), found(&searcher, "innuendo")), (2, 0));
    }
    let searcher = in_folder(&folder);
    searcher.follow(&shop.database).await.unwrap();
    let before = shop.database.statements();
    searcher.follow(&shop.database).await.unwrap();
    assert_eq!(
        shop.database.statements() - before,
        1,
        "nothing new costs one statement"
    );

    shop.import(format!(
        "{HEADER}Rock,Queen,Jazz,9.99,5\nRock,Queen,Innuendo,8.99,1\nPop,Sade,Diamond Life,7.00,2\n"
    ))
    .await
    .unwrap();
    searcher.follow(&shop.database).await.unwrap();
    assert_eq!(
        (
            found(&searcher, "queen"),
            found(&searcher, "innuendo"),
            found(&searcher, "sade")
        ),
        (3, 1, 1)
    );
    let snapshot = searcher.snapshot().unwrap();
    assert_eq!(
        snapshot
            .suggest(&Arc::new(Query::new("sade")), 3)
            .unwrap()
            .artists
            .len(),
        1
    );
    let dear = Filter {
        min_price: Some(950),
        ..Filter::default()
    };
    let search = Search {
        query: Arc::new(Query::new("jazz")),
        filter: dear,
        order: Order::Relevance,
        size: 3,
        skip: 0,
        after: None,
        facets: false,
    };
    assert_eq!(snapshot.find(&search).unwrap().total, 1, "the new price");
}

#[tokio::test]
async fn an_album_that_leaves_the_shop_leaves_the_index() {
    let shop = Shop::with(&format!(
        "{HEADER}Rock,Queen,Jazz,8.99,5\nRock,Sade,Diamond Life,8.99,3\n"
    ))
    .await;
    let leave = "UPDATE albums SET removed_at = '2026-03-01T00:00:00Z', revision = 2 WHERE title = 'Diamond Life'; \
        UPDATE catalogue SET revision = 2, stamped = 2";
    shop.test_database.run(leave).unwrap();
    shop.index().await;
    assert_eq!(
        (found(&shop.searcher, "diamond"), found(&shop.searcher, "queen")),
        (0, 1)
    );
    assert!(
        shop.searcher
            .snapshot()
            .unwrap()
            .suggest(&Arc::new(Query::new("sade")), 3)
            .unwrap()
            .artists
            .is_empty(),
        "nothing of hers is for sale"
    );
}

#[tokio::test]
async fn a_change_by_the_release_before_is_found_too() {
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    // It knows of no stamps.
    let change = "UPDATE albums SET title = 'Hot Space', title_key = 'hot space', sort_title = 'hot space'; \
        UPDATE catalogue SET revision = revision + 1";
    shop.test_database.run(change).unwrap();
    shop.index().await;
    assert_eq!(
        (found(&shop.searcher, "jazz"), found(&shop.searcher, "hot space")),
        (0, 1)
    );
}

#[tokio::test]
async fn an_index_in_a_folder_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    in_folder(&folder).follow(&shop.database).await.unwrap();
    let written = indexes(folder.path());
    assert_eq!(written.len(), 1);

    let before = shop.database.statements();
    let again = in_folder(&folder);
    again.follow(&shop.database).await.unwrap();
    assert_eq!(
        shop.database.statements() - before,
        2,
        "the revision and the genres, but no album"
    );
    assert_eq!((found(&again, "queen"), indexes(folder.path())), (1, written));
}

#[tokio::test]
async fn two_programs_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    let (one, other) = (in_folder(&folder), in_folder(&folder));
    one.follow(&shop.database).await.unwrap();
    other.follow(&shop.database).await.unwrap();
    shop.import(format!("{HEADER}Rock,Queen,Innuendo,8.99,1\n"))
        .await
        .unwrap();
    one.follow(&shop.database).await.unwrap();
    other.follow(&shop.database).await.unwrap();
    assert_eq!((found(&one, "queen"), found(&other, "queen")), (2, 2));
    assert_eq!(indexes(folder.path()).len(), 2);
}

#[tokio::test]
async fn an_index_that_is_broken_or_of_another_catalogue_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    in_folder(&folder).follow(&shop.database).await.unwrap();
    let spoil: [&dyn Fn(&Path); 4] = [
        &|file| fs::write(file, "x").unwrap(),
        &|file| fs::remove_file(file).unwrap(),
        &|file| {
            // One bit of what is in the middle.
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        },
        &|file| {
            let text = String::from_utf8_lossy(&fs::read(file).unwrap()).replace("format", "fromat");
            fs::write(file, text).unwrap();
        },
    ];
    for (case, spoil) in spoil.iter().enumerate() {
        let index = indexes(folder.path()).remove(0);
        let mut files: Vec<PathBuf> = fs::read_dir(&index)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|file| {
            file.file_name()
                .is_some_and(|name| !name.to_string_lossy().starts_with('.'))
        });
        files.sort();
        assert!(files.len() > 3);
        let meta = files.iter().find(|file| file.ends_with("meta.json")).unwrap();
        spoil(if case == 3 { meta } else { &files[0] });
        let searcher = in_folder(&folder);
        searcher.follow(&shop.database).await.unwrap();
        assert_eq!(found(&searcher, "queen"), 1, "case {case}");
    }

    // Another catalogue at the same revision, as after a restored backup.
    let other = "UPDATE catalogue SET identity_key = 'another'; UPDATE albums SET title = 'Innuendo'";
    shop.test_database.run(other).unwrap();
    let searcher = in_folder(&folder);
    searcher.follow(&shop.database).await.unwrap();
    assert_eq!((found(&searcher, "jazz"), found(&searcher, "innuendo")), (0, 1));
}

#[tokio::test]
async fn a_catalogue_that_went_back_is_read_anew() {
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    shop.import(format!("{HEADER}Rock,Queen,Innuendo,8.99,1\n"))
        .await
        .unwrap();
    shop.index().await;
    shop.test_database
        .run("DELETE FROM albums WHERE title = 'Innuendo'; UPDATE catalogue SET revision = 1, stamped = 1")
        .unwrap();
    shop.index().await;
    assert_eq!(found(&shop.searcher, "queen"), 1);
}

#[tokio::test]
async fn without_a_folder_the_index_is_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    let searcher = Searcher::new(Place {
        folder: file,
        in_memory: 0,
    });
    searcher.follow(&shop.database).await.unwrap();
    assert_eq!(found(&searcher, "queen"), 1);
}

#[tokio::test]
async fn a_search_before_there_is_an_index_can_be_asked_again() {
    let shop = Shop::empty().await;
    let answer = shop
        .ask_with("{ search(query: \"a\") { totalCount } }", &json!({}))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    let answer = shop.ask_with("{ genres { name } }", &json!({})).await;
    assert_eq!(answer["data"]["genres"], json!([]), "everything else is answered");
}

#[tokio::test]
async fn a_running_service_follows_by_itself_and_its_folder_may_be_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::with(&format!("{HEADER}Rock,Queen,Jazz,8.99,5\n")).await;
    let url = shop.test_database.url().to_string();
    let path = folder.path().join("index");
    let mut command = album_graph(&["--database", &url]);
    command
        .env("ALBUM_GRAPH_SEARCH_FOLDER", &path)
        .env("ALBUM_GRAPH_SEARCH_MEMORY", "0");
    let running = Running::serving(command, &[]);
    running.wait_until(true);
    let written = running.written();
    let (built, ready) = (written.find("search index built"), written.find("message=ready"));
    assert!(built.is_some() && built < ready, "ready only with an index: {written}");

    shop.import(format!("{HEADER}Rock,Queen,Innuendo,8.99,1\n"))
        .await
        .unwrap();
    running.wait_for("brought in step\" albums=1");
    fs::remove_dir_all(&path).unwrap();
    shop.import(format!("{HEADER}Rock,Queen,The Miracle,8.99,1\n"))
        .await
        .unwrap();
    eventually("the index is built again", || {
        running.written().matches("search index built").count() == 2
    });
    assert!(running.is_ready());
}
