//! Metrics as Prometheus reads them (<https://prometheus.io/docs/instrumenting/exposition_formats/>), and strictly.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// What was told at one moment.
pub struct Scrape {
    pub text: String,
    series: BTreeMap<String, String>,
}

/// What a server answers to a request without a body: its head, and its body.
pub fn exchange(address: &str, method: &str, path: &str) -> (String, String) {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Asks for the metrics at an address.
pub fn scrape(address: &str) -> Scrape {
    let (head, text) = exchange(address, "GET", "/metrics");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    Scrape::read(text)
}

impl Scrape {
    fn read(text: String) -> Self {
        assert!(text.ends_with('\n'));
        let (mut series, mut families) = (BTreeMap::new(), BTreeSet::new());
        let mut family = (String::new(), String::new());
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                let (keyword, rest) = comment.split_once(' ').unwrap();
                let (name, rest) = rest.split_once(' ').unwrap();
                match keyword {
                    "HELP" => assert!(families.insert(name.to_owned()), "told twice: {name}"),
                    "TYPE" => family = (name.to_owned(), rest.to_owned()),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (name, value) = line.rsplit_once(' ').unwrap();
            value.parse::<f64>().unwrap();
            let bare = name.split('{').next().unwrap();
            let (of, kind) = &family;
            let suffix = bare.strip_prefix(of.as_str());
            let suffix = suffix.unwrap_or_else(|| panic!("{bare} is not of {of}"));
            match (kind.as_str(), suffix) {
                ("gauge" | "counter", "") | ("histogram", "_bucket" | "_sum" | "_count") => {}
                _ => panic!("{bare} in the {kind} {of}"),
            }
            assert!(kind != "counter" || bare.ends_with("_total"), "{bare}");
            let twice = series.insert(sorted(name), value.to_owned());
            assert!(twice.is_none(), "told twice: {name}");
        }
        Self { text, series }
    }

    /// The value of a series, its labels in the order of their names; none where it is not told.
    pub fn value(&self, series: &str) -> Option<f64> {
        self.series.get(series)?.parse().ok()
    }

    /// The sum of all series of a name that count and have this text among their labels.
    pub fn sum(&self, name: &str, labels: &str) -> u64 {
        let named = self.of(name).filter(|(series, _)| series.contains(labels));
        named.map(|(_, value)| value.parse::<u64>().unwrap()).sum()
    }

    /// The values that a label has in the series of a name.
    pub fn labels(&self, name: &str, label: &str) -> BTreeSet<String> {
        let value = |series: &str| {
            let (_, value) = series.split_once(&format!("{label}=\""))?;
            value.split('"').next().map(str::to_owned)
        };
        self.of(name).filter_map(|(series, _)| value(series)).collect()
    }

    fn of(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let of = move |series: &str| series.split('{').next() == Some(name);
        let series = self
            .series
            .iter()
            .map(|(series, value)| (series.as_str(), value.as_str()));
        series.filter(move |(series, _)| of(series))
    }
}

/// A series with its labels in order, each checked; no value here has a comma.
fn sorted(series: &str) -> String {
    let Some((name, labels)) = series.split_once('{') else {
        return series.to_owned();
    };
    let mut labels: Vec<&str> = labels.strip_suffix('}').unwrap().split(',').collect();
    for label in &labels {
        let (key, value) = label.split_once("=\"").unwrap();
        assert!(
            key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{series}"
        );
        let value = value.strip_suffix('"').unwrap();
        assert!(!value.contains(['"', '\\']), "{series}");
    }
    labels.sort_unstable();
    format!("{name}{{{}}}", labels.join(","))
}
