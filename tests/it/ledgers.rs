//! Files as departments have them: ledgers made for people, exports that come back, and what is
//! told of them.

use axum::body::Body;
use entity::catalogue::{Family, Field, Kind};
use http::StatusCode;
use lianfang::submit::value::numbered;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::{
    exported::path,
    files::{CSV, NDJSON, Sent, lines},
    samples::{
        COUNTY, accident, codes, disease, employer, hazard, injury, man, measurement, outcomes,
        person, training, uscc, with,
    },
    support::{Backend, Row, TestHub, backends},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A value as a clerk writes it; the row tells which of several ways.
fn by_hand(hub: &TestHub, field: &Field, value: &Value, row: usize) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let full_width = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    char::from_u32(u32::from(c) + 0xfee0).expect("a digit")
                } else {
                    c
                }
            })
            .collect()
    };
    let day = |text: &str| {
        let parts: Vec<u32> =
            text[..10].split('-').map(|part| part.parse().expect("a number")).collect();
        let [year, month, day] = parts[..] else { unreachable!("{text}") };
        match row % 4 {
            0 => format!("{year}年{month}月{day}日"),
            1 => format!("{year}.{month}.{day}"),
            2 => format!("{year}/{month}/{day}"),
            _ => format!("'{year}-{month}-{day}"),
        }
    };
    match field.kind {
        Kind::DateTime => format!("{} {}", day(&text), &text[11..16]),
        Kind::Date => day(&text),
        Kind::Int if row.is_multiple_of(2) => full_width(&text),
        Kind::Int => {
            format!("{text}{}", field.unit.filter(|unit| *unit == "人").unwrap_or_default())
        }
        Kind::Money => format!("￥{text}元"),
        Kind::Bool => if text == "true" { "是" } else { "否" }.to_owned(),
        Kind::Code("region") => {
            if row.is_multiple_of(2) { "朔州市朔城区" } else { "140602000000" }.to_owned()
        }
        Kind::Code(table) => hub.services.reference.label(table, &text).unwrap_or(&text).to_owned(),
        Kind::Text if field.key.is_some() => {
            format!("{} {} {}", &text[..6], &text[6..14], &text[14..])
        }
        Kind::Text if field.column.ends_with("uscc") => format!("{}-{}", &text[..8], &text[8..]),
        Kind::Text if numbered(field).is_some() => format!("\u{feff}{text}\u{a0}"),
        _ => text,
    }
}

/// A ledger with a title, the sender, a unit, running numbers, a blank row, a sum and a signature.
fn ledger(hub: &TestHub, family: &'static Family, rows: &[Row]) -> Vec<u8> {
    let fields: Vec<&Field> = family
        .inputs()
        .filter(|field| rows.iter().any(|row| row.contains_key(field.name)))
        .collect();
    let last = u16::try_from(fields.len()).expect("few") + 1;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").expect("a name");
    let text = |sheet: &mut Worksheet, row: u32, place: u16, text: &str| {
        sheet.write_string(row, place, text).expect("a cell");
    };
    sheet
        .merge_range(0, 0, 0, last, &format!("朔州市2024年度{}台账", family.label), &Format::new())
        .expect("a title");
    text(sheet, 1, 0, "填报单位（盖章）：朔州市某局");
    text(sheet, 1, last - 1, "单位：人、元");
    text(sheet, 2, 0, "序号");
    for (place, field) in (1..).zip(&fields) {
        // What is in neither persons nor yuan has its unit in the heading, or could be anything.
        let unit = field.unit.filter(|unit| ["μg/m³", "‰"].contains(unit));
        let unit = unit.map(|unit| format!("（{unit}）")).unwrap_or_default();
        text(sheet, 2, place, &format!("{}{unit}", field.label));
    }
    text(sheet, 2, last, "备注");
    let mut line = 3;
    for (index, row) in rows.iter().enumerate() {
        sheet.write_number(line, 0, u32::try_from(index).expect("few") + 1).expect("a number");
        for (place, field) in (1..).zip(&fields) {
            if let Some(value) = row.get(field.name) {
                text(sheet, line, place, &by_hand(hub, field, value, index));
            }
        }
        line += if index == 0 { 2 } else { 1 };
    }
    sheet.write_number(line, 0, 99).expect("a running number without a record");
    text(sheet, line + 1, 0, "合  计");
    text(sheet, line + 2, 0, "填表人：某某");
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_ledger_made_for_people_is_taken_in_one_go() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let sets: Vec<(&str, &str, Vec<Row>)> = vec![
            ("EMERGENCY", "Accident", (0..4).map(|row| accident(&format!("A-{row}"))).collect()),
            (
                "EMERGENCY",
                "HazardRectification",
                (0..4).map(|row| hazard(&format!("H-{row}"), "REGISTERED")).collect(),
            ),
            (
                "HRSS",
                "Person",
                (0..4).map(|row| person(&format!("P-{row}"), &man(row + 1))).collect(),
            ),
            (
                "HRSS",
                "Employer",
                (0..4).map(|row| employer(&format!("E-{row}"), row + 1)).collect(),
            ),
            (
                "HRSS",
                "WorkInjury",
                (0..4)
                    .map(|row| {
                        with(
                            injury(&format!("W-{row}"), "A-0", &man(row + 1)),
                            json!({"accidentNo": null}),
                        )
                    })
                    .collect(),
            ),
            (
                "HEALTH",
                "OccupationalDiseaseCase",
                (0..4).map(|row| disease(&format!("D-{row}"), &man(row + 1))).collect(),
            ),
            (
                "HEALTH",
                "ExposureMeasurement",
                (0..4).map(|row| measurement(&format!("M-{row}"))).collect(),
            ),
            (
                "EMERGENCY",
                "TrainingRecord",
                (0..4).map(|row| training(&format!("T-{row}"), &man(row + 1))).collect(),
            ),
        ];
        for (department, name, rows) in sets {
            let family = hub.services.catalogue.find(name).expect("a family");
            let token = hub.submitter(department);
            let by_machine = hub
                .upload(
                    &token,
                    &format!("/exchange/{name}?mode=dry-run"),
                    &format!("{name}-dry"),
                    NDJSON,
                    lines(&rows),
                )
                .await;
            assert_eq!(by_machine.counts(), [4, 0, 0, 0], "{name} {}", by_machine.job);
            let sent = hub
                .upload(
                    &token,
                    &format!("/exchange/{name}"),
                    name,
                    XLSX,
                    ledger(&hub, family, &rows),
                )
                .await;
            assert_eq!(sent.job["state"], "DONE", "{name} {}", sent.job);
            let verdicts = hub.verdicts(&token, &sent.id()).await;
            assert_eq!(sent.counts(), [4, 0, 0, 0], "{name} {verdicts:?}");
            assert_eq!(
                (&sent.job["reading"]["head"], &sent.job["reading"]["totals"]),
                (&json!([3]), &json!(1)),
                "{}",
                sent.job
            );
            assert_eq!(sent.job["reading"]["blank"], 1, "{}", sent.job);
            let passed: Vec<&Value> = sent.job["reading"]["columns"]
                .as_array()
                .expect("columns")
                .iter()
                .map(|column| &column["heading"])
                .collect();
            assert_eq!(passed, ["序号", "备注"], "{name}");
            assert!(sent.job["notes"].to_string().contains("合计"), "{}", sent.job);
            // What people wrote and what a program writes is the same record.
            let again = hub
                .upload(
                    &token,
                    &format!("/exchange/{name}"),
                    &format!("{name}-json"),
                    NDJSON,
                    lines(&rows),
                )
                .await;
            assert_eq!(
                again.counts(),
                [0, 0, 4, 0],
                "{name} {:?}",
                hub.verdicts(&token, &again.id()).await
            );
        }
    }
}

#[tokio::test]
async fn a_job_that_failed_tells_the_code_of_its_file_and_its_verdicts_can_be_read() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let utf16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain("事故编号\n".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut titled = Workbook::new();
        titled.add_worksheet().write_string(0, 0, "二〇二四年工作总结").expect("a cell");
        let cases: [(&str, &str, Vec<u8>); 5] = [
            ("FILE_SHEET_MISSING", XLSX, titled.save_to_buffer().expect("a workbook")),
            ("FILE_NOT_A_WORKBOOK", XLSX, b"no workbook".to_vec()),
            ("FILE_UTF16", CSV, utf16),
            ("FILE_COLUMNS_MISSING", CSV, "事故编号,发生时间\n".as_bytes().to_vec()),
            ("FILE_HEADER_MISSING", CSV, Vec::new()),
        ];
        for (code, kind, body) in cases {
            let kind = if code == "FILE_UTF16" { "text/csv" } else { kind };
            let sent = hub.upload(&token, "/exchange/accidents", code, kind, body).await;
            assert_eq!(
                (sent.status, &sent.job["state"]),
                (StatusCode::OK, &json!("FAILED")),
                "{}",
                sent.job
            );
            assert_eq!(sent.job["error"]["code"], code, "{}", sent.job);
            let verdicts = hub.verdicts(&token, &sent.id()).await;
            assert_eq!(verdicts.len(), 1, "{verdicts:?}");
            assert_eq!(
                (&verdicts[0]["row"], &verdicts[0]["faults"][0]["code"]),
                (&Value::Null, &json!(code))
            );
            for format in ["csv", "xlsx"] {
                let place =
                    format!("/exchange/jobs/{}/verdicts?only=rejected&format={format}", sent.id());
                let (status, bytes) = hub.fetch(&token, &place).await;
                assert!(status == StatusCode::OK && !bytes.is_empty(), "{code} {format} {status}");
            }
        }
        assert_eq!(hub.accidents(&token).await, 0);
    }
}

#[tokio::test]
async fn an_export_comes_back_as_it_was_and_never_takes_over_the_records_of_others() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows: Vec<Row> = (0..3).map(|number| accident(&format!("X-{number}"))).collect();
        hub.take("EMERGENCY", "Accident", "own", rows).await;
        let other = (0..2)
            .map(|number| {
                with(accident(&format!("X-{number}")), json!({"keyIndustry": "CONSTRUCTION"}))
            })
            .collect();
        hub.take("HOUSING", "Accident", "other", other).await;
        let token = hub.submitter("EMERGENCY");
        let before = hub.accidents(&token).await;
        for (format, kind, headings) in [
            ("xlsx", XLSX, "zh"),
            ("csv", CSV, "zh"),
            ("csv", CSV, "names"),
            ("ndjson", NDJSON, "names"),
        ] {
            let mut parameters = vec![("format", format)];
            if headings == "zh" {
                parameters.push(("headings", "zh"));
            }
            let (status, file) = hub.fetch(&token, &path("accidents", &parameters)).await;
            assert_eq!(status, StatusCode::OK);
            for mode in ["dry-run", "atomic", "partial"] {
                let key = format!("{format}-{headings}-{mode}");
                let sent = hub
                    .upload(
                        &token,
                        &format!("/exchange/accidents?mode={mode}"),
                        &key,
                        kind,
                        file.clone(),
                    )
                    .await;
                assert_eq!(sent.job["state"], "DONE", "{key} {}", sent.job);
                let verdicts = hub.verdicts(&token, &sent.id()).await;
                assert_eq!(sent.counts(), [0, 0, 3, 0], "{key} {verdicts:?}");
                let skipped = verdicts.iter().filter(|verdict| verdict["outcome"] == "SKIPPED");
                let told: Vec<&Value> =
                    skipped.map(|verdict| &verdict["findings"][0]["code"]).collect();
                assert_eq!(
                    (told, &sent.job["skipped"]),
                    (vec![&json!("RECORD_OF_OTHERS"); 2], &json!(2)),
                    "{key} {verdicts:?}"
                );
            }
        }
        assert_eq!(hub.accidents(&token).await, before, "nothing new came of it");
        // The identifier alone is enough to know a record of somebody else.
        let (_, file) = hub.fetch(&token, &path("accidents", &[("format", "ndjson")])).await;
        let text = String::from_utf8(file).expect("UTF-8");
        let bare: Vec<Row> = text
            .lines()
            .map(|line| serde_json::from_str::<Row>(line).expect("a record"))
            .map(|row| with(row, json!({"department": null, "accidentNo": "NEW-1"})))
            .collect();
        let sent =
            hub.upload(&token, "/exchange/accidents", "bare", NDJSON, lines(&bare[..1])).await;
        assert_eq!(
            (sent.counts(), &sent.job["skipped"]),
            ([0, 0, 0, 0], &json!(1)),
            "{}",
            sent.job
        );
    }
}

#[tokio::test]
async fn one_number_however_it_is_written_is_one_record() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let written = [
            "C06-1",
            "C06-1\u{200b}",
            "\u{feff}C06-1",
            "C06\u{ad}-1",
            "C06\u{2060}-1",
            "Ｃ06-1",
            "C06\u{2010}1",
            " C06-1\u{a0}",
        ];
        for (index, number) in written.into_iter().enumerate() {
            let answer = hub
                .submit(&token, "Accidents", "PARTIAL", &format!("k{index}"), &[accident(number)])
                .await;
            assert_eq!(
                outcomes(&answer),
                [if index == 0 { "CREATED" } else { "UNCHANGED" }],
                "{number:?} {answer}"
            );
            let mended = (1..7).contains(&index);
            assert_eq!(
                codes(&answer, 0, "findings").contains(&"NUMBER_MENDED"),
                mended,
                "{number:?} {answer}"
            );
            let file = hub
                .upload(
                    &token,
                    "/exchange/accidents",
                    &format!("f{index}"),
                    NDJSON,
                    lines(&[accident(number)]),
                )
                .await;
            assert_eq!(file.counts(), [0, 0, 1, 0], "{number:?} {}", file.job);
            let query =
                "query($no: String!) { accidents(where: {accidentNo: {eq: $no}}) { totalCount } }";
            let found = hub.ask(&token, query, json!({"no": number})).await;
            assert_eq!(found["data"]["accidents"]["totalCount"], 1, "{number:?} {found}");
        }
        let cyrillic =
            hub.submit(&token, "Accidents", "PARTIAL", "cyrillic", &[accident("С06-1")]).await;
        assert_eq!(codes(&cyrillic, 0, "faults"), ["TEXT_LOOKALIKE"], "{cyrillic}");
        let lower = hub.submit(&token, "Accidents", "PARTIAL", "lower", &[accident("c06-1")]).await;
        assert_eq!(outcomes(&lower), ["CREATED"], "case is kept: {lower}");
        let code = uscc(1);
        let firm = with(
            accident("C06-2"),
            json!({"employerUscc": format!("{}-{}\u{200b}", &code[..8], &code[8..])}),
        );
        let answer = hub.submit(&token, "Accidents", "PARTIAL", "firm", &[firm]).await;
        assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
        let found = hub
            .data(
                &token,
                &format!(
                    "{{ accidents(where: {{employerUscc: {{eq: \"{code}\"}}, accidentNo: {{eq: \"C06-2\"}}}}) {{ totalCount }} }}"
                ),
            )
            .await;
        assert_eq!(found["accidents"]["totalCount"], 1);
    }
}

#[tokio::test]
async fn a_day_without_a_time_is_taken_and_told_and_a_bad_one_is_one_fault() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let days = [
            "2024-3-5",
            "2024/3/5",
            "2024年3月5日",
            "20240305",
            "2024.3.5",
            "二〇二四年三月五日",
            "2024-03-05",
        ];
        for (index, day) in days.into_iter().enumerate() {
            let row = with(accident("D-1"), json!({"occurredAt": day}));
            let answer =
                hub.submit(&token, "Accidents", "PARTIAL", &format!("d{index}"), &[row]).await;
            assert_eq!(
                outcomes(&answer),
                [if index == 0 { "CREATED" } else { "UNCHANGED" }],
                "{day} {answer}"
            );
            assert!(codes(&answer, 0, "findings").contains(&"TIME_UNKNOWN"), "{day} {answer}");
        }
        let kept = hub.data(&token, "{ accidents { nodes { occurredAt } } }").await;
        assert_eq!(
            kept["accidents"]["nodes"][0]["occurredAt"], "2024-03-05T00:00:00+08:00",
            "{kept}"
        );
        let bad = with(accident("D-2"), json!({"occurredAt": "24-3-5", "accidentType": "VEHICLE"}));
        let answer = hub.submit(&token, "Accidents", "PARTIAL", "bad", &[bad]).await;
        assert_eq!(codes(&answer, 0, "faults"), ["TIME_FORMAT"], "{answer}");
        for (index, (loss, kept)) in
            [("12.6万元", "126000.00"), ("１２６，０００．００", "126000.00"), ("￥5", "5.00")]
                .into_iter()
                .enumerate()
        {
            let row = with(accident("D-3"), json!({"directLossYuan": loss}));
            let answer =
                hub.submit(&token, "Accidents", "PARTIAL", &format!("m{index}"), &[row]).await;
            assert_ne!(outcomes(&answer), ["REJECTED"], "{loss} {answer}");
            let found = hub.data(&token, "{ accidents(where: {accidentNo: {eq: \"D-3\"}}) { nodes { directLossYuan } } }").await;
            assert_eq!(found["accidents"]["nodes"][0]["directLossYuan"], kept, "{loss}");
        }
    }
}

async fn sheet_of(
    hub: &TestHub,
    token: &str,
    path: &str,
    key: &str,
    fill: impl FnOnce(&mut Worksheet),
) -> Sent {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let heads = [
        "事故编号",
        "发生时间",
        "地区",
        "事故类型",
        "死亡",
        "失踪",
        "重伤",
        "急性中毒",
        "轻伤",
        "直接经济损失",
    ];
    for (place, head) in (0..).zip(heads) {
        sheet.write_string(0, place, head).expect("a heading");
    }
    for (row, number) in [(1, "S-1"), (2, "S-2")] {
        for (place, text) in
            (0..).zip([number, "2024-03-05 09:30", "朔城区", "坍塌", "0", "0", "0", "0", "1"])
        {
            sheet.write_string(row, place, text).expect("a cell");
        }
    }
    fill(sheet);
    hub.upload(token, path, key, XLSX, book.save_to_buffer().expect("a workbook")).await
}

#[tokio::test]
async fn hidden_rows_are_taken_or_left_as_asked_and_counted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let hide = |sheet: &mut Worksheet| {
            sheet.write_formula(1, 9, Formula::new("=2*3").set_result("6")).expect("a formula");
            sheet.set_row_hidden(2).expect("a hidden row");
        };
        let left = sheet_of(&hub, &token, "/exchange/accidents?hidden=leave", "left", hide).await;
        assert_eq!(
            (left.counts(), &left.job["skipped"]),
            ([1, 0, 0, 0], &json!(1)),
            "{}",
            left.job
        );
        assert_eq!(
            (&left.job["reading"]["hiddenRows"], &left.job["reading"]["hiddenLeft"]),
            (&json!(1), &json!(true))
        );
        assert_eq!(
            hub.verdicts(&token, &left.id()).await.len(),
            1,
            "the same rows when it is read again"
        );
        let taken = sheet_of(&hub, &token, "/exchange/accidents", "taken", hide).await;
        assert_eq!(
            (taken.counts(), &taken.job["reading"]["hiddenRows"]),
            ([1, 0, 1, 0], &json!(1)),
            "{}",
            taken.job
        );
        let wrong = hub
            .call(
                "POST",
                &token,
                "/exchange/accidents?hidden=maybe",
                &[("idempotency-key", "w"), ("content-type", XLSX)],
                Body::empty(),
            )
            .await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn text_that_could_be_two_encodings_is_never_stored_as_the_wrong_one() {
    let hub = TestHub::on(Backend::Sqlite).await;
    let token = hub.submitter("EMERGENCY");
    let head = "accidentNo,occurredAt,regionCode,accidentType,deaths,missing,seriousInjuries,acutePoisonings,minorInjuries,employerName\n";
    for (index, name) in ["小学", "校小", "学校", "驯小"].into_iter().enumerate() {
        let (bytes, _, _) = encoding_rs::GB18030.encode(name);
        let row = format!("G-{index},2024-03-05 09:30,{COUNTY},ROOF_FALL,0,0,0,0,1,");
        let body = [head.as_bytes(), row.as_bytes(), &bytes, b"\n"].concat();
        let sent =
            hub.upload(&token, "/exchange/accidents", &format!("g{index}"), "text/csv", body).await;
        if sent.job["state"] == "FAILED" {
            assert_eq!(sent.job["error"]["code"], "FILE_CHARSET_IN_DOUBT", "{name} {}", sent.job);
            continue;
        }
        let found = hub
            .data(&token, &format!("{{ accidents(where: {{accidentNo: {{eq: \"G-{index}\"}}}}) {{ nodes {{ employerName }} }} }}"))
            .await;
        assert_eq!(found["accidents"]["nodes"][0]["employerName"], name);
    }
}
