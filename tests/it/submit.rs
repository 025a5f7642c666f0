//! Handing in: verdicts, modes, receipts, and who may hand in what.

use serde_json::{Value, json};

use crate::{
    samples::{
        COUNTY, FOREIGN_COUNTY, OTHER_COUNTY, accident, codes, man, outcomes, person, victim, with,
    },
    support::{TestHub, backends},
};

#[tokio::test]
async fn verdicts_come_in_the_order_of_the_rows_and_say_what_became_of_each() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let first = hub
            .submit(&token, "Accidents", "PARTIAL", "k1", &[accident("A1"), accident("A2")])
            .await;
        assert_eq!(outcomes(&first), ["CREATED", "CREATED"], "{first}");
        let rows = [
            with(accident("A1"), json!({"deaths": 2})),
            with(accident("A4"), json!({"deaths": null, "accidentType": "NO_SUCH_TYPE"})),
            accident("A2"),
            accident("A3"),
        ];
        let second = hub.submit(&token, "Accidents", "PARTIAL", "k2", &rows).await;
        assert_eq!(outcomes(&second), ["UPDATED", "REJECTED", "UNCHANGED", "CREATED"], "{second}");
        assert_eq!(second["verdicts"][0]["version"], 2);
        assert_eq!(second["verdicts"][2]["version"], 1);
        assert_eq!(second["verdicts"][1]["id"], Value::Null);
        for count in ["created", "updated", "unchanged", "rejected"] {
            assert_eq!(second[count], 1, "{count}");
        }
        let faults = second["verdicts"][1]["faults"].as_array().expect("faults");
        assert_eq!(faults.len(), 2, "{second}");
        assert_eq!(
            (&faults[0]["code"], &faults[0]["field"]),
            (&json!("REQUIRED"), &json!("deaths"))
        );
        assert_eq!(
            (&faults[1]["code"], &faults[1]["field"]),
            (&json!("CODE_UNKNOWN"), &json!("accidentType"))
        );
        assert!(
            faults[0]["message"].as_str().expect("a message").contains("缺少“死亡人数"),
            "{second}"
        );
        let query = "mutation($rows: [AccidentRow!]!) { submitAccidents(input: {rows: $rows, mode: DRY_RUN, idempotencyKey: \"e\"}) \
                     { verdicts { faults { message } } } }";
        let english = hub.ask_in_english(&token, query, json!({"rows": [rows[1]]})).await;
        let message = &english["data"]["submitAccidents"]["verdicts"][0]["faults"][0]["message"];
        assert_eq!(message, "deaths is missing.", "{english}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_dry_run_keeps_nothing_and_answers_what_the_commit_then_answers() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        hub.submit(&token, "Accidents", "ATOMIC", "k0", &[accident("A1"), accident("A2")]).await;
        let rows = [
            accident("A1"),
            with(accident("A2"), json!({"missing": 4})),
            with(accident("A3"), json!({"occurredAt": "昨天"})),
            accident("A4"),
        ];
        let dry = hub.submit(&token, "Accidents", "DRY_RUN", "k1", &rows).await;
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM accidents").await, 2);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM record_versions").await, 2);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM receipts").await, 1);
        assert_eq!(dry["verdicts"][3]["id"], Value::Null, "what was not kept has no identifier");
        let commit = hub.submit(&token, "Accidents", "PARTIAL", "k1", &rows).await;
        assert_eq!(outcomes(&dry), outcomes(&commit));
        for row in 0..rows.len() {
            for part in ["version", "faults", "findings"] {
                assert_eq!(dry["verdicts"][row][part], commit["verdicts"][row][part], "row {row}");
            }
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn atomic_takes_all_rows_or_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let broken = with(accident("A2"), json!({"regionCode": "999999"}));
        let answer = hub
            .submit(
                &token,
                "Accidents",
                "ATOMIC",
                "k1",
                &[accident("A1"), broken.clone(), accident("A3")],
            )
            .await;
        assert_eq!(outcomes(&answer), ["REJECTED", "REJECTED", "REJECTED"]);
        assert_eq!(codes(&answer, 0, "faults"), ["NOT_APPLIED"]);
        assert_eq!(codes(&answer, 2, "faults"), ["NOT_APPLIED"]);
        assert!(codes(&answer, 1, "faults").contains(&"CODE_UNKNOWN"), "{answer}");
        assert_eq!(answer["verdicts"][0]["id"], Value::Null);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM accidents").await, 0);
        let partial = hub
            .submit(&token, "Accidents", "PARTIAL", "k2", &[accident("A1"), broken, accident("A3")])
            .await;
        assert_eq!(outcomes(&partial), ["CREATED", "REJECTED", "CREATED"]);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM accidents").await, 2);
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_receipt_is_given_again_byte_for_byte_and_its_key_serves_no_other_content() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let rows = [accident("A1"), with(accident("A2"), json!({"deaths": -1}))];
        let first = hub.submit(&token, "Accidents", "PARTIAL", "night-1", &rows).await;
        hub.submit(
            &token,
            "Accidents",
            "PARTIAL",
            "night-2",
            &[with(accident("A1"), json!({"deaths": 9}))],
        )
        .await;
        let again = hub.submit(&token, "Accidents", "PARTIAL", "night-1", &rows).await;
        assert_eq!(first.to_string(), again.to_string());
        assert_eq!(
            hub.db_count("SELECT COUNT(*) FROM record_versions").await,
            2,
            "the retry wrote nothing"
        );
        for (plural, mode, rows) in [
            ("Accidents", "PARTIAL", vec![accident("A1")]),
            ("Accidents", "ATOMIC", rows.to_vec()),
            ("AccidentVictims", "PARTIAL", vec![victim("V1", "A1", &man(1))]),
        ] {
            let refused = hub.submit(&token, plural, mode, "night-1", &rows).await;
            assert_eq!(
                refused["errors"][0]["extensions"]["code"], "CONFLICT",
                "{plural} {mode}: {refused}"
            );
        }
        // Another organisation has keys of its own.
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        let other = hub.submit(&county, "Accidents", "PARTIAL", "night-1", &[accident("B1")]).await;
        assert_eq!(outcomes(&other), ["CREATED"], "{other}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_submission_without_rows_with_too_many_or_without_a_key_is_refused_whole() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let many: Vec<_> = (0..1001).map(|number| accident(&format!("A{number}"))).collect();
        for (key, rows) in [
            ("k", &many[..]),
            ("k", &[][..]),
            ("", &many[..1]),
            ("  ", &many[..1]),
            ("a\u{0}b", &many[..1]),
        ] {
            let refused = hub.submit(&token, "Accidents", "PARTIAL", key, rows).await;
            assert_eq!(
                refused["errors"][0]["extensions"]["code"],
                "BAD_USER_INPUT",
                "{key:?} {}: {refused}",
                rows.len()
            );
        }
        let missing = "mutation { submitAccidents(input: {rows: [], mode: PARTIAL}) { receipt } }";
        assert_eq!(hub.code(&token, missing).await, "BAD_USER_INPUT");
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM accidents").await, 0);
        let whole = hub.submit(&token, "Accidents", "ATOMIC", "k", &many[..1000]).await;
        assert_eq!(whole["created"], 1000, "{}", whole["errors"]);
        hub.holds().await;
    }
}

#[tokio::test]
async fn only_the_owning_department_hands_in_and_only_within_its_region_and_industries() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for department in ["HRSS", "HEALTH", "UNION", "FINANCE", "MARKET", "INDUSTRY"] {
            let refused = hub
                .submit(&hub.both(department), "Accidents", "PARTIAL", "k", &[accident("A1")])
                .await;
            assert_eq!(
                refused["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{department}: {refused}"
            );
        }
        let reader = hub.reader("EMERGENCY", "140600");
        let refused = hub.submit(&reader, "Accidents", "PARTIAL", "k", &[accident("A1")]).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
        let refused = hub.submit("", "Accidents", "PARTIAL", "k", &[accident("A1")]).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused}");
        let rows = [
            with(accident("A1"), json!({"regionCode": FOREIGN_COUNTY})),
            with(accident("A2"), json!({"regionCode": "140000"})),
            accident("A3"),
        ];
        let answer = hub.submit(&hub.both("EMERGENCY"), "Accidents", "PARTIAL", "k", &rows).await;
        assert_eq!(outcomes(&answer), ["REJECTED", "REJECTED", "CREATED"]);
        assert_eq!(codes(&answer, 0, "faults"), ["REGION_NOT_YOURS"]);
        assert_eq!(codes(&answer, 1, "faults"), ["REGION_NOT_YOURS"]);
        let rows = [
            accident("H1"),
            with(accident("H2"), json!({"keyIndustry": "CONSTRUCTION"})),
            with(accident("H3"), json!({"keyIndustry": null})),
        ];
        let answer = hub.submit(&hub.both("HOUSING"), "Accidents", "PARTIAL", "k", &rows).await;
        assert_eq!(outcomes(&answer), ["REJECTED", "CREATED", "REJECTED"], "{answer}");
        assert_eq!(codes(&answer, 0, "faults"), ["INDUSTRY_NOT_YOURS"]);
        assert_eq!(codes(&answer, 2, "faults"), ["INDUSTRY_NOT_YOURS"]);
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_number_used_twice_or_without_its_parent_is_refused() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let (here, there) = (
            hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]),
            hub.token("EMERGENCY", OTHER_COUNTY, &["SUBMITTER"]),
        );
        hub.submit(&here, "Accidents", "ATOMIC", "k", &[accident("A1")]).await;
        let twice = hub
            .submit(&here, "Accidents", "PARTIAL", "k2", &[accident("A2"), accident(" A2 ")])
            .await;
        assert_eq!(
            outcomes(&twice),
            ["CREATED", "REJECTED"],
            "blanks around a number are none of it: {twice}"
        );
        assert_eq!(codes(&twice, 1, "faults"), ["DUPLICATE_IN_SUBMISSION"]);
        let orphan = hub
            .submit(
                &here,
                "AccidentVictims",
                "PARTIAL",
                "k3",
                &[victim("V1", "A9", &man(1)), victim("V2", "A1", &man(2))],
            )
            .await;
        assert_eq!(outcomes(&orphan), ["REJECTED", "CREATED"], "{orphan}");
        assert_eq!(codes(&orphan, 0, "faults"), ["PARENT_MISSING"]);
        // The parent of another region's organisation is as if it were not there: its number is not
        // given away.
        let foreign = hub
            .submit(&there, "AccidentVictims", "PARTIAL", "k4", &[victim("V3", "A1", &man(3))])
            .await;
        assert_eq!(codes(&foreign, 0, "faults"), ["PARENT_MISSING"], "{foreign}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn victims_move_with_their_accident() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k1", vec![accident("A1"), accident("A2")]).await;
        hub.take(
            "EMERGENCY",
            "AccidentVictim",
            "k2",
            vec![victim("V1", "A1", &man(1)), victim("V2", "A2", &man(2))],
        )
        .await;
        let query = "{ accidentVictims(orderBy: [{field: VICTIM_NO}]) { nodes { victimNo regionCode keyIndustry version } } }";
        let (here, there) =
            (hub.reader("EMERGENCY", COUNTY), hub.reader("EMERGENCY", OTHER_COUNTY));
        assert_eq!(
            hub.data(&here, query).await["accidentVictims"]["nodes"].as_array().map(Vec::len),
            Some(2)
        );
        let moved = with(
            accident("A1"),
            json!({"regionCode": OTHER_COUNTY, "keyIndustry": "CONSTRUCTION"}),
        );
        hub.take("EMERGENCY", "Accident", "k3", vec![moved]).await;
        let left = hub.data(&here, query).await;
        assert_eq!(left["accidentVictims"]["nodes"].as_array().map(Vec::len), Some(1), "{left}");
        let arrived = hub.data(&there, query).await;
        let nodes = &arrived["accidentVictims"]["nodes"];
        assert_eq!(nodes[0]["victimNo"], "V1", "{arrived}");
        assert_eq!(
            (&nodes[0]["regionCode"], &nodes[0]["keyIndustry"]),
            (&json!(OTHER_COUNTY), &json!("CONSTRUCTION"))
        );
        // The move is a version of the victim too, so that its history and the feed know of it.
        assert_eq!(nodes[0]["version"], 2, "{arrived}");
        hub.holds().await;
        let again =
            hub.take("EMERGENCY", "AccidentVictim", "k4", vec![victim("V1", "A1", &man(1))]).await;
        assert_eq!(
            serde_json::to_value(&again).expect("JSON")["verdicts"][0]["outcome"],
            "UNCHANGED"
        );
    }
}

#[tokio::test]
async fn a_person_may_not_be_handed_in_by_who_only_counts_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let refused = hub
            .submit(&hub.both("EMERGENCY"), "Persons", "PARTIAL", "k", &[person("P1", &man(1))])
            .await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    }
}
