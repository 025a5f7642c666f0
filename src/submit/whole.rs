//! Several submissions that are kept together or not at all: one transaction, and one audit entry
//! around it.

use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::{
    audit::{
        collector::{Collector, Noted},
        entry::{Entry, WriteCount},
        log::AuditLog,
    },
    authz::{actor::Actor, permit::Permit},
    context::OpCtx,
    error::HubError,
    store::{audit::AuditPosition, records::row::Classes, sql::database::Transaction},
    submit::{
        pipeline::{Submission, SubmittedWork, Submitter, check, digest, references},
        verdict::{Answer, RowOutcome},
    },
};

/// Submissions that belong together. Dropped before its end it leaves nothing.
pub struct AtomicUpload<'a> {
    submitter: &'a Submitter,
    ctx: &'a OpCtx,
    audit: &'a AuditLog,
    transaction: Transaction,
    place: AuditPosition,
    entry: Entry,
    collector: Collector,
    content: Sha256,
    spoiled: bool,
}

impl Submitter {
    /// Begins submissions that belong together. With `spoiled` it is known already that nothing of
    /// them will be kept, and the verdicts alone are wanted.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the audit entry cannot be written or the database does not
    /// answer.
    pub async fn whole<'a>(
        &'a self,
        ctx: &'a OpCtx,
        actor: &Actor,
        spoiled: bool,
    ) -> Result<AtomicUpload<'a>, HubError> {
        let entry = Entry::of(
            actor,
            ctx.now(),
            ctx.request(),
            "submit file ATOMIC".to_owned(),
            String::new(),
        );
        // On SQLite the entry and the transaction use one connection, so it is written before.
        let place = self.audit.begin(&entry).await?.written().await?;
        let transaction = self.database.begin().await?;
        let (collector, content) = (Collector::default(), Sha256::new());
        Ok(AtomicUpload {
            submitter: self,
            ctx,
            audit: &self.audit,
            transaction,
            place,
            entry,
            collector,
            content,
            spoiled,
        })
    }
}

impl AtomicUpload<'_> {
    /// Adds a submission. Its answer holds if all of them are kept.
    ///
    /// # Errors
    ///
    /// As [`Submitter::submit`].
    pub async fn add(
        &mut self,
        permit: &Permit,
        submission: &Submission,
    ) -> Result<Answer, HubError> {
        check(submission)?;
        let digest = digest(permit.family(), submission)?;
        self.content.update(digest.as_bytes());
        let work = SubmittedWork {
            ctx: self.ctx,
            permit,
            submission,
            digest: &digest,
            written: Mutex::default(),
        };
        let mut rows = self.submitter.checked(self.ctx, permit, submission);
        let references = references(&rows);
        let answer = self
            .submitter
            .within(&self.transaction, &work, &mut rows, &references, Some(&self.place))
            .await?;
        self.spoiled |= answer.count(RowOutcome::Rejected) > 0;
        let classes: Classes = permit.family().fields.iter().map(|field| field.class).collect();
        let (department, region) = (permit.department().as_str(), permit.region().as_str());
        let ids = answer.verdicts.iter().filter_map(|verdict| verdict.id);
        self.collector
            .note(permit.family().name, ids.map(|id| Noted { id, department, region, classes }));
        Ok(answer)
    }

    /// Keeps all of them, or none if a row of one was rejected. Returns whether they were kept.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when nothing is known to be durable.
    pub async fn end(self) -> Result<bool, HubError> {
        let mut entry = self.entry;
        entry.document_hash = format!("{:x}", self.content.finalize());
        if self.spoiled {
            self.transaction.rollback().await;
        } else {
            let (versions, receipts) = self.transaction.written();
            self.transaction.commit().await?;
            entry.written = WriteCount { versions, receipts };
            self.collector.drain_into(&mut entry);
        }
        self.audit.append(entry).await?;
        Ok(!self.spoiled)
    }
}
