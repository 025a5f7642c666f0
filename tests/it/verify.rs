//! `verify` finds what was changed behind the hub's back, and names the check that found it.

use lianfang::{keys::Keys, store::seal::Seal, submit::verdict::RowVerdict};
use serde_json::json;

use crate::{
    samples::{CITY, OTHER_COUNTY, accident, disease, employer, injury, man, person, victim, with},
    support::{Backend, TestHub, backends},
};

/// Records of every kind of history: changed, moved with their accident, withdrawn, and withdrawn
/// and back again.
pub async fn filled(hub: &TestHub) {
    let accidents = hub
        .take("EMERGENCY", "Accident", "a", vec![accident("A1"), accident("A2"), accident("A3")])
        .await;
    let victims = vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))];
    let victims = hub.take("EMERGENCY", "AccidentVictim", "v", victims).await;
    let moved =
        with(accident("A1"), json!({"regionCode": OTHER_COUNTY, "keyIndustry": "CONSTRUCTION"}));
    withdraw(hub, &victims.verdicts[1], "AccidentVictim").await;
    hub.take("EMERGENCY", "Accident", "b", vec![moved]).await;
    withdraw(hub, &accidents.verdicts[2], "Accident").await;
    hub.take("EMERGENCY", "Accident", "c", vec![with(accident("A3"), json!({"deaths": 2}))]).await;
    hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
    hub.take("HRSS", "Person", "p2", vec![with(person("P1", &man(1)), json!({"name": "王大明"}))])
        .await;
    hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
    hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
    hub.take("HEALTH", "OccupationalDiseaseCase", "d", vec![disease("D1", &man(1))]).await;
}

pub async fn withdraw(hub: &TestHub, verdict: &RowVerdict, family: &str) {
    let id = verdict.id.expect("a record");
    let ctx = lianfang::context::OpCtx::begin("test");
    let region = lianfang::domain::region::RegionCode::parse(CITY).expect("a region");
    let actor = lianfang::authz::actor::Actor::internal("test", "EMERGENCY", region);
    let family = hub.services.catalogue.find(family).expect("a family");
    let permit = hub.services.permit(&actor, family).expect("a permit");
    hub.services.submitter().withdraw(&ctx, &actor, &permit, id, "误报").await.expect("withdrawn");
}

/// Names of the checks that find something wrong.
async fn wrong(hub: &TestHub, seal: Option<&Seal>) -> Vec<String> {
    let checks = lianfang::store::verify::records(&hub.database, &hub.services.catalogue, seal)
        .await
        .expect("checks");
    checks.into_iter().filter(|check| check.wrong > 0).map(|check| check.name).collect()
}

const VALUES: &str = "Person: its values are those of its newest version";
const COMPUTED: &str = "Person: what is sealed opens, fingerprint and hashes fit the values";
const RECEIPTS: &str = "receipts: what they acknowledge is there";

/// What is done behind the hub's back: the table, the statement, and the check that has to find it.
const TAMPERED: [(&str, &str, &str); 33] = [
    ("persons", "DELETE FROM persons", "Person: every version has its record"),
    ("persons", "UPDATE persons SET version = 7", "Person: every record has its version"),
    ("persons", "UPDATE persons SET version = 1", "Person: every version has its record"),
    (
        "persons",
        "UPDATE persons SET withdrawn_at = updated_at",
        "Person: it is withdrawn if its newest version says so",
    ),
    (
        "persons",
        "UPDATE persons SET department = 'CIVIL_AFFAIRS'",
        "Person: the last event says where it lies",
    ),
    ("persons", "UPDATE persons SET name = '王小明'", VALUES),
    ("persons", "UPDATE persons SET birth_date = NULL", VALUES),
    ("persons", "UPDATE persons SET id_number = phone", VALUES),
    ("persons", "UPDATE persons SET id_number = phone", COMPUTED),
    ("persons", "UPDATE persons SET residence_address = NULL", VALUES),
    ("persons", "UPDATE persons SET person_key = 'x'", COMPUTED),
    ("persons", "UPDATE persons SET name_sort = 'a'", COMPUTED),
    ("persons", "UPDATE persons SET fingerprint = 'x'", COMPUTED),
    (
        "accidents",
        "UPDATE accidents SET deaths = deaths + 1",
        "Accident: its values are those of its newest version",
    ),
    (
        "accidents",
        "UPDATE accidents SET direct_loss_fen = 1",
        "Accident: its values are those of its newest version",
    ),
    (
        "accident_victims",
        "UPDATE accident_victims SET region_code = '140602'",
        "AccidentVictim: its values are those of its newest version",
    ),
    (
        "record_versions",
        "DELETE FROM record_versions WHERE family = 'Person' AND version = 1",
        "Person: versions have no gap",
    ),
    (
        "record_versions",
        "DELETE FROM record_versions WHERE family = 'Person' AND version = 2",
        "Person: every record has its version",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET content = '{}' WHERE family = 'Person'",
        VALUES,
    ),
    ("record_versions", "UPDATE record_versions SET content = 'x' WHERE family = 'Person'", VALUES),
    (
        "record_versions",
        "UPDATE record_versions SET action = 'CREATED' WHERE family = 'Person'",
        "Person: it begins once and is withdrawn once at a time",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET action = 'WITHDRAWN' WHERE family = 'Accident' AND version = 3",
        "Accident: it begins once and is withdrawn once at a time",
    ),
    (
        "record_versions",
        "UPDATE record_versions SET family = 'Employer' WHERE family = 'Person'",
        RECEIPTS,
    ),
    (
        "change_events",
        "DELETE FROM change_events WHERE family = 'WorkInjury'",
        "WorkInjury: every version has its event, or had it",
    ),
    (
        "change_events",
        "UPDATE change_events SET kind = 'UPSERT' WHERE kind = 'WITHDRAWN'",
        "Accident: every version has its event, or had it",
    ),
    (
        "change_events",
        "UPDATE change_events SET version = 9 WHERE family = 'Employer'",
        "events: every event has its version",
    ),
    (
        "change_events",
        "UPDATE change_events SET version = 1 WHERE family = 'Person'",
        "events: none twice",
    ),
    (
        "change_events",
        "UPDATE change_events SET version = 3 - version WHERE family = 'Person'",
        "events: each record's in the order of its versions",
    ),
    (
        "change_events",
        "UPDATE change_events SET was_region = '140699' WHERE family = 'Accident' AND version = 2",
        "events: each begins where the one before ended",
    ),
    ("receipts", "UPDATE receipts SET answer = '{}x' WHERE family = 'Person'", RECEIPTS),
    ("receipts", "UPDATE receipts SET body_digest = 'x' WHERE family = 'Person'", RECEIPTS),
    (
        "receipts",
        "UPDATE receipts SET answer = REPLACE(answer, '\"version\":2', '\"version\":3')",
        RECEIPTS,
    ),
    (
        "receipts",
        "UPDATE receipts SET at = '2000-01-01 00:00:00+00:00' WHERE family = 'Person'",
        RECEIPTS,
    ),
];

#[tokio::test]
async fn whatever_is_changed_behind_the_hub_s_back_is_found_by_its_check() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        hub.holds().await;
        let seal = Some(&hub.services.seal);
        for (table, tamper, check) in TAMPERED {
            hub.db_run(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
            hub.db_run(tamper).await;
            let found = wrong(&hub, seal).await;
            assert!(
                found.iter().any(|name| name == check),
                "{backend:?}: {tamper} is not found by {check} but by {found:?}"
            );
            hub.db_run(&format!("DELETE FROM {table}")).await;
            hub.db_put_back(table, "kept").await;
            hub.db_run("DROP TABLE kept").await;
            assert_eq!(wrong(&hub, seal).await, [""; 0], "{backend:?}: restored after {tamper}");
        }
    }
}

#[tokio::test]
async fn sealed_values_are_the_same_after_a_change_of_keys_whether_they_can_be_opened_or_not() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        assert_eq!(wrong(&hub, None).await, [""; 0], "{backend:?}: without keys");
        let path = tempfile::NamedTempFile::new().expect("a file").into_temp_path();
        hub.keys.write(&path).expect("written");
        let mut keys = Keys::read(&path).expect("read");
        keys.rotate().expect("another key");
        let seal = Seal::new(keys.into());
        let touched =
            lianfang::store::rotate::reseal(&hub.database, &seal, &hub.services.catalogue)
                .await
                .expect("sealed again");
        assert!(touched > 0);
        assert_eq!(wrong(&hub, Some(&seal)).await, [""; 0], "{backend:?}: with keys");
        assert_eq!(wrong(&hub, None).await, [""; 0], "{backend:?}: without keys, sealed again");
        // One sealed value in the place of another: opened, it is another; unopened, it cannot be
        // told.
        let swapped = "UPDATE accident_victims SET id_number = (SELECT id_number FROM accident_victims WHERE ref = 'EMERGENCY||V2')";
        hub.db_run(swapped).await;
        let found = wrong(&hub, Some(&seal)).await;
        assert!(
            found.iter().any(|name| name.starts_with("AccidentVictim: its values")),
            "{backend:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn events_with_the_numbers_of_another_server_are_found() {
    let hub = TestHub::on(Backend::Postgres).await;
    filled(&hub).await;
    hub.db_run("UPDATE change_events SET transaction_id = transaction_id + 1000000000").await;
    let found = wrong(&hub, Some(&hub.services.seal)).await;
    assert!(found.contains(&"events: none of a transaction to come".to_owned()), "{found:?}");
    let refused = hub
        .submit(
            &hub.both("EMERGENCY"),
            "Accidents",
            "ATOMIC",
            "later",
            &[with(accident("A2"), json!({"deaths": 2}))],
        )
        .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "CONFLICT", "{refused}");
    // As docs/operations.md has it, with the numbers that the events came with.
    hub.db_run("UPDATE change_events SET transaction_id = transaction_id - 1000000000").await;
    hub.database.renumber_events().await.expect("renumbered");
    hub.take("EMERGENCY", "Accident", "later", vec![with(accident("A2"), json!({"deaths": 2}))])
        .await;
    hub.holds().await;
}
