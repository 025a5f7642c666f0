//! Files handed in over HTTP: what is taken, what comes back, and that a file is taken once.

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    patience::{in_time, until},
    samples::{CITY, COUNTY, accident, man, uscc, victim, with},
    support::{Backend, Row, TestHub, backends},
};

pub const NDJSON: &str = "application/x-ndjson";
pub const CSV: &str = "text/csv; charset=utf-8";

/// Rows as NDJSON.
pub fn lines(rows: &[Row]) -> Vec<u8> {
    rows.iter()
        .map(|row| format!("{}\n", Value::Object(row.clone())))
        .collect::<String>()
        .into_bytes()
}

/// Answer to an upload.
pub struct Sent {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub job: Value,
}

impl Sent {
    pub fn counts(&self) -> [i64; 4] {
        ["created", "updated", "unchanged", "rejected"]
            .map(|name| self.job[name].as_i64().unwrap_or(-1))
    }

    pub fn id(&self) -> String {
        self.job["id"].as_str().expect("a job").to_owned()
    }

    pub fn code(&self) -> &str {
        self.job["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }
}

impl TestHub {
    pub fn submitter(&self, department: &str) -> String {
        self.token(department, CITY, &["SUBMITTER", "READER"])
    }

    /// Hands in a file.
    pub async fn upload(
        &self,
        token: &str,
        path: &str,
        key: &str,
        kind: &str,
        body: impl Into<Body>,
    ) -> Sent {
        self.upload_with(token, path, &[("idempotency-key", key), ("content-type", kind)], body)
            .await
    }

    pub async fn upload_with(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Sent {
        let mut sent = self.call("POST", token, path, headers, body).await;
        // On a slow machine a file takes longer than the hub lets its sender wait.
        while !path.contains("wait=0")
            && matches!(sent.job["state"].as_str(), Some("QUEUED" | "RUNNING"))
        {
            let job = format!("/exchange/jobs/{}?wait=60", sent.id());
            let ended = self.call("GET", token, &job, &[], "");
            sent = in_time("the file is taken in", ended).await;
        }
        sent
    }

    pub async fn call(
        &self,
        method: &str,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Sent {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, headers, bytes) =
            self.send(request.body(body.into()).expect("a request")).await;
        let job = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Sent { status, headers, job }
    }

    pub async fn accidents(&self, token: &str) -> i64 {
        self.data(token, "{ accidents { totalCount } }").await["accidents"]["totalCount"]
            .as_i64()
            .expect("a number")
    }
}

fn accidents(count: u32) -> Vec<Row> {
    (0..count).map(|number| accident(&format!("F-{number:05}"))).collect()
}

#[tokio::test]
async fn a_file_of_several_chunks_is_taken_and_counted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut rows = accidents(2_500);
        rows[7] = with(rows[7].clone(), json!({"regionCode": "140212"}));
        let sent =
            hub.upload(&token, "/exchange/accidents?wait=60", "one", NDJSON, lines(&rows)).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.job);
        assert_eq!(sent.job["state"], "DONE", "{}", sent.job);
        assert_eq!(sent.counts(), [2_499, 0, 0, 1]);
        assert_eq!(sent.job["rows"], 2_500);
        assert_eq!(sent.job["digest"], format!("{:x}", Sha256::digest(lines(&rows))));
        assert_eq!(hub.accidents(&token).await, 2_499);
        let again =
            hub.upload(&token, "/exchange/accidents?wait=60", "two", NDJSON, lines(&rows)).await;
        assert_eq!(again.counts(), [0, 0, 2_499, 1]);
        assert_eq!(again.job["accepted"], sent.job["accepted"]);
    }
}

#[tokio::test]
async fn the_feed_goes_on_behind_a_file_from_its_cursor() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let sent =
            hub.upload(&token, "/exchange/Accident", "one", NDJSON, lines(&accidents(1_200))).await;
        let mut cursor = sent.job["cursor"].as_str().expect("a cursor").to_owned();
        hub.upload(&token, "/exchange/Accident", "two", NDJSON, lines(&[accident("later")])).await;
        // On PostgreSQL transactions of other tests may hold the feed back for a while, and the place
        // behind the file with it: what the file brought may then come once more.
        let mut told = Vec::new();
        until("the feed tells of the second file and of nothing behind it", async || {
            let ask = format!(
                "{{ changes(after: \"{cursor}\", families: [\"Accident\"], first: 1000) {{ cursor more events {{ record {{ ... on Accident {{ accidentNo }} }} }} }} }}"
            );
            let page = hub.data(&token, &ask).await["changes"].clone();
            page["cursor"].as_str().expect("a cursor").clone_into(&mut cursor);
            let events = page["events"].as_array().expect("events");
            told.extend(events.iter().map(|event| event["record"]["accidentNo"].clone()));
            page["more"] == false && told.last().is_some_and(|last| last == "later")
        })
        .await;
        assert_eq!(told.iter().filter(|no| *no == "later").count(), 1, "each change once");
        if hub.is_postgres() {
            assert!(told.len() <= 1_201, "no more than was handed in: {}", told.len());
        } else {
            assert_eq!(told, ["later"], "the place lies behind the file");
        }
    }
}

#[tokio::test]
async fn the_same_file_under_the_same_key_is_taken_once_and_another_is_refused() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let path = "/exchange/accidents?mode=partial";
        let first = hub.upload(&token, path, "key", NDJSON, lines(&accidents(3))).await;
        let second = hub.upload(&token, path, "key", NDJSON, lines(&accidents(3))).await;
        assert_eq!(second.status, StatusCode::OK);
        for (name, value) in
            first.job.as_object().expect("a job").iter().filter(|(name, _)| *name != "cursor")
        {
            assert_eq!(second.job[name], *value, "the same receipt");
        }
        let other = hub.upload(&token, path, "key", NDJSON, lines(&accidents(4))).await;
        assert_eq!((other.status, other.code()), (StatusCode::CONFLICT, "CONFLICT"));
        let settings = hub
            .upload(&token, "/exchange/accidents?mode=atomic", "key", NDJSON, lines(&accidents(3)))
            .await;
        assert_eq!((settings.status, settings.code()), (StatusCode::CONFLICT, "CONFLICT"));
        assert_eq!(hub.accidents(&token).await, 3);
    }
}

#[tokio::test]
async fn a_dry_run_says_what_the_commit_says_and_keeps_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut rows = accidents(1_100);
        rows[1_050] = rows[3].clone();
        rows[5].remove("accidentType");
        let dry = hub
            .upload(&token, "/exchange/accidents?mode=dry-run", "dry", NDJSON, lines(&rows))
            .await;
        assert_eq!(dry.counts(), [1_098, 0, 0, 2], "{}", dry.job);
        assert_eq!(hub.accidents(&token).await, 0);
        let real = hub.upload(&token, "/exchange/accidents", "real", NDJSON, lines(&rows)).await;
        assert_eq!(real.counts(), dry.counts());
        assert_eq!(real.job["accepted"], dry.job["accepted"]);
    }
}

#[tokio::test]
async fn an_atomic_file_is_kept_whole_or_not_at_all() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut rows = accidents(2_200);
        rows[2_100].remove("accidentType");
        let path = "/exchange/accidents?mode=atomic&wait=60";
        let spoiled = hub.upload(&token, path, "one", NDJSON, lines(&rows)).await;
        assert_eq!(spoiled.job["state"], "DONE", "{}", spoiled.job);
        assert_eq!(spoiled.counts(), [0, 0, 0, 2_200]);
        assert_eq!(hub.accidents(&token).await, 0);
        let whole = hub.upload(&token, path, "two", NDJSON, lines(&accidents(2_200))).await;
        assert_eq!(whole.counts(), [2_200, 0, 0, 0], "{}", whole.job);
        assert_eq!(hub.accidents(&token).await, 2_200);
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_rejected_and_the_rest_is_not_lost() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let mut body = lines(&accidents(3));
        body.extend_from_slice(b"{\"accidentNo\": \"broken\n[1, 2]\n\n");
        body.extend(lines(&[accident("last")]));
        let sent = hub.upload(&token, "/exchange/accidents", "one", NDJSON, body).await;
        assert_eq!(sent.counts(), [4, 0, 0, 2], "{}", sent.job);
    }
}

#[tokio::test]
async fn victims_find_the_accidents_of_an_earlier_file() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        hub.upload(&token, "/exchange/accidents", "one", NDJSON, lines(&accidents(2))).await;
        let rows = [victim("V-1", "F-00000", &man(1)), victim("V-2", "missing", &man(2))];
        let sent =
            hub.upload(&token, "/exchange/AccidentVictim", "two", NDJSON, lines(&rows)).await;
        assert_eq!(sent.counts(), [1, 0, 0, 1], "{}", sent.job);
    }
}

#[tokio::test]
async fn a_table_in_gb18030_with_chinese_headings_is_taken() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let table = format!(
            "事故编号,发生时间,事故发生地区划代码,事故类型,死亡人数,失踪人数,重伤人数,急性工业中毒人数,轻伤人数,事故发生单位信用代码,重点行业\r\n\
             甲-1,2024-03-05 09:30,{COUNTY},COLLAPSE,1,0,0,0,0,{},COAL_MINE\r\n",
            uscc(1)
        );
        let (bytes, _, _) = encoding_rs::GB18030.encode(&table);
        let sent = hub
            .upload(
                &token,
                "/exchange/accidents",
                "one",
                "text/csv; charset=gb18030",
                bytes.into_owned(),
            )
            .await;
        assert_eq!(sent.counts(), [1, 0, 0, 0], "{}", sent.job);
    }
}

#[tokio::test]
async fn a_broken_upload_writes_nothing_and_goes_on_where_it_broke() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let body = lines(&accidents(5_000));
        assert!(body.len() > (1 << 20) + 100_000, "{}", body.len());
        let (start, rest) = body.split_at((1 << 20) + 12_345);
        let headers =
            [("idempotency-key", "long"), ("content-type", NDJSON), ("upload-complete", "?0")];
        for word in ["0", "false", "?0;x", ""] {
            let odd = [headers[0], headers[1], ("upload-complete", word)];
            let part = hub.upload_with(&token, "/exchange/accidents", &odd, start.to_vec()).await;
            assert_eq!(part.status, StatusCode::BAD_REQUEST, "taken as the whole file: {word}");
        }
        let begun = hub.upload_with(&token, "/exchange/accidents", &headers, start.to_vec()).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.job);
        assert_eq!(begun.job["state"], "RECEIVING");
        let place = format!("/exchange/jobs/{}", begun.id());
        let head = hub.call("HEAD", &token, &place, &[], Body::empty()).await;
        assert_eq!(head.headers["upload-offset"], start.len().to_string().as_str());
        assert_eq!(head.headers["upload-complete"], "?0");
        let wrong = hub
            .call(
                "PATCH",
                &token,
                &place,
                &[("upload-offset", "5"), ("upload-complete", "?1")],
                rest.to_vec(),
            )
            .await;
        assert_eq!((wrong.status, wrong.code()), (StatusCode::CONFLICT, "CONFLICT"));
        assert_eq!(wrong.headers["upload-offset"], start.len().to_string().as_str());
        assert_eq!(hub.accidents(&token).await, 0);
        let offset = start.len().to_string();
        let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(&body)));
        let headers = [
            ("upload-offset", offset.as_str()),
            ("upload-complete", "?1"),
            ("repr-digest", digest.as_str()),
        ];
        let done =
            hub.call("PATCH", &token, &format!("{place}?wait=60"), &headers, rest.to_vec()).await;
        assert_eq!(done.job["state"], "DONE", "{}", done.job);
        assert_eq!(done.counts(), [5_000, 0, 0, 0]);
        assert_eq!(done.job["digest"], format!("{:x}", Sha256::digest(&body)));
    }
}

#[tokio::test]
async fn damaged_content_is_refused_and_the_key_stays_free() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let body = lines(&accidents(2));
        let digest =
            |bytes: &[u8]| format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(bytes)));
        let (wrong, right) = (digest(b"other"), digest(&body));
        let headers = |digest| {
            [("idempotency-key", "key"), ("content-type", NDJSON), ("content-digest", digest)]
        };
        let refused =
            hub.upload_with(&token, "/exchange/accidents", &headers(&wrong), body.clone()).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
        assert_eq!(hub.accidents(&token).await, 0);
        let long = vec![b' '; (1 << 20) + 1];
        let more = [
            ("idempotency-key", "parts"),
            ("content-type", NDJSON),
            ("content-digest", wrong.as_str()),
            ("upload-complete", "?0"),
        ];
        let damaged = hub.upload_with(&token, "/exchange/accidents", &more, long).await;
        assert_eq!(damaged.code(), "BAD_USER_INPUT");
        let jobs = hub.call("GET", &token, "/exchange/jobs?first=1", &[], Body::empty()).await;
        assert_eq!(
            jobs.job["jobs"][0]["received"], 0,
            "nobody goes on behind damaged bytes: {}",
            jobs.job
        );
        let taken = hub.upload_with(&token, "/exchange/accidents", &headers(&right), body).await;
        assert_eq!(taken.counts(), [2, 0, 0, 0], "{}", taken.job);
    }
}

#[tokio::test]
async fn bad_requests_name_what_is_wrong() {
    let hub = TestHub::sqlite().await;
    let token = hub.submitter("EMERGENCY");
    let body = lines(&accidents(1));
    let key = ("idempotency-key", "k");
    let kind = ("content-type", NDJSON);
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Headers<'_>, StatusCode); 9] = [
        ("/exchange/accidents", &[kind], StatusCode::BAD_REQUEST),
        ("/exchange/accidents", &[key], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            "/exchange/accidents",
            &[key, ("content-type", "application/json")],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            "/exchange/accidents",
            &[key, kind, ("content-encoding", "br")],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            "/exchange/accidents",
            &[key, kind, ("content-encoding", "gzip")],
            StatusCode::BAD_REQUEST,
        ),
        (
            "/exchange/accidents",
            &[key, kind, ("content-digest", "md5=:AA==:")],
            StatusCode::BAD_REQUEST,
        ),
        ("/exchange/accidents?mode=maybe", &[key, kind], StatusCode::BAD_REQUEST),
        ("/exchange/accidents?sourcesystem=x", &[key, kind], StatusCode::BAD_REQUEST),
        ("/exchange/nothing", &[key, kind], StatusCode::BAD_REQUEST),
    ];
    for (path, headers, status) in cases {
        let sent = hub.upload_with(&token, path, headers, body.clone()).await;
        assert_eq!(sent.status, status, "{path} {headers:?} {}", sent.job);
        assert!(!sent.code().is_empty(), "{path} {}", sent.job);
    }
    let unread = hub.upload(&token, "/exchange/accidents", "empty", CSV, Vec::new()).await;
    assert_eq!(
        (unread.status, &unread.job["state"]),
        (StatusCode::OK, &json!("FAILED")),
        "{}",
        unread.job
    );
    assert!(unread.job["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
}

#[tokio::test]
async fn nobody_else_hands_in_or_sees_a_job() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let job =
            hub.upload(&token, "/exchange/accidents", "one", NDJSON, lines(&accidents(1))).await;
        let place = format!("/exchange/jobs/{}", job.id());
        let nobody =
            hub.upload("", "/exchange/accidents", "one", NDJSON, lines(&accidents(1))).await;
        assert_eq!((nobody.status, nobody.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
        let cases = [
            (hub.reader("EMERGENCY", CITY), StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
            (hub.submitter("UNION"), StatusCode::FORBIDDEN, StatusCode::NOT_FOUND),
            (hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]), StatusCode::OK, StatusCode::NOT_FOUND),
        ];
        for (number, (other, hands_in, sees)) in cases.into_iter().enumerate() {
            let rows = lines(&[accident(&format!("other-{number}"))]);
            let sent = hub.upload(&other, "/exchange/accidents", "one", NDJSON, rows).await;
            assert_eq!(sent.status, hands_in, "{number} {}", sent.job);
            for method in ["GET", "HEAD", "DELETE", "PATCH"] {
                let answer = hub
                    .call(method, &other, &place, &[("upload-offset", "0")], Body::empty())
                    .await;
                assert_eq!(answer.status, sees, "{number} {method}");
            }
        }
    }
}

#[tokio::test]
async fn a_packed_file_is_unpacked() {
    let hub = TestHub::on(Backend::Sqlite).await;
    let token = hub.submitter("EMERGENCY");
    for (number, packing) in ["gzip", "zstd"].into_iter().enumerate() {
        let rows: Vec<Row> = (0..10).map(|row| accident(&format!("P-{number}-{row}"))).collect();
        let body = packed(packing, &lines(&rows)).await;
        let headers =
            [("idempotency-key", packing), ("content-type", NDJSON), ("content-encoding", packing)];
        let sent = hub.upload_with(&token, "/exchange/accidents", &headers, body).await;
        assert_eq!(sent.counts(), [10, 0, 0, 0], "{packing} {}", sent.job);
        assert_eq!(
            sent.job["digest"],
            format!("{:x}", Sha256::digest(lines(&rows))),
            "of what is inside"
        );
    }
}

async fn packed(packing: &str, bytes: &[u8]) -> Vec<u8> {
    use async_compression::tokio::bufread::{GzipEncoder, ZstdEncoder};
    use tokio::io::AsyncReadExt as _;
    let mut out = Vec::new();
    let written = match packing {
        "gzip" => GzipEncoder::new(bytes).read_to_end(&mut out).await,
        _ => ZstdEncoder::new(bytes).read_to_end(&mut out).await,
    };
    written.expect("packed");
    out
}
