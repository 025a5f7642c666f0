//! Connections: one pool on PostgreSQL; on SQLite many readers and one writer, in WAL mode.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database as SeaDatabase, DatabaseConnection, DbBackend, QueryResult, Statement,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{
    error::HubError,
    owner_only,
    store::{
        proof::prover::Prover,
        sql::{
            address, columns::StatementParameters, connections::Connections,
            link::ConnectionSource, shapes::Shapes, signal::CommitSignal, snapshot::Snapshot,
        },
    },
};

mod transaction;

pub use crate::store::sql::limits::PoolLimits;
pub use transaction::Transaction;

/// Connections of the audit log on PostgreSQL: one writes entries while the other makes them
/// durable.
const AUDIT: u32 = 2;

/// What a session of PostgreSQL is told: to notice that the hub is gone, and not to keep for it
/// what it has locked.
const SESSION: [(&str, &str); 5] = [
    ("idle_in_transaction_session_timeout", "60s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "60s"),
];

/// The store's connections.
#[derive(Clone)]
pub struct Database {
    read: ConnectionSource,
    write: ConnectionSource,
    audit: ConnectionSource,
    snapshots: ConnectionSource,
    schema: DatabaseConnection,
    statements: Arc<AtomicU64>,
    pub(in crate::store) signal: CommitSignal,
    prover: Arc<OnceLock<Prover>>,
    shapes: Arc<Shapes>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Database").field(&self.backend()).finish()
    }
}

impl Database {
    /// Connects to `sqlite:PATH` or `postgres://…`. An SQLite file must be there; with `?mode=rwc`
    /// it is made.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for another kind of URL, [`HubError::Unavailable`] when the database
    /// does not answer.
    pub async fn connect(url: &str, limits: PoolLimits) -> Result<Self, HubError> {
        let (statements, signal) = (Arc::new(AtomicU64::new(0)), CommitSignal::default());
        let (prover, shapes) = (Arc::default(), Arc::default());
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            address::check(url)?;
            let mut options = base(url, limits);
            options
                .max_connections(limits.connections + AUDIT + limits.snapshots + 1)
                .statement_timeout(limits.statement)
                .set_application_name("lianfang")
                .map_sqlx_postgres_opts(|options| options.options(SESSION));
            let schema = SeaDatabase::connect(options).await?;
            let pool = schema.get_postgres_connection_pool().clone();
            let all = ConnectionSource::Postgres(Connections::new(pool.clone(), limits));
            let audit = ConnectionSource::Postgres(Connections::new(
                pool.clone(),
                PoolLimits { connections: AUDIT, answer: limits.audit, ..limits },
            ));
            let snapshots =
                ConnectionSource::Postgres(Connections::new(pool, of_snapshots(limits)));
            return Ok(Self {
                read: all.clone(),
                write: all,
                audit,
                snapshots,
                schema,
                statements,
                signal,
                prover,
                shapes,
            });
        }
        if url.starts_with("sqlite:") {
            let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rw") };
            private(&url)?;
            let open = |connections: u32| {
                let (mut options, lock) = (base(&url, limits), limits.lock());
                options.max_connections(connections + 1).map_sqlx_sqlite_opts(move |options| {
                    options
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(lock)
                        .pragma("cache_size", "-8192")
                });
                options
            };
            let held = |pool: &DatabaseConnection, limits: PoolLimits| {
                ConnectionSource::Sqlite(Connections::new(
                    pool.get_sqlite_connection_pool().clone(),
                    limits,
                ))
            };
            let schema = SeaDatabase::connect(open(1)).await?;
            let write = held(&schema, PoolLimits { connections: 1, ..limits });
            let readers = SeaDatabase::connect(open(limits.connections + limits.snapshots)).await?;
            let (read, snapshots) = (held(&readers, limits), held(&readers, of_snapshots(limits)));
            return Ok(Self {
                read,
                audit: write.clone(),
                write,
                snapshots,
                schema,
                statements,
                signal,
                prover,
                shapes,
            });
        }
        Err(HubError::invalid(
            "数据库地址应以 sqlite: 或 postgres:// 开头。",
            "A database URL begins with sqlite: or postgres://.",
        ))
    }

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        match self.read {
            ConnectionSource::Postgres(_) => DbBackend::Postgres,
            ConnectionSource::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    fn proofs(&self) -> (Option<Prover>, Arc<Shapes>) {
        (self.prover().cloned(), Arc::clone(&self.shapes))
    }

    /// From now on whatever is written is proved with this key.
    pub fn prove_with(&self, prover: Prover) {
        // The second hub of a process on the same store has the same key.
        let _ = self.prover.set(prover);
    }

    /// Makes keyed digests of what is written; `None` for whoever has no key.
    #[must_use]
    pub fn prover(&self) -> Option<&Prover> {
        self.prover.get()
    }

    /// The same for what cannot be written without.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] without a key.
    pub fn proving(&self) -> Result<&Prover, HubError> {
        self.prover().ok_or_else(|| HubError::internal("no key to prove with"))
    }

    /// Statements sent so far, for tests and metrics.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The connection for changes of the schema.
    #[must_use]
    pub const fn migrations(&self) -> &DatabaseConnection {
        &self.schema
    }

    /// All rows of a statement that reads.
    pub(in crate::store) async fn all(
        &self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.take().await?.all(statement).await?)
    }

    /// The first row of a statement that reads.
    pub(in crate::store) async fn one(
        &self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.take().await?.one(statement).await?)
    }

    /// The first row of a statement that the hub makes of its own accord: nobody asked for it, so
    /// it is not counted.
    pub(in crate::store) async fn look(
        &self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, HubError> {
        Ok(self.read.take().await?.one(statement).await?)
    }

    /// All rows of a statement that reads and stays the same.
    pub(in crate::store) async fn all_with(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.take().await?.all_with(sql, arguments).await?)
    }

    /// The first row of a statement that reads and stays the same.
    pub(in crate::store) async fn one_with(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Option<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.take().await?.one_with(sql, arguments).await?)
    }

    /// One statement that writes, as a transaction of its own.
    pub(in crate::store) async fn run_with(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<u64, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.write.take().await?.run_with(sql, arguments).await?)
    }

    /// One statement that writes, as a transaction of its own, and the rows it gives.
    pub(in crate::store) async fn all_written(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.write.take().await?.all_with(sql, arguments).await?)
    }

    /// The same for the audit log, which all others wait for and which therefore does not stand in
    /// line with them.
    pub(in crate::store) async fn run_for_audit(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<u64, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.audit.take().await?.run_with(sql, arguments).await?)
    }

    /// One statement of the audit log that the hub makes of its own accord.
    pub(in crate::store) async fn run_for_log(
        &self,
        statement: Statement,
    ) -> Result<u64, HubError> {
        Ok(self.audit.take().await?.run(statement).await?)
    }

    /// The first row of a statement that reads the audit log for whoever writes it.
    pub(in crate::store) async fn one_for_audit(
        &self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.audit.take().await?.one(statement).await?)
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn begin(&self) -> Result<Transaction, HubError> {
        let mut link = self.write.take().await?;
        link.begin().await?;
        Ok(Transaction::on(
            link,
            self.backend(),
            Arc::clone(&self.statements),
            self.signal.clone(),
            self.proofs(),
        ))
    }

    /// The state of the store as it is now, to be read at leisure.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when as many are read already, or the database does not answer.
    pub async fn snapshot(&self) -> Result<Snapshot, HubError> {
        Snapshot::on(self.snapshots.take().await?, self.backend(), Arc::clone(&self.statements))
            .await
    }

    /// The same for a few statements of a request, on a connection of those that requests use.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub(in crate::store) async fn reading(&self) -> Result<Snapshot, HubError> {
        Snapshot::on(self.read.take().await?, self.backend(), Arc::clone(&self.statements)).await
    }

    /// The same for whoever looks whether the store is whole.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub(in crate::store) async fn looking(&self) -> Result<Snapshot, HubError> {
        Snapshot::without_place(
            self.read.take().await?,
            self.backend(),
            Arc::clone(&self.statements),
        )
        .await
    }
}

/// The file of an SQLite store and those beside it are for their owner alone. One that is to be
/// made is made so.
fn private(url: &str) -> Result<(), HubError> {
    let Ok(options) = url.parse::<SqliteConnectOptions>() else { return Ok(()) };
    let path = options.get_filename();
    if !path.exists() {
        // Where it may not be made SQLite says so.
        return if url.contains("mode=rwc") { owner_only::make(path) } else { Ok(()) };
    }
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        owner_only::check(Path::new(&name))?;
    }
    Ok(())
}

/// Whoever comes when all snapshots are taken is told at once: they may last for an hour.
fn of_snapshots(limits: PoolLimits) -> PoolLimits {
    PoolLimits {
        connections: limits.snapshots,
        acquire: limits.acquire.min(Duration::from_millis(500)),
        ..limits
    }
}

fn base(url: &str, limits: PoolLimits) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(0)
        .acquire_timeout(limits.acquire)
        .connect_timeout(limits.acquire)
        .test_before_acquire_if_idle_for(Duration::from_secs(1))
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}
