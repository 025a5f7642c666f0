//! The audit entries of a document. Every root field has its own outcome: those that came out the
//! same share an entry, so that what one showed is not hidden by the failure of another, nor a
//! refusal by another's fault.

use async_graphql::{PathSegment, Response as Answer, ServerError, Value};
use futures_util::future::try_join_all;

use crate::{
    audit::{collector::Collector, entry::Entry, log::AuditLog},
    authz::actor::Actor,
    context::OpCtx,
    error::HubError,
};

/// Outcomes that are in the log even where nothing was shown: somebody tried what he may not, or
/// what is not there for him.
pub(super) const REFUSED: [&str; 2] = ["FORBIDDEN", "NOT_FOUND"];

/// Whose document it is.
pub(super) struct Whose<'a> {
    pub actor: &'a Actor,
    pub ctx: &'a OpCtx,
    /// `query` or `mutation`.
    pub kind: &'a str,
    /// SHA-256 of the document.
    pub document: &'a str,
}

/// The entries of a document of which a root field showed or asked about personal data, or was
/// refused: durable before the answer leaves. If one root field has to be in the log, all are.
///
/// # Errors
///
/// [`HubError::Unavailable`] when they could not be written; the answer must not leave then.
pub(super) async fn audited(
    log: &AuditLog,
    whose: &Whose<'_>,
    collector: &Collector,
    response: &Answer,
) -> Result<(), HubError> {
    let outcomes = collector.outcomes(|key| outcome(&response.errors, key));
    if outcomes
        .iter()
        .all(|outcome| outcome.shown.is_empty() && !REFUSED.contains(&outcome.code.as_str()))
    {
        return Ok(());
    }
    let entries = outcomes.into_iter().map(|outcome| {
        let operation = format!("{} {}", whose.kind, outcome.names.join(","));
        let mut entry = Entry::of(
            whose.actor,
            whose.ctx.now(),
            whose.ctx.request(),
            operation,
            whose.document.to_owned(),
        );
        entry.outcome = outcome.code;
        entry.show(outcome.shown);
        log.append(entry)
    });
    try_join_all(entries).await.map(|_| ())
}

/// How a root field came out: the code of the first error in it.
fn outcome(errors: &[ServerError], key: &str) -> String {
    let within = |error: &&ServerError| matches!(error.path.first(), Some(PathSegment::Field(own)) if own == key);
    errors.iter().filter(within).find_map(code).unwrap_or("OK").to_owned()
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}
