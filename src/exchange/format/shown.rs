//! What a number format of a workbook shows beside a number and the file does not hold: `0.0"万元"`
//! under 8.5, `"SZ-2025-"000` under 7. People read what is shown, so a number is never taken without
//! it.

use std::{
    collections::{HashMap, HashSet},
    io::{Read, Seek},
};

use calamine::{DataRef, Style, XlsxCellReader};

use super::{
    fault::FileFault,
    format_code::{ShownFormat, hides_day, of_numbers, of_texts},
    row_sort::{begins_total, is_total},
};
/// Cells that are struck out and kept in mind; a sheet with more is looked at by nobody.
const MOST_STRUCK: usize = 200_000;

/// What the cells of a column are shown with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFormats {
    /// Each with the first row that has it.
    with: Vec<(ShownFormat, u64)>,
    /// The first row that shows nothing but its number.
    without: Option<u64>,
}

impl ColumnFormats {
    /// The unit that is shown behind all numbers; `Err` where they differ or it is not clear what
    /// they are, with a row of each kind.
    pub fn unit(&self) -> Result<Option<&str>, Vec<u64>> {
        match self.with.first() {
            None => Ok(None),
            Some((ShownFormat::Unit(unit), _))
                if self.with.len() == 1 && self.without.is_none() =>
            {
                Ok(Some(unit))
            }
            _ if self.is_percent() => Ok(None),
            Some(_) => Err(self.rows()),
        }
    }

    /// Whether all numbers are shown as percentages.
    pub fn is_percent(&self) -> bool {
        matches!(self.with.as_slice(), [(ShownFormat::Percent, _)]) && self.without.is_none()
    }

    /// A row of each kind, as people count them.
    pub fn rows(&self) -> Vec<u64> {
        let mut rows: Vec<u64> =
            self.with.iter().map(|(_, row)| *row).chain(self.without).collect();
        rows.sort_unstable();
        rows
    }
}

/// What a style shows besides a number, and besides a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StyleFormats {
    number: Option<ShownFormat>,
    text: bool,
    undated: bool,
    struck: bool,
}

/// What the cells of a sheet are shown with.
#[derive(Debug, Default)]
pub struct SheetFormats {
    /// By column, below the head.
    pub columns: HashMap<usize, ColumnFormats>,
    /// Cells, by row and column from 0, that hold a day and show no more than its month or year.
    pub undated: HashSet<(u32, u32)>,
    /// Cells that are struck out as a whole, by row and column from 0.
    pub struck: HashSet<(u32, u32)>,
}

/// The styles whose number format shows more than what the cell holds, or less.
fn speaking(styles: &[Style]) -> HashMap<usize, StyleFormats> {
    let of = |style: &Style| {
        let struck = style.font.as_ref().is_some_and(calamine::Font::has_strikethrough);
        let code = style.number_format.as_ref().map_or("General", |own| own.format_code.as_str());
        let undated = hides_day(code);
        let number = of_numbers(code).filter(|_| !undated);
        let found = StyleFormats { number, text: of_texts(code), undated, struck };
        (found.number.is_some() || found.text || undated || struck).then_some(found)
    };
    let all = styles.iter().enumerate();
    all.filter_map(|(number, style)| Some((number, of(style)?))).collect()
}

/// What the numbers of each column of a sheet are shown with, below the last row of its head. The
/// cells are read only where the workbook has a format that shows more than the number, or less.
///
/// # Errors
/// [`FileFault::SheetDamaged`].
pub fn formats<S: Read + Seek>(
    mut cells: XlsxCellReader<'_, S>,
    head: u64,
) -> Result<SheetFormats, FileFault> {
    let speaking = speaking(cells.styles());
    let mut found = SheetFormats::default();
    if speaking.is_empty() {
        return Ok(found);
    }
    let mut row = SheetRow::default();
    while let Some((cell, style)) = cells
        .next_cell_with_style_id()
        .map_err(|_| FileFault::SheetDamaged { row: u64::from(row.at) + 1 })?
    {
        let (at, column) = cell.get_position();
        if at != row.at {
            found.enter(std::mem::replace(&mut row, SheetRow { at, ..SheetRow::default() }));
        }
        if u64::from(at) < head {
            continue;
        }
        let style = speaking.get(&style);
        row.add(column, cell.get_value(), style);
    }
    found.enter(row);
    found.columns.retain(|_, of| !of.with.is_empty());
    Ok(found)
}

/// A row while its cells are looked at.
#[derive(Default)]
struct SheetRow {
    at: u32,
    shown: Vec<(u32, Option<ShownFormat>)>,
    undated: Vec<u32>,
    struck: Vec<u32>,
    texts: usize,
    total: bool,
}

impl SheetRow {
    fn add(&mut self, column: u32, value: &DataRef<'_>, style: Option<&StyleFormats>) {
        if style.is_some_and(|own| own.struck) && *value != DataRef::Empty {
            self.struck.push(column);
        }
        let text = match value {
            DataRef::String(text) => Some(text.as_str()),
            DataRef::SharedString(text) => Some(*text),
            _ => None,
        };
        let none =
            matches!(value, DataRef::Int(0)) || matches!(value, DataRef::Float(own) if *own == 0.0);
        match value {
            // Nothing is nothing in any unit; shown with one, it tells of the others.
            _ if none && style.is_none_or(|own| own.number.is_none()) => {}
            DataRef::Int(_) | DataRef::Float(_) => {
                self.shown.push((column, style.and_then(|own| own.number.clone())));
            }
            DataRef::DateTime(_) if style.is_some_and(|own| own.undated) => {
                self.undated.push(column)
            }
            _ => {}
        }
        if let Some(text) = text {
            self.total |= self.texts < 4 && is_total(text) || self.texts == 0 && begins_total(text);
            self.texts += 1;
            if style.is_some_and(|own| own.text) {
                self.shown.push((column, Some(ShownFormat::Letters)));
            }
        }
    }
}

impl SheetFormats {
    /// Adds a row. A total may be shown as a bare number below numbers with a unit, but not the
    /// other way round.
    fn enter(&mut self, row: SheetRow) {
        let number = u64::from(row.at) + 1;
        for (column, shown) in row.shown {
            let of = self.columns.entry(column as usize).or_default();
            match shown {
                Some(shown) if of.with.iter().all(|(own, _)| *own != shown) => {
                    of.with.push((shown, number));
                }
                None if !row.total => _ = of.without.get_or_insert(number),
                _ => {}
            }
        }
        self.undated.extend(row.undated.into_iter().map(|column| (row.at, column)));
        if self.struck.len() < MOST_STRUCK {
            self.struck.extend(row.struck.into_iter().map(|column| (row.at, column)));
        }
    }
}
