//! A service of its own for each test: a database, and the real router before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use album_graph::clock::{Clock, Moment};
use album_graph::graph::Services;
use album_graph::import::{self, Context, ImportError, Report};
use album_graph::search::{Place, Searcher};
use album_graph::store::{Database, Purpose};
use album_graph::{http, sample};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use service::health::Readiness;
use time::macros::datetime;
use tower::ServiceExt as _;

use crate::client::Client;
use crate::test_database::TestDatabase;

pub struct Shop {
    pub database: Database,
    pub services: Services,
    pub time: TestClock,
    pub searcher: Searcher,
    pub router: Router,
    pub readiness: Readiness,
    pub test_database: TestDatabase,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// What time the tests say it is: it stands still until they move it on, but for a millisecond each time that it is asked, so that
/// what comes later is later.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000)))
    }
}

impl TestClock {
    pub fn clock(&self) -> Clock {
        let Self(now) = self.clone();
        Clock::new(move || Moment(now.fetch_add(1, Ordering::Relaxed)))
    }

    pub fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }

    pub fn pass(&self, time: Duration) {
        self.0.store(self.now().after(time).0, Ordering::Relaxed);
    }
}

/// The door of a service, behind a proxy on the same machine.
pub fn router(services: &Services, readiness: &Readiness) -> Router {
    let options = http::Options {
        proxies: "127.0.0.1".parse().unwrap(),
        ..http::Options::default()
    };
    http::router(services.clone(), readiness.clone(), options)
}

impl Shop {
    /// The same with other settings.
    pub fn set(self, options: http::Options) -> Self {
        let services = Services::new(self.database.clone(), self.searcher.clone());
        let router = http::router(services, self.readiness.clone(), options);
        Self { router, ..self }
    }

    /// A shop without albums.
    pub async fn empty() -> Self {
        let test_database = TestDatabase::migrated();
        let database = Database::open(&test_database.url(), Purpose::Serve).await.unwrap();
        let readiness = Readiness::default();
        readiness.set(true);
        // Too small a catalogue for a folder: nothing is put there.
        let searcher = Searcher::new(Place {
            folder: std::env::temp_dir().join("album-graph-tests"),
            in_memory: u64::MAX,
        });
        let time = TestClock::default();
        let services = Services {
            clock: time.clock(),
            shop_url: "https://shop.example".to_owned(),
            ..Services::new(database.clone(), searcher.clone())
        };
        let router = router(&services, &readiness);
        Self {
            database,
            services,
            time,
            searcher,
            router,
            readiness,
            test_database,
        }
    }

    /// A shop with the sample catalogue.
    pub async fn seeded() -> Self {
        let shop = Self::empty().await;
        sample::load(&shop.database, datetime!(2026-01-31 12:00 UTC))
            .await
            .unwrap();
        shop.index().await;
        shop
    }

    /// A shop with the albums of a CSV text.
    pub async fn with(csv: &str) -> Self {
        let shop = Self::empty().await;
        shop.import(csv).await.unwrap();
        shop.index().await;
        shop
    }

    /// Brings the search index in step, as a running service does by itself.
    pub async fn index(&self) {
        self.searcher.follow(&self.database).await.unwrap();
    }

    pub async fn import(&self, csv: impl AsRef<[u8]>) -> Result<Report, ImportError> {
        import::import(
            &self.database,
            csv.as_ref(),
            &Context::new(datetime!(2026-02-01 12:00 UTC)),
            |_| (),
        )
        .await
    }

    /// Another copy of the service on the same database, with connections of its own.
    pub async fn another_copy(&self) -> Services {
        let database = Database::open(&self.test_database.url(), Purpose::Serve).await.unwrap();
        Services {
            database,
            ..self.services.clone()
        }
    }

    /// Somebody who was here never before.
    pub fn visitor(&self) -> Client {
        Client::new(&self.router)
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str, accept: &str) -> Reply {
        self.send(
            Request::get(path)
                .header(header::ACCEPT, accept)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    pub async fn post(&self, body: impl Into<Body>) -> Reply {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// What a document answers, errors included.
    pub async fn ask_with(&self, query: &str, variables: &Value) -> Value {
        let reply = self
            .post(json!({ "query": query, "variables": variables }).to_string())
            .await;
        reply.json()
    }

    /// The data of a document that has no errors.
    pub async fn ask(&self, query: &str) -> Value {
        let mut answer = self.ask_with(query, &json!({})).await;
        assert_eq!(answer["errors"], Value::Null, "{query}");
        answer["data"].take()
    }

    /// Code, field and message of the only error of a document.
    pub async fn refusal(&self, query: &str) -> (String, Value, String) {
        let answer = self.ask_with(query, &json!({})).await;
        let errors = answer["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{query} is not refused: {answer}"));
        let [error] = errors.as_slice() else {
            panic!("{query} has several errors: {answer}")
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            text(&error["extensions"]["code"]),
            error["extensions"]["field"].clone(),
            text(&error["message"]),
        )
    }
}

/// The texts at `path` of each element of a list.
pub fn texts(list: &Value, path: &str) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|element| element.pointer(path).unwrap().as_str().unwrap().to_owned())
        .collect()
}
