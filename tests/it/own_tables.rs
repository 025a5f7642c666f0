//! Tables of a department's own, as workbooks: through a profile, with words for industries, sent
//! by a browser's form.

use axum::body::Body;
use http::StatusCode;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};

use crate::support::{TestHub, backends};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const PROFILE: &str = r#"
[profile]
name = "ledger"
description = "事故台账"
encoding = "auto"
source_system = "LEDGER"
timezone_offset = "+08:00"
head_lines = 2
controls = "drop"

[clean."事故类别"]
replace = { "（矿）" = "" }

[[derive]]
name = "发生"
cases = [{ min = ["发现日期", "报告日期"] }]

[[derive]]
name = "单位"
cases = [{ first_of = ["单位现名", "单位原名"] }]

[[skip]]
name = "total"
when = { "序号" = { matches = ["合计*", "填表人*"] } }

[[output]]
family = "Accident"
key = { field = "accidentNo", compose = ["矿号"], content = ["发现日期", "单位现名", "经过"] }
[output.fields]
occurredAt = { column = "发生", date = [], time = { column = "时刻", format = "clock", unknown = { name = "no-time", values = [""], use = "00:00" } } }
regionCode = { constant = "140602" }
employerName = { column = "单位" }
accidentType = { column = "事故类别", map = { "冒顶" = "ROOF_FALL" }, required = true }
deaths = { column = "伤亡情况/死亡", number = {}, when_empty = 0 }
missing = { constant = 0 }
seriousInjuries = { column = "伤亡情况/重伤", number = {}, when_empty = 0 }
acutePoisonings = { constant = 0 }
minorInjuries = { constant = 0 }
directLossYuan = { column = "损失（万元）", number = { times = 10000, decimals = 2 } }
course = { column = "经过" }
"#;

/// A ledger with a title, a head of two lines and a foot, on the second sheet; rows are the courses
/// of its accidents.
fn ledger(courses: &[&str]) -> Vec<u8> {
    let plain = Format::new();
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("封面")
        .expect("a name")
        .write_string(0, 0, "二〇二四年")
        .expect("a cell");
    let sheet = book.add_worksheet().set_name("台账").expect("a name");
    sheet.merge_range(0, 0, 0, 10, "2024年度事故台账", &plain).expect("a title");
    for (place, heading) in [
        (0, "序号"),
        (1, "矿号"),
        (2, "发现日期"),
        (3, "报告日期"),
        (4, "时刻"),
        (5, "单位现名"),
        (6, "单位原名"),
        (7, "事故\n类别"),
        (10, "损失\n（万元）"),
        (11, "经过"),
    ] {
        sheet.merge_range(2, place, 3, place, heading, &plain).expect("a heading");
    }
    sheet.merge_range(2, 8, 2, 9, "伤亡情况", &plain).expect("a heading");
    sheet.write_string(3, 8, "死亡").expect("a heading");
    sheet.write_string(3, 9, "重伤").expect("a heading");
    let mut line = 4;
    for (number, course) in courses.iter().enumerate() {
        let row = line;
        sheet.write_number(row, 0, number as f64 + 1.0).expect("a number");
        sheet.write_string(row, 1, "M1").expect("a cell");
        sheet.write_string(row, 2, "2024年3月6日").expect("a cell");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_number_with_format(row, 3, 45356.0, &day).expect("a day");
        let time = Format::new().set_num_format("hh:mm");
        sheet.write_number_with_format(row, 4, 0.395_833_333_333_333_3, &time).expect("a time");
        sheet.write_string(row, 6, "试验煤业").expect("a cell");
        sheet.write_string(row, 7, "冒顶（矿）").expect("a cell");
        sheet.write_number(row, 9, 1.0).expect("a number");
        sheet.write_number(row, 10, 12.6).expect("a number");
        sheet.write_string(row, 11, format!("{course}\u{92}")).expect("a cell");
        line += if number == 0 { 2 } else { 1 };
    }
    sheet.write_string(line, 0, "合计").expect("a cell");
    sheet.write_string(line + 1, 0, "填表人：某某").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_profile_reads_a_workbook_below_its_title_and_two_lines_of_headings() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let put = hub.call("PUT", &token, "/exchange/profiles/ledger", &[], PROFILE).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.job);
        let path = "/exchange/Accident?profile=ledger";
        let sent =
            hub.upload(&token, path, "one", XLSX, ledger(&["井下甲", "井下乙", "井下丙"])).await;
        let verdicts = hub.verdicts(&token, &sent.id()).await;
        assert_eq!(
            (sent.job["state"].as_str(), sent.counts()),
            (Some("DONE"), [3, 0, 0, 0]),
            "{} {verdicts:?}",
            sent.job
        );
        assert_eq!(
            verdicts.iter().map(|verdict| verdict["row"].as_i64()).collect::<Vec<_>>(),
            [Some(5), Some(7), Some(8)]
        );
        let found =
            hub.data(&token, "{ accidents { nodes { occurredAt employerName seriousInjuries directLossYuan course } } }").await;
        assert_eq!(
            found["accidents"]["nodes"][0],
            json!({"occurredAt": "2024-03-05T09:30:00+08:00", "employerName": "试验煤业", "seriousInjuries": 1,
                "directLossYuan": "126000.00", "course": found["accidents"]["nodes"][0]["course"]})
        );
        assert!(!found.to_string().contains('\u{92}'), "{found}");
        // Keys of content: one row taken away moves none of the others.
        let fewer =
            hub.upload(&token, path, "two", XLSX, ledger(&["井下乙", "井下丙", "井下丁"])).await;
        assert_eq!(fewer.counts(), [1, 0, 2, 0], "{:?}", hub.verdicts(&token, &fewer.id()).await);
        // The sheet and the lines above may be said, and what is not there is said with what is
        // missing.
        let stated =
            PROFILE.replace("head_lines = 2", "head_lines = 2\nsheet = \"台账\"\nskip_lines = 2");
        hub.call("PUT", &token, "/exchange/profiles/ledger", &[], stated.clone()).await;
        let again = hub.upload(&token, path, "three", XLSX, ledger(&["井下乙"])).await;
        assert_eq!(again.counts(), [0, 0, 1, 0], "{}", again.job);
        hub.call(
            "PUT",
            &token,
            "/exchange/profiles/ledger",
            &[],
            stated.replace("\"台账\"", "\"月报\""),
        )
        .await;
        let none = hub.upload(&token, path, "four", XLSX, ledger(&["井下乙"])).await;
        assert_eq!(
            (&none.job["state"], &none.job["error"]["code"]),
            (&json!("FAILED"), &json!("FILE_SHEET_MISSING"))
        );
        let mut other = Workbook::new();
        other.add_worksheet().write_string(0, 0, "矿号").expect("a cell");
        hub.call("PUT", &token, "/exchange/profiles/ledger", &[], PROFILE).await;
        let lacks = hub
            .upload(&token, path, "five", XLSX, other.save_to_buffer().expect("a workbook"))
            .await;
        assert_eq!(lacks.job["error"]["code"], "FILE_COLUMNS_MISSING", "{}", lacks.job);
    }
}

#[tokio::test]
async fn what_a_cell_of_a_workbook_does_not_say_is_a_fault_of_a_profiles_row() {
    let hub = TestHub::on(backends()[0]).await;
    let token = hub.submitter("EMERGENCY");
    let profile = PROFILE.replace("head_lines = 2", "").replace("伤亡情况/", "");
    let put = hub.call("PUT", &token, "/exchange/profiles/ledger", &[], profile).await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.job);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headings = [
        "序号",
        "矿号",
        "发现日期",
        "报告日期",
        "时刻",
        "单位现名",
        "单位原名",
        "事故类别",
        "死亡",
        "重伤",
        "损失（万元）",
        "经过",
        "备注",
    ];
    for (place, heading) in (0..).zip(headings) {
        sheet.write_string(0, place, heading).expect("a heading");
    }
    for row in 1..=5 {
        for (place, text) in [(1, "M1"), (2, "2024-03-06"), (5, "甲矿"), (7, "冒顶"), (11, "井下")]
        {
            sheet
                .write_string(
                    row,
                    place,
                    if place == 11 { format!("{text}{row}") } else { text.to_owned() },
                )
                .expect("a cell");
        }
    }
    let formula = |text: &str, result: &str| Formula::new(text).set_result(result);
    sheet.write_formula(1, 8, formula("=VLOOKUP(1,A1:A2,1)", "#N/A")).expect("a cell");
    sheet.write_formula(2, 10, formula("=B1", "")).expect("a cell");
    sheet.write_number(3, 1, 140_602_190_001_010_000.0).expect("a cell");
    // What stands in a column that nobody reads, speaks against nothing.
    sheet.write_formula(4, 12, formula("=VLOOKUP(1,A1:A2,1)", "#N/A")).expect("a cell");
    let sent = hub
        .upload(
            &token,
            "/exchange/Accident?profile=ledger",
            "one",
            XLSX,
            book.save_to_buffer().expect("a workbook"),
        )
        .await;
    let verdicts = hub.verdicts(&token, &sent.id()).await;
    let codes: Vec<(i64, &str)> = verdicts
        .iter()
        .filter_map(|verdict| {
            Some((verdict["row"].as_i64()?, verdict["faults"][0]["code"].as_str()?))
        })
        .collect();
    assert_eq!(
        codes.len(),
        2 + usize::from(codes.iter().any(|(_, code)| *code == "FORMULA_NOT_COMPUTED")),
        "{verdicts:?}"
    );
    assert!(
        codes.contains(&(2, "EXCEL_ERROR_CELL")) && codes.contains(&(4, "EXCEL_ATE_DIGITS")),
        "{codes:?}"
    );
}

/// A ledger whose 行业 says each of these.
fn industries(words: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, heading) in (0..).zip([
        "事故编号",
        "发生时间",
        "所属区县",
        "事故类型",
        "死亡",
        "下落不明",
        "重伤",
        "急性中毒",
        "轻伤",
        "所属行业",
    ]) {
        sheet.write_string(0, place, heading).expect("a heading");
    }
    for (row, word) in (1..).zip(words) {
        let number = format!("I-{row}");
        for (place, text) in (0..).zip([
            number.as_str(),
            "2024-03-05 09:30",
            "朔城区",
            "物体打击",
            "0",
            "0",
            "0",
            "0",
            "1",
            word,
        ]) {
            sheet.write_string(row, place, text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn an_industry_as_ledgers_write_it_is_understood_or_said_not_to_be() {
    let cases = [
        ("煤矿", json!(["COAL_MINE", null])),
        ("煤炭", json!(["COAL_MINE", null])),
        ("非煤矿山", json!(["NON_COAL_MINE", null])),
        ("金属非金属矿山", json!(["NON_COAL_MINE", null])),
        ("危化品", json!(["HAZARDOUS_CHEMICALS", null])),
        ("建筑施工行业", json!(["CONSTRUCTION", null])),
        ("道路运输", json!(["TRANSPORT", null])),
        ("0610", json!(["COAL_MINE", "0610"])),
        ("B06", json!(["COAL_MINE", "06"])),
        ("煤炭开采和洗选业", json!(["COAL_MINE", "06"])),
        ("0610 烟煤和无烟煤开采洗选", json!(["COAL_MINE", "0610"])),
        ("其他", json!(["OTHER", null])),
        ("工贸", json!([null, null])),
        ("矿山", json!([null, null])),
        ("化工", json!([null, null])),
    ];
    let words: Vec<&str> = cases.iter().map(|(word, _)| *word).collect();
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let sent = hub.upload(&token, "/exchange/Accident", "one", XLSX, industries(&words)).await;
        let verdicts = hub.verdicts(&token, &sent.id()).await;
        assert_eq!(sent.counts(), [15, 0, 0, 0], "{verdicts:?}");
        let found = hub
            .data(
                &token,
                "{ accidents(first: 20) { nodes { accidentNo keyIndustry industryCode } } }",
            )
            .await;
        for ((row, (word, expected)), verdict) in (1..).zip(&cases).zip(&verdicts) {
            let record = found["accidents"]["nodes"].as_array().expect("records");
            let record = record
                .iter()
                .find(|record| record["accidentNo"] == format!("I-{row}"))
                .expect("the record");
            assert_eq!(&json!([record["keyIndustry"], record["industryCode"]]), expected, "{word}");
            let told = verdict["findings"].to_string().contains("INDUSTRY_UNKNOWN");
            assert_eq!(told, expected[0] == Value::Null, "{word}: {verdict}");
        }
    }
}

const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=XyZ");

/// Name, name of the file and content of a part of a form.
type FormPart<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A form of these parts: names, names of files, contents.
fn form(parts: &[FormPart<'_>]) -> Body {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"))
            .unwrap_or_default();
        body.extend(
            format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XyZ--\r\n");
    Body::from(body)
}

#[tokio::test]
async fn a_browsers_form_hands_in_a_file() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let kind = FORM;
        let book = industries(&["煤矿", "建材"]);
        let dry: &[(&str, Option<&str>, &[u8])] =
            &[("mode", None, b"dry-run"), ("file", Some("事故台账.XLSX"), &book)];
        let sent = hub.upload_with(&token, "/exchange/Accident?wait=60", &[kind], form(dry)).await;
        assert_eq!((sent.status, sent.counts()), (StatusCode::OK, [2, 0, 0, 0]), "{}", sent.job);
        assert_eq!(hub.accidents(&token).await, 0);
        let whole: &[(&str, Option<&str>, &[u8])] =
            &[("idempotencyKey", None, b"mine"), ("file", Some("a.xlsx"), &book)];
        for _ in 0..2 {
            let sent =
                hub.upload_with(&token, "/exchange/Accident?wait=60", &[kind], form(whole)).await;
            assert_eq!(
                (sent.status, sent.counts()),
                (StatusCode::OK, [2, 0, 0, 0]),
                "{}",
                sent.job
            );
            assert_eq!(sent.job["idempotencyKey"], "mine");
        }
        assert_eq!(hub.accidents(&token).await, 2);
        let gbk = encoding_rs::GB18030
            .encode("事故编号,发生时间,区县,事故类型,死亡,失踪,重伤,急性中毒,轻伤\nG-1,2024-3-5,朔城区,物体打击,0,0,0,0,1\n")
            .0
            .into_owned();
        let csv: &[(&str, Option<&str>, &[u8])] =
            &[("charset", None, b"gb18030"), ("file", Some("台账.csv"), &gbk)];
        let sent = hub.upload_with(&token, "/exchange/Accident?wait=60", &[kind], form(csv)).await;
        assert_eq!((sent.status, sent.counts()), (StatusCode::OK, [1, 0, 0, 0]), "{}", sent.job);
        for (parts, status) in [
            (&[("mode", None, b"partial".as_slice())][..], StatusCode::BAD_REQUEST),
            (
                &[("odd", None, b"1".as_slice()), ("file", Some("a.csv"), b"".as_slice())][..],
                StatusCode::BAD_REQUEST,
            ),
            (&[("file", Some("a.doc"), b"x".as_slice())][..], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let sent = hub.upload_with(&token, "/exchange/Accident", &[kind], form(parts)).await;
            assert_eq!((sent.status, sent.code()), (status, "BAD_USER_INPUT"), "{}", sent.job);
        }
    }
}

#[tokio::test]
async fn a_form_that_goes_on_behind_its_file_is_refused_and_nothing_is_kept() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let book = industries(&["煤矿"]);
        let long = "事故编号\n".repeat(300_000);
        let file = ("file", Some("a.xlsx"), book.as_slice());
        let big = ("file", Some("a.csv"), long.as_bytes());
        let dry = ("mode", None, b"dry-run".as_slice());
        let cases: [(&str, &[FormPart<'_>]); 4] = [
            ("", &[file, dry]),
            ("", &[file, file]),
            ("", &[big, dry]),
            ("?mode=atomic", &[dry, file]),
        ];
        for (query, parts) in cases {
            let path = format!("/exchange/Accident{query}");
            let sent = hub.upload_with(&token, &path, &[FORM], form(parts)).await;
            let what = (sent.status, sent.code());
            assert_eq!(what, (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{}", sent.job);
            let message = sent.job["errors"][0]["message"].as_str().expect("a message");
            let word = if query.is_empty() { "文件放在最后" } else { "mode" };
            assert!(message.contains(word), "{message}");
        }
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM exchange_parts").await, 0);
        let open = "SELECT COUNT(*) FROM exchange_jobs WHERE state <> 'CANCELLED'";
        assert_eq!(hub.db_count(open).await, 0, "nothing waits for a rest that nobody can send");
        assert_eq!(hub.accidents(&token).await, 0);
        // With a key of its own it may be sent again, the file last.
        let key = ("idempotencyKey", None, b"mine".as_slice());
        let name = ("sourceSystem", None, b"X".as_slice());
        let wrong =
            hub.upload_with(&token, "/exchange/Accident", &[FORM], form(&[key, file, name]));
        assert_eq!(wrong.await.status, StatusCode::BAD_REQUEST);
        let right =
            hub.upload_with(&token, "/exchange/Accident?wait=60", &[FORM], form(&[key, file]));
        assert_eq!(right.await.counts(), [1, 0, 0, 0]);
    }
}

#[tokio::test]
async fn what_the_sender_says_of_the_encoding_holds_for_a_profile_too() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let plain = PROFILE.replace("head_lines = 2", "").replace("伤亡情况/", "");
        for (name, encoding) in [("open", "auto"), ("chinese", "gb18030")] {
            let text = plain.replace("\"auto\"", &format!("\"{encoding}\""));
            let path = format!("/exchange/profiles/{name}");
            let put = hub.call("PUT", &token, &path, &[], text).await;
            assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.job);
        }
        let head = "序号,矿号,发现日期,报告日期,时刻,单位现名,单位原名,事故类别,死亡,重伤,损失（万元）,经过\n";
        let table = format!("{head}1,M1,2024-03-06,,,甲矿,,冒顶,0,1,,井下\n");
        let chinese = encoding_rs::GB18030.encode(&table).0.into_owned();
        let send = async |profile: &str, key: &str, charset: &str, body: Vec<u8>| {
            let path = format!("/exchange/Accident?profile={profile}&wait=60");
            hub.upload(&token, &path, key, &format!("text/csv{charset}"), body).await
        };
        let own = send("open", "one", "; charset=gb18030", chinese.clone()).await;
        assert_eq!(own.counts(), [1, 0, 0, 0], "{}", own.job);
        let same = send("chinese", "two", "; charset=GBK", chinese.clone()).await;
        assert_eq!(same.counts(), [0, 0, 1, 0], "{}", same.job);
        let unlike = send("open", "three", "; charset=utf-8", chinese.clone()).await;
        assert_eq!(
            (&unlike.job["state"], &unlike.job["error"]["code"]),
            (&json!("FAILED"), &json!("FILE_HEADER_UNREADABLE")),
            "{}",
            unlike.job
        );
        for (profile, charset, words) in [
            ("chinese", "; charset=utf-8", ["utf-8", "gb18030"]),
            ("open", "; charset=latin1", ["latin1", "GB18030"]),
        ] {
            let sent = send(profile, charset, charset, chinese.clone()).await;
            assert_eq!(sent.status, StatusCode::BAD_REQUEST, "{}", sent.job);
            let message = sent.job["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(words.iter().all(|word| message.contains(word)), "{charset}: {}", sent.job);
        }
    }
}

#[tokio::test]
async fn hidden_rows_and_columns_are_left_for_a_profile_too() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let plain = PROFILE.replace("head_lines = 2", "").replace("伤亡情况/", "");
        hub.call("PUT", &token, "/exchange/profiles/ledger", &[], plain).await;
        let headings = [
            "序号",
            "矿号",
            "发现日期",
            "报告日期",
            "时刻",
            "单位现名",
            "单位原名",
            "事故类别",
            "死亡",
        ];
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        // The column of the dead is there twice, once hidden.
        let more = ["重伤", "损失（万元）", "经过", "死亡"];
        for (place, heading) in (0..).zip(headings.into_iter().chain(more)) {
            sheet.write_string(0, place, heading).expect("a heading");
        }
        for row in 1..=2 {
            let course = format!("井下{row}");
            for (place, text) in [
                (1, "M1"),
                (2, "2024-03-06"),
                (5, "甲矿"),
                (7, "冒顶"),
                (8, "5"),
                (9, "0"),
                (11, course.as_str()),
                (12, "1"),
            ] {
                sheet.write_string(row, place, text).expect("a cell");
            }
        }
        sheet.set_column_hidden(8).expect("a hidden column");
        sheet.set_row_hidden(2).expect("a hidden row");
        let path = "/exchange/Accident?profile=ledger&hidden=leave&wait=60";
        let sent =
            hub.upload(&token, path, "one", XLSX, book.save_to_buffer().expect("a workbook")).await;
        assert_eq!(sent.counts(), [1, 0, 0, 0], "{}", sent.job);
        let found = hub.data(&token, "{ accidents { nodes { deaths course } } }").await;
        assert_eq!(found["accidents"]["nodes"], json!([{"deaths": 1, "course": "井下1"}]));
    }
}
