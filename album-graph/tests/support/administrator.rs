//! A SQL Server as its administrator sees it: databases and logins for tests. `cargo xtask deploy-test` has need of it, too.

use std::path::Path;

use anyhow::{Context, bail};
use tiberius::{Client, Config};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt as _};

/// Of the logins that are made; no album has a word of it, which a log may tell.
const PASSWORD: &str = "Zyxqw-4-Vutsr";
const ROLE_IS_THERE: &str =
    "IF COALESCE(IS_ROLEMEMBER(N'db_ddladmin', N'album_graph_migrate'), 0) <> 1 THROW 50000, N'no', 1;";
const DISMISS: &str = "REVOKE SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo FROM album_graph_migrate
GO
DROP USER album_graph_migrate";

/// Who administers the server that `TEST_DATABASE` names.
pub struct Administrator {
    /// Without a `;` at its end.
    pub connection_string: String,
    /// What the names of the logins begin with, since they belong to the server, where a shop may have its own.
    logins: &'static str,
}

impl Administrator {
    /// Reads `sqlserver:FILE` from `TEST_DATABASE`; none where that says `sqlite`, or nothing.
    pub fn of_tests(logins: &'static str) -> anyhow::Result<Option<Self>> {
        let url = std::env::var("TEST_DATABASE").unwrap_or_else(|_| "sqlite".to_owned());
        if url == "sqlite" {
            return Ok(None);
        }
        let Some(file) = url.strip_prefix("sqlserver:") else {
            bail!("TEST_DATABASE is sqlite or sqlserver:FILE");
        };
        let string = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
        Ok(Some(Self {
            connection_string: string.trim().trim_end_matches(';').to_owned(),
            logins,
        }))
    }

    /// Makes the logins of deploy/sqlserver, where there are none.
    pub fn make_logins(&self) -> anyhow::Result<()> {
        self.run("master", &self.file("logins.sql")?).map(drop)
    }

    /// Makes a database with the users of deploy/sqlserver.
    pub fn make_database(&self, name: &str) -> anyhow::Result<()> {
        self.run("master", &format!("CREATE DATABASE {name}"))?;
        self.run(name, &self.file("users.sql")?)?;
        // Where a server has not got the role that may change a schema, its database belongs to whoever migrates.
        if self.run(name, &self.named(ROLE_IS_THERE)).is_err() {
            self.run(name, &self.named(DISMISS))?;
            let owner = format!("ALTER AUTHORIZATION ON DATABASE::{name} TO {}migrate", self.logins);
            self.run("master", &owner)?;
        }
        Ok(())
    }

    /// The connection string of a login, `serve` or `migrate`, for a database.
    pub fn string_of(&self, login: &str, database: &str) -> String {
        format!(
            "{};Initial Catalog={database};User ID={}{login};Password={PASSWORD}",
            self.connection_string, self.logins
        )
    }

    /// Runs `script`, in which `GO` on a line of its own ends a batch, and answers the texts in the first column of what it selects.
    pub fn run(&self, database: &str, script: &str) -> anyhow::Result<Vec<String>> {
        let script = script.to_owned();
        let mut config = Config::from_ado_string(&self.connection_string)?;
        config.database(database);
        let done = block_on(async move {
            let mut client = connect(config).await?;
            let mut found = Vec::new();
            for batch in script.split("\nGO\n") {
                found.append(&mut texts(&mut client, batch.to_owned()).await?);
            }
            Ok::<_, tiberius::error::Error>(found)
        });
        done.with_context(|| format!("in the database {database}"))
    }

    /// A file of deploy/sqlserver, filled in.
    fn file(&self, name: &str) -> anyhow::Result<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../deploy/sqlserver")
            .join(name);
        let script = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let script = script.replace("$(MIGRATE_PASSWORD)", PASSWORD);
        Ok(self.named(&script.replace("$(SERVE_PASSWORD)", PASSWORD)))
    }

    /// A script in which the logins are called as here.
    fn named(&self, script: &str) -> String {
        script.replace("album_graph_", self.logins)
    }
}

/// Connects to a server.
pub async fn connect(config: Config) -> tiberius::Result<Client<Compat<TcpStream>>> {
    let stream = TcpStream::connect(config.get_addr()).await?;
    Box::pin(Client::connect(config, stream.compat_write())).await
}

/// Runs one batch and answers the texts in the first column of what it selects.
pub async fn texts(client: &mut Client<Compat<TcpStream>>, batch: String) -> tiberius::Result<Vec<String>> {
    let rows = client.simple_query(batch).await?.into_results().await?;
    let rows = rows.iter().flatten();
    Ok(rows
        .filter_map(|row| row.try_get::<&str, _>(0).ok().flatten().map(str::to_owned))
        .collect())
}

/// Runs `future` to its end, also from within another runtime.
pub fn block_on<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime can be made").block_on(future)
    };
    std::thread::spawn(run).join().expect("it does not panic")
}
