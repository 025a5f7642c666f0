//! What is owed: yearly returns by plan, and the clocks of single cases from the records that may
//! be read.

use chrono::{Days, NaiveDate};
use lianfang::{
    authz::meeting::Seat,
    context::OpCtx,
    domain::{clock::shanghai_date, code::Coded as _, deadline::DueState, region::RegionCode},
    meeting::{
        obligations::{DutyKind, ObligationsQuery},
        returns::MeetingContext,
        rulebook::Rulebook,
    },
};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, FOREIGN_COUNTY, accident, disease, injury, man, with},
    support::{TestHub, backends},
};

const NODES: &str = "nodes { kind state due enforcedFrom start done department regionCode recordId recordFamily dataYear finality rule \
                     unknownYear } pageInfo { hasNextPage endCursor }";

async fn items(hub: &TestHub, token: &str, arguments: &str) -> Vec<Value> {
    let data = hub.data(token, &format!("{{ obligations({arguments}) {{ {NODES} }} }}")).await;
    data["obligations"]["nodes"].as_array().expect("nodes").clone()
}

fn today() -> NaiveDate {
    shanghai_date(OpCtx::begin("test").now())
}

/// Years after the plan of 2021 to 2025 whose figures are owed by its standing rule.
fn carried_years() -> usize {
    usize::try_from(chrono::Datelike::year(&today()) - 2025).expect("the plan has ended")
}

fn days_ago(days: u64) -> String {
    (today() - Days::new(days)).to_string()
}

#[tokio::test]
async fn each_department_owes_its_yearly_returns_and_signing_settles_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let lead = hub.reader("HRSS", CITY);
        let of = "region: \"140600\", kind: ACCIDENT_RETURN, department: EMERGENCY";
        let owed = items(&hub, &lead, of).await;
        let days: Vec<(i64, &str, &str)> = owed
            .iter()
            .map(|item| {
                (
                    item["dataYear"].as_i64().unwrap_or_default(),
                    item["due"].as_str().unwrap_or_default(),
                    item["finality"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            days[..7],
            [
                (2019, "2021-07-31", "FINAL"),
                (2021, "2022-02-28", "FINAL"),
                (2022, "2023-02-28", "FINAL"),
                (2023, "2024-02-29", "FINAL"),
                (2024, "2025-02-28", "FINAL"),
                (2025, "2025-12-31", "PROVISIONAL"),
                (2025, "2026-02-28", "FINAL"),
            ],
            "and what is carried after the plan"
        );
        assert!(owed.iter().take(7).all(|item| item["state"] == "OVERDUE"
            && item["rule"].as_str().is_some_and(|rule| rule.starts_with("RETURN_"))));
        assert_eq!(
            owed[0]["enforcedFrom"], "2021-12-10",
            "the plan was issued after its first deadline"
        );
        assert_eq!(owed[1]["enforcedFrom"], Value::Null);
        let sign = |more: &str| {
            format!(
                "mutation {{ signReturn(input: {{region: \"{CITY}\", {more}}}) {{ version }} }}"
            )
        };
        hub.data(&hub.token("EMERGENCY", CITY, &["STEWARD"]), &sign("year: 2025")).await;
        let states: Vec<Value> = items(&hub, &lead, of)
            .await
            .into_iter()
            .filter(|item| item["dataYear"] == 2025)
            .map(|item| item["state"].clone())
            .collect();
        assert_eq!(
            states,
            ["DONE_LATE", "DONE_LATE"],
            "final figures answer for the provisional ones too"
        );
        let county = items(
            &hub,
            &hub.reader("HRSS", COUNTY),
            "region: \"140602\", from: \"2024-01-01\", to: \"2024-12-31\"",
        )
        .await;
        let departments: Vec<&str> =
            county.iter().filter_map(|item| item["department"].as_str()).collect();
        assert_eq!(
            departments,
            ["EMERGENCY", "HOUSING", "TRANSPORT", "HEALTH"],
            "the county owes them to the county"
        );
        assert_eq!(
            hub.code(&lead, &format!("{{ obligations(region: \"140200\") {{ {NODES} }} }}")).await,
            "FORBIDDEN"
        );
        let province =
            items(&hub, &hub.reader("HRSS", "140000"), "region: \"140000\", kind: PLAN_REPORT")
                .await;
        assert_eq!(province.len(), 5);
        assert_eq!(province[4]["due"], "2025-12-31");
    }
}

#[tokio::test]
async fn nothing_is_overdue_before_the_plan_was_issued() {
    let hub = TestHub::sqlite().await;
    let rules = Rulebook::load(&hub.services.reference).expect("the rules hold");
    let token = hub.reader("HRSS", CITY);
    let real = OpCtx::begin("test");
    let actor = hub
        .services
        .tokens
        .check(&hub.services.policy, &token, real.now().timestamp())
        .expect("a caller");
    let seat = Seat::new(&hub.services.policy, &actor, &RegionCode::parse(CITY).expect("a region"))
        .expect("a seat");
    for (instant, state) in [
        ("2021-09-01T08:00:00Z", DueState::NotDue),
        ("2021-12-10T08:00:00Z", DueState::DueSoon),
        ("2021-12-11T08:00:00Z", DueState::Overdue),
    ] {
        let ctx = OpCtx::at(instant.parse().expect("an instant"), "test");
        let sitting = MeetingContext {
            services: &hub.services,
            rules: &rules,
            ctx: &ctx,
            actor: &actor,
            seat: &seat,
        };
        let kind = DutyKind::from_code("ACCIDENT_RETURN");
        let asked = ObligationsQuery {
            kind,
            department: Some("EMERGENCY".to_owned()),
            first: 1,
            ..ObligationsQuery::default()
        };
        let page = sitting.obligations(&asked).await.expect("a page");
        assert_eq!(page.items[0].state, state, "{instant}");
        assert_eq!(page.items[0].due.to_string(), "2021-07-31");
    }
}

#[tokio::test]
async fn decisions_are_counted_from_acceptance_with_suspension() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k0", vec![accident("A1")]).await;
        let open = json!({"result": null, "article": null, "appliedAt": "2024-03-10", "acceptedAt": "2024-03-12", "applicantKind": "EMPLOYER"});
        let case = |number: u32, changes: Value| {
            with(with(injury(&format!("W{number}"), "A1", &man(number)), open.clone()), changes)
        };
        let rows = vec![
            case(1, json!({})),
            case(
                2,
                json!({"decidedAt": "2024-05-13", "result": "RECOGNIZED", "article": "ART14_1"}),
            ),
            case(
                3,
                json!({"decidedAt": "2024-05-20", "result": "RECOGNIZED", "article": "ART14_1"}),
            ),
            case(
                4,
                json!({"decidedAt": "2024-05-20", "suspendedDays": 10, "result": "RECOGNIZED", "article": "ART14_1"}),
            ),
            case(5, json!({"suspendedSince": "2024-04-01"})),
            case(
                6,
                json!({"simpleCase": true, "decidedAt": "2024-04-01", "result": "RECOGNIZED", "article": "ART14_1"}),
            ),
            case(
                7,
                json!({"appliedAt": days_ago(3), "acceptedAt": days_ago(2), "injuredAt": days_ago(10)}),
            ),
            case(8, json!({"result": "TERMINATED"})),
            case(9, json!({"regionCode": "140603"})),
        ];
        hub.take("HRSS", "WorkInjury", "k1", rows).await;
        let lead = hub.reader("HRSS", CITY);
        let owed =
            items(&hub, &lead, &format!("region: \"{COUNTY}\", kind: RECOGNITION_DECISION")).await;
        let states: Vec<(&str, &str)> = owed
            .iter()
            .map(|item| {
                (
                    item["due"].as_str().unwrap_or_default(),
                    item["state"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        // The 60th day is Saturday the 11th of May 2024, which is worked.
        let (fast, day) = ("2024-03-27", "2024-05-11");
        assert_eq!(states.len(), 7, "{states:?}");
        assert!(
            states.contains(&(day, "OVERDUE"))
                && states.contains(&(day, "DONE_LATE"))
                && states.contains(&("2024-05-21", "DONE"))
        );
        assert_eq!(states.iter().filter(|(_, state)| *state == "DONE_LATE").count(), 3);
        assert!(states.contains(&(fast, "DONE_LATE")), "fifteen days where facts are clear");
        assert!(states.iter().any(|(_, state)| *state == "SUSPENDED"));
        assert!(states.iter().any(|(_, state)| *state == "NOT_DUE"));
        for (state, count) in [
            ("OVERDUE", 1),
            ("DONE", 1),
            ("DONE_LATE", 3),
            ("SUSPENDED", 1),
            ("NOT_DUE", 1),
            ("DUE_SOON", 0),
        ] {
            let own = items(
                &hub,
                &lead,
                &format!("region: \"{COUNTY}\", kind: RECOGNITION_DECISION, state: {state}"),
            )
            .await;
            assert_eq!(own.len(), count, "{state}: {own:?}");
            assert!(
                own.iter().all(
                    |item| item["recordFamily"] == "WorkInjury" && item["regionCode"] == COUNTY
                )
            );
        }
        let window = format!(
            "region: \"{CITY}\", kind: RECOGNITION_DECISION, from: \"{day}\", to: \"{day}\""
        );
        assert_eq!(
            items(&hub, &lead, &window).await.len(),
            4,
            "the county next door is one of them"
        );
        let applied = items(
            &hub,
            &lead,
            &format!("region: \"{COUNTY}\", kind: RECOGNITION_APPLICATION, state: DONE"),
        )
        .await;
        assert_eq!(applied.len(), 8);
        assert!(applied.iter().all(|item| item["rule"] == "RECOGNITION_EMPLOYER"));
        // Another city's office knows nothing of them.
        let other = items(
            &hub,
            &hub.reader("HRSS", "140200"),
            &format!("region: \"{FOREIGN_COUNTY}\", kind: RECOGNITION_DECISION"),
        )
        .await;
        assert!(other.is_empty());
    }
}

#[tokio::test]
async fn accidents_start_the_clocks_of_notices_and_of_a_changed_toll() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let at = |time: &str| format!("2024-03-05T{time}:00+08:00");
        let rows = vec![
            with(
                accident("A1"),
                json!({"reportedAt": at("10:00"), "hrssNotifiedAt": at("11:59"), "unionNotifiedAt": at("12:01")}),
            ),
            with(
                accident("A2"),
                json!({"tollChangedAt": "2024-03-20", "tollReportedAt": "2024-04-04", "roadTraffic": false, "fire": false}),
            ),
            with(
                accident("A3"),
                json!({"tollChangedAt": "2024-03-20", "tollReportedAt": "2024-04-05", "roadTraffic": false, "fire": false}),
            ),
            with(
                accident("A4"),
                json!({"tollChangedAt": "2024-03-10", "roadTraffic": true, "keyIndustry": "MACHINERY"}),
            ),
            with(accident("A5"), json!({"tollChangedAt": "2024-05-10"})),
        ];
        let reported = json!({"reportedAt": at("10:00")});
        let rows = rows.into_iter().map(|row| with(row, reported.clone())).collect();
        hub.take("EMERGENCY", "Accident", "k1", rows).await;
        let union = hub.reader("UNION", CITY);
        let states = async |kind: &str| {
            let mut states: Vec<String> =
                items(&hub, &union, &format!("region: \"{CITY}\", kind: {kind}"))
                    .await
                    .iter()
                    .map(|item| item["state"].as_str().unwrap_or_default().to_owned())
                    .collect();
            states.sort();
            states
        };
        assert_eq!(
            states("NOTICE_HRSS").await,
            ["DONE", "OVERDUE", "OVERDUE", "OVERDUE", "OVERDUE"]
        );
        assert_eq!(
            states("NOTICE_UNION").await,
            ["DONE_LATE", "OVERDUE", "OVERDUE", "OVERDUE", "OVERDUE"]
        );
        assert_eq!(
            states("TOLL_CHANGE").await,
            ["DONE", "DONE_LATE", "OVERDUE"],
            "what changes after the window is not asked for"
        );
        let traffic =
            items(&hub, &union, &format!("region: \"{CITY}\", kind: TOLL_CHANGE, state: OVERDUE"))
                .await;
        assert_eq!(
            (&traffic[0]["due"], &traffic[0]["rule"]),
            (&json!("2024-03-12"), &json!("TOLL_CHANGE_TRAFFIC_FIRE"))
        );
        // 卫健 reads public facts of accidents only: a notice it may not read does not look as if
        // it were missing.
        let health = hub.reader("HEALTH", CITY);
        let question =
            format!("{{ obligations(region: \"{CITY}\", kind: NOTICE_HRSS) {{ {NODES} }} }}");
        assert_eq!(hub.code(&health, &question).await, "FORBIDDEN");
        assert!(
            items(&hub, &health, &format!("region: \"{CITY}\""))
                .await
                .iter()
                .all(|item| item["recordId"] == Value::Null)
        );
    }
}

#[tokio::test]
async fn a_clock_that_starts_on_a_sensitive_day_is_for_those_who_may_read_that_day() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = vec![
            with(disease("D1", &man(1)), json!({"reportedOn": "2024-03-20"})),
            with(disease("D2", &man(2)), json!({"reportedOn": "2024-03-21"})),
            with(disease("D3", &man(3)), json!({})),
        ];
        hub.take("HEALTH", "OccupationalDiseaseCase", "k1", rows).await;
        let ask = |kind: &str| {
            format!("{{ obligations(region: \"{CITY}\", kind: {kind}) {{ {NODES} }} }}")
        };
        let states = async |token: &str, kind: &str| {
            let data = hub.data(token, &ask(kind)).await;
            let nodes = data["obligations"]["nodes"].as_array().expect("nodes").clone();
            nodes
                .iter()
                .map(|item| item["state"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        let mut own = states(&hub.reader("HEALTH", CITY), "DISEASE_REPORT").await;
        own.sort();
        assert_eq!(own, ["DONE", "DONE_LATE", "UNDECIDED"], "a card without its day was reported");
        for department in ["HRSS", "UNION", "EMERGENCY", "FINANCE"] {
            let token = hub.reader(department, CITY);
            assert_eq!(hub.code(&token, &ask("DISEASE_REPORT")).await, "FORBIDDEN", "{department}");
            let all = items(
                &hub,
                &token,
                &format!("region: \"{CITY}\", from: \"2024-03-01\", to: \"2024-12-31\""),
            )
            .await;
            assert!(
                all.iter().all(|item| item["recordFamily"] != "OccupationalDiseaseCase"),
                "{department}"
            );
        }
        let before = hub.db_count("SELECT COUNT(*) FROM audit_entries").await;
        let case = hub.token_for("HRSS", CITY, &["READER"], "RECOGNITION", Some("T-1"));
        assert_eq!(
            states(&case, "RECOGNITION_APPLICATION").await,
            ["OVERDUE", "OVERDUE", "OVERDUE"],
            "nobody has applied for these cases"
        );
        assert_eq!(
            hub.db_count("SELECT COUNT(*) FROM audit_entries").await,
            before + 1,
            "a sensitive day was shown"
        );
        assert_eq!(states(&hub.reader("HRSS", CITY), "RECOGNITION_APPLICATION").await, [""; 0]);
    }
}

#[tokio::test]
async fn pages_lose_and_repeat_nothing_and_cursors_belong_to_their_question() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = (1..=23).map(|number| {
            with(
                accident(&format!("A{number}")),
                json!({"occurredAt": format!("2024-03-{number:02}T09:30:00+08:00")}),
            )
        });
        hub.take("EMERGENCY", "Accident", "k1", rows.collect()).await;
        let token = hub.reader("UNION", CITY);
        let whole = items(&hub, &token, &format!("region: \"{CITY}\", first: 200")).await;
        assert_eq!(
            whole.len(),
            28 + 4 * carried_years() + 23 * 2,
            "yearly ones of four departments, and two notices of each accident"
        );
        let mut after = String::new();
        let mut paged = Vec::new();
        loop {
            let more =
                if after.is_empty() { String::new() } else { format!(", after: \"{after}\"") };
            let data = hub
                .data(
                    &token,
                    &format!("{{ obligations(region: \"{CITY}\", first: 7{more}) {{ {NODES} }} }}"),
                )
                .await;
            paged.extend(data["obligations"]["nodes"].as_array().expect("nodes").clone());
            if data["obligations"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after =
                data["obligations"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        }
        assert_eq!(paged, whole);
        for (token, arguments) in [
            (&token, format!("region: \"{CITY}\", state: OVERDUE, after: \"{after}\"")),
            (&hub.reader("HRSS", CITY), format!("region: \"{CITY}\", after: \"{after}\"")),
            (&token, format!("region: \"{CITY}\", after: \"nonsense\"")),
        ] {
            assert_eq!(
                hub.code(token, &format!("{{ obligations({arguments}) {{ {NODES} }} }}")).await,
                "BAD_USER_INPUT",
                "{arguments}"
            );
        }
    }
}
