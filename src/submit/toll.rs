//! Warns when the victims listed for an accident contradict the counts entered on it. Source:
//! domain reference §3.4.
//!
//! The list may still be coming, so too few are told once, on the last row of the accident; nothing
//! is rejected.

use std::collections::HashMap;

use crate::{
    authz::permit::Permit,
    error::{HubError, Text},
    store::sql::database::Transaction,
    submit::verdict::{RowOutcome, RowRemark, RowVerdict},
};

/// Adds findings to the verdicts of accidents and victims. `accidents` are the natural keys of the
/// accident of each row.
///
/// # Errors
///
/// What the database says.
pub async fn warn(
    transaction: &Transaction,
    permit: &Permit,
    accidents: &[Option<String>],
    verdicts: &mut [RowVerdict],
) -> Result<(), HubError> {
    let field = match permit.family().name {
        entity::accident::names::FAMILY => "deaths",
        entity::accident_victim::names::FAMILY => "accidentNo",
        _ => return Ok(()),
    };
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (index, (accident, verdict)) in accidents.iter().zip(verdicts.iter()).enumerate() {
        if let Some(accident) = accident
            && verdict.outcome != RowOutcome::Rejected
        {
            last.insert(accident, index);
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    let references: Vec<String> = last.keys().map(|accident| (*accident).to_owned()).collect();
    let found = transaction.toll_mismatches(permit, &references).await?;
    for (accident, mismatches) in &found {
        let Some(verdict) = last.get(accident.as_str()).and_then(|index| verdicts.get_mut(*index))
        else {
            continue;
        };
        for mismatch in mismatches {
            let text = Text::new(mismatch.message_zh(), mismatch.message_en());
            verdict.findings.push(RowRemark::new(mismatch.code(), Some(field), text));
        }
    }
    Ok(())
}
