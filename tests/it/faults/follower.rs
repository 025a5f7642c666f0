//! A system that keeps a copy by the feed, and after every broken connection goes on from the
//! cursor it has kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Value, json};

use crate::faults::fire::{Counts, Fire};

/// What is told of a change.
pub const EVENTS: &str = "events { kind id version record { ... on Accident { id version accidentNo minorInjuries } \
     ... on AccidentVictim { id version victimNo lostWorkdays } } }";

/// Families of a copy that is made of the feed alone.
pub const ALL: [&str; 2] = ["Accident", "AccidentVictim"];

/// A follower of a round.
pub struct Follower<'a> {
    fire: &'a Fire,
    /// Its families.
    pub families: Value,
    /// The cursor it has kept.
    pub after: Value,
    /// Records by identifier.
    pub copy: BTreeMap<String, Value>,
    heard: BTreeSet<(String, i64)>,
    last: BTreeMap<String, i64>,
    pages: u64,
}

impl<'a> Follower<'a> {
    pub fn new(fire: &'a Fire) -> Self {
        Self::behind(fire, &ALL, BTreeMap::new(), Value::Null)
    }

    /// One that has a copy of some families, and goes on behind a cursor.
    pub fn behind(
        fire: &'a Fire,
        families: &[&str],
        copy: BTreeMap<String, Value>,
        after: Value,
    ) -> Self {
        let families = json!(families);
        Self {
            fire,
            families,
            after,
            copy,
            heard: BTreeSet::new(),
            last: BTreeMap::new(),
            pages: 0,
        }
    }

    /// Whether it has heard everything from the beginning on.
    pub fn heard_all(&self) -> bool {
        self.families == json!(ALL)
    }

    /// Follows until the round ends.
    pub async fn run(mut self) -> Self {
        while self.fire.burns() {
            if !self.page().await {
                // The writers are to be heard, not outrun.
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        self
    }

    /// Takes over what is told now. Returns whether there is more.
    pub async fn page(&mut self) -> bool {
        self.pages += 1;
        let query = format!(
            "query($after: String, $families: [String!]) {{ changes(after: $after, families: $families, first: 50) {{ cursor more \
             {EVENTS} }} }}"
        );
        let variables = json!({"after": self.after, "families": self.families});
        let (answer, _) =
            self.fire.settle(&format!("page-{}", self.pages), &query, &variables).await;
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        self.take(&body)
    }

    /// Takes a page over. Returns whether there is more.
    pub fn take(&mut self, body: &Value) -> bool {
        let page = &body["data"]["changes"];
        let Some(events) = page["events"].as_array() else {
            self.fire.wrong(format!("the feed: {body}"));
            return false;
        };
        for event in events {
            self.apply(event);
        }
        self.after = page["cursor"].clone();
        page["more"] == true
    }

    fn apply(&mut self, event: &Value) {
        Counts::add(&self.fire.counts.heard);
        let id = event["id"].as_str().expect("an identifier").to_owned();
        let version = event["version"].as_i64().expect("a version");
        if !self.heard.insert((id.clone(), version)) {
            self.fire.wrong(format!("heard twice: {event}"));
        }
        if let Some(last) = self.last.insert(id.clone(), version)
            && last >= version
        {
            self.fire.wrong(format!("heard after version {last}: {event}"));
        }
        if event["kind"] == "UPSERT" {
            self.copy.insert(id, event["record"].clone());
        } else {
            self.copy.remove(&id);
        }
    }

    /// Whether it has heard of every version of a record, up to this one.
    pub fn knows(&self, id: &str, version: i64) -> bool {
        (1..=version).all(|version| self.heard.contains(&(id.to_owned(), version)))
    }
}
