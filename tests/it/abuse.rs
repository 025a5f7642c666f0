//! Documents and requests made to hurt: each is answered at once, with a code, and the hub stays
//! up.

use std::time::{Duration, Instant};

use axum::http::{Request, StatusCode};
use lianfang::app::Settings;
use serde_json::{Value, json};

use crate::{
    patience::until,
    samples::{CITY, accident, man, person},
    support::{Backend, TestHub, backends},
};

/// Sends a body and gives status and answer, which has to be JSON whatever happens.
async fn send(hub: &TestHub, token: &str, body: String) -> (StatusCode, Value) {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let (status, _, bytes) = hub.request(request.body(body).expect("a request")).await;
    (status, serde_json::from_slice(&bytes).expect("the answer is JSON"))
}

/// Sends a document and gives its code, empty when it was executed. Whatever it is, the answer
/// comes within seconds.
async fn code(hub: &TestHub, token: &str, document: &str) -> String {
    let start = Instant::now();
    let (status, answer) = send(hub, token, json!({"query": document}).to_string()).await;
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{} bytes took {:?}",
        document.len(),
        start.elapsed()
    );
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{answer}");
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    assert_ne!(code, "INTERNAL", "{answer}");
    code
}

/// Fragments that each use the next twice.
fn bomb(levels: usize, leaf: &str) -> String {
    let mut document = String::from("{...a0}");
    for level in 0..levels {
        document.push_str(&format!(
            "fragment a{level} on Query{{...a{} ...a{}}}",
            level + 1,
            level + 1
        ));
    }
    document + &format!("fragment a{levels} on Query{{{leaf}}}")
}

#[tokio::test]
async fn a_bomb_of_nested_fragments_is_refused_at_once() {
    let hub = TestHub::sqlite().await;
    for levels in [12, 18, 24, 30, 200] {
        let document = bomb(levels, "__typename");
        assert!(levels > 24 || document.len() < 1400);
        assert_eq!(code(&hub, "", &document).await, "TOO_COMPLEX", "{levels} levels");
    }
    assert_eq!(code(&hub, "", &bomb(24, "viewer{subject}")).await, "TOO_COMPLEX");
    // Fragments with nothing in them cost nothing to count, and must cost nothing to check either.
    assert_eq!(code(&hub, "", &bomb(26, "...nowhere")).await, "TOO_COMPLEX");
    let inline = bomb(26, "...on Query{...nowhere}");
    assert_eq!(code(&hub, "", &inline).await, "TOO_COMPLEX");
    // What is not executed is walked by validation as well.
    let unused = bomb(26, "__typename").replacen("{...a0}", "{__typename}", 1);
    assert_eq!(code(&hub, "", &unused).await, "BAD_USER_INPUT");
    let beside =
        bomb(26, "__typename").replacen("{...a0}", "query A{__typename} query B{...a0}", 1);
    let (_, answer) =
        send(&hub, "", json!({"query": beside, "operationName": "A"}).to_string()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{answer}");
}

#[tokio::test]
async fn documents_too_deep_too_wide_or_too_long_are_refused() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", CITY);
    let mut deep = String::from("caseNo");
    for level in 0..20 {
        deep = if level % 2 == 0 {
            format!("accident {{ workInjuries {{ {deep} }} }}")
        } else {
            format!("employer {{ workInjuries {{ {deep} }} }}")
        };
    }
    let aliases: String = (0..150).map(|number| format!("a{number}: __typename ")).collect();
    let roots: String =
        (0..25).map(|number| format!("a{number}: accidents {{ totalCount }} ")).collect();
    let fields = format!("{{ accidents {{ nodes {{ {} }} }} }}", "accidentNo ".repeat(4000));
    for (name, document) in [
        ("deep", format!("{{ workInjuries {{ nodes {{ {deep} }} }} }}")),
        ("aliases", format!("{{ {aliases} }}")),
        ("roots", format!("{{ {roots} }}")),
        ("roots in a fragment", format!("{{ ...f }} fragment f on Query {{ {roots} }}")),
        ("fields", fields),
        ("long", format!("{{ __typename }} #{}", "x".repeat(70_000))),
        (
            "cost",
            "{ persons(first: 200) { nodes { workInjuries(first: 200) { accident { victims(first: 200) { name } } } } } }"
                .to_owned(),
        ),
    ] {
        assert_eq!(code(&hub, &token, &document).await, "TOO_COMPLEX", "{name}");
    }
    for (name, document) in [
        ("selections", format!("{}__typename{}", "{a".repeat(3300), "}".repeat(3300))),
        (
            "lists",
            format!("{{ codes(table: {}{}) {{ code }} }}", "[".repeat(4900), "]".repeat(4900)),
        ),
        (
            "objects",
            format!(
                "{{ accidents(where: {}{}) {{ totalCount }} }}",
                "{not:".repeat(2400),
                "}".repeat(2400)
            ),
        ),
        ("open", "{a".repeat(4000)),
        (
            "types",
            format!("query($a: {}Int{}) {{ __typename }}", "[".repeat(4000), "]".repeat(4000)),
        ),
        ("cycle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned()),
        ("self", "{ ...a } fragment a on Query { __typename ...a }".to_owned()),
        ("inline", format!("{}__typename{}", "{... on Query".repeat(900), "}".repeat(900))),
    ] {
        assert_ne!(code(&hub, &token, &document).await, "", "{name}");
    }
    for bound in ["first: 100000", "first: -1", "first: 2147483647"] {
        assert_eq!(
            code(&hub, &token, &format!("{{ accidents({bound}) {{ totalCount }} }}")).await,
            "BAD_USER_INPUT",
            "{bound}"
        );
        assert_eq!(
            code(
                &hub,
                &token,
                &format!("{{ accidents {{ nodes {{ victims({bound}) {{ victimNo }} }} }} }}")
            )
            .await,
            "BAD_USER_INPUT",
            "{bound}"
        );
    }
}

#[tokio::test]
async fn an_answer_says_what_it_was_estimated_to_cost() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    let cost = async |query: &str| {
        let answer = hub.ask(&token, query, json!({})).await;
        assert_eq!(answer["extensions"]["cost"]["limit"], 1_000_000);
        answer["extensions"]["cost"]["estimated"].as_u64().expect("a number")
    };
    let few = cost("{ accidents(first: 1) { nodes { accidentNo } } }").await;
    let many = cost("{ accidents(first: 200) { nodes { accidentNo } } }").await;
    assert!(few < 10 && many > 200, "{few} {many}");
}

#[tokio::test]
async fn requests_that_are_none_are_refused_in_json() {
    let hub = TestHub::sqlite().await;
    for (status, body) in [
        (400, "{".to_owned()),
        (400, "[{\"query\":\"{ __typename }\"}]".to_owned()),
        (400, "[".repeat(100_000)),
        (
            400,
            format!(
                "{{\"query\":\"{{ __typename }}\",\"variables\":{}1{}}}",
                "{\"a\":".repeat(5000),
                "}".repeat(5000)
            ),
        ),
        (400, "\u{0}".to_owned()),
        (
            413,
            format!(
                "{{\"query\":\"{{ __typename }}\",\"variables\":{{\"a\":\"{}\"}}}}",
                "x".repeat(9 * 1024 * 1024)
            ),
        ),
    ] {
        let (given, answer) = send(&hub, "", body).await;
        assert_eq!(given, status, "{answer}");
        assert!(
            answer["errors"][0]["message"].is_string() && answer.get("data").is_none(),
            "{answer}"
        );
    }
    let unknown = json!({"query": "query A { __typename }", "operationName": "B"}).to_string();
    assert_eq!(
        send(&hub, "", unknown).await.1["errors"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
    let get = Request::get("/graphql?query=mutation%7B__typename%7D")
        .body(String::new())
        .expect("a request");
    assert_eq!(hub.request(get).await.0, StatusCode::METHOD_NOT_ALLOWED);
    let text = Request::post("/graphql")
        .header("content-type", "text/plain")
        .body("{\"query\":\"{ __typename }\"}".to_owned());
    assert_eq!(hub.request(text.expect("a request")).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for header in ["Bearer", "Bearer x", "Basic eDp4", "Bearer \u{20}", "x"] {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", header);
        let (status, _, bytes) = hub
            .request(request.body("{\"query\":\"{ __typename }\"}".to_owned()).expect("a request"))
            .await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{header}");
        assert!(String::from_utf8_lossy(&bytes).contains("UNAUTHENTICATED"), "{header}");
    }
}

#[tokio::test]
async fn an_error_suggests_no_names() {
    let hub = TestHub::sqlite().await;
    for document in [
        "{ accident }",
        "{ accidentz { nodes { id } } }",
        "{ accidents { nodes { idNumbr } } }",
        "{ persons(wher: {}) { totalCount } }",
    ] {
        let (_, answer) = send(&hub, "", json!({"query": document}).to_string()).await;
        assert!(!answer.to_string().contains("Did you mean"), "{answer}");
    }
}

#[tokio::test]
async fn who_finds_no_place_is_told_when_to_come_back() {
    let hub = TestHub::with(Backend::Sqlite, Settings { places: 0, ..Settings::default() }).await;
    let request = Request::post("/graphql").header("content-type", "application/json");
    let (status, headers, bytes) = hub
        .request(request.body("{\"query\":\"{ __typename }\"}".to_owned()).expect("a request"))
        .await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers.get("retry-after").and_then(|value| value.to_str().ok()), Some("1"));
    assert!(String::from_utf8_lossy(&bytes).contains("UNAVAILABLE"));
}

/// Nothing of the database's own words is in an answer.
fn is_silent(answer: &Value) {
    let text = answer.to_string().to_lowercase();
    for word in [
        "select",
        "sqlx",
        "postgres",
        "sqlite",
        "pool",
        "terminat",
        "timeout",
        "connection",
        "persons_kept",
    ] {
        assert!(!text.contains(word), "{word}: {answer}");
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_cancelled() {
    let mut settings = Settings::default();
    settings.database.statement = Duration::from_secs(2);
    let hub = TestHub::with(Backend::Postgres, settings).await;
    hub.take("HRSS", "Person", "k", vec![person("P1", &man(1))]).await;
    let token = hub.reader("HRSS", CITY);
    // A view in place of the table, which waits before each row.
    hub.db_run("ALTER TABLE persons RENAME TO persons_kept").await;
    hub.db_run("CREATE VIEW persons AS SELECT * FROM persons_kept WHERE pg_sleep(6) IS NOT NULL")
        .await;
    let answer = hub.ask(&token, "{ persons { nodes { name } } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    is_silent(&answer);
    hub.db_run("DROP VIEW persons").await;
    hub.db_run("ALTER TABLE persons_kept RENAME TO persons").await;
    assert_eq!(hub.data(&token, "{ persons { totalCount } }").await["persons"]["totalCount"], 1);
}

/// A view in place of the table that counts for ever first.
const ENDLESS: &str = "CREATE VIEW persons AS SELECT * FROM persons_kept WHERE (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL \
                       SELECT n + 1 FROM c) SELECT COUNT(*) FROM c) > 0";

#[tokio::test]
async fn a_statement_on_sqlite_is_stopped_when_its_time_is_over_or_nobody_waits() {
    let mut settings = Settings::default();
    settings.database.connections = 1;
    for (statement, request) in [(300, 30_000), (30_000, 300)] {
        settings.database.statement = Duration::from_millis(statement);
        settings.timeout = Duration::from_millis(request);
        let hub = TestHub::with(Backend::Sqlite, settings).await;
        hub.take("HRSS", "Person", "k", vec![person("P1", &man(1))]).await;
        let token = hub.reader("HRSS", CITY);
        hub.db_run("ALTER TABLE persons RENAME TO persons_kept").await;
        hub.db_run(ENDLESS).await;
        // In an order without an index: pages are told theirs, and a view has none.
        let query = "{ persons(orderBy: [{field: PERSON_NO}]) { nodes { name } } }";
        let answer = hub.ask(&token, query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        is_silent(&answer);
        hub.db_run("DROP VIEW persons").await;
        hub.db_run("ALTER TABLE persons_kept RENAME TO persons").await;
        // A reader that goes on would keep the log from being cut for ever.
        until("no reader goes on", async || {
            hub.db_count("PRAGMA wal_checkpoint(TRUNCATE)").await == 0
        })
        .await;
        assert_eq!(
            hub.data(&token, "{ persons { totalCount } }").await["persons"]["totalCount"],
            1
        );
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_ends() {
    let settings = Settings { timeout: Duration::from_millis(300), ..Settings::default() };
    let hub = TestHub::with(Backend::Postgres, settings).await;
    hub.take("EMERGENCY", "Accident", "k", vec![accident("A1")]).await;
    hub.db_run("ALTER TABLE accidents RENAME TO accidents_kept").await;
    hub.db_run(
        "CREATE VIEW accidents AS SELECT * FROM accidents_kept WHERE pg_sleep(6) IS NOT NULL",
    )
    .await;
    let token = hub.reader("EMERGENCY", CITY);
    let (status, answer) =
        send(&hub, &token, json!({"query": "{ accidents { nodes { accidentNo } } }"}).to_string())
            .await;
    assert_eq!(
        (status, &answer["errors"][0]["extensions"]["code"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("UNAVAILABLE"))
    );
    is_silent(&answer);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_are_answered_and_replaced() {
    let hub = TestHub::on(Backend::Postgres).await;
    hub.take("HRSS", "Person", "k", vec![person("P1", &man(1))]).await;
    let token = hub.reader("HRSS", CITY);
    let other =
        lianfang::store::sql::database::Database::connect(&hub.url, Settings::default().database)
            .await
            .expect("a second pool");
    let cut = async || {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sea_orm_migration::sea_orm::ConnectionTrait::execute_unprepared(other.migrations(), sql)
            .await
            .expect("cut");
    };
    hub.data(&token, "{ persons { nodes { name } } }").await;
    // Between requests: each broken connection answers once at most, then there are new ones.
    cut().await;
    let mut recovered = false;
    for _ in 0..20 {
        let answer = hub.ask(&token, "{ persons { nodes { name } } }", json!({})).await;
        if answer["data"]["persons"]["nodes"][0]["name"] == "王小明" {
            recovered = true;
            break;
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        is_silent(&answer);
    }
    assert!(recovered);
    // In the middle of one.
    hub.db_run("ALTER TABLE persons RENAME TO persons_kept").await;
    hub.db_run("CREATE VIEW persons AS SELECT * FROM persons_kept WHERE pg_sleep(15) IS NOT NULL")
        .await;
    let waits = async {
        let sleeping = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        until("the statement is under way", async || hub.db_count(sleeping).await > 0).await;
        cut().await;
    };
    let (answer, ()) =
        tokio::join!(hub.ask(&token, "{ persons { nodes { name } } }", json!({})), waits);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    assert!(answer["data"]["persons"].is_null(), "{answer}");
    is_silent(&answer);
}

#[tokio::test]
async fn a_store_that_is_gone_is_said_to_be_unavailable() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k", vec![accident("A1")]).await;
        hub.database.migrations().clone().close().await.expect("closed");
        let refused = hub
            .submit(&hub.both("EMERGENCY"), "Accidents", "PARTIAL", "k2", &[accident("A2")])
            .await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "UNAVAILABLE",
            "{backend:?}: {refused}"
        );
        is_silent(&refused);
    }
}
