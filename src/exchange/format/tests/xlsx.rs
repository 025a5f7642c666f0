use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use serde_json::json;

use super::{faults, read, refused, values};
use crate::exchange::format::media::Format;

const HEAD: [&str; 9] = [
    "事故编号 *",
    "发生时间 *",
    "事故发生地区划代码 *",
    "事故类型 *",
    "deaths",
    "失踪人数",
    "重伤人数",
    "急性工业中毒人数",
    "轻伤人数",
];

fn headings(sheet: &mut Worksheet, row: u32, more: &[&str]) {
    for (place, heading) in HEAD.iter().chain(more).enumerate() {
        sheet.write_string(row, u16::try_from(place).expect("few"), *heading).expect("a heading");
    }
}

/// A workbook with one accident in row 2, changed by the caller.
fn workbook(more: &[&str], fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    headings(sheet, 0, more);
    for (place, text) in ["A1", "2024-03-05 09:30", "140602 朔城区", "坍塌"].into_iter().enumerate()
    {
        sheet.write_string(1, u16::try_from(place).expect("few"), text).expect("a cell");
    }
    for place in 4..9 {
        sheet.write_number(1, place, f64::from(place)).expect("a cell");
    }
    fill(sheet);
    book.save_to_buffer().expect("a workbook")
}

fn accidents(more: &[&str], fill: impl FnOnce(&mut Worksheet)) -> Vec<super::FileRow> {
    read(Format::Xlsx, "Accident", workbook(more, fill))
}

#[test]
fn cells_become_the_texts_that_rows_are_judged_by() {
    let items = accidents(
        &["直接经济损失", "批复日期", "是否火灾事故", "起因物"],
        |sheet| {
            let style = |format: &str| Style::new().set_num_format(format);
            let moment = ExcelDateTime::from_ymd(2024, 3, 5)
                .expect("a day")
                .and_hms(9, 30, 15)
                .expect("a time");
            sheet
                .write_datetime_with_format(1, 1, moment, &style("yyyy-mm-dd hh:mm"))
                .expect("a cell");
            sheet.write_number(1, 9, 0.1 + 0.2).expect("a cell");
            sheet
                .write_datetime_with_format(
                    1,
                    10,
                    ExcelDateTime::from_ymd(1900, 1, 2).expect("a day"),
                    &style("yyyy/m/d"),
                )
                .expect("a cell");
            sheet.write_boolean(1, 11, true).expect("a cell");
            sheet.write_formula(1, 12, Formula::new("=1+1").set_result("2")).expect("a cell");
            sheet.write_number(1, 0, 20_240_001).expect("a cell");
        },
    );
    assert_eq!(faults(&items), [(2, vec![])]);
    let expected = json!({
        "accidentNo": "20240001", "occurredAt": "2024-03-05 09:30:15", "regionCode": "140602", "accidentType": "COLLAPSE",
        "deaths": "4", "missing": "5", "seriousInjuries": "6", "acutePoisonings": "7", "minorInjuries": "8",
        "directLossYuan": "0.3", "approvedAt": "1900-01-02", "fire": "是", "causeAgent": "2",
    });
    assert_eq!(values(&items[0]), expected);
}

#[test]
fn what_excel_has_spoilt_is_a_fault_of_its_cell() {
    let items = accidents(&["批复日期", "起因物", "致害物", ""], |sheet| {
        let day = ExcelDateTime::from_ymd(2024, 3, 5).expect("a day");
        sheet.write_number(1, 0, 140_602_190_101_010_010.0).expect("a cell");
        sheet.write_number(1, 9, 2024.5).expect("a cell");
        sheet
            .write_datetime_with_format(1, 10, day, &Style::new().set_num_format("m-d"))
            .expect("a cell");
        sheet.write_formula(1, 11, Formula::new("=NA()").set_result("#N/A")).expect("a cell");
        sheet.write_string(1, 12, "beside").expect("a cell");
    });
    let codes = [
        "EXCEL_ATE_DIGITS",
        "EXCEL_NUMBER_FOR_DATE",
        "EXCEL_DATE_FOR_TEXT",
        "EXCEL_ERROR_CELL",
        "CELL_WITHOUT_HEADING",
    ];
    assert_eq!(faults(&items), [(2, codes.to_vec())]);
    let fields: Vec<_> = items[0].faults.iter().map(|fault| fault.field.as_deref()).collect();
    assert_eq!(
        fields,
        [Some("accidentNo"), Some("approvedAt"), Some("causeAgent"), Some("injuryAgent"), None]
    );
}

#[test]
fn the_sheet_with_known_headings_is_read_wherever_they_stand() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "说明").expect("a cell");
    let hidden = book.add_worksheet();
    headings(hidden, 0, &[]);
    hidden.set_hidden(true);
    let sheet = book.add_worksheet();
    headings(sheet, 3, &[]);
    sheet.write_string(5, 0, "A1").expect("a cell");
    sheet.write_string(6, 2, "  ").expect("a cell");
    sheet.write_string(9, 0, "A2").expect("a cell");
    sheet.set_row_hidden(9).expect("a row");
    let items = read(Format::Xlsx, "Accident", book.save_to_buffer().expect("a workbook"));
    assert_eq!(faults(&items), [(6, vec![]), (10, vec![])]);

    let mut book = Workbook::new();
    headings(book.add_worksheet(), 0, &[]);
    let data = book.add_worksheet().set_name("数据").expect("a name");
    headings(data, 0, &["未知列"]);
    assert!(read(Format::Xlsx, "Accident", book.save_to_buffer().expect("a workbook")).is_empty());
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "生产安全事故报送表").expect("a cell");
    assert_eq!(
        refused(Format::Xlsx, "Accident", book.save_to_buffer().expect("a workbook")).code(),
        "FILE_SHEET_MISSING"
    );
}

#[test]
fn what_a_number_format_shows_beside_a_number_is_read_or_refused() {
    // The second row is the first once more, with a number of its own.
    let book = |key: &str, amounts: &[&str]| {
        workbook(&["直接经济损失"], |sheet| {
            for (row, amount) in (1..).zip(amounts) {
                for (place, text) in (1..).zip(["2024-03-05 09:30", "140602 朔城区", "坍塌"]) {
                    sheet.write_string(row, place, text).expect("a cell");
                }
                for place in 4..9 {
                    sheet.write_number(row, place, f64::from(place)).expect("a cell");
                }
                let number = Style::new().set_num_format(key);
                sheet.write_number_with_format(row, 0, f64::from(row), &number).expect("a cell");
                let shown = Style::new().set_num_format(*amount);
                sheet.write_number_with_format(row, 9, 126.5, &shown).expect("a cell");
            }
        })
    };
    let amount = |amounts: &[&str]| {
        let items = read(Format::Xlsx, "Accident", book("0", amounts));
        let loss = |item| values(item)["directLossYuan"].clone();
        items.iter().map(loss).collect::<Vec<_>>()
    };
    assert_eq!(amount(&["0.0\"万元\""; 2]), ["126.5万元"; 2]);
    assert_eq!(amount(&["#,##0.00", "0.0"]), ["126.5"; 2]);
    assert_eq!(amount(&["0.00\"元\""; 2]), ["126.5"; 2]);
    for amounts in [
        ["0.0\"万元\"", "0.0"],
        ["0!.0,\"万\""; 2],
        ["0.0%%"; 2],
        ["[<1]0.00\"亿元\";0.00\"万元\""; 2],
        ["0.00\"wan\""; 2],
    ] {
        let fault = refused(Format::Xlsx, "Accident", book("0", &amounts));
        assert_eq!(fault.code(), "FILE_CELL_FORMAT", "{amounts:?}");
        assert!(fault.text().zh.contains("直接经济损失"), "{:?}", fault.text());
        let place = if amounts[0] == amounts[1] { "第 2 行" } else { "第 2、3 行" };
        assert!(fault.text().zh.contains(place), "{:?}", fault.text());
    }
    assert_eq!(amount(&["[=0]\"无\";0.00\"万元\""; 2]), ["126.5万元"; 2]);
    let percent = refused(Format::Xlsx, "Accident", book("0", &["0.0%"; 2]));
    assert_eq!(percent.code(), "FILE_HEADING_UNIT", "no amount is a percentage");
    for key in ["\"SZ-2025-\"000", "00000", "0\"号\"", "####-###"] {
        let fault = refused(Format::Xlsx, "Accident", book(key, &["0.0"]));
        assert_eq!(fault.code(), "FILE_CELL_FORMAT", "{key}");
        assert!(fault.text().zh.contains("事故编号"), "{:?}", fault.text());
    }
}

#[test]
fn percentages_totals_and_days_that_are_not_shown_are_what_people_see() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let head = [
        "检测编号",
        "采样日期",
        "区县",
        "危害因素",
        "接触限值类型",
        "粉尘粒级",
        "检测值（mg/m³）",
        "游离二氧化硅含量",
    ];
    for (place, text) in (0..).zip(head) {
        sheet.write_string(0, place, text).expect("a cell");
    }
    let (day, month) = (
        Style::new().set_num_format("yyyy-mm-dd"),
        Style::new().set_num_format("yyyy\"年\"m\"月\""),
    );
    let (percent, milligrams) =
        (Style::new().set_num_format("0.0%"), Style::new().set_num_format("0.0\"mg/m³\""));
    let sampled = ExcelDateTime::from_ymd(2024, 3, 1).expect("a day");
    for (row, shown) in [(1, &day), (2, &month)] {
        for (place, text) in [(0, "M-1"), (2, "右玉县"), (3, "煤尘"), (4, "PC-TWA"), (5, "总粉尘")]
        {
            sheet.write_string(row, place, text).expect("a cell");
        }
        sheet.write_datetime_with_format(row, 1, &sampled, shown).expect("a cell");
        sheet.write_number_with_format(row, 6, 4.2, &milligrams).expect("a cell");
        sheet.write_number_with_format(row, 7, 0.125, &percent).expect("a cell");
    }
    // The total is a bare number below numbers with a unit.
    sheet.write_string(3, 0, "合计").expect("a cell");
    sheet.write_number(3, 6, 8.4).expect("a cell");
    let items =
        read(Format::Xlsx, "ExposureMeasurement", book.save_to_buffer().expect("a workbook"));
    assert_eq!(values(&items[0])["freeSilicaPermille"], "12.5%");
    assert_eq!(values(&items[0])["valueUg"], "4.2mg/m³");
    assert_eq!(faults(&items), [(2, vec![]), (3, vec!["EXCEL_DAY_NOT_SHOWN"])]);
}

#[test]
fn a_text_beside_percentages_is_no_percentage_and_units_may_stand_below_merged_headings() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    headings(sheet, 0, &["直接经济损失"]);
    for place in 0..4_u16 {
        let heading = HEAD[usize::from(place)];
        sheet.merge_range(0, place, 1, place, heading, &Style::new()).expect("merged");
    }
    for place in 4..9 {
        sheet.write_string(1, place, "人").expect("a cell");
    }
    sheet.write_string(1, 9, "万元").expect("a cell");
    for (place, text) in (0..).zip(["A1", "2024-03-05 09:30", "140602 朔城区", "坍塌"]) {
        sheet.write_string(2, place, text).expect("a cell");
    }
    for place in 4..9 {
        sheet.write_number(2, place, 1).expect("a cell");
    }
    sheet.write_number(2, 9, 12.5).expect("a cell");
    let items = read(Format::Xlsx, "Accident", book.save_to_buffer().expect("a workbook"));
    assert_eq!((items.len(), &values(&items[0])["directLossYuan"]), (1, &json!("12.5万元")));

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let head = [
        "检测编号",
        "采样日期",
        "区县",
        "危害因素",
        "接触限值类型",
        "粉尘粒级",
        "检测值（mg/m³）",
        "游离二氧化硅含量（%）",
    ];
    for (place, text) in (0..).zip(head) {
        sheet.write_string(0, place, text).expect("a cell");
    }
    let percent = Style::new().set_num_format("0.0%");
    for row in [1, 2] {
        let texts = ["M-1", "2024-03-05", "右玉县", "煤尘", "PC-TWA", "总粉尘"];
        for (place, text) in (0..).zip(texts) {
            sheet.write_string(row, place, text).expect("a cell");
        }
        sheet.write_number(row, 6, 4.2).expect("a cell");
    }
    sheet.write_number_with_format(1, 7, 0.125, &percent).expect("a cell");
    sheet.write_string(2, 7, "0.5").expect("a cell");
    let items =
        read(Format::Xlsx, "ExposureMeasurement", book.save_to_buffer().expect("a workbook"));
    assert_eq!(values(&items[0])["freeSilicaPermille"], "12.5%");
    assert_eq!(faults(&items)[1], (3, vec!["UNIT_UNSTATED"]), "half a percent, or fifty");
}

#[test]
fn a_sheet_that_nobody_sees_is_not_read_in_place_of_one_they_see() {
    let mut book = Workbook::new();
    for (name, number) in [("台账", "SG-1"), ("数据", "SG-OLD")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        headings(sheet, 0, &[]);
        sheet.write_string(1, 0, number).expect("a cell");
        sheet.set_hidden(name == "数据");
    }
    let items = read(Format::Xlsx, "Accident", book.save_to_buffer().expect("a workbook"));
    assert_eq!(values(&items[0])["accidentNo"], "SG-1");
}
