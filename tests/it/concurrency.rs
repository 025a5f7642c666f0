//! Many at the same time: the chain stays whole, a key has one effect, and nobody waits for another
//! in a circle.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::Request;
use futures_util::future::join_all;
use lianfang::{app::Settings, store::sql::database::PoolLimits};
use sea_orm_migration::sea_orm::{
    ConnectionTrait as _, Database as Connection, TransactionTrait as _,
};
use serde_json::json;

use crate::{
    consumer::Consumer,
    patience::until,
    samples::{COUNTY, OTHER_COUNTY, accident, man, outcomes, person, victim, with},
    support::{Backend, TestHub, backends},
};

/// As many places as requests, and time for all of them on a slow machine: whoever finds no place is
/// told to come back, which is tested elsewhere.
pub fn patient() -> Settings {
    let (timeout, acquire) = (Duration::from_secs(120), Duration::from_secs(60));
    let database = PoolLimits { acquire, ..PoolLimits::default() };
    Settings { places: 200, timeout, database, ..Settings::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_submissions_and_reads_at_once_leave_a_whole_chain() {
    for backend in backends() {
        let hub = TestHub::with(backend, patient()).await;
        let token = hub.both("HRSS");
        let writes = (0..50).map(|order| {
            let (hub, token) = (&hub, &token);
            async move {
                let row = person(&format!("P{order}"), &man(order));
                let answer =
                    hub.submit(token, "Persons", "ATOMIC", &format!("k{order}"), &[row]).await;
                assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
            }
        });
        let reads = (0..50).map(|_| {
            let (hub, token) = (&hub, &token);
            async move { hub.data(token, "{ persons { nodes { name idNumber } } }").await }
        });
        tokio::join!(join_all(writes), join_all(reads));
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM persons").await, 50);
        assert!(hub.db_count("SELECT COUNT(*) FROM audit_entries").await >= 100);
        hub.holds().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_at_the_same_time_has_one_effect_and_one_receipt() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let rows: Vec<_> = (0..20).map(|number| accident(&format!("A{number}"))).collect();
        let answers =
            join_all((0..16).map(|_| hub.submit(&token, "Accidents", "PARTIAL", "night", &rows)))
                .await;
        for answer in &answers {
            assert_eq!(answer.to_string(), answers[0].to_string(), "{backend:?}");
        }
        assert_eq!(answers[0]["created"], 20);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM record_versions").await, 20);
        hub.holds().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_rows_in_opposite_orders_do_not_wait_for_each_other_in_a_circle() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let rows: Vec<_> = (0..300).map(|number| accident(&format!("A{number:03}"))).collect();
        let turned: Vec<_> = rows.iter().rev().cloned().collect();
        let all = (0..6).map(|turn| {
            let (hub, token, rows) = (&hub, &token, if turn % 2 == 0 { &rows } else { &turned });
            async move { hub.submit(token, "Accidents", "ATOMIC", &format!("k{turn}"), rows).await }
        });
        let answers = join_all(all).await;
        let created: i64 = answers
            .iter()
            .map(|answer| answer["created"].as_i64().unwrap_or_else(|| unreachable!("{answer}")))
            .sum();
        assert_eq!(created, 300, "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_victim_and_the_move_of_its_accident_do_not_pass_each_other() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        hub.take("EMERGENCY", "Accident", "k", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V0", "A1", &man(0))]).await;
        for turn in 0..12 {
            let region = if turn % 2 == 0 { OTHER_COUNTY } else { COUNTY };
            let moved = [with(accident("A1"), json!({"regionCode": region}))];
            // The first victim is there already: its row and its accident are wanted by both.
            let again = with(victim("V0", "A1", &man(0)), json!({"lostWorkdays": 200 + turn}));
            let hurt = [again, victim(&format!("V{}", turn + 1), "A1", &man(turn + 1))];
            let (one, two) = (format!("m{turn}"), format!("v{turn}"));
            let (first, second) = tokio::join!(
                hub.submit(&token, "Accidents", "ATOMIC", &one, &moved),
                hub.submit(&token, "AccidentVictims", "ATOMIC", &two, &hurt)
            );
            assert_eq!(
                (outcomes(&first), outcomes(&second)),
                (vec!["UPDATED"], vec!["UPDATED", "CREATED"]),
                "{first} {second}"
            );
            let strays = "SELECT COUNT(*) FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
                          WHERE a.region_code <> v.region_code";
            assert_eq!(hub.db_count(strays).await, 0, "{backend:?} turn {turn}");
        }
        assert_eq!(
            hub.data(&token, "{ accidentVictims { totalCount } }").await["accidentVictims"]["totalCount"],
            13
        );
        hub.holds().await;
    }
}

/// A transaction takes its number with its first lock, and the feed is in the order of these
/// numbers. One that waits for a row, and finds another changed by a transaction that came later,
/// must not tell of its change before that one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_feed_tells_versions_in_order_even_when_a_submission_has_to_wait_half_way() {
    let hub = TestHub::on(Backend::Postgres).await;
    let token = hub.both("EMERGENCY");
    let rows: Vec<_> = ["A1", "A2", "A3"].map(accident).into();
    let answer = hub.submit(&token, "Accidents", "ATOMIC", "first", &rows).await;
    // Rows are locked in the order of their identifiers, of which what is told shows nothing.
    let order = hub.db_texts("SELECT accident_no FROM accidents ORDER BY id").await;
    let place =
        |number: &String| rows.iter().position(|row| row["accidentNo"] == **number).expect("a row");
    let told = |row: usize| (answer["verdicts"][row]["id"].to_string(), rows[row].clone());
    let ids: Vec<_> = order.iter().map(|number| told(place(number))).collect();
    let held = ids[1].1["accidentNo"].as_str().expect("a number");
    let other = Connection::connect(&hub.url).await.expect("another connection");
    let slow = other.begin().await.expect("a transaction");
    slow.execute_unprepared(&format!(
        "SELECT 1 FROM accidents WHERE accident_no = '{held}' FOR UPDATE"
    ))
    .await
    .expect("held");
    let all: Vec<_> = rows.iter().map(|row| with(row.clone(), json!({"deaths": 2}))).collect();
    let last = [with(ids[2].1.clone(), json!({"deaths": 3}))];
    let waits = hub.submit(&token, "Accidents", "ATOMIC", "waits", &all);
    let faster = async {
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("a writer waits for a lock", async || hub.db_count(waiting).await > 0).await;
        let answer = hub.submit(&token, "Accidents", "ATOMIC", "faster", &last).await;
        slow.rollback().await.expect("let go");
        answer
    };
    let (waited, faster) = tokio::join!(waits, faster);
    assert_eq!(
        (outcomes(&faster), outcomes(&waited)),
        (vec!["UPDATED"], vec!["UPDATED"; 3]),
        "{faster} {waited}"
    );
    let mut consumer = Consumer::new(token, json!(["Accident"]));
    let told = consumer.pull(&hub, 1_000).await;
    let id = ids[2].0.trim_matches('"');
    let versions: Vec<_> = told
        .iter()
        .filter(|event| event["id"] == id)
        .map(|event| event["version"].as_i64())
        .collect();
    assert_eq!(versions, [Some(1), Some(2), Some(3)]);
    hub.holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_submissions_at_once_each_get_their_own_verdict_and_receipt() {
    for backend in backends() {
        let hub = TestHub::with(backend, patient()).await;
        let token = hub.both("HRSS");
        let send = async |order: u32| {
            let row = person(&format!("P{order}"), &man(order));
            // Every third says something of nobody.
            let row = if order.is_multiple_of(3) { with(row, json!({"name": null})) } else { row };
            let answer =
                hub.submit(&token, "Persons", "ATOMIC", &format!("k{order}"), &[row]).await;
            (outcomes(&answer).join(" "), answer.to_string())
        };
        let first = join_all((0..200).map(send)).await;
        for (order, (outcome, answer)) in first.iter().enumerate() {
            let due = if order.is_multiple_of(3) { "REJECTED" } else { "CREATED" };
            assert_eq!(outcome, due, "{backend:?} {order}: {answer}");
        }
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM persons").await, 133);
        // Sent again, each gets the receipt it got.
        let again = join_all((0..200).map(send)).await;
        assert!(again == first, "{backend:?}");
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM record_versions").await, 133);
        hub.holds().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_watches_is_answered_while_many_ask_for_the_most_they_may() {
    for backend in backends() {
        let hub = TestHub::with(backend, Settings { places: 4, ..Settings::default() }).await;
        let token = hub.both("EMERGENCY");
        let rows: Vec<_> = (0..60).map(|number| accident(&format!("A{number}"))).collect();
        hub.submit(&token, "Accidents", "ATOMIC", "k", &rows).await;
        let heavy = "{ accidents(first: 60) { nodes { accidentNo employer { accidents(first: 60) { nodes { accidentNo \
                     victims(first: 5) { nodes { name } } } } } } } }";
        let (hub, left) = (Arc::new(hub), Arc::new(AtomicUsize::new(64)));
        let readers = (0..64).map(|_| {
            let (hub, token, left) = (Arc::clone(&hub), token.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                let request = Request::post("/graphql")
                    .header("content-type", "application/json")
                    .header("authorization", format!("Bearer {token}"))
                    .body(json!({"query": heavy}).to_string())
                    .expect("a request");
                let (status, headers, _) = hub.request(request).await;
                left.fetch_sub(1, Ordering::Relaxed);
                let later = headers.get("retry-after").is_some();
                assert!(status == 200 || (status == 503 && later), "{backend:?} {status}");
                status == 200
            })
        });
        let readers: Vec<_> = readers.collect();
        let mut watched = 0;
        while left.load(Ordering::Relaxed) > 0 {
            let health = Request::get("/healthz").body(String::new()).expect("a request");
            let (status, ..) = hub.request(health).await;
            assert_eq!(status, 200);
            watched += usize::from(left.load(Ordering::Relaxed) > 0);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let answered = join_all(readers).await.into_iter();
        let answered = answered.filter(|full| *full.as_ref().expect("a reader")).count();
        assert!(answered >= 4, "{backend:?}: {answered} were answered");
        assert!(watched > 0, "{backend:?}: nobody heard while they waited");
    }
}
