//! A server that is killed while it places an order: the order is there whole or not at all, and sent again it is placed once.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::buying::{ALBUMS, add, codes, customer, ids, numbers, place, request, stock};
use crate::program::{Running, album_graph, eventually};
use crate::shop::Shop;

/// Sends an order, and does not wait for the answer.
fn send(server: &Running, token: &str, key: &str) -> TcpStream {
    let query = "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { number } } }";
    let body = json!({ "query": query, "variables": { "input": request(key) } }).to_string();
    let mut connection = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all((head + &body).as_bytes()).unwrap();
    connection
}

#[tokio::test]
async fn a_server_killed_while_it_places_an_order_leaves_all_of_it_or_nothing() {
    let shop = Shop::with(ALBUMS).await;
    let ids = ids(&shop).await;
    stock(&shop, "Alpha", 1_000);
    let mut customer = customer(&shop);
    for attempt in 0..6 {
        add(&mut customer, &ids[0], 2).await;
        let url = shop.test_database.url().to_string();
        let mut server = Running::serving(album_graph(&["--database", &url]), &[]);
        eventually("ready", || server.is_ready());
        let connection = send(&server, customer.token.as_deref().unwrap(), &attempt.to_string());
        std::thread::sleep(Duration::from_millis(4 * attempt));
        server.kill();
        drop(connection);

        let found = || {
            numbers(
                &shop,
                [
                    "SELECT COUNT(*) FROM orders",
                    "SELECT COUNT(*) FROM order_lines",
                    "SELECT COUNT(*) FROM mails",
                    "SELECT 1000 - copies FROM stock",
                    "SELECT COALESCE(SUM(quantity), 0) FROM cart_lines",
                ],
            )
        };
        let [orders, rest @ ..] = found();
        let before = i64::try_from(attempt).unwrap();
        assert!(orders == before || orders == before + 1);
        assert_eq!(
            rest,
            [orders, orders, 2 * orders, 2 * (before + 1 - orders)],
            "attempt {attempt}"
        );
        assert_eq!(
            codes(&place(&mut customer, &request(&attempt.to_string())).await),
            [""; 0]
        );
        let orders = before + 1;
        assert_eq!(found(), [orders, orders, orders, 2 * orders, 0]);
    }
}
