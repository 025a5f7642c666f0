//! What a dry run of a file with several families would have written: rows may belong to others of the same file, which are not
//! there, as nothing is kept.

use std::collections::HashSet;

use crate::{
    error::HubError,
    exchange::{format::report::Report, intake::chunks::Chunk},
    store::jobs::Progress,
    submit::{
        parse::natural_key,
        verdict::{Outcome, Verdict},
    },
};

/// Natural keys of rows that would have been taken.
#[derive(Default)]
pub(super) struct WouldBe(HashSet<String>);

impl WouldBe {
    /// Rows against which nothing speaks but that another of this file is not there yet would have been taken.
    pub(super) fn excuse(&mut self, chunk: &Chunk, verdicts: &mut [Verdict]) {
        for (row, verdict) in chunk.rows.iter().zip(verdicts) {
            let waits = !verdict.faults.is_empty()
                && verdict.faults.iter().all(|fault| {
                    let named = fault.field.as_deref().and_then(|field| row.values.get(field)?.as_str());
                    fault.code == "PARENT_MISSING" && named.is_some_and(|key| self.0.contains(key))
                });
            if waits {
                verdict.outcome = Outcome::Created;
                verdict.version = Some(1);
                verdict.faults.clear();
            }
            if !matches!(verdict.outcome, Outcome::Rejected | Outcome::Skipped)
                && let Some(key) = natural_key(chunk.family, &row.values)
            {
                self.0.insert(key);
            }
        }
    }
}

/// Says in the report of a trial how many rows would only be new because of their number, where that is most of the new ones.
///
/// # Errors
///
/// [`HubError::Internal`] when the report so far is none.
pub(super) fn warn(progress: &mut Progress, repeated: usize) -> Result<(), HubError> {
    let repeated = u64::try_from(repeated).unwrap_or(u64::MAX);
    if repeated == 0 {
        return Ok(());
    }
    let mut report: Report = match progress.reading.as_str() {
        "" => Report::default(),
        text => serde_json::from_str(text).map_err(HubError::internal)?,
    };
    let created = u64::try_from(progress.created).unwrap_or_default();
    report.repeated = if repeated.saturating_mul(2) > created { repeated } else { 0 };
    progress.reading =
        if report == Report::default() { String::new() } else { serde_json::to_string(&report).map_err(HubError::internal)? };
    Ok(())
}
