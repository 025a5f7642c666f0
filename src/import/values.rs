//! The values of fields: from cleaned cells by the transforms of the profile.

use std::collections::BTreeSet;

use serde_json::Value;

use super::field_spec::FieldSpec;
use super::mapping::Mapper;
use super::problem::{Problem, RowProblem};
use super::row::{CleanRow, Notes, RowKeys};
use super::spec::{Output, json};
use super::transforms::{at, day, instant, local, number, pad_left, parse_clock, time_of_day};

impl Mapper<'_> {
    /// The values of the fields in the order of the profile, or everything that is wrong with them.
    pub fn values(
        &self,
        output: &Output,
        row: &CleanRow,
        above: &RowKeys,
        notes: &mut Notes,
    ) -> Result<Vec<Option<Value>>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut values = Vec::with_capacity(output.fields.len());
        for (name, field) in &output.fields {
            let mut note = |what: &str| *notes.entry(what.to_owned()).or_default() += 1;
            let place = format!("{}.{name}", output.family);
            match self.value(field, row, above, &place, &mut note) {
                Ok(value) => values.push(value),
                Err(fault) => {
                    problems.push(Problem::new(row.line, Some(&output.family), Some(name), &fault))
                }
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }

    fn value(
        &self,
        field: &FieldSpec,
        row: &CleanRow,
        above: &RowKeys,
        place: &str,
        note: &mut dyn FnMut(&str),
    ) -> Result<Option<Value>, RowProblem> {
        if let Some(constant) = &field.constant {
            return Ok(Some(json(constant)));
        }
        if let Some(family) = &field.key_of {
            // Without that key there is nothing to refer to; if the row should have it, that is
            // told at the key itself.
            return Ok(self.key_above(family, above).map(Value::from));
        }
        if let Some(condition) = &field.count_when {
            return Ok(Some(i64::from(condition.holds(|name| self.cell(row, name))).into()));
        }
        let column = field.column.clone().unwrap_or_default();
        let mut text = self.cell(row, &column).to_owned();
        if field.empty.contains(&text) {
            text.clear();
        }
        if text.is_empty() {
            return match &field.when_empty {
                Some(value) => {
                    note(&format!("{place} when_empty"));
                    Ok(Some(json(value)))
                }
                None if field.required => {
                    Err(RowProblem::ValueMissing { columns: self.origin(&column, row) })
                }
                None => Ok(None),
            };
        }
        if let Some(pad) = &field.pad_left {
            text = pad_left(&text, pad);
        }
        if let Some(map) = &field.map {
            let known = map.get(&text).map(json);
            let value = known.or_else(|| {
                let value = field.otherwise.as_ref()?;
                note(&format!("{place} otherwise"));
                Some(json(value))
            });
            return value.map(Some).ok_or(RowProblem::ValueNotMapped { column });
        }
        if let Some(rule) = &field.number {
            return number(&text, rule).map(Some).ok_or(RowProblem::NumberInvalid { column });
        }
        if field.date.is_some() || field.instant.is_some() {
            return self.moment(field, row, &column, &text, note).map(Some);
        }
        Ok(Some(text.into()))
    }

    fn moment(
        &self,
        field: &FieldSpec,
        row: &CleanRow,
        column: &str,
        text: &str,
        note: &mut dyn FnMut(&str),
    ) -> Result<Value, RowProblem> {
        use crate::domain::clock::TimeFault::NoSuchDate;
        let fault = |column: &str| {
            let column = column.to_owned();
            move |fault| RowProblem::Time { column, fault }
        };
        let local = match (&field.instant, &field.time) {
            (Some(formats), _) => local(text, formats).map_err(fault(column))?,
            (None, time) => {
                let day =
                    day(text, field.date.as_deref().unwrap_or_default()).map_err(fault(column))?;
                let Some(time) = time else { return Ok(day.to_string().into()) };
                let cell = self.cell(row, &time.column);
                let unknown = time
                    .unknown
                    .as_ref()
                    .filter(|unknown| unknown.values.iter().any(|value| value == cell));
                let hour = match unknown {
                    Some(unknown) => {
                        note(&unknown.name);
                        parse_clock(&unknown.instead).map(Some)
                    }
                    None => time_of_day(cell, time.format),
                };
                at(day, hour.map_err(fault(&time.column))?)
                    .ok_or(NoSuchDate)
                    .map_err(fault(column))?
            }
        };
        let zoned = self.profile.offset.and_then(|offset| instant(local, offset));
        zoned.map(Value::from).ok_or(NoSuchDate).map_err(fault(column))
    }

    /// The columns of the source to mend where a column is empty: of those that a derived one looks
    /// at, the empty ones.
    fn origin(&self, column: &str, row: &CleanRow) -> String {
        let mut sources = BTreeSet::new();
        self.sources(column, &mut sources);
        let empty: Vec<&str> =
            sources.iter().copied().filter(|source| self.cell(row, source).is_empty()).collect();
        if empty.is_empty() {
            sources.into_iter().collect::<Vec<_>>().join("/")
        } else {
            empty.join("/")
        }
    }

    fn sources<'a>(&'a self, column: &'a str, found: &mut BTreeSet<&'a str>) {
        let Some(derived) = self.profile.file.derived.iter().find(|derived| derived.name == column)
        else {
            found.insert(column);
            return;
        };
        for name in derived.cases.iter().flat_map(|case| case.when.columns().chain(case.columns()))
        {
            self.sources(name, found);
        }
    }
}
