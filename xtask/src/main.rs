//! The one front door for a newcomer, a developer and CI: `cargo xtask …`.

mod assets;
mod browser;
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
    /// Install and build what the programs serve to browsers.
    Assets,
    /// Write the schema that album-graph serves to schema.graphql.
    Schema {
        /// Only compare, and fail where the two differ.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Up => up::run(),
        Task::Test { sqlserver } => test::all(sqlserver.as_deref()),
        Task::Assets => assets::build(),
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
