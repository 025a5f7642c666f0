//! A system that keeps a copy by following the changes, for the tests of the feed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{patience::until, support::TestHub};

pub const PAGE: &str = "query($after: String, $families: [String!], $first: Int) { \
     changes(after: $after, families: $families, first: $first) { cursor more events { \
     kind family id version previousVersion changed reason at record { __typename id \
     ... on Accident { accidentNo regionCode keyIndustry deaths } ... on AccidentVictim { victimNo regionCode name bodyPart } \
     ... on Person { personNo regionCode name } } } } }";
pub const WITHDRAW: &str = "mutation($id: ID!, $reason: String!) { withdrawRecord(input: {id: $id, reason: $reason}) { version } }";

/// A system that keeps a copy.
pub struct Consumer {
    pub token: String,
    pub families: Value,
    pub after: Value,
    pub copy: BTreeMap<String, Value>,
}

impl Consumer {
    pub fn new(token: String, families: Value) -> Self {
        Self { token, families, after: Value::Null, copy: BTreeMap::new() }
    }

    pub async fn page(&self, hub: &TestHub, first: u64) -> Value {
        let variables = json!({"after": self.after, "families": self.families, "first": first});
        hub.ask(&self.token, PAGE, variables).await
    }

    /// Takes over all that has happened, and gives the changes.
    pub async fn pull(&mut self, hub: &TestHub, first: u64) -> Vec<Value> {
        settled(hub).await;
        self.follow(hub, first).await
    }

    /// Takes over what is told by now, and gives the changes.
    pub async fn follow(&mut self, hub: &TestHub, first: u64) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let answer = self.page(hub, first).await;
            assert!(answer.get("errors").is_none(), "{answer}");
            let page = &answer["data"]["changes"];
            let events = page["events"].as_array().expect("changes");
            assert!(events.len() as u64 <= first, "{page}");
            for event in events {
                let id = event["id"].as_str().expect("an identifier").to_owned();
                if event["kind"] == "UPSERT" {
                    assert_eq!(
                        (&event["record"]["id"], &event["record"]["__typename"]),
                        (&event["id"], &event["family"])
                    );
                    self.copy.insert(id, event["record"].clone());
                } else {
                    assert_eq!(
                        (&event["kind"], &event["record"]),
                        (&json!("TOMBSTONE"), &Value::Null),
                        "{event}"
                    );
                    self.copy.remove(&id);
                }
                all.push(event.clone());
            }
            self.after = page["cursor"].clone();
            if page["more"] == false {
                return all;
            }
        }
    }
}

/// Waits until every transaction before the last event has ended: other tests write to the same
/// server.
pub async fn settled(hub: &TestHub) {
    let open = "SELECT COUNT(*) FROM change_events WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    until("transactions before the last event end", async || {
        !hub.is_postgres() || hub.db_count(open).await == 0
    })
    .await;
}
