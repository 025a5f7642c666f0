//! Submissions that come at the same time are written together: one transaction, and yet each has
//! its own verdict, its own receipt and its own failure.

use std::{sync::Arc, time::Duration};

use futures_util::future::{join, join_all};
use sea_orm_migration::sea_orm::{
    ConnectionTrait as _, Database as Connection, TransactionTrait as _,
};
use serde_json::{Value, json};

use crate::{
    concurrency::patient,
    patience::until,
    samples::{COUNTY, OTHER_COUNTY, man, outcomes, person, with},
    support::{Backend, TestHub, backends},
};

const WRITTEN: &str = "SELECT COUNT(*) FROM persons";
/// Transactions that wrote persons, on PostgreSQL.
const TRANSACTIONS: &str = "SELECT COUNT(DISTINCT transaction_id) FROM change_events";

async fn hub(backend: Backend) -> TestHub {
    TestHub::with(backend, patient()).await
}

async fn handed_in(hub: &TestHub, token: &str, order: u32) -> Value {
    let row = person(&format!("P{order}"), &man(order));
    hub.submit(token, "Persons", "ATOMIC", &format!("k{order}"), &[row]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn submissions_that_wait_are_written_in_few_transactions_and_alone_in_its_own() {
    let hub = hub(Backend::Postgres).await;
    let token = hub.both("HRSS");
    for order in 200..203 {
        assert_eq!(outcomes(&handed_in(&hub, &token, order).await), ["CREATED"]);
    }
    assert_eq!(hub.db_count(TRANSACTIONS).await, 3);
    // However fast they come, a transaction takes longer.
    hub.db_run(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'",
    )
    .await;
    hub.db_run(
        "CREATE TRIGGER slow BEFORE INSERT ON persons FOR EACH STATEMENT EXECUTE FUNCTION slow()",
    )
    .await;
    let answers = join_all((0..200).map(|order| handed_in(&hub, &token, order))).await;
    assert!(answers.iter().all(|answer| outcomes(answer) == ["CREATED"]), "{answers:?}");
    assert_eq!(hub.db_count(WRITTEN).await, 203);
    let transactions = hub.db_count(TRANSACTIONS).await - 3;
    assert!(transactions < 60, "200 submissions took {transactions} transactions");
    hub.holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_leaves_takes_nobody_along() {
    for backend in backends() {
        let hub = Arc::new(hub(backend).await);
        let token = hub.both("HRSS");
        let tasks: Vec<_> = (0..60)
            .map(|order| {
                let (hub, token) = (Arc::clone(&hub), token.clone());
                tokio::spawn(async move { handed_in(&hub, &token, order).await })
            })
            .collect();
        for (order, task) in tasks.iter().enumerate() {
            if order % 3 == 1 {
                tokio::time::sleep(Duration::from_millis(2)).await;
                task.abort();
            }
        }
        for (order, task) in tasks.into_iter().enumerate() {
            match task.await {
                Ok(answer) => assert_eq!(outcomes(&answer), ["CREATED"], "{backend:?} {order}"),
                Err(left) => assert!(left.is_cancelled() && order % 3 == 1, "{backend:?} {order}"),
            }
        }
        // Whoever left comes back under the same key and finds it done, or does it now.
        for order in 0..60 {
            let again = handed_in(&hub, &token, order).await;
            assert_eq!(outcomes(&again), ["CREATED"], "{backend:?} {order}: {again}");
        }
        assert_eq!(hub.db_count(WRITTEN).await, 60, "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_database_refuses_fails_alone() {
    let hub = hub(Backend::Postgres).await;
    let token = hub.both("HRSS");
    hub.db_run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN IF NEW.person_no IN (''P7'', ''P33'') THEN RAISE EXCEPTION ''no''; END IF; RETURN NEW; END'",
    )
    .await;
    hub.db_run(
        "CREATE TRIGGER refuse BEFORE INSERT ON persons FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    .await;
    let send = async |order: u32| {
        let row = person(&format!("P{order}"), &man(order));
        let input = json!({"rows": [row], "mode": "ATOMIC", "idempotencyKey": format!("k{order}")});
        let ask =
            "mutation($input: SubmitPersonsInput!) { submitPersons(input: $input) { created } }";
        hub.ask(&token, ask, json!({ "input": input })).await
    };
    let answers = join_all((0..60).map(send)).await;
    for (order, answer) in answers.iter().enumerate() {
        if order == 7 || order == 33 {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        } else {
            assert_eq!(answer["data"]["submitPersons"]["created"], 1, "{order}: {answer}");
        }
    }
    assert_eq!(hub.db_count(WRITTEN).await, 58);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_waits_for_another_writer_does_not_hold_up_the_rest() {
    let hub = hub(Backend::Postgres).await;
    let token = hub.both("HRSS");
    handed_in(&hub, &token, 100).await;
    let columns = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns \
                   WHERE table_name = 'persons' AND is_generated = 'NEVER'";
    let columns = hub.db_texts(columns).await.concat();
    let other = Connection::connect(&hub.url).await.expect("another connection");
    let slow = other.begin().await.expect("a transaction");
    // Another writer has the number of one of them, and takes its time.
    for sql in [
        "CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT * FROM persons".to_owned(),
        "UPDATE taken SET id = gen_random_uuid(), ref = replace(ref, 'P100', 'P5')".to_owned(),
        format!("INSERT INTO persons ({columns}) SELECT {columns} FROM taken"),
    ] {
        slow.execute_unprepared(&sql).await.expect("held");
    }
    let held = handed_in(&hub, &token, 5);
    let rest = async {
        let answers = join_all((10..50).map(|order| handed_in(&hub, &token, order))).await;
        assert!(answers.iter().all(|answer| outcomes(answer) == ["CREATED"]), "{answers:?}");
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("the one still waits", async || hub.db_count(waiting).await > 0).await;
        slow.rollback().await.expect("let go");
    };
    let (answer, ()) = join(held, rest).await;
    assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
    assert_eq!(hub.db_count(WRITTEN).await, 42);
    hub.holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_number_from_many_at_once_becomes_one_record_and_each_organisation_has_its_own_key() {
    for backend in backends() {
        let hub = hub(backend).await;
        let [token, county] =
            [COUNTY, OTHER_COUNTY].map(|region| hub.token("HRSS", region, &["SUBMITTER"]));
        let send = async |order: u32| {
            // Twenty say the same of one person, each under a key of its own.
            let row = person("P1", &man(1));
            let (token, row) = if order.is_multiple_of(2) {
                (&token, row)
            } else {
                (&county, with(row, json!({"regionCode": OTHER_COUNTY})))
            };
            // A key is used by two organisations.
            hub.submit(token, "Persons", "ATOMIC", &format!("k{}", order / 2), &[row]).await
        };
        let answers = join_all((0..20).map(send)).await;
        let of = |rest: u32| {
            let own = answers.iter().zip(0_u32..).filter(move |(_, order)| order % 2 == rest);
            own.flat_map(|(answer, _)| outcomes(answer)).collect::<Vec<_>>()
        };
        for rest in [0, 1] {
            let created = of(rest).iter().filter(|outcome| **outcome == "CREATED").count();
            let unchanged = of(rest).iter().filter(|outcome| **outcome == "UNCHANGED").count();
            assert_eq!((created, unchanged), (1, 9), "{backend:?} {rest}: {answers:?}");
        }
        assert_eq!(hub.db_count(WRITTEN).await, 2, "{backend:?}");
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM receipts").await, 20, "{backend:?}");
        hub.holds().await;
    }
}
