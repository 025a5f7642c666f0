//! A table without arithmetic as a sheet.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::{
    table::{Cell, Table, Value},
    xlsx::sheet::{Sheet, Shown},
};

/// The rows of a table under its headings, with filters; or what is said when there are none.
pub(crate) fn write(
    book: &mut Workbook,
    title: &str,
    (name, empty): (&str, &str),
    table: &Table,
) -> Result<(), XlsxError> {
    let columns: Vec<(String, u8)> =
        table.columns.iter().map(|column| (column.title.clone(), column.width)).collect();
    let mut sheet = Sheet::new(book, title, name, &columns)?;
    if table.is_empty() {
        return sheet.empty(empty);
    }
    let rows: Vec<&Vec<Cell>> = table.groups.iter().flat_map(|group| &group.rows).collect();
    for (row, cells) in (1..).zip(&rows) {
        for (column, cell) in (0..).zip(*cells) {
            put(&mut sheet, row, column, &cell.value)?;
        }
    }
    sheet.filtered(rows.len(), columns.len())
}

fn put(sheet: &mut Sheet<'_>, row: u32, column: u16, value: &Value) -> Result<(), XlsxError> {
    match value {
        Value::Text(text) | Value::Head(text) => sheet.text(row, column, text),
        Value::Printed(text) => sheet.printed(row, column, text),
        Value::Count(count) | Value::Shaded(count, _) => {
            sheet.number(row, column, *count as f64, Shown::Whole)
        }
        Value::Day(day) => sheet.day(row, column, *day),
        Value::Moment(at) => sheet.moment(row, column, *at),
        Value::Absent(said) => sheet.absent(row, column, said),
        Value::Mark(mark, word) => sheet.text(row, column, &format!("{} {word}", mark.sign())),
        Value::List(list) => sheet.text(row, column, &list.join("\n")),
    }
}
