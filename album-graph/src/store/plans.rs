//! How SQLite finds the rows of a page: no list is put into order for it, and no row is read that is not on it.

use tempfile::TempDir;

use super::albums::{Filter, Listing, Order, Owner};
use super::filter::Way;
use super::sql::Sql;
use super::{Bounds, Database, DatabaseUrl, Key, Page, Position, Purpose};

const ORDERS: [Order; 8] = [
    Order::BestSelling,
    Order::Title,
    Order::TitleDescending,
    Order::Price,
    Order::PriceDescending,
    Order::Released,
    Order::ReleasedDescending,
    Order::Newest,
];

struct Shop {
    database: Database,
    _folder: TempDir,
}

impl Shop {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("shop.sqlite"));
        let migrating = Database::open(&url, Purpose::Migrate).await.unwrap();
        migrating.migrate(|_| ()).await.unwrap();
        // A connection that read the schema before would explain how it was asked then.
        migrating.close().await;
        Self {
            database: Database::open(&url, Purpose::Serve).await.unwrap(),
            _folder: folder,
        }
    }

    async fn plan(&self, listing: &Listing, owner: Option<(Owner, i64)>, way: Way) -> Vec<String> {
        let mut sql = Sql::new("EXPLAIN QUERY PLAN ");
        listing.push(&mut sql, owner, way);
        self.explain(sql).await
    }

    async fn explain(&self, sql: Sql) -> Vec<String> {
        let rows = self.database.fetch_all(sql).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect()
    }
}

fn listing(order: Order, page: Page) -> Listing {
    Listing {
        filter: Filter::default(),
        order,
        page,
    }
}

/// The first page, the last, one that is skipped to, one after a position and one before it.
fn pages(order: Order) -> Vec<Page> {
    let key = match order {
        Order::Title | Order::TitleDescending | Order::Released | Order::ReleasedDescending => {
            Key::Text("m".to_owned())
        }
        _ => Key::Integer(700),
    };
    let titled = !matches!(order, Order::Title | Order::TitleDescending | Order::Newest);
    let position = Position {
        key,
        title: titled.then(|| "m".to_owned()),
        id: 7,
    };
    let page = |from_end, skip, bounds| Page {
        size: 24,
        from_end,
        skip,
        bounds,
    };
    let (after, before) = (Some(position.clone()), Some(position));
    vec![
        page(false, 0, Bounds::default()),
        page(true, 0, Bounds::default()),
        page(false, 9_000, Bounds::default()),
        page(false, 0, Bounds { after, before: None }),
        page(true, 0, Bounds { after: None, before }),
    ]
}

fn sorts(plan: &[String]) -> bool {
    plan.iter().any(|step| step.contains("TEMP B-TREE"))
}

#[tokio::test]
async fn an_index_has_every_order_of_the_shop_and_of_a_genre() {
    let shop = Shop::open().await;
    for order in ORDERS {
        for page in pages(order) {
            // Backwards, `Newest` is asked for by nobody, and neither is it within a genre.
            for owner in [None, Some((Owner::Genre, 1))] {
                if order == Order::Newest && owner.is_some() {
                    continue;
                }
                let plan = shop.plan(&listing(order, page.clone()), owner, Way::Free).await;
                assert!(!sorts(&plan), "{order:?} {owner:?} {page:?}: {plan:#?}");
            }
        }
    }
}

#[tokio::test]
async fn an_artists_albums_are_found_by_the_artist() {
    let shop = Shop::open().await;
    for order in ORDERS {
        for page in pages(order) {
            let plan = shop
                .plan(&listing(order, page), Some((Owner::Artist, 1)), Way::ThroughFilter)
                .await;
            let reads: Vec<&String> = plan.iter().filter(|step| step.contains(" albums")).collect();
            assert!(
                reads.iter().all(|step| step.contains("artist_id=?")
                    || step.contains("rowid=?")
                    || step.contains("sort_title=?")),
                "{order:?}: {plan:#?}"
            );
        }
    }
}

#[tokio::test]
async fn a_filter_across_the_order_is_the_way_in_or_is_not_as_was_chosen() {
    let shop = Shop::open().await;
    for order in [Order::BestSelling, Order::Title, Order::ReleasedDescending] {
        for page in pages(order) {
            let mut listing = listing(order, page);
            listing.filter.min_price = Some(800);
            let genre = Some((Owner::Genre, 1));
            let along = shop.plan(&listing, genre, Way::AlongOrder).await;
            assert!(!sorts(&along), "{listing:?}: {along:#?}");
            let through = shop.plan(&listing, genre, Way::ThroughFilter).await;
            let by_price = |step: &String| step.contains("genre_id=? AND price_minor>?");
            assert!(
                through.iter().any(by_price) && sorts(&through),
                "{listing:?}: {through:#?}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_counted_is_counted_in_an_index() {
    let shop = Shop::open().await;
    for condition in [
        "",
        " AND genre_id IN (1, 2) GROUP BY genre_id",
        " AND genre_id = 1 AND price_minor >= 5",
    ] {
        let mut sql = Sql::new("EXPLAIN QUERY PLAN SELECT COUNT(*) FROM albums WHERE removed_at IS NULL");
        let plan = shop.explain(std::mem::take(sql.push(condition))).await;
        assert!(
            plan.iter().all(|step| step.contains("USING INDEX albums_")),
            "{condition}: {plan:#?}"
        );
    }
}
