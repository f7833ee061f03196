//! Liveness and readiness.

use axum::http::StatusCode;

use crate::shop::Shop;

#[tokio::test]
async fn a_program_is_ready_only_when_it_says_so_and_never_again_while_it_drains() {
    let shop = Shop::empty().await;
    let status = async |path: &str| shop.get(path, "*/*").await.status;
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    shop.readiness.set(true);
    assert_eq!(status("/readyz").await, StatusCode::OK);
    shop.readiness.drain();
    shop.readiness.set(true);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status("/livez").await, StatusCode::OK);
}
