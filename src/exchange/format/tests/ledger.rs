//! Ledgers as departments have them.

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use serde_json::{Value, json};

use super::{
    REFERENCE, ReadOptions, WorkbookLimits, family, faults, open, opened, read, today, values,
};
use crate::exchange::format::{media::Format, report::Report, rows::FileRow};

fn whole(mut rows: super::FileRows) -> (Vec<FileRow>, Report) {
    let items =
        std::iter::from_fn(|| rows.next().expect("the file can be read to its end")).collect();
    (items, rows.report())
}

fn ledger(name: &str, bytes: Vec<u8>) -> (Vec<FileRow>, Report) {
    whole(
        opened(Format::Xlsx, None, name, bytes)
            .unwrap_or_else(|fault| unreachable!("{:?}", fault.text())),
    )
}

/// Writes texts into a row; empty ones leave the cell empty.
fn write(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (place, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, place, *text).expect("a cell");
    }
}

fn merged(sheet: &mut Worksheet, from: (u32, u16), to: (u32, u16), text: &str) {
    sheet.merge_range(from.0, from.1, to.0, to.1, text, &Style::new()).expect("a merged cell");
}

/// A ledger of accidents: title, line for the sender, unit line, two lines of headings, a row that
/// numbers the columns.
fn accidents(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").expect("a name");
    merged(sheet, (0, 0), (0, 11), "朔州市2024年生产安全事故台账");
    write(sheet, 1, &["填报单位：朔州市应急管理局", "", "", "", "", "", "填报日期：2024年4月1日"]);
    write(sheet, 2, &["", "", "", "", "", "", "", "", "", "", "单位：万元"]);
    for (place, text) in
        [(0, "序号"), (1, "事故编号"), (2, "发生时间"), (3, "所属区县"), (4, "事故类型")]
    {
        merged(sheet, (3, place), (4, place), text);
    }
    merged(sheet, (3, 5), (3, 9), "伤亡情况");
    write(sheet, 4, &["", "", "", "", "", "死亡", "失踪", "重伤", "急性工业\n中毒", "轻伤"]);
    merged(sheet, (3, 10), (4, 10), "直接经济损失");
    merged(sheet, (3, 11), (4, 11), "备注");
    for place in 0..12_u16 {
        sheet.write_number(5, place, f64::from(place) + 1.0).expect("a cell");
    }
    fill(sheet);
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_ledger_with_titles_two_lines_of_headings_sums_and_notes_is_read() {
    let (items, report) = ledger(
        "Accident",
        accidents(|sheet| {
            write(
                sheet,
                6,
                &[
                    "1",
                    "A-1",
                    "2024年3月5日9时30分",
                    "朔州市朔城区",
                    "坍塌",
                    "１",
                    "0人",
                    "2",
                    "0",
                    "1,0",
                    "12.6",
                    "x",
                ],
            );
            sheet.write_number(7, 0, 2).expect("a running number");
            write(
                sheet,
                8,
                &[
                    "3",
                    "A-2",
                    "2024.3.6",
                    "140603000000",
                    "坍塌",
                    "0",
                    "0",
                    "0",
                    "0",
                    "1",
                    "126,000.00元",
                ],
            );
            write(sheet, 9, &["合 计", "", "", "", "", "1", "0", "2", "0", "11", "25.2"]);
            sheet.write_number(10, 0, 4).expect("a running number");
            merged(sheet, (11, 0), (11, 11), "注：本表由各县区汇总");
            write(sheet, 12, &["填表人：某某", "", "", "审核人：某某"]);
        }),
    );
    assert_eq!(faults(&items), [(7, vec![]), (9, vec![])]);
    let expected = json!({
        "accidentNo": "A-1", "occurredAt": "2024年3月5日9时30分", "regionCode": "140602", "accidentType": "COLLAPSE",
        "deaths": "１", "missing": "0人", "seriousInjuries": "2", "acutePoisonings": "0", "minorInjuries": "1,0",
        "directLossYuan": "12.6万元",
    });
    assert_eq!(values(&items[0]), expected);
    assert_eq!(items[1].values["directLossYuan"], "126,000.00元", "a unit of its own stays");
    assert_eq!(
        (report.head.as_slice(), report.blank, report.totals, report.notes),
        ([4, 5].as_slice(), 1, 1, 3)
    );
    assert_eq!((report.sheet.as_deref(), report.unit.as_deref()), (Some("台账"), Some("万元")));
    let passed: Vec<&str> = report.columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(passed, ["序号", "备注"]);
    assert!(report.sentences().iter().all(|text| !text.zh.contains("catalogue")));
}

#[test]
fn a_table_in_text_has_its_head_below_titles_and_its_own_delimiter() {
    let head = "accidentNo,occurredAt,regionCode,accidentType,deaths,missing,seriousInjuries,acutePoisonings,minorInjuries";
    let row = "C04-1,2024-03-05 09:30,140602,ROOF_FALL,0,0,0,0,1";
    let lines = |end: &str| format!("{head}{end}{row}{end}");
    for text in [
        lines("\n"),
        lines("\r"),
        lines("\r\n"),
        format!("\u{feff}{}", lines("\n").replace(',', ";")),
        lines("\n").replace(',', "\t"),
        lines("\n").replace(',', "|"),
        format!("sep=,\n{}", lines("\n")),
        format!("sep=;\r\n{}", lines("\r\n").replace(',', ";")),
        format!("\"sep=;\"\n{}", lines("\n").replace(',', ";")),
        format!("朔州市事故台账,,,,,,,,\n填报单位：甲局,,,,,,,,\n{}", lines("\n")),
        format!("朔州市事故台账\n\n{}", lines("\n")),
        format!("{}合计,,,,0,0,0,0,1\n填表人：某某\n", lines("\n")),
    ] {
        let (items, report) = whole(
            opened(Format::Csv, None, "Accident", text.clone())
                .unwrap_or_else(|fault| unreachable!("{text:?}: {:?}", fault.text())),
        );
        assert_eq!(items.len(), 1, "{text:?} {report:?}");
        assert!(
            items[0].faults.is_empty()
                && items[0].values.len() == 9
                && items[0].values["accidentNo"] == "C04-1",
            "{text:?}: {items:?}"
        );
    }
    let two = "序号,事故编号,发生时间,地区,事故类型,伤亡情况,,,,,损失（万元）\n,,,,,死亡,失踪,重伤,急性中毒,轻伤,\n1,A1,2024/3/5,朔城区,坍塌,0,0,0,0,1,\n";
    let (items, _) = whole(
        opened(Format::Csv, None, "Accident", two)
            .unwrap_or_else(|fault| unreachable!("{:?}", fault.text())),
    );
    assert_eq!(
        (faults(&items), &items[0].values["minorInjuries"]),
        (vec![(3, vec![])], &json!("1"))
    );
}

#[test]
fn a_formula_that_was_never_computed_is_a_fault_and_not_an_empty_cell() {
    let bytes = accidents(|sheet| {
        write(sheet, 6, &["1", "A-1", "2024-03-05", "朔城区", "坍塌", "0", "0", "0", "0", "1"]);
        sheet.write_formula(6, 10, Formula::new("=1000*2").set_result("")).expect("a formula");
        write(sheet, 7, &["2", "A-2", "2024-03-05", "朔城区", "坍塌", "0", "0", "0", "0", "1"]);
        sheet.write_formula(7, 10, Formula::new("=1000*2").set_result("2000")).expect("a formula");
    });
    // What other libraries write has no value at all.
    let bytes =
        rewritten(bytes, |sheet| sheet.replace("<f>1000*2</f><v>0</v>", "<f>1000*2</f><v></v>"));
    let (items, _) = ledger("Accident", bytes);
    assert_eq!(faults(&items), [(7, vec!["FORMULA_NOT_COMPUTED"]), (8, vec![])]);
    assert_eq!(items[0].faults[0].field.as_deref(), Some("directLossYuan"));
    assert_eq!(items[1].values["directLossYuan"], "2000万元");
}

/// A workbook with its first sheet changed as text.
fn rewritten(bytes: Vec<u8>, change: impl FnOnce(String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut change = Some(change);
    for index in 0..from.len() {
        let mut part = from.by_index(index).expect("a part");
        let name = part.name().expect("a name").to_string();
        let mut content = String::new();
        part.read_to_string(&mut content).expect("text");
        let before = content.clone();
        if name.ends_with("sheet1.xml")
            && let Some(change) = change.take()
        {
            content = change(content);
            assert_ne!(content, before, "{before}");
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        to.write_all(content.as_bytes()).expect("written");
    }
    to.finish().expect("a package").into_inner()
}

#[test]
fn a_cell_merged_over_rows_holds_for_all_of_them_unless_it_is_the_number() {
    let (items, _) = ledger(
        "Accident",
        accidents(|sheet| {
            for (row, number) in [(6, "A-1"), (7, "A-2"), (8, "A-3")] {
                write(
                    sheet,
                    row,
                    &["1", number, "2024-03-05", "", "坍塌", "0", "0", "0", "0", "1"],
                );
            }
            merged(sheet, (6, 3), (8, 3), "朔城区");
            merged(sheet, (9, 1), (10, 1), "A-4");
            for row in [9, 10] {
                for (place, text) in [
                    (2, "2024-03-05"),
                    (3, "朔城区"),
                    (4, "坍塌"),
                    (5, "0"),
                    (6, "0"),
                    (7, "0"),
                    (8, "0"),
                    (9, "1"),
                ] {
                    sheet.write_string(row, place, text).expect("a cell");
                }
            }
        }),
    );
    let key = vec!["CELL_MERGED_KEY"];
    assert_eq!(
        faults(&items),
        [(7, vec![]), (8, vec![]), (9, vec![]), (10, key.clone()), (11, key)]
    );
    assert!(items.iter().take(3).all(|item| item.values["regionCode"] == "140602"), "{items:?}");
}

#[test]
fn a_count_merged_over_rows_may_be_that_of_each_or_of_all_and_is_a_fault() {
    let (items, _) = ledger(
        "Accident",
        accidents(|sheet| {
            for (row, number) in [(6, "A-1"), (7, "A-2"), (8, "A-3")] {
                write(sheet, row, &["1", number, "2024-03-05", "朔城区", "坍塌"]);
            }
            merged(sheet, (6, 5), (7, 5), "1");
        }),
    );
    let amount = vec!["CELL_MERGED_AMOUNT"];
    assert_eq!(faults(&items), [(7, amount.clone()), (8, amount), (9, vec![])]);
}

#[test]
fn hidden_rows_and_columns_are_taken_or_left_and_counted() {
    let bytes = accidents(|sheet| {
        for (row, number) in [(6, "A-1"), (7, "A-2"), (8, "A-3")] {
            write(
                sheet,
                row,
                &["1", number, "2024-03-05", "朔城区", "坍塌", "0", "0", "0", "0", "1", "5"],
            );
        }
        sheet.set_row_hidden(7).expect("a hidden row");
        sheet.set_column_hidden(10).expect("a hidden column");
    });
    let (items, report) = ledger("Accident", bytes.clone());
    assert_eq!(
        (items.len(), report.hidden_rows, report.hidden_columns, report.left_out()),
        (3, 1, 1, 1)
    );
    let reading = ReadOptions {
        family: family("Accident"),
        reference: std::sync::Arc::clone(&REFERENCE),
        today: today(),
        limits: WorkbookLimits::default(),
        leave_hidden: true,
    };
    let rows = open(Format::Xlsx, None, Box::new(std::io::Cursor::new(bytes)), reading)
        .unwrap_or_else(|fault| unreachable!("{:?}", fault.text()));
    let (items, report) = whole(rows);
    let numbers: Vec<&Value> = items.iter().map(|item| &item.values["accidentNo"]).collect();
    assert_eq!((numbers, report.hidden_rows), (vec![&json!("A-1"), &json!("A-3")], 1));
    assert!(items.iter().all(|item| !item.values.contains_key("directLossYuan")), "{items:?}");
}

#[test]
fn days_in_cells_of_any_make_are_read() {
    let day = ExcelDateTime::from_ymd(2024, 3, 5).expect("a day");
    let (items, _) = ledger(
        "Accident",
        accidents(|sheet| {
            for row in 6..9 {
                write(
                    sheet,
                    row,
                    &["1", &format!("A-{row}"), "", "朔城区", "坍塌", "0", "0", "0", "0", "1"],
                );
            }
            sheet
                .write_datetime_with_format(6, 2, &day, &Style::new().set_num_format("yyyy-mm-dd"))
                .expect("a cell");
            sheet.write_number(7, 2, 45_356.0).expect("a cell");
            sheet.write_number(8, 2, 45_356.395_833_333).expect("a cell");
        }),
    );
    let days: Vec<&Value> = items.iter().map(|item| &item.values["occurredAt"]).collect();
    assert_eq!(days, [&json!("2024-03-05"), &json!("2024-03-05"), &json!("2024-03-05 09:30:00")]);
}

#[test]
fn a_bad_day_is_one_fault_and_names_beside_it_are_none() {
    let text = "事故编号,发生时间,地区,事故类型,死亡,失踪,重伤,急性中毒,轻伤\nA1,去年春天,朔城区,车辆伤害,0,0,0,0,1\n";
    let (items, _) = whole(
        opened(Format::Csv, None, "Accident", text)
            .unwrap_or_else(|fault| unreachable!("{:?}", fault.text())),
    );
    assert_eq!(faults(&items), [(2, vec![])]);
    let draft =
        crate::submit::parse::read(family("Accident"), &items[0].values, &REFERENCE, today());
    let codes: Vec<&str> = draft.faults().iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(codes, ["TIME_FORMAT"]);
}

#[test]
fn words_alone_in_a_row_and_sums_of_parts_are_no_records() {
    let head = "事故编号,发生时间,区县,事故类型,死亡,下落不明,重伤,急性中毒,轻伤\n";
    let row =
        |number: &str, region: &str| format!("{number},2024.03.05.,{region},物体打击,0,0,0,0,1\n");
    let foot = "朔城区,,,,,,,,\n1月份,,,,,,,,\n煤矿小计,,,,0,0,0,0,1\n平均,,,,0,0,0,0,1\n制表人 某某,,,,,,,,\n填报人,某某,,审核人,某某,,,,\n（盖章）,,,,,,,,\n1.本表一式两份,,,,,,,,\n";
    let text = format!(
        "{head}{}{foot}{}朔应急〔2026〕1号,,,,,,,,\n",
        row("A-1", "140623.0"),
        row("A-2", "右玉")
    );
    let items = read(Format::Csv, "Accident", text);
    let rows: Vec<u64> = items.iter().map(|item| item.row).collect();
    assert_eq!(rows, [2, 11, 12], "a number alone is a record that lacks the rest");
}

#[test]
fn a_region_may_be_shortened_parted_or_a_number_where_only_one_is_meant() {
    let head = "事故编号,发生时间,区县,事故类型,死亡,下落不明,重伤,急性中毒,轻伤\n";
    for (written, code) in [
        ("右玉", "140623"),
        ("朔州右玉县", "140623"),
        ("山西朔州右玉", "140623"),
        ("山西省-朔州市-右玉县", "140623"),
        ("朔城", "140602"),
        ("140623.0", "140623"),
        ("右玉县(140623)", "140623"),
        ("140623（右玉县）", "140623"),
        ("山西省朔州市右玉县", "140623"),
        ("朔州", "140600"),
    ] {
        let items = read(
            Format::Csv,
            "Accident",
            format!("{head}A-1,2024-3-5日,{written},物体打击,0,0,0,0,1\n"),
        );
        assert_eq!(
            (items[0].values["regionCode"].as_str(), faults(&items)),
            (Some(code), vec![(2, vec![])]),
            "{written}"
        );
    }
    let several =
        read(Format::Csv, "Accident", format!("{head}A-1,2024-3-5,鼓楼,物体打击,0,0,0,0,1\n"));
    assert_eq!(faults(&several), [(2, vec!["CODE_NAME_AMBIGUOUS"])]);
}
