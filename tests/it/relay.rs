//! What Relay relies on: connections, cursors that serve as they stand in edges, identifiers that
//! lead back to their record.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    consumer::settled,
    samples::{CITY, accident, employer, injury, man, person, victim},
    support::{TestHub, backends},
};

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String) { \
     accidents(first: $first, after: $after, last: $last, before: $before, orderBy: [{field: DEATHS, direction: DESC}]) { \
     pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { accidentNo } } nodes { accidentNo } } }";

async fn page(hub: &TestHub, token: &str, variables: Value) -> Value {
    let answer = hub.ask(token, PAGE, variables).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["accidents"].clone()
}

fn numbers(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().expect("edges");
    edges
        .iter()
        .map(|edge| edge["node"]["accidentNo"].as_str().expect("a number").to_owned())
        .collect()
}

/// The ends are the cursors of the edges, and the flags say whether there is more.
fn holds(page: &Value, (previous, next): (bool, bool)) {
    let (info, edges) = (&page["pageInfo"], page["edges"].as_array().expect("edges"));
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    assert_eq!(info["startCursor"], cursor(edges.first()), "{page}");
    assert_eq!(info["endCursor"], cursor(edges.last()), "{page}");
    assert!(
        edges.iter().all(|edge| edge["cursor"].as_str().is_some_and(|text| !text.is_empty())),
        "{page}"
    );
    assert_eq!(
        (&info["hasPreviousPage"], &info["hasNextPage"]),
        (&json!(previous), &json!(next)),
        "{page}"
    );
    let nodes: Vec<&Value> = edges.iter().map(|edge| &edge["node"]).collect();
    assert_eq!(
        page["nodes"].as_array().expect("nodes").iter().collect::<Vec<_>>(),
        nodes,
        "{page}"
    );
}

#[tokio::test]
async fn a_connection_keeps_the_rules_of_its_specification() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("EMERGENCY", CITY);
        let empty = page(&hub, &token, json!({"first": 3})).await;
        holds(&empty, (false, false));
        hub.take(
            "EMERGENCY",
            "Accident",
            "k",
            (0..5).map(|number| accident(&format!("A{number}"))).collect(),
        )
        .await;
        let all = page(&hub, &token, json!({"first": 200})).await;
        holds(&all, (false, false));
        let whole = numbers(&all);
        assert_eq!(whole.len(), 5, "{backend:?}");
        // Every cursor of an edge serves in both directions, whatever page it came from.
        for (index, edge) in all["edges"].as_array().expect("edges").iter().enumerate() {
            let after = page(&hub, &token, json!({"first": 2, "after": edge["cursor"]})).await;
            let rest = &whole[index + 1..];
            assert_eq!(numbers(&after), rest[..rest.len().min(2)], "{backend:?}");
            holds(&after, (true, rest.len() > 2));
            let before = page(&hub, &token, json!({"last": 2, "before": edge["cursor"]})).await;
            assert_eq!(numbers(&before), whole[index.saturating_sub(2)..index], "{backend:?}");
            holds(&before, (index > 2, true));
        }
        let last = page(&hub, &token, json!({"last": 2})).await;
        assert_eq!(numbers(&last), whole[3..], "{backend:?}");
        holds(&last, (true, false));
        // The ends are given without edges too, and lead on.
        let only = "{ accidents(first: 2, orderBy: [{field: DEATHS, direction: DESC}]) { pageInfo { startCursor endCursor } } }";
        let info = hub.data(&token, only).await["accidents"]["pageInfo"].clone();
        let after = page(&hub, &token, json!({"first": 5, "after": info["endCursor"]})).await;
        assert_eq!(numbers(&after), whole[2..], "{backend:?}");
        let after = page(&hub, &token, json!({"first": 5, "after": info["startCursor"]})).await;
        assert_eq!(numbers(&after), whole[1..], "{backend:?}");
    }
}

#[tokio::test]
async fn every_identifier_is_unique_and_leads_back_to_its_record() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1)), person("P2", &man(2))]).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1"), accident("A2")]).await;
        hub.take("EMERGENCY", "AccidentVictim", "v", vec![victim("V1", "A1", &man(1))]).await;
        hub.take("HRSS", "WorkInjury", "w", vec![injury("W1", "A1", &man(1))]).await;
        settled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let changes = "{ changes { events { id record { __typename ... on Node { id } } } } }";
        let events = hub.data(&token, changes).await["changes"]["events"].clone();
        let mut seen = BTreeSet::new();
        for event in events.as_array().expect("events") {
            assert_eq!(event["id"], event["record"]["id"], "{backend:?}");
            assert!(seen.insert(event["id"].to_string()), "{backend:?}: {event} stands twice");
            let refetch = format!("{{ node(id: {}) {{ __typename id }} }}", event["id"]);
            assert_eq!(hub.data(&token, &refetch).await["node"], event["record"], "{backend:?}");
        }
        assert_eq!(seen.len(), 7, "{backend:?}");
    }
}
