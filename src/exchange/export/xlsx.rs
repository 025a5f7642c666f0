//! A workbook of one sheet. Records go to a temporary file without a name as they come; the
//! workbook is put together and packed at the end, so its first byte leaves after its last record
//! was read.
//!
//! Texts and codes are texts, so that no identity number becomes 1.4E+17; numbers, days and
//! instants are what they are. Instants are in Asia/Shanghai, as everywhere. A day before March
//! 1900, which Excel does not know, is a text.

use std::io;

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use entity::catalogue::Kind;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::{
    error::{HubError, Text},
    exchange::export::{
        columns::ColumnContent,
        writer::{ExportSheet, ExportWriter, cell},
    },
    store::{records::row::Row, sql::cell::Cell},
};

/// Writes a workbook.
pub struct Xlsx {
    sheet: ExportSheet,
    book: Workbook,
    forms: Forms,
    rows: u32,
    text: Vec<u8>,
}

struct Forms {
    head: Format,
    text: Format,
    money: Format,
    day: Format,
    instant: Format,
}

impl Xlsx {
    /// For a sheet.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a temporary file cannot be made.
    pub fn new(sheet: ExportSheet) -> Result<Self, HubError> {
        let forms = Forms {
            head: Format::new().set_bold(),
            text: Format::new().set_num_format("@"),
            money: Format::new().set_num_format("0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        let mut book = Workbook::new();
        let page = book.add_worksheet_with_constant_memory().map_err(failed)?;
        page.set_name(sheet.family.label).map_err(failed)?;
        page.set_freeze_panes(1, 0).map_err(failed)?;
        for (index, heading) in (0..).zip(sheet.headings()) {
            page.set_column_width(index, 16).map_err(failed)?;
            page.write_string_with_format(0, index, heading, &forms.head).map_err(failed)?;
        }
        Ok(Self { sheet, book, forms, rows: 0, text: Vec::new() })
    }
}

impl ExportWriter for Xlsx {
    fn rows(&mut self, rows: &[Row], _: &mut Vec<u8>) -> Result<(), HubError> {
        let Self { sheet, book, forms, rows: count, text } = self;
        let page = book.worksheet_from_index(0).map_err(failed)?;
        for row in rows {
            *count += 1;
            if *count > sheet.most {
                return Err(too_many(sheet.most));
            }
            for (index, column) in (0..).zip(&sheet.columns.list) {
                put(sheet, forms, text, page, (*count, index), row, column.what).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, out: &mut (dyn io::Write + Send)) -> Result<(), HubError> {
        self.book.save_to_writer(out).map_err(failed)
    }
}

fn put(
    sheet: &ExportSheet,
    forms: &Forms,
    text: &mut Vec<u8>,
    page: &mut Worksheet,
    (line, index): (u32, u16),
    row: &Row,
    what: ColumnContent,
) -> Result<(), XlsxError> {
    let (value, kind) = match what {
        ColumnContent::Value(place, kind) => (cell(row, place), kind),
        _ => (&Cell::Null, Kind::Text),
    };
    match (value, kind) {
        (Cell::Int(fen), Kind::Money) => {
            page.write_number_with_format(line, index, *fen as f64 / 100.0, &forms.money).map(drop)
        }
        (Cell::Int(number), _) => page.write_number(line, index, *number as f64).map(drop),
        (Cell::Bool(yes), _) => page.write_boolean(line, index, *yes).map(drop),
        (Cell::Date(day), _) if let Some(number) = serial(*day) => {
            page.write_number_with_format(line, index, number, &forms.day).map(drop)
        }
        (Cell::Instant(at), _) if let Some(number) = moment(*at) => {
            page.write_number_with_format(line, index, number, &forms.instant).map(drop)
        }
        _ => {
            text.clear();
            sheet.plain(text, row, what);
            if text.is_empty() {
                return Ok(());
            }
            page.write_string_with_format(line, index, String::from_utf8_lossy(text), &forms.text)
                .map(drop)
        }
    }
}

/// A day as Excel counts them, where it counts right.
fn serial(day: NaiveDate) -> Option<f64> {
    // 1899-12-30 and 1900-03-01 in days of the common era: between them Excel is a day off.
    const ORIGIN: i32 = 693_594;
    const FIRST: i32 = 693_655;
    let number = day.num_days_from_ce();
    (number >= FIRST && day.year() <= 9999).then(|| f64::from(number - ORIGIN))
}

/// An instant in Asia/Shanghai, to the millisecond, as days and parts of a day.
fn moment(at: DateTime<Utc>) -> Option<f64> {
    let local = at.checked_add_signed(chrono::TimeDelta::hours(8))?;
    let milliseconds = f64::from(local.num_seconds_from_midnight()) * 1_000.0
        + f64::from(local.timestamp_subsec_millis());
    Some(serial(local.date_naive())? + milliseconds / 86_400_000.0)
}

fn failed(error: XlsxError) -> HubError {
    match error {
        XlsxError::MaxStringLengthExceeded => HubError::TooComplex(Text::new(
            "有单元格超过 XLSX 的 32,767 个字符。请改用 CSV 或 NDJSON，或用 fields 去掉该列。",
            "A cell has more than the 32,767 characters XLSX holds. Use CSV or NDJSON, or leave the column out with `fields`.",
        )),
        other => HubError::internal(other),
    }
}

fn too_many(most: u32) -> HubError {
    HubError::TooComplex(Text::new(
        format!("一个 XLSX 工作表最多 {most} 条记录。请用 where 缩小范围，或改用 CSV 或 NDJSON。"),
        format!(
            "A sheet of XLSX holds at most {most} records. Narrow `where`, or use CSV or NDJSON."
        ),
    ))
}
