//! Obligations of records that leave a fact out on which their clock rests: what is not known is
//! not "no".

use chrono::TimeDelta;
use lianfang::context::OpCtx;
use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, disease, injury, man, with},
    support::{Row, TestHub, backends},
};

/// What is said of each record of a kind: state, last day, rule and the empty fields, in order of
/// the last day.
async fn said(hub: &TestHub, department: &str, arguments: &str) -> Vec<String> {
    let document = format!(
        "{{ obligations(region: \"{CITY}\", {arguments}) {{ nodes {{ state due rule unknownFields done }} }} }}"
    );
    let data = hub.data(&hub.reader(department, CITY), &document).await;
    let nodes = data["obligations"]["nodes"].as_array().expect("nodes").clone();
    let mut said: Vec<String> = nodes
        .iter()
        .map(|node| {
            let fields: Vec<&str> = node["unknownFields"]
                .as_array()
                .expect("fields")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {} [{}]", text("due"), text("state"), text("rule"), fields.join(" "))
        })
        .collect();
    said.sort();
    said
}

#[tokio::test]
async fn an_accident_of_unknown_kind_is_not_taken_for_one_that_is_neither_traffic_nor_fire() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let of = |number: &str, day: u32, changes: Value| -> Row {
            let start = json!({"occurredAt": format!("2024-03-{day:02}T09:30:00+08:00")});
            with(with(accident(number), start), changes)
        };
        let rows = vec![
            // Reported within 7 days: in time, whatever it was.
            of("A1", 1, json!({"tollChangedAt": "2024-03-02", "tollReportedAt": "2024-03-03"})),
            // Within 30 days, after 7.
            of("A2", 2, json!({"tollChangedAt": "2024-03-03", "tollReportedAt": "2024-03-20"})),
            // A change after 7 days is asked for only where it was neither.
            of("A3", 3, json!({"tollChangedAt": "2024-03-20", "tollReportedAt": "2024-03-21"})),
            // Not reported in 30 days.
            of("A4", 4, json!({"tollChangedAt": "2024-03-05", "roadTraffic": false})),
            // What is known decides.
            of(
                "A5",
                5,
                json!({"tollChangedAt": "2024-03-06", "tollReportedAt": "2024-03-20", "fire": true}),
            ),
            of(
                "A6",
                6,
                json!({"tollChangedAt": "2024-03-07", "tollReportedAt": "2024-03-20", "fire": false, "roadTraffic": false}),
            ),
            // After 30 days nothing is asked for.
            of("A7", 7, json!({"tollChangedAt": "2024-06-07"})),
        ];
        hub.take("EMERGENCY", "Accident", "k1", rows).await;
        let (general, quick) = ("TOLL_CHANGE", "TOLL_CHANGE_TRAFFIC_FIRE");
        assert_eq!(
            said(&hub, "UNION", "kind: TOLL_CHANGE").await,
            [
                format!("2024-03-08 DONE {quick} [roadTraffic fire]"),
                format!("2024-03-09 UNDECIDED {quick} [roadTraffic fire]"),
                format!("2024-03-11 OVERDUE {quick} [fire]"),
                format!("2024-03-12 DONE_LATE {quick} []"),
                format!("2024-04-02 UNDECIDED {general} [roadTraffic fire]"),
                format!("2024-04-05 DONE {general} []"),
            ],
            "{backend:?}"
        );
        for (state, count) in [("UNDECIDED", 2), ("DONE", 2), ("OVERDUE", 1), ("NOT_DUE", 0)] {
            let own = said(&hub, "UNION", &format!("kind: TOLL_CHANGE, state: {state}")).await;
            assert_eq!(own.len(), count, "{backend:?} {state}: {own:?}");
        }
    }
}

#[tokio::test]
async fn an_application_of_an_unknown_applicant_or_day_is_undecided_and_not_left_out() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k0", vec![accident("A1")]).await;
        let case = |number: u32, changes: Value| {
            with(injury(&format!("W{number}"), "A1", &man(number)), changes)
        };
        let rows = vec![
            case(1, json!({"injuredAt": "2024-03-05", "appliedAt": "2024-03-20"})),
            case(2, json!({"injuredAt": "2024-03-06", "appliedAt": "2024-06-20"})),
            case(
                3,
                json!({"injuredAt": "2024-03-07", "appliedAt": "2024-06-20", "applicantKind": "UNION"}),
            ),
            case(4, json!({"injuredAt": "2024-03-12", "appliedAt": "2025-06-20"})),
            case(5, json!({"injuredAt": "2024-03-13", "applicantKind": "EMPLOYER"})),
        ];
        hub.take("HRSS", "WorkInjury", "k1", rows).await;
        let (employer, worker) = ("RECOGNITION_EMPLOYER", "RECOGNITION_WORKER");
        assert_eq!(
            said(&hub, "HRSS", "kind: RECOGNITION_APPLICATION").await,
            [
                // The 30th day is a holiday or Saturday; the last day is the next working day.
                format!("2024-04-07 DONE {employer} [applicantKind]"),
                format!("2024-04-07 UNDECIDED {employer} [applicantKind]"),
                format!("2024-04-11 DONE_LATE {employer} [applicantKind]"),
                format!("2024-04-12 UNDECIDED {employer} [appliedAt]"),
                format!("2025-03-07 DONE {worker} []"),
            ],
            "{backend:?}"
        );
        for (state, count) in [("UNDECIDED", 2), ("DONE", 2), ("OVERDUE", 0)] {
            let asked = format!("kind: RECOGNITION_APPLICATION, state: {state}");
            assert_eq!(said(&hub, "HRSS", &asked).await.len(), count, "{backend:?} {state}");
        }
    }
}

#[tokio::test]
async fn a_card_owes_the_report_of_a_diagnosis_and_without_its_day_it_is_not_overdue() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let card = |number: u32, nature: &str, reported: Value| {
            let day = format!("2024-03-{:02}", number + 3);
            with(
                disease(&format!("D{number}"), &man(number)),
                json!({"reportNature": nature, "diagnosedAt": day, "reportedOn": reported}),
            )
        };
        let rows = vec![
            card(1, "FIRST", json!("2024-03-10")),
            card(2, "PROGRESSION", json!("2024-05-10")),
            card(3, "DEATH", json!("2024-05-10")),
            card(4, "TRANSFER", json!("2024-05-10")),
            card(5, "TRANSFER", Value::Null),
            card(6, "FIRST", Value::Null),
        ];
        hub.take("HEALTH", "OccupationalDiseaseCase", "k1", rows).await;
        assert_eq!(
            said(&hub, "HEALTH", "kind: DISEASE_REPORT").await,
            [
                "2024-03-19 DONE DISEASE_REPORT []",
                "2024-03-20 DONE_LATE DISEASE_REPORT []",
                "2024-03-25 UNDECIDED DISEASE_REPORT [reportedOn]",
            ],
            "{backend:?}"
        );
        assert!(said(&hub, "HEALTH", "kind: DISEASE_REPORT, state: OVERDUE").await.is_empty());
        assert_eq!(said(&hub, "HEALTH", "kind: DISEASE_REPORT, state: UNDECIDED").await.len(), 1);
    }
}

#[tokio::test]
async fn a_notice_of_an_accident_that_was_just_handed_in_without_its_report_is_not_overdue() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let ago = |days: i64| {
            let at = OpCtx::begin("test").now() + TimeDelta::hours(8) - TimeDelta::days(days);
            at.format("%Y-%m-%dT%H:%M:%S+08:00").to_string()
        };
        let of = |number: &str, changes: Value| {
            with(with(accident(number), json!({"occurredAt": ago(9)})), changes)
        };
        let rows = vec![
            of("A1", json!({})),
            of("A2", json!({"reportedAt": ago(8)})),
            of("A3", json!({"unionNotifiedAt": ago(7)})),
            of("A4", json!({"reportedAt": ago(8), "unionNotifiedAt": ago(8)})),
        ];
        hub.take("EMERGENCY", "Accident", "k1", rows).await;
        let states = async || -> Vec<String> {
            let all = said(&hub, "UNION", "kind: NOTICE_UNION").await;
            all.iter().map(|line| line[11..].to_owned()).collect()
        };
        assert_eq!(
            states().await,
            [
                "UNDECIDED NOTICE_UNION [reportedAt]",
                "UNDECIDED NOTICE_UNION [reportedAt]",
                "DONE NOTICE_UNION []",
                "OVERDUE NOTICE_UNION []"
            ],
            "{backend:?}"
        );
        assert_eq!(said(&hub, "UNION", "kind: NOTICE_UNION, state: UNDECIDED").await.len(), 2);
        assert_eq!(said(&hub, "UNION", "kind: NOTICE_UNION, state: OVERDUE").await.len(), 1);
    }
}
