//! Every root field has its own outcome in the audit log, links by identity number are reads, and
//! whoever holds records sees who counted them.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, disease, injury, man, person, victim, with},
    support::{TestHub, backends},
};

const ENTRIES: &str = "{ auditEntries(first: 200) { seq department operation records outcome } }";

async fn seen(hub: &TestHub, token: &str) -> Vec<Value> {
    hub.data(token, ENTRIES).await["auditEntries"].as_array().expect("entries").clone()
}

async fn all(hub: &TestHub) -> Vec<Value> {
    seen(hub, &hub.token("HRSS", CITY, &["AUDITOR"])).await
}

async fn filled(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    hub.take(
        "EMERGENCY",
        "AccidentVictim",
        "v",
        vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))],
    )
    .await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
    hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
}

/// Operation and outcome of the entries that a document leaves.
async fn left(
    hub: &TestHub,
    token: &str,
    document: &str,
    variables: Value,
) -> Vec<(String, String)> {
    let start = all(hub).await.len();
    hub.ask(token, document, variables).await;
    let word = |value: &Value| value.as_str().expect("text").to_owned();
    all(hub).await[start..]
        .iter()
        .map(|entry| (word(&entry["operation"]), word(&entry["outcome"])))
        .collect()
}

fn told(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(operation, outcome)| ((*operation).to_owned(), (*outcome).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_refusal_is_in_the_log_whatever_fails_beside_it_and_a_showing_is_ok() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let union = hub.reader("UNION", CITY);
        // A fault first, then a refusal, then a showing: none hides another.
        let document = "{ accidents(first: 999) { totalCount } persons { nodes { name } } accidentVictims { nodes { name } } \
                        missing: accident(id: \"QWNjaWRlbnQ6eA\") { id } }";
        let found = left(&hub, &union, document, json!({})).await;
        assert_eq!(
            found,
            told(&[
                ("query accidents", "BAD_USER_INPUT"),
                ("query persons", "FORBIDDEN"),
                ("query accidentVictims", "OK"),
                ("query accident", "NOT_FOUND"),
            ]),
            "{backend:?}"
        );
        let entries = all(&hub).await;
        let shown = entries
            .iter()
            .rfind(|entry| entry["operation"] == "query accidentVictims")
            .expect("an entry");
        assert_eq!(shown["records"]["AccidentVictim"]["count"], 2, "{shown}");
        let refused =
            entries.iter().rfind(|entry| entry["operation"] == "query persons").expect("an entry");
        assert_eq!(refused["records"]["AccidentVictim"], Value::Null, "{refused}");
        // The same field twice, once refused; and root fields that stand in a fragment.
        let twice = "query { ...F } fragment F on Query { a: persons(where: {name: {eq: \"某某\"}}) { totalCount } \
                     b: accidentVictims { nodes { name } } }";
        let found = left(&hub, &union, twice, json!({})).await;
        assert_eq!(
            found,
            told(&[("query persons", "FORBIDDEN"), ("query accidentVictims", "OK")]),
            "{backend:?}"
        );
        // What failed beside facts that nobody audits is not in the log.
        assert_eq!(
            left(
                &hub,
                &union,
                "{ accidents { totalCount } b: accidents(first: 0) { totalCount } }",
                json!({})
            )
            .await,
            told(&[])
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn each_change_of_a_document_has_its_own_outcome() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let document = "mutation($rows: [AccidentRow!]!, $persons: [PersonRow!]!) { \
                        withdrawRecord(input: {id: \"x\", reason: \"误报\"}) { version } \
                        submitAccidents(input: {rows: $rows, mode: ATOMIC, idempotencyKey: \"m1\"}) { created } \
                        submitPersons(input: {rows: $persons, mode: ATOMIC, idempotencyKey: \"m2\"}) { created } }";
        let variables = json!({"rows": [accident("A7")], "persons": [person("P7", &man(7))]});
        let found = left(&hub, &hub.both("EMERGENCY"), document, variables).await;
        let submit = "submit Accident ATOMIC";
        let expected = [
            (submit, "BEGUN"),
            (submit, "OK"),
            ("mutation withdrawRecord", "NOT_FOUND"),
            ("mutation submitAccidents", "OK"),
            ("mutation submitPersons", "FORBIDDEN"),
        ];
        assert_eq!(found, told(&expected), "{backend:?}");
    }
}

#[tokio::test]
async fn following_a_link_by_identity_number_is_a_read_and_leaves_an_entry() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let reader = hub.reader("HRSS", CITY);
        let id =
            hub.data(&reader, "{ workInjuries { nodes { id } } }").await["workInjuries"]["nodes"]
                [0]["id"]
                .clone();
        for (document, from, to) in [
            (
                "{ accidents { nodes { victims { person { id regionCode } } } } }".to_owned(),
                "AccidentVictim",
                "Person",
            ),
            ("{ persons { nodes { workInjuries { id } } } }".to_owned(), "Person", "WorkInjury"),
            (
                format!("{{ workInjury(id: {id}) {{ person {{ __typename }} }} }}"),
                "WorkInjury",
                "Person",
            ),
        ] {
            let start = all(&hub).await.len();
            hub.data(&reader, &document).await;
            let entries = all(&hub).await;
            assert_eq!(entries.len(), start + 1, "{backend:?}: {document}");
            let records = &entries[start]["records"];
            assert!(
                records[to]["count"].as_u64() >= Some(1) && records[to]["classes"] == "N",
                "{document}: {records}"
            );
            assert!(records[from]["count"].as_u64() >= Some(1), "{document}: {records}");
        }
        // Links by accident number or employer are no such reads.
        let start = all(&hub).await.len();
        hub.data(&reader, "{ accidents { nodes { victims { victimNo accident { accidentNo employer { id } } } } } }").await;
        assert_eq!(all(&hub).await.len(), start);
    }
}

#[tokio::test]
async fn who_holds_closed_records_sees_who_counted_them_by_which_fields_and_how_often() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let cases: Vec<_> =
            (1..8).map(|order| disease(&format!("D{order}"), &man(order))).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "d", cases).await;
        let elsewhere = with(disease("D9", &man(9)), json!({"regionCode": OTHER_COUNTY}));
        hub.take("HEALTH", "OccupationalDiseaseCase", "e", vec![elsewhere]).await;
        let union = hub.reader("UNION", CITY);
        let question = "{ occupationalDiseaseCaseStats(where: {keyIndustry: {eq: COAL_MINE}}, groupBy: [STAGE]) { count } }";
        for _ in 0..3 {
            hub.data(&union, question).await;
        }
        for region in [CITY, COUNTY, OTHER_COUNTY, "140000"] {
            let steward = seen(&hub, &hub.token("HEALTH", region, &["STEWARD"])).await;
            let asked: Vec<_> =
                steward.iter().filter(|entry| entry["department"] == "UNION").collect();
            assert_eq!(asked.len(), 3, "{backend:?} {region}: {steward:?}");
            let records = &asked[0]["records"]["OccupationalDiseaseCase"];
            assert_eq!(records["fields"], json!(["keyIndustry", "stage"]), "{records}");
            assert_eq!(
                (&records["groups"], &records["count"]),
                (&json!(1), &json!(0)),
                "{records}"
            );
            assert!(
                !asked[0].to_string().contains("COAL_MINE"),
                "names, never values: {}",
                asked[0]
            );
        }
        for (department, region) in [("HRSS", CITY), ("HEALTH", "140200"), ("UNION", CITY)] {
            let others = seen(&hub, &hub.token(department, region, &["STEWARD"])).await;
            assert!(
                others.iter().all(|entry| entry["department"] != "UNION"),
                "{department} {region}: {others:?}"
            );
        }
        // The indicators count the same records.
        let emergency = hub.reader("EMERGENCY", CITY);
        let sheet = format!(
            "{{ indicators(region: \"{CITY}\", year: 2024, indicators: [I3]) {{ rows {{ indicator }} }} }}"
        );
        hub.data(&emergency, &sheet).await;
        let steward = seen(&hub, &hub.token("HEALTH", CITY, &["STEWARD"])).await;
        let asked = steward
            .iter()
            .find(|entry| entry["operation"] == "query indicators")
            .expect("an entry about the indicators");
        let fields =
            asked["records"]["OccupationalDiseaseCase"]["fields"].as_array().expect("names");
        assert!(
            fields.contains(&json!("diagnosedAt")) && fields.contains(&json!("regionCode")),
            "{asked}"
        );
        // So do the lists that the summary of leads compares, whether or not their numbers are
        // shown.
        hub.data(
            &emergency,
            &format!(
                "{{ leadSummary(region: \"{CITY}\") {{ overlap {{ matched {{ count }} }} }} }}"
            ),
        )
        .await;
        let steward = seen(&hub, &hub.token("HEALTH", CITY, &["STEWARD"])).await;
        let asked = steward
            .iter()
            .find(|entry| entry["operation"] == "query leadSummary")
            .expect("an entry about the lists");
        assert!(!asked["records"]["OccupationalDiseaseCase"].is_null(), "{asked}");
        // Key posts with their trainings, victims with their recognition, and sums of amounts.
        for (indicator, family, field) in [
            ("I4", "Employment", "keyPost"),
            ("I4", "Employment", "insuredTo"),
            ("I15", "WorkInjury", "result"),
            ("I7", "InsuredUnitYear", "benefitsYuan"),
        ] {
            let sheet = format!(
                "{{ indicators(region: \"{CITY}\", year: 2024, indicators: [{indicator}]) {{ rows {{ indicator }} }} }}"
            );
            hub.data(&union, &sheet).await;
            let last = all(&hub).await.last().cloned().expect("an entry");
            let fields = last["records"][family]["fields"].as_array().cloned().unwrap_or_default();
            assert!(fields.contains(&json!(field)), "{backend:?}: {indicator}: {last}");
        }
        // A holder who counts its own, and anybody who counts what is open, leaves none.
        let start = all(&hub).await.len();
        hub.data(&hub.reader("UNION", CITY), "{ accidentStats(groupBy: [REGION_CODE]) { count } }")
            .await;
        assert_eq!(all(&hub).await.len(), start);
    }
}

#[tokio::test]
async fn whoever_reads_the_figures_of_a_meeting_has_counted_the_closed_records_behind_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let cases: Vec<_> =
            (1..8).map(|order| disease(&format!("D{order}"), &man(order))).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "d", cases).await;
        let union = hub.reader("UNION", CITY);
        hub.data(&union, &format!("{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ today {{ figures {{ baseYear }} }} }} }}"))
            .await;
        let page = hub.call("GET", &union, &format!("/meeting/{CITY}/2024"), &[], "").await;
        assert_eq!(page.status, 200, "{backend:?}");
        let steward = seen(&hub, &hub.token("HEALTH", CITY, &["STEWARD"])).await;
        for operation in ["query jointMeeting", "read meeting"] {
            let asked = steward
                .iter()
                .find(|entry| entry["operation"] == operation && entry["department"] == "UNION");
            let records = &asked.unwrap_or_else(|| panic!("{backend:?}: {operation}: {steward:?}"))
                ["records"];
            assert!(
                !records["OccupationalDiseaseCase"].is_null(),
                "{backend:?}: {operation}: {records}"
            );
        }
    }
}
