//! Reading the log: an organisation sees entries about its own data, officers see all.

use serde_json::{Map, Value};

use crate::{
    authz::{
        actor::Actor,
        policy::{AuditRight, Policy},
    },
    error::HubError,
    store::{
        audit::{AuditRow, Seen},
        sql::database::Database,
    },
};

/// What an organisation is told of a family in an entry: how many of its records, and the question.
fn summary(count: i64, of: Option<&Value>) -> Value {
    let question = ["asked", "fields", "groups"];
    let asked =
        question.into_iter().filter_map(|name| Some((name.to_owned(), of?.get(name)?.clone())));
    Value::from(
        std::iter::once(("count".to_owned(), count.into())).chain(asked).collect::<Map<_, _>>(),
    )
}

/// Place of the records among the words of an entry.
const RECORDS: usize = 8;

/// Entries after a number, oldest first. To an organisation an entry tells how many of its own
/// records were touched and what was asked about them, by family, and nothing of anybody else's;
/// officers see the records by identifier.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role of the actor reads the log.
pub async fn entries(
    database: &Database,
    policy: &Policy,
    actor: &Actor,
    after: i64,
    first: u64,
) -> Result<Vec<AuditRow>, HubError> {
    let seen = match policy.audit(actor.roles()) {
        AuditRight::All => Seen::All,
        AuditRight::Own => {
            Seen::About { department: actor.department().as_str(), region: actor.region() }
        }
        AuditRight::None => {
            return Err(HubError::forbidden(
                "当前角色不能查看审计记录。请使用具有 STEWARD、AUDITOR 或 SECURITY_OFFICER 角色的令牌。",
                "Your roles do not read the audit log. Use a token with the role STEWARD, AUDITOR or SECURITY_OFFICER.",
            ));
        }
    };
    let mut entries = database.audit_entries(&seen, after, first).await?;
    if let (Seen::About { department, region }, Some(start), Some(end)) =
        (seen, entries.first(), entries.last())
    {
        let owned =
            database.audit_owned((start.parts.seq, end.parts.seq), department, region).await?;
        for entry in &mut entries {
            let Some(records) = entry.parts.words.get_mut(RECORDS) else { continue };
            let all: Map<String, Value> = serde_json::from_str(records).unwrap_or_default();
            let own = owned.get(&entry.parts.seq).into_iter().flatten();
            *records = Value::from(
                own.map(|(family, count)| (family.clone(), summary(*count, all.get(family))))
                    .collect::<Map<_, _>>(),
            )
            .to_string();
        }
    }
    Ok(entries)
}
