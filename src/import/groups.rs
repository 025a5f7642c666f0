//! Records of several rows in a survey: which rows belong to one, and whether it can be made.

use std::collections::BTreeMap;

use super::counts::CountsState;
use super::problem::{Problem, Rejected, RowProblem};
use super::reader::CsvRecord;
use super::row::{CleanRow, RowKeys};
use super::survey::{NONE, Survey, reference};

impl Survey<'_> {
    /// Rejects the rows of records that count their rows and lost one, until no record loses
    /// another.
    pub(super) fn complete_groups(&mut self) {
        let outputs = &self.mapper.profile.file.outputs;
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for (index, output) in
                outputs.iter().enumerate().filter(|(_, output)| output.is_counted())
            {
                let mut lost: BTreeMap<u32, u64> = BTreeMap::new();
                for (row, line) in self.lines.iter().enumerate() {
                    if let (Some(CountsState::Rejected), Some(group)) =
                        (self.states.get(row), self.group(row, index))
                    {
                        lost.entry(group).or_insert(*line);
                    }
                }
                for row in 0..self.lines.len() {
                    let Some(cause) = self.group(row, index).and_then(|group| lost.get(&group))
                    else {
                        continue;
                    };
                    let (Some(state @ CountsState::Used), Some(line)) =
                        (self.states.get_mut(row), self.lines.get(row))
                    else {
                        continue;
                    };
                    *state = CountsState::Rejected;
                    changed = true;
                    let problem = Problem::new(
                        *line,
                        Some(&output.family),
                        None,
                        &RowProblem::GroupIncomplete { line: *cause },
                    );
                    self.rejected.insert(*line, Rejected { line: *line, problems: vec![problem] });
                }
            }
        }
    }

    pub(super) fn count(&mut self) {
        let outputs = &self.mapper.profile.file.outputs;
        self.sizes = self.keys.iter().map(|keys| vec![0; keys.len()]).collect();
        for (row, _) in
            self.states.iter().enumerate().filter(|(_, state)| **state == CountsState::Used)
        {
            for (index, sizes) in self.sizes.iter_mut().enumerate() {
                let group = self
                    .groups
                    .get(row * outputs.len() + index)
                    .and_then(|group| usize::try_from(*group).ok());
                if let Some(size) = group.and_then(|group| sizes.get_mut(group)) {
                    *size += 1;
                }
            }
        }
        for (output, sizes) in outputs.iter().zip(&self.sizes) {
            let made = sizes.iter().map(|size| u64::from(*size > 0)).sum();
            self.counts.mapped.insert(output.family.clone(), made);
        }
        let rows = |wanted| self.states.iter().map(|state| u64::from(*state == wanted)).sum();
        (self.counts.used, self.counts.rejected) =
            (rows(CountsState::Used), rows(CountsState::Rejected));
    }

    /// Whether a row is the one that the first pass saw in its place.
    pub(super) fn is_same(&self, index: usize, record: &CsvRecord) -> bool {
        self.digests.get(index) == Some(&record.digest())
    }

    /// The record number of a row in an output.
    pub(super) fn group(&self, row: usize, output: usize) -> Option<u32> {
        self.groups.get(row * self.keys.len() + output).copied().filter(|group| *group != NONE)
    }

    /// Whether a record is made of at least one row.
    pub(super) fn is_made(&self, output: usize, group: u32) -> bool {
        let size = usize::try_from(group).ok().and_then(|group| self.sizes.get(output)?.get(group));
        size.is_some_and(|size| *size > 0)
    }

    /// The keys of a row, by output, as the first pass gave them.
    pub(super) fn keys_of(&self, index: usize, row: &CleanRow) -> RowKeys {
        let mut above: RowKeys = Vec::with_capacity(self.keys.len());
        for (position, (output, keys)) in
            self.mapper.profile.file.outputs.iter().zip(&self.keys).enumerate()
        {
            let key = match self.group(index, position) {
                Some(group) => keys.name(group).map(str::to_owned),
                None => self
                    .mapper
                    .base_key(output, row, &above)
                    .ok()
                    .map(|base| reference(&base, &output.family, row)),
            };
            above.push(key);
        }
        above
    }

    /// The key that the first pass gave a row in an output.
    pub(super) fn key_name(&self, output: usize, group: u32) -> Option<&str> {
        self.keys.get(output)?.name(group)
    }
}
