//! An end to statements that take too long or that nobody waits for any more. PostgreSQL ends them
//! itself: it is told the time, and hears when a connection is closed. SQLite runs in this process
//! and asks every so often whether to go on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::sqlx::{self, Postgres, Sqlite, SqliteConnection};

/// Steps of SQLite's machine between two questions: some microseconds.
const STEPS: i32 = 4_000;

/// Until when the statement on a connection may run.
#[derive(Debug)]
pub(in crate::store) struct StatementDeadline {
    since: Instant,
    most: Duration,
    until: AtomicU64,
}

impl StatementDeadline {
    /// No statement may run for longer than this.
    pub(in crate::store) fn new(most: Duration) -> Arc<Self> {
        Arc::new(Self { since: Instant::now(), most, until: AtomicU64::new(u64::MAX) })
    }

    /// A statement begins.
    pub(in crate::store) fn begin(&self) {
        let until = self.since.elapsed().saturating_add(self.most).as_millis();
        self.until.store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// It has ended.
    pub(in crate::store) fn end(&self) {
        self.until.store(u64::MAX, Ordering::Relaxed);
    }

    /// Nobody waits for it any more.
    pub(in crate::store) fn stop(&self) {
        self.until.store(0, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        until == u64::MAX || self.since.elapsed().as_millis() < u128::from(until)
    }
}

/// A database whose statements come to an end.
pub(in crate::store) trait BoundedDatabase: sqlx::Database {
    /// Whether a connection with a statement under way has to be closed rather than used again.
    const CLOSES: bool;

    /// Has the connection ask the watch.
    ///
    /// # Errors
    ///
    /// What sqlx says.
    fn watch(
        connection: &mut Self::Connection,
        watch: &Arc<StatementDeadline>,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

impl BoundedDatabase for Postgres {
    const CLOSES: bool = false;

    async fn watch(
        _: &mut Self::Connection,
        _: &Arc<StatementDeadline>,
    ) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

impl BoundedDatabase for Sqlite {
    const CLOSES: bool = true;

    async fn watch(
        connection: &mut SqliteConnection,
        watch: &Arc<StatementDeadline>,
    ) -> Result<(), sqlx::Error> {
        let watch = Arc::clone(watch);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || watch.goes_on());
        Ok(())
    }
}
