//! A row on its way from cells to records.

use std::collections::{BTreeMap, HashMap};

/// Keys of a row by output; none where it has none.
pub(super) type RowKeys = Vec<Option<String>>;

/// Counts of fallbacks by name.
pub(super) type Notes = BTreeMap<String, u64>;

/// A row after cleaning.
pub(super) struct CleanRow {
    pub line: u64,
    /// Its cells by column, those of derived columns last.
    pub(super) cells: Vec<String>,
    /// What a rejects file says about the row, if it comes from one.
    pub resent: Option<Resent>,
}

/// The leading columns of a rejects file.
pub(super) struct Resent {
    /// Line in the file the row first came from.
    pub line: String,
    /// Families still due; empty means all.
    pub due: Vec<String>,
    /// Keys given then, by family.
    pub keys: HashMap<String, String>,
}
