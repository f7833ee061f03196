//! Sessions: who has one, and how long.

use serde_json::{Value, json};

use crate::shop::Shop;

#[tokio::test]
async fn who_only_looks_has_no_session() {
    let shop = Shop::empty().await;
    let mut visitor = shop.visitor();
    for token in [None, Some("nonsense".to_owned()), Some("A".repeat(43))] {
        visitor.token = token;
        let data = visitor.ask("{ viewer { session { id } } }").await;
        assert_eq!(data, json!({ "viewer": { "session": null } }));
    }
    let answer = visitor
        .at("2001:db8::1")
        .answer("{ viewer { nobody } }", &json!({}))
        .await;
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(shop.test_database.ask("SELECT 'one' FROM sessions"), [""; 0]);
}
