use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use uuid::Uuid;
use zip::ZipArchive;

use super::{FileRow, Format, REFERENCE, all, faults, opened, read, today};
use crate::{
    error::{Language, Text},
    exchange::format::{
        formula::harmless,
        judged::VerdictRow,
        layout, lines,
        mended::{CorrectedWorkbook, VerdictWorkbook},
    },
    submit::{
        parse,
        verdict::{RowOutcome, RowRemark, RowVerdict},
    },
};

fn judged(
    name: &str,
    row: u64,
    outcome: RowOutcome,
    faults: Vec<RowRemark>,
    findings: Vec<RowRemark>,
) -> VerdictRow {
    let verdict = RowVerdict { row: 0, outcome, id: None, version: None, faults, findings };
    VerdictRow { row, family: super::family(name), verdict }
}

fn remark(code: &str, field: Option<&str>, zh: &str) -> RowRemark {
    RowRemark::new(code, field, Text::new(zh, "English."))
}

fn order<'a>(name: &str, spill: Option<&'a std::path::Path>) -> VerdictWorkbook<'a> {
    VerdictWorkbook {
        family: super::family(name),
        reference: &REFERENCE,
        region: None,
        today: today(),
        spill,
    }
}

/// What the rules of single values say of a row.
fn verdict(name: &str, item: &FileRow) -> VerdictRow {
    let family = super::family(name);
    let faults = if item.faults.is_empty() {
        parse::read(family, &item.values, &REFERENCE, today()).faults().to_vec()
    } else {
        item.faults.clone()
    };
    let outcome = if faults.is_empty() { RowOutcome::Created } else { RowOutcome::Rejected };
    judged(name, item.row, outcome, faults, Vec::new())
}

fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range("数据").expect("the sheet");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

#[test]
fn lines_say_what_became_of_a_row() {
    let rejected = judged(
        "Accident",
        7,
        RowOutcome::Rejected,
        vec![
            remark("REQUIRED", Some("deaths"), "缺少。"),
            remark("UNKNOWN_FIELD", Some("=cmd|' /C calc'!A0"), "没有。"),
        ],
        vec![remark("SUSPECT", None, "请看。")],
    );
    let seal = crate::store::seal::Seal::new(std::sync::Arc::new(
        crate::keys::Keys::generate().expect("keys"),
    ));
    let line: Value =
        serde_json::from_str(lines::ndjson(&rejected, &seal, Language::Chinese).trim_end())
            .expect("JSON");
    assert_eq!(
        (&line["row"], &line["family"], &line["outcome"], &line["id"]),
        (&json!(7), &json!("Accident"), &json!("REJECTED"), &Value::Null)
    );
    assert_eq!(
        line["faults"][0],
        json!({"code": "REQUIRED", "field": "deaths", "message": "缺少。"})
    );
    let english: Value =
        serde_json::from_str(&lines::ndjson(&rejected, &seal, Language::English)).expect("JSON");
    assert_eq!(english["findings"][0]["message"], "English.");
    let expected = "7,退回,死亡人数（人）,REQUIRED,缺少。\r\n7,退回,'=cmd|' /C calc'!A0,UNKNOWN_FIELD,没有。\r\n7,退回,,SUSPECT,提示：请看。\r\n";
    assert_eq!(lines::csv(&rejected).expect("CSV"), expected);
    let mut created = judged("Accident", 8, RowOutcome::Created, Vec::new(), Vec::new());
    created.verdict.id = Some(Uuid::nil());
    assert_eq!(lines::csv(&created).expect("CSV"), "8,新增,,,\r\n");
    assert!(lines::CSV_HEAD.starts_with('\u{feff}'));
}

#[test]
fn a_rejected_workbook_is_mended_and_sent_again() {
    let head: Vec<&str> = layout::fields(super::family("Person")).map(|field| field.name).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let place = |name: &str| {
        u16::try_from(head.iter().position(|own| *own == name).expect(name)).expect("few")
    };
    for name in &head {
        sheet.write_string(0, place(name), *name).expect("a cell");
    }
    for (row, number, kind, born) in [
        (1, "P1", "居民身份证", "2024-13-01"),
        (2, "P2", "居民身份证", "1901-02-03"),
        (3, "P3", "会员卡", "1901-02-03"),
    ] {
        let texts = [
            ("personNo", number),
            ("name", "=王小明"),
            ("idType", kind),
            ("regionCode", "朔城区"),
            ("birthDate", born),
        ];
        for (name, text) in texts {
            sheet.write_string(row, place(name), text).expect("a cell");
        }
    }
    sheet.write_number(1, place("idNumber"), 140_602_190_101_010_010.0).expect("a cell");
    let sent = book.save_to_buffer().expect("a workbook");

    let items = read(Format::Xlsx, "Person", sent.clone());
    let verdicts: Vec<VerdictRow> = items.iter().map(|item| verdict("Person", item)).collect();
    assert_eq!(
        verdicts.iter().filter(|judged| judged.verdict.outcome == RowOutcome::Rejected).count(),
        2
    );
    let directory = tempfile::TempDir::new().expect("a directory");
    for spill in [None, Some(directory.path())] {
        let mut mended = CorrectedWorkbook::new(order("Person", spill)).expect("a workbook");
        let mut rows = opened(Format::Xlsx, None, "Person", sent.clone()).expect("it opens");
        mended.fill(&mut rows, verdicts.iter().cloned().map(Ok), true).expect("filled");
        let mut bytes = Vec::new();
        mended.finish(&mut bytes).expect("written");

        let shown = cells(&bytes);
        assert_eq!(shown.len(), 3, "headings and the rejected rows alone");
        assert_eq!(shown[0][..3], ["人员编号 *", "问题", "结果"]);
        assert_eq!(
            (shown[1][0].as_str(), shown[1][2].as_str(), shown[2][0].as_str()),
            ("P1", "退回", "P3")
        );
        assert!(shown[1][1].contains("“证件号码”：长号码"), "{}", shown[1][1]);
        assert!(shown[2][1].contains("“证件类型”"), "{}", shown[2][1]);
        assert_eq!(
            (shown[1].last(), shown[2].last()),
            (Some(&"2".to_owned()), Some(&"4".to_owned()))
        );
        let mut package = ZipArchive::new(Cursor::new(&bytes)).expect("a package");
        let mut notes = String::new();
        package
            .by_name("xl/comments1.xml")
            .expect("notes")
            .read_to_string(&mut notes)
            .expect("text");
        assert!(notes.contains("长号码被 Excel 当作数字"));

        // What came from Excel's number is still a fault until it is written anew; then nothing is
        // wrong with the rows.
        let again = read(Format::Xlsx, "Person", bytes.clone());
        assert_eq!(again.iter().map(|item| item.row).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(again[1].values, items[2].values);
        let mut mending = items.clone();
        mending.remove(1);
        let mut third = CorrectedWorkbook::new(order("Person", spill)).expect("a workbook");
        for item in &mut mending {
            item.faults.clear();
            item.values.insert("idNumber".to_owned(), json!("110101190101010014"));
            item.values.insert("idType".to_owned(), json!("RESIDENT_ID"));
            item.values.insert("birthDate".to_owned(), json!("1901-01-01"));
            third.row(&verdict("Person", item), &item.values).expect("a row");
        }
        let mut bytes = Vec::new();
        third.finish(&mut bytes).expect("written");
        let last = read(Format::Xlsx, "Person", bytes);
        assert_eq!(faults(&last), [(2, vec![]), (3, vec![])]);
        assert!(last.iter().zip(&mending).all(|(last, mended)| last.values == mended.values));
        assert_eq!(last[0].values["name"], json!("=王小明"));
    }
    assert_eq!(
        directory.path().read_dir().expect("a directory").count(),
        0,
        "nothing is left behind"
    );
}

#[test]
fn rows_of_other_formats_and_rows_that_could_not_be_read_are_shown_too() {
    let text = "{\"personNo\":\"P1\",\"name\":\"王小明\",\"idType\":\"RESIDENT_ID\",\"regionCode\":\"140602\"}\n{broken\n{\"personNo\":\"P3\"}\n";
    let items = read(Format::Ndjson, "Person", text);
    let mut mended = CorrectedWorkbook::new(order("Person", None)).expect("a workbook");
    let mut rows = opened(Format::Ndjson, None, "Person", text).expect("it opens");
    let verdicts = items.iter().map(|item| Ok(verdict("Person", item)));
    mended.fill(&mut rows, verdicts, false).expect("filled");
    let mut bytes = Vec::new();
    mended.finish(&mut bytes).expect("written");
    let shown = cells(&bytes);
    assert_eq!(
        shown.iter().skip(1).map(|row| row[2].as_str()).collect::<Vec<_>>(),
        ["新增", "退回", "退回"]
    );
    assert!(shown[2][1].contains("不是完整的 JSON 对象"));
    assert!(
        shown[1].contains(&"140602 山西省朔州市朔城区".to_owned())
            && shown[1].contains(&"RESIDENT_ID 居民身份证".to_owned())
    );
}

#[test]
fn texts_stay_what_they_are() {
    let long = "长".repeat(40_000);
    let mut values = json!({"personNo": "_x0041_", "name": "=1+1", "idType": "x", "regionCode": "140602", "residenceAddress": "\u{7}a\r\nb\u{b}"});
    values["phone"] = json!(long);
    let Value::Object(values) = values else { unreachable!("an object") };
    let mut mended = CorrectedWorkbook::new(order("Person", None)).expect("a workbook");
    mended
        .row(
            &judged(
                "Person",
                2,
                RowOutcome::Rejected,
                vec![remark("X", Some("name"), "不对。")],
                Vec::new(),
            ),
            &values,
        )
        .expect("a row");
    let mut bytes = Vec::new();
    mended.finish(&mut bytes).expect("written");
    let item = read(Format::Xlsx, "Person", bytes.clone()).remove(0);
    assert_eq!(
        (&item.values["personNo"], &item.values["name"]),
        (&json!("_x0041_"), &json!("=1+1"))
    );
    assert_eq!(
        item.values["residenceAddress"].as_str().map(|text| text.replace('\r', "")).as_deref(),
        Some("\u{7}a\nb\u{b}")
    );
    assert_eq!(item.values["phone"].as_str().map(|text| text.chars().count()), Some(32_767));
    let mut sheet = String::new();
    let mut package = ZipArchive::new(Cursor::new(&bytes)).expect("a package");
    package
        .by_name("xl/worksheets/sheet1.xml")
        .expect("the sheet")
        .read_to_string(&mut sheet)
        .expect("text");
    assert!(!sheet.contains("<f>"), "no formula is ever written");
}

/// Values that `submit` takes, of one field.
fn value(field: &'static entity::catalogue::Field) -> BoxedStrategy<Value> {
    use entity::catalogue::Kind;
    let codes = |table: &'static str| {
        let codes = &REFERENCE.table(table).expect(table).codes;
        let codes: Vec<String> = codes
            .iter()
            .filter(|code| code.holds_on(today()))
            .map(|code| code.code.clone())
            .filter(|code| table != "industry" || code.len() > 1)
            .collect();
        proptest::sample::select(codes)
    };
    match field.kind {
        Kind::Text => "[=+@a-zA-Z0-9 \\-\"',;|<>&\u{4e00}-\u{9fa5}\u{20000}-\u{20100}\n_x]{1,20}"
            .prop_filter("a mark for what stands above", |text| {
                !["\"", "''", "\"\""].contains(&text.trim())
            })
            .prop_map(Value::from)
            .boxed(),
        Kind::Int => (0..i32::MAX).prop_map(Value::from).boxed(),
        Kind::Money => (0_i64..100_000_000_000_000)
            .prop_map(|fen| json!(format!("{}.{:02}", fen / 100, fen % 100)))
            .boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Date => (0_u32..46_000).prop_map(|day| json!(start(day).to_string())).boxed(),
        Kind::DateTime => (0_u32..46_000, 0_u32..86_400_000)
            .prop_map(|(day, milli)| {
                let time = start(day).and_time(chrono::NaiveTime::MIN)
                    + chrono::TimeDelta::milliseconds(milli.into());
                json!(format!("{}+08:00", time.format("%Y-%m-%dT%H:%M:%S%.3f")))
            })
            .boxed(),
        Kind::Code(table) => codes(table).prop_map(Value::from).boxed(),
        Kind::Codes(table) => {
            proptest::collection::vec(codes(table), 1..4).prop_map(Value::from).boxed()
        }
    }
}

fn start(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(day.into())
}

fn row() -> impl Strategy<Value = (&'static str, parse::InputRow)> {
    proptest::sample::select(entity::families()).prop_flat_map(|family| {
        let values: Vec<_> = family
            .inputs()
            .map(|field| {
                let some = value(field).prop_map(move |value| (field.name.to_owned(), value));
                if field.required {
                    some.prop_map(Some).boxed()
                } else {
                    proptest::option::of(some).boxed()
                }
            })
            .collect();
        values.prop_map(|values| (family.name, values.into_iter().flatten().collect()))
    })
}

/// A row as CSV, with the headings of the template.
fn csv(name: &str, row: &parse::InputRow) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(row.keys()).expect("headings");
    let texts = row.values().map(|value| match value {
        Value::String(text) => harmless(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    });
    writer.write_record(texts).expect(name);
    writer.into_inner().expect("bytes")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_row_comes_back_from_every_format_as_it_was((name, row) in row()) {
        let family = super::family(name);
        let sent = parse::read(family, &row, &REFERENCE, today());
        let key = family.key_field().expect("a key").name;
        prop_assume!(row[key].as_str().is_some_and(|key| !key.trim().is_empty()));
        let mut mended = CorrectedWorkbook::new(order(name, None)).expect("a workbook");
        mended.row(&judged(name, 1, RowOutcome::Created, Vec::new(), Vec::new()), &row).expect("a row");
        let mut xlsx = Vec::new();
        mended.finish(&mut xlsx).expect("written");
        let ndjson = json!(row).to_string().into_bytes();
        for (format, bytes) in [(Format::Ndjson, ndjson), (Format::Csv, csv(name, &row)), (Format::Xlsx, xlsx)] {
            let items = all(opened(format, None, name, bytes).expect("it opens"));
            prop_assert_eq!(items.len(), 1);
            prop_assert!(items[0].faults.is_empty(), "{:?} {:?}", format, items[0].faults);
            let back = parse::read(family, &items[0].values, &REFERENCE, today());
            prop_assert_eq!(back.cells(), sent.cells(), "{:?}", format);
            prop_assert_eq!(back.faults(), sent.faults(), "{:?}", format);
        }
    }
}
