//! Checks of the chain, entry by entry, from the start.

use crate::{
    audit::chain::{START, hash},
    error::HubError,
    store::{audit::Seen, database::Database, verify::Check},
};

/// Entries read at a time.
const STEP: u64 = 1_000;

/// Recomputes every link. The first entry that does not fit is where somebody changed, left out or put in something.
///
/// # Errors
///
/// What the database says.
pub async fn chain(database: &Database) -> Result<Check, HubError> {
    let mut check = Check { name: "audit: every link holds".to_owned(), looked: 0, wrong: 0 };
    let (mut seq, mut last) = (0, START.to_owned());
    loop {
        let entries = database.audit_entries(&Seen::All, seq, STEP).await?;
        if entries.is_empty() {
            return Ok(check);
        }
        for entry in entries {
            check.looked += 1;
            let fits = entry.parts.seq == seq + 1 && entry.previous == last && hash(&entry.parts, &last) == entry.hash;
            check.wrong += i64::from(!fits);
            seq = entry.parts.seq;
            last = entry.hash;
        }
    }
}
