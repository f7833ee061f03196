//! The one front door for a newcomer, a developer and CI: `cargo xtask …`.

mod assets;
mod bench;
mod browser;
mod catalogue;
mod contract;
mod deploy;
mod programs;
mod test;
mod tools;
mod up;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Set up, run and test the music store.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and run the shop with its sample catalogue, until Ctrl-C.
    Up,
    /// Run every test, those in a browser included.
    Test {
        /// Run those of the store, the API and the pages once more on the SQL Server whose administrator's connection string
        /// this file holds.
        #[arg(long, value_name = "FILE")]
        sqlserver: Option<PathBuf>,
    },
    /// Write a made-up catalogue, for tests and benchmarks of any size: the same for the same seed.
    Catalogue {
        /// How many albums it has, each with about ten tracks.
        #[arg(long, value_name = "N")]
        albums: u64,
        /// The file to write.
        #[arg(long, value_name = "FILE.csv")]
        out: PathBuf,
        /// Another one makes another catalogue.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Measure the released programs, against a server that does nothing or by the size of the catalogue; write target/bench.md.
    Bench(bench::Options),
    /// Send a body of a fixed size to whoever asks: what the shop is measured against.
    #[command(hide = true)]
    FixedBody(bench::fixed::Options),
    /// Deploy the shop on a Swarm and let things happen to it while it is asked without a pause (needs Docker); write
    /// target/deploy-test.md.
    DeployTest(deploy::Options),
    /// Install and build what the programs serve to browsers.
    Assets,
    /// Write the changelog of schema.graphql: what has changed for clients since the last release.
    Contract {
        /// Make the schema as it is the one of this release.
        #[arg(long, value_name = "VERSION")]
        release: Option<String>,
    },
    /// Write the schema that album-graph serves to schema.graphql, and what storefront asks of it to operations.json.
    Schema {
        /// Only compare, and fail where they differ.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Up => up::run(),
        Task::Test { sqlserver } => test::all(sqlserver.as_deref()),
        Task::Catalogue { albums, out, seed } => catalogue::write(albums, seed, &out),
        Task::Bench(options) => bench::run(&options),
        Task::FixedBody(options) => bench::fixed::serve(&options),
        Task::DeployTest(options) => deploy::test(&options),
        Task::Assets => assets::build(),
        Task::Contract { release } => contract::write(release.as_deref()),
        Task::Schema { check } => test::schema(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
