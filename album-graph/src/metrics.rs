//! What the program tells of itself beside its requests: the database, the search index, the mail that waits.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::Gauge;
use service::health::Readiness;
use service::metrics::{self, Registry};
use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::http;
use crate::search::Searcher;
use crate::store::Database;
use crate::store::mails;

/// How often the database is asked how much mail waits.
const LOOK: Duration = Duration::from_secs(10);
/// How often to look whether it can be asked.
const LOOK_READY: Duration = Duration::from_millis(500);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is asked when somebody wants to know the metrics.
pub struct Sources {
    /// What counts requests.
    pub http: http::Metrics,
    /// Whose connections are counted.
    pub database: Database,
    /// Whose index is measured.
    pub searcher: Searcher,
    /// Whether the database can be asked.
    pub readiness: Readiness,
    /// What time it is.
    pub clock: Clock,
}

/// All metrics of the program. From now on the database is asked now and then how much mail waits.
#[must_use]
pub fn registry(sources: Sources) -> Registry {
    let mut registry = metrics::registry("album-graph");
    sources.http.register(&mut registry);
    let mail = Mail::default();
    mail.register(&mut registry);
    let database = sources.database.clone();
    tokio::spawn(mail.keep(database, sources.readiness, sources.clock));
    registry.register_collector(Box::new(Data {
        database: sources.database,
        searcher: sources.searcher,
    }));
    registry
}

/// The mail that waits to be sent, whichever replica queued it.
#[derive(Debug, Default)]
struct Mail {
    waiting: Gauge,
    oldest: Gauge<f64, AtomicU64>,
    given_up: Gauge,
}

impl Mail {
    fn register(&self, registry: &mut Registry) {
        registry.register(
            "mail_queue_mails",
            "Mails that wait to be sent, in the whole shop",
            self.waiting.clone(),
        );
        registry.register(
            "mail_queue_oldest_seconds",
            "For how long the one waits that waits longest",
            self.oldest.clone(),
        );
        registry.register(
            "mail_given_up_mails",
            "Mails that were given up, in the whole shop",
            self.given_up.clone(),
        );
    }

    async fn keep(self, database: Database, readiness: Readiness, clock: Clock) {
        loop {
            while !readiness.is_serving() {
                sleep(LOOK_READY).await;
            }
            // Where the database is away, others tell.
            if let Ok(Ok(backlog)) = timeout(PATIENCE, mails::backlog(&database)).await {
                let oldest = backlog.since.map(|since| clock.now().since(since));
                self.waiting.set(backlog.waiting);
                self.oldest.set(oldest.unwrap_or_default().as_secs_f64());
                self.given_up.set(backlog.given_up);
            }
            sleep(LOOK).await;
        }
    }
}

/// The database and the index, as they are when they are asked.
struct Data {
    database: Database,
    searcher: Searcher,
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").finish_non_exhaustive()
    }
}

impl Collector for Data {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        self.encode_database(&mut encoder)?;
        self.encode_index(&mut encoder)
    }
}

impl Data {
    fn encode_database(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let pools = self.database.connections();
        let (name, help) = ("database_connections", "Connections to the database by pool and state");
        let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for pool in &pools {
            for (state, count) in [("used", pool.used), ("idle", pool.idle)] {
                let labels = [("pool", pool.pool), ("state", state)];
                metric.encode_family(&labels)?.encode_gauge(&count)?;
            }
        }
        let (name, help) = ("database_connections_max", "Connections that there may be");
        let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for pool in &pools {
            metric.encode_family(&[("pool", pool.pool)])?.encode_gauge(&pool.most)?;
        }
        let (name, help) = ("database_connections_waiting", "Questions that wait for a connection");
        let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for pool in &pools {
            metric
                .encode_family(&[("pool", pool.pool)])?
                .encode_gauge(&pool.waiting)?;
        }
        gauge(
            encoder,
            ("database_changes_waiting", "Changes that wait for their turn"),
            self.database.waiting_changes() as u64,
        )?;
        let statements = ConstCounter::new(self.database.statements());
        let (name, help) = ("database_statements", "Statements that were sent to the database");
        statements.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)
    }

    fn encode_index(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        if let Some(snapshot) = self.searcher.snapshot() {
            let documents = ("search_index_documents", "Albums and artists that search knows");
            gauge(encoder, documents, snapshot.documents())?;
            let bytes = (
                "search_index_bytes",
                "Room that the index takes, in its folder or in memory",
            );
            gauge(encoder, bytes, snapshot.bytes())?;
        }
        if let Some((catalogue, behind)) = self.searcher.revisions() {
            gauge(
                encoder,
                ("catalogue_revision", "Raised by every change of the catalogue"),
                catalogue.unsigned_abs(),
            )?;
            gauge(
                encoder,
                (
                    "search_index_revisions_behind",
                    "Changes of the catalogue that search does not know yet",
                ),
                behind.unsigned_abs(),
            )?;
        }
        Ok(())
    }
}

/// Encodes one number.
fn gauge(encoder: &mut DescriptorEncoder, (name, help): (&str, &str), value: u64) -> fmt::Result {
    encoder
        .encode_descriptor(name, help, None, MetricType::Gauge)?
        .encode_gauge(&value)
}
