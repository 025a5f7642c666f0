//! How many connections there are, and how long they are waited for.

use std::time::Duration;

/// Sizes and times of the pools.
#[derive(Clone, Copy, Debug)]
pub struct PoolLimits {
    /// Connections at most, beside those for the audit log and for changes of the schema.
    pub connections: u32,
    /// A statement is cancelled by the database after this.
    pub statement: Duration,
    /// An answer of the database is waited for no longer than this, whatever became of the
    /// database; the connection is given up then. Longer than `statement`, so that the database is
    /// the first to say something where it can.
    pub answer: Duration,
    /// The same for the audit log, which everybody waits for.
    pub audit: Duration,
    /// Waiting for a connection ends after this.
    pub acquire: Duration,
    /// Snapshots at the same time, on connections of their own.
    pub snapshots: u32,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self::within(Duration::from_secs(20))
    }
}

impl PoolLimits {
    /// Bounds where a statement may take so long.
    #[must_use]
    pub fn within(statement: Duration) -> Self {
        // An entry of the audit log is short.
        let audit = statement.clamp(Duration::from_secs(1), Duration::from_secs(10));
        let answer = statement + Duration::from_secs(2);
        Self {
            connections: 16,
            statement,
            answer,
            audit,
            acquire: Duration::from_secs(5),
            snapshots: 4,
        }
    }

    /// How long SQLite waits for a lock that somebody else holds: it is the first to say so.
    pub(in crate::store) fn lock(self) -> Duration {
        self.audit * 4 / 5
    }
}
