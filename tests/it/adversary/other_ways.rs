//! Other ways to what a list says: single records, the feed, histories, files, links, leads, orders
//! by what is hidden. None says of a record what its list does not, or tells of a further one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::questions::Asker;
use crate::consumer::WITHDRAW;

/// Rows by their identifier.
type Listed<'a> = BTreeMap<&'a str, &'a Value>;

fn words(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

impl Asker<'_> {
    /// What other ways tell beyond these rows of the list.
    pub async fn other_ways(&mut self, rows: &[Value]) -> Vec<String> {
        let listed: Listed<'_> =
            rows.iter().map(|row| (row["id"].as_str().expect("an identifier"), row)).collect();
        let (mut found, mut told) = (Vec::new(), 0);
        let (family, fields) = (self.world.subject.family().1, self.world.subject.fields());
        let mut after = Value::Null;
        loop {
            let document = format!(
                "query($after: String) {{ changes(after: $after, first: 500, families: [\"{family}\"]) {{ cursor more events {{ id \
                 record {{ ... on {family} {{ id {fields} }} }} }} }} }}"
            );
            let page = self.ask_with(&document, json!({"after": after})).await["changes"].clone();
            for event in words(&page["events"]) {
                told += usize::from(event["record"]["regionCode"].is_string());
                self.beyond(
                    "the feed",
                    &listed,
                    event["id"].as_str(),
                    &event["record"],
                    &mut found,
                );
            }
            after = page["cursor"].clone();
            if page["more"] != true {
                break;
            }
        }
        assert_eq!(told, rows.len(), "the feed tells what the list does");
        let file = self.hub.exported(self.token, self.world.subject.list(), &[]).await;
        self.asked += 1;
        for line in String::from_utf8_lossy(&file.bytes).lines() {
            let record: Value = serde_json::from_str(line).unwrap_or_default();
            if record["id"].is_string() && record["code"].is_null() {
                told -= 1;
                self.beyond("a file", &listed, record["id"].as_str(), &record, &mut found);
            }
        }
        assert_eq!(told, 0, "and so does the file");
        self.singly(rows, &mut found).await;
        self.linked(&listed, &mut found).await;
        self.leads(&listed, &mut found).await;
        self.ordered(rows, &mut found).await;
        found
    }

    /// Notes what a way tells of a record beyond its row of the list.
    fn beyond(
        &self,
        way: &str,
        listed: &Listed<'_>,
        id: Option<&str>,
        record: &Value,
        found: &mut Vec<String>,
    ) {
        let Some(id) = id else { return };
        let Some(row) = listed.get(id) else {
            found.push(format!("{way} tells of {id}, which is not listed"));
            return;
        };
        let more = self
            .world
            .subject
            .fields()
            .split(' ')
            .filter(|field| !record[*field].is_null() && record[*field] != row[*field]);
        found.extend(more.map(|field| format!("{way} tells {field} of {id}")));
    }

    /// Single records, their histories, and withdrawing one.
    async fn singly(&mut self, rows: &[Value], found: &mut Vec<String>) {
        let (family, fields) = (self.world.subject.family().1, self.world.subject.fields());
        for row in rows.iter().step_by(17).take(6) {
            let id = &row["id"];
            let own: Listed<'_> = BTreeMap::from([(id.as_str().expect("an identifier"), row)]);
            let node = self
                .ask(&format!("{{ node(id: {id}) {{ ... on {family} {{ {fields} }} }} }}"))
                .await["node"]
                .clone();
            self.beyond("its node", &own, id.as_str(), &node, found);
            let versions = self
                .ask(&format!("{{ history(id: {id}) {{ content changed }} }}"))
                .await["history"]
                .clone();
            for version in words(&versions) {
                self.beyond("its history", &own, id.as_str(), &version["content"], found);
            }
            let taken = self.ask_with(WITHDRAW, json!({"id": id, "reason": "试"})).await;
            if !taken["withdrawRecord"].is_null() {
                found.push(format!("{id} was withdrawn by a reader"));
            }
        }
    }

    /// Records below persons and employers.
    async fn linked(&mut self, listed: &Listed<'_>, found: &mut Vec<String>) {
        let (link, fields) = (self.world.subject.link(), self.world.subject.fields());
        for from in ["persons", "employers"] {
            let mut after = Value::Null;
            loop {
                let document = format!(
                    "query($after: String) {{ {from}(first: 50, after: $after) {{ nodes {{ {link}(first: 100) {{ id {fields} }} }} \
                     pageInfo {{ hasNextPage endCursor }} }} }}"
                );
                let page = self.ask_with(&document, json!({"after": after})).await[from].clone();
                for record in words(&page["nodes"]).flat_map(|node| words(&node[link])) {
                    self.beyond(from, listed, record["id"].as_str(), record, found);
                }
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] != true {
                    break;
                }
            }
        }
    }

    /// Leads name records; who may not list one is not told of it.
    async fn leads(&mut self, listed: &Listed<'_>, found: &mut Vec<String>) {
        let family = self.world.subject.family().1;
        let page = self
            .ask("{ leads(region: \"140000\", first: 200) { nodes { kind sentence records { id family } } } }")
            .await["leads"]
            .clone();
        for lead in words(&page["nodes"]) {
            let unlisted = words(&lead["records"]).filter(|record| {
                record["family"] == family
                    && record["id"].as_str().is_some_and(|id| !listed.contains_key(id))
            });
            found.extend(unlisted.map(|record| format!("a lead tells of {record}")));
        }
    }

    /// Rows in the order of what is hidden, or under a condition on it, would tell it.
    async fn ordered(&mut self, rows: &[Value], found: &mut Vec<String>) {
        let Some(secret) = self.world.subject.secret() else { return };
        let hidden = rows.iter().any(|row| row[secret.field].is_null());
        let (list, dimension) = (self.world.subject.list(), secret.dimension);
        let asked = format!(
            "{{ {list}(first: 100, orderBy: [{{field: {dimension}}}]) {{ nodes {{ {} }} }} }}",
            secret.number
        );
        if hidden && !self.ask(&asked).await[list].is_null() {
            found.push(format!("{list} can be ordered by {}", secret.field));
        }
    }
}
