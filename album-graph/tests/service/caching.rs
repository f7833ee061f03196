//! What may be kept of an answer, by whom, and for how long.

use album_graph::http::Options;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

use crate::shop::{Reply, Shop};

const PRICES: &str = "query=%7BtopSellers(first:5)%7Btitle+price%7Bamount%7D%7D%7D";
const CATALOGUE: &str = "genre,artist,title,price\nRock,Ida,One,5\nRock,Ida,Two,6\n";

/// A shop that keeps answers.
async fn keeping() -> Shop {
    let shop = Shop::with(CATALOGUE).await;
    let options = Options {
        answers: 1_000_000,
        ..Options::default()
    };
    shop.set(options)
}

async fn get(shop: &Shop, query: &str, known: Option<&str>) -> Reply {
    let mut request = Request::get(format!("/graphql?{query}"));
    if let Some(known) = known {
        request = request.header(header::IF_NONE_MATCH, known);
    }
    shop.send(request.body(Body::empty()).unwrap()).await
}

fn tag(reply: &Reply) -> &str {
    reply.headers[header::ETAG].to_str().unwrap()
}

#[tokio::test]
async fn an_answer_about_the_catalogue_is_known_by_its_revision() {
    let shop = keeping().await;
    let first = get(&shop, PRICES, None).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(
        first.headers[header::CACHE_CONTROL],
        "public, max-age=0, must-revalidate"
    );

    let same = get(&shop, PRICES, Some(tag(&first))).await;
    assert_eq!((same.status, same.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(tag(&same), tag(&first));
    // What is known of one answer says nothing of another, least of all of one that is private or changes something.
    let mutation = get(
        &shop,
        "query=mutation%7BemptyCart%7Bcart%7Bid%7D%7D%7D",
        Some(tag(&first)),
    )
    .await;
    assert_eq!(mutation.status, StatusCode::METHOD_NOT_ALLOWED);
    let private = get(&shop, "query=%7Bviewer%7Bcart%7Bquantity%7D%7D%7D", Some(tag(&first))).await;
    assert_eq!(private.status, StatusCode::OK);
    let before = shop.database.statements();
    let listed = format!("\"other\", {}", tag(&first));
    assert_eq!(get(&shop, PRICES, Some(&listed)).await.status, StatusCode::NOT_MODIFIED);
    let again = get(&shop, PRICES, Some("W/\"other\"")).await;
    assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body));
    assert_eq!(shop.database.statements(), before, "the database was not asked");

    shop.import("genre,artist,title,price\nRock,Ida,One,7\n").await.unwrap();
    shop.index().await;
    let changed = get(&shop, PRICES, Some(tag(&first))).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(tag(&changed), tag(&first));
    assert!(changed.text().contains("700"), "{}", changed.text());
}

#[tokio::test]
async fn a_question_by_post_is_answered_again_within_one_revision() {
    let shop = keeping().await;
    let question = json!({ "query": "query($n: Int!) { topSellers(first: $n) { title } }", "variables": { "n": 1 } });
    let other = json!({ "query": "query($n: Int!) { topSellers(first: $n) { title } }", "variables": { "n": 2 } });
    let first = shop.post(question.to_string()).await;
    let before = shop.database.statements();
    let again = shop.post(question.to_string()).await;
    assert_eq!(again.body, first.body);
    assert_eq!(shop.database.statements(), before);
    assert!(!again.headers.contains_key(header::ETAG));
    assert_ne!(shop.post(other.to_string()).await.body, first.body);
}

#[tokio::test]
async fn what_depends_on_who_asks_is_nobodys_to_keep() {
    let shop = keeping().await;
    for query in [
        "query=%7Bviewer%7Bsession%7Bid%7D%7D%7D",
        "query=%7BtopSellers(first:1)%7Btitle%7Dviewer%7Bsession%7Bid%7D%7D%7D",
        "query=%7Border(number:%22X%22)%7Bid%7D%7D",
    ] {
        for _ in 0..2 {
            let reply = get(&shop, query, None).await;
            assert_eq!(reply.status, StatusCode::OK);
            assert_eq!(reply.headers[header::CACHE_CONTROL], "private, no-store", "{query}");
            assert!(!reply.headers.contains_key(header::ETAG));
        }
    }
    // What somebody without a session is told is for nobody who has one.
    let query = "{ viewer { session { id } cart { quantity } } }";
    let cart = json!({ "query": query, "variables": {} }).to_string();
    let mut ann = shop.visitor();
    let album = shop.ask("{ topSellers(first: 1) { id } }").await["topSellers"][0]["id"].clone();
    let add = "mutation($id: ID!) { addToCart(input: { albumId: $id }) { session { token } } }";
    ann.answer(add, &json!({ "id": album })).await;
    shop.post(cart.clone()).await;
    let before = shop.database.statements();
    assert_eq!(
        shop.post(cart.clone()).await.json()["data"]["viewer"]["cart"]["quantity"],
        0
    );
    assert_eq!(shop.database.statements(), before);
    let hers = ann.answer(query, &json!({})).await;
    assert_eq!(hers["data"]["viewer"]["cart"]["quantity"], 1);
    // A change is made as often as it is asked for.
    let sign_up = json!({ "query": "mutation { signUp(input: { email: \"a@example.com\", password: \"long enough, and rare\" }) \
                                   { problems { code } } }" });
    let before = shop.database.statements();
    shop.post(sign_up.to_string()).await;
    let once = shop.database.statements() - before;
    shop.post(sign_up.to_string()).await;
    assert!(once > 0 && shop.database.statements() > before + once);
    // Nor is an error, which may be gone the next time.
    for wrong in ["query=%7Bnope%7D", "query=%7BtopSellers(first:0)%7Btitle%7D%7D"] {
        let reply = get(&shop, wrong, None).await;
        assert!(!reply.headers.contains_key(header::ETAG), "{wrong}");
    }
}

#[tokio::test]
async fn nothing_is_called_unchanged_while_the_database_is_away() {
    let shop = keeping().await;
    let first = get(&shop, PRICES, None).await;
    shop.database.close().await;
    assert!(shop.searcher.follow(&shop.database).await.is_err());
    let reply = get(&shop, PRICES, Some(tag(&first))).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
}
