//! `migrate` and `serve` on schemas of every age, told apart by exit code; a release that updates beside the one before.

use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::program::{Running, album_graph, closed_port, eventually, migrations, run, say};
use crate::test_database::{Session, TestDatabase};

impl TestDatabase {
    fn migrate_with(&self, options: &[&str]) -> (i32, String, String) {
        let url = self.migrating_url().to_string();
        run(&[&["migrate", "--database", &url], options].concat())
    }

    /// Migrates everything; the last line of what is said.
    fn migrates(&self) -> String {
        let (code, said, complaint) = self.migrate_with(&[]);
        assert_eq!((code, complaint.as_str()), (0, ""), "{said}");
        said.lines().last().unwrap().to_owned()
    }

    /// Waits until the killed program is gone, makes sure that it left nothing, and migrates.
    fn is_empty_and_migrates(&self) {
        eventually("the lock is free", || !self.is_locked());
        assert!(self.tables().is_empty());
        self.migrates();
        assert!(self.tables().contains(&"tracks".to_owned()));
    }

    fn serve(&self) -> Running {
        Running::serving(album_graph(&["--database", &self.url().to_string()]), &[])
    }

    /// The names of its tables; an SQLite database is created, as `touch` would.
    fn tables(&self) -> Vec<String> {
        self.ask(if self.is_on_server() {
            "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'dbo' ORDER BY TABLE_NAME"
        } else {
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name"
        })
    }

    /// Leaves the mark of a migration that only a later release knows.
    fn mark_as_newer(&self) {
        let checksum = if self.is_on_server() { "0x00" } else { "x'00'" };
        self.run(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9000, 'of a later release', 1, {checksum}, 1)"
        ))
        .unwrap();
    }

    /// Takes the lock that a migration takes, if nobody has it.
    fn lock(&self, session: &mut Session) -> bool {
        if !self.is_on_server() {
            return session.run("PRAGMA journal_mode = WAL").is_ok() && session.run("BEGIN IMMEDIATE").is_ok();
        }
        session.run("BEGIN TRANSACTION").unwrap();
        let granted = session.run(
            "DECLARE @granted INT; EXEC @granted = sp_getapplock @Resource = N'migrations', @LockMode = N'Exclusive', \
             @LockOwner = N'Transaction', @LockTimeout = 0; SELECT CAST(@granted AS NVARCHAR(9))",
        );
        let granted = granted.unwrap() == ["0"];
        if !granted {
            unlock(session);
        }
        granted
    }

    /// Whether somebody is migrating.
    fn is_locked(&self) -> bool {
        let mut session = self.session("migrate");
        let locked = self.lock(&mut session);
        if locked {
            unlock(&mut session);
        }
        !locked
    }
}

fn unlock(session: &mut Session) {
    session.run("ROLLBACK").unwrap();
}

#[test]
fn the_exit_code_of_migrate_tells_what_came_of_it() {
    let database = TestDatabase::bare();
    let plural = if migrations() == 1 { "" } else { "s" };
    assert!(
        database
            .migrates()
            .contains(&format!("{} migration{plural} applied", migrations()))
    );
    assert!(database.migrates().contains("nothing to migrate"));

    database.mark_as_newer();
    let newer =
        "album-graph: the database is newer than this program: it has migration 9000, which this program does not know";
    for options in [&[][..], &["--dry-run"]] {
        let (code, _, complaint) = database.migrate_with(options);
        assert_eq!((code, complaint.as_str()), (3, newer), "{options:?}");
    }
    database
        .run("DELETE FROM _sqlx_migrations WHERE version = 9000")
        .unwrap();
    assert!(database.migrates().contains("nothing to migrate"));

    let other = if database.is_on_server() { "0x00" } else { "x'00'" };
    database
        .run(&format!(
            "UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1"
        ))
        .unwrap();
    for options in [&[][..], &["--dry-run"]] {
        let (code, _, complaint) = database.migrate_with(options);
        let edited = "album-graph: migration 1 was edited after it had been applied";
        assert_eq!((code, complaint.as_str()), (4, edited), "{options:?}");
    }
}

#[test]
fn a_server_out_of_reach_has_an_exit_code_of_its_own() {
    let (folder, port) = (tempfile::tempdir().unwrap(), closed_port());
    let file = folder.path().join("secret");
    std::fs::write(
        &file,
        format!("Server=127.0.0.1,{port};Initial Catalog=shop;User ID=me;Password=x;Encrypt=False"),
    )
    .unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    for option in [None, Some("--dry-run")] {
        let url = format!("sqlserver:{}", file.display());
        let arguments: Vec<&str> = ["migrate", "--database", &url].into_iter().chain(option).collect();
        let (code, _, complaint) = run(&arguments);
        let start = format!(
            "album-graph: cannot connect to the database: cannot reach 127.0.0.1 at port {port}: Connection refused"
        );
        assert!(
            code == 5 && complaint.starts_with(&start) && complaint.lines().count() == 1,
            "{code} {complaint}"
        );
    }
}

#[test]
fn a_dry_run_lists_what_is_missing_and_changes_nothing() {
    let database = TestDatabase::bare();
    assert!(database.tables().is_empty());
    for _ in 0..2 {
        let (code, said, complaint) = database.migrate_with(&["--dry-run"]);
        assert_eq!((code, complaint.as_str()), (0, ""));
        assert_eq!(said.matches("missing: ").count(), migrations(), "{said}");
        assert!(said.contains("missing: 0001 catalogue"), "{said}");
        assert!(database.tables().is_empty());
    }
    database.migrates();
    let (code, said, _) = database.migrate_with(&["--dry-run"]);
    assert!(
        code == 0 && !said.contains("missing") && said.contains("0 migrations to apply"),
        "{said}"
    );
}

#[test]
fn a_migration_that_waits_for_another_changes_nothing_when_it_is_killed() {
    let database = TestDatabase::bare();
    let mut other = database.session("migrate");
    eventually("the lock is taken", || database.lock(&mut other));
    if database.is_on_server() {
        let url = database.migrating_url().to_string();
        let mut migrating = Running::start(album_graph(&["migrate", "--database", &url]));
        migrating.wait_for("waiting for another program that migrates");
        migrating.kill();
    } else {
        // The embedded database is waited for only so long.
        let (code, _, complaint) = database.migrate_with(&[]);
        assert!(code == 1 && complaint.contains("database is locked"), "{complaint}");
    }
    unlock(&mut other);
    database.is_empty_and_migrates();
}

#[test]
fn a_migration_that_is_killed_in_its_transaction_leaves_nothing() {
    let database = TestDatabase::bare();
    assert!(database.tables().is_empty());
    // It stops at the first word that it says, which it says within the transaction: nobody reads, and the buffer is full.
    let (mut written, _unread) = UnixStream::pair().unwrap();
    written.set_nonblocking(true).unwrap();
    while written.write(&[b'\n'; 512]).map_err(|error| error.kind()) != Err(io::ErrorKind::WouldBlock) {}
    while written.write(b"\n").map_err(|error| error.kind()) != Err(io::ErrorKind::WouldBlock) {}
    written.set_nonblocking(false).unwrap();
    let mut command = album_graph(&["migrate", "--database", &database.migrating_url().to_string()]);
    let mut migrating = command.stdout(OwnedFd::from(written)).spawn().unwrap();
    eventually("it migrates", || database.is_locked());
    assert!(migrating.try_wait().unwrap().is_none(), "it has not finished");
    migrating.kill().unwrap();
    migrating.wait().unwrap();
    database.is_empty_and_migrates();
}

#[test]
fn a_migration_that_is_killed_halfway_through_its_statements_leaves_nothing() {
    let database = TestDatabase::bare();
    if !database.is_on_server() {
        return say("A migration killed halfway: not run: no SQL Server.");
    }
    // The name of the fourth table is taken by a transaction that has not ended: the migration waits there.
    let mut other = database.session("migrate");
    other.run("BEGIN TRANSACTION").unwrap();
    other.run("CREATE TABLE dbo.tracks (id INT NOT NULL)").unwrap();
    let mut migrating = Running::start(album_graph(&[
        "migrate",
        "--database",
        &database.migrating_url().to_string(),
    ]));
    migrating.wait_for("applying 0001 catalogue");
    assert!(database.is_locked());
    migrating.kill();
    unlock(&mut other);
    database.is_empty_and_migrates();
}

#[test]
fn a_server_waits_for_its_schema_and_never_makes_it() {
    let database = TestDatabase::bare();
    assert!(database.tables().is_empty());
    let serving = database.serve();
    let behind = format!("applied=0 needed={}", migrations());
    serving.wait_for("not ready: the schema is too old; run `album-graph migrate`");
    serving.wait_for(&behind);
    assert_eq!(serving.status("/livez"), "HTTP/1.1 200 OK");
    assert_eq!(serving.status("/readyz"), "HTTP/1.1 503 Service Unavailable");
    assert!(database.tables().is_empty());

    database.migrates();
    eventually("it is ready", || serving.is_ready());
    assert_eq!(
        serving.written().matches(&behind).count(),
        1,
        "it is said once: {}",
        serving.written()
    );
}

#[test]
fn a_schema_of_a_later_release_serves() {
    let database = TestDatabase::bare();
    database.migrates();
    database.mark_as_newer();
    let tables = database.tables();
    let serving = database.serve();
    eventually("it is ready", || serving.is_ready());
    assert_eq!(database.tables(), tables);
}

#[test]
fn the_user_of_the_service_cannot_change_the_schema() {
    let database = TestDatabase::bare();
    if !database.is_on_server() {
        return say("What the service's user may do: not run: no SQL Server.");
    }
    database.migrates();
    let tables = database.tables();
    for statement in [
        "CREATE TABLE dbo.mine (id INT NOT NULL)",
        "ALTER TABLE dbo.albums ADD mine INT NULL",
        "CREATE INDEX mine ON dbo.albums (title_key)",
        "DROP TABLE dbo.tracks",
    ] {
        assert!(database.session("serve").run(statement).is_err(), "{statement}");
        assert!(database.session("migrate").run(statement).is_ok(), "{statement}");
        if statement.starts_with("CREATE TABLE") {
            assert_ne!(database.tables(), tables);
        }
    }
    assert!(
        database
            .session("serve")
            .run("UPDATE dbo.catalogue SET revision = 1 WHERE id = 1")
            .is_ok()
    );
}

/// What the release before asked, statement by statement, must run on the schema of this one: both serve during an update.
#[test]
fn the_release_before_works_on_this_schema() {
    let database = TestDatabase::bare();
    database.migrates();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/previous_release");
    let statements = std::fs::read_to_string(folder.join("0.1.0.sql")).unwrap();
    let (bytewise, first) = if database.is_on_server() {
        (
            "COLLATE Latin1_General_100_BIN2",
            "OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY",
        )
    } else {
        ("", "LIMIT 3")
    };
    let statements = statements
        .replace("{bytewise}", bytewise)
        .replace("{first 3 rows}", first);
    let mut session = database.session("serve");
    let mut count = 0;
    for statement in statements
        .split(";\n")
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        count += 1;
        session
            .run(statement)
            .unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    assert!(count >= 30, "{count} statements");
    let albums = session.run("SELECT slug FROM albums ORDER BY slug").unwrap();
    assert_eq!(
        albums,
        ["bjork-debut", "bjork-post"],
        "the statements did what they say"
    );
    assert_eq!(
        session
            .run("SELECT title FROM albums WHERE slug = 'bjork-post'")
            .unwrap(),
        ["Post!"]
    );
    assert_eq!(session.run("SELECT title FROM tracks").unwrap(), ["Hyperballad"]);
}
