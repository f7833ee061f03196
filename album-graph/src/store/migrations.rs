//! The migrations of both databases, inside the binary, and how they are applied: each once, in order, whole.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sqlx::migrate::{Migration, Migrator};

use super::error::MigrateError;
use super::fault::Fault;
use super::sql::Dialect;
use super::sql_server::{Lease, SqlServer};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static SQL_SERVER: Migrator = sqlx::migrate!("../migrations/sqlserver");

/// The table that keeps what was applied.
pub(super) const TABLE: &str = "_sqlx_migrations";
/// How long to wait for another program that migrates before saying so.
const PATIENCE: Duration = Duration::from_secs(5);

fn all(dialect: Dialect) -> &'static Migrator {
    match dialect {
        Dialect::Sqlite => &SQLITE,
        Dialect::SqlServer => &SQL_SERVER,
    }
}

/// A migration that was applied, and the checksum of its text then.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    version: i64,
    checksum: Vec<u8>,
}

impl From<(i64, Vec<u8>)> for Applied {
    fn from((version, checksum): (i64, Vec<u8>)) -> Self {
        Self { version, checksum }
    }
}

/// What happens while migrations run.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Another program migrates or imports; this one waits for it.
    Waiting,
    /// A migration begins.
    Started(&'static Migration),
    /// A migration is applied, for good.
    Done(&'static Migration, Duration),
}

/// How the schema compares with what this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Everything that this program needs is there.
    Ready,
    /// Migrations have to run first.
    Behind {
        /// The last applied migration; 0 for none.
        applied: i64,
        /// The migration that this program needs.
        needed: i64,
    },
}

/// A newer schema will do (expand, then contract).
pub(super) fn state(dialect: Dialect, applied: &[Applied]) -> SchemaState {
    let needed = all(dialect)
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    let applied = applied.iter().map(|migration| migration.version).max().unwrap_or(0);
    if applied >= needed {
        SchemaState::Ready
    } else {
        SchemaState::Behind { applied, needed }
    }
}

/// The migrations that are missing, in order.
pub(super) fn missing(dialect: Dialect, applied: &[Applied]) -> Result<Vec<&'static Migration>, MigrateError> {
    let known = all(dialect);
    for old in applied {
        match known.iter().find(|migration| migration.version == old.version) {
            None => return Err(MigrateError::Newer(old.version)),
            Some(migration) if *migration.checksum != *old.checksum => return Err(MigrateError::Edited(old.version)),
            Some(_) => {}
        }
    }
    let is_missing = |migration: &&Migration| applied.iter().all(|old| old.version != migration.version);
    Ok(known.iter().filter(is_missing).collect())
}

pub(super) fn next(dialect: Dialect, applied: &[Applied]) -> Result<Option<&'static Migration>, MigrateError> {
    Ok(missing(dialect, applied)?.first().copied())
}

/// The migrations that were applied to a SQL Server, in their order.
pub(super) async fn applied(server: &SqlServer) -> Result<Vec<Applied>, Fault> {
    let ask = || async { applied_in(&mut server.lease().await?).await };
    server.retry(|| Box::pin(ask())).await
}

async fn applied_in(lease: &mut Lease) -> Result<Vec<Applied>, Fault> {
    let table = "SELECT COUNT(*) AS tables FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'_sqlx_migrations'";
    let tables = lease.fetch_all(table, &[]).await?;
    if tables
        .first()
        .map(|row| row.optional_integer("tables"))
        .transpose()?
        .flatten()
        == Some(0)
    {
        return Ok(Vec::new());
    }
    let applied = "SELECT version, checksum FROM dbo._sqlx_migrations WHERE success = 1 ORDER BY version";
    let rows = lease.fetch_all(applied, &[]).await?;
    rows.iter()
        .map(|row| {
            let version = row.optional_integer("version")?.unwrap_or_default();
            Ok(Applied::from((version, row.bytes("checksum")?)))
        })
        .collect()
}

/// Applies the next migration to a SQL Server, in a transaction of its own; answers whether there was one.
pub(super) async fn migrate_one(server: &SqlServer, progress: &mut impl FnMut(Step)) -> Result<bool, MigrateError> {
    let lease = server.retry(|| Box::pin(server.lease())).await;
    let mut lease = lease.map_err(MigrateError::Unreachable)?;
    lease.begin().await?;
    // Neither another migration nor an import: behind an `ALTER TABLE` that waits for an import, every request would wait, too.
    for name in ["migrations", "catalogue"] {
        while let Err(fault) = lease.lock(name, PATIENCE).await {
            let Fault::Locked = fault else { return Err(fault.into()) };
            progress(Step::Waiting);
        }
    }
    let applied = applied_in(&mut lease).await?;
    let Some(migration) = next(Dialect::SqlServer, &applied)? else {
        lease.commit().await?;
        return Ok(false);
    };
    progress(Step::Started(migration));
    let started = Instant::now();
    if applied.is_empty() {
        lease.execute_batch(CREATE_TABLE).await?;
    }
    for batch in batches(migration.sql.as_str()) {
        lease.execute_batch(&batch).await?;
    }
    let took = started.elapsed();
    lease.execute_batch(&record(migration, took)).await?;
    lease.commit().await?;
    progress(Step::Done(migration, took));
    Ok(true)
}

/// The columns that sqlx keeps in the other databases.
const CREATE_TABLE: &str = "IF OBJECT_ID(N'dbo._sqlx_migrations') IS NULL CREATE TABLE dbo._sqlx_migrations (\
    version BIGINT NOT NULL PRIMARY KEY, description NVARCHAR(400) NOT NULL, \
    installed_on DATETIME2(3) NOT NULL DEFAULT SYSUTCDATETIME(), success BIT NOT NULL, \
    checksum VARBINARY(64) NOT NULL, execution_time BIGINT NOT NULL)";

/// Remembers a migration. All of it was known at compile time; the driver binds no bytes that every server takes.
fn record(migration: &Migration, took: Duration) -> String {
    let mut checksum = String::new();
    for byte in &*migration.checksum {
        let _ = write!(checksum, "{byte:02x}");
    }
    format!(
        "INSERT INTO dbo._sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ({}, N'{}', 1, 0x{checksum}, {})",
        migration.version,
        migration.description.replace('\'', "''"),
        took.as_nanos()
    )
}

/// The parts of a script between lines that say `GO`, as SQL Server's own tools read it: some statements must stand first in a
/// batch, and a column can be named only in the batches after the one that adds it.
fn batches(script: &str) -> Vec<String> {
    let mut batches = vec![String::new()];
    for line in script.lines() {
        if line.trim().eq_ignore_ascii_case("go") {
            batches.push(String::new());
        } else if let Some(batch) = batches.last_mut() {
            batch.push_str(line);
            batch.push('\n');
        }
    }
    batches.retain(|batch| !batch.trim().is_empty());
    batches
}

#[cfg(test)]
mod tests {
    use super::{Applied, Dialect, MigrateError, SchemaState, all, batches, missing, state};

    #[test]
    fn a_script_is_cut_at_the_lines_that_say_go() {
        assert_eq!(
            batches("SELECT 1\nGO\n\n go \nSELECT 'GO'\n"),
            ["SELECT 1\n", "SELECT 'GO'\n"]
        );
    }

    #[test]
    fn both_databases_have_the_same_migrations() {
        let names = |dialect| -> Vec<_> {
            let migrations = all(dialect).iter();
            migrations
                .map(|migration| (migration.version, migration.description.clone()))
                .collect()
        };
        assert_eq!(names(Dialect::Sqlite), names(Dialect::SqlServer));
    }

    #[test]
    fn a_schema_of_another_release_is_told_from_an_edited_one() {
        for dialect in [Dialect::Sqlite, Dialect::SqlServer] {
            let mut applied: Vec<Applied> = all(dialect)
                .iter()
                .map(|migration| (migration.version, migration.checksum.to_vec()).into())
                .collect();
            assert!(missing(dialect, &applied).unwrap().is_empty());
            let needed = applied.last().unwrap().version;
            assert_eq!(state(dialect, &[]), SchemaState::Behind { applied: 0, needed });
            assert_eq!(state(dialect, &applied), SchemaState::Ready);

            applied.push((9999, vec![1]).into());
            assert!(matches!(missing(dialect, &applied), Err(MigrateError::Newer(9999))));
            assert_eq!(state(dialect, &applied), SchemaState::Ready, "a newer schema serves");

            applied.pop();
            applied[0].checksum[0] ^= 1;
            assert!(matches!(missing(dialect, &applied), Err(MigrateError::Edited(1))));
        }
    }
}
