//! Letters that are raised or struck out are no part of a value, and a value with them is none.

use rust_xlsxwriter::{Format as CellFormat, FormatScript, Workbook};

use super::*;

/// A ledger of one accident; `mark` writes over its cells.
fn ledger(mark: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<FileRow> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let lines = [format!("{ACCIDENT},事故单位"), format!("{ROW},甲矿")];
    for (row, line) in (0..).zip(&lines) {
        for (column, text) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    mark(sheet);
    all(opened(Format::Xlsx, None, "Accident", book.save_to_buffer().expect("a workbook"))
        .expect("opened"))
}

#[test]
fn footnotes_and_struck_letters_make_no_other_value() {
    let (plain, raised, struck) = (
        CellFormat::new(),
        CellFormat::new().set_font_script(FormatScript::Superscript),
        CellFormat::new().set_font_strikethrough(),
    );
    let codes = |rows: &[FileRow]| -> Vec<String> {
        rows.iter().flat_map(|row| &row.faults).map(|fault| fault.code.to_string()).collect()
    };
    for (column, first, second, format) in [
        (4, "1", "2", &raised),
        (0, "A-1", "2", &raised),
        (4, "3", "0", &struck),
        (9, "甲矿", "乙矿", &struck),
    ] {
        let rows = ledger(|sheet| {
            let parts = [(&plain, first), (format, second)];
            sheet.write_rich_string(1, column, &parts).expect("a cell");
        });
        assert_eq!(codes(&rows), ["EXCEL_MARKED_TEXT"], "{column} {first} {second}");
    }
    let whole = ledger(|sheet| {
        sheet.write_string_with_format(1, 4, "3", &struck).expect("a cell");
    });
    assert_eq!(codes(&whole), ["EXCEL_MARKED_TEXT"]);
    // The sign of a unit is no footnote.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let head = "检测编号,采样日期,区县,危害因素,接触限值类型,粉尘粒级,检测结果";
    let row = "M-1,2024-3-5,右玉县,煤尘,PC-TWA,总粉尘";
    for (line, text) in (0..).zip([head, row]) {
        for (column, text) in (0..).zip(text.split(',')) {
            sheet.write_string(line, column, text).expect("a cell");
        }
    }
    sheet.write_rich_string(1, 6, &[(&plain, "4.2mg/m"), (&raised, "3")]).expect("a cell");
    let book = book.save_to_buffer().expect("a workbook");
    let rows = all(opened(Format::Xlsx, None, "ExposureMeasurement", book).expect("opened"));
    assert_eq!(codes(&rows), Vec::<String>::new());
    // In a name a raised letter is one of it, and what is only bold says the same.
    let bold = CellFormat::new().set_bold();
    for (column, format) in [(9, &raised), (9, &bold), (4, &bold)] {
        let rows = ledger(|sheet| {
            let first = if column == 4 { "1" } else { "甲矿" };
            sheet.write_rich_string(1, column, &[(&plain, first), (format, "2")]).expect("a cell");
        });
        assert_eq!(codes(&rows), Vec::<String>::new(), "{column}");
    }
}
