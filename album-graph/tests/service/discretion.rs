//! The program as a process: what it says of mail and accounts, and what it never says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::client::PASSWORD;
use crate::program::{Running, album_graph, eventually};
use crate::test_database::TestDatabase;

/// Everything but what the driver of SQL Server reads and writes, which is all that there is.
const LOUD: &str = "trace,tiberius=off";

/// The texts of the mails in a folder.
fn mails(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let whole = files.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    whole.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// What stands between two texts in a third.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split_once(end).unwrap().0
}

#[test]
fn no_log_tells_a_password_a_token_or_a_link() {
    let database = TestDatabase::migrated();
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("mail");
    let options = [
        "--mail-folder",
        mail.to_str().unwrap(),
        "--shop-url",
        "https://shop.example/",
    ];
    let url = database.url().to_string();
    let running = Running::serving(album_graph(&["--database", &url, "--log", LOUD]), &options);
    running.wait_until(true);

    let sign_up = format!(
        r#"mutation {{ signUp(input: {{ email: "ann@example.com", password: "{PASSWORD}" }}) {{ session {{ token }} }} }}"#
    );
    let answer = running.ask("", &sign_up);
    let visiting = between(&answer, r#""token":""#, "\"").to_owned();
    eventually("a mail", || mails(&mail).len() == 1);
    let link = between(&mails(&mail)[0], "https://shop.example/confirm?token=", "\r\n").to_owned();
    let confirm = format!(
        r#"mutation {{ confirmEmail(input: {{ token: "{link}" }}) {{ session {{ token }} customer {{ email }} }} }}"#
    );
    let answer = running.ask(&visiting, &confirm);
    assert!(answer.contains("ann@example.com"), "{answer}");
    let first = between(&answer, r#""token":""#, "\"").to_owned();
    let sign_in = |password: &str| {
        format!(
            r#"mutation {{ signIn(input: {{ email: "ann@example.com", password: "{password}" }}) {{ session {{ token }} }} }}"#
        )
    };
    let answer = running.ask(&first, &sign_in(PASSWORD));
    let second = between(&answer, r#""token":""#, "\"").to_owned();
    running.ask(&second, &sign_in("another-password-9"));

    let written = running.written();
    assert!(
        written.contains("level=info") && written.contains("sent a mail"),
        "{written}"
    );
    for secret in [
        PASSWORD,
        "another-password-9",
        &visiting,
        &link,
        &first,
        &second,
        "argon2id",
    ] {
        assert!(!written.contains(secret), "{secret}");
    }
}

#[test]
fn a_mail_server_of_no_use_is_named_by_its_file_alone() {
    let database = TestDatabase::migrated();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    let file = path.to_str().unwrap();
    let complaint = |content: &str, mode: u32, options: &[&str]| {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let url = database.url().to_string();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--database", &url, "--mail", file];
        let output = album_graph(&[&serve, options].concat()).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(!complaint.contains("hunter2"), "{complaint}");
        complaint.trim().replace(file, "FILE")
    };
    let from = ["--mail-from", "Music Store <shop@example.com>"];
    let not_a_url =
        "album-graph: FILE must hold smtps://USER:PASSWORD@HOST:PORT, or smtp://… for STARTTLS, and nothing else";
    for content in [
        "hunter2",
        "https://shop:hunter2@mail.example",
        "smtps://",
        "smtps://shop:hunter2@mail.example/?tls=none",
        "smtp://shop:hunter2@mail.example:70000",
    ] {
        assert_eq!(complaint(content, 0o600, &from), not_a_url, "{content}");
    }
    let url = "smtps://shop:hunter2@mail.example";
    assert!(complaint(url, 0o644, &from).starts_with("album-graph: no mail server: FILE can be read by every user"));
    assert!(complaint(url, 0o600, &[]).contains("--mail-from <ADDRESS>"));
    assert!(complaint(url, 0o600, &["--mail-from", "nobody"]).contains("--mail-from"));
    let both = [&from[..], &["--mail-folder", "mail"]].concat();
    assert!(complaint(url, 0o600, &both).contains("cannot be used with"));
}

#[test]
fn mails_that_have_no_way_out_stay_queued_and_the_log_says_so_once() {
    let database = TestDatabase::migrated();
    let url = database.url().to_string();
    let running = Running::serving(album_graph(&["--database", &url]), &[]);
    running.wait_until(true);
    let sign_up = format!(
        r#"mutation {{ signUp(input: {{ email: "ann@example.com", password: "{PASSWORD}" }}) {{ problems {{ code }} }} }}"#
    );
    let answer = running.ask("", &sign_up);
    assert!(answer.contains(r#"{"data":{"signUp":{"problems":[]}}"#), "{answer}");
    assert_eq!(database.ask("SELECT recipient FROM mails"), ["ann@example.com"]);
    assert_eq!(running.written().matches("mails stay queued").count(), 1);
}
