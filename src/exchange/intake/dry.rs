//! What a dry run of a file with several families would have written: rows may belong to others of
//! the same file, which are not there, as nothing is kept.

use std::collections::HashSet;

use crate::{
    exchange::intake::chunks::Chunk,
    submit::{
        parse::natural_key,
        verdict::{RowOutcome, RowVerdict},
    },
};

/// Natural keys of rows that would have been taken.
#[derive(Default)]
pub(super) struct WouldBe(HashSet<String>);

impl WouldBe {
    /// Rows against which nothing speaks but that another of this file is not there yet would have
    /// been taken.
    pub(super) fn excuse(&mut self, chunk: &Chunk, verdicts: &mut [RowVerdict]) {
        for (row, verdict) in chunk.rows.iter().zip(verdicts) {
            let waits = !verdict.faults.is_empty()
                && verdict.faults.iter().all(|fault| {
                    let named =
                        fault.field.as_deref().and_then(|field| row.values.get(field)?.as_str());
                    fault.code == "PARENT_MISSING" && named.is_some_and(|key| self.0.contains(key))
                });
            if waits {
                verdict.outcome = RowOutcome::Created;
                verdict.version = Some(1);
                verdict.faults.clear();
            }
            if !matches!(verdict.outcome, RowOutcome::Rejected | RowOutcome::Skipped)
                && let Some(key) = natural_key(chunk.family, &row.values)
            {
                self.0.insert(key);
            }
        }
    }
}
