//! `cargo xtask bench`: what the shop does with a second of processor time; with `--scale`, how long it takes with catalogues of
//! several sizes, on each database, side by side.

mod catalogues;
mod client;
pub mod fixed;
mod measures;
mod queries;
mod report;
mod server;
mod shares;
mod wrk;

use std::env;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::tools::{self, Build, cargo};
use crate::{assets, programs};
use catalogues::Catalogue;
use report::{Column, Report};
use server::Server;

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Measure how the shop grows with its catalogue, in place of what it does with a second of processor time.
    #[arg(long)]
    scale: bool,
    /// How many albums the catalogues have, each with about ten tracks.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [1_000, 30_000, 1_000_000])]
    albums: Vec<u64>,
    /// What the catalogues and the questions are made from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure on a SQL Server, too: the file holds the connection string of an empty database, which is filled and grows.
    #[arg(long, value_name = "FILE")]
    sqlserver: Option<PathBuf>,
}

/// Builds, loads, measures and reports.
pub fn run(options: &Options) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        // Who makes the load shares the processor with who bears it.
        let mut optimised = cargo(&["run", "--release", "--quiet", "--package", "xtask", "--"]);
        return tools::run(optimised.args(env::args_os().skip(1)));
    }
    let mut sizes = options.albums.clone();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.is_empty() || sizes.contains(&0) {
        bail!("--albums needs sizes of at least one album");
    }
    assets::build()?;
    programs::build(Build::Release)?;
    if !options.scale {
        return shares::run(options.seed);
    }
    let mut report = Report::default();
    for size in &sizes {
        let catalogue = Catalogue::make(*size, options.seed)?;
        let loaded = catalogue.in_sqlite()?;
        report.add(measure(&catalogue, &loaded, "SQLite")?);
    }
    if let Some(file) = &options.sqlserver {
        for size in &sizes {
            let catalogue = Catalogue::make(*size, options.seed)?;
            let loaded = catalogue.in_sql_server(file)?;
            report.add(measure(&catalogue, &loaded, "SQL Server")?);
        }
    }
    report.write()
}

fn measure(catalogue: &Catalogue, loaded: &catalogues::Loaded, database: &str) -> anyhow::Result<Column> {
    println!("measuring {} albums on {database}", catalogue.albums);
    let mut column = Column::new(format!("{database}, {}", report::grouped(catalogue.albums)));
    if let Some(took) = loaded.took {
        column.seconds("import", took);
    }
    loaded.forget_index()?;
    let (server, built) = Server::start(loaded, catalogue)?;
    column.seconds("search index built", built);
    server.stop()?;
    let (server, ready) = Server::start(loaded, catalogue)?;
    column.seconds("ready after a restart", ready);
    measures::all(&server, catalogue, &mut column)?;
    column.memory(server.memory()?);
    server.stop()?;
    Ok(column)
}
