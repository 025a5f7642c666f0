//! Reading the log: an organisation sees entries about its own data, officers see all.

use crate::{
    authz::{
        actor::Actor,
        policy::{AuditRight, Policy},
    },
    error::HubError,
    store::{
        audit::{Kept, Seen},
        database::Database,
    },
};

/// Entries after a number, oldest first.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role of the actor reads the log.
pub async fn entries(database: &Database, policy: &Policy, actor: &Actor, after: i64, first: u64) -> Result<Vec<Kept>, HubError> {
    let seen = match policy.audit(actor.roles()) {
        AuditRight::All => Seen::All,
        AuditRight::Own => Seen::About { department: actor.department(), region_prefix: actor.region().prefix() },
        AuditRight::None => {
            return Err(HubError::forbidden(
                "当前角色不能查看审计记录。请使用具有 STEWARD、AUDITOR 或 SECURITY_OFFICER 角色的令牌。",
                "Your roles do not read the audit log. Use a token with the role STEWARD, AUDITOR or SECURITY_OFFICER.",
            ));
        }
    };
    database.audit_entries(&seen, after, first).await
}
