//! Whether the store takes what a hub writes: a row of its own, written and committed as everything
//! else is.

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Statement};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

impl Database {
    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), HubError> {
        self.look(Statement::from_string(self.backend(), "SELECT 1")).await.map(|_| ())
    }

    /// Whether entries could be appended to the audit log: everything an append needs, and no
    /// entry. On SQLite one lock stands before everything that writes, and
    /// [`Database::probe_commit`] takes it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn probe_audit(&self) -> Result<(), HubError> {
        let backend = self.backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let sql = "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE false";
        self.run_for_log(Statement::from_string(backend, sql)).await.map(|_| ())
    }

    /// Writes something on a connection of the audit log, and waits until it is durable.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn probe_commit(&self, hub: Uuid, now: DateTime<Utc>) -> Result<(), HubError> {
        let sql = "INSERT INTO hub_probes (hub, at) VALUES (?, ?) ON CONFLICT (hub) DO UPDATE SET at = excluded.at";
        self.run_for_log(statement(self.backend(), sql, vec![hub.into(), now.into()]))
            .await
            .map(|_| ())
    }

    /// Forgets hubs that have not shown since an instant that they can write.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn probes_prune(&self, before: DateTime<Utc>) -> Result<(), HubError> {
        self.returning("DELETE FROM hub_probes WHERE at < ? RETURNING hub", vec![before.into()])
            .await
            .map(|_| ())
    }
}
