//! The cells of a sheet as the library gives them, gathered to rows.

use calamine::{DataRef, DataType, XlsxCellReader};

use super::{
    fault::FileFault, row_sort::CellKind, rows::WorkbookLimits, units::ColumnUnit,
    workbook::WorkbookSource,
};
use crate::{domain::quantity, import::reader::MAX_RECORD_BYTES};

/// A cell that holds something.
pub struct FilledCell<'a> {
    pub place: u32,
    pub value: DataRef<'a>,
    pub formula: bool,
}

impl FilledCell<'_> {
    pub fn shown(&self) -> CellKind<'_> {
        match &self.value {
            DataRef::String(text) => CellKind::Text(text),
            DataRef::SharedString(text) => CellKind::Text(text),
            DataRef::Float(number) => CellKind::Number(*number),
            #[expect(clippy::cast_precision_loss, reason = "only small numbers are looked at")]
            DataRef::Int(number) => CellKind::Number(*number as f64),
            _ => CellKind::Other,
        }
    }

    /// Its text as people see it in a column: of a number that is shown as a percentage, that.
    pub fn in_column(&self, unit: ColumnUnit, text: String) -> String {
        let number = matches!(self.value, DataRef::Int(_) | DataRef::Float(_));
        let shown = (unit == ColumnUnit::Percent && number).then(|| quantity::hundredfold(&text));
        shown.flatten().map_or(text, |shown| format!("{shown}%"))
    }
}

/// Cells of one row that hold something.
pub struct RawRow<'a> {
    pub row: u32,
    pub cells: Vec<FilledCell<'a>>,
    /// Cells were dropped: there were too many, or they were too long.
    pub cut: bool,
}

impl RawRow<'_> {
    /// The texts by column, empty where nothing stands.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for cell in &self.cells {
            let place = (cell.place as usize).min(MOST_COLUMNS);
            if texts.len() <= place {
                texts.resize(place + 1, String::new());
            }
            if let Some(text) = texts.get_mut(place) {
                *text = cell.value.as_string().unwrap_or_default();
            }
        }
        texts
    }
}

/// Columns of a sheet of Excel.
pub const MOST_COLUMNS: usize = 16_383;

/// Cells of a sheet, gathered to rows.
pub struct CellRows<'a> {
    reader: XlsxCellReader<'a, WorkbookSource>,
    pending: Option<(u32, FilledCell<'a>)>,
    last: u32,
    most: usize,
    end: Option<SheetEnd>,
}

/// How a sheet ends behind the row just given.
#[derive(Clone, Copy)]
enum SheetEnd {
    Whole,
    Broken,
}

impl<'a> CellRows<'a> {
    pub fn new(reader: XlsxCellReader<'a, WorkbookSource>, limits: &WorkbookLimits) -> Self {
        Self { reader, pending: None, last: 0, most: limits.columns, end: None }
    }

    /// The next row with something in it.
    pub fn row(&mut self) -> Result<Option<RawRow<'a>>, FileFault> {
        let mut raw: Option<RawRow<'a>> = None;
        let mut bytes = 0;
        match self.end {
            Some(SheetEnd::Whole) => return Ok(None),
            Some(SheetEnd::Broken) => return Err(self.damaged()),
            None => {}
        }
        loop {
            let (row, cell) = match self.cell() {
                Ok(Some((row, cell))) if row >= self.last => (row, cell),
                Ok(None) => {
                    self.end = Some(SheetEnd::Whole);
                    break;
                }
                _ if raw.is_some() => {
                    // What was read before is whole.
                    self.end = Some(SheetEnd::Broken);
                    break;
                }
                _ => return Err(self.damaged()),
            };
            if raw.as_ref().is_some_and(|raw| raw.row != row) {
                self.pending = Some((row, cell));
                break;
            }
            self.last = row;
            let raw = raw.get_or_insert_with(|| RawRow { row, cells: Vec::new(), cut: false });
            bytes += cell.value.get_string().map_or(8, str::len);
            if raw.cells.len() > self.most || bytes > MAX_RECORD_BYTES {
                raw.cut = true;
            } else {
                raw.cells.push(cell);
            }
        }
        Ok(raw)
    }

    /// The next cell that holds something, if only a formula.
    fn cell(&mut self) -> Result<Option<(u32, FilledCell<'a>)>, FileFault> {
        if let Some(found) = self.pending.take() {
            return Ok(Some(found));
        }
        while let Some(record) =
            self.reader.next_cell_with_formula_metadata().map_err(|_| self.damaged())?
        {
            let blank = record.value.get_string().is_some_and(|text| text.trim().is_empty());
            let formula = record.formula.is_some();
            if !blank && (formula || record.value != DataRef::Empty) {
                return Ok(Some((
                    record.pos.0,
                    FilledCell { place: record.pos.1, value: record.value, formula },
                )));
            }
        }
        Ok(None)
    }

    const fn damaged(&self) -> FileFault {
        FileFault::SheetDamaged { row: self.last as u64 + 1 }
    }
}
