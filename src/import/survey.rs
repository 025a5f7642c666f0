//! The first pass: every row is used, skipped by a named rule, or rejected with a reason, and every
//! record gets its key, before anything is submitted.
//!
//! A row is used as a whole or not at all. A record that counts its rows (deaths, injured) is never
//! made from some of them: if one is rejected, the others are too (`GROUP_INCOMPLETE`), so that the
//! record is complete when they are sent again. A record that counts nothing, such as an employer,
//! is made from the remaining rows.

use std::collections::BTreeMap;

use super::counts::{CountsState, RowCounts};
use super::error::ImportError;
use super::keys::{OutputKeys, carried};
use super::mapping::Mapper;
use super::problem::{Problem, Rejected, RowProblem};
use super::profile::Profile;
use super::reader::CsvRecord;
use super::records::RecordIter;
use super::row::{CleanRow, Notes, RowKeys};
use super::source::Rewind;
use super::spec::{BLANK_ROW, Output};
use super::table::{SourceTable, TextForm};

/// No record.
pub(super) const NONE: u32 = u32::MAX;

/// The outcome of the first pass.
pub struct Survey<'p> {
    pub(super) mapper: Mapper<'p>,
    pub(super) header: Vec<String>,
    pub(super) written: TextForm,
    pub(super) lines: Vec<u64>,
    pub(super) digests: Vec<u64>,
    pub(super) states: Vec<CountsState>,
    /// Record numbers, one for each row and output.
    pub(super) groups: Vec<u32>,
    pub(super) keys: Vec<OutputKeys>,
    /// Used rows of each record, by output.
    pub(super) sizes: Vec<Vec<u32>>,
    skipped: Vec<(u64, &'p str)>,
    pub(super) rejected: BTreeMap<u64, Rejected>,
    pub(super) counts: RowCounts,
}

impl<'p> Survey<'p> {
    /// Reads all of a source and decides every row.
    ///
    /// # Errors
    /// [`ImportError`] if the file as a whole cannot be used; never because of one row.
    pub fn new(profile: &'p Profile, source: &dyn Rewind) -> Result<Self, ImportError> {
        let encoding = profile.encoding_of(source)?;
        let delimiter = profile.file.profile.delimiter.chars().next().unwrap_or(',');
        let written = TextForm { encoding, delimiter };
        let mut reader = SourceTable::open(profile, source, written)?;
        let mut survey = Self {
            mapper: Mapper::new(profile, reader.header())?,
            header: reader.header().to_vec(),
            written,
            lines: Vec::new(),
            digests: Vec::new(),
            states: Vec::new(),
            groups: Vec::new(),
            keys: profile.file.outputs.iter().map(OutputKeys::new).collect(),
            sizes: Vec::new(),
            skipped: Vec::new(),
            rejected: BTreeMap::new(),
            counts: RowCounts::default(),
        };
        let rules = profile.file.skips.iter().map(|rule| rule.name.clone());
        survey.counts.skipped = rules.map(|name| (name, 0)).collect();
        while let Some(record) = reader.next()? {
            survey.decide(record);
        }
        survey.complete_groups();
        survey.count();
        Ok(survey)
    }

    /// What became of the rows.
    #[must_use]
    pub fn counts(&self) -> &RowCounts {
        &self.counts
    }

    /// Lines that were skipped, with the rule, in the order of the file.
    #[must_use]
    pub fn skipped(&self) -> &[(u64, &'p str)] {
        &self.skipped
    }

    /// Rows that were refused, in the order of the file.
    pub fn rejected(&self) -> impl Iterator<Item = &Rejected> {
        self.rejected.values()
    }

    /// The records, each family in one pass over the source, in the order of the profile.
    #[must_use]
    pub fn records<'s>(&'s self, source: &'s dyn Rewind) -> RecordIter<'s> {
        RecordIter::new(self, source)
    }

    fn decide(&mut self, record: CsvRecord) {
        let line = record.line;
        self.counts.read += 1;
        let start = self.groups.len();
        let outputs = self.keys.len();
        self.lines.push(line);
        self.digests.push(record.digest());
        self.groups.resize(start + outputs, NONE);
        let state = if record.is_blank() {
            self.skip(line, BLANK_ROW)
        } else if let Some(fault) = &record.fault {
            self.refuse(line, vec![Problem::new(line, None, None, fault)])
        } else {
            match self.mapper.row(record) {
                Err(fault) => self.refuse(line, vec![Problem::new(line, None, None, &fault)]),
                Ok(row) => match self.mapper.skipped(&row) {
                    Some(rule) => self.skip(line, rule),
                    None => self.map(&row, start),
                },
            }
        };
        self.states.push(state);
    }

    fn map(&mut self, row: &CleanRow, start: usize) -> CountsState {
        let mut problems = self.mapper.refused(row);
        let (mut above, mut notes, mut any): (RowKeys, _, _) = (Vec::new(), Notes::new(), false);
        let mut key_faults: Vec<RowProblem> = Vec::new();
        for (index, output) in self.mapper.profile.file.outputs.iter().enumerate() {
            let takes = self.mapper.takes(output, row);
            any |= takes;
            let base = self.mapper.base_key(output, row, &above);
            let key = match (base, takes) {
                (Ok(base), true) => {
                    let Some(keys) = self.keys.get_mut(index) else { continue };
                    match keys.assign(&base, &output.family, row.resent.as_ref(), row.line) {
                        Ok(group) => {
                            if let Some(place) = self.groups.get_mut(start + index) {
                                *place = group;
                            }
                            keys.name(group).map(str::to_owned)
                        }
                        Err(fault) => {
                            problems.push(Problem::new(
                                row.line,
                                Some(&output.family),
                                Some(&output.key.field),
                                &fault,
                            ));
                            Some(base.text)
                        }
                    }
                }
                (Ok(base), false) => Some(reference(&base, &output.family, row)),
                (Err(fault), true) => {
                    // The same empty column invalidates every key it belongs to; it is reported
                    // once.
                    let told = key_faults.contains(&fault)
                        || (!key_faults.is_empty() && fault == above_missing(output));
                    if !told {
                        problems.push(Problem::new(
                            row.line,
                            Some(&output.family),
                            Some(&output.key.field),
                            &fault,
                        ));
                        key_faults.push(fault);
                    }
                    None
                }
                (Err(_), false) => None,
            };
            above.push(key);
            if takes && let Err(found) = self.mapper.values(output, row, &above, &mut notes) {
                problems.extend(found);
            }
        }
        if !any {
            problems.push(Problem::new(row.line, None, None, &RowProblem::NotMapped));
        }
        if !problems.is_empty() {
            return self.refuse(row.line, problems);
        }
        for (name, number) in notes {
            *self.counts.fallbacks.entry(name).or_default() += number;
        }
        CountsState::Used
    }

    fn skip(&mut self, line: u64, rule: &'p str) -> CountsState {
        *self.counts.skipped.entry(rule.to_owned()).or_default() += 1;
        self.skipped.push((line, rule));
        CountsState::Skipped
    }

    fn refuse(&mut self, line: u64, problems: Vec<Problem>) -> CountsState {
        self.rejected.insert(line, Rejected { line, problems });
        CountsState::Rejected
    }
}

/// The fault of a key that starts with the key of another output, which is missing.
fn above_missing(output: &Output) -> RowProblem {
    RowProblem::KeyEmpty { column: output.key.under.clone().unwrap_or_default() }
}

/// The key of a record that another row makes, for the fields that refer to it.
pub(super) fn reference(base: &super::keys::Base, family: &str, row: &CleanRow) -> String {
    row.resent
        .as_ref()
        .and_then(|resent| carried(base, family, resent))
        .unwrap_or(&base.text)
        .to_owned()
}
