//! The submission pipeline: one call, one verdict per row, one receipt, in one transaction, which
//! single new rows that come at the same time share.

use std::{
    io::BufWriter,
    sync::{Mutex, PoisonError},
};

use entity::catalogue::{Catalogue, Family};
use sha2::{Digest, Sha256};

use crate::{
    audit::{
        collector::{Collector, Noted},
        entry::{Entry, WriteCount},
        log::{AuditLog, Begun},
    },
    authz::{actor::Actor, permit::Permit},
    context::OpCtx,
    domain::{clock, code::Coded as _},
    error::{HubError, Text},
    store::{
        records::{
            receipts::{self, Receipt},
            row::Classes,
            unlisted::UnlistedRegions,
        },
        reference::Reference,
        seal::Seal,
        sql::database::Database,
    },
    submit::{
        draft::Draft,
        parse::{self, InputRow},
        rules::{self, RuleContext},
        shared_commits::SharedCommits,
        verdict::{Answer, Mode},
    },
};

/// Greatest number of rows in one call.
pub const MOST_ROWS: usize = 1_000;
/// Attempts when another writer was faster.
const ATTEMPTS: usize = 4;

/// A submission of an organisation.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Rows by field name.
    pub rows: Vec<InputRow>,
    /// What to do about rejected rows.
    pub mode: Mode,
    /// Source system within the department; empty if it has only one.
    pub source_system: String,
    /// Idempotency key under which the answer is stored.
    pub idempotency_key: String,
}

/// What the pipeline needs in order to accept submissions.
#[derive(Clone, Debug)]
pub struct Submitter {
    /// Connections to the database, for reading and writing.
    pub database: Database,
    /// Keys of sealed columns.
    pub seal: Seal,
    /// Code tables against which codes are checked.
    pub reference: std::sync::Arc<Reference>,
    /// Regions with records that the code tables no longer list.
    pub unlisted: std::sync::Arc<UnlistedRegions>,
    /// Declarations of all families and their fields.
    pub catalogue: std::sync::Arc<Catalogue>,
    /// Audit log, which has an entry before any row is written.
    pub audit: AuditLog,
    /// Where single new rows that come at the same time meet.
    pub commits: SharedCommits,
}

/// A submission with its actor and permit, while it is processed.
pub(super) struct SubmittedWork<'a> {
    pub(super) ctx: &'a OpCtx,
    pub(super) permit: &'a Permit,
    pub(super) submission: &'a Submission,
    pub(super) digest: &'a str,
    pub(super) written: Mutex<WriteCount>,
}

impl SubmittedWork<'_> {
    /// Notes what was committed, for the audit log.
    pub(super) fn wrote(&self, versions: usize, receipts: i64) {
        let versions = i64::try_from(versions).unwrap_or(i64::MAX);
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) =
            WriteCount { versions, receipts };
    }
}

/// A row after the rules were applied, whether or not it passed.
pub(super) struct Checked {
    pub(super) draft: Draft,
    /// Department, source system and number.
    pub(super) reference: String,
    /// The natural key of the record it is or becomes.
    pub(super) stored: String,
    pub(super) fingerprint: String,
    /// Number of faults of the row itself, independently of the store.
    pub(super) faults: usize,
}

impl Submitter {
    /// Submits rows. If the same content arrives again under the same key, the first answer is
    /// returned again, byte for byte.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for too many rows or no key; [`HubError::Conflict`] for a key used
    /// with other content; [`HubError::Unavailable`] when it is not known that anything is durable.
    pub async fn submit(
        &self,
        ctx: &OpCtx,
        actor: &Actor,
        permit: &Permit,
        submission: &Submission,
    ) -> Result<Answer, HubError> {
        check(submission)?;
        let digest = digest(permit.family(), submission)?;
        let operation = format!("submit {} {}", permit.family().name, submission.mode.code());
        let mut entry = Entry::of(actor, ctx.now(), ctx.request(), operation, digest.clone());
        // The audit entry is handed in while the rows are checked; nothing is written without it.
        let mut begun = if submission.mode == Mode::DryRun {
            None
        } else {
            Some(self.audit.begin(&entry).await?)
        };
        let work =
            SubmittedWork { ctx, permit, submission, digest: &digest, written: Mutex::default() };
        let result = self.settled(&work, begun.as_mut()).await;
        entry.written = *work.written.lock().unwrap_or_else(PoisonError::into_inner);
        entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
        if let Ok(answer) = &result {
            let collector = Collector::default();
            let classes: Classes = permit.family().fields.iter().map(|field| field.class).collect();
            let (department, region) = (permit.department().as_str(), permit.region().as_str());
            let ids = answer.verdicts.iter().filter_map(|verdict| verdict.id);
            collector.note(
                permit.family().name,
                ids.map(|id| Noted { id, department, region, classes }),
            );
            collector.drain_into(&mut entry);
        }
        self.audit.append(entry).await?;
        result
    }

    /// Whether an answer is stored under a key of the permit's organisation.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn answered(&self, permit: &Permit, key: &str) -> Result<bool, HubError> {
        Ok(receipts::before(&self.database, permit, key, &[]).await?.receipt.is_some())
    }

    async fn settled(
        &self,
        work: &SubmittedWork<'_>,
        mut begun: Option<&mut Begun>,
    ) -> Result<Answer, HubError> {
        let (permit, submission) = (work.permit, work.submission);
        let mut rows = self.checked(work.ctx, permit, submission);
        self.twins(permit, &mut rows).await?;
        let references = references(&rows);
        let alone = permit.family().inherited().is_none();
        if let (Some(begun), true, 1) = (begun.as_deref_mut(), alone, rows.len())
            && let Some(answer) = self.create_if_free(work, &mut rows, begun).await?
        {
            return Ok(answer);
        }
        let mut attempt = 0;
        loop {
            let result = if let Some(begun) = begun.as_deref_mut() {
                let before = receipts::before(
                    &self.database,
                    permit,
                    &submission.idempotency_key,
                    &references,
                )
                .await?;
                if let Some(receipt) = before.receipt {
                    begun.written().await?;
                    return replay(&receipt, work.digest);
                }
                if alone && !before.known {
                    self.create(work, &mut rows, begun).await
                } else {
                    let entry = begun.written().await?;
                    self.attempt(work, &mut rows, &references, Some(&entry)).await
                }
            } else if alone
                && !receipts::before(
                    &self.database,
                    permit,
                    &submission.idempotency_key,
                    &references,
                )
                .await?
                .known
            {
                self.try_new(work, &mut rows)
            } else {
                self.attempt(work, &mut rows, &references, None).await
            };
            match result {
                Err(HubError::Overtaken(_)) if attempt < ATTEMPTS => attempt += 1,
                Ok(mut answer) if submission.mode == Mode::DryRun => {
                    answer.repeated = self.repeated(permit, &rows, &answer.verdicts).await?;
                    return Ok(answer);
                }
                other => return other,
            }
        }
    }

    pub(super) fn checked(
        &self,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
    ) -> Vec<Checked> {
        let today = clock::shanghai_date(ctx.now());
        let around = RuleContext {
            reference: &self.reference,
            department: permit.department().as_str(),
            source_system: &submission.source_system,
            today,
        };
        let family = permit.family();
        submission
            .rows
            .iter()
            .map(|row| {
                let mut draft = parse::read(family, row, &self.reference, today);
                rules::apply(&mut draft, &around);
                let key = family
                    .key_field()
                    .and_then(|field| draft.text(field.column))
                    .unwrap_or_default();
                let reference = rules::reference_of(
                    permit.department().as_str(),
                    &submission.source_system,
                    key,
                );
                let fingerprint = self.fingerprint(&draft);
                let faults = draft.faults().len();
                let stored = reference.clone();
                Checked { draft, reference, stored, fingerprint, faults }
            })
            .collect()
    }
}

/// Natural keys of the rows, each once, in order.
pub(super) fn references(rows: &[Checked]) -> Vec<String> {
    let mut references: Vec<String> = rows.iter().map(|row| row.reference.clone()).collect();
    references.sort_unstable();
    references.dedup();
    references
}

pub(super) fn check(submission: &Submission) -> Result<(), HubError> {
    if submission.rows.is_empty() || submission.rows.len() > MOST_ROWS {
        return Err(HubError::invalid(
            format!("每次报送 1 至 {MOST_ROWS} 行。请分批。"),
            format!("A submission has 1 to {MOST_ROWS} rows. Split it."),
        ));
    }
    check_key(&submission.idempotency_key)?;
    check_source_system(&submission.source_system)
}

/// Checks that an idempotency key can be stored, compared and shown.
///
/// # Errors
///
/// [`HubError::Invalid`].
pub fn check_key(key: &str) -> Result<(), HubError> {
    if key.trim().is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        return Err(HubError::invalid(
            "idempotencyKey 须为 1 至 200 个可见字符。",
            "idempotencyKey has 1 to 200 visible characters.",
        ));
    }
    Ok(())
}

/// Checks that the name of a source system can be part of a natural key.
///
/// # Errors
///
/// [`HubError::Invalid`].
pub fn check_source_system(system: &str) -> Result<(), HubError> {
    if system.chars().count() > 60
        || system.chars().any(|letter| letter.is_control() || letter == '|')
    {
        return Err(HubError::invalid(
            "sourceSystem 最多 60 个字符，不含竖线和控制字符。",
            "sourceSystem has at most 60 characters, no bar, no control characters.",
        ));
    }
    Ok(())
}

pub(super) fn digest(family: &Family, submission: &Submission) -> Result<String, HubError> {
    let mut hasher = Sha256::new();
    for part in [family.name, submission.mode.code(), submission.source_system.as_str()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    // JSON arrives in small pieces, which are digested far more slowly than whole blocks.
    let mut blocks = BufWriter::with_capacity(8 * 1024, hasher);
    serde_json::to_writer(&mut blocks, &submission.rows).map_err(HubError::internal)?;
    let hasher = blocks.into_inner().map_err(|error| HubError::internal(error.into_error()))?;
    Ok(format!("{:x}", hasher.finalize()))
}

fn replay(receipt: &Receipt, digest: &str) -> Result<Answer, HubError> {
    if receipt.body_digest != digest {
        return Err(HubError::Conflict(Text::new(
            "该幂等键已用于另一内容。请换用新的 idempotencyKey。",
            "This key was used for other content. Use a new idempotencyKey.",
        )));
    }
    serde_json::from_str(&receipt.answer).map_err(HubError::internal)
}
