//! What the operator's metrics tell.

use std::fs;

use crate::program::{Running, album_graph, eventually, run};
use crate::scrape::{Scrape, exchange, scrape};
use crate::test_database::TestDatabase;

/// A running shop with the sample catalogue that tells metrics.
struct Told {
    program: Running,
    _database: TestDatabase,
}

impl Told {
    fn with(options: &[&str]) -> Self {
        let database = TestDatabase::migrated();
        let url = database.url().to_string();
        assert_eq!(run(&["seed", "--database", &url]).0, 0);
        let options = [&["--database", &url, "--metrics", "127.0.0.1:0"], options].concat();
        let program = Running::serving(album_graph(&[]), &options);
        program.wait_until(true);
        Self {
            program,
            _database: database,
        }
    }

    fn address(&self) -> String {
        let written = self.program.written();
        let (_, address) = written.split_once("metrics=").unwrap();
        address.split_whitespace().next().unwrap().to_owned()
    }

    fn scrape(&self) -> Scrape {
        scrape(&self.address())
    }

    /// Sends a document, and takes its answer.
    fn ask(&self, document: &str) {
        self.program.ask("", document);
    }
}

fn count(metrics: &Scrape, operation: &str, outcome: &str) -> u64 {
    let labels = format!("operation=\"{operation}\",outcome=\"{outcome}\"");
    metrics.sum("graphql_operations_total", &labels)
}

#[test]
fn requests_are_told_by_route_and_answer_whatever_clients_send() {
    let shop = Told::with(&[]);
    shop.ask("{ genres { name } }");
    shop.ask("{ genres { name } ");
    let public = shop.program.address();
    for number in 0..300 {
        exchange(&public, "GET", &format!("/made/up/{number}?and={number}"));
        exchange(&public, &format!("BREW{number}"), "/graphql");
    }
    let metrics = shop.scrape();
    let requests = "http_server_request_duration_seconds_count";
    let of = |method: &str, route: &str, code: u16| {
        let labels = format!("{{code=\"{code}\",method=\"{method}\",route=\"{route}\"}}");
        metrics.value(&format!("{requests}{labels}"))
    };
    assert_eq!(of("GET", "unmatched", 404), Some(300.0));
    assert_eq!(of("other", "/graphql", 405), Some(300.0));
    // Plain JSON, whose clients look for errors in the body.
    assert_eq!(of("POST", "/graphql", 200), Some(2.0));
    assert_eq!(metrics.labels(requests, "method").len(), 3, "{}", metrics.text);
    let routes = metrics.labels(requests, "route");
    assert_eq!(routes.iter().collect::<Vec<_>>(), ["/graphql", "/readyz", "unmatched"]);
    assert!(!metrics.text.contains("made/up") && !metrics.text.contains("BREW"));
    assert_eq!(metrics.value("http_server_requests_in_flight"), Some(0.0));
    assert!(metrics.sum("http_server_request_duration_seconds_bucket", "le=\"+Inf\"") >= 602);
}

#[test]
fn operations_are_told_by_name_as_long_as_there_are_few() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("documents.json");
    let document = "query Trusted { genres { slug } }";
    fs::write(&manifest, serde_json::json!({ "known": document }).to_string()).unwrap();
    let shop = Told::with(&["--rate", "0", "--trusted-documents", manifest.to_str().unwrap()]);

    for _ in 0..3 {
        shop.ask("query Genres { genres { name } }");
    }
    shop.ask("{ genres { id } }");
    shop.ask("query Misspelt { genders { id } }");
    shop.ask("query Unfinished { genres { id }");
    shop.ask("query Absent { album(slug: \"none\") { id } }");
    for number in 0..300 {
        shop.ask(&format!("query Made{number} {{ __typename }}"));
    }
    shop.ask(&format!("query {} {{ __typename }}", "L".repeat(1_000)));
    shop.ask(document);

    let metrics = shop.scrape();
    assert_eq!(count(&metrics, "Genres", "success"), 1);
    assert_eq!(count(&metrics, "Genres", "remembered"), 2);
    assert_eq!(count(&metrics, "anonymous", "success"), 1);
    assert_eq!(count(&metrics, "Trusted", "success"), 1);
    assert_eq!(count(&metrics, "other", "validation"), 1);
    assert_eq!(metrics.sum("graphql_operations_total", "outcome=\"syntax\""), 1);
    let names = metrics.labels("graphql_operations_total", "operation");
    assert!(
        !names.contains("Misspelt") && !names.contains("Unfinished"),
        "{names:?}"
    );
    assert_eq!(names.len(), 100 + ["anonymous", "other", "Trusted"].len(), "{names:?}");
    assert_eq!(metrics.value("cache_hits_total{cache=\"answers\"}"), Some(2.0));
    assert!(metrics.value("cache_bytes{cache=\"answers\"}").unwrap() > 1_000.0);
    let executed = "graphql_operation_duration_seconds_count{operation=\"Genres\"}";
    assert_eq!(metrics.value(executed), Some(1.0), "what is remembered is not executed");
}

#[test]
fn the_shop_tells_how_its_parts_fare() {
    let shop = Told::with(&[]);
    shop.ask("mutation { signUp(input: { email: \"ann@example.com\", password: \"velvet-umbrella-7\" }) { problems { code } } }");
    let is_told = |series: &str, value: f64| shop.scrape().value(series) == Some(value);
    eventually("mail waits", || is_told("mail_queue_mails", 1.0));
    eventually("the index is in step", || is_told("search_index_revisions_behind", 0.0));
    let metrics = shop.scrape();
    let told = |series: &str| {
        metrics
            .value(series)
            .unwrap_or_else(|| panic!("{series} in {}", metrics.text))
    };
    assert_eq!(metrics.value("mail_given_up_mails"), Some(0.0));
    assert!(told("mail_queue_oldest_seconds") < 600.0);
    assert!(told("search_index_documents") > 400.0);
    assert!(told("search_index_bytes") > 10_000.0);
    assert!(told("catalogue_revision") > 0.0);
    assert!(told("database_statements_total") > 5.0);
    assert_eq!(metrics.value("database_changes_waiting"), Some(0.0));
    assert!(metrics.sum("database_connections", "state=\"idle\"") >= 1);
    assert!(metrics.sum("database_connections_max", "") >= metrics.sum("database_connections", ""));
    assert_eq!(metrics.sum("database_connections_waiting", ""), 0);
    assert!(told("process_resident_memory_bytes") > 1e6);
    assert!(told("process_start_time_seconds") > 1.7e9);
    assert!(told("process_cpu_seconds_total") > 0.0);
    assert!(told("process_open_fds") > 3.0);
    assert_eq!(metrics.sum("music_store_build_info", "program=\"album-graph\""), 1);
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(metrics.sum("music_store_build_info", &version), 1);
}

#[test]
fn who_asks_for_too_much_is_counted() {
    let shop = Told::with(&["--rate", "1"]);
    for number in 1..=2 {
        // Not the same question twice: what is remembered costs nothing.
        shop.ask(&format!(
            "query Dear{number} {{ albums(first: 100) {{ nodes {{ tracks(first: 190) {{ title }} }} }} }}"
        ));
    }
    let metrics = shop.scrape();
    assert_eq!(
        metrics.value("rate_limited_requests_total{bucket=\"address\"}"),
        Some(1.0)
    );
    let refused = metrics.sum("http_server_request_duration_seconds_count", "code=\"429\"");
    assert_eq!(refused, 1);
}

#[test]
fn metrics_are_on_a_port_of_their_own_or_nowhere() {
    let shop = Told::with(&["--drain", "9"]);
    let status = |address: &str, path: &str| exchange(address, "GET", path).0[..12].to_owned();
    assert_eq!(status(&shop.program.address(), "/metrics"), "HTTP/1.1 404");
    for path in ["/graphql", "/", "/livez"] {
        assert_eq!(status(&shop.address(), path), "HTTP/1.1 404");
    }
    let taken = shop.address();
    let database = TestDatabase::migrated();
    let url = database.url().to_string();
    let (code, _, complaint) = run(&[
        "serve",
        "--database",
        &url,
        "--listen",
        "127.0.0.1:0",
        "--metrics",
        &taken,
    ]);
    assert_eq!(code, 1);
    assert!(complaint.contains(&format!("cannot listen on {taken}")), "{complaint}");

    // They are told while the program drains, too.
    shop.program.signal("TERM");
    shop.program.wait_until(false);
    shop.scrape();

    let silent = Running::serving(album_graph(&[]), &["--database", &url]);
    assert!(!silent.written().contains("metrics="));
}
