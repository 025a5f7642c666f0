//! Transactions that write. Before one commits, the rows that it touched are proved.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use sea_orm::{DbBackend, QueryResult, Statement};
use tokio::sync::Mutex;

use crate::{
    error::{HubError, redacted},
    store::{
        proof::{prover::Prover, witnessed},
        sql::{
            columns::StatementParameters, link::DbConnection, shapes::Shapes, signal::CommitSignal,
        },
    },
};

/// A transaction that writes; dropped without commit it leaves nothing, but its connection is lost
/// too: the expected ways out end with [`Transaction::rollback`].
pub struct Transaction {
    link: Mutex<DbConnection>,
    backend: DbBackend,
    statements: Arc<AtomicU64>,
    signal: CommitSignal,
    tells: AtomicBool,
    prover: Option<Prover>,
    pub(in crate::store) shapes: Arc<Shapes>,
    versions: AtomicI64,
    receipts: AtomicI64,
    /// Rows of other tables were written since that number of `rows_touched`.
    touched: AtomicI64,
    /// How often the tables have moved once this is committed; 0 where it moves none.
    moved: AtomicI64,
}

/// Nothing was touched yet.
const UNTOUCHED: i64 = -1;

impl Transaction {
    /// On a connection where it has begun, with what proofs need.
    pub(super) fn on(
        link: DbConnection,
        backend: DbBackend,
        statements: Arc<AtomicU64>,
        signal: CommitSignal,
        (prover, shapes): (Option<Prover>, Arc<Shapes>),
    ) -> Self {
        let (versions, receipts) = (AtomicI64::new(0), AtomicI64::new(0));
        let (link, tells, touched) =
            (Mutex::new(link), AtomicBool::new(false), AtomicI64::new(UNTOUCHED));
        Self {
            link,
            backend,
            statements,
            signal,
            tells,
            prover,
            shapes,
            versions,
            receipts,
            touched,
            moved: AtomicI64::new(0),
        }
    }

    /// It writes change events: after its commit whoever waits for them is told.
    pub(in crate::store) fn tells(&self) {
        self.tells.store(true, Ordering::Relaxed);
    }

    pub(in crate::store) const fn backend(&self) -> DbBackend {
        self.backend
    }

    pub(in crate::store) fn wrote(&self, versions: usize) {
        self.versions.fetch_add(i64::try_from(versions).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    pub(in crate::store) fn note_receipt(&self) {
        self.receipts.fetch_add(1, Ordering::Relaxed);
    }

    /// How many versions and receipts it has written so far, for the audit log.
    #[must_use]
    pub fn written(&self) -> (i64, i64) {
        (self.versions.load(Ordering::Relaxed), self.receipts.load(Ordering::Relaxed))
    }

    pub(in crate::store) async fn all(
        &self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.touches(&statement.sql).await?;
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.link.lock().await.all(statement).await?)
    }

    pub(in crate::store) async fn run(&self, statement: Statement) -> Result<u64, HubError> {
        self.touches(&statement.sql).await?;
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.link.lock().await.run(statement).await?)
    }

    /// A statement that the hub makes for its proofs: nobody asked for it, so it is not counted.
    pub(in crate::store) async fn unwatched(
        &self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, HubError> {
        Ok(self.link.lock().await.all(statement).await?)
    }

    /// Once this is committed, the tables have moved that often.
    pub(in crate::store) fn tables_moved(&self, times: i64) {
        self.moved.store(times, Ordering::Relaxed);
    }

    /// Makes keyed digests of what is written.
    pub(in crate::store) fn prover(&self) -> Option<&Prover> {
        self.prover.as_ref()
    }

    /// The same for what cannot be written without.
    pub(in crate::store) fn proving(&self) -> Result<&Prover, HubError> {
        self.prover().ok_or_else(|| HubError::internal("no key to prove with"))
    }

    /// Notes before the first statement that writes rows of other tables what was touched before
    /// it.
    async fn touches(&self, sql: &str) -> Result<(), HubError> {
        if self.prover.is_none()
            || self.touched.load(Ordering::Relaxed) != UNTOUCHED
            || witnessed::written(sql).is_none()
        {
            return Ok(());
        }
        let mut since = 0;
        if self.backend != DbBackend::Postgres {
            // On PostgreSQL rows say which transaction touched them.
            let last = Statement::from_string(
                self.backend,
                "SELECT COALESCE(MAX(id), 0) FROM rows_touched",
            );
            since = self
                .unwatched(last)
                .await?
                .first()
                .map(|row| row.try_get_by_index(0))
                .transpose()?
                .unwrap_or_default();
        }
        self.touched.store(since, Ordering::Relaxed);
        Ok(())
    }

    pub(in crate::store) async fn all_with(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.link.lock().await.all_with(sql, arguments).await?)
    }

    pub(in crate::store) async fn run_with(
        &self,
        sql: Arc<str>,
        arguments: StatementParameters,
    ) -> Result<u64, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.link.lock().await.run_with(sql, arguments).await?)
    }

    /// Makes everything durable at once.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), HubError> {
        let since = self.touched.load(Ordering::Relaxed);
        if since != UNTOUCHED
            && let Err(error) = self.prove(since).await
        {
            self.rollback().await;
            return Err(error);
        }
        let ended = self.link.into_inner().end("COMMIT").await;
        if let (Ok(()), Some(prover)) = (&ended, &self.prover) {
            prover.note_moved(self.moved.into_inner());
        }
        // Also when it is not known to be durable: it may be.
        if self.tells.into_inner() {
            self.signal.committed();
        }
        Ok(ended?)
    }

    /// Leaves nothing, and keeps the connection. Where even that fails the connection is closed,
    /// which comes to the same.
    pub async fn rollback(self) {
        if let Err(error) = self.link.into_inner().end("ROLLBACK").await {
            tracing::debug!(
                error = redacted(&error),
                "a transaction was ended by closing its connection"
            );
        }
    }
}
