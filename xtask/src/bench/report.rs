//! What was measured, as a table: sizes side by side, and whether the largest keeps within the limits.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::Context;

use super::client::Times;
use super::server::Memory;
use crate::tools::target_folder;

/// What has to be kept, at any size: a row, and its upper limit in milliseconds or MB.
const LIMITS: [(&str, f64); 9] = [
    ("import, s", 180.0),
    ("search index built, s", 60.0),
    ("ready after a restart, s", 2.0),
    ("search, 4 connections, p50 ms", 3.0),
    ("search, 4 connections, p99 ms", 15.0),
    ("suggest, 4 connections, p99 ms", 5.0),
    ("genre, first page, 4 connections, p99 ms", 10.0),
    ("genre, deep by cursor, 4 connections, p99 ms", 10.0),
    ("memory of album-graph, MB", 400.0),
];

/// What was measured of one catalogue in one database.
pub struct Column {
    name: String,
    cells: Vec<(String, f64)>,
}

impl Column {
    pub fn new(name: String) -> Self {
        println!("  {name}");
        Self {
            name,
            cells: Vec::new(),
        }
    }

    /// How long something took that was done once.
    pub fn seconds(&mut self, name: &str, took: Duration) {
        self.add(format!("{name}, s"), took.as_secs_f64());
    }

    /// How long answers took.
    pub fn times(&mut self, name: &str, connections: usize, times: &Times) {
        for percent in [50, 99] {
            let name = format!("{name}, {connections} connections, p{percent} ms");
            self.add(name, times.percentile(percent).as_secs_f64() * 1e3);
        }
    }

    /// What album-graph keeps in memory.
    pub fn memory(&mut self, memory: Memory) {
        let megabytes = |kib: u64| Duration::from_micros(kib).as_secs_f64() * 1e3 * 1.024;
        self.add("memory of album-graph, MB".to_owned(), megabytes(memory.own));
        self.add("pages of files mapped beside, MB".to_owned(), megabytes(memory.mapped));
    }

    fn add(&mut self, name: String, value: f64) {
        println!("    {name}: {value:.2}");
        self.cells.push((name, value));
    }

    fn value(&self, name: &str) -> Option<f64> {
        self.cells
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| *value)
    }
}

/// All columns.
#[derive(Default)]
pub struct Report {
    columns: Vec<Column>,
}

impl Report {
    pub fn add(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// Prints the table and keeps it in `bench.md` in cargo's target folder.
    pub fn write(&self) -> anyhow::Result<()> {
        let table = self.table();
        let file = target_folder().join("bench.md");
        fs::write(&file, &table).with_context(|| format!("cannot write {}", file.display()))?;
        println!("\n{table}\nkept in {}", file.display());
        Ok(())
    }

    fn table(&self) -> String {
        let mut table = String::from("| |");
        // Writing to a string cannot fail.
        for column in &self.columns {
            let _ = write!(table, " {} |", column.name);
        }
        table += " limit | kept |\n|---|";
        table += &"---:|".repeat(self.columns.len());
        table += "---:|---|\n";
        let longest = self.columns.iter().max_by_key(|column| column.cells.len());
        for (name, _) in longest.into_iter().flat_map(|column| &column.cells) {
            let _ = write!(table, "| {name} |");
            for column in &self.columns {
                let value = column.value(name).map_or_else(|| "–".to_owned(), rounded);
                let _ = write!(table, " {value} |");
            }
            let _ = match LIMITS.iter().find(|(limited, _)| limited == name) {
                None => writeln!(table, " | |"),
                Some((_, limit)) => {
                    let mut values = self.columns.iter().filter_map(|column| column.value(name));
                    let kept = if values.all(|value| value < *limit) {
                        "yes"
                    } else {
                        "**no**"
                    };
                    writeln!(table, " {limit} | {kept} |")
                }
            };
        }
        table
    }
}

fn rounded(value: f64) -> String {
    if value < 100.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

/// A number with commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
