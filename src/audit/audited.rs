//! What somebody does is in the audit log before it is done and after: who, what, how it ended.

use crate::{
    audit::{entry::Entry, log::AuditLog},
    authz::actor::Actor,
    context::OpCtx,
    error::HubError,
};

/// Does something for an actor: nothing is written without an entry that says it began, and no
/// answer leaves without one that says how it ended. `about` names the thing, without personal
/// data.
///
/// # Errors
///
/// Those of the work, and [`HubError::Unavailable`] when the log cannot be written.
pub async fn audited<T>(
    log: &AuditLog,
    ctx: &OpCtx,
    actor: &Actor,
    (operation, about): (&str, &str),
    work: impl Future<Output = Result<T, HubError>>,
) -> Result<T, HubError> {
    let mut entry =
        Entry::of(actor, ctx.now(), ctx.request(), operation.to_owned(), about.to_owned());
    entry.outcome = "BEGUN".to_owned();
    log.append(entry.clone()).await?;
    let result = work.await;
    entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
    log.append(entry).await?;
    result
}
