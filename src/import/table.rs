//! A table with its head found: what stands above it is left, and its columns have the names that
//! the profile gives them.

use std::collections::{BTreeMap, HashMap};

use super::{
    encoding::Encoding,
    error::ImportError,
    own_columns::LINE_COLUMN,
    problem::RowProblem,
    profile::Profile,
    reader::{CsvRecord, RecordReader},
    rows::TableRows,
    source::Rewind,
};
use crate::domain::text::squeezed;

/// Rows among which the head is looked for.
const ROWS: usize = 30;

/// A table behind its head.
pub(super) struct SourceTable<'s> {
    rows: Box<dyn TableRows + 's>,
    header: Vec<String>,
    /// Rows have as many cells as the head, whatever they came with: sheets have no ragged rows.
    sheet: bool,
}

/// Which encoding and delimiter text has.
#[derive(Clone, Copy)]
pub(super) struct TextForm {
    pub encoding: Encoding,
    pub delimiter: char,
}

impl<'s> SourceTable<'s> {
    /// Opens a source behind its head.
    ///
    /// # Errors
    /// [`ImportError`] where it cannot be read or has no head.
    pub fn open(
        profile: &Profile,
        source: &'s dyn Rewind,
        written: TextForm,
    ) -> Result<Self, ImportError> {
        let head = &profile.file.profile;
        let wanted = profile.source_columns();
        let sheet = source.sheet(head.sheet.as_deref(), &wanted)?;
        let is_sheet = sheet.is_some();
        let mut rows = match sheet {
            Some(rows) => rows,
            None => {
                Box::new(RecordReader::open(source.open()?, written.encoding, written.delimiter))
            }
        };
        let high = head.head_lines;
        let names = HeadNames::new(&wanted);
        let mut seen: Vec<CsvRecord> = Vec::new();
        let mut best: Option<(usize, Vec<String>)> = None;
        let mut bad = false;
        while seen.len() < ROWS {
            let Some(record) = rows.next()? else { break };
            let own = record.cells.first().is_some_and(|cell| cell.trim() == LINE_COLUMN);
            if !own && head.skip_lines.is_some_and(|lines| record.line <= lines) {
                continue;
            }
            bad |= seen.is_empty()
                && record
                    .fault
                    .as_ref()
                    .is_some_and(|fault| !matches!(fault, RowProblem::Ragged { .. }));
            if seen.is_empty() && record.is_blank() && !is_sheet {
                bad |= head.skip_lines.is_some();
            }
            seen.push(record);
            // The rows of a rejects file have one line of headings, and they come first.
            let from = if own { seen.len() - 1 } else { seen.len().saturating_sub(high) };
            let block = seen.get(from..).unwrap_or_default();
            if (block.len() < high && !own) || block.iter().any(|record| record.fault.is_some()) {
                continue;
            }
            let (found, header) = names.of(block);
            let stated =
                head.skip_lines.is_some() && block.first().is_some_and(|record| !record.is_blank());
            if found == wanted.len() || stated || own {
                rows.expect(header.len());
                return Ok(Self { rows, header, sheet: is_sheet });
            }
            if best.as_ref().is_none_or(|(most, _)| found > *most) {
                best = Some((found, header));
            }
        }
        if bad {
            return Err(ImportError::HeaderUnreadable);
        }
        // What is missing is told from the row that has most of it.
        let best = best.or_else(|| (!seen.is_empty()).then(|| names.of(&seen)));
        match (best, seen.first()) {
            (Some((found, header)), Some(first)) if found > 0 || !first.is_blank() => {
                Ok(Self { rows, header, sheet: is_sheet })
            }
            _ => Err(ImportError::HeaderMissing),
        }
    }

    /// Names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<CsvRecord>, ImportError> {
        let mut record = self.rows.next()?;
        if let (true, Some(record)) = (self.sheet, &mut record) {
            record.cells.resize(self.header.len(), String::new());
        }
        Ok(record)
    }
}

/// The names of a profile, found however a head is typeset.
struct HeadNames<'w>(HashMap<String, &'w str>);

impl<'w> HeadNames<'w> {
    fn new(wanted: &[&'w str]) -> Self {
        Self(wanted.iter().map(|name| (squeezed(name), *name)).collect())
    }

    /// The name of each column below a block of rows, and how many of those wanted are among them.
    /// A column is called by its lowest text, or by all texts from above to below with `/` between,
    /// where the profile says so or others end alike.
    fn of(&self, block: &[CsvRecord]) -> (usize, Vec<String>) {
        let width = block.iter().map(|record| record.cells.len()).max().unwrap_or_default();
        let text = |record: &CsvRecord, column: usize| {
            record.cells.get(column).map_or("", |cell| cell.trim()).to_owned()
        };
        let last = block.len().saturating_sub(1);
        let paths: Vec<Vec<String>> = (0..width)
            .map(|column| {
                let lowest = block.get(last).map(|record| text(record, column)).unwrap_or_default();
                let mut path: Vec<String> = Vec::new();
                for (row, record) in block.iter().enumerate() {
                    let mut own = text(record, column);
                    // Of cells side by side under one heading only the first has it above.
                    if own.is_empty() && row < last && !lowest.is_empty() {
                        own = (0..column)
                            .rev()
                            .map(|other| text(record, other))
                            .find(|text| !text.is_empty())
                            .unwrap_or_default();
                    }
                    if !own.is_empty() && path.last() != Some(&own) {
                        path.push(own);
                    }
                }
                path
            })
            .collect();
        let mut leaves: BTreeMap<&str, usize> = BTreeMap::new();
        for leaf in paths.iter().filter_map(|path| path.last()) {
            *leaves.entry(leaf).or_default() += 1;
        }
        let header: Vec<String> = paths
            .iter()
            .map(|path| {
                let (whole, leaf) = (path.join("/"), path.last().map_or("", String::as_str));
                let called =
                    |name: &str| self.0.get(&squeezed(name)).map(|name| (*name).to_owned());
                let several = leaves.get(leaf).is_some_and(|number| *number > 1) && path.len() > 1;
                called(&whole)
                    .or_else(|| if several { None } else { called(leaf) })
                    .unwrap_or_else(|| if several { whole } else { leaf.to_owned() })
            })
            .collect();
        let found = self.0.values().filter(|name| header.iter().any(|own| own == *name)).count();
        (found, header)
    }
}
