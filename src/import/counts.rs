//! What became of the rows of a file, in numbers.

use std::collections::BTreeMap;

use indexmap::IndexMap;

/// What became of the rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows below the header.
    pub read: u64,
    /// Rows that a record is made from.
    pub used: u64,
    /// Rows skipped, by rule; every rule of the profile is listed.
    pub skipped: BTreeMap<String, u64>,
    /// Rows refused because of a fault, of their own or of another row of the same record.
    pub rejected: u64,
    /// Records by family, in order of submission.
    pub mapped: IndexMap<String, u64>,
    /// How often a fallback of the profile was used (unknown times, `otherwise`, `when_empty`) by
    /// rows that were not refused for their own faults.
    pub fallbacks: BTreeMap<String, u64>,
}

impl RowCounts {
    /// Whether every row is accounted for.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.read == self.used + self.rejected + self.skipped.values().sum::<u64>()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountsState {
    Used,
    Skipped,
    Rejected,
}
