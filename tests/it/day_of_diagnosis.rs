//! The day of diagnosis of a work injury by occupational disease: whoever may list work injuries and
//! no diagnoses learns it by no way, however it was handed in.

use lianfang::submit::verdict::{Mode, RowRemark};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, disease, injury, man, with},
    support::{TestHub, backends},
};

/// A day that no other sample has.
const DAY: &str = "2024-07-19";

const LIST: &str = "{ workInjuries(first: 100) { nodes { id caseNo article injuredAt findings { field code } } } }";
const DAYS: &str = "{ workInjuries(first: 100) { nodes { caseNo injuredAt diagnosedAt } } }";
const CHANGES: &str = "{ changes(families: [\"WorkInjury\"], first: 100) { events { record { ... on WorkInjury { caseNo injuredAt } } } } }";
const HISTORY: &str = "query($id: ID!) { history(id: $id) { version changed content } }";
const STATS: &str =
    "{ workInjuryStats(groupBy: [ARTICLE, INJURED_AT_MONTH]) { keys { value } count } }";

async fn filled(hub: &TestHub) {
    hub.take("HEALTH", "OccupationalDiseaseCase", "c", vec![disease("C1", &man(4))]).await;
    let of_disease = |number: &str, days: Value| {
        let days = with(injury(number, "A1", &man(4)), days);
        with(days, json!({"article": "ART14_4", "accidentNo": null}))
    };
    let as_injured = of_disease("W1", json!({"injuredAt": DAY}));
    let as_diagnosed = of_disease("W2", json!({"injuredAt": null, "diagnosedAt": DAY}));
    let as_both = of_disease("W3", json!({"injuredAt": DAY, "diagnosedAt": DAY}));
    let by_card = with(
        injury("W4", "A1", &man(4)),
        json!({"article": null, "result": null, "injuredAt": DAY, "diseaseCardNo": "C1", "accidentNo": null}),
    );
    hub.take("HRSS", "WorkInjury", "w", vec![as_injured, as_diagnosed, as_both, by_card]).await;
}

#[tokio::test]
async fn who_lists_work_injuries_and_no_diagnoses_learns_no_day_of_diagnosis() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let search = format!("mutation {{ searchLeads(region: \"{CITY}\") {{ at }} }}");
        hub.data(&hub.token("HRSS", CITY, &["READER", "STEWARD", "SECRETARY"]), &search).await;
        for department in ["UNION", "EMERGENCY", "HOUSING", "TRANSPORT"] {
            let token = hub.reader(department, CITY);
            let list = hub.ask(&token, LIST, json!({})).await;
            let text = list.to_string();
            assert!(!text.contains(DAY), "{department}: {text}");
            assert!(!text.contains("INJURY_DAY_AS_DIAGNOSIS"), "{department}: {text}");
            for node in list["data"]["workInjuries"]["nodes"].as_array().into_iter().flatten() {
                let history = hub.ask(&token, HISTORY, json!({"id": node["id"]})).await;
                assert!(!history.to_string().contains(DAY), "{department}: {history}");
            }
            let own = format!("region: \"{CITY}\"");
            let leads = format!("{{ leads({own}) {{ nodes {{ kind day reasons }} }} }}");
            let duties = format!("{{ obligations({own}) {{ nodes {{ kind due start }} }} }}");
            for asked in [DAYS, CHANGES, STATS, &leads, &duties] {
                let answer = hub.ask(&token, asked, json!({})).await;
                let open = answer.get("errors").is_none();
                assert!(open || [DAYS, STATS].contains(&asked), "{department}: {answer}");
                let answer = answer.to_string();
                assert!(
                    !answer.contains(DAY) && !answer.contains("2024-07"),
                    "{department}: {asked}: {answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn who_decides_the_cases_reads_the_day_of_diagnosis_and_is_told_where_it_stood() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let own = hub.reader("HRSS", CITY);
        let list = hub.ask(&own, DAYS, json!({})).await;
        let nodes = list["data"]["workInjuries"]["nodes"].as_array().expect("a list");
        assert_eq!(nodes.len(), 4, "{list}");
        for node in nodes {
            assert_eq!((&node["injuredAt"], &node["diagnosedAt"]), (&Value::Null, &json!(DAY)));
        }
        let told = hub.ask(&own, LIST, json!({})).await.to_string();
        assert!(told.contains("INJURY_DAY_AS_DIAGNOSIS"), "{told}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_disease_with_a_day_of_injury_of_its_own_and_an_injury_without_one_are_refused() {
    let hub = TestHub::sqlite().await;
    let refused = async |key: &str, changes: Value| {
        let row = with(injury("W9", "A1", &man(4)), changes);
        let answer = hub.hand_in("HRSS", CITY, "WorkInjury", Mode::Partial, key, vec![row]).await;
        let faults = answer.verdicts.first().map(|verdict| verdict.faults.clone());
        let told = |fault: RowRemark| format!("{} {}", fault.field.unwrap_or_default(), fault.code);
        faults.unwrap_or_default().into_iter().map(told).collect::<Vec<_>>()
    };
    let both = json!({"article": "ART14_4", "accidentNo": null, "injuredAt": "2024-07-01", "diagnosedAt": DAY});
    assert_eq!(refused("a", both).await, ["injuredAt DISEASE_HAS_NO_INJURY_DAY"]);
    let neither = json!({"article": "ART14_4", "accidentNo": null, "injuredAt": null});
    assert_eq!(refused("b", neither).await, ["diagnosedAt REQUIRED"]);
    // The medical diagnosis of an accident is no day of it.
    assert_eq!(
        refused("c", json!({"injuredAt": null, "diagnosedAt": DAY})).await,
        ["injuredAt REQUIRED"]
    );
    assert_eq!(refused("d", json!({"injuredAt": null})).await, ["injuredAt REQUIRED"]);
}

#[tokio::test]
async fn a_day_of_diagnosis_does_not_come_back_as_a_day_of_injury_when_the_card_is_left_out() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let bare = json!({"article": null, "accidentNo": null, "diseaseCardNo": null, "result": null, "decidedAt": null});
        let again = async |key: &str, changes: Value| {
            let row = with(with(injury("W1", "A1", &man(1)), bare.clone()), changes);
            let answer =
                hub.hand_in("HRSS", CITY, "WorkInjury", Mode::Partial, key, vec![row]).await;
            let verdict = answer.verdicts.first().expect("a verdict");
            verdict.faults.iter().map(|fault| fault.code.clone()).collect::<Vec<_>>()
        };
        let moved = again("moved", json!({"injuredAt": DAY})).await;
        assert_eq!(moved, ["DISEASE_HAS_NO_INJURY_DAY"]);
        let told = again("told", json!({"injuredAt": null, "diagnosedAt": DAY})).await;
        assert_eq!(told, [""; 0], "a case may be pending without its card");
        // Another day is a correction: it was no disease.
        assert_eq!(again("corrected", json!({"injuredAt": "2024-06-30"})).await, [""; 0]);
        for (key, day, code) in
            [("old", "1025-03-01", "DATE_TOO_EARLY"), ("new", "2999-01-01", "DATE_IN_FUTURE")]
        {
            assert!(
                again(key, json!({"injuredAt": day})).await.contains(&code.to_owned()),
                "{key}"
            );
        }
    }
}
