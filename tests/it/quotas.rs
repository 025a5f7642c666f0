//! What one organisation may take: rows a day, files, bytes, subscriptions; and that it takes
//! nothing from others by having much.

use std::time::Duration;

use async_compression::tokio::write::{GzipEncoder, ZstdEncoder};
use axum::body::Body;
use chrono::TimeDelta;
use http::StatusCode;
use http_body_util::BodyExt as _;
use lianfang::{app::Settings, context::OpCtx, exchange::intake::uploads, quota};
use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::{
    files::{CSV, NDJSON, lines},
    samples::{CITY, COUNTY, accident},
    support::{Row, TestHub, backends},
};

fn bounded(quotas: quota::QuotaSettings) -> Settings {
    Settings { quotas, ..Settings::default() }
}

fn rows(first: u32, count: u32) -> Vec<Row> {
    (first..first + count).map(|number| accident(&format!("Q-{number:05}"))).collect()
}

async fn submit(
    hub: &TestHub,
    token: &str,
    key: &str,
    rows: &[Row],
) -> (StatusCode, Option<u64>, Value) {
    let query =
        "mutation($input: SubmitAccidentsInput!) { submitAccidents(input: $input) { created } }";
    let input = json!({"rows": rows, "mode": "PARTIAL", "idempotencyKey": key});
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(json!({"query": query, "variables": {"input": input}}).to_string())
        .expect("a request");
    let (status, headers, body) = hub.request(request).await;
    let after = headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    (status, after, serde_json::from_slice(&body).expect("JSON"))
}

#[tokio::test]
async fn an_organisation_hands_in_so_many_rows_a_day_by_whatever_way() {
    for backend in backends() {
        let hub = TestHub::with(
            backend,
            bounded(quota::QuotaSettings { rows_a_day: 5, ..quota::QuotaSettings::default() }),
        )
        .await;
        let token = hub.submitter("EMERGENCY");
        assert_eq!(submit(&hub, &token, "a", &rows(0, 2)).await.0, StatusCode::OK);
        let sent = hub
            .upload(
                &token,
                "/exchange/accidents?mode=atomic&wait=60",
                "f",
                NDJSON,
                lines(&rows(2, 2)),
            )
            .await;
        assert_eq!((sent.status, sent.counts()), (StatusCode::OK, [2, 0, 0, 0]), "{}", sent.job);
        let (status, after, body) = submit(&hub, &token, "b", &rows(4, 2)).await;
        assert_eq!(
            (status, &body["errors"][0]["extensions"]["code"]),
            (StatusCode::TOO_MANY_REQUESTS, &json!("QUOTA_EXCEEDED")),
            "{body}"
        );
        assert!(after.is_some_and(|seconds| (1..=86_400).contains(&seconds)), "{after:?}");
        assert_eq!(body["errors"][0]["extensions"]["retryAfter"], json!(after), "{body}");
        // What still fits is taken, and then nothing more, not by a file either.
        assert_eq!(submit(&hub, &token, "c", &rows(4, 1)).await.0, StatusCode::OK);
        let sent = hub.upload(&token, "/exchange/accidents", "g", NDJSON, lines(&rows(5, 1))).await;
        assert_eq!(
            (sent.status, sent.code()),
            (StatusCode::TOO_MANY_REQUESTS, "QUOTA_EXCEEDED"),
            "{}",
            sent.job
        );
        assert!(sent.headers.contains_key("retry-after"));
        // What was answered is answered again; a file that was taken is still answered for, and
        // another organisation has its own day.
        assert_eq!(submit(&hub, &token, "a", &rows(0, 2)).await.0, StatusCode::OK);
        let again = hub
            .upload(&token, "/exchange/accidents?mode=atomic", "f", NDJSON, lines(&rows(2, 2)))
            .await;
        assert_eq!((again.status, again.counts()), (StatusCode::OK, [2, 0, 0, 0]), "{}", again.job);
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        assert_eq!(submit(&hub, &county, "a", &rows(10, 2)).await.0, StatusCode::OK, "{backend:?}");
        assert_eq!(hub.accidents(&token).await, 7);
        // Another hub, or this one started anew, knows of it.
        let settings =
            bounded(quota::QuotaSettings { rows_a_day: 5, ..quota::QuotaSettings::default() });
        let (catalogue, policy) = (hub.services.catalogue.clone(), hub.services.policy.clone());
        let (router, services) = lianfang::app::start(
            hub.database.clone(),
            catalogue,
            policy,
            hub.keys.clone(),
            settings,
        )
        .await
        .expect("a hub");
        let other = TestHub::beside(&hub, router, services);
        assert_eq!(
            submit(&other, &token, "d", &rows(20, 2)).await.0,
            StatusCode::TOO_MANY_REQUESTS,
            "{backend:?}"
        );
    }
}

/// A hub whose files wait.
async fn waiting(backend: crate::support::Backend, quotas: quota::QuotaSettings) -> TestHub {
    let files = uploads::IntakeSettings { workers: 0, ..uploads::IntakeSettings::default() };
    TestHub::with(backend, Settings { files, ..bounded(quotas) }).await
}

#[tokio::test]
async fn an_organisation_has_so_many_files_waiting() {
    for backend in backends() {
        let hub =
            waiting(backend, quota::QuotaSettings { jobs: 2, ..quota::QuotaSettings::default() })
                .await;
        let token = hub.submitter("EMERGENCY");
        for key in ["a", "b"] {
            let sent = hub
                .upload(&token, "/exchange/accidents?wait=0", key, NDJSON, lines(&rows(0, 1)))
                .await;
            assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.job);
        }
        let third =
            hub.upload(&token, "/exchange/accidents?wait=0", "c", NDJSON, lines(&rows(0, 1))).await;
        assert_eq!(
            (third.status, third.code()),
            (StatusCode::TOO_MANY_REQUESTS, "QUOTA_EXCEEDED"),
            "{}",
            third.job
        );
        assert_eq!(third.headers["retry-after"], "30");
        let again =
            hub.upload(&token, "/exchange/accidents?wait=0", "a", NDJSON, lines(&rows(0, 1))).await;
        assert_eq!(again.status, StatusCode::ACCEPTED, "{}", again.job);
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        let other = hub
            .upload(&county, "/exchange/accidents?wait=0", "c", NDJSON, lines(&rows(0, 1)))
            .await;
        assert_eq!(other.status, StatusCode::ACCEPTED, "{}", other.job);
        hub.call("DELETE", &token, &format!("/exchange/jobs/{}", again.id()), &[], Body::empty())
            .await;
        let third =
            hub.upload(&token, "/exchange/accidents?wait=0", "c", NDJSON, lines(&rows(0, 1))).await;
        assert_eq!(third.status, StatusCode::ACCEPTED, "{backend:?} {}", third.job);
    }
}

#[tokio::test]
async fn many_files_of_one_organisation_do_not_hold_up_those_of_others() {
    for backend in backends() {
        let hub = waiting(backend, quota::QuotaSettings::default()).await;
        let organisations = [(CITY, 40), (COUNTY, 2), ("140603", 1)];
        for (region, count) in organisations {
            let token = hub.token("EMERGENCY", region, &["SUBMITTER"]);
            for number in 0..count {
                let sent = hub
                    .upload(
                        &token,
                        "/exchange/accidents?wait=0",
                        &format!("k{number}"),
                        NDJSON,
                        lines(&rows(0, 1)),
                    )
                    .await;
                assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.job);
            }
        }
        let mut turns = Vec::new();
        for _ in 0..8 {
            let now = OpCtx::begin("test").now();
            let worker = Uuid::from_u128(7);
            let job = hub
                .database
                .job_claim(worker, now, TimeDelta::seconds(60))
                .await
                .expect("a claim")
                .expect("a job");
            turns.push(job.region);
        }
        assert_eq!(turns[..5], [CITY, COUNTY, "140603", CITY, COUNTY], "{backend:?}");
        assert_eq!(turns[5..], [CITY, CITY, CITY], "{backend:?}");
    }
}

#[tokio::test]
async fn a_long_file_lets_others_go_first_and_loses_nothing() {
    for backend in backends() {
        let files = uploads::IntakeSettings {
            workers: 1,
            turn: Duration::ZERO,
            ..uploads::IntakeSettings::default()
        };
        let hub = TestHub::with(backend, Settings { files, ..Settings::default() }).await;
        let (city, county) =
            (hub.submitter("EMERGENCY"), hub.token("EMERGENCY", COUNTY, &["SUBMITTER", "READER"]));
        let all = rows(0, 12_000);
        let long =
            hub.upload(&city, "/exchange/accidents?wait=0", "long", NDJSON, lines(&all)).await;
        let short = hub
            .upload(
                &county,
                "/exchange/accidents?wait=60",
                "short",
                NDJSON,
                lines(&rows(50_000, 3)),
            )
            .await;
        assert_eq!(short.counts(), [3, 0, 0, 0], "{}", short.job);
        let path = format!("/exchange/jobs/{}?wait=60", long.id());
        let now = hub
            .call("GET", &city, &format!("/exchange/jobs/{}", long.id()), &[], Body::empty())
            .await;
        assert_ne!(
            now.job["state"], "DONE",
            "{backend:?}: the short file did not wait for the long one"
        );
        let mut done = now;
        for _ in 0..10 {
            done = hub.call("GET", &city, &path, &[], Body::empty()).await;
            if done.job["state"] == "DONE" {
                break;
            }
        }
        assert_eq!(
            (&done.job["state"], done.counts()),
            (&json!("DONE"), [12_000, 0, 0, 0]),
            "{backend:?} {}",
            done.job
        );
        assert_eq!(hub.accidents(&city).await, 12_003, "{backend:?}");
    }
}

async fn kept(hub: &TestHub) -> (i64, i64) {
    let sql = "SELECT CAST(COALESCE(SUM(LENGTH(content)), 0) AS text) FROM exchange_parts UNION ALL \
               SELECT CAST(COALESCE(SUM(kept_bytes), 0) AS text) FROM exchange_jobs";
    let numbers: Vec<i64> =
        hub.db_texts(sql).await.iter().map(|text| text.parse().expect("a number")).collect();
    (numbers[0], numbers[1])
}

#[tokio::test]
async fn blank_lines_are_no_rows_and_take_no_room() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let blank = "\n".repeat(200_000) + &" \t \r\n".repeat(200_000);
        let own = String::from_utf8(lines(&rows(0, 2))).expect("text");
        let sent = hub
            .upload(
                &token,
                "/exchange/accidents?wait=60",
                "n",
                NDJSON,
                format!("{blank}{own}{blank}"),
            )
            .await;
        assert_eq!((sent.counts(), &sent.job["rows"]), ([2, 0, 0, 0], &json!(2)), "{}", sent.job);
        let head = "accidentNo,occurredAt,regionCode,accidentType,deaths,missing,seriousInjuries,acutePoisonings,minorInjuries,directLossYuan,employerUscc,employerName,keyIndustry";
        let row = rows(5, 1).remove(0);
        let cells = head.split(',').map(|name| {
            row[name].as_str().map_or_else(|| row[name].to_string(), ToOwned::to_owned)
        });
        let cells = cells.collect::<Vec<_>>().join(",");
        let commas = format!("{}\n", ",".repeat(12)).repeat(20_000);
        let text = format!("{head}\n{blank}{commas}{cells}\n{commas}{blank}");
        let sent = hub.upload(&token, "/exchange/accidents?wait=60", "c", CSV, text).await;
        assert_eq!((sent.counts(), &sent.job["rows"]), ([1, 0, 0, 0], &json!(1)), "{}", sent.job);
        let (bytes, counted) = kept(&hub).await;
        assert!(bytes < 50_000, "{backend:?}: {bytes} bytes are kept of three rows");
        assert_eq!(bytes, counted, "{backend:?}");
        let chunks = hub.db_texts("SELECT CAST(chunks AS text) FROM exchange_jobs").await;
        assert_eq!(chunks, ["1", "1"], "{backend:?}");
    }
}

#[tokio::test]
async fn what_unpacks_to_far_too_much_is_refused_and_nothing_is_kept() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        for coding in ["gzip", "zstd"] {
            let packed = packed(coding, &vec![b'\n'; 64 << 20]).await;
            assert!(packed.len() < 200_000);
            let headers = [
                ("idempotency-key", coding),
                ("content-type", NDJSON),
                ("content-encoding", coding),
            ];
            let sent = hub.upload_with(&token, "/exchange/accidents", &headers, packed).await;
            assert_eq!(
                (sent.status, sent.code()),
                (StatusCode::PAYLOAD_TOO_LARGE, "TOO_COMPLEX"),
                "{coding} {}",
                sent.job
            );
            assert!(
                sent.job["errors"][0]["message"].as_str().expect("words").contains("100"),
                "{}",
                sent.job
            );
            assert_eq!(kept(&hub).await, (0, 0), "{backend:?} {coding}");
            // What a department really sends packs well too, and is taken under the same key.
            let first = if coding == "gzip" { 0 } else { 3_000 };
            let honest = self::packed(coding, &lines(&rows(first, 3_000))).await;
            let sent =
                hub.upload_with(&token, "/exchange/accidents?wait=60", &headers, honest).await;
            assert_eq!(sent.counts(), [3_000, 0, 0, 0], "{backend:?} {coding} {}", sent.job);
            hub.call(
                "DELETE",
                &token,
                &format!("/exchange/jobs/{}", sent.id()),
                &[],
                Body::empty(),
            )
            .await;
            hub.db_run("DELETE FROM exchange_parts").await;
            hub.db_run("UPDATE exchange_jobs SET kept_bytes = 0").await;
        }
    }
}

async fn packed(coding: &str, bytes: &[u8]) -> Vec<u8> {
    if coding == "gzip" {
        let mut packer = GzipEncoder::new(Vec::new());
        packer.write_all(bytes).await.expect("packed");
        packer.shutdown().await.expect("packed");
        return packer.into_inner();
    }
    let mut packer = ZstdEncoder::new(Vec::new());
    packer.write_all(bytes).await.expect("packed");
    packer.shutdown().await.expect("packed");
    packer.into_inner()
}

#[tokio::test]
async fn an_organisation_keeps_so_many_bytes_of_files() {
    for backend in backends() {
        let hub = waiting(
            backend,
            quota::QuotaSettings { kept_bytes: 2 << 20, ..quota::QuotaSettings::default() },
        )
        .await;
        let token = hub.submitter("EMERGENCY");
        let mut noise = vec![0_u8; 3 << 20];
        StdRng::seed_from_u64(1).fill_bytes(&mut noise);
        let small = hub
            .upload(
                &token,
                "/exchange/accidents?wait=0",
                "small",
                NDJSON,
                noise[..1 << 20].to_vec(),
            )
            .await;
        assert_eq!(small.status, StatusCode::ACCEPTED, "{}", small.job);
        let large = hub.upload(&token, "/exchange/accidents?wait=0", "large", NDJSON, noise).await;
        assert_eq!(
            (large.status, large.code()),
            (StatusCode::TOO_MANY_REQUESTS, "QUOTA_EXCEEDED"),
            "{}",
            large.job
        );
        let (bytes, counted) = kept(&hub).await;
        assert!(bytes == counted && bytes < 1_200_000, "{backend:?}: {bytes} {counted}");
        // What packs well takes less.
        let well = hub
            .upload(&token, "/exchange/accidents?wait=0", "well", NDJSON, lines(&rows(0, 10_000)))
            .await;
        assert_eq!(well.status, StatusCode::ACCEPTED, "{backend:?} {}", well.job);
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        let other = hub
            .upload(&county, "/exchange/accidents?wait=0", "a", NDJSON, lines(&rows(0, 1)))
            .await;
        assert_eq!(other.status, StatusCode::ACCEPTED, "{}", other.job);
    }
}

#[tokio::test]
async fn an_organisation_has_so_many_subscriptions() {
    let hub = TestHub::with(
        crate::support::Backend::Sqlite,
        bounded(quota::QuotaSettings { subscriptions: 2, ..quota::QuotaSettings::default() }),
    )
    .await;
    let subscribe = async |token: String| {
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from(
                json!({"query": "subscription { changes(families: [\"Accident\"]) { cursor } }"})
                    .to_string(),
            ));
        hub.respond(request.expect("a request")).await
    };
    let city = hub.reader("EMERGENCY", CITY);
    let (first, second) = (subscribe(city.clone()).await, subscribe(city.clone()).await);
    assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::OK));
    let third = subscribe(city.clone()).await;
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    let body = third.into_body().collect().await.expect("a body").to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "QUOTA_EXCEEDED", "{body}");
    assert_eq!(subscribe(hub.reader("EMERGENCY", COUNTY)).await.status(), StatusCode::OK);
    drop(second);
    for _ in 0..100 {
        if subscribe(city.clone()).await.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("a place that was given back is taken again");
}
