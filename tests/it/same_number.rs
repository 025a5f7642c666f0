//! Two regions of a department use the same number: both are kept, and neither learns from anything
//! it is told that the other has it.

use entity::catalogue::Family;
use serde_json::{Value, json};

use crate::{
    samples::{
        CITY, COUNTY, OTHER_COUNTY, accident, base, campaign, codes, disease, employer, hazard,
        injury, man, measurement, outcomes, person, training, unit_year, uscc, victim, with,
    },
    support::{Row, TestHub, backends, row},
};

const RECORD: &str =
    "query($id: ID!) { node(id: $id) { id } history(id: $id) { version action changed } }";
const WITHDRAW: &str =
    "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"重复\"}) { version } }";

/// A row of a family that any organisation of it may hand in, in a region.
fn row_of(family: &Family, number: &str, region: &str) -> Row {
    let made = match family.name {
        "Accident" => accident(number),
        "AccidentVictim" => return victim(number, number, &man(1)),
        "Campaign" => campaign(number, "OTHER", "2024-03-10"),
        "EducationBase" => base(number, "PLANNED"),
        "Employer" => employer(number, 1),
        "Employment" => row(json!({
            "employmentNo": number, "idType": "RESIDENT_ID", "idNumber": man(1), "employerUscc": uscc(1), "keyIndustry": "COAL_MINE",
        })),
        "ExposureMeasurement" => measurement(number),
        "HazardRectification" => hazard(number, "REGISTERED"),
        "InsuredUnitYear" => unit_year(number),
        "OccupationalDiseaseCase" => disease(number, &man(1)),
        "Person" => person(number, &man(1)),
        "TrainingRecord" => training(number, &man(1)),
        "WorkInjury" => injury(number, "A1", &man(1)),
        other => unreachable!("a row of {other} is missing here"),
    };
    with(made, json!({"regionCode": region}))
}

/// A department that hands in coal mines of that family, wherever.
fn holder(hub: &TestHub, family: &'static Family) -> &'static str {
    let held = |department: &&str| {
        hub.services.policy.holders(family).any(|holder| *holder == **department)
    };
    ["HRSS", "EMERGENCY", "HEALTH"].into_iter().find(held).expect("somebody hands it in")
}

/// The answer without what is of its own in every answer, and without the number.
fn told(answer: &Value, number: &str) -> String {
    let mut answer = answer.clone();
    for name in ["receipt", "at", "digest"] {
        answer[name] = Value::Null;
    }
    for verdict in answer["verdicts"].as_array_mut().into_iter().flatten() {
        if verdict["id"].is_string() {
            verdict["id"] = json!("an identifier");
        }
    }
    answer.to_string().replace(number, "NUMBER")
}

async fn accidents_first(
    hub: &TestHub,
    family: &Family,
    token: &str,
    region: &str,
    numbers: &[&str],
) {
    if family.name == "AccidentVictim" {
        let rows: Vec<Row> = numbers
            .iter()
            .map(|number| with(accident(number), json!({"regionCode": region})))
            .collect();
        let answer = hub
            .submit(token, "Accidents", "ATOMIC", &format!("accidents of {region}"), &rows)
            .await;
        assert_eq!(answer["rejected"], 0, "{answer}");
    }
}

#[tokio::test]
async fn nothing_tells_that_another_region_uses_a_number_whatever_the_family() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for family in hub.services.catalogue.families().collect::<Vec<_>>() {
            let department = holder(&hub, family);
            let token = |region: &str| hub.token(department, region, &["READER", "SUBMITTER"]);
            let (here, there) = (token(COUNTY), token(OTHER_COUNTY));
            let who = format!("{backend:?} {}", family.name);
            let key = |what: &str| format!("{} {what}", family.name);
            let (held, fresh) = ("Z-HELD", "Z-FREE");
            accidents_first(&hub, family, &here, COUNTY, &[held]).await;
            accidents_first(&hub, family, &there, OTHER_COUNTY, &[held, fresh]).await;
            let first = hub
                .submit(
                    &here,
                    family.plural,
                    "ATOMIC",
                    &key("first"),
                    &[row_of(family, held, COUNTY)],
                )
                .await;
            assert_eq!(outcomes(&first), ["CREATED"], "{who}: {first}");
            for mode in ["DRY_RUN", "ATOMIC"] {
                let ask = async |number: &str| {
                    let rows = [row_of(family, number, OTHER_COUNTY)];
                    hub.submit(
                        &there,
                        family.plural,
                        mode,
                        &key(&format!("{mode} {number}")),
                        &rows,
                    )
                    .await
                };
                // The fresh one first: a person under two numbers is told of the second.
                let free = ask(fresh).await;
                if mode == "ATOMIC" {
                    let id = free["verdicts"][0]["id"].clone();
                    let gone = hub.ask(&there, WITHDRAW, json!({"id": id})).await;
                    assert!(gone["errors"].is_null(), "{who}: {gone}");
                }
                let taken = ask(held).await;
                assert_eq!(outcomes(&taken), ["CREATED"], "{who} {mode}: {taken}");
                assert_eq!(told(&taken, held), told(&free, fresh), "{who} {mode}");
            }
            // A file is told the same, and its own record comes back under its number.
            let row = row_of(family, held, OTHER_COUNTY);
            let path = format!("/exchange/{}?mode=partial&wait=60", family.list_name());
            let file = format!("{}\n", Value::Object(row.clone()));
            let sent = hub.upload(&there, &path, &key("file"), "application/x-ndjson", file).await;
            assert_eq!(sent.counts(), [0, 0, 1, 0], "{who}: {}", sent.job);
            let second = hub.submit(&there, family.plural, "ATOMIC", &key("again"), &[row]).await;
            assert_eq!(outcomes(&second), ["UNCHANGED"], "{who}: {second}");
            let (own, other) =
                (second["verdicts"][0]["id"].clone(), first["verdicts"][0]["id"].clone());
            assert_ne!(own, other, "{who}");
            let gone = hub.ask(&there, WITHDRAW, json!({"id": own})).await;
            assert!(gone["errors"].is_null(), "{who}: {gone}");
            let anew = hub
                .submit(
                    &there,
                    family.plural,
                    "ATOMIC",
                    &key("anew"),
                    &[row_of(family, held, OTHER_COUNTY)],
                )
                .await;
            assert_eq!(
                (outcomes(&anew), &anew["verdicts"][0]["id"]),
                (vec!["UPDATED"], &own),
                "{who}: {anew}"
            );
            // The other's is as it was.
            let history =
                hub.ask(&here, RECORD, json!({"id": other})).await["data"]["history"].clone();
            assert_eq!(history.as_array().map(Vec::len), Some(1), "{who}: {history}");
            let again = hub
                .submit(
                    &here,
                    family.plural,
                    "ATOMIC",
                    &key("once more"),
                    &[row_of(family, held, COUNTY)],
                )
                .await;
            assert_eq!(
                (outcomes(&again), &again["verdicts"][0]["id"]),
                (vec!["UNCHANGED"], &other),
                "{who}: {again}"
            );
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn links_by_number_lead_to_the_record_that_the_reader_may_see() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for region in [COUNTY, OTHER_COUNTY] {
            let token = hub.token("EMERGENCY", region, &["SUBMITTER"]);
            let row = with(
                accident("A1"),
                json!({"regionCode": region, "minorInjuries": if region == COUNTY { 3 } else { 4 }}),
            );
            assert_eq!(
                outcomes(&hub.submit(&token, "Accidents", "ATOMIC", "a", &[row]).await),
                ["CREATED"]
            );
            let victim = victim("V1", "A1", &man(if region == COUNTY { 1 } else { 2 }));
            assert_eq!(
                outcomes(&hub.submit(&token, "AccidentVictims", "ATOMIC", "v", &[victim]).await),
                ["CREATED"]
            );
            let token = hub.token("HRSS", region, &["SUBMITTER"]);
            let row = with(
                injury("W1", "A1", &man(if region == COUNTY { 1 } else { 2 })),
                json!({"regionCode": region}),
            );
            assert_eq!(
                outcomes(&hub.submit(&token, "WorkInjuries", "ATOMIC", "w", &[row]).await),
                ["CREATED"]
            );
        }
        for (region, minor) in [(COUNTY, 3), (OTHER_COUNTY, 4)] {
            let query = "{ workInjuries { nodes { accident { minorInjuries } } } accidents(where: {regionCode: {in: [\"R\"]}}) { nodes { minorInjuries \
                         victims { accident { minorInjuries } } workInjuries { regionCode } } } }";
            let data = hub.data(&hub.reader("HRSS", region), &query.replace('R', region)).await;
            let own = json!([{"accident": {"minorInjuries": minor}}]);
            assert_eq!(data["workInjuries"]["nodes"], own, "{backend:?} {region}: {data}");
            assert_eq!(
                data["accidents"]["nodes"],
                json!([{"minorInjuries": minor, "victims": own, "workInjuries": [{"regionCode": region}]}]),
                "{backend:?} {region}"
            );
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn whoever_answers_for_both_regions_says_which_one_is_meant() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for region in [COUNTY, OTHER_COUNTY] {
            let token = hub.token("EMERGENCY", region, &["SUBMITTER"]);
            hub.submit(
                &token,
                "Accidents",
                "ATOMIC",
                "k",
                &[with(accident("A1"), json!({"regionCode": region}))],
            )
            .await;
        }
        let city = hub.both("EMERGENCY");
        let send = async |key: &str, region: &str| {
            let row = with(accident("A1"), json!({"regionCode": region, "deaths": 2}));
            hub.submit(&city, "Accidents", "PARTIAL", key, &[row]).await
        };
        assert_eq!(outcomes(&send("k1", OTHER_COUNTY).await), ["UPDATED"]);
        let query =
            "{ accidents(orderBy: [{field: REGION_CODE}]) { nodes { regionCode deaths } } }";
        let nodes = hub.data(&city, query).await["accidents"]["nodes"].clone();
        let expected =
            json!([{"regionCode": COUNTY, "deaths": 1}, {"regionCode": OTHER_COUNTY, "deaths": 2}]);
        assert_eq!(nodes, expected, "{backend:?}");
        let neither = send("k2", CITY).await;
        assert_eq!(codes(&neither, 0, "faults"), ["KEY_IN_SEVERAL_REGIONS"], "{neither}");
        let victims = hub
            .submit(&city, "AccidentVictims", "PARTIAL", "k3", &[victim("V1", "A1", &man(1))])
            .await;
        assert_eq!(codes(&victims, 0, "faults"), ["KEY_IN_SEVERAL_REGIONS"], "{victims}");
        // One of them alone may move, as before.
        hub.take("EMERGENCY", "Accident", "k4", vec![accident("A2")]).await;
        let moved = with(accident("A2"), json!({"regionCode": OTHER_COUNTY}));
        assert_eq!(
            outcomes(&hub.submit(&city, "Accidents", "ATOMIC", "k5", &[moved]).await),
            ["UPDATED"]
        );
        // The county that had it begins anew, beside it.
        let county = hub.token("EMERGENCY", COUNTY, &["SUBMITTER"]);
        assert_eq!(
            outcomes(&hub.submit(&county, "Accidents", "ATOMIC", "k6", &[accident("A2")]).await),
            ["CREATED"]
        );
        hub.holds().await;
    }
}
