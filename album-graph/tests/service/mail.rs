//! Mail: queued with what causes it, and sent once.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use album_graph::mail::{self, Mailbox, Mailer, Transport};
use album_graph::store::Database;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_util::sync::CancellationToken;

use crate::client::PASSWORD;
use crate::mail_server::{Answer, MailServer};
use crate::program::closed_port;
use crate::shop::Shop;

const MINUTE: Duration = Duration::from_mins(1);

fn from() -> Mailbox {
    "Music Store <shop@example.com>".parse().unwrap()
}

/// Who sends the mail of a shop through what the secret in a file says.
fn mailer(shop: &Shop, database: &Database, url: &str) -> Mailer {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail");
    fs::write(&file, url).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    Mailer {
        transport: Transport::smtp(&file, &from()).unwrap(),
        from: from(),
        database: database.clone(),
        clock: shop.time.clock(),
    }
}

fn through(shop: &Shop, server: &MailServer) -> Mailer {
    mailer(shop, &shop.database, &format!("smtp://127.0.0.1:{}", server.port))
}

async fn send(mailer: &Mailer) {
    mailer.send_due(&|| false).await.unwrap();
}

/// Has the shop write to so many addresses.
async fn queue(shop: &Shop, count: usize) {
    for number in 0..count {
        let mut visitor = shop.visitor().at(&format!("198.51.100.{}", number / 10));
        let payload = visitor.sign_up(&format!("user{number}@example.com"), PASSWORD).await;
        assert_eq!(payload["problems"], serde_json::json!([]));
    }
}

fn queued(shop: &Shop) -> usize {
    shop.test_database
        .ask("SELECT recipient FROM mails WHERE failed_at IS NULL")
        .len()
}

/// Waits until `condition` holds.
async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn recipients(mails: &[String]) -> Vec<&str> {
    mails
        .iter()
        .map(|mail| mail.lines().find_map(|line| line.strip_prefix("To: ")).unwrap())
        .collect()
}

#[tokio::test]
async fn a_mail_goes_out_through_a_mail_server_and_leaves_the_queue() {
    let shop = Shop::empty().await;
    let server = MailServer::start(&[]).await;
    let url = format!("smtp://shop:hunter%322@127.0.0.1:{}", server.port);
    let mailer = mailer(&shop, &shop.database, &url);
    assert!(!format!("{mailer:?}").contains("hunter"), "{mailer:?}");
    shop.visitor().sign_up("J\u{f6}rg@b\u{fc}cher.example", PASSWORD).await;
    shop.visitor().sign_up("ann@example.com", PASSWORD).await;
    // A letter that not every server takes: that mail waits, and no other for it.
    send(&mailer).await;

    let mails = server.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    for line in [
        "From: \"Music Store\" <shop@example.com>",
        "To: ann@example.com",
        "Subject: Please confirm your e-mail address",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(head.lines().any(|head| head == line), "{line} in {head}");
    }
    assert!(body.contains("\r\nhttps://shop.example/confirm?token="), "{body}");
    let commands = server.commands();
    let secret = STANDARD.encode("\0shop\0hunter22");
    for command in [
        "EHLO example.com",
        &format!("AUTH PLAIN {secret}"),
        "MAIL FROM:<shop@example.com>",
        "RCPT TO:<ann@example.com>",
    ] {
        assert!(
            commands.iter().any(|said| said.starts_with(command)),
            "{command} in {commands:?}"
        );
    }
    assert_eq!(queued(&shop), 1);
}

#[tokio::test]
async fn a_mail_that_is_not_taken_is_sent_again_later_and_later() {
    let shop = Shop::empty().await;
    let server = MailServer::start(&[Answer::Later, Answer::Later]).await;
    let mailer = through(&shop, &server);
    queue(&shop, 1).await;
    for seconds in [60, 120] {
        send(&mailer).await;
        assert_eq!((server.mails().len(), queued(&shop)), (0, 1));
        let tried = server.commands().len();
        shop.time.pass(Duration::from_secs(seconds - 1));
        send(&mailer).await;
        assert_eq!(server.commands().len(), tried, "not yet");
        shop.time.pass(Duration::from_secs(1));
    }
    send(&mailer).await;
    assert_eq!((server.mails().len(), queued(&shop)), (1, 0));
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_down_and_is_given_up_after_three_days() {
    let shop = Shop::empty().await;
    let down = mailer(&shop, &shop.database, &format!("smtp://127.0.0.1:{}", closed_port()));
    queue(&shop, 2).await;
    send(&down).await;
    assert_eq!(queued(&shop), 2);
    let server = MailServer::start(&[]).await;
    shop.test_database
        .run("UPDATE mails SET due_at = due_at + 1000000000000 WHERE recipient = 'user1@example.com'")
        .unwrap();
    shop.time.pass(MINUTE);
    send(&through(&shop, &server)).await;
    assert_eq!(recipients(&server.mails()), ["user0@example.com"]);

    shop.test_database
        .run("UPDATE mails SET due_at = due_at - 1000000000000")
        .unwrap();
    shop.time.pass(Duration::from_hours(71));
    send(&down).await;
    assert_eq!(queued(&shop), 1);
    shop.time.pass(Duration::from_hours(1));
    send(&down).await;
    assert_eq!(
        shop.test_database
            .ask("SELECT body FROM mails WHERE failed_at IS NOT NULL"),
        [""]
    );
    shop.time.pass(Duration::from_hours(24));
    send(&through(&shop, &server)).await;
    assert_eq!(server.mails().len(), 1, "it is kept for people to see, and not sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_running_copies_on_one_database_send_each_mail_once() {
    let shop = Shop::empty().await;
    let server = MailServer::start(&[]).await;
    let other = shop.another_copy().await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let mailers = [
        mailer(&shop, &shop.database, &url),
        mailer(&shop, &other.database, &url),
    ];
    queue(&shop, 24).await;
    let [one, two] = mailers;
    let sending = [one, two].map(|mailer| tokio::spawn(async move { send(&mailer).await }));
    for sending in sending {
        sending.await.unwrap();
    }
    let mails = server.mails();
    let unique: HashSet<&str> = recipients(&mails).into_iter().collect();
    assert_eq!((mails.len(), unique.len(), queued(&shop)), (24, 24, 0));
}

#[tokio::test]
async fn a_mail_that_was_on_its_way_when_the_program_died_is_sent_by_another() {
    let shop = Shop::empty().await;
    let server = MailServer::start(&[Answer::Silence]).await;
    let mailer = through(&shop, &server);
    queue(&shop, 1).await;
    let dying = tokio::spawn({
        let mailer = mailer.clone();
        async move { send(&mailer).await }
    });
    eventually("the mail is on its way", || {
        server.commands().iter().any(|command| command == ".")
    })
    .await;
    dying.abort();
    assert!(dying.await.is_err());
    send(&mailer).await;
    assert_eq!(
        (server.mails().len(), queued(&shop)),
        (0, 1),
        "it may still be on its way"
    );
    shop.time.pass(MINUTE);
    send(&mailer).await;
    assert_eq!((server.mails().len(), queued(&shop)), (1, 0));
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn mails_in_a_folder_are_whole_in_their_order_and_for_their_owner_alone() {
    let shop = Shop::empty().await;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("mail");
    let mailer = Mailer {
        transport: Transport::Folder(folder.clone()),
        from: from(),
        database: shop.database.clone(),
        clock: shop.time.clock(),
    };
    queue(&shop, 3).await;
    send(&mailer).await;
    let names = files(&folder);
    assert!(
        names
            .iter()
            .all(|name| Path::new(name).extension() == Some(OsStr::new("eml"))),
        "{names:?}"
    );
    let texts: Vec<String> = names
        .iter()
        .map(|name| fs::read_to_string(folder.join(name)).unwrap())
        .collect();
    assert_eq!(
        recipients(&texts),
        ["user0@example.com", "user1@example.com", "user2@example.com"]
    );
    for name in names {
        let mode = fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(queued(&shop), 0);
}

#[tokio::test]
async fn a_running_program_sends_what_is_queued_until_it_drains() {
    let shop = Shop::empty().await;
    let server = MailServer::start(&[]).await;
    let stop = CancellationToken::new();
    let keeping = tokio::spawn(mail::keep(
        through(&shop, &server),
        shop.readiness.clone(),
        stop.clone(),
    ));
    queue(&shop, 1).await;
    eventually("the mail is sent", || !server.mails().is_empty() && queued(&shop) == 0).await;
    shop.readiness.drain();
    shop.visitor().sign_up("late@example.com", PASSWORD).await;
    stop.cancel();
    keeping.await.unwrap();
    assert_eq!((server.mails().len(), queued(&shop)), (1, 1));
}
