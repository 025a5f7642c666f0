//! Everything there is to ask for, made of the schema.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::TestHub;

/// What differs between any two stores: identifiers, places in the order of events, and when
/// something was written.
const OWN: [&str; 22] = [
    "id",
    "cursor",
    "startCursor",
    "endCursor",
    "position",
    "createdAt",
    "updatedAt",
    "firstSeen",
    "lastSeen",
    "searchedAt",
    "at",
    "receipt",
    "requestId",
    "digest",
    "edges",
    "signedAt",
    "takenAt",
    "madeAt",
    "asOf",
    "generatedAt",
    "recordId",
    "nextCursor",
];
/// Levels of objects below a root field; of records below records.
const DEPTH: usize = 5;
const LINKS: usize = 1;
const YEARS: [i32; 1] = [2024];

/// The schema.
pub struct Schema {
    types: BTreeMap<String, Value>,
    families: Vec<(String, String)>,
}

fn base(kind: &Value) -> &Value {
    if kind["ofType"].is_object() { base(&kind["ofType"]) } else { kind }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl Schema {
    /// Asks the hub for its schema.
    pub async fn read(hub: &TestHub, token: &str) -> Self {
        let document = "{ __schema { types { name kind enumValues { name } possibleTypes { name } fields { name type { ...T } \
                        args { name type { ...T } } } } } } fragment T on __Type { name kind ofType { name kind ofType { name kind \
                        ofType { name kind } } } }";
        let answer = hub.data(token, document).await;
        let types = list(&answer["__schema"]["types"])
            .map(|kind| (word(&kind["name"]).to_owned(), kind.clone()))
            .collect();
        let families = hub
            .services
            .catalogue
            .families()
            .map(|family| (family.name.to_owned(), family.plural.to_owned()))
            .collect();
        Self { types, families }
    }

    fn kind(&self, name: &str) -> &Value {
        self.types.get(name).unwrap_or(&Value::Null)
    }

    fn is_family(&self, name: &str) -> bool {
        self.families.iter().any(|(family, _)| family == name)
    }

    /// Everything of a type.
    fn selection(&self, name: &str, depth: usize, links: usize) -> String {
        let kind = self.kind(name);
        if word(&kind["kind"]) == "UNION" {
            let parts = list(&kind["possibleTypes"]).map(|own| {
                let own = word(&own["name"]);
                format!("... on {own} {{ {} }}", self.selection(own, depth.saturating_sub(1), 0))
            });
            return format!("__typename {}", parts.collect::<Vec<_>>().join(" "));
        }
        let mut parts = vec!["__typename".to_owned()];
        for field in list(&kind["fields"]).filter(|field| !OWN.contains(&word(&field["name"]))) {
            let (own, of) = (word(&field["name"]), base(&field["type"]));
            if list(&field["args"]).any(|argument| word(&argument["type"]["kind"]) == "NON_NULL") {
                continue;
            }
            match word(&of["kind"]) {
                "SCALAR" | "ENUM" => parts.push(own.to_owned()),
                _ => {
                    let of = word(&of["name"]);
                    let linked =
                        self.is_family(name) && (self.is_family(of) || of.ends_with("Connection"));
                    if depth == 0 || (linked && links == 0) {
                        continue;
                    }
                    parts.push(format!(
                        "{own} {{ {} }}",
                        self.selection(of, depth - 1, if linked { links - 1 } else { links })
                    ));
                }
            }
        }
        parts.join(" ")
    }

    /// Values that an argument may take, so that each is asked once; none where it is not known
    /// what to say.
    fn values(&self, field: &str, argument: &Value, regions: &[&str]) -> Vec<String> {
        let (name, of) = (word(&argument["name"]), base(&argument["type"]));
        let needed = word(&argument["type"]["kind"]) == "NON_NULL";
        match name {
            "region" if needed => regions.iter().map(|region| format!("\"{region}\"")).collect(),
            "year" if needed => YEARS.iter().map(ToString::to_string).collect(),
            "year" if field.starts_with("lead") => vec![String::new(), "2024".to_owned()],
            "groupBy" => {
                let names: Vec<&str> = list(&self.kind(word(&of["name"]))["enumValues"])
                    .map(|own| word(&own["name"]))
                    .collect();
                names.iter().map(|name| format!("[{name}]")).chain([String::new()]).collect()
            }
            _ if needed => Vec::new(),
            // The bases of the indicators; parts of lists are in the lists.
            _ if field == "indicators"
                && word(&of["kind"]) == "ENUM"
                && !word(&argument["type"]["kind"]).starts_with("LIST") =>
            {
                let names = list(&self.kind(word(&of["name"]))["enumValues"])
                    .map(|own| word(&own["name"]).to_owned());
                names.chain([String::new()]).collect()
            }
            _ => vec![String::new()],
        }
    }

    /// Documents of all root fields, with their names.
    fn documents(&self, region: &str) -> Vec<(String, String)> {
        let below = if region.ends_with("00") { vec![region, "140602"] } else { vec![region] };
        let mut documents = Vec::new();
        for field in list(&self.kind("Query")["fields"]) {
            let (name, of) = (word(&field["name"]), base(&field["type"]));
            // Lists by page, and the audit log, which is for auditors.
            let mut asked: Vec<Vec<String>> = vec![Vec::new()];
            for argument in list(&field["args"]) {
                let values = self.values(name, argument, &below);
                let known = std::mem::take(&mut asked);
                for parts in &known {
                    for value in &values {
                        // One argument that may be left out at a time: the others are asked by
                        // themselves.
                        let free = word(&argument["type"]["kind"]) != "NON_NULL";
                        if value.is_empty() {
                            asked.push(parts.clone());
                        } else if !free || !parts.iter().any(|part| part.starts_with(' ')) {
                            let mark = if free { " " } else { "" };
                            asked.push(
                                parts
                                    .iter()
                                    .cloned()
                                    .chain([format!("{mark}{}: {value}", word(&argument["name"]))])
                                    .collect(),
                            );
                        }
                    }
                }
            }
            let selection = match word(&of["kind"]) {
                "SCALAR" | "ENUM" => String::new(),
                _ => format!(" {{ {} }}", self.selection(word(&of["name"]), DEPTH, LINKS)),
            };
            for parts in asked {
                let arguments =
                    if parts.is_empty() { String::new() } else { format!("({})", parts.join(",")) };
                documents.push((
                    format!("{name}{arguments}"),
                    format!("{{ {name}{arguments}{selection} }}"),
                ));
            }
        }
        documents
    }
}

/// The answers of a hub to somebody.
pub struct Answers<'a> {
    pub hub: &'a TestHub,
    pub token: String,
    pub region: &'a str,
    pub list: Vec<(String, String)>,
}

impl Answers<'_> {
    /// All of them, with their questions.
    pub async fn all(mut self, schema: &Schema) -> Vec<(String, String)> {
        for (name, document) in schema.documents(self.region) {
            let answer = self.hub.ask(&self.token, &document, json!({})).await;
            let code = word(&answer["errors"][0]["extensions"]["code"]);
            assert!(
                code.is_empty() || ["FORBIDDEN", "BAD_USER_INPUT"].contains(&code),
                "{name}: {answer}\n{document}"
            );
            self.note(name, answer);
        }
        for (family, plural) in &schema.families {
            self.records(family, plural).await;
            let list = lower(plural);
            let file = self.hub.exported(&self.token, &list, &[]).await;
            let text = String::from_utf8_lossy(&file.bytes).into_owned();
            let lines: Vec<Value> =
                text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            self.note(format!("export of {list}"), json!({"status": file.status, "lines": lines}));
        }
        for year in YEARS {
            for path in [
                format!("/meeting/{}/{year}?today=1", self.region),
                format!("/meeting/{}/{year}", self.region),
            ] {
                let file = self.hub.file(&self.token, &path, &[]).await;
                self.note(
                    format!("page {path}"),
                    json!({"text": untimed(&String::from_utf8_lossy(&file.bytes))}),
                );
            }
        }
        self.list
    }

    /// History of single records.
    async fn records(&mut self, family: &str, plural: &str) {
        let list_name = lower(plural);
        let answer = self
            .hub
            .ask(
                &self.token,
                &format!("{{ {list_name}(first: 10) {{ nodes {{ id }} }} }}"),
                json!({}),
            )
            .await;
        let mut all = Vec::new();
        for node in list(&answer["data"][&list_name]["nodes"]) {
            let document = format!(
                "{{ history(id: {}) {{ version action changed content department }} }}",
                node["id"]
            );
            let answer = self.hub.ask(&self.token, &document, json!({})).await;
            all.push(answer);
        }
        self.note(format!("histories of {family}"), json!(all));
    }

    fn note(&mut self, name: String, mut answer: Value) {
        strip(&mut answer);
        self.list.push((name, answer.to_string()));
    }
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Leaves out what differs between any two stores.
fn strip(value: &mut Value) {
    match value {
        Value::Object(parts) => {
            // A lead's number is drawn under a cipher: it differs, and tells nothing of how many
            // others there are.
            let lead = parts.get("__typename").is_some_and(|of| of == "Lead");
            let differs = |name: &str| OWN.contains(&name) || (lead && name == "number");
            parts.retain(|name, _| !differs(name));
            parts.values_mut().for_each(strip);
        }
        Value::Array(list) => {
            list.iter_mut().for_each(strip);
            // Records of one instant stand in the order of their identifiers.
            list.sort_by_key(ToString::to_string);
        }
        Value::String(text) => *text = untimed(text),
        _ => {}
    }
}

/// Times of day and digests as zeros.
fn untimed(text: &str) -> String {
    // A place in the order of events is sealed anew each time.
    let parts = text.split("变更流位置 ").enumerate();
    let text: String = parts
        .map(
            |(place, part)| {
                if place == 0 { part } else { part.trim_start_matches(|letter| letter != '<') }
            },
        )
        .collect();
    let letters: Vec<char> = text.chars().collect();
    let mut told = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let digits = letters[at..].iter().take_while(|letter| letter.is_ascii_digit()).count();
        if digits > 0 && letters.get(at + digits).is_some_and(|letter| "时分".contains(*letter)) {
            told.push('0');
            at += digits;
            continue;
        }
        let run = letters[at..]
            .iter()
            .take_while(|letter| letter.is_ascii_digit() || **letter == ':')
            .count();
        if run >= 5 && letters[at..at + run].contains(&':') {
            told.push_str("0:0");
            at += run;
        } else {
            let run = letters[at..].iter().take_while(|letter| letter.is_ascii_hexdigit()).count();
            if run >= 20 {
                told.push('0')
            } else {
                told.extend(&letters[at..at + run.max(1)])
            }
            at += run.max(1);
        }
    }
    told
}

/// Where two texts part.
pub fn first_difference(left: &str, right: &str) -> String {
    let at = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(160)).take(260).collect::<String>();
    format!("    …{}…\n    …{}…", near(left), near(right))
}
