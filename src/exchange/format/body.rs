//! The rows below the head of a table: which of them are records, and what the others are. Ledgers
//! have totals, notes and signatures at the end, blank rows with a running number, a row that
//! numbers the columns, and the head repeated on every page; all of these are left out and counted.

use std::collections::HashMap;

use entity::catalogue::{Family, Field};
use serde_json::Value;

use super::{
    codes::CodeFinder,
    fault::{FileFault, RowFault},
    head::{self, TableHead},
    heading::{self, HeadingColumn, Meaning},
    industry,
    report::Report,
    row_sort::{
        CellKind, RowSort, begins_total, compares, is_note, is_remark, is_section, is_signed,
        is_total, numbers_columns,
    },
    rows::{FileRow, ReadOptions},
    said_below,
    table_row::TableRow,
    units,
};
use crate::domain::text::squeezed;
use crate::submit::verdict::RowRemark;

/// Key of the template's example row; a row with this key is skipped.
pub const EXAMPLE_KEY: &str = "示例行（不会报送）";

/// State kept while the rows of a table are read.
pub struct Body {
    pub family: &'static Family,
    pub columns: Vec<HeadingColumn>,
    pub report: Report,
    names: CodeFinder,
    head: Vec<Vec<String>>,
    others: HashMap<usize, &'static Field>,
    resident: bool,
    begun: bool,
    blank: u64,
}

impl Body {
    pub fn new(head: TableHead, report: Report, reading: &ReadOptions) -> Self {
        let names = CodeFinder::new(
            reading.family,
            std::sync::Arc::clone(&reading.reference),
            reading.today,
        );
        let rows =
            head.rows.iter().map(|row| row.iter().map(|text| squeezed(text)).collect()).collect();
        Self {
            family: reading.family,
            columns: head.columns,
            report,
            names,
            head: rows,
            others: head.others,
            resident: head.resident,
            begun: false,
            blank: 0,
        }
    }

    /// The other field that is called like a column.
    pub fn other(&self, place: usize) -> Option<&'static Field> {
        self.others.get(&place).copied()
    }

    /// The column at an index.
    pub fn column(&self, place: usize) -> HeadingColumn {
        self.columns.get(place).copied().unwrap_or(HeadingColumn::Unnamed)
    }

    /// Decides the sort of a row from its filled cells; `alone` says whether one merged cell is all
    /// of it.
    pub fn sort(&self, cells: &[(usize, CellKind<'_>)], alone: bool) -> RowSort {
        let texts = || {
            cells.iter().filter_map(|(_, shown)| {
                if let CellKind::Text(text) = shown { Some(*text) } else { None }
            })
        };
        let total = |(_, shown): &(usize, CellKind<'_>)| matches!(shown, CellKind::Text(text) if is_total(text));
        let begins = || {
            texts().next().is_some_and(|text| {
                begins_total(text)
                    || compares(text)
                    || cells.len() > 1 && squeezed(text).starts_with("其中")
            })
        };
        // A record has its number, whatever else it says.
        let numbered = self.is_numbered(cells);
        if !numbered && (cells.iter().take(4).any(total) || begins()) {
            return RowSort::Total;
        }
        let repeated = |row: &Vec<String>| {
            cells.len() > 1
                && cells.iter().all(|(place, shown)| {
                    matches!(shown, CellKind::Text(text) if row.get(*place).is_some_and(|own| *own == squeezed(text)))
                })
        };
        let first = texts().next().unwrap_or_default();
        let begins = self
            .columns
            .iter()
            .position(|column| !matches!(column, HeadingColumn::Unnamed))
            .unwrap_or_default();
        let in_front = cells.first().is_some_and(|(place, _)| *place <= begins);
        let states_unit = || !units::stated(first).is_empty() || units::alone(first).is_some();
        let section = cells.len() == 1
            && (is_section(first) || (in_front && is_remark(first)) || states_unit());
        let of_units =
            || texts().count() == cells.len() && texts().all(|text| units::alone(text).is_some());
        if alone
            || section
            || (is_note(first) && !numbered)
            || (texts().count() == cells.len() && is_signed(texts()))
            || (cells.len() > 1 && of_units())
            || self.head.iter().any(repeated)
            || (!self.begun && numbers_columns(cells))
        {
            return RowSort::Note;
        }
        if self.is_head(cells) { RowSort::OtherHead } else { RowSort::Record }
    }

    /// Whether a row has a number of its own that is neither a total nor a note.
    fn is_numbered(&self, cells: &[(usize, CellKind<'_>)]) -> bool {
        let key = self.family.key_field().map(|field| field.name);
        let of_key = |place: usize| self.column(place).field().map(|field| field.name) == key;
        let place = cells.iter().position(|(place, _)| of_key(*place));
        let before = cells.get(..place.unwrap_or_default()).unwrap_or_default();
        if before.iter().any(|(_, shown)| matches!(shown, CellKind::Text(text) if is_total(text))) {
            return false;
        }
        match place.and_then(|place| cells.get(place)) {
            Some((_, CellKind::Text(text))) => {
                let other = is_total(text)
                    || begins_total(text)
                    || compares(text)
                    || is_note(text)
                    || squeezed(text).starts_with("其中");
                !other && cells.len() > 3
            }
            Some(_) => cells.len() > 3,
            None => false,
        }
    }

    /// Refuses a file whose first row below the head says that numbers are in another unit than that
    /// in which they would be read.
    ///
    /// # Errors
    /// [`FileFault::UnitBelow`].
    pub fn first(
        &self,
        sort: RowSort,
        number: u64,
        cells: &[(usize, CellKind<'_>)],
    ) -> Result<(), FileFault> {
        let looked = !self.begun && sort == RowSort::Record;
        let unit = if looked { said_below::by_first_row(&self.columns, cells) } else { None };
        unit.map_or(Ok(()), |unit| Err(FileFault::UnitBelow { row: number, unit }))
    }

    /// Whether a row names fields and holds nothing else.
    fn is_head(&self, cells: &[(usize, CellKind<'_>)]) -> bool {
        let named = |(_, shown): &(usize, CellKind<'_>)| match shown {
            CellKind::Text(text) if text.chars().any(|c| c.is_ascii_digit()) => None,
            CellKind::Text(text) => Some(matches!(
                heading::meaning(self.family, text, None, &[]),
                Meaning::Field(..) | Meaning::Industry | Meaning::Origin(_)
            )),
            _ => None,
        };
        // The first cell of a record is a number, or has one in it.
        if cells.len() < 4 || cells.first().and_then(named).is_none() {
            return false;
        }
        let names = cells.iter().filter(|cell| named(cell) == Some(true)).count();
        names >= 4 && names * 2 >= cells.len()
    }

    /// Begins a row that is a record.
    pub fn row(&self, number: u64) -> TableRow {
        let has_unit = |column: &HeadingColumn| matches!(column, HeadingColumn::UnitOfRow);
        TableRow::new(number, self.columns.iter().any(has_unit))
    }

    /// Counts a row that is not a record.
    ///
    /// # Errors
    /// [`FileFault::UnitBelow`] where a note states a unit in which the amounts above it were not
    /// read.
    pub fn leave(
        &mut self,
        sort: RowSort,
        number: u64,
        cells: &[(usize, CellKind<'_>)],
    ) -> Result<(), FileFault> {
        let unit = match sort {
            RowSort::Record => None,
            RowSort::OtherHead => return Err(FileFault::SecondHead { row: number }),
            RowSort::Total => {
                self.report.totals += 1;
                said_below::by_total(&self.columns, cells)
            }
            RowSort::Note => {
                self.report.notes += 1;
                said_below::by_note(&self.columns, &self.head, cells)
            }
        };
        unit.map_or(Ok(()), |unit| Err(FileFault::UnitBelow { row: number, unit }))
    }

    /// Counts blank rows; those after the last record do not count.
    pub fn skip_blank(&mut self, rows: u64) {
        self.blank += rows;
    }

    /// Finishes a row; `None` if it is blank or the example of the template.
    pub fn finish(&mut self, mut row: TableRow) -> Option<FileRow> {
        if row.is_blank() {
            self.skip_blank(1);
            return None;
        }
        self.begun = true;
        if row.is_example(self.family) {
            return None;
        }
        self.report.blank += std::mem::take(&mut self.blank);
        let unread = row.faults.iter().any(|fault| matches!(fault, RowFault::Raw(_)));
        row.put_together();
        if self.resident && row.values.contains_key(head::ID_NUMBER) {
            row.values.insert(head::ID_TYPE.to_owned(), Value::from(head::RESIDENT));
        }
        if !unread {
            let faults = self.names.resolve(&mut row.values);
            row.faults.extend(faults);
        }
        let findings = self.industry(&mut row);
        let faults = row.faults.into_iter().map(RowFault::remark).collect();
        Some(FileRow { row: row.number, values: row.values, faults, findings })
    }

    /// Moves a value below 行业 to its field, unless the row fills that field itself; values that
    /// cannot be interpreted are reported.
    fn industry(&self, row: &mut TableRow) -> Vec<RowRemark> {
        let words = std::mem::take(&mut row.industry);
        let mut unknown = false;
        for word in &words {
            match industry::read(&self.names, self.family, word) {
                Some((field, value)) => {
                    row.values.entry(field).or_insert(Value::String(value));
                }
                None => unknown = true,
            }
        }
        let told = industry::FIELDS.iter().any(|field| row.values.contains_key(*field));
        if unknown && !told { vec![industry::unknown()] } else { Vec::new() }
    }
}
