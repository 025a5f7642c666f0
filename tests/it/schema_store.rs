//! The store itself: migrations both ways, columns as declared, sealed values, keys, and links by
//! keyed hash.

use std::{collections::BTreeSet, sync::Arc};

use entity::catalogue::Family;
use lianfang::{
    app::{self, Settings},
    keys::Keys,
    store::{rotate::reseal, seal::Seal},
};
use migration::Migrator;
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;

use crate::{
    samples::{CITY, accident, disease, injury, man, person, victim, with},
    support::{TestHub, backends},
};

async fn columns(hub: &TestHub, table: &str) -> BTreeSet<String> {
    let sql = if hub.is_postgres() {
        format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public'"
        )
    } else {
        format!("SELECT name FROM pragma_table_xinfo('{table}')")
    };
    hub.db_texts(&sql).await.into_iter().collect()
}

async fn tables(hub: &TestHub) -> BTreeSet<String> {
    let sql = if hub.is_postgres() {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    hub.db_texts(sql).await.into_iter().collect()
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let before = tables(&hub).await;
        let shape = async || {
            let mut shape = Vec::new();
            for table in tables(&hub).await {
                shape.push((table.clone(), columns(&hub, &table).await));
            }
            shape
        };
        let whole = shape().await;
        Migrator::down(hub.database.migrations(), None)
            .await
            .expect("every change has its way back");
        assert_eq!(
            tables(&hub).await,
            BTreeSet::from(["seaql_migrations".to_owned()]),
            "{backend:?}"
        );
        app::migrate(&hub.database).await.expect("up again");
        assert_eq!(tables(&hub).await, before);
        assert_eq!(shape().await, whole);
        assert_eq!(
            app::migrate(&hub.database).await.expect("once more"),
            0,
            "a store up to date stays as it is"
        );
        // As a hub does when it starts.
        hub.database.begin_chain().await.expect("the chain of events begins");
        hub.take("EMERGENCY", "Accident", "k", vec![accident("A1")]).await;
        hub.holds().await;
    }
}

fn declared(family: &Family) -> BTreeSet<String> {
    let own = family
        .fields
        .iter()
        .flat_map(|field| [Some(field.column), field.key, field.sort])
        .flatten();
    Family::SYSTEM_COLUMNS.into_iter().chain(own).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn every_table_has_the_columns_its_family_declares() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for family in hub.services.catalogue.families() {
            assert_eq!(
                columns(&hub, family.table).await,
                declared(family),
                "{backend:?}: {}",
                family.name
            );
        }
    }
}

/// Every text and byte of the store, as lower-case hexadecimal digits and as text.
async fn whole_store(hub: &TestHub) -> String {
    let mut all = String::new();
    for table in tables(hub).await {
        for column in columns(hub, &table).await {
            let as_text = if hub.is_postgres() {
                // Bytes are shown as hexadecimal digits.
                format!("SELECT \"{column}\"::text FROM \"{table}\"")
            } else {
                format!("SELECT lower(hex(\"{column}\")) FROM \"{table}\"")
            };
            // Codes are public and long; what is looked for is not in them.
            if table.starts_with("reference") {
                continue;
            }
            for value in hub.db_texts(&as_text).await {
                all.push_str(&value);
                all.push('\n');
            }
        }
    }
    all
}

#[tokio::test]
async fn sealed_values_are_nowhere_in_the_store_as_text() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HRSS");
        let secret = with(
            person("P1", &man(1)),
            json!({"phone": "12098765432", "residenceAddress": "山西省朔州市秘密路九号"}),
        );
        hub.submit(&token, "Persons", "ATOMIC", "k1", std::slice::from_ref(&secret)).await;
        hub.submit(
            &token,
            "Persons",
            "ATOMIC",
            "k2",
            &[with(secret.clone(), json!({"name": "王中明"}))],
        )
        .await;
        let broken = with(
            secret,
            json!({"personNo": "P2", "idNumber": format!("{}0", &man(1)[..17]), "sex": "FEMALE"}),
        );
        hub.submit(&token, "Persons", "PARTIAL", "k3", &[broken]).await;
        hub.take("EMERGENCY", "Accident", "k4", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "k5", vec![victim("V1", "A1", &man(2))]).await;
        let all = whole_store(&hub).await;
        assert!(
            all.contains("王小明") || all.contains(&hex("王小明")),
            "{backend:?}: names are kept as they are"
        );
        for secret in [&man(1), &man(2), "12098765432", "秘密路", "左下肢", "骨折"] {
            assert!(!all.contains(secret), "{backend:?}: {secret} stands in the store");
            assert!(
                !all.to_lowercase().contains(&hex(secret)),
                "{backend:?}: {secret} stands in the store as bytes"
            );
        }
        let nodes = hub
            .data(&token, "{ persons { nodes { idNumber phone residenceAddress } } }")
            .await["persons"]["nodes"]
            .clone();
        assert_eq!(
            nodes[0],
            json!({"idNumber": man(1), "phone": "12098765432", "residenceAddress": "山西省朔州市秘密路九号"})
        );
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn keys_rotate_and_everything_still_reads_and_matches() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let people: Vec<_> =
            (0..7).map(|order| person(&format!("P{order}"), &man(order))).collect();
        hub.take("HRSS", "Person", "k1", people.clone()).await;
        hub.take("EMERGENCY", "Accident", "k2", vec![accident("A1")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "k3", vec![victim("V1", "A1", &man(3))]).await;
        let directory = tempfile::TempDir::new().expect("a directory");
        let path = directory.path().join("keys.json");
        hub.keys.write(&path).expect("written");
        let mut keys = Keys::read(&path).expect("read");
        assert_eq!(keys.rotate().expect("rotated"), 2);
        let keys = Arc::new(keys);
        let catalogue = Arc::clone(&hub.services.catalogue);
        assert_eq!(
            reseal(&hub.database, &Seal::new(Arc::clone(&keys)), &catalogue)
                .await
                .expect("sealed again"),
            8
        );
        assert_eq!(
            reseal(&hub.database, &Seal::new(Arc::clone(&keys)), &catalogue)
                .await
                .expect("sealed again"),
            0
        );
        let policy = app::policy(None, &catalogue).expect("the policy");
        let (router, services) =
            app::start(hub.database.clone(), catalogue, policy, keys, Settings::default())
                .await
                .expect("a hub with the new keys");
        let turned = TestHub::beside(&hub, router, services);
        let token = turned.both("HRSS");
        let query = |order: u32| {
            format!(
                "{{ persons(where: {{idNumber: {{eq: \"{}\"}}}}) {{ nodes {{ personNo idNumber accidentVictims {{ victimNo }} }} }} }}",
                man(order)
            )
        };
        let found = turned.data(&token, &query(3)).await;
        assert_eq!(
            found["persons"]["nodes"],
            json!([{"personNo": "P3", "idNumber": man(3), "accidentVictims": [{"victimNo": "V1"}]}])
        );
        // Versions keep the key they were written with, and the old one still opens them.
        let id =
            turned.data(&token, "{ persons(first: 1) { nodes { id } } }").await["persons"]["nodes"]
                [0]["id"]
                .clone();
        let history = turned
            .ask(&token, "query($id: ID!) { history(id: $id) { content } }", json!({"id": id}))
            .await;
        assert!(history["data"]["history"][0]["content"]["idNumber"].is_string(), "{history}");
        // What was handed in before is the same as before.
        let again = turned.submit(&token, "Persons", "ATOMIC", "k9", &people).await;
        assert_eq!(again["unchanged"], 7, "{again}");
        // The hub that still runs with the old keys does not open new values, and says no more than
        // that.
        let old = hub.ask(&token, &query(3), json!({})).await;
        assert_eq!(old["errors"][0]["extensions"]["code"], "INTERNAL", "{old}");
        turned.holds().await;
    }
}

#[tokio::test]
async fn records_of_a_person_are_linked_by_number_and_never_by_name() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Person", "k1", vec![person("P1", &man(1)), person("P2", &man(2))]).await;
        hub.take("EMERGENCY", "Accident", "k2", vec![accident("A1")]).await;
        let nameless = with(victim("V3", "A1", ""), json!({"idNumber": null}));
        hub.take(
            "EMERGENCY",
            "AccidentVictim",
            "k3",
            vec![with(victim("V1", "A1", &man(1)), json!({"name": "王晓明"})), nameless],
        )
        .await;
        hub.take(
            "HRSS",
            "WorkInjury",
            "k4",
            vec![injury("W1", "A1", &man(1)), injury("W2", "A1", &man(9))],
        )
        .await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "k5", vec![disease("C1", &man(2))]).await;
        let query = "{ persons(orderBy: [{field: PERSON_NO}]) { nodes { personNo workInjuries { caseNo victim { victimNo } } \
                     accidentVictims { victimNo } diseaseCases { cardNo } } } }";
        let nodes = hub.data(&hub.reader("HRSS", CITY), query).await["persons"]["nodes"].clone();
        assert_eq!(
            nodes,
            json!([
                {"personNo": "P1", "workInjuries": [{"caseNo": "W1", "victim": {"victimNo": "V1"}}], "accidentVictims": [{"victimNo": "V1"}], "diseaseCases": []},
                {"personNo": "P2", "workInjuries": [], "accidentVictims": [], "diseaseCases": [{"cardNo": "C1"}]},
            ]),
            "{backend:?}: all have the same name"
        );
    }
}
