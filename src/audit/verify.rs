//! Checks of the chain, entry by entry, from the start.

use crate::{
    audit::chain::{START, link, plain},
    error::HubError,
    store::{
        audit::{AUDIT, AuditRow},
        proof::checkpoint::Checkpoint,
        sql::database::Database,
        verify::Check,
    },
};

/// Entries read at a time.
const STEP: u64 = 1_000;

/// Recomputes every link, and compares the end with the head that is kept. The first entry that
/// does not fit is where somebody changed, left out or put in something.
///
/// # Errors
///
/// What the database says.
pub async fn chain(database: &Database) -> Result<Check, HubError> {
    since(database, None).await
}

/// The same against a checkpoint that was kept elsewhere: the log still holds what it held then.
///
/// # Errors
///
/// What the database says.
pub async fn since(database: &Database, kept: Option<&Checkpoint>) -> Result<Check, HubError> {
    let mut check = Check::new("audit: every link holds, and the log ends where its head says");
    let prover = database.prover();
    // Before the entries: what is appended meanwhile comes after it.
    let head = check.read(database.head(AUDIT).await, || "chains audit".to_owned())?.flatten();
    let before = head.as_ref().map_or(0, |head| head.start);
    let mut places: Vec<Option<(i64, &str)>> =
        vec![head.as_ref().map(|head| (head.position, head.head.as_str()))];
    places.extend(kept.map(|kept| Some((kept.audit, kept.audit_head.as_str()))));
    places.retain(|place| place.is_none_or(|(position, _)| position > 0));
    let (mut seq, mut last) = (0, START.to_owned());
    loop {
        let entries = database.audit_entries_each(seq, STEP).await;
        let entries = check.read(entries, || "audit_entries".to_owned())?.unwrap_or_default();
        let number = |entry: &Result<AuditRow, (i64, String)>| {
            entry.as_ref().map_or_else(|(seq, _)| *seq, |entry| entry.parts.seq)
        };
        let (Some(first), Some(end)) = (entries.first().map(number), entries.last().map(number))
        else {
            break;
        };
        let owners =
            check.read(database.audit_owners(first, end).await, || "audit_owners".to_owned())?;
        let (mut owners, unread) = owners.unwrap_or_default();
        for seq in unread {
            check.fault(format!("audit_owners {seq} cannot be read"));
        }
        for entry in entries {
            check.looked += 1;
            let entry = match entry {
                Ok(entry) => entry,
                Err(unread) => {
                    check.fault(format!("audit_entries {} cannot be read", unread.0));
                    (seq, last) = unread;
                    continue;
                }
            };
            let owners = owners.remove(&entry.parts.seq).unwrap_or_default();
            let computed = match prover {
                _ if entry.parts.seq <= before => plain(&entry.parts, &last),
                Some(prover) => link(prover, &entry.parts, &owners, &last),
                None => entry.hash.clone(),
            };
            let fits =
                entry.parts.seq == seq + 1 && entry.previous == last && computed == entry.hash;
            if !fits {
                check.fault(format!("audit_entries {} or its audit_owners", entry.parts.seq));
            }
            seq = entry.parts.seq;
            places.retain(|place| *place != Some((seq, entry.hash.as_str())));
            last = entry.hash;
        }
    }
    // Nothing was ever written: there is no head either.
    let nothing = head.is_none() && check.looked == 0;
    for place in places.into_iter().filter(|_| !nothing) {
        match place {
            Some((position, _)) => check.fault(format!(
                "audit_entries: the log no longer has entry {position} as it was, its end is {seq}"
            )),
            None => check.fault("chains audit: the head of the log is gone".to_owned()),
        }
    }
    if let (Some(prover), Some(head)) = (prover, &head)
        && !head.holds(prover)
    {
        check.fault("chains audit: the head of the log was changed".to_owned());
    }
    let alone = check
        .read(database.audit_owners_alone().await, || "audit_owners without an entry".to_owned())?;
    for seq in alone.unwrap_or_default() {
        check.fault(format!("audit_owners {seq}"));
    }
    Ok(check)
}
