//! The rejects file: what was refused, with reasons, as rows that a person mends and sends again
//! with the same profile.
//!
//! The leading columns are ours, the others are those of the source, untouched, in its encoding and
//! with its delimiter. On reading, ours are not taken for data, but three of them say how the row
//! stands to what was already imported: `lianfang_family` names the families still due (empty:
//! all), so that a mended victim does not bring its accident again with a count of one;
//! `lianfang_keys` and `lianfang_line` keep its keys, see [`crate::import::keys`].
//!
//! Whoever mends something that a stored record of the row was counted from (the degree of one
//! victim of an accident that is in the hub) has to send all rows of that record again, from the
//! source.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::counts::CountsState;
use super::error::ImportError;
use super::own_columns::{COLUMN_PREFIX, COLUMNS};
use super::problem::Problem;
use super::reader::{CsvRecord, UTF8_MARK};
use super::row::CleanRow;
use super::source::Rewind;
use super::survey::Survey;
use super::table::SourceTable;

/// Reasons by line, from the survey and from the hub.
#[derive(Debug, Clone, Default)]
pub struct Rejects {
    by_line: BTreeMap<u64, Vec<Problem>>,
}

impl Rejects {
    /// Starts with what the survey refused.
    #[must_use]
    pub fn from_survey(survey: &Survey<'_>) -> Self {
        let by_line =
            survey.rejected().map(|rejected| (rejected.line, rejected.problems.clone())).collect();
        Self { by_line }
    }

    /// Adds a record that the hub refused: all the rows it was made of come back.
    pub fn add_record(
        &mut self,
        lines: &[u64],
        family: &str,
        field: Option<&str>,
        code: &str,
        message_zh: &str,
        message_en: &str,
    ) {
        for line in lines {
            self.by_line.entry(*line).or_default().push(Problem {
                line: *line,
                family: Some(family.to_owned()),
                field: field.map(str::to_owned),
                code: code.to_owned(),
                message_zh: message_zh.to_owned(),
                message_en: message_en.to_owned(),
            });
        }
    }

    /// Adds what others refused.
    pub fn take(&mut self, others: Self) {
        for (line, problems) in others.by_line {
            self.by_line.entry(line).or_default().extend(problems);
        }
    }

    /// How many rows come back.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_line.len()
    }

    /// Whether nothing comes back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_line.is_empty()
    }

    /// Writes the rejects file, one row for each line, and gives their number. The source is read
    /// once more.
    ///
    /// # Errors
    /// [`ImportError`] if the source cannot be read or is not the same as before, or the file
    /// cannot be written.
    pub fn write(
        &self,
        survey: &Survey<'_>,
        source: &dyn Rewind,
        out: impl Write,
    ) -> Result<u64, ImportError> {
        let mut reader = SourceTable::open(survey.mapper.profile, source, survey.written)?;
        if reader.header() != survey.header {
            return Err(ImportError::SourceChanged { line: 1 });
        }
        let own: Vec<bool> =
            survey.header.iter().map(|name| name.starts_with(COLUMN_PREFIX)).collect();
        let mut out = RejectWriter { out, survey };
        if survey.written.encoding == super::encoding::Encoding::Utf8 {
            out.out.write_all(UTF8_MARK)?;
        }
        out.row(COLUMNS.into_iter().chain(theirs(&survey.header, &own)))?;
        let (mut index, mut written) = (0, 0);
        while let Some(record) = reader.next()? {
            if !survey.is_same(index, &record) {
                return Err(ImportError::SourceChanged { line: record.line });
            }
            if let Some(problems) = self.by_line.get(&record.line) {
                let leading = leading(survey, index, &record, problems);
                out.row(leading.iter().map(String::as_str).chain(theirs(&record.cells, &own)))?;
                written += 1;
            }
            index += 1;
        }
        out.out.flush()?;
        if index == survey.lines.len() {
            Ok(written)
        } else {
            Err(ImportError::SourceChanged { line: 1 })
        }
    }
}

/// The cells that are not in columns of ours.
fn theirs<'c>(cells: &'c [String], own: &'c [bool]) -> impl Iterator<Item = &'c str> {
    cells
        .iter()
        .enumerate()
        .filter(|(index, _)| !own.get(*index).copied().unwrap_or(false))
        .map(|(_, cell)| cell.as_str())
}

fn leading(
    survey: &Survey<'_>,
    index: usize,
    record: &CsvRecord,
    problems: &[Problem],
) -> [String; 6] {
    let row = record.fault.is_none().then(|| survey.mapper.row(record.clone()).ok()).flatten();
    let resent = row.as_ref().and_then(|row| row.resent.as_ref());
    let line = resent.map_or_else(|| record.line.to_string(), |resent| resent.line.clone());
    let distinct = |parts: Vec<&str>, between: &str| {
        let mut seen = BTreeSet::new();
        parts.into_iter().filter(|part| seen.insert(*part)).collect::<Vec<_>>().join(between)
    };
    let families = match survey.states.get(index) {
        Some(CountsState::Rejected) => due(survey, index, row.as_ref()),
        _ => {
            distinct(problems.iter().filter_map(|problem| problem.family.as_deref()).collect(), " ")
        }
    };
    let fields =
        distinct(problems.iter().filter_map(|problem| problem.field.as_deref()).collect(), " ");
    let codes = distinct(problems.iter().map(|problem| problem.code.as_str()).collect(), " ");
    let both = |problem: &Problem| format!("{} ({})", problem.message_zh, problem.message_en);
    let messages: Vec<String> = problems.iter().map(both).collect();
    let messages = distinct(messages.iter().map(String::as_str).collect(), "；");
    [line, families, fields, codes, messages, keys(survey, index, row.as_ref())]
}

/// The families that a refused row is still due to: those whose record was not made from other
/// rows. Empty if all.
fn due(survey: &Survey<'_>, index: usize, row: Option<&CleanRow>) -> String {
    let outputs = survey.mapper.profile.file.outputs.iter().enumerate();
    let before = row
        .and_then(|row| row.resent.as_ref())
        .map(|resent| resent.due.as_slice())
        .unwrap_or_default();
    let asked = |family: &String| before.is_empty() || before.contains(family);
    let made =
        |output| survey.group(index, output).is_some_and(|group| survey.is_made(output, group));
    let left: Vec<&str> = outputs
        .filter(|(position, output)| asked(&output.family) && !made(*position))
        .map(|(_, output)| output.family.as_str())
        .collect();
    if left.len() == survey.mapper.profile.file.outputs.len() {
        String::new()
    } else {
        left.join(" ")
    }
}

/// The keys of the records the row belongs to, those it brought along included. A record that it
/// only refers to, or that its conditions left out, gave it no key to keep.
fn keys(survey: &Survey<'_>, index: usize, row: Option<&CleanRow>) -> String {
    let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
    if let Some(resent) = row.and_then(|row| row.resent.as_ref()) {
        keys.extend(resent.keys.iter().map(|(family, key)| (family.as_str(), key.as_str())));
    }
    for (position, output) in survey.mapper.profile.file.outputs.iter().enumerate() {
        if let Some(key) =
            survey.group(index, position).and_then(|group| survey.key_name(position, group))
        {
            keys.insert(&output.family, key);
        }
    }
    if keys.is_empty() { String::new() } else { serde_json::to_string(&keys).unwrap_or_default() }
}

/// Writes rows in the encoding and with the delimiter of the source.
struct RejectWriter<'s, W> {
    out: W,
    survey: &'s Survey<'s>,
}

impl<W: Write> RejectWriter<'_, W> {
    /// NUL, which no editor shows, is written as U+FFFD; both are refused when they come back.
    fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<(), ImportError> {
        let delimiter = u8::try_from(self.survey.written.delimiter).unwrap_or(b',');
        let mut line = Vec::new();
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(&mut line);
        writer.write_record(cells.map(|cell| cell.replace('\0', "\u{fffd}")))?;
        writer.flush()?;
        drop(writer);
        let (text, _) = super::encoding::Encoding::Utf8.decode(&line);
        self.out.write_all(&self.survey.written.encoding.encode(&text))?;
        Ok(())
    }
}
