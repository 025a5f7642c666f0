//! What becomes of a connection whose statement or transaction does not come to its end.

use std::{path::Path, time::Duration};

use sea_orm::{DbBackend, Statement};
use tokio::time::{sleep, timeout};

use crate::{
    error::HubError,
    store::sql::database::{Database, PoolLimits},
};

const WAIT: Duration = Duration::from_millis(1_500);

async fn postgres(connections: u32) -> Database {
    let url = std::env::var("LIANFANG_TEST_POSTGRES_URL")
        .expect("LIANFANG_TEST_POSTGRES_URL is set: run the tests through ./check");
    Database::connect(&url, PoolLimits { connections, acquire: WAIT, ..PoolLimits::default() })
        .await
        .expect("the server answers")
}

/// One of each kind, with so many connections.
async fn both(connections: u32, directory: &Path) -> [Database; 2] {
    let url = format!("sqlite:{}?mode=rwc", directory.join("hub.db").display());
    let limits = PoolLimits { connections, acquire: WAIT, ..PoolLimits::default() };
    [Database::connect(&url, limits).await.expect("a file"), postgres(connections).await]
}

fn plain(database: &Database, sql: &str) -> Statement {
    Statement::from_string(database.backend(), sql)
}

async fn number(database: &Database, sql: &str) -> Result<i32, HubError> {
    let row = database.one(plain(database, sql)).await?.expect("a row");
    Ok(row.try_get_by_index(0)?)
}

/// A table of this test alone.
async fn table(database: &Database) -> String {
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let transaction = database.begin().await.expect("a transaction");
    transaction
        .run(plain(database, &format!("CREATE TABLE {name} (n integer)")))
        .await
        .expect("a table");
    transaction.commit().await.expect("committed");
    name
}

async fn drop_table(database: &Database, name: &str) {
    let transaction = database.begin().await.expect("a transaction");
    transaction.run(plain(database, &format!("DROP TABLE {name}"))).await.expect("no table");
    transaction.commit().await.expect("committed");
}

fn slow(database: &Database) -> Statement {
    plain(
        database,
        match database.backend() {
            DbBackend::Postgres => "SELECT 1 FROM (SELECT pg_sleep(0.5)) AS s",
            _ => {
                "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 500000) SELECT CAST(MAX(n) AS INTEGER) FROM c"
            }
        },
    )
}

#[tokio::test]
async fn a_cancelled_statement_does_not_spoil_the_next() {
    let directory = tempfile::tempdir().expect("a directory");
    for database in both(1, directory.path()).await {
        for turn in 0..5 {
            let cut = timeout(Duration::from_millis(20), database.one(slow(&database))).await;
            assert!(cut.is_err(), "{database:?} was too fast");
            assert_eq!(
                number(&database, &format!("SELECT CAST({turn} AS INTEGER)"))
                    .await
                    .expect("an answer"),
                turn
            );
        }
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_wherever_it_stood() {
    let directory = tempfile::tempdir().expect("a directory");
    for database in both(2, directory.path()).await {
        let name = table(&database).await;
        let insert = plain(&database, &format!("INSERT INTO {name} (n) VALUES (1)"));
        let between = database.begin().await.expect("a transaction");
        between.run(insert.clone()).await.expect("a row");
        drop(between);
        let within = database.begin().await.expect("a transaction");
        within.run(insert.clone()).await.expect("a row");
        assert!(timeout(Duration::from_millis(20), within.all(slow(&database))).await.is_err());
        drop(within);
        let failed = database.begin().await.expect("a transaction");
        failed.run(insert.clone()).await.expect("a row");
        failed
            .run(plain(&database, "SELECT nothing FROM nowhere"))
            .await
            .expect_err("a wrong statement");
        failed.rollback().await;
        let count = format!("SELECT CAST(COUNT(*) AS INTEGER) FROM {name}");
        assert_eq!(number(&database, &count).await.expect("an answer"), 0, "{database:?}");
        let kept = database.begin().await.expect("a transaction");
        kept.run(insert).await.expect("a row");
        kept.commit().await.expect("committed");
        assert_eq!(number(&database, &count).await.expect("an answer"), 1, "{database:?}");
        drop_table(&database, &name).await;
    }
}

#[tokio::test]
async fn no_more_than_so_many_are_in_use_and_who_waits_too_long_is_told() {
    let directory = tempfile::tempdir().expect("a directory");
    for database in both(2, directory.path()).await {
        let most = if database.backend() == DbBackend::Postgres { 2 } else { 1 };
        let mut open = Vec::new();
        for _ in 0..most {
            open.push(database.begin().await.expect("a transaction"));
        }
        let more = database.begin().await;
        assert!(matches!(more, Err(HubError::Unavailable(_))), "{database:?}");
        for transaction in open {
            transaction.rollback().await;
        }
        database.begin().await.expect("a transaction").rollback().await;
    }
}

#[tokio::test]
async fn connections_are_used_again_after_commit_and_rollback_and_not_after_being_dropped() {
    let database = postgres(1).await;
    let pid = async || number(&database, "SELECT pg_backend_pid()").await.expect("a number");
    let first = pid().await;
    database.begin().await.expect("a transaction").rollback().await;
    database.begin().await.expect("a transaction").commit().await.expect("committed");
    assert_eq!(pid().await, first);
    drop(database.begin().await.expect("a transaction"));
    assert_ne!(pid().await, first);
}

#[tokio::test]
async fn after_the_server_closes_all_connections_one_statement_fails_at_most() {
    let (database, other) = (postgres(4).await, postgres(1).await);
    let open = [database.begin().await, database.begin().await, database.begin().await];
    let mut pids = Vec::new();
    for transaction in open {
        let transaction = transaction.expect("a transaction");
        let rows =
            transaction.all(plain(&database, "SELECT pg_backend_pid()")).await.expect("a number");
        pids.push(
            rows.first().expect("a row").try_get_by_index::<i32>(0).expect("a number").to_string(),
        );
        transaction.commit().await.expect("committed");
    }
    let cut = format!(
        "SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[{}]) AS p(pid)",
        pids.join(", ")
    );
    other.all(plain(&other, &cut)).await.expect("cut");
    sleep(Duration::from_millis(100)).await;
    assert!(matches!(number(&database, "SELECT 1").await, Err(HubError::Unavailable(_))));
    for _ in 0..6 {
        assert_eq!(number(&database, "SELECT 1").await.expect("an answer"), 1);
    }
    // One that was idle for long is asked first, and nobody notices.
    let pid = number(&database, "SELECT pg_backend_pid()").await.expect("a number");
    other.all(plain(&other, &format!("SELECT pg_terminate_backend({pid})"))).await.expect("cut");
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(number(&database, "SELECT 1").await.expect("an answer"), 1);
}

#[tokio::test]
async fn closing_the_pool_does_not_wait_for_idle_connections() {
    let directory = tempfile::tempdir().expect("a directory");
    for database in both(2, directory.path()).await {
        database.ping().await.expect("an answer");
        database.begin().await.expect("a transaction").commit().await.expect("committed");
        let closed = timeout(Duration::from_secs(5), database.migrations().clone().close()).await;
        closed.expect("at once").expect("closed");
        assert!(matches!(database.begin().await, Err(HubError::Unavailable(_))), "{database:?}");
    }
}
