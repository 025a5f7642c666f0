//! What is counted for each organisation: rows handed in by day, bytes kept of its files, files
//! that are not done.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

impl Database {
    /// Keeps how many rows of an organisation a hub has counted on a day. Returns how many others
    /// have.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn organisation_rows(
        &self,
        actor: &Actor,
        hub: Uuid,
        day: NaiveDate,
        own: u64,
    ) -> Result<u64, HubError> {
        let (department, region) = (actor.department().as_str(), actor.region().as_str());
        if own > 0 {
            let sql = "INSERT INTO organisation_days (department, region_code, day, hub, row_count) VALUES (?, ?, ?, ?, ?) \
                ON CONFLICT (department, region_code, day, hub) DO UPDATE SET row_count = excluded.row_count RETURNING hub";
            let own = i64::try_from(own).unwrap_or(i64::MAX);
            self.returning(
                sql,
                vec![department.into(), region.into(), day.into(), hub.into(), own.into()],
            )
            .await?;
        }
        let sql = "SELECT CAST(COALESCE(SUM(row_count), 0) AS BIGINT) FROM organisation_days \
            WHERE department = ? AND region_code = ? AND day = ? AND hub <> ?";
        let values = vec![department.into(), region.into(), day.into(), hub.into()];
        self.sum(sql, values).await
    }

    /// Forgets the days before one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn organisation_days_prune(&self, before: NaiveDate) -> Result<(), HubError> {
        self.returning(
            "DELETE FROM organisation_days WHERE day < ? RETURNING hub",
            vec![before.into()],
        )
        .await
        .map(|_| ())
    }

    /// Bytes kept of an organisation's files, but for those of one job.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn kept_bytes(
        &self,
        department: &str,
        region: &str,
        but: Uuid,
    ) -> Result<u64, HubError> {
        let sql = "SELECT CAST(COALESCE(SUM(kept_bytes), 0) AS BIGINT) FROM exchange_jobs \
            WHERE department = ? AND region_code = ? AND emptied_at IS NULL AND id <> ?";
        self.sum(sql, vec![department.into(), region.into(), but.into()]).await
    }

    /// Files of an actor's organisation that are coming in, wait or are being taken in.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn jobs_waiting(&self, actor: &Actor) -> Result<u64, HubError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM exchange_jobs WHERE department = ? AND region_code = ? \
            AND state IN ('RECEIVING', 'QUEUED', 'RUNNING', 'CANCELLING')";
        self.sum(sql, vec![actor.department().as_str().into(), actor.region().as_str().into()])
            .await
    }

    /// A number that is not negative.
    async fn sum(&self, sql: &str, values: Vec<sea_orm::Value>) -> Result<u64, HubError> {
        let row = self.look(statement(self.backend(), sql, values)).await?;
        let number: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        Ok(u64::try_from(number).unwrap_or_default())
    }
}
