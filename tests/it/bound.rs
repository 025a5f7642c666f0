//! Whoever can write to the database and lacks the keys moves records and sealed values about, and
//! has an account of his own: he reads nothing there that he could not read before.

use lianfang::{
    keys::Keys,
    store::{rotate::bind, seal::unbound},
};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, man, person, victim, with},
    support::{TestHub, backends},
};

const SEALED: &str = "{ persons { nodes { personNo idNumber } } }";

async fn people(hub: &TestHub) -> [Value; 2] {
    hub.take(
        "HRSS",
        "Person",
        "p",
        vec![
            person("P1", &man(1)),
            with(person("P2", &man(2)), json!({"regionCode": OTHER_COUNTY})),
        ],
    )
    .await;
    let found = hub.data(&hub.reader("HRSS", CITY), "{ persons { nodes { id personNo } } }").await;
    let of = |number: &str| {
        let nodes = found["persons"]["nodes"].as_array().expect("persons");
        nodes.iter().find(|node| node["personNo"] == number).expect("a person")["id"].clone()
    };
    [of("P1"), of("P2")]
}

/// What somebody is told, whatever it is.
async fn told(hub: &TestHub, department: &str, region: &str, query: &str) -> String {
    hub.ask(&hub.reader(department, region), query, json!({})).await.to_string()
}

#[tokio::test]
async fn a_record_given_to_another_department_by_hand_is_not_read_there() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let [one, _] = people(&hub).await;
        hub.take(
            "HOUSING",
            "Person",
            "h",
            vec![with(person("P3", &man(3)), json!({"keyIndustry": "CONSTRUCTION"}))],
        )
        .await;
        let own = told(&hub, "HOUSING", CITY, SEALED).await;
        assert!(
            own.contains(&man(3)) && !own.contains(&man(1)),
            "{backend:?}: it reads its own: {own}"
        );
        for sql in [
            "UPDATE persons SET department = 'HOUSING', ref = 'HOUSING||P1', key_industry = 'CONSTRUCTION' WHERE person_no = 'P1'",
            "UPDATE change_events SET department = 'HOUSING'",
            "UPDATE record_versions SET department = 'HOUSING'",
        ] {
            hub.db_run(sql).await;
        }
        for query in [
            SEALED.to_owned(),
            format!("{{ node(id: {one}) {{ ... on Person {{ idNumber }} }} }}"),
            format!("{{ history(id: {one}) {{ version content }} }}"),
            "{ changes(families: [\"Person\"]) { events { record { ... on Person { idNumber } } } } }".to_owned(),
        ] {
            let answer = told(&hub, "HOUSING", CITY, &query).await;
            assert!(!answer.contains(&man(1)), "{backend:?}: {query}: {answer}");
            assert!(!answer.contains(&man(1)[14..]), "{backend:?}: {query}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_record_moved_to_another_region_by_hand_is_not_read_there() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let [one, _] = people(&hub).await;
        hub.db_run(&format!(
            "UPDATE persons SET region_code = '{OTHER_COUNTY}' WHERE person_no = 'P1'"
        ))
        .await;
        hub.db_run(&format!("UPDATE change_events SET region_code = '{OTHER_COUNTY}'")).await;
        let history = format!("{{ history(id: {one}) {{ version content }} }}");
        for query in [SEALED, &history] {
            let answer = told(&hub, "HRSS", OTHER_COUNTY, query).await;
            assert!(!answer.contains(&man(1)), "{backend:?}: {query}: {answer}");
        }
        // Nor when its version says the same.
        hub.db_run(&format!(
            "UPDATE record_versions SET content = REPLACE(content, '{COUNTY}', '{OTHER_COUNTY}')"
        ))
        .await;
        for query in [SEALED, &history] {
            let answer = told(&hub, "HRSS", OTHER_COUNTY, query).await;
            assert!(!answer.contains(&man(1)), "{backend:?}: {query}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_sealed_value_put_into_a_record_of_ones_own_is_not_read_there() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let [_, two] = people(&hub).await;
        hub.db_run("UPDATE persons SET id_number = (SELECT o.id_number FROM persons o WHERE o.person_no = 'P1')").await;
        let other = "SELECT o.content FROM record_versions o JOIN persons p ON p.id = o.record_id WHERE p.person_no = 'P1'";
        hub.db_run(&format!("UPDATE record_versions SET content = ({other})")).await;
        for query in [SEALED, &format!("{{ history(id: {two}) {{ version content }} }}")] {
            let answer = told(&hub, "HRSS", OTHER_COUNTY, query).await;
            assert!(!answer.contains(&man(1)), "{backend:?}: {query}: {answer}");
        }
    }
}

#[tokio::test]
async fn what_moves_as_it_should_is_read_where_it_lies_then() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
        let victims = vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))];
        let taken = hub.take("EMERGENCY", "AccidentVictim", "v", victims).await;
        let withdrawn = taken.verdicts[1].id.expect("a record");
        crate::verify::withdraw(&hub, &taken.verdicts[1], "AccidentVictim").await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "b",
            vec![with(accident("A1"), json!({"regionCode": OTHER_COUNTY}))],
        )
        .await;
        let query = "{ accidentVictims { nodes { id victimNo idNumber } } }";
        let found = hub.data(&hub.reader("EMERGENCY", OTHER_COUNTY), query).await;
        let node = &found["accidentVictims"]["nodes"][0];
        assert_eq!(node["idNumber"], json!(man(1)), "{backend:?}");
        let history = format!("{{ history(id: {}) {{ version content }} }}", node["id"]);
        let found = hub.data(&hub.reader("EMERGENCY", OTHER_COUNTY), &history).await;
        for version in found["history"].as_array().expect("versions") {
            assert_eq!(version["content"]["idNumber"], json!(man(1)), "{backend:?}");
        }
        hub.holds().await;
        // What came back after it was withdrawn, too.
        hub.take("EMERGENCY", "AccidentVictim", "w", vec![victim("V2", "A1", &man(2))]).await;
        let found = hub.data(&hub.reader("EMERGENCY", OTHER_COUNTY), query).await;
        assert_eq!(
            found["accidentVictims"]["nodes"].as_array().map(Vec::len),
            Some(2),
            "{backend:?}: {withdrawn}"
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_store_from_before_values_were_bound_is_taken_over_once() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        people(&hub).await;
        let seal = &hub.services.seal;
        let old = seal.seal(&unbound("persons", "id_number"), &man(1)).expect("sealed");
        let hex: String = old.iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = if hub.is_postgres() { format!("'\\x{hex}'") } else { format!("x'{hex}'") };
        hub.db_run(&format!("UPDATE persons SET id_number = {bytes} WHERE person_no = 'P1'")).await;
        assert!(
            !told(&hub, "HRSS", CITY, SEALED).await.contains(&man(1)),
            "{backend:?}: it is bound to nothing"
        );
        assert_eq!(
            bind(&hub.database, seal, &hub.services.catalogue).await.expect("bound"),
            1,
            "{backend:?}"
        );
        assert!(told(&hub, "HRSS", CITY, SEALED).await.contains(&man(1)), "{backend:?}");
        assert_eq!(
            bind(&hub.database, seal, &hub.services.catalogue).await.expect("bound"),
            0,
            "{backend:?}"
        );
        hub.holds().await;
    }
}

#[test]
fn a_key_file_from_before_says_that_values_are_not_bound_yet() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let path = directory.path().join("keys.json");
    let keys = Keys::generate().expect("keys");
    assert!(keys.bound());
    keys.write(&path).expect("written");
    let mut old: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("json");
    old.as_object_mut().expect("an object").remove("bound");
    std::fs::write(&path, old.to_string()).expect("written");
    assert!(!Keys::read(&path).expect("read").bound());
}
