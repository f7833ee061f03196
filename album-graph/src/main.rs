//! The command line of album-graph.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use album_graph::config::{Cli, Command, DatabaseUrl, Import, Seed, Serve, Settings};
use album_graph::import::{self, Context as ImportContext};
use album_graph::store::albums::{self, Filter};
use album_graph::store::{Database, SchemaState};
use album_graph::{graph, http, sample};
use anyhow::{Context, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use service::health::{self, Readiness};
use service::{server, telemetry};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tracing::{error, info, warn};

/// How often a running server looks at its database.
const LOOK: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("album-graph: {}", telemetry::causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(Cli { command, settings }: Cli) -> anyhow::Result<()> {
    match command {
        Command::Serve(options) => serve(&settings, &options).await,
        Command::Migrate => migrate(&settings).await,
        Command::Seed(options) => seed(&settings, &options).await,
        Command::Import(options) => import(&settings, &options).await,
        Command::Health => health::ask(settings.listen).with_context(|| format!("{} is not ready", settings.listen)),
        Command::PrintSchema => io::stdout()
            .write_all(graph::sdl().as_bytes())
            .context("cannot print the schema"),
    }
}

fn sqlite(settings: &Settings) -> anyhow::Result<&std::path::Path> {
    match &settings.database {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::SqlServer(file) => bail!(
            "SQL Server is not supported yet (sqlserver:{}): name an embedded database with --database sqlite:PATH",
            file.display()
        ),
    }
}

async fn serve(settings: &Settings, options: &Serve) -> anyhow::Result<()> {
    telemetry::start(&settings.log).context("--log")?;
    let database = Database::open(sqlite(settings)?).await?;
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", settings.listen))?;
    info!(listen = %listener.local_addr()?, playground = options.playground, "serving");

    let readiness = Readiness::default();
    tokio::spawn(watch(database.clone(), readiness.clone()));
    let app = http::router(graph::schema(database.clone()), readiness.clone(), options.playground);
    let served = server::serve(listener, app, readiness, options.drain).await;
    database.close().await;
    served.context("cannot listen for signals")
}

/// Keeps the readiness true to whether the database answers and its schema is new enough; says so when that changes.
async fn watch(database: Database, readiness: Readiness) {
    let mut before = String::new();
    loop {
        let state = database.schema_state().await;
        readiness.set(matches!(state, Ok(SchemaState::Ready)));
        let now = format!("{state:?}");
        if now != before {
            match state {
                Ok(SchemaState::Ready) => info!("ready"),
                Ok(SchemaState::Behind { applied, needed }) => {
                    warn!(
                        applied,
                        needed, "not ready: the schema is too old; run `album-graph migrate`"
                    );
                }
                Err(cause) => error!(cause = telemetry::causes(&cause), "not ready"),
            }
            before = now;
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let database = Database::open_or_create(sqlite(settings)?).await?;
    match database.migrate().await? {
        0 => println!("nothing to migrate"),
        1 => println!("1 migration applied"),
        count => println!("{count} migrations applied"),
    }
    database.close().await;
    Ok(())
}

/// Opens a database that can be written to: one whose schema is there.
async fn open_migrated(settings: &Settings) -> anyhow::Result<Database> {
    let database = Database::open_for_loading(sqlite(settings)?).await?;
    if database.schema_state().await? != SchemaState::Ready {
        bail!("the schema of the database is too old: run `album-graph migrate` first");
    }
    Ok(database)
}

async fn seed(settings: &Settings, options: &Seed) -> anyhow::Result<()> {
    let database = open_migrated(settings).await?;
    if options.if_empty && albums::count(&database, &Filter::default()).await? > 0 {
        println!("nothing to seed: there are albums already");
        return Ok(());
    }
    let report = sample::load(&database, OffsetDateTime::now_utc()).await?;
    database.close().await;
    println!("{report}");
    Ok(())
}

async fn import(settings: &Settings, options: &Import) -> anyhow::Result<()> {
    let name = options.file.display();
    let file = File::open(&options.file).with_context(|| format!("cannot open {name}"))?;
    let size = file.metadata().with_context(|| format!("cannot read {name}"))?.len();
    let database = open_migrated(settings).await?;
    let context = ImportContext {
        currency: options.currency,
        ..ImportContext::new(OffsetDateTime::now_utc())
    };
    let bar = progress_bar(size)?;
    let report = import::import(&database, file, &context, |bytes| bar.set_position(bytes)).await;
    bar.finish_and_clear();
    database.close().await;
    println!("{}", report.with_context(|| format!("nothing was loaded from {name}"))?);
    Ok(())
}

fn progress_bar(size: u64) -> anyhow::Result<ProgressBar> {
    if !io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {bytes} of {total_bytes}, {eta} left")?;
    Ok(ProgressBar::new(size).with_style(style))
}
