//! The service before scripted servers: connection strings in files, the database that they open, the real router.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use album_graph::search::{Place, Searcher};
use album_graph::store::{Database, DatabaseUrl, Purpose, StoreError, genres};
use album_graph::{graph, http};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use service::health::Readiness;
use service::telemetry::causes;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::scripted::{Answer, Column, Event, Rows, Server};

/// Found nowhere but in a connection string.
pub const PASSWORD: &str = "Zwölf-Boxkämpfer";

pub struct Shop {
    pub database: Database,
    router: Router,
    folder: TempDir,
}

/// What came over HTTP.
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    /// Makes sure that it says: later.
    pub fn puts_off(&self) {
        assert_eq!(self.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            self.body["errors"][0]["extensions"]["code"], "UNAVAILABLE",
            "{}",
            self.body
        );
        assert!(self.headers.contains_key(header::RETRY_AFTER));
        assert!(!self.body.to_string().contains(PASSWORD));
    }

    /// Makes sure that it names the genre of a server in good health.
    pub fn answers(&self) {
        let expected = json!({ "genres": [{ "name": "Jazz" }] });
        assert_eq!((self.status, &self.body["data"]), (StatusCode::OK, &expected));
    }
}

impl Shop {
    pub async fn at(server: &Server) -> Self {
        Self::with(&[string(server, PASSWORD)]).await
    }

    /// A shop that makes no second connection while there is one.
    pub async fn with_one_connection(server: &Server) -> Self {
        Self::with(&[string(server, PASSWORD) + ";Max Pool Size=1"]).await
    }

    /// A shop with these connection strings, each in a file.
    pub async fn with(strings: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = (0..strings.len()).map(|number| file(&folder, number)).collect();
        for (number, string) in strings.iter().enumerate() {
            write(&file(&folder, number), string);
        }
        let database = Database::open(&DatabaseUrl::SqlServer(files), Purpose::Serve)
            .await
            .unwrap();
        let readiness = Readiness::default();
        readiness.set(true);
        let searcher = Searcher::new(Place {
            folder: folder.path().to_owned(),
            in_memory: u64::MAX,
        });
        Self {
            router: http::router(
                graph::Services::new(database.clone(), searcher),
                readiness,
                http::Options::default(),
            ),
            database,
            folder,
        }
    }

    /// Opens all eight connections, and leaves them idle.
    pub async fn fill_pool(&self) {
        // Half of them is for who changes something; each question finds none idle, and opens its own.
        let mut transactions = Vec::new();
        for _ in 0..4 {
            transactions.push(self.database.begin().await.unwrap());
        }
        let ask = || async { self.genres().await.unwrap() };
        tokio::join!(ask(), ask(), ask(), ask());
        for transaction in transactions {
            transaction.commit().await.unwrap();
        }
    }

    /// The file of a connection string.
    pub fn file(&self, number: usize) -> PathBuf {
        file(&self.folder, number)
    }

    /// Changes what a file holds.
    pub fn rewrite(&self, number: usize, text: &str) {
        write(&file(&self.folder, number), text);
    }

    /// The names of the genres, asked of the store.
    pub async fn genres(&self) -> Result<Vec<String>, StoreError> {
        let genres = genres::all(&self.database).await?;
        Ok(genres.into_iter().map(|genre| genre.name).collect())
    }

    /// The same, asked over HTTP.
    pub async fn request(&self) -> Reply {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        let request = request
            .body(Body::from(r#"{ "query": "{ genres { name } }" }"#))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap(),
        }
    }
}

fn file(folder: &TempDir, number: usize) -> PathBuf {
    folder.path().join(number.to_string())
}

fn write(file: &PathBuf, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
}

/// What a shop needs to know to log in to `server`.
pub fn string(server: &Server, password: &str) -> String {
    format!(
        "Server=tcp:localhost,{};Initial Catalog=shop;User ID=me;Password={password};Encrypt=True;\
         TrustServerCertificate=True;Connection Timeout=10",
        server.port()
    )
}

/// What a server in good health does: it grants every lock and knows one genre.
pub fn healthy(event: &Event) -> Answer {
    match event {
        Event::Statement(text) if text.contains("sp_getapplock") => {
            Answer::Rows(Rows::of(&[Column::Int("granted")]).row([0.into()]))
        }
        Event::Statement(text) if text.contains("FROM genres") => Answer::Rows(named(&["Jazz"])),
        Event::Statement(text) if text.contains("AS tables") => {
            Answer::Rows(Rows::of(&[Column::Int("tables")]).row([0.into()]))
        }
        _ => Answer::Usual,
    }
}

/// A server in good health that answers so to every statement on its first connection.
pub async fn answering_first(answer: fn() -> Answer) -> Server {
    Server::start(move |connection, event| match event {
        Event::Statement(_) if connection == 0 => answer(),
        event => healthy(event),
    })
    .await
}

/// Genres of these names.
pub fn named(names: &[&str]) -> Rows {
    let columns = [
        Column::BigInt("id"),
        Column::Text("slug"),
        Column::Text("name"),
        Column::Text("description"),
    ];
    names.iter().zip(1..).fold(Rows::of(&columns), |rows, (name, id)| {
        rows.row([id.into(), "slug".into(), (*name).into(), "".into()])
    })
}

/// What an error says, having made sure that it keeps the password to itself.
pub fn told(error: &StoreError) -> String {
    for text in [causes(error), format!("{error:?}")] {
        assert!(!text.contains(PASSWORD), "{text}");
    }
    causes(error)
}
