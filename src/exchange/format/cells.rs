//! The cells of a sheet as the library gives them, gathered to rows.

use calamine::{DataRef, DataType, XlsxCellReader};

use super::{body::Shown, fault::FileFault, rows::Limits, workbook::Source};
use crate::import::reader::MAX_RECORD_BYTES;

/// A cell that holds something.
pub struct Found<'a> {
    pub place: u32,
    pub value: DataRef<'a>,
    pub formula: bool,
}

impl Found<'_> {
    pub fn shown(&self) -> Shown<'_> {
        match &self.value {
            DataRef::String(text) => Shown::Text(text),
            DataRef::SharedString(text) => Shown::Text(text),
            DataRef::Float(number) => Shown::Number(*number),
            #[expect(clippy::cast_precision_loss, reason = "only small numbers are looked at")]
            DataRef::Int(number) => Shown::Number(*number as f64),
            _ => Shown::Other,
        }
    }
}

/// Cells of one row that hold something.
pub struct Raw<'a> {
    pub row: u32,
    pub cells: Vec<Found<'a>>,
    /// Cells were dropped: there were too many, or they were too long.
    pub cut: bool,
}

impl Raw<'_> {
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
pub struct Cells<'a> {
    reader: XlsxCellReader<'a, Source>,
    pending: Option<(u32, Found<'a>)>,
    last: u32,
    most: usize,
    end: Option<End>,
}

/// How a sheet ends behind the row just given.
#[derive(Clone, Copy)]
enum End {
    Whole,
    Broken,
}

impl<'a> Cells<'a> {
    pub fn new(reader: XlsxCellReader<'a, Source>, limits: &Limits) -> Self {
        Self { reader, pending: None, last: 0, most: limits.columns, end: None }
    }

    /// The next row with something in it.
    pub fn row(&mut self) -> Result<Option<Raw<'a>>, FileFault> {
        let mut raw: Option<Raw<'a>> = None;
        let mut bytes = 0;
        match self.end {
            Some(End::Whole) => return Ok(None),
            Some(End::Broken) => return Err(self.damaged()),
            None => {}
        }
        loop {
            let (row, cell) = match self.cell() {
                Ok(Some((row, cell))) if row >= self.last => (row, cell),
                Ok(None) => {
                    self.end = Some(End::Whole);
                    break;
                }
                _ if raw.is_some() => {
                    // What was read before is whole.
                    self.end = Some(End::Broken);
                    break;
                }
                _ => return Err(self.damaged()),
            };
            if raw.as_ref().is_some_and(|raw| raw.row != row) {
                self.pending = Some((row, cell));
                break;
            }
            self.last = row;
            let raw = raw.get_or_insert_with(|| Raw { row, cells: Vec::new(), cut: false });
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
    fn cell(&mut self) -> Result<Option<(u32, Found<'a>)>, FileFault> {
        if let Some(found) = self.pending.take() {
            return Ok(Some(found));
        }
        while let Some(record) = self.reader.next_cell_with_formula_metadata().map_err(|_| self.damaged())? {
            let blank = record.value.get_string().is_some_and(|text| text.trim().is_empty());
            let formula = record.formula.is_some();
            if !blank && (formula || record.value != DataRef::Empty) {
                return Ok(Some((record.pos.0, Found { place: record.pos.1, value: record.value, formula })));
            }
        }
        Ok(None)
    }

    const fn damaged(&self) -> FileFault {
        FileFault::SheetDamaged { row: self.last as u64 + 1 }
    }
}
