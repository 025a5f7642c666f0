//! Hazards move by the steps of their table, whichever way they are handed in.

use serde_json::{Value, json};

use crate::{
    files::{CSV, NDJSON, lines},
    samples::{OTHER_COUNTY, codes, hazard, outcomes, with},
    support::{Row, TestHub, backends},
};

/// A hazard in a state, with the dates it needs.
fn in_state(number: &str, status: &str) -> Row {
    let dates = [
        ("orderedAt", "2024-03-06"),
        ("deadline", "2024-04-05"),
        ("submittedAt", "2024-03-25"),
        ("recheckAt", "2024-03-28"),
        ("closedAt", "2024-03-29"),
    ];
    let count = match status {
        "REGISTERED" => 0,
        "SUBMITTED" => 3,
        "RECHECKED" | "REJECTED" => 4,
        "CLOSED" => 5,
        _ => 2,
    };
    let given: serde_json::Map<String, Value> =
        dates.iter().take(count).map(|(name, day)| ((*name).to_owned(), json!(day))).collect();
    with(hazard(number, status), Value::Object(given))
}

#[tokio::test]
async fn a_hazard_goes_its_way_step_by_step_and_a_step_that_is_none_is_refused() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        for (number, status) in
            ["REGISTERED", "ORDERED", "RECTIFYING", "SUBMITTED", "REJECTED"].into_iter().enumerate()
        {
            let answer = hub
                .submit(
                    &token,
                    "HazardRectifications",
                    "ATOMIC",
                    &format!("k{number}"),
                    &[in_state("H1", status)],
                )
                .await;
            assert_eq!(
                outcomes(&answer),
                [if number == 0 { "CREATED" } else { "UPDATED" }],
                "{backend:?} {status} {answer}"
            );
        }
        for mode in ["DRY_RUN", "ATOMIC", "PARTIAL"] {
            let rows = [in_state("H1", "CLOSED"), in_state("H2", "CLOSED")];
            let answer = hub.submit(&token, "HazardRectifications", mode, mode, &rows).await;
            assert_eq!(
                codes(&answer, 0, "faults"),
                ["HAZARD_STEP_NOT_ALLOWED"],
                "{backend:?} {mode} {answer}"
            );
            let fault = &answer["verdicts"][0]["faults"][0];
            assert_eq!(fault["field"], "status");
            let message = fault["message"].as_str().expect("a message");
            for word in [
                "复查不合格",
                "REJECTED",
                "CLOSED",
                "RECTIFYING",
                "SUPERVISED",
                "SUSPENDED_PRODUCTION",
            ] {
                assert!(message.contains(word), "{word}: {message}");
            }
            let second = if mode == "ATOMIC" { "REJECTED" } else { "CREATED" };
            assert_eq!(
                outcomes(&answer),
                ["REJECTED", second],
                "{mode}: a first report may come in any state"
            );
        }
        let seen =
            hub.data(&token, "{ hazardRectifications(orderBy: [{field: HAZARD_NO}]) { nodes { hazardNo status version } } }").await;
        let nodes = json!([{"hazardNo": "H1", "status": "REJECTED", "version": 5}, {"hazardNo": "H2", "status": "CLOSED", "version": 1}]);
        assert_eq!(seen["hazardRectifications"]["nodes"], nodes);
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_correction_keeps_the_state_and_what_was_withdrawn_begins_anew() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HOUSING");
        let row = |status: &str, change: Value| {
            with(with(in_state("H1", status), json!({"keyIndustry": "CONSTRUCTION"})), change)
        };
        let first = hub
            .submit(&token, "HazardRectifications", "ATOMIC", "k1", &[row("CLOSED", json!({}))])
            .await;
        let again = hub
            .submit(
                &token,
                "HazardRectifications",
                "ATOMIC",
                "k2",
                &[row("CLOSED", json!({"fundYuan": "100.00"}))],
            )
            .await;
        assert_eq!(outcomes(&again), ["UPDATED"], "{again}");
        let back = hub
            .submit(&token, "HazardRectifications", "PARTIAL", "k3", &[row("ORDERED", json!({}))])
            .await;
        assert_eq!(codes(&back, 0, "faults"), ["HAZARD_STEP_NOT_ALLOWED"], "{back}");
        assert!(
            back["verdicts"][0]["faults"][0]["message"]
                .as_str()
                .expect("a message")
                .contains("撤回")
        );
        let withdraw =
            "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"误报\"}) { id } }";
        let withdrawn = hub.ask(&token, withdraw, json!({"id": first["verdicts"][0]["id"]})).await;
        assert!(withdrawn["errors"].is_null(), "{withdrawn}");
        let anew = hub
            .submit(&token, "HazardRectifications", "ATOMIC", "k4", &[row("ORDERED", json!({}))])
            .await;
        assert_eq!(outcomes(&anew), ["UPDATED"], "{anew}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn nothing_is_told_of_the_state_of_another_region() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take(
            "EMERGENCY",
            "HazardRectification",
            "k1",
            vec![with(in_state("H1", "CLOSED"), json!({"regionCode": OTHER_COUNTY}))],
        )
        .await;
        let county = hub.token("EMERGENCY", "140602", &["SUBMITTER"]);
        let answer = hub
            .submit(&county, "HazardRectifications", "PARTIAL", "k2", &[in_state("H1", "ORDERED")])
            .await;
        assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
    }
}

#[tokio::test]
async fn dates_are_there_in_order_and_past_and_overdue_is_no_state() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        for (change, code, field) in [
            (json!({"recheckAt": null}), "HAZARD_DATE_MISSING", "recheckAt"),
            (json!({"orderedAt": "2024-03-01"}), "HAZARD_DATE_ORDER", "orderedAt"),
            (json!({"closedAt": "2999-01-01"}), "DATE_IN_FUTURE", "closedAt"),
            (json!({"extendedDeadline": "2024-04-01"}), "HAZARD_DATE_ORDER", "extendedDeadline"),
            (json!({"transferredAt": "2024-03-07"}), "HAZARD_DATE_AHEAD", "transferredAt"),
            (json!({"fundYuan": "-1.00"}), "MONEY_NEGATIVE", "fundYuan"),
        ] {
            let answer = hub
                .submit(
                    &token,
                    "HazardRectifications",
                    "DRY_RUN",
                    "k",
                    &[with(in_state("H1", "CLOSED"), change)],
                )
                .await;
            assert_eq!(codes(&answer, 0, "faults"), [code], "{answer}");
            assert_eq!(answer["verdicts"][0]["faults"][0]["field"], field);
        }
        let handed = with(hazard("H1", "TRANSFERRED"), json!({"transferredAt": "2024-03-07"}));
        let answer = hub.submit(&token, "HazardRectifications", "DRY_RUN", "k", &[handed]).await;
        assert_eq!(codes(&answer, 0, "faults"), ["HAZARD_RECEIVER_MISSING"], "{answer}");
        let text = "hazardNo,foundAt,source,regionCode,level,status\nH9,2024-03-05,SPOT_CHECK,140602,GENERAL,OVERDUE\n";
        let sent =
            hub.upload(&token, "/exchange/hazardRectifications?wait=60", "csv", CSV, text).await;
        assert_eq!(sent.counts(), [0, 0, 0, 1], "{}", sent.job);
        assert_eq!(hub.verdicts(&token, &sent.id()).await[0]["faults"][0]["code"], "CODE_UNKNOWN");
    }
}

#[tokio::test]
async fn a_major_hazard_that_nobody_supervises_is_kept_and_said() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let major = |number: &str, status: &str, change: Value| {
            with(with(in_state(number, status), json!({"level": "MAJOR"})), change)
        };
        let rows = [
            major("H1", "ORDERED", json!({})),
            major("H2", "ORDERED", json!({"supervised": true})),
            major("H3", "SUPERVISED", json!({})),
            major("H4", "SUPERVISED", json!({"supervised": false})),
        ];
        let answer = hub.submit(&token, "HazardRectifications", "PARTIAL", "k", &rows).await;
        assert_eq!(outcomes(&answer), ["CREATED", "CREATED", "CREATED", "REJECTED"], "{answer}");
        assert_eq!(codes(&answer, 0, "findings"), ["MAJOR_HAZARD_NOT_SUPERVISED"]);
        assert_eq!(codes(&answer, 1, "findings"), Vec::<&str>::new());
        assert_eq!(codes(&answer, 3, "faults"), ["HAZARD_SUPERVISION_CONTRADICTION"]);
        let seen = hub
            .data(
                &token,
                "{ hazardRectifications(where: {supervised: {eq: true}}) { totalCount } }",
            )
            .await;
        assert_eq!(
            seen["hazardRectifications"]["totalCount"], 2,
            "the state says that it is supervised"
        );
    }
}

#[tokio::test]
async fn a_file_takes_the_same_steps() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.submitter("EMERGENCY");
        let file = |status: &str| lines(&[in_state("H1", status), in_state("H2", status)]);
        let path = |mode: &str| format!("/exchange/hazardRectifications?mode={mode}&wait=60");
        let sent = hub.upload(&token, &path("partial"), "one", NDJSON, file("ORDERED")).await;
        assert_eq!(sent.counts(), [2, 0, 0, 0], "{}", sent.job);
        for mode in ["dry-run", "atomic", "partial"] {
            let sent = hub.upload(&token, &path(mode), mode, NDJSON, file("RECHECKED")).await;
            assert_eq!(sent.counts(), [0, 0, 0, 2], "{mode} {}", sent.job);
            let verdicts = hub.verdicts(&token, &sent.id()).await;
            assert_eq!(verdicts[1]["faults"][0]["code"], "HAZARD_STEP_NOT_ALLOWED", "{mode}");
        }
        let sent = hub.upload(&token, &path("atomic"), "two", NDJSON, file("SUBMITTED")).await;
        assert_eq!(sent.counts(), [0, 2, 0, 0], "{}", sent.job);
        hub.holds().await;
    }
}
