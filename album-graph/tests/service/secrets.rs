//! Passwords: in a file and on the way to the server, and nowhere else.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::program::{Running, album_graph, closed_port, say};
use crate::test_database::TestDatabase;

/// With letters that some encoding or other would change.
const PASSWORD: &str = "Hunter2-%-Ünique";
const CSV: &str = "genre,artist,title,price\nRock,X,First,5\n";

fn secret(path: &Path, content: impl AsRef<[u8]>, mode: u32) {
    fs::write(path, content).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The program as talkative as it can be made.
fn talkative(arguments: &[&str]) -> Command {
    let mut command = album_graph(arguments);
    command.envs([
        ("ALBUM_GRAPH_LOG", "trace"),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "1"),
    ]);
    command
}

/// What `command` wrote anywhere; whether it succeeded.
fn words(mut command: Command) -> (bool, String) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), text.concat())
}

/// Whether `text` gives away a part of a password, however it is encoded.
fn tells(text: &str, password: &str) -> bool {
    let letters = password.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut parts: Vec<&str> = letters.filter(|part| part.len() >= 4).collect();
    parts.push(password);
    // Letters one by one, as UTF-16 or a list of bytes is shown.
    let bytes: Vec<String> = password.bytes().take(4).map(|byte| byte.to_string()).collect();
    let wide: Vec<String> = password.chars().take(4).map(|letter| letter.to_string()).collect();
    parts.iter().any(|part| text.contains(part))
        || ["\0", "\\0", "\\u{0}", "\\x00"]
            .iter()
            .any(|zero| text.contains(&wide.join(zero)))
        || [", ", ", 0, "].iter().any(|comma| text.contains(&bytes.join(comma)))
}

/// Runs every command with the connection string in `file`, and asserts that none tells `password`.
///
/// `expected` says whether the log-in succeeds, and `sign` is what `serve` writes once it knows.
fn no_command_tells(file: &str, password: &str, expected: bool, sign: &str) {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("albums.csv");
    fs::write(&csv, CSV).unwrap();
    let url = format!("sqlserver:{file}");
    for arguments in [
        &["migrate"][..],
        &["migrate", "--dry-run"],
        &["seed"],
        &["import", csv.to_str().unwrap()],
    ] {
        let (succeeded, text) = words(talkative(&[arguments, &["--database", &url]].concat()));
        assert_eq!(succeeded, expected, "{arguments:?}: {text}");
        assert!(!text.is_empty() && !tells(&text, password), "{arguments:?}: {text}");
    }
    let mut command = talkative(&["--help"]);
    command.env("ALBUM_GRAPH_DATABASE", &url);
    let (_, text) = words(command);
    assert!(text.contains("Usage") && !tells(&text, password), "{text}");

    let mut serving = Running::serving(talkative(&["--database", &url]), &[]);
    serving.wait_for(sign);
    for place in ["environ", "cmdline"] {
        let text = fs::read(format!("/proc/{}/{place}", serving.id())).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(
            text.contains("album-graph") || text.contains("RUST_LOG"),
            "{place}: {text}"
        );
        assert!(!tells(&text, password), "{place}: {text}");
    }
    assert!(serving.status("/readyz").starts_with("HTTP/1.1"));
    serving.kill();
    let text = serving.written();
    assert!(!tells(&text, password), "serve: {text}");
}

#[test]
fn a_password_that_is_told_would_be_noticed() {
    for text in [
        PASSWORD,
        "Password=Hunter2-%25-%C3%9Cnique",
        "\"Hunter2-%-\\u{dc}nique\"",
        "[72, 117, 110, 116, 101, 114, 50]",
        "[72, 0, 117, 0, 110, 0, 116, 0, 101, 0]",
        "H\\0u\\0n\\0t\\0e\\0r\\0",
        "\u{fffd}nique",
    ] {
        assert!(tells(text, PASSWORD), "{text}");
    }
    assert!(!tells("Server=127.0.0.1,1433;User ID=me", PASSWORD));
}

#[test]
fn a_password_stays_secret_when_nobody_listens_or_hangs_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let rude = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    for port in [closed_port(), rude] {
        for encrypt in ["True", "False", "Strict"] {
            let string = format!(
                "Server=127.0.0.1,{port};Initial Catalog=shop;User ID=me;Password={PASSWORD};Encrypt={encrypt};Timeout=5"
            );
            secret(&file, string, 0o600);
            no_command_tells(file.to_str().unwrap(), PASSWORD, false, "not ready");
        }
    }
}

#[test]
fn a_password_stays_secret_with_a_server_that_takes_it_and_with_one_that_does_not() {
    let database = TestDatabase::bare();
    if !database.is_on_server() {
        return say("Passwords before a server: not run: no SQL Server.");
    }
    let url = database.migrating_url().to_string();
    let file = url.strip_prefix("sqlserver:").unwrap();
    let string = fs::read_to_string(file).unwrap();
    let password = string
        .split(';')
        .filter_map(|part| part.strip_prefix("Password="))
        .next_back()
        .unwrap();
    no_command_tells(file, password, true, "message=ready");

    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("secret");
    secret(&wrong, string.replace(password, PASSWORD), 0o600);
    no_command_tells(wrong.to_str().unwrap(), PASSWORD, false, "not ready");
}

/// The complaint of `serve` about the connection string in `file`.
fn complaint(file: &str) -> String {
    let mut command = talkative(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &format!("sqlserver:{file}"),
    ]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{file}");
    assert!(
        output.stdout.is_empty(),
        "it does not start: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(!tells(&complaint, PASSWORD), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    complaint.trim().replace(file, "FILE")
}

#[test]
fn a_secret_of_no_use_is_named_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let file = path.to_str().unwrap();
    assert_eq!(
        complaint(file),
        "album-graph: no connection string: cannot read FILE: No such file or directory (os error 2)"
    );
    fs::create_dir(&path).unwrap();
    assert_eq!(complaint(file), "album-graph: no connection string: FILE is not a file");
    fs::remove_dir(&path).unwrap();

    let good = format!("Server=127.0.0.1;Initial Catalog=shop;User ID=me;Password={PASSWORD};");
    let latin1: Vec<u8> = good.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let no_text = "no connection string: FILE is not UTF-8 text";
    let unusable = |fault: &str| format!("the connection string in FILE cannot be used: {fault}");
    let part = |number| {
        unusable(&format!(
            "part {number} is no KEYWORD=VALUE with a keyword known here; a value with ; in it must stand in quotes"
        ))
    };
    for (content, mode, fault) in [
        (Vec::new(), 0o600, "no connection string: FILE is empty".to_owned()),
        (
            b" \r\n\t\n".to_vec(),
            0o600,
            "no connection string: FILE is empty".to_owned(),
        ),
        (latin1, 0o600, no_text.to_owned()),
        (
            good.clone().into_bytes(),
            0o644,
            "no connection string: FILE can be read by every user of this machine: `chmod o-rwx` it".to_owned(),
        ),
        (PASSWORD.into(), 0o600, part(1)),
        (format!("{good}{PASSWORD}").into(), 0o600, part(5)),
        (format!("{good}{PASSWORD}=1").into(), 0o600, part(5)),
        (
            format!("Server=x;Initial Catalog=shop;User ID=me;Password='{PASSWORD}").into(),
            0o600,
            part(4),
        ),
        (
            format!("Server=x;Initial Catalog=shop;User ID=me;Password=a;{PASSWORD};").into(),
            0o600,
            part(5),
        ),
        (
            format!("Initial Catalog=shop;User ID=me;Password={PASSWORD}").into(),
            0o600,
            unusable("Server is missing"),
        ),
        (
            format!("Server=x;Database=shop;Password={PASSWORD}").into(),
            0o600,
            unusable("User ID is missing"),
        ),
        (
            "Server=x;Initial Catalog=shop;User ID=me".into(),
            0o600,
            unusable("Password is missing"),
        ),
        (
            format!("{good}Encrypt={PASSWORD}").into(),
            0o600,
            unusable("Encrypt must be True, Strict or False"),
        ),
        (
            format!("{good}Timeout={PASSWORD}").into(),
            0o600,
            unusable("Connection Timeout must be a whole number of seconds from 1 to 600"),
        ),
        (
            format!("{good}Server=x,{PASSWORD}").into(),
            0o600,
            unusable("Server must be HOST or tcp:HOST,PORT; an instance is named by its port"),
        ),
    ] {
        secret(&path, content, mode);
        assert_eq!(complaint(file), format!("album-graph: {fault}"));
    }
}

#[test]
fn a_string_that_would_bare_the_password_on_the_way_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let file = path.to_str().unwrap();
    for (more, named) in [
        ("Encrypt=False", "Encrypt=False"),
        ("Encrypt=Optional", "Encrypt=False"),
        (
            "Encrypt=True;TrustServerCertificate=True",
            "TrustServerCertificate=True",
        ),
    ] {
        for host in ["db.example.com", "tcp:192.0.2.1,1433", "localhost.example.com"] {
            secret(
                &path,
                format!("Server={host};Initial Catalog=shop;User ID=me;Password={PASSWORD};{more}"),
                0o600,
            );
            let expected = format!(
                "album-graph: the connection string in FILE cannot be used: {named} is allowed only where the server is on this \
                 machine (localhost)"
            );
            assert_eq!(complaint(file), expected, "{host} {more}");
        }
    }
}

#[test]
fn the_second_file_is_checked_as_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    secret(
        &first,
        format!("Server=127.0.0.1;Initial Catalog=shop;User ID=me;Password={PASSWORD}"),
        0o600,
    );
    secret(&second, PASSWORD, 0o600);
    let complaint = complaint(&format!("{},{}", first.display(), second.display()));
    assert!(
        complaint.contains(&format!("the connection string in {} cannot be used", second.display())),
        "{complaint}"
    );
}

#[test]
fn a_connection_string_in_place_of_its_file_is_refused_and_not_repeated() {
    let string = format!("Server=127.0.0.1;Initial Catalog=shop;User ID=me;Password={PASSWORD}");
    for url in [
        format!("sqlserver:{string}"),
        string.clone(),
        format!("sqlserver://me:{PASSWORD}@127.0.0.1/shop"),
    ] {
        for command in ["serve", "migrate", "seed", "health"] {
            let on_the_command_line = talkative(&[command, "--database", &url]);
            let mut in_the_environment = talkative(&[command]);
            in_the_environment.env("ALBUM_GRAPH_DATABASE", &url);
            for command in [on_the_command_line, in_the_environment] {
                let (succeeded, text) = words(command);
                assert!(!succeeded && !text.is_empty(), "{text}");
                assert!(!tells(&text, PASSWORD), "{text}");
            }
        }
        let mut help = talkative(&["serve", "--help"]);
        help.env("ALBUM_GRAPH_DATABASE", &url);
        let (_, text) = words(help);
        assert!(
            text.contains("ALBUM_GRAPH_DATABASE") && !tells(&text, PASSWORD),
            "{text}"
        );
    }
}
