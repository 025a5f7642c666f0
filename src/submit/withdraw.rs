//! Withdrawal (撤回、核销): an event with a reason, never a hole.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    audit::entry::{Entry, WriteCount},
    authz::{actor::Actor, permit::Permit},
    context::OpCtx,
    domain::region::RegionCode,
    error::{HubError, Text},
    store::{records::versions::NewVersion, sql::database::Transaction},
    submit::{batch::author, pipeline::Submitter},
};

impl Submitter {
    /// Withdraws a record of the permit's organisation. Returns its new version; a record already
    /// withdrawn stays as it is.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] when it is not the organisation's; [`HubError::Invalid`] without a
    /// reason.
    pub async fn withdraw(
        &self,
        ctx: &OpCtx,
        actor: &Actor,
        permit: &Permit,
        id: Uuid,
        reason: &str,
    ) -> Result<i32, HubError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 500 || reason.chars().any(char::is_control)
        {
            return Err(HubError::invalid(
                "请写明撤回原因（1 至 500 字）。",
                "Say why it is withdrawn, in 1 to 500 characters.",
            ));
        }
        let operation = format!("withdraw {}", permit.family().name);
        let mut entry = Entry::of(
            actor,
            ctx.now(),
            ctx.request(),
            operation,
            format!("{:x}", Sha256::digest(id.as_bytes())),
        );
        entry.outcome = "BEGUN".to_owned();
        self.audit.append(entry.clone()).await?;
        let result = self.withdrawn(ctx, permit, id, reason, &mut entry.written).await;
        entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
        entry.owners.insert(
            (
                permit.family().name.to_owned(),
                permit.department().as_str().to_owned(),
                permit.region().as_str().to_owned(),
            ),
            i32::from(result.is_ok()),
        );
        self.audit.append(entry).await?;
        result
    }

    async fn withdrawn(
        &self,
        ctx: &OpCtx,
        permit: &Permit,
        id: Uuid,
        reason: &str,
        written: &mut WriteCount,
    ) -> Result<i32, HubError> {
        let transaction = self.database.begin().await?;
        let result = withdraw(&transaction, ctx, permit, id, reason).await;
        if result.is_ok() {
            let (versions, receipts) = transaction.written();
            transaction.commit().await?;
            *written = WriteCount { versions, receipts };
        } else {
            transaction.rollback().await;
        }
        result
    }
}

async fn withdraw(
    transaction: &Transaction,
    ctx: &OpCtx,
    permit: &Permit,
    id: Uuid,
    reason: &str,
) -> Result<i32, HubError> {
    let known = transaction.own(permit, id).await?.ok_or(HubError::NotFound)?;
    let region = RegionCode::parse(&known.site.region).map_err(|_| HubError::NotFound)?;
    if !permit.covers_region(&region) {
        return Err(HubError::NotFound);
    }
    if !permit.covers_industry(known.site.industry.as_deref()) {
        return Err(HubError::Forbidden(Text::new(
            "该记录不属于本部门主管的行业。",
            "The record belongs to an industry your department does not answer for.",
        )));
    }
    if known.withdrawn {
        return Ok(known.version);
    }
    let version = known.version + 1;
    transaction.withdraw(permit, id, version, ctx.now()).await?;
    let author = author(ctx, permit);
    let contents = transaction.contents(&author, &[(id, known.version)]).await?;
    let (content, kept) = contents
        .into_iter()
        .next()
        .map_or_else(|| ("{}".to_owned(), None), |(_, content, kept)| (content, kept));
    let (changed, reason) = ("[]".to_owned(), Some(reason.to_owned()));
    let (site, was) = (known.site.clone(), Some(known.site));
    let (record, reference, action) = (id, known.reference, "WITHDRAWN");
    let entry = NewVersion {
        record,
        reference,
        kept,
        version,
        action,
        content,
        changed,
        reason,
        site,
        was,
    };
    transaction.append(&author, &[entry]).await?;
    Ok(version)
}
