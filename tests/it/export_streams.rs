//! Exports as they stream: page by page, to those who take them and to those who do not.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use lianfang::{app::Settings, exchange::export::order::ExportLimits, store::sql::database};
use serde_json::{Value, json};

use crate::{
    patience::until,
    samples::{CITY, accident, man, victim},
    support::{Backend, TestHub, backends},
};

/// One export at a time, a record a page, and little patience.
async fn hub(backend: Backend, stall: Duration) -> TestHub {
    let exports = ExportLimits { stall, page: 1, sheet: 5, ..ExportLimits::default() };
    let database = database::PoolLimits { snapshots: 1, ..database::PoolLimits::default() };
    let hub = TestHub::with(backend, Settings { exports, database, ..Settings::default() }).await;
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take(
        "EMERGENCY",
        "AccidentVictim",
        "v",
        (0..20).map(|n| victim(&format!("V{n}"), "A1", &man(n))).collect(),
    )
    .await;
    hub
}

/// Waits until the one connection for exports is given back.
async fn given_back(hub: &TestHub) {
    until("the connection for exports is given back", async || {
        match hub.database.snapshot().await {
            Ok(snapshot) => {
                tokio::spawn(snapshot.close());
                true
            }
            Err(_) => false,
        }
    })
    .await;
}

async fn manifest(hub: &TestHub, token: &str, link: &str) -> Value {
    hub.json(token, link.trim_start_matches('<').split('>').next().expect("a path")).await
}

async fn opened(hub: &TestHub, token: &str, path: &str) -> (String, Body) {
    let (parts, body) = hub.open(token, path, &[]).await.into_parts();
    assert_eq!(parts.status, 200);
    (parts.headers["link"].to_str().expect("text").to_owned(), body)
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_export_comes_page_by_page_each_after_its_entry() {
    for backend in backends() {
        let hub = hub(backend, MINUTE).await;
        let token = hub.reader("EMERGENCY", CITY);
        let (_, mut body) =
            opened(&hub, &token, "/exchange/accidentVictims?fields=victimNo,name").await;
        let mut seen = 0;
        while let Some(frame) = body.frame().await {
            let data = frame.expect("whole").into_data().expect("data");
            seen += data.iter().filter(|byte| **byte == b'\n').count();
            let kept = hub
                .db_count(
                    "SELECT COUNT(*) FROM audit_entries WHERE operation = 'export AccidentVictim'",
                )
                .await;
            assert!(
                kept >= i64::try_from(seen).expect("few"),
                "{backend:?}: {seen} records left with {kept} entries"
            );
        }
        assert_eq!(seen, 20);
        hub.holds().await;
    }
}

#[tokio::test]
async fn what_is_committed_meanwhile_is_not_in_the_export_but_in_the_changes_after_it() {
    for backend in backends() {
        let hub = hub(backend, MINUTE).await;
        let token = hub.reader("EMERGENCY", CITY);
        let answer = hub
            .open(
                &token,
                "/exchange/AccidentVictim?fields=victimNo,name,bodyPart,regionCode,id",
                &[],
            )
            .await;
        let cursor = answer.headers()["lianfang-cursor"].to_str().expect("text").to_owned();
        hub.take("EMERGENCY", "AccidentVictim", "late", vec![victim("V99", "A1", &man(99))]).await;
        let bytes = answer.into_body().collect().await.expect("whole").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        assert_eq!((text.lines().count(), text.contains("V99")), (20, false), "{backend:?}");
        let mut consumer = crate::consumer::Consumer::new(token.clone(), json!(["AccidentVictim"]));
        consumer.after = json!(cursor);
        consumer.pull(&hub, 100).await;
        assert!(
            consumer.copy.values().any(|record| record["victimNo"] == "V99"),
            "{backend:?}: {:?}",
            consumer.copy
        );
    }
}

#[tokio::test]
async fn whoever_hangs_up_leaves_an_incomplete_manifest_and_no_open_snapshot() {
    for backend in backends() {
        let hub = hub(backend, MINUTE).await;
        let token = hub.reader("EMERGENCY", CITY);
        let (link, mut body) = opened(&hub, &token, "/exchange/accidentVictims").await;
        body.frame().await.expect("a frame").expect("data");
        let refused = hub.file(&token, "/exchange/accidentVictims", &[]).await;
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (503, "5"),
            "{backend:?}: one at a time"
        );
        drop(body);
        given_back(&hub).await;
        let shown = manifest(&hub, &token, &link).await;
        let ends = ["complete", "rows", "digest", "finishedAt"].map(|name| shown[name].clone());
        assert_eq!(ends, [json!(false), Value::Null, Value::Null, Value::Null], "{backend:?}");
        let again = hub.file(&token, "/exchange/accidentVictims", &[]).await;
        assert_eq!(again.records().len(), 20, "{backend:?}");
    }
}

#[tokio::test]
async fn whoever_takes_nothing_is_given_up_and_does_not_take_it_for_the_end() {
    for backend in backends() {
        let hub = hub(backend, Duration::from_millis(50)).await;
        let token = hub.reader("EMERGENCY", CITY);
        let (link, body) = opened(&hub, &token, "/exchange/accidentVictims").await;
        given_back(&hub).await;
        assert_eq!(manifest(&hub, &token, &link).await["complete"], false, "{backend:?}");
        assert!(body.collect().await.is_err(), "{backend:?}: a broken body is no whole one");
    }
}

#[tokio::test]
async fn an_export_that_breaks_does_not_look_whole() {
    for backend in backends() {
        let hub = hub(backend, MINUTE).await;
        let token = hub.reader("EMERGENCY", CITY);
        let (link, mut body) = opened(&hub, &token, "/exchange/accidentVictims").await;
        body.frame().await.expect("a frame").expect("data");
        // Without the log nothing more may leave.
        hub.db_run("ALTER TABLE audit_entries RENAME TO audit_entries_gone").await;
        assert!(body.collect().await.is_err(), "{backend:?}");
        hub.db_run("ALTER TABLE audit_entries_gone RENAME TO audit_entries").await;
        assert_eq!(manifest(&hub, &token, &link).await["complete"], false, "{backend:?}");
    }
}

#[tokio::test]
async fn a_workbook_that_would_not_hold_all_is_refused_before_its_first_byte() {
    let hub = hub(Backend::Sqlite, MINUTE).await;
    let token = hub.reader("EMERGENCY", CITY);
    let file = hub.exported(&token, "accidentVictims", &[("format", "xlsx")]).await;
    assert_eq!((file.code().as_str(), file.status), ("TOO_COMPLEX", 400));
    let condition = json!({"victimNo": {"in": ["V1", "V2", "V3", "V4", "V5"]}}).to_string();
    let file =
        hub.exported(&token, "accidentVictims", &[("format", "xlsx"), ("where", &condition)]).await;
    assert_eq!(file.sheet().len(), 6);
}
