//! The later passes: finished records, one family after the other.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::counts::CountsState;
use super::error::ImportError;
use super::field_spec::{FieldSpec, Take};
use super::row::{CleanRow, Notes};
use super::source::Rewind;
use super::spec::Output;
use super::survey::Survey;
use super::table::SourceTable;

/// A record made of one or several rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// Lines it was made from, ascending.
    pub lines: Vec<u64>,
    /// Name of its family.
    pub family: String,
    /// Its key, which is also in the row.
    pub key: String,
    /// Values by field name.
    pub row: Map<String, Value>,
}

/// A record some of whose rows are still to come.
struct Open {
    lines: Vec<u64>,
    values: Vec<Option<Value>>,
    by: Vec<String>,
}

/// Iterates over the records. It is `Send`, so that a caller may await between two of them.
pub struct RecordIter<'s> {
    survey: &'s Survey<'s>,
    source: &'s dyn Rewind,
    output: usize,
    reader: Option<SourceTable<'s>>,
    index: usize,
    open: HashMap<u32, Open>,
    failed: bool,
}

impl<'s> RecordIter<'s> {
    pub(super) fn new(survey: &'s Survey<'s>, source: &'s dyn Rewind) -> Self {
        Self {
            survey,
            source,
            output: 0,
            reader: None,
            index: 0,
            open: HashMap::new(),
            failed: false,
        }
    }

    fn advance(&mut self) -> Result<Option<Mapped>, ImportError> {
        let survey = self.survey;
        while let Some(output) = survey.mapper.profile.file.outputs.get(self.output) {
            let reader = match &mut self.reader {
                Some(reader) => reader,
                none => {
                    let reader =
                        SourceTable::open(survey.mapper.profile, self.source, survey.written)?;
                    if reader.header() != survey.header {
                        return Err(ImportError::SourceChanged { line: 1 });
                    }
                    self.index = 0;
                    none.insert(reader)
                }
            };
            let Some(record) = reader.next()? else {
                if self.index != survey.lines.len() || !self.open.is_empty() {
                    return Err(ImportError::SourceChanged {
                        line: survey.lines.last().copied().unwrap_or(1),
                    });
                }
                self.reader = None;
                self.output += 1;
                continue;
            };
            let index = self.index;
            self.index += 1;
            let line = record.line;
            let changed = || ImportError::SourceChanged { line };
            if !survey.is_same(index, &record) {
                return Err(changed());
            }
            if survey.states.get(index) != Some(&CountsState::Used) {
                continue;
            }
            let Some(group) = survey.group(index, self.output) else { continue };
            if record.fault.is_some() {
                return Err(changed());
            }
            let row = survey.mapper.row(record).map_err(|_| changed())?;
            if let Some(mapped) = self.add(output, group, index, &row)? {
                return Ok(Some(mapped));
            }
        }
        Ok(None)
    }

    /// Adds a row to its record, and gives the record when that was its last row.
    fn add(
        &mut self,
        output: &Output,
        group: u32,
        index: usize,
        row: &CleanRow,
    ) -> Result<Option<Mapped>, ImportError> {
        let survey = self.survey;
        let changed = || ImportError::SourceChanged { line: row.line };
        let keys = survey.keys_of(index, row);
        let values =
            survey.mapper.values(output, row, &keys, &mut Notes::new()).map_err(|_| changed())?;
        let by = |field: &FieldSpec| {
            field.by.as_deref().map_or("", |column| survey.mapper.cell(row, column)).to_owned()
        };
        let by: Vec<String> = output.fields.values().map(by).collect();
        let done = match self.open.remove(&group) {
            None => Open { lines: vec![row.line], values, by },
            Some(mut open) => {
                open.lines.push(row.line);
                let places = open.values.iter_mut().zip(open.by.iter_mut());
                for ((field, place), found) in
                    output.fields.values().zip(places).zip(values.into_iter().zip(by))
                {
                    merge(field, place, found);
                }
                open
            }
        };
        let size =
            survey.sizes.get(self.output).and_then(|sizes| sizes.get(usize::try_from(group).ok()?));
        let size = size.and_then(|size| usize::try_from(*size).ok()).ok_or_else(changed)?;
        if done.lines.len() < size {
            self.open.insert(group, done);
            return Ok(None);
        }
        let key = survey.key_name(self.output, group).ok_or_else(changed)?.to_owned();
        let fields = output.fields.keys().cloned().zip(done.values);
        let mut row: Map<String, Value> =
            fields.filter_map(|(name, value)| Some((name, value?))).collect();
        row.insert(output.key.field.clone(), key.clone().into());
        Ok(Some(Mapped { lines: done.lines, family: output.family.clone(), key, row }))
    }
}

impl Iterator for RecordIter<'_> {
    type Item = Result<Mapped, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.advance().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

/// Joins the value of a further row to that of the record.
fn merge(
    field: &FieldSpec,
    (kept, kept_by): (&mut Option<Value>, &mut String),
    (value, by): (Option<Value>, String),
) {
    let Some(value) = value else { return };
    let Some(before) = kept.as_ref() else {
        (*kept, *kept_by) = (Some(value), by);
        return;
    };
    // Numbers are bounded when they are read, so that no sum over a file can leave the range.
    let pair = before.as_i64().zip(value.as_i64());
    let joined = match (field.take, pair) {
        _ if field.count_when.is_some() => pair.map(|(a, b)| Value::from(a.saturating_add(b))),
        (Take::Latest, _) => (by > *kept_by).then_some(value),
        (Take::Sum, Some((a, b))) => Some(Value::from(a.saturating_add(b))),
        (Take::Max, Some((a, b))) => Some(Value::from(a.max(b))),
        (Take::Min, Some((a, b))) => Some(Value::from(a.min(b))),
        (Take::First, _) | (_, None) => None,
    };
    if joined.is_some() {
        (*kept, *kept_by) = (joined, by);
    }
}
