//! The submission pipeline: one call, one transaction, one verdict a row, one receipt.

use std::collections::HashMap;

use entity::catalogue::{Catalogue, Family};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    audit::{
        entry::{Collector, Entry, Noted},
        log::AuditLog,
    },
    authz::{actor::Actor, permit::Permit},
    context::OpCtx,
    domain::clock,
    error::{HubError, Text},
    store::{
        cell::shown,
        database::{Database, Transaction},
        receipts::{self, Receipt},
        reference::Reference,
        row::Classes,
        seal::Seal,
        versions::NewVersion,
    },
    submit::{
        batch::{Batch, author},
        content::relocated,
        draft::Draft,
        parse::{self, InputRow},
        rules::{self, Around},
        toll,
        verdict::{Answer, Mode, Outcome},
    },
};

/// Most rows of one call.
pub const MOST_ROWS: usize = 1_000;
/// Attempts when another writer is faster.
const ATTEMPTS: usize = 4;

/// What an organisation hands in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Rows by field name.
    pub rows: Vec<InputRow>,
    /// What to do about rejected rows.
    pub mode: Mode,
    /// System of the department; empty where it has one only.
    pub source_system: String,
    /// Key under which the answer is kept.
    pub idempotency_key: String,
}

/// What handing in needs.
#[derive(Clone, Debug)]
pub struct Submitter {
    /// Connections.
    pub database: Database,
    /// Keys of sealed columns.
    pub seal: Seal,
    /// Code tables.
    pub reference: std::sync::Arc<Reference>,
    /// Families.
    pub catalogue: std::sync::Arc<Catalogue>,
    /// Audit log.
    pub audit: AuditLog,
}

/// A row that has passed the rules, or has not.
pub(super) struct Checked {
    pub(super) draft: Draft,
    pub(super) reference: String,
    pub(super) fingerprint: String,
}

impl Submitter {
    /// Hands in rows. The answer to a key is given again, byte for byte, when the same content comes with it again.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for too many rows or no key; [`HubError::Conflict`] for a key used with other content;
    /// [`HubError::Unavailable`] when nothing is known to be durable.
    pub async fn submit(&self, ctx: &OpCtx, actor: &Actor, permit: &Permit, submission: &Submission) -> Result<Answer, HubError> {
        check(submission)?;
        let digest = digest(permit.family(), submission)?;
        let operation = format!("submit {} {}", permit.family().name, submission.mode.code());
        let mut entry = Entry::of(actor, ctx.now(), ctx.request(), operation, digest.clone());
        if submission.mode != Mode::DryRun {
            entry.outcome = "BEGUN".to_owned();
            self.audit.append(entry.clone()).await?;
        }
        let result = self.settled(ctx, permit, submission, &digest).await;
        entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
        if let Ok(answer) = &result {
            let collector = Collector::default();
            let classes: Classes = permit.family().fields.iter().map(|field| field.class).collect();
            let (department, region) = (permit.department(), permit.region().as_str());
            let ids = answer.verdicts.iter().filter_map(|verdict| verdict.id);
            collector.note(permit.family().name, ids.map(|id| Noted { id, department, region, classes }));
            collector.drain_into(&mut entry);
        }
        self.audit.append(entry).await?;
        result
    }

    async fn settled(&self, ctx: &OpCtx, permit: &Permit, submission: &Submission, digest: &str) -> Result<Answer, HubError> {
        let rows = self.checked(ctx, permit, submission);
        let mut attempt = 0;
        loop {
            if submission.mode != Mode::DryRun
                && let Some(receipt) = receipts::find(&self.database, permit, &submission.idempotency_key).await?
            {
                return replay(&receipt, digest);
            }
            match self.attempt(ctx, permit, submission, digest, &rows).await {
                Err(HubError::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                other => return other,
            }
        }
    }

    fn checked(&self, ctx: &OpCtx, permit: &Permit, submission: &Submission) -> Vec<Checked> {
        let today = clock::shanghai_date(ctx.now());
        let around =
            Around { reference: &self.reference, department: permit.department(), source_system: &submission.source_system, today };
        let family = permit.family();
        submission
            .rows
            .iter()
            .map(|row| {
                let mut draft = parse::read(family, row, &self.reference, today);
                rules::apply(&mut draft, &around);
                let key = family.key_field().and_then(|field| draft.text(field.column)).unwrap_or_default();
                let reference = rules::reference_of(permit.department(), &submission.source_system, key);
                let fingerprint = self.fingerprint(&draft);
                Checked { draft, reference, fingerprint }
            })
            .collect()
    }

    async fn attempt(
        &self,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
        digest: &str,
        rows: &[Checked],
    ) -> Result<Answer, HubError> {
        let transaction = self.database.begin().await?;
        let result = self.within(&transaction, ctx, permit, submission, digest, rows).await;
        if result.is_ok() && submission.mode != Mode::DryRun {
            transaction.commit().await?;
        } else {
            transaction.rollback().await;
        }
        result
    }

    /// What is done in one transaction. Of a dry run everything is tried as the commit would, and nothing stays.
    async fn within(
        &self,
        transaction: &Transaction,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
        digest: &str,
        rows: &[Checked],
    ) -> Result<Answer, HubError> {
        let mut references: Vec<String> = rows.iter().map(|row| row.reference.clone()).collect();
        references.sort();
        references.dedup();
        // Parents are locked before their children and new rows are written in the order of their keys, here and everywhere:
        // two submissions may wait for one another, but not in a circle.
        let parents = self.parents(transaction, permit, rows).await?;
        let known = transaction.known(permit, &references).await?;
        let mut batch = Batch::new(permit.family(), known, parents);
        for (index, row) in rows.iter().enumerate() {
            batch.judge(self, ctx, permit, &submission.source_system, index, row)?;
        }
        let rejected = batch.verdicts.iter().any(|verdict| verdict.outcome == Outcome::Rejected);
        let void = submission.mode == Mode::Atomic && rejected;
        if void {
            batch.void();
        }
        let mut answer = Answer {
            receipt: ctx.new_id(),
            mode: submission.mode,
            at: shown(ctx.now()),
            digest: digest.to_owned(),
            verdicts: std::mem::take(&mut batch.verdicts),
        };
        if !void {
            self.compare(transaction, permit, &mut batch).await?;
            batch.created.sort_by(|one, other| one.reference.cmp(&other.reference));
            transaction.insert(permit, &batch.created, ctx.now()).await?;
            transaction.update(permit, &batch.updated, ctx.now()).await?;
            self.cascade(transaction, ctx, permit, &mut batch).await?;
            transaction.append(&author(ctx, permit), permit.family(), &batch.versions).await?;
            toll::warn(transaction, permit, &accidents(permit, rows), &mut answer.verdicts).await?;
        }
        if submission.mode == Mode::DryRun {
            for verdict in answer.verdicts.iter_mut().filter(|verdict| verdict.outcome == Outcome::Created) {
                verdict.id = None;
            }
            return Ok(answer);
        }
        let text = serde_json::to_string(&answer).map_err(HubError::internal)?;
        let receipt = Receipt { body_digest: digest.to_owned(), answer: text };
        transaction.keep(permit, &submission.idempotency_key, &receipt, ctx.now()).await?;
        Ok(answer)
    }

    /// Region and industry of the accidents that victims name.
    async fn parents(
        &self,
        transaction: &Transaction,
        permit: &Permit,
        rows: &[Checked],
    ) -> Result<HashMap<String, (String, Option<String>)>, HubError> {
        let Some((column, family)) = inherits(permit.family(), &self.catalogue) else { return Ok(HashMap::new()) };
        let mut references: Vec<String> = rows.iter().filter_map(|row| row.draft.text(column).map(ToOwned::to_owned)).collect();
        references.sort();
        references.dedup();
        transaction.places(permit, family, &references).await
    }

    /// Names in each update what changed, against the content of the version before.
    async fn compare(&self, transaction: &Transaction, permit: &Permit, batch: &mut Batch) -> Result<(), HubError> {
        let before: Vec<(Uuid, i32)> = batch.updated.iter().map(|change| (change.id, change.version - 1)).collect();
        if before.is_empty() {
            return Ok(());
        }
        let contents: HashMap<Uuid, String> = transaction.contents(permit, &before).await?.into_iter().collect();
        for version in batch.versions.iter_mut().filter(|version| version.action == "UPDATED") {
            let old = contents.get(&version.record).map_or("{}", String::as_str);
            version.changed = self.changed(permit.family(), old, &version.content)?;
        }
        Ok(())
    }

    /// Rows that take region and industry from a row that moved, move with it.
    async fn cascade(&self, transaction: &Transaction, ctx: &OpCtx, permit: &Permit, batch: &mut Batch) -> Result<(), HubError> {
        let moved = std::mem::take(&mut batch.moved);
        for child in self.catalogue.families() {
            let Some((column, parent)) = inherits(child, &self.catalogue) else { continue };
            if parent.name != permit.family().name {
                continue;
            }
            let mut places = HashMap::new();
            for row in &moved {
                for (id, version) in transaction.follow(permit, child, column, row, ctx.now()).await? {
                    places.insert(id, (version, row));
                }
            }
            let before: Vec<(Uuid, i32)> = places.iter().map(|(id, (version, _))| (*id, version - 1)).collect();
            let mut versions = Vec::with_capacity(before.len());
            for (id, old) in transaction.contents(permit, &before).await? {
                let Some((version, row)) = places.get(&id) else { continue };
                let content = relocated(child, &old, row)?;
                let changed = self.changed(child, &old, &content)?;
                versions.push(NewVersion { record: id, version: *version, action: "UPDATED", content, changed, reason: None });
            }
            transaction.append(&author(ctx, permit), child, &versions).await?;
        }
        Ok(())
    }
}

/// The accident that each row is or belongs to.
fn accidents(permit: &Permit, rows: &[Checked]) -> Vec<Option<String>> {
    let is_accident = permit.family().name == "Accident";
    let own = |row: &Checked| {
        if is_accident { Some(row.reference.clone()) } else { row.draft.text("accident_ref").map(ToOwned::to_owned) }
    };
    rows.iter().map(own).collect()
}

/// The hidden column through which a family takes its region from another, and that family: its region is derived.
#[must_use]
pub fn inherits(family: &'static Family, catalogue: &Catalogue) -> Option<(&'static str, &'static Family)> {
    if !family.fields.get(family.region)?.derived {
        return None;
    }
    let link = family.links.iter().find(|link| !link.many && link.foreign == "ref")?;
    Some((link.local, catalogue.find(link.to)?))
}

fn check(submission: &Submission) -> Result<(), HubError> {
    if submission.rows.is_empty() || submission.rows.len() > MOST_ROWS {
        return Err(HubError::invalid(
            format!("每次报送 1 至 {MOST_ROWS} 行。请分批。"),
            format!("A submission has 1 to {MOST_ROWS} rows. Split it."),
        ));
    }
    let key = &submission.idempotency_key;
    if key.trim().is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        return Err(HubError::invalid(
            "idempotencyKey 须为 1 至 200 个可见字符。",
            "idempotencyKey has 1 to 200 visible characters.",
        ));
    }
    let system = &submission.source_system;
    if system.chars().count() > 60 || system.chars().any(|letter| letter.is_control() || letter == '|') {
        return Err(HubError::invalid(
            "sourceSystem 最多 60 个字符，不含竖线和控制字符。",
            "sourceSystem has at most 60 characters, no bar, no control characters.",
        ));
    }
    Ok(())
}

fn digest(family: &Family, submission: &Submission) -> Result<String, HubError> {
    let mut hasher = Sha256::new();
    for part in [family.name, submission.mode.code(), submission.source_system.as_str()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    serde_json::to_writer(&mut hasher, &submission.rows).map_err(HubError::internal)?;
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
