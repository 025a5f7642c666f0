//! What comes back of files: templates, verdicts, rows to be mended; profiles, jobs cancelled, and
//! jobs that outlive a hub.

use std::{io::Cursor, sync::Arc};

use axum::body::Body;
use calamine::{Data, Reader as _, Xlsx};
use http::StatusCode;
use lianfang::{
    app::{self, Settings},
    exchange::intake::uploads,
};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::{
    files::{CSV, NDJSON, lines},
    samples::{COUNTY, accident, man, person, uscc, with},
    support::{Backend, Row, TestHub, backends},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl TestHub {
    /// A file from the hub.
    pub async fn fetch(&self, token: &str, path: &str) -> (StatusCode, Vec<u8>) {
        let request = http::Request::get(path).header("authorization", format!("Bearer {token}"));
        let (status, _, bytes) = self.send(request.body(Body::empty()).expect("a request")).await;
        (status, bytes)
    }

    pub async fn verdicts(&self, token: &str, job: &str) -> Vec<Value> {
        let (status, bytes) = self.fetch(token, &format!("/exchange/jobs/{job}/verdicts")).await;
        assert_eq!(status, StatusCode::OK);
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }
}

/// Cells of the first sheet, as texts.
pub fn sheet(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range("数据").expect("the sheet");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("数据").expect("a name");
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn place(headings: &[String], start: &str) -> usize {
    headings.iter().position(|heading| heading.starts_with(start)).expect("the heading")
}

#[tokio::test]
async fn a_clerk_fills_the_template_mends_what_comes_back_and_sends_it_again() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let (status, template) = hub.fetch(&token, "/exchange/accidents/template.xlsx").await;
        assert_eq!(status, StatusCode::OK);
        let mut rows = sheet(template);
        let headings = rows[0].clone();
        let fill = |number: &str, kind: &str| {
            let mut cells = vec![String::new(); headings.len()];
            let mut put =
                |start: &str, value: &str| cells[place(&headings, start)] = value.to_owned();
            put("事故编号", number);
            put("发生时间", "2024-03-05 09:30");
            put("事故发生地区划代码", COUNTY);
            put("事故类型", kind);
            for count in ["死亡人数", "失踪人数", "重伤人数", "急性工业中毒人数", "轻伤人数"]
            {
                put(count, "1");
            }
            put("事故发生单位信用代码", &uscc(1));
            put("重点行业", "COAL_MINE");
            cells
        };
        rows.push(fill("甲-1", "COLLAPSE"));
        rows.push(fill("甲-2", "不存在的类型"));
        let sent = hub.upload(&token, "/exchange/accidents", "first", XLSX, workbook(&rows)).await;
        assert_eq!(sent.counts(), [1, 0, 0, 1], "the example is left out: {}", sent.job);
        let back = format!("/exchange/jobs/{}/verdicts?only=rejected&format=xlsx", sent.id());
        let (status, bytes) = hub.fetch(&token, &back).await;
        assert_eq!(status, StatusCode::OK);
        let mut rows = sheet(bytes);
        assert_eq!(rows.len(), 2, "{rows:?}");
        let (problem, kind) = (place(&rows[0], "问题"), place(&rows[0], "事故类型"));
        assert!(rows[1][problem].contains("事故类型"), "{:?}", rows[1]);
        assert_eq!(rows[1][kind], "不存在的类型");
        rows[1][kind] = "COLLAPSE".to_owned();
        // A date cell reads as a number here; a spreadsheet keeps it a date.
        let at = place(&rows[0], "发生时间");
        rows[1][at] = "2024-03-05 09:30".to_owned();
        let again =
            hub.upload(&token, "/exchange/accidents", "mended", XLSX, workbook(&rows)).await;
        assert_eq!(again.counts(), [1, 0, 0, 0], "{}", again.job);
        assert_eq!(hub.accidents(&token).await, 2);
    }
}

#[tokio::test]
async fn every_row_has_its_verdict_whatever_the_mode() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut rows: Vec<Row> =
            (0..1_500).map(|number| accident(&format!("R-{number}"))).collect();
        rows[1_200] = with(rows[1_200].clone(), json!({"deaths": -1}));
        let mut body = lines(&rows);
        body.extend_from_slice(b"no JSON\n");
        for (mode, created, rejected) in
            [("dry-run", 1_499, 2), ("atomic", 0, 1_501), ("partial", 1_499, 2)]
        {
            let sent = hub
                .upload(
                    &token,
                    &format!("/exchange/accidents?mode={mode}&wait=60"),
                    mode,
                    NDJSON,
                    body.clone(),
                )
                .await;
            assert_eq!(sent.counts(), [created, 0, 0, rejected], "{mode} {}", sent.job);
            let verdicts = hub.verdicts(&token, &sent.id()).await;
            assert_eq!(verdicts.len(), 1_501, "{mode}");
            assert_eq!(verdicts[1_200]["row"], 1_201);
            assert_eq!(verdicts[1_200]["faults"][0]["field"], "deaths");
            assert_eq!(verdicts[1_500]["faults"][0]["code"], "JSON_INVALID");
            let made = verdicts.iter().filter(|verdict| verdict["outcome"] == "CREATED").count();
            assert_eq!(i64::try_from(made).expect("small"), created, "{mode}");
            assert!(
                verdicts.iter().all(|verdict| verdict["id"].is_null() || mode == "partial"),
                "{mode}"
            );
            let (_, csv) = hub
                .fetch(
                    &token,
                    &format!("/exchange/jobs/{}/verdicts?only=rejected&format=csv", sent.id()),
                )
                .await;
            let csv = String::from_utf8(csv).expect("UTF-8");
            assert!(csv.lines().count() > 2 && csv.contains("死亡人数"), "{mode} {csv}");
        }
    }
}

#[tokio::test]
async fn a_kept_profile_reads_the_real_file_and_gives_back_its_own_lines() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let profile = include_str!("../../examples/profiles/msha.toml");
        let bad = hub.call("PUT", &token, "/exchange/profiles/msha", &[], "name = 1").await;
        assert_eq!((bad.status, bad.code()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
        assert_eq!(
            hub.call("PUT", &token, "/exchange/profiles/msha", &[], profile).await.status,
            StatusCode::NO_CONTENT
        );
        let kept = hub.call("GET", &token, "/exchange/profiles/msha", &[], Body::empty()).await;
        assert_eq!(kept.job, Value::String(profile.to_owned()));
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        let other = hub.call("GET", &county, "/exchange/profiles/msha", &[], Body::empty()).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "of another organisation");
        let file = include_bytes!("../data/us_msha_part50_accidents.csv").to_vec();
        let path = |mode: &str| format!("/exchange/Accident?profile=msha&mode={mode}&wait=60");
        let dry = hub.upload(&token, &path("dry-run"), "dry", CSV, file.clone()).await;
        assert_eq!(dry.job["state"], "DONE", "{}", dry.job);
        let real = hub.upload(&token, &path("partial"), "real", CSV, file).await;
        assert_eq!(real.counts(), dry.counts());
        assert_eq!(
            (real.job["skipped"].as_i64(), real.job["rejected"].as_i64()),
            (Some(67), Some(24)),
            "{}",
            real.job
        );
        let (_, back) = hub
            .fetch(
                &token,
                &format!("/exchange/jobs/{}/verdicts?only=rejected&format=csv", real.id()),
            )
            .await;
        let back = String::from_utf8(back).expect("UTF-8");
        assert_eq!(back.lines().count(), 25, "the headings and the lines that come back");
        assert!(
            back.trim_start_matches('\u{feff}').starts_with("lianfang_line"),
            "{}",
            &back[..200]
        );
        assert_eq!(
            hub.call("DELETE", &token, "/exchange/profiles/msha", &[], Body::empty()).await.status,
            StatusCode::NO_CONTENT
        );
        let gone = hub.upload(&token, &path("partial"), "gone", CSV, Vec::new()).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_job_outlives_the_hub_that_took_it_and_one_that_is_cancelled_takes_nothing_more() {
    for backend in backends() {
        let idle = Settings {
            files: uploads::IntakeSettings { workers: 0, ..uploads::IntakeSettings::default() },
            ..Settings::default()
        };
        let hub = TestHub::with(backend, idle).await;
        let token = hub.submitter("EMERGENCY");
        let rows: Vec<Row> = (0..30).map(|number| accident(&format!("S-{number}"))).collect();
        let waiting =
            hub.upload(&token, "/exchange/accidents?wait=0", "kept", NDJSON, lines(&rows)).await;
        assert_eq!(
            (waiting.status, &waiting.job["state"]),
            (StatusCode::ACCEPTED, &json!("QUEUED")),
            "{}",
            waiting.job
        );
        assert_eq!(waiting.headers["retry-after"], "1");
        let stopped = hub
            .upload(
                &token,
                "/exchange/accidents?wait=0",
                "stopped",
                NDJSON,
                lines(&[accident("never")]),
            )
            .await;
        let stop = format!("/exchange/jobs/{}", stopped.id());
        assert_eq!(
            hub.call("DELETE", &token, &stop, &[], Body::empty()).await.job["state"],
            "CANCELLED"
        );
        assert_eq!(
            hub.call("DELETE", &token, &stop, &[], Body::empty()).await.status,
            StatusCode::CONFLICT
        );
        let other = beside(&hub).await;
        let done = other
            .call(
                "GET",
                &token,
                &format!("/exchange/jobs/{}?wait=30", waiting.id()),
                &[],
                Body::empty(),
            )
            .await;
        assert_eq!(done.job["state"], "DONE", "{}", done.job);
        assert_eq!(done.counts(), [30, 0, 0, 0]);
        assert_eq!(other.accidents(&token).await, 30);
        let list = other.call("GET", &token, "/exchange/jobs?first=1", &[], Body::empty()).await;
        assert_eq!(list.job["jobs"][0]["id"], stopped.id());
        let next = list.job["next"].as_str().expect("one more");
        let rest = other
            .call("GET", &token, &format!("/exchange/jobs?after={next}"), &[], Body::empty())
            .await;
        assert_eq!(rest.job["jobs"][0]["id"], waiting.id());
    }
}

/// Another hub on the same store, with workers.
async fn beside(hub: &TestHub) -> TestHub {
    let (catalogue, settings) = (app::catalogue().expect("the catalogue"), Settings::default());
    let policy = app::policy(None, &catalogue).expect("the policy");
    let started =
        app::start(hub.database.clone(), catalogue, policy, Arc::clone(&hub.keys), settings).await;
    let (router, services) = started.expect("the hub starts");
    TestHub::beside(hub, router, services)
}

#[tokio::test]
async fn content_is_deleted_after_its_days_and_the_receipt_stays() {
    let hub = TestHub::on(Backend::Sqlite).await;
    let token = hub.submitter("EMERGENCY");
    let sent =
        hub.upload(&token, "/exchange/accidents", "old", NDJSON, lines(&[accident("O-1")])).await;
    let far = lianfang::context::OpCtx::begin("test").now() + chrono::TimeDelta::days(8);
    assert_eq!(hub.database.jobs_empty(far, far).await.expect("emptied"), 1);
    let (status, _) = hub.fetch(&token, &format!("/exchange/jobs/{}/verdicts", sent.id())).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let job =
        hub.call("GET", &token, &format!("/exchange/jobs/{}", sent.id()), &[], Body::empty()).await;
    assert_eq!((&job.job["verdictsKept"], job.counts()), (&json!(false), [1, 0, 0, 0]));
    let again =
        hub.upload(&token, "/exchange/accidents", "old", NDJSON, lines(&[accident("O-1")])).await;
    assert_eq!(again.job["id"], sent.id(), "the key still stands for it");
}

#[tokio::test]
async fn a_trial_says_when_most_rows_are_new_only_by_their_numbers() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let losses = |row: usize| json!({"directLossYuan": format!("{}.00", 1_000 + row)});
        let of_day = |prefix: &str| -> Vec<Row> {
            (1..6).map(|row| with(accident(&format!("{prefix}{row}")), losses(row))).collect()
        };
        let of_person = |prefix: &str| -> Vec<Row> {
            (1..6).map(|row| person(&format!("{prefix}{row}"), &man(row))).collect()
        };
        for (department, family, kept, moved) in [
            ("EMERGENCY", "Accident", of_day("a"), of_day("b")),
            ("HRSS", "Person", of_person("a"), of_person("b")),
        ] {
            let token = hub.submitter(department);
            let path = format!("/exchange/{family}?mode=dry-run");
            let first =
                hub.upload(&token, &path, &format!("{family} first"), NDJSON, lines(&kept)).await;
            assert_eq!(first.job["notes"], json!([]), "{backend:?}: {}", first.job);
            hub.upload(
                &token,
                &format!("/exchange/{family}"),
                &format!("{family} kept"),
                NDJSON,
                lines(&kept),
            )
            .await;
            let again =
                hub.upload(&token, &path, &format!("{family} again"), NDJSON, lines(&kept)).await;
            assert_eq!(again.job["notes"], json!([]), "{backend:?}: {}", again.job);
            let told =
                hub.upload(&token, &path, &format!("{family} moved"), NDJSON, lines(&moved)).await;
            assert_eq!(told.job["reading"]["repeated"], moved.len(), "{backend:?}: {}", told.job);
            assert!(told.job["notes"].to_string().contains("编号"), "{}", told.job);
            // Somebody else's records are not his business.
            let elsewhere = hub.token(department, "140200", &["SUBMITTER"]);
            let strangers: Vec<Row> = moved
                .iter()
                .map(|own| with(own.clone(), json!({"regionCode": "140212"})))
                .collect();
            let told = hub
                .upload(&elsewhere, &path, &format!("{family} else"), NDJSON, lines(&strangers))
                .await;
            assert_eq!(told.job["notes"], json!([]), "{backend:?}: {}", told.job);
        }
    }
}

#[tokio::test]
async fn a_file_with_fewer_columns_says_what_it_empties() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let whole: Vec<Row> = (1..4).map(|row| accident(&format!("A{row}"))).collect();
        let first = hub.upload(&token, "/exchange/Accident", "whole", NDJSON, lines(&whole)).await;
        assert_eq!(first.job["notes"], json!([]), "{backend:?}: {}", first.job);
        let narrow: Vec<Row> = whole
            .iter()
            .map(|row| with(row.clone(), json!({"directLossYuan": null, "address": null})))
            .collect();
        for (path, key) in [
            ("/exchange/Accident?mode=dry-run", "trial"),
            ("/exchange/Accident?mode=atomic&wait=60", "atomic"),
            ("/exchange/Accident", "again"),
        ] {
            let sent = hub.upload(&token, path, key, NDJSON, lines(&narrow)).await;
            let cleared = sent.job["reading"]["cleared"].clone();
            if key == "again" {
                assert_eq!(
                    cleared,
                    Value::Null,
                    "{backend:?}: nothing is left to empty: {}",
                    sent.job
                );
                continue;
            }
            assert_eq!(sent.counts(), [0, 3, 0, 0], "{backend:?} {key}: {}", sent.job);
            assert!(
                cleared
                    .as_object()
                    .is_some_and(|list| list.len() == 1 && list.values().all(|count| *count == 3)),
                "{}",
                sent.job
            );
            assert!(sent.job["notes"].to_string().contains("清空"), "{}", sent.job);
        }
    }
}

#[tokio::test]
async fn asking_for_the_head_of_what_is_made_while_it_is_sent_reads_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        let auditor = hub.token("HRSS", "140600", &["AUDITOR"]);
        let entries = async || {
            hub.data(&auditor, "{ auditEntries(first: 200) { seq } }").await["auditEntries"].clone()
        };
        let before = entries().await;
        let head =
            hub.call("HEAD", &hub.reader("HRSS", "140600"), "/exchange/persons", &[], "").await;
        assert_eq!(head.status, 405, "{backend:?}");
        assert_eq!(entries().await, before, "{backend:?}");
    }
}
