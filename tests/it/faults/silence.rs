//! A line to the database that goes silent without being closed, a commit that never ends, a lock
//! that somebody keeps: the hub gives each of them up in its own time, says `UNAVAILABLE`, and goes
//! on by itself.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::StatusCode;
use lianfang::{app::Settings, store::sql::database::PoolLimits};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::{
    faults::proxy::Proxy,
    samples::{CITY, accident, man, victim},
    support::{Backend, TestHub, store},
};

/// Bounds that make a test short.
pub fn impatient() -> Settings {
    let database = PoolLimits {
        connections: 6,
        acquire: Duration::from_millis(1_500),
        ..PoolLimits::within(Duration::from_secs(2))
    };
    Settings { database, places: 4, timeout: Duration::from_secs(6), ..Settings::default() }
}

/// No answer may take longer under [`impatient`] settings.
const MOST: Duration = Duration::from_secs(18);
/// Everything works again after this.
pub const MENDED: Duration = Duration::from_secs(120);

pub const NAMES: &str = "{ accidentVictims { nodes { victimNo name } } }";
const SUBMIT: &str = "mutation($input: SubmitAccidentsInput!) { submitAccidents(input: $input) { created unchanged } }";

/// A question as somebody asks it: status, answer, and whether it has to wait before it asks again.
pub async fn asked(
    hub: &TestHub,
    token: &str,
    number: &str,
    query: &str,
    variables: Value,
) -> (StatusCode, Value) {
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("x-request-id", number)
        .header("authorization", format!("Bearer {token}"))
        .body(json!({"query": query, "variables": variables}).to_string())
        .expect("a request");
    let (status, headers, body) =
        timeout(MOST, hub.request(request)).await.expect("the hub answers in its own time");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    if body["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
        assert!(headers.contains_key("retry-after"), "{body}");
    }
    (status, body)
}

fn taken(body: &Value) -> bool {
    let answer = &body["data"]["submitAccidents"];
    answer["created"].as_i64().unwrap_or_default()
        + answer["unchanged"].as_i64().unwrap_or_default()
        == 1
}

/// Hands in an accident again and again under one key until it is acknowledged.
pub async fn handed_in(hub: &TestHub, token: &str, number: u32, until: Instant) {
    let rows = json!([accident(&format!("S{number}"))]);
    let variables = json!({"input": {"rows": rows, "mode": "ATOMIC", "idempotencyKey": format!("silent-{number}")}});
    loop {
        let (_, body) = asked(hub, token, &format!("w{number}"), SUBMIT, variables.clone()).await;
        if taken(&body) {
            return;
        }
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
        assert!(Instant::now() < until, "the hub has not recovered: {body}");
        sleep(Duration::from_millis(200)).await;
    }
}

/// Reads names again and again until they are shown. Every request whose answer showed some is
/// returned.
pub async fn read(hub: &TestHub, token: &str, reader: u32, until: Instant) -> String {
    for turn in 0.. {
        let number = format!("r{reader}-{turn}");
        let (_, body) = asked(hub, token, &number, NAMES, json!({})).await;
        if body["data"]["accidentVictims"]["nodes"][0]["name"].is_string() {
            return number;
        }
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
        assert!(Instant::now() < until, "the hub has not recovered: {body}");
        sleep(Duration::from_millis(200)).await;
    }
    unreachable!()
}

/// A hub whose line to PostgreSQL can be silenced and cut.
pub async fn through_a_line() -> (TestHub, Proxy) {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Postgres, &directory).await;
    let (before, name) = url.rsplit_once('/').expect("a name");
    let (before, port) = before.rsplit_once(':').expect("a port");
    let proxy = Proxy::to(port.parse().expect("a number")).await;
    let hub =
        TestHub::at(directory, format!("{before}:{}/{name}", proxy.address.port()), impatient())
            .await;
    (hub, proxy)
}

pub async fn filled(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V1", "A1", &man(1))]).await;
}

/// What has to hold once everything works again: each row once, each reading with its entry.
pub async fn settled(hub: &TestHub, reader: &str, rows: usize, readings: &[String]) {
    let all = hub.data(reader, "{ accidents(first: 200) { nodes { accidentNo version } } }").await;
    let mut numbers: Vec<_> = all["accidents"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| &node["accidentNo"])
        .collect();
    assert!(
        all["accidents"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .all(|node| node["version"] == 1),
        "{all}"
    );
    numbers.sort_by_key(|number| number.to_string());
    numbers.dedup();
    assert_eq!(numbers.len(), rows, "{all}");
    let officer = hub.token("HRSS", CITY, &["AUDITOR"]);
    let entries = hub.data(&officer, "{ auditEntries(first: 200) { requestId outcome } }").await;
    let entries = entries["auditEntries"].as_array().expect("entries");
    for number in readings {
        assert!(
            entries
                .iter()
                .any(|entry| entry["requestId"] == number.as_str() && entry["outcome"] == "OK"),
            "{number}"
        );
    }
    hub.holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_goes_silent_for_good_is_given_up_and_nothing_is_lost() {
    let (hub, proxy) = through_a_line().await;
    filled(&hub).await;
    let (writer, reader) =
        (hub.token("EMERGENCY", CITY, &["SUBMITTER"]), hub.reader("EMERGENCY", CITY));
    let mut readings = Vec::new();
    let mut rows = 1;
    // With lines just used, with lines that were idle for a while, and with everybody in the middle
    // of something.
    for (round, rest) in
        [(0, Duration::ZERO), (1, Duration::from_millis(1_200)), (2, Duration::from_millis(3))]
    {
        let warm = Instant::now() + MENDED;
        join_all((0..4).map(|number| read(&hub, &reader, 1_000 + round * 10 + number, warm))).await;
        let begun = Instant::now();
        let readings_now =
            join_all((0..4).map(|number| read(&hub, &reader, round * 10 + number, begun + MENDED)));
        let handed = join_all(
            (0..4).map(|number| handed_in(&hub, &writer, round * 10 + number, begun + MENDED)),
        );
        let silence = async {
            if round == 2 {
                sleep(rest).await;
            }
            proxy.silence();
        };
        if round != 2 {
            proxy.silence();
            sleep(rest).await;
        }
        let ((), now, handed) = tokio::join!(silence, readings_now, handed);
        readings.extend(now);
        rows += handed.len();
        eprintln!(
            "faults: silent line, round {round}: everything works again after {:?}",
            begun.elapsed()
        );
    }
    settled(&hub, &reader, rows, &readings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_holds_nothing_else_is_503_and_one_that_holds_something_is_200() {
    let (hub, proxy) = through_a_line().await;
    filled(&hub).await;
    let reader = hub.submitter("EMERGENCY");
    proxy.cut();
    let names = json!({"query": "{ accidents { nodes { accidentNo } } }"});
    for media in ["application/json", "application/graphql-response+json"] {
        let whole = |query: Value| {
            let request = http::Request::post("/graphql")
                .header("content-type", "application/json")
                .header("accept", media)
                .header("authorization", format!("Bearer {reader}"));
            hub.request(request.body(query.to_string()).expect("a request"))
        };
        let (status, headers, body) = whole(names.clone()).await;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{media}: {body}");
        assert_eq!(headers["retry-after"], "5");
        assert!(headers["content-type"].to_str().expect("text").starts_with(media));
        assert_eq!(body["data"], json!({"accidents": null}), "{body}");
        let both = json!({"query": "{ a: accidents { nodes { accidentNo } } b: accidentVictims { nodes { id } } }"});
        assert_eq!(whole(both).await.0, StatusCode::SERVICE_UNAVAILABLE);
        let partly = json!({"query": "{ viewer { subject } accidents { nodes { accidentNo } } }"});
        let (status, headers, body) = whole(partly).await;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(
            (status, headers.contains_key("retry-after")),
            (StatusCode::OK, false),
            "{body}"
        );
        assert_eq!(body["data"]["viewer"]["subject"], "test", "{body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
    }
    // Files, exports and pages.
    for (method, path) in
        [("GET", "/exchange/accidents"), ("GET", "/exchange/jobs"), ("GET", "/meeting/140600/2024")]
    {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {reader}"));
        let (status, headers, body) =
            hub.request(request.body(String::new()).expect("a request")).await;
        let body = String::from_utf8_lossy(&body);
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {body}");
        assert!(headers.contains_key("retry-after"), "{path}: {body}");
    }
    proxy.mend();
    read(&hub, &reader, 1, Instant::now() + MENDED).await;
}
