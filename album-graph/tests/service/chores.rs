//! What one of all replicas does from time to time.

use std::time::Duration;

use album_graph::clock::Moment;
use album_graph::store::{Database, Purpose, chores};

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_all_replicas_that_ask_one_does_a_chore_and_nobody_before_it_is_due_again() {
    let shop = Shop::empty().await;
    let other = Database::open(&shop.test_database.url(), Purpose::Serve).await.unwrap();
    let (now, hour) = (Moment(1_800_000_000_000), Duration::from_hours(1));
    let ask = |now: Moment| {
        let asked = (0..8).map(|number| {
            let database = if number % 2 == 0 { &shop.database } else { &other }.clone();
            tokio::spawn(async move { chores::claim(&database, "cleaning", hour, now).await.unwrap() })
        });
        let asked: Vec<_> = asked.collect();
        async move {
            let mut told = 0;
            for asked in asked {
                told += usize::from(asked.await.unwrap());
            }
            told
        }
    };
    assert_eq!(ask(now).await, 1);
    assert_eq!(ask(now.after(Duration::from_mins(59))).await, 0);
    assert_eq!(ask(now.after(hour)).await, 1);
}
