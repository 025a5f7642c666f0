//! One row at a time: cleaned cells, derived columns, rules, keys, and the values of fields.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use crate::domain::text::squeezed;

use super::error::ImportError;
use super::keys::Base;
use super::own_columns::{FAMILY_COLUMN, KEYS_COLUMN, LINE_COLUMN};
use super::problem::{Problem, RowProblem};
use super::profile::Profile;
use super::reader::CsvRecord;
use super::row::{CleanRow, Resent, RowKeys};
use super::spec::{CaseSpec, Output};
use super::transforms::{day, extreme, pad_left, without_controls};

/// Applies a profile to the rows of a file with a certain header.
pub(super) struct Mapper<'p> {
    pub profile: &'p Profile,
    columns: HashMap<String, usize>,
    /// Columns that the profile names, by their places.
    used: HashMap<usize, String>,
    sources: usize,
}

impl<'p> Mapper<'p> {
    /// Finds the columns of the profile in the header.
    pub fn new(profile: &'p Profile, header: &[String]) -> Result<Self, ImportError> {
        let mut columns = HashMap::new();
        let mut twice = BTreeSet::new();
        let derived = profile.file.derived.iter().map(|column| &column.name);
        for (index, name) in header.iter().chain(derived).enumerate() {
            if columns.insert(name.clone(), index).is_some() {
                twice.insert(name.clone());
            }
        }
        let used = profile.columns();
        if let Some(column) = used.iter().find(|name| twice.contains(**name)) {
            return Err(ImportError::ColumnAmbiguous { column: (*column).to_owned() });
        }
        let missing: Vec<String> = used
            .iter()
            .filter(|name| !columns.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        if missing.is_empty() {
            let used = used
                .iter()
                .filter_map(|name| Some((*columns.get(*name)?, (*name).to_owned())))
                .collect();
            Ok(Self { profile, columns, used, sources: header.len() })
        } else {
            Err(ImportError::ColumnsMissing { columns: missing })
        }
    }

    /// Cleans a sound record and computes its derived columns.
    pub fn row(&self, record: CsvRecord) -> Result<CleanRow, RowProblem> {
        let file = &self.profile.file;
        let resent = self.resent(&record);
        let mut cells = record.cells;
        for cell in &mut cells {
            let trimmed = cell.trim();
            if trimmed.len() < cell.len() {
                *cell = trimmed.to_owned();
            }
        }
        cells.resize(self.sources + file.derived.len(), String::new());
        if let Some(damaged) = cells.iter().position(|cell| cell.contains(['\0', '\u{fffd}'])) {
            let column = self
                .columns
                .iter()
                .find(|(_, index)| **index == damaged)
                .map(|(name, _)| name.clone());
            return Err(RowProblem::TextDamaged { column: column.unwrap_or_default() });
        }
        let unread = record.unread.iter().find_map(|(index, why)| {
            let column = self.used.get(index)?;
            Some(RowProblem::CellUnread { column: column.clone(), why: *why })
        });
        if let Some(fault) = unread {
            return Err(fault);
        }
        if let Some(controls) = file.profile.controls {
            cells.iter_mut().for_each(|cell| without_controls(cell, controls));
        }
        for cell in cells.iter_mut().filter(|cell| file.profile.empty.contains(cell)) {
            cell.clear();
        }
        for (name, clean) in &file.clean {
            let Some(cell) = self.columns.get(name).and_then(|index| cells.get_mut(*index)) else {
                continue;
            };
            for (from, to) in clean.replace.iter().filter(|(from, _)| !from.is_empty()) {
                *cell = cell.replace(from, to);
            }
            if let Some(controls) = clean.controls {
                without_controls(cell, controls);
            }
            if clean.empty.contains(cell) {
                cell.clear();
            }
            if let Some(pad) = &clean.pad_left {
                *cell = pad_left(cell, pad);
            }
            // What is no day stays as it is; a field that reads it says so.
            if let Some(day) = clean.date.as_ref().and_then(|formats| day(cell, formats).ok()) {
                *cell = day.to_string();
            }
        }
        let mut row = CleanRow { line: record.line, cells, resent };
        for (index, column) in file.derived.iter().enumerate() {
            let case =
                column.cases.iter().find(|case| case.when.holds(|name| self.cell(&row, name)));
            let value = case.map(|case| self.derived(case, &row)).transpose()?;
            if let (Some(value), Some(cell)) = (value, row.cells.get_mut(self.sources + index)) {
                *cell = value;
            }
        }
        Ok(row)
    }

    /// What a case of a derived column gives.
    fn derived(&self, case: &CaseSpec, row: &CleanRow) -> Result<String, RowProblem> {
        if let Some(value) = &case.value {
            return Ok(value.clone());
        }
        let cells: Vec<&str> = case
            .columns()
            .map(|name| self.cell(row, name))
            .filter(|cell| !cell.is_empty())
            .collect();
        let least = match (&case.min, &case.max) {
            (None, None) => return Ok(cells.first().copied().unwrap_or_default().to_owned()),
            (min, _) => min.is_some(),
        };
        let found = extreme(&cells, least);
        let columns = || case.columns().collect::<Vec<_>>().join("/");
        found.map(ToOwned::to_owned).ok_or_else(|| RowProblem::NotComparable { columns: columns() })
    }

    fn resent(&self, record: &CsvRecord) -> Option<Resent> {
        let own = |name: &str| {
            self.columns
                .get(name)
                .and_then(|index| record.cells.get(*index))
                .map(|cell| cell.trim())
        };
        let line = own(LINE_COLUMN)?.to_owned();
        let due =
            own(FAMILY_COLUMN).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        // A key column that a person damaged counts as empty: the keys are then made anew, see
        // `keys`.
        let keys =
            own(KEYS_COLUMN).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Some(Resent { line, due, keys })
    }

    pub fn cell<'r>(&self, row: &'r CleanRow, column: &str) -> &'r str {
        self.columns.get(column).and_then(|index| row.cells.get(*index)).map_or("", String::as_str)
    }

    /// The skip rule that leaves the row out.
    pub fn skipped(&self, row: &CleanRow) -> Option<&'p str> {
        let rule = self
            .profile
            .file
            .skips
            .iter()
            .find(|rule| rule.when.holds(|name| self.cell(row, name)));
        rule.map(|rule| rule.name.as_str())
    }

    /// What the reject rules have against the row.
    pub fn refused(&self, row: &CleanRow) -> Vec<Problem> {
        let rules = self
            .profile
            .file
            .refusals
            .iter()
            .filter(|rule| rule.when.holds(|name| self.cell(row, name)));
        let problem = |rule: &super::spec::RejectRule| {
            let (rule_name, zh, en) =
                (rule.name.clone(), rule.message_zh.clone(), rule.message_en.clone());
            let fault = RowProblem::RefusedByRule { rule: rule_name, zh, en };
            Problem::new(row.line, rule.family.as_deref(), rule.field.as_deref(), &fault)
        };
        rules.map(problem).collect()
    }

    /// Whether the output makes something of the row.
    pub fn takes(&self, output: &Output, row: &CleanRow) -> bool {
        let due = row
            .resent
            .as_ref()
            .is_none_or(|resent| resent.due.is_empty() || resent.due.contains(&output.family));
        due && output.when.holds(|name| self.cell(row, name))
    }

    /// The key of the row in an output before collisions; `above` are its keys in the outputs
    /// above.
    pub fn base_key(
        &self,
        output: &Output,
        row: &CleanRow,
        above: &RowKeys,
    ) -> Result<Base, RowProblem> {
        let key = &output.key;
        let mut parts: Vec<&str> = Vec::with_capacity(key.compose.len() + 1);
        if let Some(family) = &key.under {
            parts.push(
                self.key_above(family, above)
                    .ok_or_else(|| RowProblem::KeyEmpty { column: family.clone() })?,
            );
        }
        for column in &key.compose {
            match self.cell(row, column) {
                "" => return Err(RowProblem::KeyEmpty { column: column.clone() }),
                part => parts.push(part),
            }
        }
        let content = (!key.content.is_empty())
            .then(|| digest(key.content.iter().map(|column| self.cell(row, column))));
        parts.extend(content.as_deref());
        let text = parts.join(&key.separator);
        // Unit separators keep "a-b" + "c" apart from "a" + "b-c".
        parts.extend(key.same.iter().map(|column| self.cell(row, column)));
        let mut identity = parts.join("\u{1f}");
        if key
            .merge_when
            .as_ref()
            .is_some_and(|condition| !condition.holds(|name| self.cell(row, name)))
        {
            let _ = write!(identity, "\u{1f}{}", row.line);
        }
        Ok(Base { text, identity })
    }

    pub fn key_above<'k>(&self, family: &str, above: &'k RowKeys) -> Option<&'k str> {
        let index = self.profile.file.outputs.iter().position(|output| output.family == family)?;
        above.get(index)?.as_deref()
    }
}

/// A short digest of cells, apart from each other.
fn digest<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for cell in cells {
        hasher.update(squeezed(cell));
        hasher.update("\u{1f}");
    }
    format!("{:x}", hasher.finalize()).chars().take(16).collect()
}
