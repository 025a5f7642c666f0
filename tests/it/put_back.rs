//! A table that is emptied together with all that speaks of it, or put back to what it was, is found
//! by the tables that stay, and where all are put back by the log.

use lianfang::store::proof::witnessed::WITNESSED;

use crate::{
    samples::CITY,
    support::{TestHub, backends},
};

/// Places that the checks of the tables name.
async fn found(hub: &TestHub) -> Vec<String> {
    let checks = lianfang::store::verify::tables(&hub.database).await.expect("the tables are read");
    checks.into_iter().flat_map(|check| check.places).collect()
}

/// What is told of a table: its rows, their digests, its head.
fn parts(table: &str) -> [(String, String); 3] {
    [
        (table.to_owned(), "1 = 1".to_owned()),
        ("row_proofs".to_owned(), format!("table_name = '{table}'")),
        ("chains".to_owned(), format!("name = '{table}'")),
    ]
}

async fn keep(hub: &TestHub, table: &str) {
    for (place, (of, which)) in parts(table).into_iter().enumerate() {
        hub.db_run(&format!(
            "CREATE TABLE kept_{table}_{place} AS SELECT * FROM {of} WHERE {which}"
        ))
        .await;
    }
}

async fn empty(hub: &TestHub, table: &str) {
    for (of, which) in parts(table) {
        hub.db_run(&format!("DELETE FROM {of} WHERE {which}")).await;
    }
    // What the triggers noted of it.
    hub.db_run("DELETE FROM rows_touched").await;
}

async fn put_back(hub: &TestHub, table: &str) {
    empty(hub, table).await;
    for (place, (of, _)) in parts(table).into_iter().enumerate() {
        hub.db_put_back(&of, &format!("kept_{table}_{place}")).await;
    }
    hub.db_run("DELETE FROM rows_touched").await;
}

async fn head_of_tables(hub: &TestHub, sql: &str) {
    hub.db_run(&sql.replace("OF_TABLES", "name = 'tables'")).await;
}

/// A hub whose office has called a meeting, and whose departments have signed returns since.
async fn signed(hub: &TestHub) {
    let secretary = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
    hub.data(
        &secretary,
        &format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2023, kind: ROUTINE, members: [EMERGENCY], agenda: []}}) {{ number }} }}"
        ),
    )
    .await;
    hub.sign_all(CITY, &[2023]).await;
}

#[tokio::test]
async fn a_table_that_is_emptied_with_its_head_is_found() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        signed(&hub).await;
        assert_eq!(found(&hub).await, Vec::<String>::new());
        empty(&hub, "meeting_returns").await;
        let places = found(&hub).await;
        assert!(places.iter().any(|place| place.contains("not all of one time")), "{places:?}");
        // With every other one, and the head of all.
        for own in WITNESSED {
            empty(&hub, own.table).await;
        }
        assert!(!found(&hub).await.is_empty());
        head_of_tables(&hub, "DELETE FROM chains WHERE OF_TABLES").await;
        let places = found(&hub).await;
        assert!(places.iter().any(|place| place.contains("when the log was last")), "{places:?}");
    }
}

#[tokio::test]
async fn a_table_that_is_put_back_is_older_than_the_others_and_all_together_than_the_log() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        signed(&hub).await;
        keep(&hub, "meeting_returns").await;
        head_of_tables(&hub, "CREATE TABLE kept_tables AS SELECT * FROM chains WHERE OF_TABLES")
            .await;
        hub.sign_all(CITY, &[2024]).await;
        assert_eq!(found(&hub).await, Vec::<String>::new());
        put_back(&hub, "meeting_returns").await;
        let places = found(&hub).await;
        assert!(places.iter().any(|place| place.contains("not all of one time")), "{places:?}");
        head_of_tables(&hub, "DELETE FROM chains WHERE OF_TABLES").await;
        hub.db_put_back("chains", "kept_tables").await;
        let places = found(&hub).await;
        assert!(
            matches!(places.as_slice(), [place] if place.contains("when the log was last")),
            "{places:?}"
        );
        // It stays found when the hub, or another one that was started since, writes on.
        hub.sign_all(CITY, &[2021, 2022]).await;
        hub.another().await.sign_all(CITY, &[2020]).await;
        let places = found(&hub).await;
        assert!(places.iter().any(|place| place.contains("not all of one time")), "{places:?}");
    }
}
