//! A place in the order of commits.

use sea_orm::{DbBackend, QueryResult, Statement};

use crate::error::HubError;

/// A place in the order of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedOffset {
    pub(in crate::store) transaction: i64,
    pub(in crate::store) position: i64,
}

impl FeedOffset {
    /// Behind the event with this position, written by this transaction (0 on SQLite), as a
    /// statement gives both.
    #[must_use]
    pub(in crate::store) const fn new(transaction: i64, position: i64) -> Self {
        Self { transaction, position }
    }

    /// Transaction and position, as they are kept.
    pub(in crate::store) const fn parts(self) -> (i64, i64) {
        (self.transaction, self.position)
    }

    /// A statement for the place before which nothing appears any more, as the transaction that
    /// runs it sees the store; its row goes to [`FeedOffset::of_horizon`].
    pub(in crate::store) fn horizon(backend: DbBackend) -> Statement {
        let sql = match backend {
            DbBackend::Postgres => {
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0::bigint"
            }
            _ => "SELECT 0, COALESCE(MAX(position), 0) FROM change_events",
        };
        Statement::from_string(backend, sql)
    }

    /// The place that [`FeedOffset::horizon`] found.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub(in crate::store) fn of_horizon(row: Option<&QueryResult>) -> Result<Self, HubError> {
        let Some(row) = row else { return Ok(Self::default()) };
        Ok(Self::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?))
    }
}
