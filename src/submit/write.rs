//! Judging rows against the store and writing what they become.

use std::collections::{BTreeMap, HashMap};

use entity::typed::Shared;
use uuid::Uuid;

use crate::{
    audit::log::Begun,
    authz::permit::Permit,
    error::HubError,
    store::{
        audit::AuditPosition,
        records::{
            natural_key::number_of,
            receipts::Receipt,
            together::NewRecord,
            versions::{Author, NewVersion, RecordSite},
        },
        sql::{cell::shown, database::Transaction},
    },
    submit::{
        batch::{Batch, author},
        content::relocated,
        pipeline::{Checked, SubmittedWork, Submitter},
        toll,
        verdict::{Answer, Mode, RowOutcome},
    },
};

impl Submitter {
    /// Rows of which the store knows none: they are judged without a transaction and written by one
    /// statement. If another writer takes one of their keys meanwhile, that statement says so and
    /// nothing is written.
    ///
    /// An accident that is new has no victims yet, as they are refused before it, so its counts
    /// contradict nothing.
    pub(super) async fn create(
        &self,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
        begun: &mut Begun,
    ) -> Result<Answer, HubError> {
        let mut batch = Batch::new(work.permit.family(), HashMap::new(), HashMap::new());
        let answer = self.judged(work, rows, &mut batch)?;
        let receipt = receipt(&answer)?;
        let entry = begun.written().await?;
        let (author, key) =
            (author(work.ctx, work.permit), work.submission.idempotency_key.as_str());
        self.database
            .create(&author, &batch.created, &batch.versions, (key, &receipt), &entry)
            .await?;
        work.wrote(batch.versions.len(), 1);
        Ok(answer)
    }

    /// A dry run of rows of which the store knows none: they are judged as [`Submitter::create`]
    /// would, and that is all.
    pub(super) fn try_new(
        &self,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
    ) -> Result<Answer, HubError> {
        let mut answer = self.judged(
            work,
            rows,
            &mut Batch::new(work.permit.family(), HashMap::new(), HashMap::new()),
        )?;
        forget_ids(&mut answer);
        Ok(answer)
    }

    /// One row, written if the store knows neither it nor the key of its receipt, as in most cases:
    /// at once, or with others that come at the same time. Otherwise nothing is written and there is
    /// no answer yet.
    pub(super) async fn create_if_free(
        &self,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
        begun: &mut Begun,
    ) -> Result<Option<Answer>, HubError> {
        let mut batch = Batch::new(work.permit.family(), HashMap::new(), HashMap::new());
        let answer = self.judged(work, rows, &mut batch)?;
        let (Some(row), Some(version)) = (batch.created.pop(), batch.versions.pop()) else {
            return Ok(None);
        };
        let record = NewRecord {
            permit: work.permit.clone(),
            request: work.ctx.request().to_owned(),
            at: work.ctx.now(),
            row,
            version,
            key: work.submission.idempotency_key.clone(),
            receipt: receipt(&answer)?,
            entry: begun.written().await?,
        };
        let free = self.commits.write(record).await?;
        if free {
            work.wrote(1, 1);
        }
        Ok(free.then_some(answer))
    }

    /// Rows of which the store may know some: it is asked, and they are written, in one
    /// transaction. Without an audit entry it is a dry run.
    pub(super) async fn attempt(
        &self,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
        references: &[String],
        entry: Option<&AuditPosition>,
    ) -> Result<Answer, HubError> {
        let transaction = self.database.begin().await?;
        let result = self.within(&transaction, work, rows, references, entry).await;
        if result.is_ok() && entry.is_some() {
            let (versions, receipts) = transaction.written();
            transaction.commit().await?;
            work.wrote(usize::try_from(versions).unwrap_or_default(), receipts);
        } else {
            transaction.rollback().await;
        }
        result
    }

    /// What is done in that transaction. Of a dry run everything is tried as the commit would, and
    /// nothing stays.
    pub(super) async fn within(
        &self,
        transaction: &Transaction,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
        references: &[String],
        entry: Option<&AuditPosition>,
    ) -> Result<Answer, HubError> {
        let (ctx, permit) = (work.ctx, work.permit);
        // Parents are locked before their children and new rows are written in the order of their
        // keys, here and everywhere: two submissions may wait for one another, but not in a circle.
        let parents = self.parents(transaction, permit, rows).await?;
        let known = transaction.known(permit, references).await?;
        let mut batch = Batch::new(permit.family(), known, parents);
        let mut answer = self.judged(work, rows, &mut batch)?;
        if !batch.voided {
            self.compare(transaction, work, &mut batch).await?;
            answer.cleared =
                batch.cleared.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
            batch.created.sort_by(|one, other| one.reference.cmp(&other.reference));
            transaction.insert(permit, &batch.created, ctx.now()).await?;
            transaction.update(permit, &batch.updated, ctx.now()).await?;
            self.cascade(transaction, work, &mut batch).await?;
            transaction.append(&author(ctx, permit), &batch.versions).await?;
            toll::warn(transaction, permit, &accidents(permit, rows), &mut answer.verdicts).await?;
        }
        let Some(entry) = entry else {
            forget_ids(&mut answer);
            return Ok(answer);
        };
        transaction
            .keep(&author(ctx, permit), &work.submission.idempotency_key, &receipt(&answer)?, entry)
            .await?;
        Ok(answer)
    }

    /// The verdicts on all rows; what has to be written stands in the batch.
    fn judged(
        &self,
        work: &SubmittedWork<'_>,
        rows: &mut [Checked],
        batch: &mut Batch,
    ) -> Result<Answer, HubError> {
        for (index, row) in rows.iter_mut().enumerate() {
            batch.judge(self, work, index, row)?;
        }
        let rejected = batch.verdicts.iter().any(|verdict| verdict.outcome == RowOutcome::Rejected);
        if work.submission.mode == Mode::Atomic && rejected {
            batch.void();
        }
        Ok(Answer {
            receipt: work.ctx.new_id(),
            mode: work.submission.mode,
            at: shown(work.ctx.now()),
            digest: work.digest.to_owned(),
            verdicts: std::mem::take(&mut batch.verdicts),
            repeated: 0,
            cleared: BTreeMap::new(),
        })
    }

    /// Region and industry of the accidents that victims name.
    async fn parents(
        &self,
        transaction: &Transaction,
        permit: &Permit,
        rows: &[Checked],
    ) -> Result<HashMap<String, Vec<(String, RecordSite)>>, HubError> {
        let Some(link) = permit.family().inherited() else { return Ok(HashMap::new()) };
        let family = self
            .catalogue
            .find(link.to)
            .ok_or_else(|| HubError::internal("a family that is linked to"))?;
        let mut references: Vec<String> = rows
            .iter()
            .filter_map(|row| row.draft.text(link.local).map(|text| number_of(text).to_owned()))
            .collect();
        references.sort();
        references.dedup();
        transaction.places(permit, family, &references).await
    }

    /// Names in each update what changed, against the content of the version before.
    async fn compare(
        &self,
        transaction: &Transaction,
        work: &SubmittedWork<'_>,
        batch: &mut Batch,
    ) -> Result<(), HubError> {
        let (permit, author) = (work.permit, author(work.ctx, work.permit));
        let before: Vec<(Uuid, i32)> =
            batch.updated.iter().map(|change| (change.id, change.version - 1)).collect();
        if before.is_empty() {
            return Ok(());
        }
        let contents = transaction
            .contents(&author, &before)
            .await?
            .into_iter()
            .map(|(id, content, _)| (id, content));
        let contents: HashMap<Uuid, String> = contents.collect();
        for version in batch.versions.iter_mut().filter(|version| version.action == "UPDATED") {
            let old = contents.get(&version.record).map_or("{}", String::as_str);
            let of = (version.record, permit.department().as_str());
            let (changed, cleared) = self.changed(permit.family(), of, [old, &version.content])?;
            version.changed = changed;
            cleared
                .into_iter()
                .for_each(|field| *batch.cleared.entry(field.name).or_default() += 1);
        }
        Ok(())
    }

    /// Rows that take region and industry from a row that moved, move with it.
    async fn cascade(
        &self,
        transaction: &Transaction,
        work: &SubmittedWork<'_>,
        batch: &mut Batch,
    ) -> Result<(), HubError> {
        let (ctx, permit) = (work.ctx, work.permit);
        let moved = std::mem::take(&mut batch.moved);
        for child in self.catalogue.families() {
            let Some(moving) = permit.moving(child) else { continue };
            let author = Author::moving(&moving, ctx.request(), ctx.now());
            let mut places = HashMap::new();
            for row in &moved {
                for followed in transaction.follow(&moving, &self.seal, row, ctx.now()).await? {
                    places.insert(followed.id, (followed, row));
                }
            }
            let before: Vec<(Uuid, i32)> =
                places.iter().map(|(id, (followed, _))| (*id, followed.version - 1)).collect();
            let mut versions = Vec::with_capacity(before.len());
            for (id, old, kept) in transaction.contents(&author, &before).await? {
                let Some((followed, row)) = places.get(&id) else { continue };
                let content = relocated(child, &old, row, followed)?;
                let (changed, _) =
                    self.changed(child, (id, &followed.department), [&old, &content])?;
                let own = |site: &RecordSite| RecordSite {
                    region: site.region.clone(),
                    industry: child.industry_column().and(site.industry.clone()),
                };
                let (site, was) = (own(&row.site), Some(own(&row.was)));
                versions.push(NewVersion {
                    record: id,
                    reference: followed.reference.clone(),
                    kept,
                    version: followed.version,
                    action: "UPDATED",
                    content,
                    changed,
                    reason: None,
                    site,
                    was,
                });
            }
            transaction.append(&author, &versions).await?;
        }
        Ok(())
    }
}

/// Records that a dry run did not make have no identifiers.
fn forget_ids(answer: &mut Answer) {
    for verdict in
        answer.verdicts.iter_mut().filter(|verdict| verdict.outcome == RowOutcome::Created)
    {
        verdict.id = None;
    }
}

fn receipt(answer: &Answer) -> Result<Receipt, HubError> {
    let text = serde_json::to_string(answer).map_err(HubError::internal)?;
    Ok(Receipt { body_digest: answer.digest.clone(), answer: text })
}

/// The accident that each row is or belongs to.
fn accidents(permit: &Permit, rows: &[Checked]) -> Vec<Option<String>> {
    let is_accident = permit.family().is::<entity::accident::Entity>();
    let own = |row: &Checked| {
        if is_accident {
            Some(row.stored.clone())
        } else {
            row.draft.shared_text(Shared::AccidentRef).map(ToOwned::to_owned)
        }
    };
    rows.iter().map(own).collect()
}
