//! Liveness and readiness.

use axum::http::StatusCode;

use crate::shop::Shop;

#[tokio::test]
async fn a_program_is_ready_only_when_it_says_so_and_never_again_while_it_drains() {
    let shop = Shop::empty().await;
    let status = async |path: &str| shop.get(path, "*/*").await.status;
    shop.readiness.set(false);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    shop.readiness.set(true);
    assert_eq!(status("/readyz").await, StatusCode::OK);
    shop.readiness.drain();
    shop.readiness.set(true);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status("/livez").await, StatusCode::OK);
}

#[tokio::test]
async fn nothing_is_asked_of_a_database_that_is_not_ready() {
    let shop = Shop::empty().await;
    shop.readiness.set(false);
    let before = shop.database.statements();
    let reply = shop.post(r#"{"query":"{ genres { id } }"}"#).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.headers["retry-after"], "5");
    assert_eq!(reply.json()["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(shop.database.statements(), before);

    shop.readiness.set(true);
    shop.readiness.drain();
    assert_eq!(
        shop.post(r#"{"query":"{ genres { id } }"}"#).await.status,
        StatusCode::OK,
        "draining still answers"
    );
}
