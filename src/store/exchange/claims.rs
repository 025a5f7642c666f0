//! Who works on a job: claimed for a short while, renewed, given back; and the end of jobs and of
//! their content.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use crate::{
    domain::code::Coded as _,
    error::HubError,
    store::{
        exchange::jobs::{COLUMNS, Job, JobProgress, JobState, job},
        sql::{
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

/// Values of a job's progress, in the order of [`SETTLED`].
fn settled(progress: &JobProgress) -> Vec<Value> {
    let (transaction, position) = progress.event.parts();
    vec![
        progress.chunks.into(),
        progress.rows.into(),
        progress.created.into(),
        progress.updated.into(),
        progress.unchanged.into(),
        progress.rejected.into(),
        progress.skipped.into(),
        progress.accepted.as_str().into(),
        transaction.into(),
        position.into(),
        Some(progress.reading.as_str())
            .filter(|text| !text.is_empty())
            .map(ToOwned::to_owned)
            .into(),
    ]
}

const SETTLED: &str = "chunks = ?, row_count = ?, created = ?, updated = ?, unchanged = ?, rejected = ?, skipped = ?, \
    accepted = ?, event_transaction = ?, event_position = ?, reading = ?";

impl Database {
    /// Claims a job that nobody works on: the oldest of the organisation that has had no turn for
    /// the longest.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_claim(
        &self,
        worker: Uuid,
        now: DateTime<Utc>,
        lasting: Duration,
    ) -> Result<Option<Job>, HubError> {
        if !self.jobs_wait().await? {
            return Ok(None);
        }
        let locked =
            if self.backend() == DbBackend::Postgres { " FOR UPDATE OF j SKIP LOCKED" } else { "" };
        // A claim that ends later than any can was made by a clock that has been set back since. On
        // SQLite there is one hub: what another worker claimed, a hub claimed that is gone.
        let gone = if self.backend() == DbBackend::Postgres { "" } else { " OR j.worker <> ?" };
        let sql = format!(
            "UPDATE exchange_jobs SET worker = ?, worker_until = ?, state = CASE state WHEN 'QUEUED' THEN 'RUNNING' ELSE state END \
             WHERE id = (SELECT j.id FROM exchange_jobs AS j LEFT JOIN exchange_turns AS t \
             ON t.department = j.department AND t.region_code = j.region_code \
             WHERE j.state IN ('QUEUED', 'RUNNING', 'CANCELLING') \
             AND (j.worker_until IS NULL OR j.worker_until < ? OR j.worker_until > ?{gone}) \
             ORDER BY COALESCE(t.turn, 0), j.created_at, j.id LIMIT 1{locked}) RETURNING {COLUMNS}"
        );
        let mut values: Vec<Value> =
            vec![worker.into(), (now + lasting).into(), now.into(), (now + lasting * 4).into()];
        if !gone.is_empty() {
            values.push(worker.into());
        }
        let backend = self.backend();
        let transaction = self.begin().await?;
        let result = async {
            let rows = transaction.all(statement(backend, &sql, values)).await?;
            let Some(claimed) = rows.first().map(job).transpose()? else { return Ok(None) };
            // It has had its turn: the others come first now.
            let turn = "INSERT INTO exchange_turns (department, region_code, turn) \
                VALUES (?, ?, (SELECT COALESCE(MAX(turn), 0) + 1 FROM exchange_turns)) \
                ON CONFLICT (department, region_code) DO UPDATE SET turn = excluded.turn";
            let values = vec![claimed.department.as_str().into(), claimed.region.as_str().into()];
            transaction.run(statement(backend, turn, values)).await?;
            Ok(Some(claimed))
        };
        match result.await {
            Ok(claimed) => transaction.commit().await.map(|()| claimed),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }

    /// Whether another organisation than this has a job that nobody works on.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn others_wait(&self, own: &Job, now: DateTime<Utc>) -> Result<bool, HubError> {
        let sql = "SELECT 1 FROM exchange_jobs WHERE state IN ('QUEUED', 'RUNNING') AND (worker_until IS NULL OR worker_until < ?) \
            AND NOT (department = ? AND region_code = ?) LIMIT 1";
        let values = vec![now.into(), own.department.as_str().into(), own.region.as_str().into()];
        self.look(statement(self.backend(), sql, values)).await.map(|row| row.is_some())
    }

    /// Whether any job has not ended. Workers look every few seconds, so this takes no lock, and
    /// does not count as a statement.
    async fn jobs_wait(&self) -> Result<bool, HubError> {
        let sql = "SELECT 1 FROM exchange_jobs WHERE state IN ('QUEUED', 'RUNNING', 'CANCELLING') LIMIT 1";
        self.look(statement(self.backend(), sql, Vec::new())).await.map(|row| row.is_some())
    }

    /// Renews a claim. Returns where the job stands if it is still this worker's.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_renew(
        &self,
        worker: Uuid,
        id: Uuid,
        until: DateTime<Utc>,
    ) -> Result<Option<JobState>, HubError> {
        let sql = format!(
            "UPDATE exchange_jobs SET worker_until = ? WHERE id = ? AND worker = ? RETURNING {COLUMNS}"
        );
        let rows = self.returning(&sql, vec![until.into(), id.into(), worker.into()]).await?;
        Ok(rows.first().map(job).transpose()?.map(|job| job.state))
    }

    /// Keeps how far a job is, and renews the claim.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_advance(
        &self,
        worker: Uuid,
        id: Uuid,
        progress: &JobProgress,
        until: DateTime<Utc>,
    ) -> Result<Option<JobState>, HubError> {
        let sql = format!(
            "UPDATE exchange_jobs SET {SETTLED}, worker_until = ? WHERE id = ? AND worker = ? RETURNING {COLUMNS}"
        );
        let mut values = settled(progress);
        values.extend([until.into(), id.into(), worker.into()]);
        let rows = self.returning(&sql, values).await?;
        Ok(rows.first().map(job).transpose()?.map(|job| job.state))
    }

    /// Ends a job, if it is still this worker's.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_end(
        &self,
        worker: Uuid,
        job: &Job,
        progress: &JobProgress,
        (state, error): (JobState, Option<&HubError>),
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let sql = format!(
            "UPDATE exchange_jobs SET {SETTLED}, state = ?, error_code = ?, error_zh = ?, error_en = ?, finished_at = ?, \
             worker_until = NULL WHERE id = ? AND worker = ? RETURNING id"
        );
        let (code, text) = error.map(|error| (error.code(), error.text())).unzip();
        let (zh, en) = text.map(|text| (text.zh, text.en)).unzip();
        let mut values = settled(progress);
        values.extend([
            state.code().into(),
            code.into(),
            zh.into(),
            en.into(),
            now.into(),
            job.id.into(),
            worker.into(),
        ]);
        self.returning(&sql, values).await.map(|_| ())
    }

    /// Gives a claim back, so that another worker may go on at once.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_release(&self, worker: Uuid, id: Uuid) -> Result<(), HubError> {
        let sql =
            "UPDATE exchange_jobs SET worker_until = NULL WHERE id = ? AND worker = ? RETURNING id";
        self.returning(sql, vec![id.into(), worker.into()]).await.map(|_| ())
    }

    /// Deletes the content of jobs that ended before an instant, and ends those whose content has
    /// been coming since before it. Returns how many.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn jobs_empty(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<usize, HubError> {
        let backend = self.backend();
        let transaction = self.begin().await?;
        let result = emptied(&transaction, backend, before, now).await;
        match result {
            Ok(number) => transaction.commit().await.map(|()| number),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }
}

async fn emptied(
    transaction: &Transaction,
    backend: DbBackend,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, HubError> {
    let abandon = "UPDATE exchange_jobs SET state = 'CANCELLED', finished_at = created_at WHERE state = 'RECEIVING' AND created_at < ?";
    transaction.run(statement(backend, abandon, vec![before.into()])).await?;
    let old = "SELECT id FROM exchange_jobs WHERE emptied_at IS NULL AND finished_at < ?";
    for table in ["exchange_parts", "exchange_answers"] {
        let sql = format!("DELETE FROM {table} WHERE job_id IN ({old})");
        transaction.run(statement(backend, &sql, vec![before.into()])).await?;
    }
    let mark = "UPDATE exchange_jobs SET emptied_at = ?, kept_bytes = 0 WHERE emptied_at IS NULL AND finished_at < ? RETURNING id";
    Ok(transaction.all(statement(backend, mark, vec![now.into(), before.into()])).await?.len())
}
