//! Live subscriptions: what arrives, in which order, to whom, and that nothing is lost.

use std::time::Duration;

use lianfang::{
    app::{self, Settings},
    store::sql::database::Database,
};
use sea_orm_migration::sea_orm::{
    ConnectionTrait as _, Database as Connection, TransactionTrait as _,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    consumer::{Consumer, WITHDRAW, settled},
    live_client::{Events, FOLLOW, PATIENCE, Socket, listening},
    patience::in_time,
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, man, person, victim, with},
    support::{Backend, TestHub, backends},
};

fn told(page: &Value) -> Vec<(&str, &str)> {
    let events = page["events"].as_array().expect("events");
    let number = |event: &'_ Value| event["record"]["accidentNo"].as_str().map(ToOwned::to_owned);
    events
        .iter()
        .map(|event| {
            (
                event["kind"].as_str().unwrap_or_default(),
                number(event).map_or("", |text| text.leak() as &str),
            )
        })
        .collect()
}

/// A hub whose silence is short.
async fn quick(backend: Backend) -> TestHub {
    let mut settings = Settings::default();
    settings.feed.heartbeat = Duration::from_millis(300);
    TestHub::with(backend, settings).await
}

#[tokio::test]
async fn a_commit_arrives_in_order_with_its_number_and_deletions_are_told() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let token = hub.both("EMERGENCY");
        hub.submit(&token, "Accidents", "ATOMIC", "k0", &[accident("A0")]).await;
        let mut socket = Socket::greeted(address, &hub.reader("HRSS", CITY)).await;
        socket.follow("1", json!({"families": ["Accident"]})).await;
        let first = socket.events("1").await;
        assert_eq!(
            (told(&first), &first["more"]),
            (vec![("UPSERT", "A0")], &json!(false)),
            "{backend:?}"
        );
        let taken = hub
            .submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1"), accident("A2")])
            .await;
        let mut counter = first["counter"].as_u64().expect("a number");
        let mut next = async |socket: &mut Socket| {
            let page = socket.events("1").await;
            assert!(page["counter"].as_u64() > Some(counter), "{backend:?}: {page}");
            counter = page["counter"].as_u64().unwrap_or_default();
            page
        };
        assert_eq!(
            told(&next(&mut socket).await),
            [("UPSERT", "A1"), ("UPSERT", "A2")],
            "{backend:?}"
        );
        hub.submit(
            &token,
            "Accidents",
            "ATOMIC",
            "k2",
            &[with(accident("A1"), json!({"deaths": 2}))],
        )
        .await;
        let page = next(&mut socket).await;
        assert_eq!(
            (told(&page), &page["events"][0]["changed"]),
            (vec![("UPSERT", "A1")], &json!(["deaths", "casualties"]))
        );
        hub.ask(&token, WITHDRAW, json!({"id": taken["verdicts"][1]["id"], "reason": "误报"}))
            .await;
        let page = next(&mut socket).await;
        assert_eq!(
            (told(&page), &page["events"][0]["reason"]),
            (vec![("TOMBSTONE", "")], &json!("误报")),
            "{backend:?}"
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_record_that_moves_is_told_to_those_it_leaves_and_those_it_comes_to_and_to_nobody_else() {
    for backend in backends() {
        let hub = quick(backend).await;
        let address = listening(&hub).await;
        let social = hub.both("HRSS");
        hub.submit(&social, "Persons", "ATOMIC", "k1", &[person("P1", &man(1))]).await;
        settled(&hub).await;
        let mut sockets = Vec::new();
        for (department, region) in
            [("HRSS", COUNTY), ("HRSS", OTHER_COUNTY), ("EMERGENCY", COUNTY)]
        {
            let mut socket = Socket::greeted(address, &hub.reader(department, region)).await;
            socket.follow("p", json!({"families": ["Person", "AccidentVictim"]})).await;
            let first = socket.page("p").await;
            assert_eq!(
                (&first["counter"], &first["more"]),
                (&json!(1), &json!(false)),
                "{backend:?}"
            );
            sockets.push(socket);
        }
        let moved = with(person("P1", &man(1)), json!({"regionCode": OTHER_COUNTY}));
        hub.submit(&social, "Persons", "ATOMIC", "k2", &[moved]).await;
        for (socket, kind) in sockets.iter_mut().zip(["TOMBSTONE", "UPSERT"]) {
            let page = socket.events("p").await;
            assert_eq!(
                (&page["events"][0]["kind"], page["events"].as_array().map(Vec::len)),
                (&json!(kind), Some(1)),
                "{backend:?}"
            );
        }
        // The third hears nothing but the clock, and is at the present by it.
        let quiet = sockets[2].page("p").await;
        assert_eq!(quiet["events"], json!([]), "{backend:?}");
    }
}

#[tokio::test]
async fn silence_is_told_with_a_current_cursor_that_misses_nothing() {
    for backend in backends() {
        let hub = quick(backend).await;
        let address = listening(&hub).await;
        let token = hub.both("EMERGENCY");
        // 卫健 may not list persons: what happens to them moves its cursor on and is not told.
        let reader = hub.reader("HEALTH", CITY);
        let mut socket = Socket::greeted(address, &reader).await;
        socket.follow("1", json!({"families": ["Accident"]})).await;
        let before = socket.page("1").await;
        hub.submit(&hub.both("HRSS"), "Persons", "ATOMIC", "k1", &[person("P1", &man(1))]).await;
        let mut page = socket.page("1").await;
        for counter in 2..5 {
            assert_eq!(
                (&page["counter"], &page["events"]),
                (&json!(counter), &json!([])),
                "{backend:?}"
            );
            page = socket.page("1").await;
        }
        assert_ne!(page["cursor"], before["cursor"]);
        drop(socket);
        hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A1")]).await;
        let mut again = Socket::greeted(address, &reader).await;
        again.follow("1", json!({"families": ["Accident"], "after": page["cursor"]})).await;
        assert_eq!(
            again.events("1").await["events"].as_array().map(Vec::len),
            Some(1),
            "{backend:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_again_and_again_while_many_write_has_all_in_the_end() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let (token, reader) = (hub.both("EMERGENCY"), hub.reader("EMERGENCY", CITY));
        let writing = async {
            for round in 0..15 {
                let rows = |writer: u32| {
                    [accident(&format!("A{writer}-{round}")), accident(&format!("B{writer}"))]
                };
                let hub = &hub;
                let token = &token;
                futures_util::future::join_all((0..4).map(|writer| async move {
                    let rows = rows(writer).map(|row| with(row, json!({"deaths": round % 3})));
                    hub.submit(token, "Accidents", "PARTIAL", &format!("{round}-{writer}"), &rows)
                        .await
                }))
                .await;
            }
        };
        let following = async {
            let mut copy = std::collections::BTreeMap::new();
            let mut after = Value::Null;
            // 60 accidents of their own, four that are written again and again.
            while copy.len() < 64 {
                let mut socket = Socket::greeted(address, &reader).await;
                socket
                    .follow("1", json!({"families": ["Accident"], "after": after, "first": 7}))
                    .await;
                for _ in 0..3 {
                    let page = socket.events("1").await;
                    for event in page["events"].as_array().expect("events") {
                        copy.insert(event["id"].to_string(), event["record"]["accidentNo"].clone());
                    }
                    after = page["cursor"].clone();
                    if copy.len() == 64 {
                        break;
                    }
                }
            }
            copy
        };
        let ((), copy) = tokio::join!(writing, following);
        let mut whole = Consumer::new(reader.clone(), json!(["Accident"]));
        whole.pull(&hub, 1000).await;
        assert_eq!(
            copy.keys().collect::<Vec<_>>(),
            whole
                .copy
                .keys()
                .map(|id| json!(id).to_string())
                .collect::<Vec<_>>()
                .iter()
                .collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn a_hub_is_woken_by_what_another_on_the_same_store_commits() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let database = Database::connect(&hub.url, Settings::default().database)
            .await
            .expect("the store opens");
        let mut listener = database.listener().await.expect("it listens");
        assert_eq!(listener.is_some(), hub.is_postgres());
        let (catalogue, policy) = (hub.services.catalogue.clone(), hub.services.policy.clone());
        let (router, services) =
            app::start(database, catalogue, policy, hub.keys.clone(), Settings::default())
                .await
                .expect("a hub");
        let other = TestHub::beside(&hub, router, services);
        let address = listening(&other).await;
        let mut socket = Socket::greeted(address, &other.reader("EMERGENCY", CITY)).await;
        socket.follow("1", json!({"families": ["Accident"]})).await;
        socket.page("1").await;
        for number in 0..3 {
            let name = format!("A{number}");
            hub.submit(&hub.both("EMERGENCY"), "Accidents", "ATOMIC", &name, &[accident(&name)])
                .await;
            assert_eq!(told(&socket.events("1").await), [("UPSERT", name.as_str())], "{backend:?}");
            let Some(listener) = &mut listener else { continue };
            timeout(PATIENCE, listener.heard())
                .await
                .expect("it is announced")
                .expect("the server answers");
            // A listener whose connection is cut off makes another.
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
            hub.db_run(cut).await;
            timeout(PATIENCE, listener.heard())
                .await
                .expect("the loss is noticed")
                .expect("and made good");
        }
    }
}

#[tokio::test]
async fn what_a_transaction_elsewhere_held_back_arrives_when_it_has_ended() {
    let mut settings = Settings::default();
    settings.feed.heartbeat = Duration::from_millis(100);
    let hub = TestHub::with(Backend::Postgres, settings).await;
    let address = listening(&hub).await;
    let mut socket = Socket::greeted(address, &hub.reader("EMERGENCY", CITY)).await;
    socket.follow("1", json!({"families": ["Accident"]})).await;
    socket.page("1").await;
    let other = Connection::connect(&hub.url).await.expect("another connection");
    let slow = other.begin().await.expect("a transaction");
    slow.execute_unprepared("SELECT pg_current_xact_id()").await.expect("a number");
    hub.submit(&hub.both("EMERGENCY"), "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
    for _ in 0..3 {
        assert_eq!(
            socket.page("1").await["events"],
            json!([]),
            "the later one waits for the earlier"
        );
    }
    slow.commit().await.expect("committed");
    assert_eq!(told(&socket.events("1").await), [("UPSERT", "A1")]);
}

#[tokio::test]
async fn pages_of_personal_data_are_audited_for_each_subscriber_before_they_leave() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let token = hub.both("EMERGENCY");
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        let reader = hub.reader("EMERGENCY", CITY);
        let mut sockets = Vec::new();
        for _ in 0..3 {
            let mut socket = Socket::greeted(address, &reader).await;
            socket.follow("1", json!({"families": ["AccidentVictim"]})).await;
            socket.page("1").await;
            sockets.push(socket);
        }
        let entries = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'subscription changes' AND outcome = 'OK'";
        assert_eq!(hub.db_count(entries).await, 0, "{backend:?}: empty pages are not audited");
        hub.submit(&token, "AccidentVictims", "ATOMIC", "k2", &[victim("V1", "A1", &man(1))]).await;
        for socket in &mut sockets {
            let page = socket.events("1").await;
            assert_eq!(page["events"][0]["record"]["victimNo"], "V1");
        }
        assert_eq!(hub.db_count(entries).await, 3, "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_stream_of_events_goes_on_from_the_last_identifier() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let (token, reader) = (hub.both("EMERGENCY"), hub.reader("EMERGENCY", CITY));
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        settled(&hub).await;
        let body = json!({"query": FOLLOW, "variables": {"families": ["Accident"]}});
        let mut events = Events::open(address, &reader, body.clone(), &[]).await;
        let (name, id, data) = events.event().await.expect("an event");
        let mut page = data["data"]["changes"].clone();
        if page["events"] == json!([]) {
            page = events.event().await.expect("an event").2["data"]["changes"].clone();
        }
        assert_eq!((name.as_str(), told(&page)), ("next", vec![("UPSERT", "A1")]), "{backend:?}");
        assert!(!id.is_empty());
        let last = page["cursor"].as_str().expect("a cursor").to_owned();
        drop(events);
        hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A2")]).await;
        let mut events = Events::open(address, &reader, body, &[("last-event-id", &last)]).await;
        in_time("an event behind the last one", async {
            loop {
                let (_, id, data) = events.event().await.expect("an event");
                let page = &data["data"]["changes"];
                assert_eq!(page["cursor"], json!(id));
                if page["events"] != json!([]) {
                    assert_eq!(
                        told(page),
                        [("UPSERT", "A2")],
                        "{backend:?}: what was told is not told again"
                    );
                    break;
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_continued_ends_a_subscription_with_resync() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        hub.submit(
            &hub.both("EMERGENCY"),
            "Accidents",
            "ATOMIC",
            "k1",
            &[accident("A1"), accident("A2")],
        )
        .await;
        crate::consumer::settled(&hub).await;
        let tomorrow = lianfang::context::OpCtx::begin("test").now() + chrono::Duration::days(1);
        assert_eq!(hub.services.database.feed_prune(tomorrow).await.expect("a cut"), 1);
        let mut socket = Socket::greeted(address, &hub.reader("EMERGENCY", CITY)).await;
        socket.follow("1", json!({"families": ["Accident"]})).await;
        let message = socket.hear().await;
        assert_eq!(
            (&message["type"], &message["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!("RESYNC")),
            "{message}"
        );
        let body = json!({"query": FOLLOW, "variables": {"families": ["Accident"]}});
        let mut events = Events::open(address, &hub.reader("EMERGENCY", CITY), body, &[]).await;
        let (_, _, data) = events.event().await.expect("an event");
        assert_eq!(data["errors"][0]["extensions"]["code"], "RESYNC", "{backend:?}");
        assert_eq!(events.event().await.map(|event| event.0), Some("complete".to_owned()));
    }
}

#[tokio::test]
async fn a_subscription_tells_everybody_exactly_what_the_query_tells_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let (emergency, social) = (hub.both("EMERGENCY"), hub.both("HRSS"));
        hub.submit(&social, "Persons", "ATOMIC", "k1", &[person("P1", &man(1))]).await;
        let building = with(accident("A1"), json!({"keyIndustry": "CONSTRUCTION"}));
        let taken =
            hub.submit(&emergency, "Accidents", "ATOMIC", "k2", &[building, accident("A2")]).await;
        hub.submit(&emergency, "AccidentVictims", "ATOMIC", "k3", &[victim("V1", "A1", &man(1))])
            .await;
        hub.submit(
            &social,
            "Persons",
            "ATOMIC",
            "k4",
            &[with(person("P1", &man(1)), json!({"regionCode": OTHER_COUNTY}))],
        )
        .await;
        hub.ask(&emergency, WITHDRAW, json!({"id": taken["verdicts"][1]["id"], "reason": "误报"}))
            .await;
        crate::consumer::settled(&hub).await;
        for department in ["HRSS", "EMERGENCY", "HEALTH", "HOUSING", "UNION", "MARKET"] {
            for region in [CITY, COUNTY, OTHER_COUNTY, "140200"] {
                let token = hub.reader(department, region);
                for families in
                    [json!(["Accident"]), json!(["AccidentVictim"]), json!(["Person"]), Value::Null]
                {
                    let asked =
                        Consumer::new(token.clone(), families.clone()).pull(&hub, 1000).await;
                    let mut socket = Socket::greeted(address, &token).await;
                    socket.follow("1", json!({"families": families})).await;
                    assert_eq!(
                        socket.page("1").await["events"],
                        json!(asked),
                        "{backend:?} {department} {region} {families}"
                    );
                }
            }
        }
    }
}
