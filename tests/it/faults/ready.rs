//! `/readyz` says whether a hub can read, write, commit and audit, and which of these it cannot.

use std::time::{Duration, Instant};

use http::StatusCode;
use sea_orm_migration::sea_orm::{ConnectionTrait, Database as Connection, DatabaseConnection};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::{
    faults::{
        server::Server,
        silence::{
            MENDED, NAMES, asked, filled, handed_in, impatient, read, settled, through_a_line,
        },
    },
    samples::CITY,
    support::{Backend, TestHub, store},
};

/// What `/readyz` says. It never takes long.
async fn ready(hub: &TestHub) -> (StatusCode, String) {
    let request = http::Request::get("/readyz").body(String::new()).expect("a request");
    let (status, _, body) =
        timeout(Duration::from_secs(5), hub.request(request)).await.expect("an answer in time");
    (status, String::from_utf8(body).expect("text"))
}

/// Asks until the answer begins like this.
async fn says(hub: &TestHub, status: StatusCode, begins: &str) {
    let until = Instant::now() + MENDED;
    loop {
        let (now, text) = ready(hub).await;
        if now == status && text.starts_with(begins) {
            return;
        }
        assert!(Instant::now() < until, "{now} {text} instead of {status} {begins}");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn beside(url: &str) -> DatabaseConnection {
    Connection::connect(url).await.expect("the server answers")
}

/// A question that cannot be audited shows nothing and ends in time.
async fn shows_nothing(hub: &TestHub) {
    let (status, body) =
        asked(hub, &hub.reader("EMERGENCY", CITY), "r-nothing", NAMES, json!({})).await;
    assert_eq!((status, &body["data"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(null)), "{body}");
}

/// Everything works, and what was handed in meanwhile is there once.
async fn works(hub: &TestHub, rows: usize) {
    says(hub, StatusCode::OK, "ready").await;
    let until = Instant::now() + MENDED;
    let reader = hub.reader("EMERGENCY", CITY);
    handed_in(hub, &hub.token("EMERGENCY", CITY, &["SUBMITTER"]), 1, until).await;
    let number = read(hub, &reader, 1, until).await;
    settled(hub, &reader, rows, &[number]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_not_ready_while_commits_do_not_end() {
    let server = Server::start().await;
    let hub =
        TestHub::at(TempDir::new().expect("a directory"), server.url.clone(), impatient()).await;
    filled(&hub).await;
    says(&hub, StatusCode::OK, "ready").await;
    let admin = beside(&server.url).await;
    for sql in ["ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"]
    {
        admin.execute_unprepared(sql).await.expect("done");
    }
    says(&hub, StatusCode::SERVICE_UNAVAILABLE, "not ready: commit").await;
    shows_nothing(&hub).await;
    let held = admin.query_all_raw(sea_orm_migration::sea_orm::Statement::from_string(
        sea_orm_migration::sea_orm::DbBackend::Postgres,
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%hub_probes%'",
    ));
    assert!(held.await.expect("a look").len() <= 2, "questions do not pile up at the server");
    for sql in ["ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"] {
        admin.execute_unprepared(sql).await.expect("done");
    }
    works(&hub, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_not_ready_on_a_database_that_only_reads() {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Postgres, &directory).await;
    let hub = TestHub::at(directory, url.clone(), impatient()).await;
    filled(&hub).await;
    let (server, name) = url.rsplit_once('/').expect("a name");
    let admin = beside(&format!("{server}/postgres")).await;
    let others = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    );
    admin
        .execute_unprepared(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = on"
        ))
        .await
        .expect("done");
    admin.execute_unprepared(&others).await.expect("done");
    says(&hub, StatusCode::SERVICE_UNAVAILABLE, "not ready: write").await;
    shows_nothing(&hub).await;
    // What is public is read on.
    hub.data(&hub.reader("EMERGENCY", CITY), "{ accidents { nodes { accidentNo } } }").await;
    let (_, body) = asked(&hub, &hub.reader("EMERGENCY", CITY), "r-words", NAMES, json!({})).await;
    assert!(body["errors"][0]["message"].as_str().expect("words").contains("只读"), "{body}");
    admin
        .execute_unprepared(&format!("ALTER DATABASE {name} RESET default_transaction_read_only"))
        .await
        .expect("done");
    admin.execute_unprepared(&others).await.expect("done");
    works(&hub, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_not_ready_while_its_audit_log_cannot_be_written() {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Postgres, &directory).await;
    let hub = TestHub::at(directory, url.clone(), impatient()).await;
    filled(&hub).await;
    let other = beside(&url).await;
    let held =
        sea_orm_migration::sea_orm::TransactionTrait::begin(&other).await.expect("a transaction");
    held.execute_unprepared("LOCK TABLE audit_entries IN EXCLUSIVE MODE").await.expect("locked");
    says(&hub, StatusCode::SERVICE_UNAVAILABLE, "not ready: audit").await;
    shows_nothing(&hub).await;
    held.rollback().await.expect("given back");
    works(&hub, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_another_process_keeps_on_sqlite_ends_requests_in_time() {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Sqlite, &directory).await;
    let hub = TestHub::at(directory, url.clone(), impatient()).await;
    filled(&hub).await;
    says(&hub, StatusCode::OK, "ready").await;
    let other = beside(&url).await;
    let held =
        sea_orm_migration::sea_orm::TransactionTrait::begin(&other).await.expect("a transaction");
    held.execute_unprepared("UPDATE hub_probes SET at = at").await.expect("locked");
    says(&hub, StatusCode::SERVICE_UNAVAILABLE, "not ready: commit").await;
    shows_nothing(&hub).await;
    // What is public is read on.
    hub.data(&hub.reader("EMERGENCY", CITY), "{ accidents { nodes { accidentNo } } }").await;
    held.rollback().await.expect("given back");
    works(&hub, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_without_a_database_is_not_ready_and_one_question_serves_all() {
    let (hub, proxy) = through_a_line().await;
    says(&hub, StatusCode::OK, "ready").await;
    proxy.silence();
    proxy.cut();
    says(&hub, StatusCode::SERVICE_UNAVAILABLE, "not ready: database").await;
    proxy.mend();
    says(&hub, StatusCode::OK, "ready").await;
    let before = hub.db_texts("SELECT CAST(xmin AS text) FROM hub_probes").await;
    let all = futures_util::future::join_all((0..50).map(|_| ready(&hub))).await;
    assert!(all.iter().all(|(status, _)| *status == StatusCode::OK));
    let after = hub.db_texts("SELECT CAST(xmin AS text) FROM hub_probes").await;
    let written: i64 =
        after[0].parse::<i64>().expect("a number") - before[0].parse::<i64>().expect("a number");
    assert!(written < 1_000, "{written}");
    assert_eq!(after.len(), 1, "one row a hub");
}
