//! One state of the store, read statement by statement for as long as it is needed. It knows its
//! place in the order of commits.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{DbBackend, QueryResult, Statement};

use crate::{
    error::{HubError, redacted},
    store::sql::{link::DbConnection, point::FeedOffset},
};

/// A transaction that reads, and nothing asked of it yet. Dropped in the middle it costs its
/// connection, so the expected ways out end with `close`.
pub struct Snapshot {
    pub(in crate::store) link: DbConnection,
    pub(in crate::store) backend: DbBackend,
    pub(in crate::store) statements: Arc<AtomicU64>,
    place: FeedOffset,
}

impl Snapshot {
    /// Begins to read on a connection.
    pub(in crate::store) async fn on(
        mut link: DbConnection,
        backend: DbBackend,
        statements: Arc<AtomicU64>,
    ) -> Result<Self, HubError> {
        link.begin_reading().await?;
        statements.fetch_add(2, Ordering::Relaxed);
        // The first statement fixes the state, and tells where it stands.
        let row = link.one(FeedOffset::horizon(backend)).await?;
        let place = FeedOffset::of_horizon(row.as_ref())?;
        Ok(Self { link, backend, statements, place })
    }

    /// The same of a store that may have lost its events: without a place, its state fixed by the
    /// first look.
    pub(super) async fn without_place(
        mut link: DbConnection,
        backend: DbBackend,
        statements: Arc<AtomicU64>,
    ) -> Result<Self, HubError> {
        link.begin_reading().await?;
        Ok(Self { link, backend, statements, place: FeedOffset::default() })
    }

    /// Where the change feed goes on: all that lies before it is in this state.
    #[must_use]
    pub const fn place(&self) -> FeedOffset {
        self.place
    }

    /// All rows of a statement in this state.
    pub(in crate::store) async fn look(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, HubError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(self.link.all(statement).await?)
    }

    /// Ends the transaction and keeps the connection. Where that fails the connection is closed,
    /// which comes to the same.
    pub async fn close(self) {
        let mut link = self.link;
        if let Err(error) = link.end("ROLLBACK").await {
            tracing::debug!(
                error = redacted(&error),
                "a snapshot was ended by closing its connection"
            );
        }
    }
}
