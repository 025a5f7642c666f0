//! The workbook of verdicts: the rows as they were sent, in the layout of the template, with the
//! problems beside them. People correct it in place and send it again.
//!
//! Every cell that a fault or finding is about is coloured and has the message as a note; all
//! messages of a row stand in the column 问题 next to the key. Excel becomes slow with very many
//! notes, so only the first [`NOTES`] are written; colours and the column are always there.

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind};
use rust_xlsxwriter::{Note, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{
    FileRows,
    judged::VerdictRow,
    layout::{self, CellStyle, Formats},
    lists::CodeLists,
    workbook::DATA,
    written,
};
use crate::{
    domain::region::RegionCode,
    error::HubError,
    store::reference::Reference,
    submit::{parse::InputRow, verdict::RowOutcome},
};

/// Notes in a workbook at most.
pub const NOTES: usize = 5000;
/// Rows of an Excel sheet, without the headings.
const ROWS: u32 = 1_048_575;
/// Columns between the key and the other fields, and the one at the end.
const BESIDE: [(&str, f64); 2] = [("问题", 60.0), ("结果", 8.0)];
const AT_THE_END: &str = "行号";

/// What a workbook of verdicts is made for.
#[derive(Clone, Copy)]
pub struct VerdictWorkbook<'a> {
    /// Family of the rows.
    pub family: &'static Family,
    /// Code tables, for the drop-down lists and the names of codes.
    pub reference: &'a Reference,
    /// Region of the organisation, which limits the list of regions; `None` for all.
    pub region: Option<&'a RegionCode>,
    /// The current date in China: lists offer the codes that are valid on it.
    pub today: NaiveDate,
    /// Directory for an unnamed temporary file that holds the rows until the workbook is finished,
    /// so that memory does not grow with their number. It contains the rows unsealed and disappears
    /// at the end. `None` keeps them in memory.
    pub spill: Option<&'a Path>,
}

/// Writes rows one after another.
pub struct CorrectedWorkbook<'a> {
    order: VerdictWorkbook<'a>,
    book: Workbook,
    lists: CodeLists,
    columns: Vec<(u16, &'static Field, Formats)>,
    text: Formats,
    row: u32,
    notes: usize,
}

impl<'a> CorrectedWorkbook<'a> {
    /// Begins a workbook.
    ///
    /// # Errors
    /// [`HubError::Internal`] when the place to spill to cannot be used.
    pub fn new(order: VerdictWorkbook<'a>) -> Result<Self, HubError> {
        Self::begin(order).map_err(HubError::internal)
    }

    fn begin(order: VerdictWorkbook<'a>) -> Result<Self, XlsxError> {
        let lists = CodeLists::new(order.family, order.reference, order.region, order.today);
        let mut book = layout::book(order.family, order.today)?;
        let sheet = match order.spill {
            Some(directory) => {
                book.set_tempdir(directory)?;
                book.add_worksheet_with_constant_memory()?
            }
            None => book.add_worksheet(),
        };
        sheet.set_name(DATA)?;
        sheet.set_freeze_panes(1, 2)?;
        sheet.set_row_height(0, 24)?;
        let places = std::iter::once(0).chain(3..);
        let columns: Vec<_> = places
            .zip(layout::fields(order.family))
            .map(|(place, field)| (place, field, Formats::new(field.kind)))
            .collect();
        // The cells of a row are written from left to right: the key, the hub's remarks, the other
        // fields.
        for (place, field, _) in columns.iter().take(1) {
            layout::column(sheet, *place, field, &lists)?;
        }
        for (place, (title, width)) in (1..).zip(BESIDE) {
            sheet.write_string_with_format(0, place, title, &layout::head(false))?;
            sheet.set_column_width(place, width)?;
        }
        for (place, field, _) in columns.iter().skip(1) {
            layout::column(sheet, *place, field, &lists)?;
        }
        sheet.write_string_with_format(0, last(&columns), AT_THE_END, &layout::head(false))?;
        Ok(Self { order, book, lists, columns, text: Formats::new(Kind::Text), row: 0, notes: 0 })
    }

    /// Writes a row as it was sent, with its verdict.
    ///
    /// # Errors
    /// [`HubError::Invalid`] when the sheet is full; [`HubError::Internal`] when it cannot be
    /// written.
    pub fn row(&mut self, judged: &VerdictRow, values: &InputRow) -> Result<(), HubError> {
        if self.row >= ROWS {
            return Err(HubError::invalid(
                "结果超过一个工作表的行数。请用 only=rejected，或改用 CSV、NDJSON。",
                "There are more rows than a sheet holds. Ask with only=rejected, or for CSV or NDJSON.",
            ));
        }
        self.row += 1;
        self.put(judged, values).map_err(HubError::internal)
    }

    fn put(&mut self, judged: &VerdictRow, values: &InputRow) -> Result<(), XlsxError> {
        let (row, sheet) = (self.row, self.book.worksheet_from_index(0)?);
        for (index, (place, field, formats)) in self.columns.iter().enumerate() {
            let (look, message) = remarks(judged, field);
            match values.get(field.name) {
                None | Some(Value::Null) if look == CellStyle::Plain => {}
                None | Some(Value::Null) => {
                    sheet.write_blank(row, *place, formats.of(look))?;
                }
                Some(value) => written::value(
                    sheet,
                    (row, *place),
                    field,
                    value,
                    formats.of(look),
                    self.order.reference,
                )?,
            }
            if look != CellStyle::Plain && self.notes < NOTES {
                self.notes += 1;
                sheet.insert_note(
                    row,
                    *place,
                    &Note::new(message).add_author_prefix(false).set_width(280).set_height(100),
                )?;
            }
            if index == 0 {
                beside(sheet, row, judged, &self.text)?;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "no file has that many lines")]
        sheet.write_number(row, last(&self.columns), judged.row as f64)?;
        Ok(())
    }

    /// Takes rows and verdicts of one file, both in file order, and writes those with a verdict of
    /// the family; `only_rejected` leaves out all but the rejected ones.
    ///
    /// # Errors
    /// As [`CorrectedWorkbook::row`]; what reading the file or the verdicts raises.
    pub fn fill(
        &mut self,
        rows: &mut FileRows,
        verdicts: impl Iterator<Item = Result<VerdictRow, HubError>>,
        only_rejected: bool,
    ) -> Result<(), HubError> {
        let mut item = rows.next()?;
        for judged in verdicts {
            let judged = judged?;
            if judged.family.name != self.order.family.name
                || only_rejected && judged.verdict.outcome != RowOutcome::Rejected
            {
                continue;
            }
            while item.as_ref().is_some_and(|item| item.row < judged.row) {
                item = rows.next()?;
            }
            match &item {
                Some(item) if item.row == judged.row => self.row(&judged, &item.values)?,
                _ => self.row(&judged, &InputRow::new())?,
            }
        }
        Ok(())
    }

    /// Finishes the workbook and writes it out.
    ///
    /// # Errors
    /// [`HubError::Internal`] when it cannot be written.
    pub fn finish(mut self, out: impl Write + Send) -> Result<(), HubError> {
        self.lists.write(&mut self.book).map_err(HubError::internal)?;
        self.book.save_to_writer(out).map_err(HubError::internal)
    }
}

/// The column after all fields.
fn last(columns: &[(u16, &'static Field, Formats)]) -> u16 {
    columns.last().map_or(0, |(place, ..)| *place) + 1
}

/// The appearance of a cell, and the text of its note.
fn remarks(judged: &VerdictRow, field: &Field) -> (CellStyle, String) {
    let own = || judged.remarks().filter(|(remark, _)| remark.field.as_deref() == Some(field.name));
    let look = match own().next() {
        None => return (CellStyle::Plain, String::new()),
        Some((_, true)) => CellStyle::Bad,
        Some((_, false)) => CellStyle::Noted,
    };
    (look, own().map(|(remark, _)| remark.zh.as_str()).collect::<Vec<_>>().join("\n"))
}

fn beside(
    sheet: &mut Worksheet,
    row: u32,
    judged: &VerdictRow,
    text: &Formats,
) -> Result<(), XlsxError> {
    let sentences: Vec<String> =
        judged.remarks().map(|(remark, fault)| judged.sentence(remark, fault)).collect();
    if !sentences.is_empty() {
        let look = if judged.verdict.faults.is_empty() { CellStyle::Noted } else { CellStyle::Bad };
        sheet.write_string_with_format(
            row,
            1,
            written::cut(sentences.join("\n")),
            text.of(look),
        )?;
    }
    sheet.write_string_with_format(row, 2, judged.outcome(), text.of(CellStyle::Plain))?;
    Ok(())
}
