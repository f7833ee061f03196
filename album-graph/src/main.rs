//! The command line of album-graph.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use album_graph::clock::Clock;
use album_graph::config::{Cli, Command, Health, Import, Migrate, Seed, Serve, Settings};
use album_graph::graph::Introspection;
use album_graph::http::{Manifest, Trust};
use album_graph::import::{self, Context as ImportContext, ImportError};
use album_graph::mail::{self, Mailer, Transport};
use album_graph::search::{self, Place, Searcher};
use album_graph::store::albums::{self, Filter};
use album_graph::store::{Database, DatabaseUrl, MigrateError, Migration, Purpose, SchemaState, Step, StoreError};
use album_graph::{cleaning, graph, http, metrics, ranking, sample, watch};
use anyhow::{Context, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use mimalloc::MiMalloc;
use service::health::{self, Question, Readiness};
use service::{server, telemetry};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Half of what a request takes of memory is given back before the next: this one finds it again faster than the system's does.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Who writes the mails that only go to a folder.
const MAIL_FROM: &str = "Music Store <shop@localhost>";
/// How long the program waits at its end for a mail that is on its way.
const LAST_MAIL: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("album-graph: {}", telemetry::causes(error.as_ref()));
            exit_code(&error)
        }
    }
}

/// What a script that migrates can tell apart.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref() {
        Some(MigrateError::Newer(_)) => ExitCode::from(3),
        Some(MigrateError::Edited(_)) => ExitCode::from(4),
        Some(MigrateError::Unreachable(_) | MigrateError::Interrupted(_)) => ExitCode::from(5),
        Some(MigrateError::Failed(_)) | None => ExitCode::FAILURE,
    }
}

fn run(Cli { command, settings }: Cli) -> anyhow::Result<()> {
    match command {
        Command::Serve(options) => on_threads(serve(&settings, &options)),
        Command::Migrate(options) => on_threads(migrate(&settings, &options)),
        Command::Seed(options) => on_threads(seed(&settings, &options)),
        Command::Import(options) => on_threads(import(&settings, &options)),
        // On none but its own: a container that is in trouble may not get others.
        Command::Health(options) => health::ask(settings.listen, question(&options))
            .with_context(|| format!("{} is not ready", settings.listen)),
        Command::PrintSchema => io::stdout()
            .write_all(graph::sdl().as_bytes())
            .context("cannot print the schema"),
    }
}

/// On one thread more than there are processors: one of them never asks the database, which may let it wait.
fn on_threads(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let threads = available_parallelism().map_or(2, |threads| threads.get() + 1);
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    runtime.context("cannot start threads")?.block_on(work)
}

fn question(options: &Health) -> Question {
    if options.started {
        Question::Started
    } else {
        Question::Ready
    }
}

async fn serve(settings: &Settings, options: &Serve) -> anyhow::Result<()> {
    telemetry::start(&settings.log).context("--log")?;
    let mut manifest = Manifest::storefront().context("operations.json")?;
    if let Some(path) = &options.trusted_documents {
        let others = Manifest::read(path).with_context(|| format!("--trusted-documents {}", path.display()))?;
        manifest = manifest.and(others);
    }
    if options.sample {
        prepare_sample(&settings.database).await.context("--sample")?;
    }
    let database = Database::open(&settings.database, Purpose::Serve).await?;
    let clock = Clock::system();
    let mailer = mailer(options, &database, &clock)?;
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", settings.listen))?;
    let readiness = Readiness::default();
    let searcher = Searcher::new(Place {
        folder: options.search_folder.clone(),
        in_memory: options.search_memory,
    });
    let counted = http::Metrics::default();
    if let Some(address) = options.metrics {
        let registry = metrics::registry(metrics::Sources {
            http: counted.clone(),
            database: database.clone(),
            searcher: searcher.clone(),
            readiness: readiness.clone(),
            clock: clock.clone(),
        });
        let telling = service::metrics::serve(address, registry).await;
        telling.with_context(|| format!("cannot listen on {address}"))?;
    }
    info!(listen = %listener.local_addr()?, database = %settings.database, playground = options.playground, "serving");

    tokio::spawn(search::keep(searcher.clone(), database.clone()));
    tokio::spawn(watch::keep(readiness.clone(), database.clone(), searcher.clone()));
    let services = graph::Services {
        shop_url: options.shop_url.clone(),
        clock: clock.clone(),
        ..graph::Services::new(database.clone(), searcher)
    };
    tokio::spawn(cleaning::keep(database.clone(), clock.clone(), readiness.clone()));
    tokio::spawn(ranking::keep(database.clone(), clock, readiness.clone()));
    let stop = CancellationToken::new();
    let mail = mailer.map(|mailer| tokio::spawn(mail::keep(mailer, readiness.clone(), stop.clone())));
    let doors = http::Options {
        playground: options.playground,
        draft: options.http_draft,
        answers: u64::from(options.answers) * 1024 * 1024,
        manifest,
        trust: if options.trusted_only {
            Trust::Manifest
        } else {
            Trust::Anybody
        },
        introspection: if options.introspection {
            Introspection::Open
        } else {
            Introspection::Closed
        },
        proxies: options.trusted_proxies.clone(),
        rate: NonZeroU32::new(options.rate),
        origins: options.cors_origins.clone(),
        metrics: counted,
    };
    let app = http::front(services, readiness.clone(), doors);
    let served = server::serve(listener, app, readiness, options.drain).await;
    stop.cancel();
    if let Some(mail) = mail {
        // A mail that is on its way; where it takes longer, it will be sent again.
        let _ = timeout(LAST_MAIL, mail).await;
    }
    database.close().await;
    served.context("cannot listen for signals")
}

/// Makes a database to try the shop with, unless it is there.
async fn prepare_sample(url: &DatabaseUrl) -> anyhow::Result<()> {
    if matches!(url, DatabaseUrl::SqlServer(_)) {
        bail!("a trial has a database of its own: sqlite:PATH");
    }
    let database = Database::open(url, Purpose::Migrate).await?;
    database.migrate(|_| {}).await?;
    if albums::count(&database, &Filter::default()).await? == 0 {
        let report = sample::load(&database, OffsetDateTime::now_utc()).await?;
        info!(%report, "loaded the sample catalogue");
    }
    database.close().await;
    Ok(())
}

/// Who sends the mails; nobody where there is no way out for them.
fn mailer(options: &Serve, database: &Database, clock: &Clock) -> anyhow::Result<Option<Mailer>> {
    let from = match &options.mail_from {
        Some(from) => from.clone(),
        None => MAIL_FROM.parse().context("--mail-from")?,
    };
    let transport = match (&options.mail, &options.mail_folder) {
        (Some(file), _) => Transport::smtp(file, &from)?,
        (None, Some(folder)) => Transport::Folder(folder.clone()),
        (None, None) => {
            warn!("mails stay queued: neither --mail nor --mail-folder says where they go");
            return Ok(None);
        }
    };
    info!(?transport, "sending mails");
    Ok(Some(Mailer {
        transport,
        from,
        database: database.clone(),
        clock: clock.clone(),
    }))
}

async fn migrate(settings: &Settings, options: &Migrate) -> anyhow::Result<()> {
    let on_terminal = io::stdout().is_terminal();
    if !on_terminal {
        telemetry::start(&settings.log).context("--log")?;
    }
    let say = |text: String| {
        if on_terminal {
            println!("{text}");
        } else {
            info!("{text}");
        }
    };
    if options.dry_run {
        let database = Database::open(&settings.database, Purpose::Serve).await?;
        let missing = database.missing_migrations().await?;
        for migration in &missing {
            say(format!("missing: {}", named(migration)));
        }
        say(format!("{} to apply", counted(missing.len())));
        return Ok(());
    }
    let database = Database::open(&settings.database, Purpose::Migrate).await?;
    let mut waiting = false;
    let count = database.migrate(|step| match step {
        Step::Waiting if waiting => {}
        Step::Waiting => {
            waiting = true;
            say("waiting for another program that migrates".to_owned());
        }
        Step::Started(migration) => say(format!("applying {}", named(migration))),
        Step::Done(migration, took) => say(format!("applied {} in {:.1} s", named(migration), took.as_secs_f64())),
    });
    match count.await? {
        0 => say("nothing to migrate".to_owned()),
        count => say(format!("{} applied", counted(count))),
    }
    database.close().await;
    Ok(())
}

fn named(migration: &Migration) -> String {
    format!("{:04} {}", migration.version, migration.description)
}

fn counted(migrations: usize) -> String {
    let plural = if migrations == 1 { "" } else { "s" };
    format!("{migrations} migration{plural}")
}

/// Opens a database that can be written to: one whose schema is there.
async fn open_migrated(settings: &Settings) -> anyhow::Result<Database> {
    let database = Database::open(&settings.database, Purpose::Load).await?;
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
    let report = report.map_err(|error| match error {
        ImportError::Store(StoreError::Uncertain(_)) => {
            anyhow::Error::new(error).context("import the file again, which changes nothing that is there already")
        }
        other => anyhow::Error::new(other).context(format!("nothing was loaded from {name}")),
    });
    println!("{}", report?);
    Ok(())
}

fn progress_bar(size: u64) -> anyhow::Result<ProgressBar> {
    if !io::stderr().is_terminal() {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {bytes} of {total_bytes}, {eta} left")?;
    Ok(ProgressBar::new(size).with_style(style))
}
