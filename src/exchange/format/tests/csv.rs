use encoding_rs::GB18030;
use entity::catalogue::Family;
use serde_json::json;

use super::{all, faults, opened, read, refused, values};
use crate::exchange::format::{
    heading::{self, Meaning, Sure},
    industry,
    media::Format,
    report::Why,
};

const HEAD: &str = "事故编号,发生时间,事故发生地区划代码,事故类型,死亡人数,失踪人数,重伤人数,急性工业中毒人数,轻伤人数";

fn accidents(head: &str, rows: &str) -> Vec<super::FileRow> {
    read(Format::Csv, "Accident", format!("{HEAD}{head}\n{rows}"))
}

#[test]
fn headings_are_names_labels_or_those_of_the_template() {
    for head in [
        "accidentNo,occurredAt,regionCode,accidentType,deaths,missing,seriousInjuries,acutePoisonings,minorInjuries",
        "ACCIDENT_NO,occurred_at,Region Code,accidenttype,DEATHS,missing,seriousInjuries,acutePoisonings,minorInjuries",
        HEAD,
        "事故编号 *,发生时间＊,事故发生地区划代码*,事故类型 *,死亡人数（人） *,失踪人数(人)*,重伤人数,急性工业中毒人数,轻伤人数（人）",
        "\u{feff}ａｃｃｉｄｅｎｔＮｏ,发生 时间,事故发生地区划代码,事故类型,死亡人数,失踪人数,重伤人数,急性工业中毒人数,轻伤人数",
    ] {
        let items = read(
            Format::Csv,
            "Accident",
            format!("{head}\r\nA1,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3\r\n"),
        );
        assert_eq!(faults(&items), [(2, vec![])], "{head}");
        let expected = json!({
            "accidentNo": "A1", "occurredAt": "2024-03-05 09:30", "regionCode": "140602", "accidentType": "COLLAPSE",
            "deaths": "1", "missing": "0", "seriousInjuries": "2", "acutePoisonings": "0", "minorInjuries": "3",
        });
        assert_eq!(values(&items[0]), expected, "{head}");
    }
}

#[test]
fn the_headings_of_every_family_are_told_apart() {
    for family in entity::families() {
        assert!(
            family.all_fields().all(|field| !heading::ADDED.contains(&field.label)),
            "{}",
            family.name
        );
        for headings in [
            family.inputs().map(heading::written).collect::<Vec<_>>(),
            family.inputs().map(|field| field.label.to_owned()).collect(),
            family.inputs().map(|field| field.name.to_owned()).collect(),
        ] {
            let names =
                headings.iter().map(|text| match heading::meaning(family, text, None, &[]) {
                    Meaning::Field(field, Sure::Named) => field.name,
                    _ => "",
                });
            assert!(names.eq(family.inputs().map(|field| field.name)), "{}", family.name);
        }
    }
}

#[test]
fn what_departments_call_a_field_is_no_heading_of_another() {
    let lines: Vec<Vec<&str>> = include_str!("../../../../reference/heading.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    assert!(lines.len() > 80);
    for line in &lines {
        let [of, field, called] = line.as_slice() else { unreachable!("{line:?}") };
        let families: Vec<_> = entity::families()
            .into_iter()
            .filter(|family| of.is_empty() || family.name == *of)
            .collect();
        let has = |family: &Family| {
            if *field == industry::COLUMN {
                industry::belongs(family)
            } else {
                family.inputs().any(|own| own.name == *field)
            }
        };
        let known = families.iter().filter(|family| has(family)).count();
        assert!(known > 0, "{line:?} names a field that no family has");
        assert_eq!(lines.iter().filter(|other| *other == line).count(), 1, "{called} stands twice");
        for family in families.iter().filter(|family| !of.is_empty() || has(family)) {
            let meant = heading::meaning(family, called, None, &[]);
            assert!(
                matches!(meant, Meaning::Field(..) | Meaning::Industry),
                "{}: {called} means {meant:?}",
                family.name
            );
        }
    }
}

#[test]
fn all_that_is_wrong_with_a_head_is_told_at_once_with_its_place() {
    let head = "甲局事故台账\n事故编号,事故发生的时间,死亡人员数,失踪人数,失踪人数,直接经济损失（起）,备注\n";
    let fault = refused(Format::Csv, "Accident", head);
    assert_eq!(fault.code(), "FILE_COLUMNS_MISSING");
    let text = fault.text().zh;
    for part in [
        "第 2 行",
        "死亡人数",
        "“死亡人员数”",
        "发生时间",
        "事故类型",
        "“失踪人数”",
        "直接经济损失",
        "备注",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("序号") && !text.contains("最接近"), "{text}");
    for (head, code) in [
        (format!("{HEAD},deaths"), "FILE_HEADING_TWICE"),
        ("事故编号,发生时间".to_owned(), "FILE_COLUMNS_MISSING"),
        (format!("{HEAD},直接经济损失（人）"), "FILE_HEADING_UNIT"),
        ("\n".to_owned(), "FILE_HEADER_MISSING"),
        (String::new(), "FILE_HEADER_MISSING"),
        (format!("{HEAD}{}", ",x".repeat(10_000)), "FILE_TOO_MANY_COLUMNS"),
    ] {
        assert_eq!(refused(Format::Csv, "Accident", format!("{head}\n")).code(), code);
    }
    let none = refused(Format::Csv, "Accident", "某局二〇二四年工作总结\n一季度,二季度\n");
    assert!(
        none.text().zh.contains("某局二〇二四年工作总结") && none.text().zh.contains("第 1 行"),
        "{:?}",
        none.text()
    );
    let data = refused(Format::Csv, "Person", "王小明,140602190001010013,男\n");
    assert!(
        !data.text().zh.contains("王小明"),
        "what could be a record is not repeated: {:?}",
        data.text()
    );
}

#[test]
fn columns_that_are_no_fields_are_passed_over_and_told() {
    let text = format!(
        "序号,{HEAD},备注,事故等级,版本,联系处室,employrName\n1,A1,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,急,一般,1,x,y\n"
    );
    let mut rows = opened(Format::Csv, None, "Accident", text).expect("it opens");
    let item = rows.next().expect("a row").expect("a row");
    assert!(item.faults.is_empty() && item.values.len() == 9, "{item:?}");
    assert!(rows.next().expect("the end").is_none());
    let report = rows.report();
    let told: Vec<(&str, Why)> =
        report.columns.iter().map(|column| (column.heading.as_str(), column.why)).collect();
    let none = Why::NoField;
    assert_eq!(
        told,
        [
            ("序号", none),
            ("备注", none),
            ("事故等级", Why::Derived),
            ("版本", Why::Derived),
            ("联系处室", none),
            ("employrName", none)
        ]
    );
    let near: Vec<_> =
        report.columns.iter().filter_map(|column| column.nearest.as_deref()).collect();
    assert_eq!(near, ["事故发生单位名称"], "a suggestion only where it makes sense");
}

#[test]
fn columns_that_the_hub_adds_are_passed_over() {
    let items = accidents(
        ",问题,结果,行号",
        "A1,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,缺少,REJECTED,7\n",
    );
    assert_eq!(faults(&items), [(2, vec![])]);
    assert_eq!(items[0].values.len(), 9);
}

#[test]
fn codes_may_be_given_with_their_names_or_by_them() {
    let row = |region: &str, kind: &str, day: &str| {
        accidents("", &format!("A1,{day} 09:30,{region},{kind},1,0,2,0,3\n"))
    };
    for region in [
        "140602",
        "１４０６０２",
        "140602 朔城区",
        "140602 山西省朔州市朔城区",
        "朔城区",
        "山西省朔州市朔城区",
    ] {
        let items = row(region, "COLLAPSE", "2024-03-05");
        assert_eq!(
            (faults(&items), &items[0].values["regionCode"]),
            (vec![(2, vec![])], &json!("140602")),
            "{region}"
        );
    }
    // Names go by the edition of the day.
    for (name, day, code) in [
        ("坍塌", "2024-03-05", "COLLAPSE"),
        ("collapse 坍塌", "2024-03-05", "COLLAPSE"),
        ("车辆伤害", "2024-03-05", "VEHICLE"),
        ("VEHICLE 车辆伤害", "2026-07-05", "VEHICLE"),
    ] {
        assert_eq!(row("140602", name, day)[0].values["accidentType"], json!(code), "{name}");
    }
    assert_eq!(
        faults(&row("140602 平鲁区", "COLLAPSE", "2024-03-05")),
        [(2, vec!["CODE_NAME_DIFFER"])]
    );
    assert_eq!(
        faults(&row("鼓楼区", "COLLAPSE", "2024-03-05")),
        [(2, vec!["CODE_NAME_AMBIGUOUS"])]
    );
    // What is neither stays for the rules to judge.
    assert_eq!(row("某某区", "COLLAPSE", "2024-03-05")[0].values["regionCode"], json!("某某区"));
    let head =
        "报告卡编号,报告性质,姓名,用人单位所在地区划代码,病名,诊断日期,职业病危害因素,行业代码";
    let text = format!(
        "{head}\nC1,首次诊断,王小明,140602,矽肺,2024-03-05,矽尘｜COAL_DUST 煤尘,0610 烟煤和无烟煤开采洗选\n"
    );
    let items = read(Format::Csv, "OccupationalDiseaseCase", text);
    let expected = [
        ("hazardFactors", "SILICA_DUST|COAL_DUST"),
        ("diseaseCode", "RESP-01"),
        ("industryCode", "0610"),
        ("reportNature", "FIRST"),
    ];
    for (field, code) in expected {
        assert_eq!(items[0].values[field], json!(code));
    }
}

#[test]
fn a_broken_record_is_a_fault_and_the_rest_is_not_lost() {
    let items = accidents(
        ",事故经过",
        "A1,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,\"第一行\n第二行，\"\"引号\"\"\"\nA2,too short\r\n\r\n,,,,,,,,,\nA3,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,\"open\n\
         A4,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,=1+1\n",
    );
    assert_eq!(
        faults(&items),
        [(2, vec![]), (4, vec!["ROW_RAGGED"]), (7, vec!["ROW_QUOTE_UNBALANCED"]), (8, vec![])]
    );
    assert_eq!(items[0].values["course"], json!("第一行\n第二行，\"引号\""));
    assert_eq!(items[3].values["course"], json!("=1+1"));
}

#[test]
fn empty_cells_are_absent_and_cells_below_no_heading_a_fault() {
    let items = accidents(
        ",起因物,",
        "A1,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3, ,\nA2,2024-03-05 09:30,140602,COLLAPSE,1,0,2,0,3,,x\n",
    );
    assert_eq!(faults(&items), [(2, vec![]), (3, vec!["CELL_WITHOUT_HEADING"])]);
    assert!(!items[0].values.contains_key("causeAgent"));
}

#[test]
fn a_number_that_excel_wrote_with_an_exponent_is_a_fault() {
    let items = read(
        Format::Csv,
        "Person",
        "人员编号,姓名,证件类型,证件号码,参保地区划代码\nP1,王小明,居民身份证,1.40602E+17,140602\n",
    );
    assert_eq!(faults(&items), [(2, vec!["EXCEL_ATE_DIGITS"])]);
    assert_eq!(items[0].faults[0].field.as_deref(), Some("idNumber"));
}

#[test]
fn chinese_encodings_are_stated_or_found() {
    // U+3402B and the like take four bytes in GB18030.
    let text = "人员编号,姓名,证件类型,参保地区划代码\r\nP1,王𠮷㐂,居民身份证,140602\r\n";
    let (bytes, _, bad) = GB18030.encode(text);
    assert!(!bad);
    for charset in [None, Some("GB18030"), Some("gbk"), Some("\"gb2312\"")] {
        let items = all(opened(Format::Csv, charset, "Person", bytes.to_vec()).expect("it opens"));
        assert_eq!(
            (faults(&items), &items[0].values["name"]),
            (vec![(2, vec![])], &json!("王𠮷㐂")),
            "{charset:?}"
        );
    }
    for charset in [None, Some("utf-8")] {
        let items =
            all(opened(Format::Csv, charset, "Person", format!("\u{feff}{text}"))
                .expect("it opens"));
        assert_eq!(items[0].values["name"], json!("王𠮷㐂"), "{charset:?}");
    }
    let stated = |charset, bytes: Vec<u8>| {
        opened(Format::Csv, Some(charset), "Person", bytes).err().map(|fault| fault.code())
    };
    assert_eq!(stated("utf-8", bytes.to_vec()), Some("FILE_HEADER_UNREADABLE"));
    assert_eq!(stated("utf-7", bytes.to_vec()), Some("FILE_CHARSET"));
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(Format::Csv, "Person", utf16).code(), "FILE_UTF16");
}
