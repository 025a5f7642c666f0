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

/// Place of the records among the words of an entry.
const RECORDS: usize = 8;

/// Entries after a number, oldest first. To an organisation an entry tells how many of its own records were touched, by
/// family, and nothing of anybody else's; officers see the records by identifier.
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
    let mut entries = database.audit_entries(&seen, after, first).await?;
    if let (Seen::About { department, region_prefix }, Some(start), Some(end)) = (seen, entries.first(), entries.last()) {
        let owned = database.audit_owned((start.parts.seq, end.parts.seq), department, region_prefix).await?;
        for entry in &mut entries {
            let own: serde_json::Map<String, serde_json::Value> = owned
                .get(&entry.parts.seq)
                .into_iter()
                .flatten()
                .map(|(family, count)| (family.clone(), serde_json::json!({ "count": count })))
                .collect();
            if let Some(records) = entry.parts.words.get_mut(RECORDS) {
                *records = serde_json::Value::from(own).to_string();
            }
        }
    }
    Ok(entries)
}
