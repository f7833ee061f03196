//! The catalogue that the pages are tested with; the only file that knows how album-graph is started.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use album_graph::graph::Services;
use album_graph::http::{self, Manifest, Trust};
use album_graph::import::{self, Context};
use album_graph::search::{self, Place, Searcher};
use album_graph::store::{Database, Purpose};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;
use service::health::Readiness;
use time::OffsetDateTime;
use tokio::net::TcpListener;

use crate::test_database::TestDatabase;

/// An album-graph that answers as long as this lives.
pub struct AlbumGraph {
    pub address: SocketAddr,
    /// The `traceparent` of every question so far.
    pub asked: Asked,
    database: TestDatabase,
}

/// The promotion of the sample catalogue.
const FREE: &str = "INSERT INTO promotions (code, percentage) VALUES ('FREE', 100)";

/// The `traceparent` headers of questions, in their order.
pub type Asked = Arc<Mutex<Vec<String>>>;

impl AlbumGraph {
    /// Starts one with the albums of a CSV file; it runs nothing but what the shop is known to ask.
    pub async fn start(albums: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(listener, albums).await
    }

    /// The same, where somebody is already expected.
    pub async fn start_on(listener: TcpListener, albums: &str) -> Self {
        Self::start_with(listener, albums, (Manifest::storefront().unwrap(), Trust::Manifest)).await
    }

    /// One of another release: it knows nothing of what the shop asks.
    pub async fn start_stranger(albums: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_with(listener, albums, (Manifest::default(), Trust::Anybody)).await
    }

    async fn start_with(listener: TcpListener, albums: &str, (manifest, trust): (Manifest, Trust)) -> Self {
        let test_database = TestDatabase::migrated();
        test_database.run(FREE).unwrap();
        let database = Database::open(&test_database.url(), Purpose::Serve).await.unwrap();
        let context = Context::new(OffsetDateTime::UNIX_EPOCH);
        import::import(&database, albums.as_bytes(), &context, |_| ())
            .await
            .unwrap();
        let asked = Asked::default();
        let readiness = Readiness::default();
        readiness.set(true);
        let searcher = Searcher::new(Place {
            folder: std::env::temp_dir().join("storefront-tests"),
            in_memory: u64::MAX,
        });
        searcher.follow(&database).await.unwrap();
        // What changes is noticed, as in a running service.
        searcher.start();
        tokio::spawn(search::keep(searcher.clone(), database.clone()));
        let services = Services {
            shop_url: "https://shop.example".to_owned(),
            ..Services::new(database, searcher)
        };
        let options = http::Options {
            playground: false,
            proxies: "127.0.0.1".parse().unwrap(),
            manifest,
            trust,
            ..http::Options::default()
        };
        let router =
            http::router(services, readiness, options).layer(middleware::from_fn_with_state(Arc::clone(&asked), note));
        Self {
            address: serve(listener, router),
            asked,
            database: test_database,
        }
    }

    /// What was written to an address, the oldest first.
    pub fn mails_to(&self, email: &str) -> Vec<String> {
        let mails = format!("SELECT body FROM mails WHERE recipient = '{email}' ORDER BY id");
        self.database.ask(&mails)
    }

    /// Changes the albums with a title behind the shop's back.
    pub fn set(&self, title: &str, change: &str) {
        let script = format!(
            "UPDATE albums SET {change} WHERE title = '{title}'; UPDATE catalogue SET revision = revision + 1 WHERE id = 1"
        );
        self.database.run(&script).unwrap();
    }

    /// Says how many copies of an album are left.
    pub fn stock(&self, title: &str, copies: u32) {
        let script = format!(
            "INSERT INTO stock (album_id, copies) SELECT id, {copies} FROM albums WHERE title = '{title}'; \
                 UPDATE catalogue SET availability = availability + 1 WHERE id = 1"
        );
        self.database.run(&script).unwrap();
    }
}

async fn note(State(asked): State<Asked>, request: Request, next: Next) -> Response {
    // Which state the catalogue is in is asked now and then, whatever page is wanted.
    if request.method() == Method::GET {
        return next.run(request).await;
    }
    let trace = request
        .headers()
        .get("traceparent")
        .map(|value| value.to_str().unwrap().to_owned());
    asked.lock().unwrap().push(trace.unwrap_or_default());
    next.run(request).await
}

/// Serves `router` until the test ends.
pub fn serve(listener: TcpListener, router: Router) -> SocketAddr {
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A catalogue with what breaks pages: many albums, few, none with a cover and one, hostile titles, other scripts.
pub fn albums() -> String {
    let mut csv = String::from("genre,artist,title,price,released,cover_url,tracks,copies_sold\n");
    for number in 1..=60 {
        let price = f64::from(number % 10) + 0.99;
        writeln!(
            csv,
            "Rock,The Pebbles,Stone {number:02},{price:.2},{},,,{}",
            1960 + number,
            100 - number
        )
        .unwrap();
    }
    csv += concat!(
        "Jazz,Ada Blue,Kind of Teal,8.99,1971-03-01,https://covers.example/teal.jpg,So How (9:22) | Freddie (9:46) | Untimed,900\n",
        "Jazz,Ada Blue,Second Set,12.50,1971-03,,One (3:00) | Two (1:04:05),0\n",
        "R&B,Ol' <b>Crew</b>,\"</script><script>alert(\"\"1\"\")</script> & \"\"Sons\"\"\",1.00,,,<i>Intro</i> (0:59),800\n",
        "World,אריק אינשטיין,עד גבול האור,5.00,,,,0\n",
    );
    for genre in [
        "Alternative",
        "Blues",
        "Classical",
        "Country",
        "Electronic",
        "Indie",
        "Latin",
        "Metal",
        "Pop",
        "Punk",
        "Rap",
    ] {
        writeln!(csv, "{genre},Various,Best of {genre},0.01,,,,0").unwrap();
    }
    csv
}

/// A catalogue without an album.
pub const EMPTY: &str = "genre,artist,title,price\n";
