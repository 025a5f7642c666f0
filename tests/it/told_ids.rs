//! Identifiers leave the hub under a cipher: they tell neither when a record was made nor which of
//! two was first.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    consumer::WITHDRAW,
    samples::{CITY, accident, man, victim},
    support::{Row, TestHub, backends},
};

/// The bytes of an identifier that was told.
fn bytes(told: &str) -> [u8; 16] {
    let all = BASE64_URL_SAFE_NO_PAD.decode(told).expect("an identifier");
    *all.last_chunk::<16>().expect("sixteen bytes")
}

/// The identifiers within the hub, in the order of their records.
async fn inner(hub: &TestHub, table: &str) -> Vec<Uuid> {
    let own = if hub.is_postgres() { "id::text" } else { "lower(hex(id))" };
    let ids = hub.db_texts(&format!("SELECT {own} FROM {table} ORDER BY id")).await;
    ids.iter().map(|id| Uuid::parse_str(id).expect("an identifier")).collect()
}

/// Every text that is somewhere in an answer.
fn texts(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|item| texts(item, all)),
        Value::Object(fields) => fields.values().for_each(|item| texts(item, all)),
        _ => {}
    }
}

fn tells(text: &str, id: Uuid) -> bool {
    let plain = text.contains(&id.to_string()) || text.contains(&id.simple().to_string());
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    plain || decoded.windows(16).any(|window| window == id.as_bytes())
}

#[tokio::test]
async fn no_answer_holds_an_identifier_of_the_store_and_their_order_tells_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        for number in 0..12 {
            hub.submit(
                &token,
                "Accidents",
                "ATOMIC",
                &format!("k{number}"),
                &[accident(&format!("A{number:02}"))],
            )
            .await;
        }
        let verdicts = hub
            .submit(&token, "AccidentVictims", "ATOMIC", "v", &[victim("V1", "A01", &man(1))])
            .await;
        let file: Row = accident("A20");
        let body = format!("{}\n", Value::Object(file));
        let sent = hub
            .upload(
                &token,
                "/exchange/accidents?mode=partial&wait=60",
                "file",
                "application/x-ndjson",
                body,
            )
            .await;
        let lines = hub.verdicts(&token, &sent.id()).await;
        hub.ask(&token, WITHDRAW, json!({"id": lines[0]["id"], "reason": "误报"})).await;
        crate::consumer::settled(&hub).await;
        let query = "{ accidents(first: 50, orderBy: [{field: ACCIDENT_NO}]) { nodes { id victims { id } } edges { cursor } } \
                     accidentVictims { nodes { id accident { id } } } changes { events { id record { id } } cursor } }";
        let data = hub.data(&token, query).await;
        let officer = hub.token("HRSS", CITY, &["AUDITOR"]);
        let audit =
            hub.data(&officer, "{ auditEntries(first: 200) { records documentHash } }").await;
        let exported = hub.exported(&token, "accidents", &[]).await.records();
        let mut all = Vec::new();
        for answer in
            [&data, &audit, &verdicts, &Value::from(lines), &Value::from(exported.clone())]
        {
            texts(answer, &mut all);
        }
        let own = inner(&hub, "accidents").await;
        for id in own.iter().copied().chain(inner(&hub, "accident_victims").await) {
            let told = all.iter().find(|text| tells(text, id));
            assert_eq!(told, None, "{backend:?}: {id} is told");
        }
        let nodes = data["accidents"]["nodes"].as_array().expect("nodes");
        let told: Vec<[u8; 16]> =
            nodes.iter().map(|node| bytes(node["id"].as_str().expect("an identifier"))).collect();
        assert!(
            !told.is_sorted(),
            "{backend:?}: the order of identifiers is that of their records"
        );
        let instants: BTreeSet<&[u8]> = told.iter().map(|id| &id[..4]).collect();
        assert_eq!(instants.len(), told.len(), "{backend:?}: they begin alike, as instants do");
        // The same everywhere, for good, and those of the form before are still taken.
        let same: BTreeSet<&str> = exported.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(
            same,
            nodes.iter().filter_map(|node| node["id"].as_str()).collect(),
            "{backend:?}"
        );
        let former =
            BASE64_URL_SAFE_NO_PAD.encode([b"Accident\0".as_slice(), own[0].as_bytes()].concat());
        let read =
            format!("{{ node(id: \"{former}\") {{ id ... on Accident {{ accidentNo }} }} }}");
        let node = hub.data(&token, &read).await["node"].clone();
        assert_eq!(
            (&node["accidentNo"], &node["id"]),
            (&json!("A00"), &nodes[0]["id"]),
            "{backend:?}"
        );
        hub.holds().await;
    }
}
