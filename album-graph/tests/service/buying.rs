//! What the tests of buying have in common: a shop with few albums, and customers who have signed in.

use album_graph::accounts::Token;
use album_graph::graph::Services;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::client::Client;
use crate::shop::Shop;

/// Albums of the tests: `a`, `b` and `c` cost 5.00, 7.50 and 9.99.
pub const ALBUMS: &str = "\
genre,artist,title,price
Rock,Ann,Alpha,5.00
Rock,Bob,Beta,7.50
Jazz,Cid,Gamma,9.99
";

/// So many albums for 1.00 each, as CSV: `Title 00` and so on.
pub fn numbered(count: usize) -> String {
    let lines: Vec<String> = (0..count).map(|n| format!("Rock,Ann,Title {n:02},1\n")).collect();
    format!("genre,artist,title,price\n{}", lines.concat())
}

/// The ids of all albums, by title.
pub async fn ids(shop: &Shop) -> Vec<String> {
    let data = shop
        .ask("{ albums(first: 100, orderBy: TITLE_ASC) { nodes { id } } }")
        .await;
    crate::shop::texts(&data["albums"]["nodes"], "/id")
}

/// What a cart shows.
pub const CART: &str = "cart { id quantity changed subtotal { amount } lines { quantity price { amount } \
    previousPrice { amount } total { amount } obstacle copiesLeft album { id title available } } }";

/// What a document answers that may be sent more than once: sent again for as long as the service is too busy.
pub async fn insist(client: &mut Client, document: &str, variables: &Value) -> Value {
    loop {
        let mut answer = client.answer(document, variables).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        if code == "UNAVAILABLE" || code == "TIMEOUT" {
            continue;
        }
        assert_eq!(answer["errors"], Value::Null);
        return answer["data"].take();
    }
}

/// Puts copies in and answers the payload.
pub async fn add(client: &mut Client, album: &str, copies: i64) -> Value {
    change(client, "addToCart", json!({ "albumId": album, "quantity": copies })).await
}

/// Changes the cart and answers the payload.
pub async fn change(client: &mut Client, mutation: &str, input: Value) -> Value {
    let problems = "problems { code field message } session { token persistent expiresAt }";
    let kind = mutation[..1].to_uppercase() + &mutation[1..] + "Input";
    let document = if input.is_null() {
        format!("mutation {{ {mutation} {{ {CART} {problems} }} }}")
    } else {
        format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {CART} {problems} }} }}")
    };
    let mut data = client.ask_with(&document, &json!({ "input": input })).await;
    data[mutation].take()
}

/// The viewer's cart.
pub async fn cart(client: &mut Client) -> Value {
    client.ask(&format!("{{ viewer {{ {CART} }} }}")).await["viewer"]["cart"].take()
}

/// Title and quantity of each line.
pub fn lines(cart: &Value) -> Vec<(String, i64)> {
    let lines = cart["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let title = line["album"]["title"].as_str().unwrap().to_owned();
            (title, line["quantity"].as_i64().unwrap())
        })
        .collect()
}

/// The codes of a payload's problems.
pub fn codes(payload: &Value) -> Vec<String> {
    crate::shop::texts(&payload["problems"], "/code")
}

/// The token of a session that the tests make, by its number.
pub fn token(number: usize) -> Token {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Token::parse(&URL_SAFE_NO_PAD.encode(bytes)).unwrap()
}

/// So many customers, each of whom has signed in.
pub fn customers(shop: &Shop, count: usize) -> Vec<Client> {
    let end = i64::MAX;
    let rows = |row: &dyn Fn(usize) -> String| (0..count).map(row).collect::<Vec<_>>().join(", ");
    let customers = rows(&|n| format!("('c{n}@example.com', 'c{n}@example.com', 'x', 0)"));
    let sessions = rows(&|n| {
        let hash = token(n).hash();
        format!("('{hash}', (SELECT id FROM customers WHERE email_key = 'c{n}@example.com'), 1, '', 0, {end}, {end})")
    });
    let script = format!(
        "INSERT INTO customers (email, email_key, password_hash, created_at) VALUES {customers};
GO
INSERT INTO sessions (token_hash, customer_id, persistent, user_agent, created_at, seen_at, expires_at) VALUES {sessions};"
    );
    for batch in script.split("\nGO\n") {
        shop.test_database.run(batch).unwrap();
    }
    let signed_in = |number| {
        let mut client = shop.visitor();
        client.token = Some(token(number).reveal().to_owned());
        client
    };
    (0..count).map(signed_in).collect()
}

/// A customer who has signed in.
pub fn customer(shop: &Shop) -> Client {
    customers(shop, 1).remove(0)
}

/// Says how many copies of an album are left, by its title.
pub fn stock(shop: &Shop, title: &str, copies: i64) {
    let album = format!("(SELECT id FROM albums WHERE title = '{title}')");
    let script = format!(
        "DELETE FROM stock WHERE album_id = {album}; INSERT INTO stock (album_id, copies) SELECT id, {copies} FROM albums \
         WHERE title = '{title}';"
    );
    shop.test_database.run(&script).unwrap();
}

/// The only number that `query` selects.
pub fn number(shop: &Shop, query: &str) -> i64 {
    let [number] = numbers(shop, [query]);
    number
}

/// The only number that each of the queries selects, as of one moment.
pub fn numbers<const COUNT: usize>(shop: &Shop, queries: [&str; COUNT]) -> [i64; COUNT] {
    let text = format!("SELECT CONCAT(({}), '')", queries.join("), ' ', ("));
    let found = shop.test_database.ask(&text).remove(0);
    let numbers: Vec<i64> = found.split(' ').map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// The same shop with other services.
pub fn serving(shop: Shop, adapt: impl FnOnce(&mut Services)) -> Shop {
    let mut services = shop.services.clone();
    adapt(&mut services);
    let router = crate::shop::router(&services, &shop.readiness);
    Shop {
        services,
        router,
        ..shop
    }
}

/// An address with nothing wrong.
pub fn address() -> Value {
    json!({
        "firstName": " Ann ", "lastName": "Lee", "address": "12 Long Street", "city": "Auckland", "state": "",
        "postalCode": "01010", "country": "nz", "phone": "", "email": "ann@example.photography",
    })
}

/// What an order needs, with a key of its own.
pub fn request(key: &str) -> Value {
    json!({ "idempotencyKey": key, "address": address() })
}

/// What an order shows.
pub const ORDER: &str = "order { id number placedAt quantity promotionCode subtotal { amount } discount { amount } \
    total { amount formatted } payment { state method { id name } } address { firstName country { code name } email } \
    lines { title artistName quantity price { amount } total { amount } album { title } } }";

/// Places an order, however busy the service is, and answers the payload.
pub async fn place(client: &mut Client, input: &Value) -> Value {
    let document = format!(
        "mutation($input: PlaceOrderInput!) {{ placeOrder(input: $input) {{ {ORDER} paymentUrl {CART} \
         problems {{ code field message }} }} }}"
    );
    insist(client, &document, &json!({ "input": input })).await["placeOrder"].take()
}

/// How many rows a table has.
pub fn rows(shop: &Shop, table: &str) -> i64 {
    number(shop, &format!("SELECT COUNT(*) FROM {table}"))
}
