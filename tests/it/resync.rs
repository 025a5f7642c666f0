//! Whoever cannot go on from a cursor is told so: old changes are cut off, and a restored store
//! tells another history.

use lianfang::{
    app::{self, Settings},
    context::OpCtx,
    store::sql::database::Database,
};
use serde_json::{Value, json};

use crate::{
    consumer::{Consumer, PAGE, settled},
    samples::{CITY, accident, with},
    support::{Backend, TestHub, backends},
};

/// Another hub on a store, with the keys of the first.
async fn again(hub: &TestHub, database: Database) -> TestHub {
    let (catalogue, policy) = (hub.services.catalogue.clone(), hub.services.policy.clone());
    let (router, services) =
        app::start(database, catalogue, policy, hub.keys.clone(), Settings::default())
            .await
            .expect("a hub");
    TestHub::beside(hub, router, services)
}

/// Code of the error that a cursor is answered with, if any.
async fn answered(hub: &TestHub, consumer: &Consumer) -> String {
    let variables = json!({"after": consumer.after, "families": consumer.families, "first": 10});
    let answer = hub.ask(&consumer.token, PAGE, variables).await;
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn changes_before_the_cut_are_gone_and_who_has_not_heard_them_is_told_to_begin_anew() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let consumer = || Consumer::new(token.clone(), json!(["Accident"]));
        let mut whole = consumer();
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1"), accident("A2")]).await;
        let mut behind = consumer();
        behind.after = whole.page(&hub, 1).await["data"]["changes"]["cursor"].clone();
        whole.pull(&hub, 10).await;
        hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A3")]).await;
        settled(&hub).await;
        let now = OpCtx::begin("test").now();
        assert_eq!(
            hub.services
                .database
                .feed_prune(now - chrono::Duration::days(1))
                .await
                .expect("nothing"),
            0,
            "{backend:?}"
        );
        assert_eq!(answered(&hub, &behind).await, "");
        let cut =
            hub.services.database.feed_prune(now + chrono::Duration::days(1)).await.expect("a cut");
        assert_eq!(cut, 2, "{backend:?}: the newest stays");
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM change_events").await, 1);
        for gone in [&behind, &consumer()] {
            assert_eq!(answered(&hub, gone).await, "RESYNC", "{backend:?}");
        }
        // Who had heard all that was cut goes on.
        assert_eq!(whole.pull(&hub, 10).await.len(), 1, "{backend:?}");
        assert_eq!(whole.copy.len(), 3);
        hub.holds().await;
        let message =
            hub.ask(&token, PAGE, json!({"families": ["Accident"]})).await["errors"][0]["message"]
                .clone();
        assert!(
            message.as_str().is_some_and(|text| text.contains("完整导出")),
            "it says what to do: {message}"
        );
        assert_eq!(
            hub.services.database.feed_prune(now + chrono::Duration::days(1)).await.expect("again"),
            0
        );
    }
}

/// A store as it was before its last submission, with another one in its place.
async fn restored(hub: &TestHub, backup: &std::path::Path) -> TestHub {
    if hub.is_postgres() {
        let latest = "SELECT record_id FROM record_versions WHERE request_id = (SELECT request_id FROM record_versions ORDER BY at DESC LIMIT 1)";
        for table in ["accidents WHERE id", "change_events WHERE record_id"] {
            hub.db_run(&format!("DELETE FROM {table} IN ({latest})")).await;
        }
        hub.db_run(&format!("DELETE FROM record_versions WHERE record_id IN ({latest})")).await;
        return again(hub, hub.database.clone()).await;
    }
    let url = format!("sqlite:{}", backup.display());
    again(
        hub,
        Database::connect(&url, Settings::default().database).await.expect("the backup opens"),
    )
    .await
}

#[tokio::test]
async fn a_cursor_from_before_a_restore_is_found_out_even_when_the_store_has_gone_on() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let mut early = Consumer::new(token.clone(), json!(["Accident"]));
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        early.pull(&hub, 10).await;
        let directory = tempfile::TempDir::new().expect("a directory");
        let backup = directory.path().join("backup.db");
        if backend == Backend::Sqlite {
            hub.db_run(&format!("VACUUM INTO '{}'", backup.display())).await;
            // As `umask 077` would have made it.
            let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&backup, owner_only).expect("for its owner only");
        }
        let mut late = Consumer::new(token.clone(), json!(["Accident"]));
        hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A2")]).await;
        late.pull(&hub, 10).await;
        let hub = restored(&hub, &backup).await;
        assert_eq!(answered(&hub, &early).await, "", "{backend:?}: what the backup knows goes on");
        assert_eq!(answered(&hub, &late).await, "RESYNC", "{backend:?}");
        // The same places are taken by other events.
        hub.submit(
            &token,
            "Accidents",
            "ATOMIC",
            "k3",
            &[with(accident("A3"), json!({"deaths": 2}))],
        )
        .await;
        hub.submit(&token, "Accidents", "ATOMIC", "k4", &[accident("A4")]).await;
        settled(&hub).await;
        assert_eq!(answered(&hub, &late).await, "RESYNC", "{backend:?}");
        assert_eq!(early.follow(&hub, 10).await.len(), 2, "{backend:?}");
        let mut anew = Consumer::new(token, Value::Null);
        anew.token = hub.reader("EMERGENCY", CITY);
        assert_eq!(anew.follow(&hub, 10).await.len(), 3);
    }
}
