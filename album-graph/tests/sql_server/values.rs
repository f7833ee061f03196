//! What rows may hold, and what they may not.

use album_graph::store::albums::{self, Filter};
use album_graph::store::{StoreError, revision};

use crate::scripted::{Answer, Cell, Column, Event, Rows, Server};
use crate::shop::{Shop, healthy, named, told};

/// A server that answers every question with these rows.
async fn answering(rows: Rows) -> Server {
    Server::start(move |_, event| match event {
        Event::Statement(_) => Answer::Rows(rows.clone()),
        event => healthy(event),
    })
    .await
}

fn genre(id: Column, name: Column) -> Rows {
    Rows::of(&[id, Column::Text("slug"), name, Column::Text("description")])
}

#[tokio::test]
async fn an_absent_value_is_neither_nothing_nor_an_empty_text() {
    let (id, name) = (Column::BigInt("id"), Column::Text("name"));
    for (row, missing) in [
        ([Cell::Null, "jazz".into(), "Jazz".into(), "".into()], "id"),
        ([1.into(), "jazz".into(), Cell::Null, "".into()], "name"),
        ([1.into(), "jazz".into(), "Jazz".into(), Cell::Null], "description"),
    ] {
        let server = answering(genre(id, name).row(row)).await;
        let error = Shop::at(&server).await.genres().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Corrupt { column } if column == missing),
            "{error:?}"
        );
    }
}

/// The answer to a count, and to the question before it, for the revision.
fn counted(column: Column, total: Cell) -> Rows {
    let revision = [Column::BigInt("revision"), Column::BigInt("stamped")];
    let columns = [[column].as_slice(), &revision, &[Column::Text("identity_key")]].concat();
    Rows::of(&columns).row([total, 1.into(), 1.into(), "this one".into()])
}

#[tokio::test]
async fn an_absent_count_is_not_zero() {
    for total in [Column::Int("total"), Column::BigInt("total")] {
        let server = answering(counted(total, Cell::Null)).await;
        let shop = Shop::at(&server).await;
        let error = albums::count(&shop.database, &Filter::default()).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { column: "total" }), "{error:?}");
    }
}

#[tokio::test]
async fn a_count_is_read_whatever_its_width() {
    for (column, total) in [
        (Column::Int("total"), i64::from(i32::MAX)),
        (Column::BigInt("total"), i64::MAX),
    ] {
        let server = answering(counted(column, total.into())).await;
        let shop = Shop::at(&server).await;
        assert_eq!(albums::count(&shop.database, &Filter::default()).await.unwrap(), total);
    }
}

#[tokio::test]
async fn a_value_of_another_type_is_an_error() {
    let text_for_integer = genre(Column::Text("id"), Column::Text("name"));
    let integer_for_text = genre(Column::BigInt("id"), Column::Int("name"));
    for (rows, complaint) in [
        (
            text_for_integer.row(["1".into(), "jazz".into(), "Jazz".into(), "".into()]),
            "column id holds no integer",
        ),
        (
            integer_for_text.row([1.into(), "jazz".into(), 7.into(), "".into()]),
            "column name holds no text",
        ),
    ] {
        let server = answering(rows).await;
        let error = Shop::at(&server).await.genres().await.unwrap_err();
        assert!(matches!(error, StoreError::Broken(_)), "{error:?}");
        assert!(told(&error).ends_with(complaint), "{error:?}");
    }
}

#[tokio::test]
async fn a_column_that_is_not_there_is_an_error() {
    let server = answering(Rows::of(&[Column::BigInt("id")]).row([1.into()])).await;
    let error = Shop::at(&server).await.genres().await.unwrap_err();
    assert!(matches!(error, StoreError::Broken(_)), "{error:?}");
    assert_eq!(server.record().statements().len(), 1);
}

#[tokio::test]
async fn a_row_that_has_to_be_there_is_missed() {
    let server = answering(Rows::of(&[Column::BigInt("revision")])).await;
    let shop = Shop::at(&server).await;
    let error = revision::current(&shop.database).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { column: "revision" }), "{error:?}");
}

#[tokio::test]
async fn text_beyond_the_basic_plane_arrives_whole() {
    let names = ["Ágætis byrjun 𝄞", "🎷👩‍🎤", "a\u{0}b\r\n", ""];
    let server = answering(named(&names)).await;
    assert_eq!(Shop::at(&server).await.genres().await.unwrap(), names);
}

#[tokio::test]
async fn an_answer_longer_than_a_packet_arrives_whole() {
    let names: Vec<String> = (0..500)
        .map(|number| format!("{number} {}", "é".repeat(number % 50)))
        .collect();
    let server = answering(named(&names.iter().map(String::as_str).collect::<Vec<_>>())).await;
    assert_eq!(Shop::at(&server).await.genres().await.unwrap(), names);
}

#[tokio::test]
async fn a_panic_over_a_database_keeps_the_password_to_itself() {
    let server = Server::start(|_, event| healthy(event)).await;
    let shop = Shop::at(&server).await;
    shop.genres().await.unwrap();
    let database = shop.database.clone();
    let panic = tokio::spawn(async move { panic!("{database:?}") }).await.unwrap_err();
    let text = *panic.into_panic().downcast::<String>().unwrap();
    assert!(
        text.contains("Database") && !text.contains(crate::shop::PASSWORD),
        "{text}"
    );
}
