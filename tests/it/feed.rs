//! The change feed: what is told, to whom, in which order, and what is not.

use lianfang::app::{self, Settings};
use migration::Migrator;
use sea_orm_migration::{
    MigratorTrait as _,
    sea_orm::{ConnectionTrait as _, Database as Connection, TransactionTrait as _},
};
use serde_json::{Value, json};

use crate::{
    consumer::{Consumer, PAGE, WITHDRAW, settled},
    samples::{CITY, COUNTY, FOREIGN_COUNTY, OTHER_COUNTY, accident, man, person, victim, with},
    support::{Backend, TestHub, backends},
};

fn summary(events: &[Value]) -> Vec<(&str, i64)> {
    events
        .iter()
        .map(|event| {
            (
                event["kind"].as_str().unwrap_or_default(),
                event["version"].as_i64().unwrap_or_default(),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_change_arrives_once_and_in_order_and_going_on_from_the_cursor_loses_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1"), accident("A2")]).await;
        hub.submit(
            &token,
            "Accidents",
            "ATOMIC",
            "k2",
            &[with(accident("A1"), json!({"deaths": 2}))],
        )
        .await;
        hub.submit(&token, "AccidentVictims", "ATOMIC", "k3", &[victim("V1", "A1", &man(1))]).await;
        let mut whole = Consumer::new(token.clone(), Value::Null);
        let all = whole.pull(&hub, 1000).await;
        assert_eq!(
            summary(&all),
            [("UPSERT", 1), ("UPSERT", 1), ("UPSERT", 2), ("UPSERT", 1)],
            "{backend:?}"
        );
        let names: Vec<_> = all
            .iter()
            .map(|event| event["record"]["accidentNo"].as_str().unwrap_or("V1"))
            .collect();
        assert_eq!(names, ["A1", "A2", "A1", "V1"]);
        assert_eq!((&all[0]["changed"], &all[0]["previousVersion"]), (&json!([]), &Value::Null));
        assert_eq!(
            (&all[2]["changed"], &all[2]["previousVersion"]),
            (&json!(["deaths", "casualties"]), &json!(1)),
            "{}",
            all[2]
        );
        assert_eq!(all[0]["record"]["deaths"], 2, "a record is shown as it is now");
        assert!(all.iter().all(|event| event["at"].is_string()));
        let mut single = Consumer::new(token.clone(), Value::Null);
        assert_eq!(single.pull(&hub, 1).await, all, "{backend:?}: one at a time");
        assert_eq!(single.pull(&hub, 1).await, Vec::<Value>::new());
        // A hub started again takes the cursor up.
        let (catalogue, policy) = (hub.services.catalogue.clone(), hub.services.policy.clone());
        let again = app::start(
            hub.database.clone(),
            catalogue,
            policy,
            hub.keys.clone(),
            Settings::default(),
        )
        .await
        .expect("a hub");
        let again = TestHub::beside(&hub, again.0, again.1);
        let token = again.both("EMERGENCY");
        again
            .submit(
                &token,
                "Accidents",
                "ATOMIC",
                "k4",
                &[with(accident("A2"), json!({"deaths": 3})), accident("A3")],
            )
            .await;
        single.token = token;
        let rest = single.pull(&again, 7).await;
        let mut rest: Vec<_> =
            rest.iter().map(|event| (&event["record"]["accidentNo"], &event["version"])).collect();
        rest.sort_by_key(|(number, _)| number.to_string());
        assert_eq!(rest, [(&json!("A2"), &json!(2)), (&json!("A3"), &json!(1))], "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_withdrawn_record_arrives_as_a_tombstone_with_its_reason() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let first = hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        let id = first["verdicts"][0]["id"].clone();
        // 人社 reads internal facts of accidents, 卫健 public ones only; numbers of versions only
        // who sees all that may change.
        let mut inside = Consumer::new(hub.reader("HRSS", CITY), json!(["Accident"]));
        let mut outside = Consumer::new(hub.reader("HEALTH", CITY), json!(["Accident"]));
        assert_eq!(summary(&inside.pull(&hub, 10).await), [("UPSERT", 0)]);
        assert_eq!(
            summary(&outside.pull(&hub, 10).await),
            [("UPSERT", 0)],
            "{backend:?}: no version is shown"
        );
        hub.ask(&token, WITHDRAW, json!({"id": id, "reason": "误报"})).await;
        let told = inside.pull(&hub, 10).await;
        assert_eq!(
            (summary(&told), &told[0]["id"], &told[0]["reason"]),
            (vec![("TOMBSTONE", 0)], &id, &json!("误报")),
            "{backend:?}"
        );
        let told = outside.pull(&hub, 10).await;
        assert_eq!(summary(&told), [("TOMBSTONE", 0)]);
        for field in ["version", "previousVersion", "reason", "at"] {
            assert_eq!(told[0][field], Value::Null, "{backend:?}: {field}");
        }
        // Who begins now is told of each change what holds now.
        let late = Consumer::new(inside.token.clone(), json!(["Accident"])).pull(&hub, 10).await;
        assert_eq!(summary(&late), [("TOMBSTONE", 0), ("TOMBSTONE", 0)]);
        hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A1")]).await;
        assert_eq!(
            summary(&inside.pull(&hub, 10).await),
            [("UPSERT", 0)],
            "handed in again it is back"
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_record_that_moves_is_deleted_where_it_was_seen_and_arrives_where_it_is_seen_and_nobody_else_hears_of_it()
 {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let (social, emergency) = (hub.both("HRSS"), hub.both("EMERGENCY"));
        hub.submit(&social, "Persons", "ATOMIC", "k1", &[person("P1", &man(1))]).await;
        let building = with(accident("A1"), json!({"keyIndustry": "CONSTRUCTION"}));
        hub.submit(&emergency, "Accidents", "ATOMIC", "k2", &[building]).await;
        hub.submit(&emergency, "AccidentVictims", "ATOMIC", "k3", &[victim("V1", "A1", &man(1))])
            .await;
        let consumer = |department: &str, region: &str| {
            Consumer::new(hub.reader(department, region), json!(["Person", "AccidentVictim"]))
        };
        let mut here = [consumer("HRSS", COUNTY), consumer("EMERGENCY", COUNTY)];
        let mut there = [consumer("HRSS", OTHER_COUNTY), consumer("EMERGENCY", OTHER_COUNTY)];
        let mut builders = consumer("HOUSING", CITY);
        let mut nobody = [
            consumer("HRSS", FOREIGN_COUNTY),
            consumer("MARKET", CITY),
            consumer("HEALTH", COUNTY),
        ];
        assert_eq!(here[0].pull(&hub, 10).await.len(), 2, "人社 sees victims of its county too");
        assert_eq!(here[1].pull(&hub, 10).await.len(), 1);
        assert_eq!(builders.pull(&hub, 10).await.len(), 1, "{backend:?}: 住建 sees its industry");
        for other in there.iter_mut().chain(&mut nobody) {
            assert!(other.pull(&hub, 10).await.is_empty(), "{backend:?}");
        }
        let moved = with(person("P1", &man(1)), json!({"regionCode": OTHER_COUNTY}));
        hub.submit(&social, "Persons", "ATOMIC", "k4", &[moved]).await;
        let moved =
            with(accident("A1"), json!({"regionCode": OTHER_COUNTY, "keyIndustry": "COAL_MINE"}));
        hub.submit(&emergency, "Accidents", "ATOMIC", "k5", &[moved]).await;
        for (consumer, count) in here.iter_mut().zip([2, 1]) {
            let told = consumer.pull(&hub, 10).await;
            assert_eq!(
                summary(&told),
                vec![("TOMBSTONE", 0); count],
                "{backend:?}: where it went is not told"
            );
            assert!(
                told.iter().all(|event| event["changed"] == json!([]) && event["at"].is_null()),
                "{told:?}"
            );
            assert!(consumer.copy.is_empty());
        }
        assert_eq!(
            summary(&builders.pull(&hub, 10).await),
            [("TOMBSTONE", 0)],
            "{backend:?}: another industry now"
        );
        // 人社 does not see all that may change of an accident, so no number of it.
        for (consumer, versions) in there.iter_mut().zip([vec![2, 0], vec![2]]) {
            let told = consumer.pull(&hub, 10).await;
            let expected: Vec<_> = versions.iter().map(|version| ("UPSERT", *version)).collect();
            assert_eq!(summary(&told), expected, "{backend:?}");
            assert!(consumer.copy.values().all(|record| record["regionCode"] == OTHER_COUNTY));
        }
        for other in &mut nobody {
            let answer = other.page(&hub, 10).await;
            assert_eq!(answer["data"]["changes"]["events"], json!([]), "{backend:?}");
            assert_eq!(answer["data"]["changes"]["more"], false);
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn who_may_not_read_a_family_hears_nothing_of_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "k1", vec![person("P1", &man(1))]).await;
        hub.take("EMERGENCY", "Accident", "k2", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "k3", vec![victim("V1", "A1", &man(1))]).await;
        for (department, seen) in [("MARKET", 0), ("UNION", 2), ("HRSS", 3)] {
            let mut all = Consumer::new(hub.reader(department, CITY), Value::Null);
            assert_eq!(all.pull(&hub, 10).await.len(), seen, "{backend:?}: {department}");
        }
        let mut named = Consumer::new(hub.reader("UNION", CITY), json!(["Person"]));
        assert!(named.pull(&hub, 10).await.is_empty(), "{backend:?}: counted but not listed");
        assert!(named.after.is_string(), "a cursor is given even so");
        let mut masked = Consumer::new(hub.reader("UNION", CITY), json!(["AccidentVictim"]));
        let before = hub.db_count("SELECT COUNT(*) FROM audit_entries").await;
        let told = masked.pull(&hub, 10).await;
        assert_eq!(
            (&told[0]["record"]["name"], &told[0]["record"]["bodyPart"]),
            (&json!("王*"), &Value::Null),
            "{backend:?}"
        );
        assert_eq!(
            hub.db_count("SELECT COUNT(*) FROM audit_entries").await,
            before + 1,
            "persons are shown and audited"
        );
        // What changed is named only where all of it may be read.
        let changed = with(
            victim("V1", "A1", &man(1)),
            json!({"bodyPart": "右手", "name": "王大明", "injuryDegree": "MINOR"}),
        );
        hub.take("EMERGENCY", "AccidentVictim", "k4", vec![changed]).await;
        assert_eq!(
            masked.pull(&hub, 10).await[0]["changed"],
            json!(["injuryDegree"]),
            "{backend:?}"
        );
        let owner = Consumer::new(hub.reader("EMERGENCY", CITY), json!(["AccidentVictim"]))
            .pull(&hub, 10)
            .await;
        assert_eq!(owner[1]["changed"], json!(["name", "injuryDegree", "bodyPart"]), "{backend:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_organisation_or_other_families_or_made_up_is_refused() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k", vec![accident("A1")]).await;
        let mut own = Consumer::new(hub.reader("EMERGENCY", CITY), json!(["Accident", "Person"]));
        own.pull(&hub, 10).await;
        let code = async |token: &str, families: Value, after: Value| {
            let answer = hub
                .ask(token, PAGE, json!({"after": after, "families": families, "first": 10}))
                .await;
            answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
        };
        let turned = json!(["Person", "Accident", "Person"]);
        assert_eq!(
            code(&own.token, turned, own.after.clone()).await,
            "",
            "{backend:?}: the order does not matter"
        );
        for token in [
            hub.reader("HRSS", CITY),
            hub.reader("EMERGENCY", COUNTY),
            hub.token("EMERGENCY", CITY, &["READER", "SUBMITTER"]),
            hub.token_for("EMERGENCY", CITY, &["READER"], "INVESTIGATION", Some("T-1")),
        ] {
            assert_eq!(
                code(&token, own.families.clone(), own.after.clone()).await,
                "BAD_USER_INPUT",
                "{backend:?}"
            );
        }
        for families in
            [json!(["Accident"]), json!(["Accident", "Person", "Employer"]), Value::Null]
        {
            assert_eq!(
                code(&own.token, families, own.after.clone()).await,
                "BAD_USER_INPUT",
                "{backend:?}"
            );
        }
        let listed = hub.data(&own.token, "{ accidents { pageInfo { endCursor } } }").await;
        for made_up in [
            json!(""),
            json!("AAAA"),
            json!("王"),
            listed["accidents"]["pageInfo"]["endCursor"].clone(),
        ] {
            assert_eq!(
                code(&own.token, own.families.clone(), made_up).await,
                "BAD_USER_INPUT",
                "{backend:?}"
            );
        }
        for families in [json!([]), json!(["accident"]), json!(["Accident", "Nothing"])] {
            assert_eq!(
                code(&own.token, families, Value::Null).await,
                "BAD_USER_INPUT",
                "{backend:?}"
            );
        }
        for first in ["0", "-1", "1001"] {
            let query = format!("{{ changes(first: {first}) {{ more }} }}");
            assert_eq!(hub.code(&own.token, &query).await, "BAD_USER_INPUT", "{first}");
        }
        let answer = hub.ask_in_english(&own.token, PAGE, json!({"after": "AAAA"})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains("without `after`"), "it says what to do: {message}");
    }
}

#[tokio::test]
async fn a_transaction_that_began_earlier_and_commits_later_is_not_skipped() {
    let hub = TestHub::on(Backend::Postgres).await;
    hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
    let mut consumer = Consumer::new(hub.reader("EMERGENCY", CITY), json!(["Accident"]));
    assert_eq!(consumer.pull(&hub, 10).await.len(), 1);
    let other = Connection::connect(&hub.url).await.expect("another connection");
    let slow = other.begin().await.expect("a transaction");
    let insert = "INSERT INTO change_events (family, record_id, version, kind, at, region_code, department, key_industry) \
                  SELECT 'Accident', id, 2, 'UPSERT', now(), region_code, department, key_industry FROM accidents";
    slow.execute_unprepared(insert).await.expect("an event");
    hub.take("EMERGENCY", "Accident", "k2", vec![accident("A2")]).await;
    for _ in 0..3 {
        let answer = consumer.page(&hub, 10).await;
        assert_eq!(
            answer["data"]["changes"]["events"],
            json!([]),
            "the later one waits for the earlier"
        );
        consumer.after = answer["data"]["changes"]["cursor"].clone();
    }
    slow.commit().await.expect("committed");
    let told = consumer.pull(&hub, 10).await;
    let names: Vec<_> =
        told.iter().map(|event| (&event["record"]["accidentNo"], &event["version"])).collect();
    assert_eq!(names, [(&json!("A1"), &json!(2)), (&json!("A2"), &json!(1))]);
}

#[tokio::test]
async fn who_may_see_few_of_many_changes_still_goes_forward() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "k1", vec![person("P1", &man(1))]).await;
        let (id, at) = match backend {
            Backend::Sqlite => {
                ("x'01900000000070008000000000000001'", "'2024-01-01T00:00:00+00:00'")
            }
            Backend::Postgres => ("'01900000-0000-7000-8000-000000000001'::uuid", "now()"),
        };
        let many = |family: &str, region: &str| {
            format!(
                "INSERT INTO change_events (family, record_id, version, kind, at, region_code, department) \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000) \
                 SELECT '{family}', {id}, i, 'UPSERT', {at}, '{region}', 'HRSS' FROM n"
            )
        };
        hub.db_run(&many("Person", FOREIGN_COUNTY)).await;
        hub.take("HRSS", "Person", "k2", vec![person("P2", &man(2))]).await;
        settled(&hub).await;
        let pages = async |department: &str| {
            let mut consumer = Consumer::new(hub.reader(department, COUNTY), Value::Null);
            let mut pages = Vec::new();
            loop {
                let page = consumer.page(&hub, 10).await["data"]["changes"].clone();
                consumer.after = page["cursor"].clone();
                pages.push(page["events"].as_array().map_or(0, Vec::len));
                if page["more"] == false {
                    return pages;
                }
            }
        };
        assert_eq!(pages("HRSS").await, [2], "{backend:?}: those of others cost nothing");
        // What others hand in of the same region is passed over.
        hub.take("EMERGENCY", "Accident", "k3", vec![accident("A1")]).await;
        hub.db_run(&many("Employment", COUNTY)).await;
        hub.take("EMERGENCY", "Accident", "k4", vec![accident("A2")]).await;
        settled(&hub).await;
        assert_eq!(pages("EMERGENCY").await.iter().sum::<usize>(), 2, "{backend:?}");
        assert_eq!(pages("HEALTH").await.iter().sum::<usize>(), 2, "{backend:?}");
        // A department that lists only records of its own is led past those of another in windows.
        let housing = pages("HOUSING").await;
        assert_eq!(housing.iter().sum::<usize>(), 0, "{backend:?} {housing:?}");
        assert!(housing.len() > 1, "{backend:?} {housing:?}");
    }
}

#[tokio::test]
async fn a_store_from_before_is_given_the_places_of_its_records() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "k2", vec![victim("V1", "A1", &man(1))]).await;
        let later = Migrator::migrations()
            .into_iter()
            .rev()
            .take_while(|change| change.name() != "m20261124_000005_event_places");
        let steps = u32::try_from(later.count() + 1).expect("few");
        Migrator::down(hub.database.migrations(), Some(steps)).await.expect("back");
        app::migrate(&hub.database).await.expect("forward");
        hub.database.adopt(&hub.services.catalogue).await.expect("taken over as it is");
        let mut consumer = Consumer::new(hub.reader("EMERGENCY", COUNTY), Value::Null);
        assert_eq!(
            summary(&consumer.pull(&hub, 10).await),
            [("UPSERT", 1), ("UPSERT", 1)],
            "{backend:?}"
        );
        // The log of this hub was chained with a key before it went back, as no log from before
        // was: its records are looked at.
        let (database, services) = (&hub.database, &hub.services);
        let checks =
            lianfang::store::verify::records(database, &services.catalogue, Some(&services.seal))
                .await
                .expect("checks");
        for check in checks {
            assert_eq!(check.wrong, 0, "{backend:?} {}: {} looked at", check.name, check.looked);
        }
    }
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_changes() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("EMERGENCY", CITY);
        let query = "{ changes(first: 1000) { more events { kind changed record { id ... on Accident { accidentNo victims { name } } \
                     ... on AccidentVictim { name accident { accidentNo } } } } } }";
        let mut counts = Vec::new();
        for (from, count) in [(0, 1), (1, 60)] {
            let range = || from..from + count;
            hub.take(
                "EMERGENCY",
                "Accident",
                &format!("a{from}"),
                range().map(|n| accident(&format!("A{n}"))).collect(),
            )
            .await;
            let victims = range().map(|n| victim(&format!("V{n}"), &format!("A{n}"), &man(n)));
            hub.take("EMERGENCY", "AccidentVictim", &format!("v{from}"), victims.collect()).await;
            settled(&hub).await;
            let before = hub.services.database.statements();
            let page = hub.data(&token, query).await;
            counts.push(hub.services.database.statements() - before);
            assert_eq!(
                page["changes"]["events"].as_array().map(Vec::len),
                Some(2 * (from + count) as usize),
                "{backend:?}"
            );
        }
        assert_eq!(counts[0], counts[1], "{backend:?}");
        // Horizon, regions, events; two families with a level below each; three for the audit
        // entry, of which one is the end of the log.
        assert!(counts[0] <= 10, "{backend:?}: {} statements", counts[0]);
    }
}

#[tokio::test]
async fn a_page_is_measured_by_the_most_changes_it_may_hold() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    let cost = async |arguments: &str| {
        let answer = hub
            .ask(&token, &format!("{{ changes{arguments} {{ events {{ id }} }} }}"), json!({}))
            .await;
        answer["extensions"]["cost"]["estimated"].as_i64().unwrap_or_default()
    };
    let counted = [
        cost("").await,
        cost("(first: 10)").await,
        cost("(first: 1000)").await,
        cost("(first: 9000)").await,
    ];
    assert_eq!(counted, [401, 21, 2001, 2001]);
    let query = "{ changes(first: 1000) { events { record { ... on Accident { victims(first: 200) { id name victimNo person { id } } \
                 } } } } }";
    assert_eq!(hub.code(&token, query).await, "TOO_COMPLEX");
}
