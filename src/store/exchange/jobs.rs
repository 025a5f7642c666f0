//! Jobs that take in files: who sent what, how far it has got, who works on it. The content itself
//! is in [`crate::store::exchange::parts`].
//!
//! A job belongs to an organisation; callers are an [`Actor`] of it. Workers claim a job for a
//! short time and renew the claim. Two workers at once do no harm, because every chunk has a
//! receipt, so a clock that jumps only costs time.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    domain::code::Coded as _,
    error::{HubError, Text},
    store::{
        feed::checkpoint::FeedOffset,
        sql::{database::Database, statement::statement},
    },
};

/// What the sender fixes when creating a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRequest {
    /// Idempotency key, unique in the organisation.
    pub key: String,
    /// Name of the record family the rows belong to.
    pub family: String,
    /// `DRY_RUN`, `ATOMIC` or `PARTIAL`.
    pub mode: String,
    /// `NDJSON`, `CSV` or `XLSX`.
    pub format: String,
    /// Character encoding the sender declared; `None` leaves it to detection.
    pub charset: Option<String>,
    /// Source system within the department; empty when the department has only one.
    pub source_system: String,
    /// Name and TOML text of the import profile, as it was when the job was created.
    pub profile: Option<(String, String)>,
    /// Whether hidden rows and columns of a workbook are skipped.
    pub leave_hidden: bool,
}

/// State of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// Its content is still being uploaded.
    Receiving,
    /// Its content is complete; it waits for a worker.
    Queued,
    /// A worker is processing its rows.
    Running,
    /// Cancellation was requested, but the worker has not stopped yet.
    Cancelling,
    /// Every row has a verdict.
    Done,
    /// The file as a whole could not be processed.
    Failed,
    /// It was cancelled; rows accepted before that stay.
    Cancelled,
}

impl JobState {
    /// Whether the state is final.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What became of the rows so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobProgress {
    /// Chunks completed, counted from the first without a gap.
    pub chunks: i32,
    /// Rows that have a verdict.
    pub rows: i64,
    /// Rows that created a record.
    pub created: i64,
    /// Rows that gave a record a new version.
    pub updated: i64,
    /// Rows that match the stored record, so that nothing was written.
    pub unchanged: i64,
    /// Rows that were refused.
    pub rejected: i64,
    /// Rows skipped by a rule of the import profile.
    pub skipped: i64,
    /// Digest over all accepted rows; see `exchange::intake::progress`.
    pub accepted: String,
    /// Position in the change feed right after the job's last write.
    pub event: FeedOffset,
    /// Report on how the table as a whole was read, as JSON; empty when there is nothing to report.
    pub reading: String,
}

/// A job (文件任务): one file on its way in, as stored.
#[derive(Clone, Debug)]
pub struct Job {
    /// Identifier of the job, as in `/exchange/jobs/{id}`.
    pub id: Uuid,
    /// Department that sent it.
    pub department: String,
    /// Region of the organisation that sent it.
    pub region: String,
    /// Account that sent it.
    pub subject: String,
    /// What the sender fixed when creating the job.
    pub order: JobRequest,
    /// State of the job.
    pub state: JobState,
    /// Number of the current upload: it grows by one each time the upload is restarted.
    pub generation: i32,
    /// Bytes of content stored durably so far.
    pub received: i64,
    /// SHA-256 of the whole content in hexadecimal digits; `None` until the upload is complete.
    pub digest: Option<String>,
    /// What became of its rows so far.
    pub progress: JobProgress,
    /// Code and message of the failure; `None` unless the job failed.
    pub error: Option<(String, Text)>,
    /// When the job was created.
    pub created_at: DateTime<Utc>,
    /// When the job ended; `None` until then.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether its content has been deleted.
    pub emptied: bool,
}

pub(in crate::store) const COLUMNS: &str = "id, department, region_code, subject, idempotency_key, family, mode, format, charset, source_system, \
    profile_name, profile, state, generation, received, content_digest, chunks, row_count, created, updated, unchanged, rejected, \
    skipped, accepted, event_transaction, event_position, error_code, error_zh, error_en, created_at, finished_at, emptied_at, leave_hidden, reading";

pub(in crate::store) fn job(row: &QueryResult) -> Result<Job, HubError> {
    let state: String = row.try_get_by_index(12)?;
    let name: Option<String> = row.try_get_by_index(10)?;
    let profile: Option<String> = row.try_get_by_index(11)?;
    let code: Option<String> = row.try_get_by_index(26)?;
    let words =
        |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
    Ok(Job {
        id: row.try_get_by_index(0)?,
        department: row.try_get_by_index(1)?,
        region: row.try_get_by_index(2)?,
        subject: row.try_get_by_index(3)?,
        order: JobRequest {
            key: row.try_get_by_index(4)?,
            family: row.try_get_by_index(5)?,
            mode: row.try_get_by_index(6)?,
            format: row.try_get_by_index(7)?,
            charset: row.try_get_by_index(8)?,
            source_system: row.try_get_by_index(9)?,
            profile: name.zip(profile),
            leave_hidden: row.try_get_by_index::<Option<bool>>(32)?.unwrap_or(false),
        },
        state: JobState::ALL
            .iter()
            .copied()
            .find(|own| own.code() == state)
            .ok_or_else(|| HubError::internal("a job's state"))?,
        generation: row.try_get_by_index(13)?,
        received: row.try_get_by_index(14)?,
        digest: row.try_get_by_index(15)?,
        progress: JobProgress {
            chunks: row.try_get_by_index(16)?,
            rows: row.try_get_by_index(17)?,
            created: row.try_get_by_index(18)?,
            updated: row.try_get_by_index(19)?,
            unchanged: row.try_get_by_index(20)?,
            rejected: row.try_get_by_index(21)?,
            skipped: row.try_get_by_index(22)?,
            accepted: row.try_get_by_index(23)?,
            event: FeedOffset::new(row.try_get_by_index(24)?, row.try_get_by_index(25)?),
            reading: words(33)?,
        },
        error: match code {
            Some(code) => Some((code, Text::new(words(27)?, words(28)?))),
            None => None,
        },
        created_at: row.try_get_by_index(29)?,
        finished_at: row.try_get_by_index(30)?,
        emptied: row.try_get_by_index::<Option<DateTime<Utc>>>(31)?.is_some(),
    })
}

impl Database {
    /// Runs one writing statement in a transaction of its own and returns the rows it gives back.
    pub(in crate::store) async fn returning(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<QueryResult>, HubError> {
        let transaction = self.begin().await?;
        let rows = transaction.all(statement(self.backend(), sql, values)).await;
        match rows {
            Ok(rows) => transaction.commit().await.map(|()| rows),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }

    /// Creates a job, unless the organisation already has one with that idempotency key.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_begin(
        &self,
        actor: &Actor,
        id: Uuid,
        order: &JobRequest,
        now: DateTime<Utc>,
    ) -> Result<Option<Job>, HubError> {
        let sql = format!(
            "INSERT INTO exchange_jobs (id, department, region_code, subject, idempotency_key, family, mode, format, charset, \
             source_system, profile_name, profile, state, generation, created_at, received, chunks, row_count, created, updated, \
             unchanged, rejected, skipped, accepted, event_transaction, event_position, leave_hidden) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'RECEIVING', 1, ?, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0, ?) \
             ON CONFLICT (department, region_code, idempotency_key) DO NOTHING RETURNING {COLUMNS}"
        );
        let (name, profile) = order.profile.clone().unzip();
        let values = vec![
            id.into(),
            actor.department().as_str().into(),
            actor.region().as_str().into(),
            actor.subject().into(),
            order.key.as_str().into(),
            order.family.as_str().into(),
            order.mode.as_str().into(),
            order.format.as_str().into(),
            order.charset.clone().into(),
            order.source_system.as_str().into(),
            name.into(),
            profile.into(),
            now.into(),
            order.leave_hidden.into(),
        ];
        self.returning(&sql, values).await?.first().map(job).transpose()
    }

    /// A job of the actor's organisation.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job(&self, actor: &Actor, id: Uuid) -> Result<Option<Job>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM exchange_jobs WHERE id = ? AND department = ? AND region_code = ?"
        );
        let values =
            vec![id.into(), actor.department().as_str().into(), actor.region().as_str().into()];
        self.one(statement(self.backend(), &sql, values)).await?.as_ref().map(job).transpose()
    }

    /// The job of the actor's organisation with this idempotency key.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_under(&self, actor: &Actor, key: &str) -> Result<Option<Job>, HubError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM exchange_jobs WHERE idempotency_key = ? AND department = ? AND region_code = ?"
        );
        let values =
            vec![key.into(), actor.department().as_str().into(), actor.region().as_str().into()];
        self.one(statement(self.backend(), &sql, values)).await?.as_ref().map(job).transpose()
    }

    /// Jobs of the actor's organisation, newest first, starting after a given one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn jobs(
        &self,
        actor: &Actor,
        before: Option<&Job>,
        first: u64,
    ) -> Result<Vec<Job>, HubError> {
        let mut values: Vec<Value> =
            vec![actor.department().as_str().into(), actor.region().as_str().into()];
        let older = before.map_or("", |job| {
            values.extend([job.created_at.into(), job.created_at.into(), job.id.into()]);
            " AND (created_at < ? OR (created_at = ? AND id < ?))"
        });
        let sql = format!(
            "SELECT {COLUMNS} FROM exchange_jobs WHERE department = ? AND region_code = ?{older} \
             ORDER BY created_at DESC, id DESC LIMIT {first}"
        );
        self.all(statement(self.backend(), &sql, values)).await?.iter().map(job).collect()
    }

    /// Requests cancellation of a job. Returns whether the job was still unfinished.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn job_cancel(
        &self,
        actor: &Actor,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = "UPDATE exchange_jobs SET state = CASE WHEN state = 'RUNNING' THEN 'CANCELLING' ELSE 'CANCELLED' END, \
            finished_at = CASE WHEN state = 'RUNNING' THEN NULL ELSE ? END \
            WHERE id = ? AND department = ? AND region_code = ? AND state IN ('RECEIVING', 'QUEUED', 'RUNNING') RETURNING id";
        let values = vec![
            now.into(),
            id.into(),
            actor.department().as_str().into(),
            actor.region().as_str().into(),
        ];
        Ok(!self.returning(sql, values).await?.is_empty())
    }
}
