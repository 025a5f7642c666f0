//! Each kind of lead on the fewest records that make one, and on those that make none.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, accident, disease, employer, injury, man, person, uscc, victim, with},
    support::{Row, TestHub, backends, row},
};

/// Kinds of the leads that a search finds now, with tier and reasons, but for accidents without
/// notices.
async fn found(hub: &TestHub) -> Vec<(String, String, String)> {
    let token = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
    hub.data(&token, &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ at }} }}")).await;
    let data = hub
        .data(
            &token,
            &format!("{{ leads(region: \"{CITY}\") {{ nodes {{ kind tier gone reasons }} }} }}"),
        )
        .await;
    let word = |lead: &Value, name: &str| lead[name].as_str().unwrap_or_default().to_owned();
    let reasons = |lead: &Value| {
        let list = lead["reasons"].as_array().expect("reasons");
        list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    };
    let all = data["leads"]["nodes"].as_array().expect("leads");
    let mut found: Vec<_> = all
        .iter()
        // The accidents here are alike; what is reported twice has tests of its own.
        .filter(|lead| lead["gone"] == false && lead["kind"] != "EVENT_REPORTED_TWICE")
        .map(|lead| (word(lead, "kind"), word(lead, "tier"), reasons(lead)))
        .collect();
    found.sort();
    found
}

fn lead(kind: &str, tier: &str, reasons: &str) -> (String, String, String) {
    (kind.to_owned(), tier.to_owned(), reasons.to_owned())
}

/// An accident of which nothing is missing: one slightly hurt person, told to everybody.
fn quiet(number: &str) -> Row {
    with(
        accident(number),
        json!({"deaths": 0, "seriousInjuries": 1, "minorInjuries": 0, "hrssNotifiedAt": "2024-03-05T11:00:00+08:00",
               "unionNotifiedAt": "2024-03-05T11:00:00+08:00"}),
    )
}

/// An insured employer with a quiet accident and its victim.
async fn calm(hub: &TestHub) {
    hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
    hub.take("EMERGENCY", "Accident", "a", vec![quiet("A1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V1", "A1", &man(1))]).await;
    assert_eq!(found(hub).await, []);
}

#[tokio::test]
async fn an_employer_of_an_accident_that_nobody_insures_is_one_lead_for_all_its_accidents() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let elsewhere = json!({"employerUscc": uscc(7), "employerName": "朔州另一煤业有限公司", "seriousInjuries": 0});
        let rows = vec![with(quiet("A2"), elsewhere.clone()), with(quiet("A3"), elsewhere)];
        hub.take("EMERGENCY", "Accident", "a2", rows).await;
        assert_eq!(
            found(&hub).await,
            [lead("ACCIDENT_EMPLOYER_NOT_INSURED", "CERTAIN", "NOT_INSURED")]
        );
        // Without a code it is not certain, and an insured employer of that name is shown.
        let nameless = json!({"employerUscc": null, "employerNo": "77", "seriousInjuries": 0});
        hub.take(
            "EMERGENCY",
            "Accident",
            "a3",
            vec![with(quiet("A2"), nameless.clone()), with(quiet("A3"), nameless)],
        )
        .await;
        assert_eq!(
            found(&hub).await,
            [lead("ACCIDENT_EMPLOYER_NOT_INSURED", "CANDIDATE", "NOT_INSURED NO_CREDIT_CODE")]
        );
    }
}

#[tokio::test]
async fn a_toll_that_changed_late_or_unreported_is_a_lead_and_road_traffic_has_seven_days() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let toll = async |key: &str, changed: &str, reported: Value, road: bool| {
            let change = json!({"tollChangedAt": changed, "tollReportedAt": reported, "roadTraffic": road, "fire": false});
            hub.take("EMERGENCY", "Accident", key, vec![with(quiet("A1"), change)]).await;
            found(&hub).await
        };
        let late = |reasons: &str| vec![lead("TOLL_CHANGED_LATE", "CERTAIN", reasons)];
        assert_eq!(
            toll("t1", "2024-04-04", json!("2024-04-04"), false).await,
            [],
            "the thirtieth day is in time"
        );
        assert_eq!(
            toll("t2", "2024-04-05", json!("2024-04-05"), false).await,
            late("TOLL_AFTER_WINDOW TOLL_REPORTED_LATE")
        );
        assert_eq!(
            toll("t3", "2024-03-20", json!("2024-04-05"), false).await,
            late("TOLL_REPORTED_LATE")
        );
        assert_eq!(toll("t4", "2024-03-20", Value::Null, false).await, late("TOLL_NOT_REPORTED"));
        assert_eq!(toll("t5", "2024-03-12", json!("2024-03-12"), true).await, []);
        assert_eq!(
            toll("t6", "2024-03-13", json!("2024-03-13"), true).await,
            late("TOLL_AFTER_WINDOW TOLL_REPORTED_LATE")
        );
        // Which of the two limits holds is open where nobody says what kind of accident it was.
        let unclear = |key: &'static str, changed: &'static str, reported: Value| {
            let hub = &hub;
            async move {
                let change = json!({"tollChangedAt": changed, "tollReportedAt": reported,
                                    "roadTraffic": null, "fire": null});
                hub.take("EMERGENCY", "Accident", key, vec![with(quiet("A1"), change)]).await;
                found(hub).await
            }
        };
        assert_eq!(
            unclear("t7", "2024-03-13", json!("2024-03-13")).await,
            [lead("TOLL_CHANGED_LATE", "CANDIDATE", "EVENT_KIND_UNKNOWN")]
        );
        assert_eq!(unclear("t8", "2024-03-12", json!("2024-03-12")).await, []);
        assert_eq!(
            unclear("t9", "2024-03-13", Value::Null).await,
            late("TOLL_NOT_REPORTED"),
            "not reported is certain"
        );
    }
}

#[tokio::test]
async fn an_accident_with_casualties_of_which_nobody_was_told_is_a_lead() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "n1",
            vec![with(quiet("A1"), json!({"unionNotifiedAt": null}))],
        )
        .await;
        assert_eq!(found(&hub).await, [lead("UNION_NOT_NOTIFIED", "CERTAIN", "NO_NOTICE")]);
        hub.take(
            "EMERGENCY",
            "Accident",
            "n2",
            vec![with(quiet("A1"), json!({"hrssNotifiedAt": null}))],
        )
        .await;
        assert_eq!(found(&hub).await, [lead("HRSS_NOT_NOTIFIED", "CERTAIN", "NO_NOTICE")]);
        let slight = json!({"seriousInjuries": 0, "minorInjuries": 1, "unionNotifiedAt": null, "hrssNotifiedAt": null});
        hub.take("EMERGENCY", "Accident", "n3", vec![with(quiet("A1"), slight)]).await;
        hub.take(
            "EMERGENCY",
            "AccidentVictim",
            "n4",
            vec![with(victim("V1", "A1", &man(1)), json!({"injuryDegree": "MINOR"}))],
        )
        .await;
        assert_eq!(found(&hub).await, []);
    }
}

fn training(number: &str, id_number: &str, ended: &str, passed: bool) -> Row {
    row(json!({
        "trainingNo": number, "name": "王小明", "idNumber": id_number, "employerUscc": uscc(1), "regionCode": COUNTY,
        "keyIndustry": "COAL_MINE", "keyPost": "TEAM_LEADER", "trainingDomain": "INJURY_PREVENTION", "mode": "OFFLINE", "hours": 16,
        "endedOn": ended, "passed": passed,
    }))
}

#[tokio::test]
async fn a_key_post_person_without_passed_training_before_the_accident_is_a_lead() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let leader = row(json!({
            "employmentNo": "M1", "idType": "RESIDENT_ID", "idNumber": man(2), "employerUscc": uscc(1), "regionCode": COUNTY,
            "keyIndustry": "COAL_MINE", "keyPost": "TEAM_LEADER", "insuredFrom": "2020-01-01",
        }));
        hub.take("HRSS", "Employment", "m", vec![leader.clone()]).await;
        assert_eq!(found(&hub).await, [], "a county without any training record is not compared");
        hub.take("HRSS", "TrainingRecord", "t1", vec![training("T1", &man(3), "2023-06-01", true)])
            .await;
        let untrained = [lead("UNTRAINED_KEY_POST", "CERTAIN", "NO_TRAINING")];
        assert_eq!(found(&hub).await, untrained);
        // The plan of that year does not ask the principal of an employer to be trained.
        for (key, post, leads) in
            [("post1", "PRINCIPAL", [].as_slice()), ("post2", "TEAM_LEADER", untrained.as_slice())]
        {
            let held = with(leader.clone(), json!({"keyPost": post}));
            hub.take("HRSS", "Employment", key, vec![held]).await;
            assert_eq!(found(&hub).await, leads, "{post}");
        }
        for (key, ended, passed) in
            [("t2", "2023-06-01", false), ("t3", "2024-03-06", true), ("t4", "2021-03-01", true)]
        {
            hub.take("HRSS", "TrainingRecord", key, vec![training("T2", &man(2), ended, passed)])
                .await;
            assert_eq!(found(&hub).await, untrained, "{ended} {passed}");
        }
        // Training without a result, or of somebody of that post without a number, may be theirs.
        let unsure = [lead("UNTRAINED_KEY_POST", "CANDIDATE", "NO_TRAINING")];
        for (key, change) in [
            ("u1", json!({"passed": null})),
            ("u2", json!({"idNumber": null})),
            ("u3", json!({"idNumber": null, "passed": null})),
        ] {
            let open = with(training("T2", &man(2), "2023-06-01", true), change);
            hub.take("HRSS", "TrainingRecord", key, vec![open]).await;
            assert_eq!(found(&hub).await, unsure, "{key}");
        }
        hub.take("HRSS", "TrainingRecord", "t5", vec![training("T2", &man(2), "2023-06-01", true)])
            .await;
        assert_eq!(found(&hub).await, []);
        // Whoever had left before the accident is nobody to train.
        hub.take(
            "HRSS",
            "TrainingRecord",
            "t6",
            vec![training("T2", &man(2), "2023-06-01", false)],
        )
        .await;
        hub.take(
            "HRSS",
            "Employment",
            "m2",
            vec![with(leader, json!({"insuredTo": "2024-03-04"}))],
        )
        .await;
        assert_eq!(found(&hub).await, []);
    }
}

#[tokio::test]
async fn a_measurement_above_the_limit_and_a_disease_by_that_factor_afterwards_is_a_lead() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let case = with(disease("C1", &man(4)), json!({"hazardFactors": ["COAL_DUST"]}));
        hub.take("HEALTH", "OccupationalDiseaseCase", "c", vec![case.clone()]).await;
        let applied = json!({"article": "ART14_4", "accidentNo": null, "diseaseCardNo": "C1"});
        hub.take("HRSS", "WorkInjury", "w", vec![with(injury("W1", "A1", &man(4)), applied)]).await;
        let above = async |key: &str, sampled: &str, factor: &str, value: i32| {
            let measured = row(json!({
                "measurementNo": "X1", "sampledAt": sampled, "employerUscc": uscc(1), "employerName": "朔州测试煤业有限公司",
                "regionCode": COUNTY, "keyIndustry": "COAL_MINE", "factor": factor, "measureKind": "PC_TWA", "dustFraction": "TOTAL",
                "valueUg": value, "freeSilicaPermille": 50,
            }));
            hub.take("HEALTH", "ExposureMeasurement", key, vec![measured]).await;
            found(&hub).await
        };
        assert_eq!(
            above("x1", "2023-05-01", "COAL_DUST", 9_000).await,
            [lead("EXPOSURE_THEN_DISEASE", "CERTAIN", "OVER_LIMIT")]
        );
        assert_eq!(above("x2", "2023-05-01", "COAL_DUST", 10).await, [], "below the limit");
        assert_eq!(above("x3", "2024-05-01", "COAL_DUST", 9_000).await, [], "after the diagnosis");
        assert_eq!(above("x4", "2023-05-01", "CEMENT_DUST", 9_000).await, [], "another factor");
    }
}

#[tokio::test]
async fn one_number_under_two_names_or_birth_dates_is_a_lead_and_a_blank_in_a_name_is_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let named = async |key: &str, name: &str| {
            hub.take(
                "HRSS",
                "Person",
                key,
                vec![with(person("P1", &man(1)), json!({"name": name}))],
            )
            .await;
            found(&hub).await
        };
        assert_eq!(named("p1", "王小明").await, []);
        assert_eq!(
            named("p2", "王晓明").await,
            [lead("IDENTITY_NAME_CONFLICT", "CERTAIN", "OTHER_NAME SAME_IDENTITY")]
        );
        for (number, name) in (3..).zip([
            "王 小明",
            "王·小明",
            "王•小明",
            "王・小明",
            "王．小明",
            "王.小明",
            "王‧小明",
            "王\u{3000}小明",
            "\u{200b}王小明",
        ]) {
            assert_eq!(named(&format!("p{number}"), name).await, [], "{name}");
        }
    }
}

#[tokio::test]
async fn a_case_without_a_day_of_report_under_another_name_is_a_lead_and_stops_no_search() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        let case = with(disease("D1", &man(1)), json!({"name": "王晓明", "reportedAt": null}));
        hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![case]).await;
        let conflict = lead("IDENTITY_NAME_CONFLICT", "CERTAIN", "OTHER_NAME SAME_IDENTITY");
        assert!(found(&hub).await.contains(&conflict), "{backend:?}");
    }
}

#[tokio::test]
async fn a_list_shorter_than_the_toll_and_a_victim_without_number_are_leads() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "l1",
            vec![with(quiet("A1"), json!({"seriousInjuries": 2}))],
        )
        .await;
        assert_eq!(found(&hub).await, [lead("VICTIM_LIST_INCOMPLETE", "CERTAIN", "FEWER_LISTED")]);
        let nameless = with(victim("V2", "A1", ""), json!({"idNumber": null, "name": "赵大海"}));
        hub.take("EMERGENCY", "AccidentVictim", "l2", vec![nameless.clone()]).await;
        assert_eq!(
            found(&hub).await,
            [lead("VICTIM_WITHOUT_IDENTITY", "CANDIDATE", "NO_IDENTITY")]
        );
        // Somebody who works for nobody there is nobody to look for.
        hub.take(
            "EMERGENCY",
            "AccidentVictim",
            "l3",
            vec![with(nameless, json!({"employmentForm": "EXTERNAL"}))],
        )
        .await;
        assert_eq!(found(&hub).await, []);
    }
}

#[tokio::test]
async fn an_injury_by_disease_without_a_report_and_a_disease_without_an_application_are_leads() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let applied =
            with(injury("W1", "A1", &man(4)), json!({"article": "ART14_4", "accidentNo": null}));
        hub.take("HRSS", "WorkInjury", "w", vec![applied]).await;
        assert_eq!(
            found(&hub).await,
            [lead("DISEASE_RECOGNITION_WITHOUT_REPORT", "CERTAIN", "NO_REPORT")]
        );
        // The report of the same person near that day links them, though neither names the other.
        hub.take("HEALTH", "OccupationalDiseaseCase", "c", vec![disease("C1", &man(4))]).await;
        assert_eq!(found(&hub).await, []);
        // A report of another year is a likely one only, and has no application of its own.
        hub.take(
            "HEALTH",
            "OccupationalDiseaseCase",
            "c2",
            vec![with(disease("C1", &man(4)), json!({"diagnosedAt": "2022-03-05"}))],
        )
        .await;
        assert_eq!(
            found(&hub).await,
            [
                lead("DISEASE_RECOGNITION_WITHOUT_REPORT", "CANDIDATE", "NO_REPORT"),
                lead("DISEASE_WITHOUT_APPLICATION", "CANDIDATE", "NO_APPLICATION"),
            ]
        );
    }
}

#[tokio::test]
async fn a_dead_victim_without_a_form_of_employment_is_a_lead_for_a_person_to_judge() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let dead = async |key: &str, form: Value| {
            let victim = with(
                victim("V1", "A1", &man(1)),
                json!({"injuryDegree": "DEATH", "employmentForm": form}),
            );
            hub.take("EMERGENCY", "AccidentVictim", key, vec![victim]).await;
            let all = found(&hub).await;
            all.into_iter()
                .filter(|(kind, ..)| kind == "ACCIDENT_DEATH_WITHOUT_RECOGNITION")
                .map(|(_, tier, reasons)| format!("{tier} {reasons}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(dead("d1", json!("REGULAR")).await, ["CERTAIN NO_APPLICATION"]);
        assert_eq!(
            dead("d2", Value::Null).await,
            ["CANDIDATE EMPLOYMENT_FORM_UNKNOWN NO_APPLICATION"]
        );
        assert!(dead("d3", json!("EXTERNAL")).await.is_empty());
        let insured = row(json!({
            "employmentNo": "M1", "idType": "RESIDENT_ID", "idNumber": man(1), "employerUscc": uscc(1),
            "regionCode": COUNTY, "insuredFrom": "2020-01-01",
        }));
        hub.take("HRSS", "Employment", "m", vec![insured]).await;
        assert_eq!(dead("d4", Value::Null).await, ["CERTAIN NO_APPLICATION"], "insured");
    }
}

#[tokio::test]
async fn a_lead_of_more_records_than_it_lists_says_so_and_is_judged_by_all_of_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        calm(&hub).await;
        let leaders = (1..=45).map(|number| {
            row(json!({
                "employmentNo": format!("M{number}"), "idType": "RESIDENT_ID", "idNumber": man(number + 10),
                "employerUscc": uscc(1), "regionCode": COUNTY, "keyIndustry": "COAL_MINE",
                "keyPost": "TEAM_LEADER", "insuredFrom": "2020-01-01",
            }))
        });
        hub.take("HRSS", "Employment", "m", leaders.collect()).await;
        hub.take("HRSS", "TrainingRecord", "t", vec![training("T1", &man(3), "2023-06-01", true)])
            .await;
        let own = lead("UNTRAINED_KEY_POST", "CERTAIN", "MORE_RECORDS NO_TRAINING");
        assert_eq!(found(&hub).await, [own]);
        let open = with(training("T2", &man(55), "2023-06-01", true), json!({"passed": null}));
        hub.take("HRSS", "TrainingRecord", "t2", vec![open]).await;
        // It may clear one of them: the lead stands for the others.
        let own = lead("UNTRAINED_KEY_POST", "CERTAIN", "MORE_RECORDS NO_TRAINING");
        assert_eq!(found(&hub).await, [own]);
        let many = (100..145).map(|number| {
            with(
                training(&format!("T{number}"), &man(3), "2023-06-01", true),
                json!({"idNumber": null}),
            )
        });
        hub.take("HRSS", "TrainingRecord", "t3", many.collect()).await;
        let unsure = lead("UNTRAINED_KEY_POST", "CANDIDATE", "MORE_RECORDS NO_TRAINING");
        assert_eq!(found(&hub).await, [unsure], "all of them may have been trained");
    }
}
