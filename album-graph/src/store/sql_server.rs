//! The SQL Server: connections that speak TDS, pooled. The only file that knows the driver, tiberius.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, Pool, PoolError, QueueMode, RecycleError, RecycleResult};
use secrecy::ExposeSecret as _;
use socket2::{SockRef, TcpKeepalive};
use tiberius::error::{Error, IoErrorKind, TokenError};
use tiberius::{AuthMethod, Client, ColumnData, Config, EncryptionLevel, ToSql};
use tokio::net::{TcpStream, lookup_host};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt as _};

use super::connection_string::{ConnectionString, Encryption};
use super::connections::Connections;
use super::credentials::Credentials;
use super::database::PATIENCE;
use super::error::OpenError;
use super::fault::{Fault, ServerError};
use super::sql::{Dialect, Sql, Value};
use super::url::Purpose;

/// How long a server that answers requests may take for a piece of an answer; a request gives up sooner.
const ANSWER: Duration = Duration::from_secs(30);
/// After so long without use, a connection is tried before it is lent: the other end may have gone without a word.
const IDLE: Duration = Duration::from_secs(30);
/// After so long a connection is replaced: what a server, its name or its certificate has become is noticed at the latest then.
const LIFETIME: Duration = Duration::from_mins(30);
/// How long a trial is waited for: a request has time for one, and for a log-in after it.
const TRIAL: Duration = Duration::from_secs(1);
/// How long the end of an abandoned statement is waited for.
const CANCEL: Duration = Duration::from_secs(2);
/// How long a refused log-in is answered for without knocking again: a server may lock out who knocks too often.
const REFUSAL: Duration = Duration::from_secs(5);
/// After so long without a sign of life, what was sent is given up.
const SIGN_OF_LIFE: Duration = Duration::from_mins(2);
/// How often a log-in may be sent on to another address.
const REDIRECTS: usize = 2;
/// How long to wait before each repetition of what failed for a passing reason.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// The driver keeps its buffers inside.
type Tds = Box<Client<Compat<TcpStream>>>;

/// A session of the server.
struct Connection {
    client: Tds,
    opened: Instant,
    used: Instant,
    /// Whether a statement was sent whose answer was not read to its end: nobody else may read the rest.
    under_way: bool,
    /// Whether a transaction was begun, and not kept.
    in_transaction: bool,
    /// Whether an error may have ended that transaction.
    failed: bool,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The driver would show its buffers.
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

/// Opens connections for the pool, and tries them before they are lent again.
#[derive(Debug)]
struct Connector {
    credentials: Credentials,
    /// How long the server may take for a piece of an answer.
    answer: Option<Duration>,
    /// When the log-in was refused last, and why.
    refusal: Mutex<Option<(Instant, ServerError)>>,
    /// When a connection did not answer its trial: those that were used last before are as dead.
    silence: Mutex<Option<Instant>>,
}

impl managed::Manager for Connector {
    type Type = Connection;
    type Error = Fault;

    async fn create(&self) -> Result<Connection, Fault> {
        let refused = get(&self.refusal).filter(|(when, _)| when.elapsed() < REFUSAL);
        if let Some((_, error)) = refused {
            return Err(Fault::Refused(error));
        }
        let done = self.log_in_with_any().await;
        if let Err(fault @ Fault::Refused(error)) = &done
            && fault.is_refusal()
        {
            set(&self.refusal, (Instant::now(), error.clone()));
        }
        done
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Fault> {
        if connection.opened.elapsed() > LIFETIME {
            return Err(RecycleError::message("old"));
        }
        if connection.used.elapsed() <= IDLE {
            return Ok(());
        }
        if get(&self.silence).is_some_and(|silence| connection.used < silence) {
            return Err(RecycleError::message("as silent as another"));
        }
        let trial = async { connection.client.simple_query("SELECT 1").await?.into_results().await };
        let Ok(answer) = timeout(TRIAL, trial).await else {
            set(&self.silence, Instant::now());
            return Err(RecycleError::message("silent"));
        };
        answer.map_err(Fault::from)?;
        connection.used = Instant::now();
        Ok(())
    }
}

impl Connector {
    /// Logs in with the string in hand; where it is refused, with what the files hold now: the password may have been changed
    /// on the server, and in its file or in another one since.
    async fn log_in_with_any(&self) -> Result<Connection, Fault> {
        let current = self.credentials.current();
        let refusal = match self.log_in(&current).await {
            Err(refusal) if refusal.is_refusal() => refusal,
            done => return done,
        };
        for other in self.credentials.read_again() {
            if other.is(&current) {
                continue;
            }
            match self.log_in(&other).await {
                Err(fault) if fault.is_refusal() => {}
                Ok(connection) => {
                    self.credentials.keep(other);
                    return Ok(connection);
                }
                Err(fault) => return Err(fault),
            }
        }
        Err(refusal)
    }

    /// Logs in, following the server to other addresses, all within the time-out of the string.
    async fn log_in(&self, string: &ConnectionString) -> Result<Connection, Fault> {
        let late = |_| Fault::Late {
            host: string.host.clone(),
            port: string.port,
            timeout: string.timeout,
        };
        let client = timeout(string.timeout, self.follow(string)).await.map_err(late)??;
        let now = Instant::now();
        Ok(Connection {
            client,
            opened: now,
            used: now,
            under_way: false,
            in_transaction: false,
            failed: false,
        })
    }

    async fn follow(&self, string: &ConnectionString) -> Result<Tds, Fault> {
        let (mut host, mut port) = (string.host.clone(), string.port);
        for _ in 0..=REDIRECTS {
            let check = string.check_encryption(&host);
            check.map_err(|source| Fault::Unsafe {
                host: host.clone(),
                source,
            })?;
            let stream = dial(&host, port).await.map_err(|source| Fault::Unreachable {
                host: host.clone(),
                port,
                source,
            })?;
            let connected = Box::pin(Client::connect(self.config(string, &host, port), stream.compat_write()));
            match connected.await {
                Err(Error::Routing { host: to, port: at }) => (host, port) = (to, at),
                Err(Error::Server(error)) => return Err(Fault::Refused(error.into())),
                Err(error) => return Err(handshake(host, port, error)),
                Ok(client) => return Ok(Box::new(client)),
            }
        }
        Err(Fault::Redirects(REDIRECTS))
    }

    fn config(&self, string: &ConnectionString, host: &str, port: u16) -> Config {
        let mut config = Config::new();
        config.host(host);
        config.port(port);
        config.authentication(AuthMethod::sql_server(&string.user, string.password.expose_secret()));
        config.application_name(&string.application);
        config.encryption(match string.encryption {
            Encryption::LogInOnly => EncryptionLevel::Off,
            Encryption::Required => EncryptionLevel::Required,
            Encryption::Strict => EncryptionLevel::Strict,
        });
        if string.trust_any_certificate {
            config.trust_cert();
        }
        // Of the driver's own limits, the one on the log-in would race with ours, and the other is longer than any request.
        config.handshake_timeout(None);
        config.command_timeout(self.answer);
        if let Some(name) = &string.name_in_certificate {
            config.hostname_in_certificate(name);
        }
        if let Some(database) = &string.database {
            config.database(database);
        }
        if let Some(name) = &string.workstation {
            config.client_name(name);
        }
        if let Some(size) = string.packet_size {
            config.packet_size(size);
        }
        config
    }
}

/// What kept the two sides from a session.
fn handshake(host: String, port: u16, error: Error) -> Fault {
    let reason = match error {
        // What follows there is advice for programmers who use the driver.
        Error::Tls(text) => {
            let cause = up_to(" To connect anyway", &text);
            format!("{cause} For an authority of your own, name its file in SSL_CERT_FILE.")
        }
        Error::Protocol(text) => text.into_owned(),
        other => return other.into(),
    };
    Fault::Handshake { host, port, reason }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Server(error) => Self::Server(error.into()),
            Error::Io {
                kind: IoErrorKind::TimedOut,
                ..
            } => Self::Silent,
            Error::Io { message, .. } => {
                Self::Connection(format!("the connection broke: {}", up_to(": https://", &message)))
            }
            other => Self::Connection(other.to_string()),
        }
    }
}

impl From<TokenError> for ServerError {
    fn from(error: TokenError) -> Self {
        Self {
            number: error.code(),
            class: error.class(),
            message: error.message().to_owned(),
        }
    }
}

/// What stands before `end`.
fn up_to<'a>(end: &str, text: &'a str) -> &'a str {
    text.split(end).next().unwrap_or_default()
}

fn get<T: Clone>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn set<T>(place: &Mutex<Option<T>>, value: T) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

/// Connects to whichever address of `host` answers first.
async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut attempts: JoinSet<_> = lookup_host((host, port))
        .await?
        .map(TcpStream::connect::<SocketAddr>)
        .collect();
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    while let Some(attempt) = attempts.join_next().await {
        match attempt.map_err(io::Error::other)? {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                // A server that vanished is noticed, even where a statement may take an hour.
                let alive = TcpKeepalive::new()
                    .with_time(IDLE)
                    .with_interval(Duration::from_secs(10));
                SockRef::from(&stream).set_tcp_keepalive(&alive)?;
                #[cfg(target_os = "linux")]
                SockRef::from(&stream).set_tcp_user_timeout(Some(SIGN_OF_LIFE))?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// A connection lent by the pool. It goes back when dropped, unless somebody gave up on it halfway.
#[derive(Debug)]
pub(super) struct Lease(Option<Object<Connector>>);

impl Lease {
    fn connection(&mut self) -> Result<&mut Connection, Fault> {
        let connection = self.0.as_mut();
        connection.map(|object| &mut **object).ok_or(Fault::Exhausted(PATIENCE))
    }

    /// Marks the connection as in use, for the case that nobody waits for the end.
    fn start(&mut self) -> Result<&mut Tds, Fault> {
        let connection = self.connection()?;
        if connection.failed {
            return Err(Fault::Ended);
        }
        connection.under_way = true;
        Ok(&mut connection.client)
    }

    /// What came of it; the session lives on after an error that the server reports, unless it is fatal.
    fn finish<T>(&mut self, answer: Result<T, Error>) -> Result<T, Fault> {
        let answer = answer.map_err(Fault::from);
        let sound = match &answer {
            Ok(_) => true,
            Err(Fault::Server(error)) => !error.is_fatal(),
            Err(_) => false,
        };
        let connection = self.connection()?;
        connection.under_way = !sound;
        connection.failed = connection.in_transaction && answer.is_err();
        connection.used = Instant::now();
        answer
    }

    pub async fn fetch_all(&mut self, text: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let client = self.start()?;
        let answer = async { client.query(text, &parameters(values)).await?.into_first_result().await };
        let answer = Box::pin(answer).await;
        Ok(self.finish(answer)?.into_iter().map(Row).collect())
    }

    pub async fn execute(&mut self, text: &str, values: &[Value]) -> Result<u64, Fault> {
        let parameters = parameters(values);
        let answer = Box::pin(self.start()?.execute(text, &parameters)).await;
        Ok(self.finish(answer)?.total())
    }

    /// Runs several statements that bind nothing.
    pub async fn execute_batch(&mut self, text: &str) -> Result<(), Fault> {
        let client = self.start()?;
        let answer = async { client.simple_query(text).await?.into_results().await };
        let answer = Box::pin(answer).await;
        self.finish(answer)?;
        Ok(())
    }

    pub async fn begin(&mut self) -> Result<(), Fault> {
        let answer = self.start()?.begin_transaction().await;
        self.finish(answer)?;
        self.connection()?.in_transaction = true;
        Ok(())
    }

    pub async fn commit(&mut self) -> Result<(), Fault> {
        let answer = self.start()?.commit_transaction().await;
        self.finish(answer)?;
        self.connection()?.in_transaction = false;
        Ok(())
    }

    /// Takes the transaction back, and keeps the connection.
    pub async fn roll_back(&mut self) -> Result<(), Fault> {
        let answer = self.start()?.rollback_transaction().await;
        self.finish(answer)?;
        self.connection()?.in_transaction = false;
        Ok(())
    }

    /// Makes every other transaction wait that asks for the same lock; this one waits so long at the most.
    pub async fn lock(&mut self, name: &'static str, patience: Duration) -> Result<(), Fault> {
        let text = "DECLARE @granted INT; EXEC @granted = sp_getapplock @Resource = @P1, @LockMode = N'Exclusive', \
                    @LockOwner = N'Transaction', @LockTimeout = @P2; SELECT @granted AS granted";
        let patience = i64::try_from(patience.as_millis()).unwrap_or(i64::MAX);
        let rows = self.fetch_all(text, &[name.into(), patience.into()]).await?;
        let granted = rows.first().map(|row| row.optional_integer("granted")).transpose()?;
        match granted.flatten() {
            Some(0 | 1) => Ok(()),
            Some(-1) => Err(Fault::Locked),
            answer => Err(Fault::NoLock { name, answer }),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(object) = self.0.take() else { return };
        if !object.under_way && !object.in_transaction {
            return;
        }
        // Whoever comes next must not read the rest of this answer, or find itself in this transaction.
        let mut connection = Object::take(object);
        if connection.under_way
            && let Ok(runtime) = Handle::try_current()
        {
            // The server would work on for nobody until it tries to answer: it is told to stop, then left.
            runtime.spawn(async move { timeout(CANCEL, connection.client.cancel_query()).await });
        }
    }
}

fn parameters(values: &[Value]) -> Vec<&dyn ToSql> {
    values.iter().map(|value| value as &dyn ToSql).collect()
}

impl ToSql for Value {
    fn to_sql(&self) -> ColumnData<'_> {
        match self {
            Self::Integer(integer) => ColumnData::I64(Some(*integer)),
            Self::Text(text) => ColumnData::String(Some(text.into())),
            Self::Null => ColumnData::String(None),
        }
    }
}

/// A SQL Server that was opened; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct SqlServer(Pool<Connector>);

impl SqlServer {
    /// Reads the connection string; connects when first asked.
    pub fn open(credentials: Credentials, purpose: Purpose) -> Result<Self, OpenError> {
        let answer = (purpose == Purpose::Serve).then_some(ANSWER);
        let size = credentials.current().pool_size;
        let connector = Connector {
            credentials,
            answer,
            refusal: Mutex::default(),
            silence: Mutex::default(),
        };
        let pool = Pool::builder(connector).max_size(size);
        // The one used last is the one most likely to be alive.
        let pool = pool.queue_mode(QueueMode::Lifo).build();
        pool.map(Self).map_err(|error| OpenError::Pool(error.to_string()))
    }

    /// How busy the connections are.
    pub fn connections(&self) -> Connections {
        let status = self.0.status();
        Connections {
            pool: "all",
            most: status.max_size,
            used: status.size.saturating_sub(status.available),
            idle: status.available,
            waiting: status.waiting,
        }
    }

    /// Closes the connections that nobody uses.
    pub fn forget_idle(&self) {
        self.0.retain(|_, _| false);
    }

    /// A connection, however long it takes.
    pub async fn lease(&self) -> Result<Lease, Fault> {
        match self.0.get().await {
            Ok(object) => Ok(Lease(Some(object))),
            Err(PoolError::Backend(fault)) => Err(fault),
            Err(_) => Err(Fault::Exhausted(PATIENCE)),
        }
    }

    async fn lease_in_time(&self) -> Result<Lease, Fault> {
        timeout(PATIENCE, self.lease())
            .await
            .map_err(|_| Fault::Exhausted(PATIENCE))?
    }

    /// Asks a question, again if the reason why it failed passes: a question changes nothing.
    pub async fn fetch_all(&self, sql: Sql) -> Result<Vec<Row>, Fault> {
        let (text, values) = sql.write(Dialect::SqlServer);
        // In a box: the driver's futures would make those of every question, and of every question that holds it, large.
        self.retry(|| Box::pin(self.fetch_once(&text, &values))).await
    }

    async fn fetch_once(&self, text: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        self.lease_in_time().await?.fetch_all(text, values).await
    }

    /// Starts a transaction that no other such transaction runs beside; again if the reason why it failed passes, for nothing
    /// was changed.
    /// Begins a transaction; with a `lock`, it is the only one that holds it.
    pub async fn begin(&self, lock: Option<&'static str>) -> Result<Lease, Fault> {
        self.retry(|| Box::pin(self.begin_once(lock))).await
    }

    async fn begin_once(&self, lock: Option<&'static str>) -> Result<Lease, Fault> {
        let mut lease = self.lease_in_time().await?;
        lease.begin().await?;
        if let Some(lock) = lock {
            lease.lock(lock, PATIENCE).await?;
        }
        Ok(lease)
    }

    /// Attempts what may be attempted twice, until it succeeds or fails for a reason that does not pass.
    pub async fn retry<T, F: Future<Output = Result<T, Fault>>>(&self, attempt: impl Fn() -> F) -> Result<T, Fault> {
        for pause in PAUSES {
            match attempt().await {
                Err(fault) if fault.passes() => {
                    tracing::debug!(%fault, "asking again");
                    if fault.ends_connection() {
                        // Where the server went away and came back, the connections that nobody uses are as dead as this one.
                        self.forget_idle();
                    }
                    sleep(pause).await;
                }
                done => return done,
            }
        }
        attempt().await
    }

    pub fn close(&self) {
        self.0.close();
    }
}

/// One row of an answer.
#[derive(Debug)]
pub(super) struct Row(tiberius::Row);

impl Row {
    fn column(&self, column: &'static str) -> Result<&ColumnData<'static>, Fault> {
        self.0
            .get_column_data(column)
            .map_err(|error| Fault::Row(error.to_string()))
    }

    pub fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, Fault> {
        match self.column(column)? {
            ColumnData::I64(value) => Ok(*value),
            // A count is an INT there.
            ColumnData::I32(value) => Ok(value.map(i64::from)),
            _ => Err(Fault::Row(format!("column {column} holds no integer"))),
        }
    }

    pub fn optional_str(&self, column: &'static str) -> Result<Option<&str>, Fault> {
        match self.column(column)? {
            ColumnData::String(value) => Ok(value.as_deref()),
            _ => Err(Fault::Row(format!("column {column} holds no text"))),
        }
    }

    pub fn bytes(&self, column: &'static str) -> Result<Vec<u8>, Fault> {
        match self.column(column)? {
            ColumnData::Binary(Some(value)) => Ok(value.to_vec()),
            _ => Err(Fault::Row(format!("column {column} holds no bytes"))),
        }
    }
}
