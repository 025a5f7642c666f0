//! What a page of leads tells of the leads and records of others, and that reading it is on record.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{CITY, MANAGES, one_death};
use crate::{
    samples::{accident, disease, man, person, with},
    support::{TestHub, backends},
};

#[tokio::test]
async fn numbers_and_cursors_of_leads_do_not_tell_how_many_others_there_are() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let cases = (1..4).map(|order| disease(&format!("D{order}"), &man(order))).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "d", cases).await;
        hub.searched(CITY, "DISEASE_WITHOUT_APPLICATION").await;
        let steward = hub.token("HRSS", CITY, &MANAGES);
        let page = |after: &str| {
            format!(
                "{{ leads(region: \"{CITY}\", first: 1{after}) {{ nodes {{ number }} endCursor hasNextPage }} }}"
            )
        };
        let (mut numbers, mut after) = (Vec::new(), String::new());
        loop {
            let own = hub.data(&steward, &page(&after)).await["leads"].clone();
            numbers.push(own["nodes"][0]["number"].as_i64().expect("a number"));
            let cursor = own["endCursor"].as_str().expect("a cursor");
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).expect("base64");
            assert!(!bytes.windows(8).any(|eight| eight == [0; 8]), "{backend:?}: {bytes:?}");
            after = format!(", after: \"{cursor}\"");
            if own["hasNextPage"] != true || numbers.len() > 9 {
                break;
            }
        }
        assert_eq!(numbers.len(), 3, "{backend:?}: each page has the next lead");
        let steps: Vec<i64> = numbers.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
        assert!(
            steps.iter().all(|step| *step > 3) && numbers.iter().all(|number| *number > 3),
            "{backend:?}: {numbers:?}"
        );
        let clear = BASE64_URL_SAFE_NO_PAD.encode("lead:1");
        assert_eq!(
            hub.code(&steward, &page(&format!(", after: \"{clear}\""))).await,
            "BAD_USER_INPUT"
        );
    }
}

#[tokio::test]
async fn reading_leads_is_on_record_and_names_no_record_that_may_only_be_counted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        one_death(&hub).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "case", vec![disease("D1", &man(1))]).await;
        let other = with(person("P1", &man(1)), json!({"name": "李四"}));
        hub.take("HRSS", "Person", "other name", vec![other]).await;
        hub.searched(CITY, "IDENTITY_NAME_CONFLICT").await;
        let auditor = hub.token("HRSS", CITY, &["AUDITOR"]);
        let entries = async || {
            hub.data(&auditor, "{ auditEntries(first: 200) { operation department records } }")
                .await["auditEntries"]
                .clone()
        };
        for department in ["EMERGENCY", "HEALTH", "HRSS"] {
            let token = if department == "HRSS" {
                hub.token("HRSS", CITY, &MANAGES)
            } else {
                hub.reader(department, CITY)
            };
            if department != "HRSS" {
                assign_all(&hub, "IDENTITY_NAME_CONFLICT", department).await;
            }
            let found = hub.leads(&token, CITY, "IDENTITY_NAME_CONFLICT").await;
            assert!(!found.is_empty(), "{backend:?}: {department}");
            let families: Vec<&str> = found
                .iter()
                .flat_map(|lead| lead["records"].as_array().expect("records"))
                .filter_map(|record| record["family"].as_str())
                .collect();
            for family in ["Person", "OccupationalDiseaseCase"] {
                let rights = hub.data(&token, "{ viewer { rights { family lists } } }").await["viewer"]["rights"].clone();
                let may = rights
                    .as_array()
                    .expect("rights")
                    .iter()
                    .any(|right| right["family"] == family && right["lists"] == true);
                assert!(
                    may || !families.contains(&family),
                    "{backend:?}: {department} may only count {family}: {families:?}"
                );
            }
            let last = entries()
                .await
                .as_array()
                .expect("entries")
                .iter()
                .rfind(|entry| entry["operation"] == "query leads")
                .cloned();
            let last =
                last.unwrap_or_else(|| unreachable!("{backend:?}: {department} left no entry"));
            assert_eq!(last["department"], department, "{backend:?}: {last}");
            assert!(
                last["records"]
                    .as_object()
                    .is_some_and(|records| records.values().all(|own| own["classes"] == "N")),
                "{last}"
            );
        }
    }
}

/// The office asks a department about all leads of a kind.
async fn assign_all(hub: &TestHub, kind: &str, department: &str) {
    let manager = hub.token("HRSS", CITY, &MANAGES);
    for lead in hub.leads(&manager, CITY, kind).await {
        let input = json!({"id": lead["id"], "version": lead["version"], "department": department, "words": "请核对姓名。"});
        let step = hub.step(&manager, "assignLead", "AssignLeadInput", input).await;
        assert_eq!(step["state"], "ASSIGNED", "{step}");
    }
}

#[tokio::test]
async fn whoever_hands_in_a_number_under_another_name_learns_nothing_of_its_owner() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let case = with(disease("D1", &man(1)), json!({"name": "李四"}));
        hub.take("HEALTH", "OccupationalDiseaseCase", "case", vec![case]).await;
        let asked = |number: u32| {
            with(
                person(&format!("P{number}"), &man(number)),
                json!({"name": "赵甲乙", "keyIndustry": "CONSTRUCTION"}),
            )
        };
        hub.take("HOUSING", "Person", "asked", vec![asked(1), asked(2)]).await;
        hub.searched(CITY, "IDENTITY_NAME_CONFLICT").await;
        let office = hub.token("HRSS", CITY, &MANAGES);
        let found = hub.leads(&office, CITY, "IDENTITY_NAME_CONFLICT").await;
        assert_eq!(found.len(), 1, "{backend:?}: {found:?}");
        let housing = hub.reader("HOUSING", CITY);
        let none: [Value; 0] = [];
        let own = hub.leads(&housing, CITY, "IDENTITY_NAME_CONFLICT").await;
        assert_eq!(own, none, "{backend:?}");
        let summary =
            format!("{{ leadSummary(region: \"{CITY}\") {{ kind certain {{ count reason }} }} }}");
        let told = hub.data(&housing, &summary).await["leadSummary"].clone();
        let of = told.as_array().expect("kinds").iter();
        let of = of.clone().find(|own| own["kind"] == "IDENTITY_NAME_CONFLICT").expect("the kind");
        assert_eq!(of["certain"], json!({"count": null, "reason": "NOT_YOURS"}), "{backend:?}");
        // Once the office has asked, the department has its own record before it, and no other.
        assign_all(&hub, "IDENTITY_NAME_CONFLICT", "HOUSING").await;
        let own = hub.leads(&housing, CITY, "IDENTITY_NAME_CONFLICT").await;
        assert_eq!(own.len(), 1, "{backend:?}: {own:?}");
        assert_eq!((&own[0]["employerName"], &own[0]["day"]), (&json!(null), &json!(null)));
        let records = own[0]["records"].as_array().expect("records");
        assert!(records.iter().all(|record| record["department"] == "HOUSING"), "{records:?}");
    }
}

#[tokio::test]
async fn where_nothing_was_handed_in_there_is_no_lead_and_no_zero() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
        hub.searched(CITY, "UNION_NOT_NOTIFIED").await;
        let steward = hub.token("HRSS", CITY, &MANAGES);
        let question = format!(
            "{{ leadSummary(region: \"{CITY}\") {{ kind certain {{ count reason }} overlap {{ matched {{ count }} }} }} }}"
        );
        let told = hub.data(&steward, &question).await["leadSummary"].clone();
        let of = |kind: &str| {
            let own = told.as_array().expect("kinds").iter().find(|own| own["kind"] == kind);
            own.expect("the kind").clone()
        };
        let none = json!({"count": null, "reason": "NO_RECORDS"});
        for kind in
            ["DISEASE_WITHOUT_APPLICATION", "VICTIM_WITHOUT_IDENTITY", "IDENTITY_NAME_CONFLICT"]
        {
            assert_eq!(of(kind)["certain"], none, "{kind}");
            assert_eq!(of(kind)["overlap"], json!(null), "{kind}");
        }
        assert_eq!(of("EVENT_REPORTED_TWICE")["certain"], json!({"count": 0, "reason": null}));
        // Of a year without a record, and of records that came after the search, there is no zero.
        let late = with(accident("A2"), json!({"occurredAt": "2022-03-05T10:00:00+08:00"}));
        hub.take("EMERGENCY", "Accident", "late", vec![late]).await;
        let of_year = async |year: i32| {
            let asked = question.replace(")", &format!(", year: {year})"));
            let told = hub.data(&steward, &asked).await["leadSummary"].clone();
            let own = told.as_array().expect("kinds").iter();
            own.clone().find(|own| own["kind"] == "EVENT_REPORTED_TWICE").expect("the kind")["certain"]
                .clone()
        };
        assert_eq!(of_year(2023).await, none, "{backend:?}");
        assert_eq!(of_year(2022).await, none, "{backend:?}: not searched since");
        assert_eq!(of_year(2024).await, json!({"count": 0, "reason": null}), "{backend:?}");
        hub.searched(CITY, "UNION_NOT_NOTIFIED").await;
        assert_eq!(of_year(2022).await, json!({"count": 0, "reason": null}), "{backend:?}");
        let union = hub.reader("UNION", CITY);
        let told = hub.data(&union, &question).await["leadSummary"].clone();
        let hidden = told
            .as_array()
            .expect("kinds")
            .iter()
            .find(|own| own["kind"] == "DISEASE_WITHOUT_APPLICATION");
        assert_eq!(
            hidden.expect("the kind")["certain"]["reason"],
            "NOT_YOURS",
            "nothing is told of it"
        );
    }
}
