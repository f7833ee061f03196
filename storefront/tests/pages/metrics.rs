//! What the operator's metrics tell, of the program as its operator starts it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::scrape::{exchange, scrape};
use crate::shop::{AlbumGraph, albums};

/// The program while it runs; killed when dropped.
struct Program {
    child: Child,
    metrics: String,
    listen: String,
}

impl Program {
    fn asking(album_graph: &str) -> Self {
        let endpoint = format!("http://{album_graph}/graphql");
        let mut child = Command::new(env!("CARGO_BIN_EXE_storefront"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0",
                "--album-graph",
                &endpoint,
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = |name: &str| {
            let line = log.find_map(|line| line.unwrap().split_once(name).map(|(_, rest)| rest.to_owned()));
            line.unwrap().split_whitespace().next().unwrap().to_owned()
        };
        let (metrics, listen) = (told("metrics="), told("listen="));
        std::thread::spawn(move || log.for_each(drop));
        Self { child, metrics, listen }
    }

    fn open(&self, path: &str) -> String {
        exchange(&self.listen, "GET", path).0[9..12].to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_told_by_route_and_questions_by_operation() {
    let album_graph = AlbumGraph::start(&albums()).await;
    let shop = Program::asking(&album_graph.address.to_string());
    for _ in 0..3 {
        assert_eq!(shop.open("/genres/jazz"), "200");
    }
    assert_eq!(shop.open("/genres/none"), "404");
    for number in 0..100 {
        assert_eq!(shop.open(&format!("/made-up/{number}")), "404");
    }
    assert_eq!(shop.open("/metrics"), "404");

    let metrics = scrape(&shop.metrics);
    let requests = "http_server_request_duration_seconds_count";
    let of = |route: &str, code: u16| {
        let labels = format!("{{code=\"{code}\",method=\"GET\",route=\"{route}\"}}");
        metrics.value(&format!("{requests}{labels}"))
    };
    assert_eq!(of("/genres/{slug}", 200), Some(3.0), "{}", metrics.text);
    assert_eq!(of("/genres/{slug}", 404), Some(1.0));
    assert_eq!(of("unmatched", 404), Some(101.0));
    assert!(!metrics.text.contains("made-up") && !metrics.text.contains("jazz"));
    assert_eq!(metrics.value("cache_hits_total{cache=\"pages\"}"), Some(2.0));
    assert_eq!(metrics.value("cache_misses_total{cache=\"pages\"}"), Some(1.0));
    assert!(metrics.value("cache_bytes{cache=\"pages\"}").unwrap() > 5_000.0);
    let questions = "album_graph_request_duration_seconds_count";
    assert!(metrics.labels(questions, "operation").contains("state"));
    let asked = format!("{questions}{{operation=\"GenreQuery\",outcome=\"answered\"}}");
    // Once for each genre, also for that which there is not.
    assert_eq!(metrics.value(&asked), Some(2.0), "{}", metrics.text);
    assert_eq!(metrics.sum("music_store_build_info", "program=\"storefront\""), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_that_is_away_is_told() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    let shop = Program::asking(&address);
    assert_eq!(shop.open("/genres"), "503");
    let metrics = scrape(&shop.metrics);
    let questions = "album_graph_request_duration_seconds_count";
    assert_eq!(
        metrics.sum(questions, "outcome=\"unreachable\""),
        metrics.sum(questions, "")
    );
    assert!(metrics.sum(questions, "") >= 2);
    assert_eq!(metrics.value("album_graph_repeated_requests_total"), Some(3.0));
    assert_eq!(
        metrics.sum("http_server_request_duration_seconds_count", "code=\"503\""),
        1
    );
}
