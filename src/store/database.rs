//! Connections: one pool on PostgreSQL; on SQLite many readers and one writer, in WAL mode.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::error::HubError;

/// Sizes and times of the pools.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at most.
    pub connections: u32,
    /// A statement is cancelled after this.
    pub statement: Duration,
    /// Waiting for a connection ends after this.
    pub acquire: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 16, statement: Duration::from_secs(20), acquire: Duration::from_secs(5) }
    }
}

/// The store's connections.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Connects to `sqlite:PATH` or `postgres://…`. An SQLite file must be there; with `?mode=rwc` it is made.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for another kind of URL, [`HubError::Unavailable`] when the database does not answer.
    pub async fn connect(url: &str, limits: Limits) -> Result<Self, HubError> {
        let statements = Arc::new(AtomicU64::new(0));
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = base(url, limits);
            options.max_connections(limits.connections).statement_timeout(limits.statement).set_application_name("lianfang");
            let pool = SeaDatabase::connect(options).await?;
            return Ok(Self { read: pool.clone(), write: pool, statements });
        }
        if url.starts_with("sqlite:") {
            let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rw") };
            let open = |connections: u32| {
                let mut options = base(&url, limits);
                options.max_connections(connections).map_sqlx_sqlite_opts(|options| {
                    options
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .busy_timeout(Duration::from_secs(10))
                        .pragma("cache_size", "-8192")
                });
                options
            };
            let write = SeaDatabase::connect(open(1)).await?;
            let read = SeaDatabase::connect(open(limits.connections)).await?;
            return Ok(Self { read, write, statements });
        }
        Err(HubError::invalid("数据库地址应以 sqlite: 或 postgres:// 开头。", "A database URL begins with sqlite: or postgres://."))
    }

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Statements sent so far, for tests and metrics.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The connection for changes of the schema.
    #[must_use]
    pub const fn migrations(&self) -> &DatabaseConnection {
        &self.write
    }

    /// All rows of a statement that reads.
    pub(super) async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.query_all_raw(statement).await?)
    }

    /// The first row of a statement that reads.
    pub(super) async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.read.query_one_raw(statement).await?)
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn begin(&self) -> Result<Transaction, HubError> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        let inner = self.write.begin_with_options(options).await?;
        Ok(Transaction { inner, statements: Arc::clone(&self.statements) })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), HubError> {
        self.one(Statement::from_string(self.backend(), "SELECT 1")).await.map(|_| ())
    }
}

/// A transaction that writes; dropped without commit it leaves nothing.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    statements: Arc<AtomicU64>,
}

impl Transaction {
    pub(super) fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    pub(super) async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.inner.query_all_raw(statement).await?)
    }

    pub(super) async fn run(&self, statement: Statement) -> Result<u64, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.inner.execute_raw(statement).await?.rows_affected())
    }

    /// Makes everything durable at once.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), HubError> {
        Ok(self.inner.commit().await?)
    }
}

fn base(url: &str, limits: Limits) -> ConnectOptions {
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
