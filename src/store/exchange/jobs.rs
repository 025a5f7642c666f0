//! Jobs that take in files: who sent what, how far it is, who works on it. Their content stands in
//! [`crate::store::exchange::parts`].
//!
//! A job belongs to an organisation: whoever asks is an [`Actor`] of it. Workers claim jobs for a
//! short while and renew the claim; two workers at once do no harm, as every chunk has a receipt,
//! so a clock that jumps costs time and nothing else.

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

/// What is set when a job begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRequest {
    /// Idempotency key, unique in the organisation.
    pub key: String,
    /// Family.
    pub family: String,
    /// `DRY_RUN`, `ATOMIC` or `PARTIAL`.
    pub mode: String,
    /// `NDJSON`, `CSV` or `XLSX`.
    pub format: String,
    /// Encoding that the sender named.
    pub charset: Option<String>,
    /// System of the department; empty where it has one only.
    pub source_system: String,
    /// Name and text of the profile, as it was when the job began.
    pub profile: Option<(String, String)>,
    /// Whether hidden rows and columns of a workbook are left.
    pub leave_hidden: bool,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// Its content is still coming.
    Receiving,
    /// Its content is whole; it waits for a worker.
    Queued,
    /// Its rows are being taken in.
    Running,
    /// It was told to stop and has not yet.
    Cancelling,
    /// All its rows have a verdict.
    Done,
    /// The file as a whole could not be taken in.
    Failed,
    /// It was stopped; what was taken in before stays.
    Cancelled,
}

impl JobState {
    /// Whether nothing happens to it any more.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What became of the rows so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobProgress {
    /// Chunks that are settled, from the first on without a gap.
    pub chunks: i32,
    /// Rows with a verdict.
    pub rows: i64,
    /// New records.
    pub created: i64,
    /// Records with a new version.
    pub updated: i64,
    /// Records that were so already.
    pub unchanged: i64,
    /// Rows not taken.
    pub rejected: i64,
    /// Rows left out by a rule of the profile.
    pub skipped: i64,
    /// Digest over all rows taken, see `exchange::intake::progress`.
    pub accepted: String,
    /// Where the change feed goes on behind what it did.
    pub event: FeedOffset,
    /// What was made of the table as a whole, as JSON; empty where there is nothing to tell.
    pub reading: String,
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Identifier.
    pub id: Uuid,
    /// Department that sent it.
    pub department: String,
    /// Region of the organisation that sent it.
    pub region: String,
    /// Account that sent it.
    pub subject: String,
    /// What was ordered.
    pub order: JobRequest,
    /// Where it stands.
    pub state: JobState,
    /// Which upload its content comes from.
    pub generation: i32,
    /// Bytes of content that are durable.
    pub received: i64,
    /// SHA-256 of the whole content, once it is whole.
    pub digest: Option<String>,
    /// What became of its rows.
    pub progress: JobProgress,
    /// Why it failed.
    pub error: Option<(String, Text)>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ended.
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
    /// Runs one statement that writes, in a transaction of its own, and gives what it returns.
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

    /// Begins a job, unless the organisation has one under that key.
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

    /// The job of the actor's organisation under a key.
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

    /// Jobs of the actor's organisation, newest first, older than one of them.
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

    /// Tells a job to stop. Returns whether it had not ended yet.
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
