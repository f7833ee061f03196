//! Where the tests keep their data, said by `TEST_DATABASE`: SQLite in temporary files (the default), or `sqlserver:FILE`, where
//! FILE holds the connection string of an administrator. There, every program of tests makes databases of its own, with the users
//! that deploy/sqlserver describes; the service runs as the one that may only read and write rows. They are dropped at the end.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use album_graph::store::{Database, DatabaseUrl, Purpose};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};
use tempfile::TempDir;
use tiberius::{Client, Config};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_util::compat::Compat;

#[path = "administrator.rs"]
mod administrator;

use administrator::{Administrator, block_on, connect, texts};

/// What the names of all logins and databases of tests begin with.
const PREFIX: &str = "album_graph_test_";
const SWEEP: &str = "TEST_DATABASE_SWEEP";

/// A database of a test's own.
pub struct TestDatabase {
    place: Place,
    /// Whether another test may have it afterwards.
    pooled: bool,
}

enum Place {
    File(TempDir),
    Server { server: &'static Server, name: String },
}

impl TestDatabase {
    /// One without a schema.
    pub fn bare() -> Self {
        let place = match Server::of_tests() {
            None => return Self::embedded(),
            Some(server) => Place::Server {
                server,
                name: server.create(),
            },
        };
        Self { place, pooled: false }
    }

    /// One in a file, wherever the others are; without a schema.
    pub fn embedded() -> Self {
        let place = Place::File(tempfile::tempdir().unwrap());
        Self { place, pooled: false }
    }

    /// One with the schema, and no albums.
    pub fn migrated() -> Self {
        if let Some(server) = Server::of_tests()
            && let Some(name) = server.used()
        {
            server.administrator.run(&name, EMPTY).unwrap();
            let place = Place::Server { server, name };
            return Self { place, pooled: true };
        }
        let mut database = Self::bare();
        database.pooled = true;
        database.migrate();
        database
    }

    fn migrate(&self) {
        let url = self.migrating_url();
        block_on(async move {
            let database = Database::open(&url, Purpose::Migrate).await.unwrap();
            database.migrate(|_| ()).await.unwrap();
            database.close().await;
        });
    }

    /// As the service opens it.
    pub fn url(&self) -> DatabaseUrl {
        self.url_of("serve")
    }

    /// As `migrate` opens it.
    pub fn migrating_url(&self) -> DatabaseUrl {
        self.url_of("migrate")
    }

    fn url_of(&self, user: &str) -> DatabaseUrl {
        match &self.place {
            Place::File(folder) => DatabaseUrl::Sqlite(folder.path().join("shop.sqlite")),
            Place::Server { server, name } => DatabaseUrl::SqlServer(vec![server.secret(name, user)]),
        }
    }

    /// Runs a script as an administrator; `GO` on a line of its own ends a batch.
    pub fn run(&self, script: &str) -> Result<(), String> {
        match &self.place {
            Place::Server { server, name } => {
                let done = server.administrator.run(name, script);
                done.map(drop).map_err(|error| format!("{error:#}"))
            }
            Place::File(folder) => {
                let url = format!("sqlite:{}", folder.path().join("shop.sqlite").display());
                let script = script.to_owned();
                block_on(async move {
                    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
                    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&pool).await;
                    pool.close().await;
                    done.map(|_| ()).map_err(|error| error.to_string())
                })
            }
        }
    }

    /// The texts in the first column of what `query` selects, as an administrator.
    pub fn ask(&self, query: &str) -> Vec<String> {
        match &self.place {
            Place::Server { server, name } => server.administrator.run(name, query).unwrap(),
            Place::File(_) => {
                let (mut session, query) = (self.session(""), query.to_owned());
                std::thread::spawn(move || session.run(&query).unwrap()).join().unwrap()
            }
        }
    }

    /// A session that lasts until it is dropped, of `serve` or `migrate`; creates an SQLite database where there is none.
    pub fn session(&self, user: &str) -> Session {
        let url = self.url_of(user);
        let open = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let connection = runtime.block_on(Connection::open(&url));
            Session { runtime, connection }
        };
        std::thread::spawn(open).join().unwrap()
    }

    /// Whether it is on a SQL Server.
    pub fn is_on_server(&self) -> bool {
        matches!(self.place, Place::Server { .. })
    }
}

/// One connection to a database. Not for asynchronous tests.
pub struct Session {
    runtime: Runtime,
    connection: Connection,
}

enum Connection {
    File(SqliteConnection),
    Server(Box<Client<Compat<TcpStream>>>),
}

impl Session {
    /// Runs one batch and answers the texts in the first column of what it selects.
    pub fn run(&mut self, batch: &str) -> Result<Vec<String>, String> {
        let batch = batch.to_owned();
        let runtime = &self.runtime;
        match &mut self.connection {
            Connection::File(connection) => {
                let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(batch)).fetch_all(connection);
                let rows = runtime.block_on(rows).map_err(|error| error.to_string())?;
                Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
            }
            Connection::Server(client) => {
                let texts = runtime.block_on(texts(client, batch));
                texts.map_err(|error| error.to_string())
            }
        }
    }
}

impl Connection {
    async fn open(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
                Self::File(options.busy_timeout(Duration::ZERO).connect().await.unwrap())
            }
            DatabaseUrl::SqlServer(files) => {
                let config = Config::from_ado_string(&std::fs::read_to_string(&files[0]).unwrap()).unwrap();
                Self::Server(Box::new(connect(config).await.unwrap()))
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let (true, Place::Server { server, name }) = (self.pooled, &self.place) {
            server.free.lock().unwrap().push(name.clone());
        }
    }
}

const EMPTY: &str = "DELETE FROM order_lines; DELETE FROM orders; DELETE FROM sales; DELETE FROM stock; \
                     DELETE FROM promotions; DELETE FROM cart_lines; DELETE FROM carts; DELETE FROM sessions; \
                     DELETE FROM customers; DELETE FROM mail_tokens; DELETE FROM failures; DELETE FROM mails; \
                     DELETE FROM tracks; DELETE FROM albums; DELETE FROM artists; DELETE FROM genres; \
                     UPDATE chores SET due_at = 0; UPDATE catalogue SET revision = 0 WHERE id = 1;";

/// The SQL Server of the tests.
struct Server {
    administrator: Administrator,
    prefix: String,
    secrets: TempDir,
    free: Mutex<Vec<String>>,
    made: Mutex<u32>,
    /// Waits for the end of this program to drop its databases, however it ends.
    _sweeper: Child,
}

impl Server {
    fn of_tests() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER
            .get_or_init(|| {
                let administrator = Administrator::of_tests(PREFIX).unwrap();
                if administrator.is_none() {
                    // Not through the test's own output, which nobody sees while it passes.
                    let _ = std::io::stderr()
                        .write_all(b"\nNot run against a SQL Server: TEST_DATABASE=sqlserver:FILE names one.\n");
                }
                administrator.map(Self::start)
            })
            .as_ref()
    }

    fn start(administrator: Administrator) -> Self {
        let prefix = format!("{PREFIX}{}_", std::process::id());
        let secrets = tempfile::tempdir().unwrap();
        let server = Self {
            _sweeper: sweeper(&prefix, secrets.path()),
            administrator,
            prefix,
            secrets,
            free: Mutex::default(),
            made: Mutex::default(),
        };
        server.administrator.make_logins().unwrap();
        server
    }

    /// A database that another test is done with.
    fn used(&self) -> Option<String> {
        self.free.lock().unwrap().pop()
    }

    fn create(&self) -> String {
        // One at a time: each is a copy of the same template.
        let mut made = self.made.lock().unwrap();
        *made += 1;
        let name = format!("{}{made}", self.prefix);
        self.administrator.make_database(&name).unwrap();
        for user in ["serve", "migrate"] {
            let path = self.secret(&name, user);
            std::fs::write(&path, self.administrator.string_of(user, &name)).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        name
    }

    fn secret(&self, name: &str, user: &str) -> PathBuf {
        self.secrets.path().join(format!("{name}.{user}"))
    }
}

fn sweeper(prefix: &str, secrets: &Path) -> Child {
    let (_, module) = module_path!().split_once("::").unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args([&format!("{module}::sweep"), "--exact", "--ignored"])
        .env(SWEEP, format!("{prefix} {}", secrets.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Drops what another program of tests made, once that program has ended and closed its end of the pipe.
#[test]
#[ignore = "cleans up after the others"]
fn sweep() {
    let Ok(task) = std::env::var(SWEEP) else { return };
    let (prefix, secrets) = task.split_once(' ').unwrap();
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    let administrator = Administrator::of_tests(PREFIX).unwrap().unwrap();
    let _ = std::fs::remove_dir_all(secrets);
    let mine = format!(
        "SELECT name FROM sys.databases WHERE LEFT(name, {}) = '{prefix}'",
        prefix.len()
    );
    for _ in 0..20 {
        let left = administrator.run("master", &mine).unwrap();
        if left.is_empty() {
            return;
        }
        for name in left {
            // Somebody may still be on the way out.
            let _ = administrator.run("master", &format!("DROP DATABASE {name}"));
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}
