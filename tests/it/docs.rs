//! What the documents show works: every GraphQL block and every `curl` body is sent to a hub, every
//! configuration is read by the program, every link leads somewhere.
//!
//! A GraphQL block says in an HTML comment above it who asks: `<!-- as HRSS 140600 READER -->`,
//! with `purpose RECOGNITION ticket GS-1` for a case and `answers FORBIDDEN` where an error is what
//! is shown. A JSON block under `<!-- variables -->` holds its variables; identifiers (`id` of an
//! accident, `victim`) are filled in here. A `curl` asks with the token it names.

use std::path::Path;

use lianfang::{
    domain::{credit_code, identity},
    submit::verdict::{Mode, RowOutcome},
};
use serde_json::{Value, json};

use crate::{
    live_client::{Events, listening},
    support::{TestHub, row},
};

const QUERIES: [&str; 4] =
    ["docs/first-steps.md", "docs/first-steps.zh-CN.md", "docs/api.md", "docs/meeting.md"];
/// Where documents lie.
const PLACES: [&str; 5] = ["", "docs", "reference", "benches", "examples/meeting-view"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All documents, by path.
fn documents() -> Vec<String> {
    let names = |place: &str| {
        let entries = std::fs::read_dir(root().join(place)).expect(place);
        entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    let paths = PLACES.iter().flat_map(|place| {
        names(place)
            .into_iter()
            .map(move |name| if place.is_empty() { name } else { format!("{place}/{name}") })
    });
    paths.filter(|path| path.ends_with(".md")).collect()
}

/// What a document links to.
fn targets(document: &str) -> impl Iterator<Item = &str> {
    document
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://"))
}

/// Places within a document that can be linked to.
fn anchors(document: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in document.lines() {
        inside ^= line.trim_start().starts_with("```");
        let Some((marks, heading)) = line.split_once(' ').filter(|_| !inside) else { continue };
        if !marks.is_empty() && marks.chars().all(|letter| letter == '#') {
            let kept = heading
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
            found.push(kept.collect::<String>().to_lowercase().replace(' ', "-"));
        }
    }
    found
}

/// A document.
pub fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| unreachable!("{path}: {error}"))
}

/// A fenced block with the HTML comment above it.
pub struct Block {
    pub line: usize,
    pub language: String,
    comment: String,
    pub body: String,
}

/// The blocks of a document.
pub fn blocks(document: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut comment = String::new();
    let mut open: Option<Block> = None;
    for (index, line) in document.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.body.push_str(line);
                block.body.push('\n');
            }
            (None, Some(language)) => {
                let comment = std::mem::take(&mut comment);
                open = Some(Block {
                    line: index + 1,
                    language: language.to_owned(),
                    comment,
                    body: String::new(),
                });
            }
            (None, None) => {
                match line.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
                    Some(inner) => comment = inner.trim().to_owned(),
                    None if line.trim().is_empty() => {}
                    None => comment.clear(),
                }
            }
        }
    }
    assert!(open.is_none(), "a block is not closed");
    found
}

/// Something a document asks.
struct Ask {
    place: String,
    token: String,
    query: String,
    variables: Value,
    answers: Option<String>,
}

fn word_after(comment: &str, word: &str) -> Option<String> {
    let mut words = comment.split_whitespace();
    words.find(|own| *own == word)?;
    words.next().map(ToOwned::to_owned)
}

fn token(hub: &TestHub, comment: &str, place: &str) -> String {
    let words: Vec<&str> = comment.split_whitespace().collect();
    match words.as_slice() {
        ["as", "nobody", ..] => String::new(),
        ["as", department, region, rest @ ..] => {
            let roles: Vec<&str> = rest
                .iter()
                .copied()
                .take_while(|word| !matches!(*word, "purpose" | "ticket" | "answers"))
                .collect();
            let purpose =
                word_after(comment, "purpose").unwrap_or_else(|| "ROUTINE_SHARING".to_owned());
            hub.token_for(
                department,
                region,
                &roles,
                &purpose,
                word_after(comment, "ticket").as_deref(),
            )
        }
        _ => unreachable!("{place}: no comment says who asks"),
    }
}

fn asks(hub: &TestHub, path: &str) -> Vec<Ask> {
    let mut list: Vec<Ask> = Vec::new();
    for block in blocks(&text(path)) {
        let place = format!("{path}:{}", block.line);
        let answers = word_after(&block.comment, "answers");
        match block.language.as_str() {
            "graphql" => {
                let token = token(hub, &block.comment, &place);
                list.push(Ask { place, token, query: block.body, variables: json!({}), answers });
            }
            "json" if block.comment == "variables" => {
                let ask = list.last_mut().expect("variables follow a query");
                ask.variables = serde_json::from_str(&block.body)
                    .unwrap_or_else(|error| unreachable!("{place}: {error}"));
            }
            "sh" => list.extend(curls(hub, &place, &block.body, answers.as_ref())),
            _ => {}
        }
    }
    list
}

/// Bodies of `curl … -d '…'`, each with the token named before it.
fn curls(hub: &TestHub, place: &str, script: &str, answers: Option<&String>) -> Vec<Ask> {
    let mut list = Vec::new();
    for part in script.split("curl ").skip(1) {
        let Some((head, rest)) = part.split_once("-d '") else { continue };
        let (body, _) = rest.split_once('\'').expect("the body ends with a quote");
        let department =
            head.split_once("$TOKEN_").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
        let token = department.map_or_else(String::new, |department| {
            hub.token(department, "140600", &["READER", "SUBMITTER", "STEWARD"])
        });
        let body: Value = serde_json::from_str(body)
            .unwrap_or_else(|error| unreachable!("{place}: {error}\n{body}"));
        let query = body["query"].as_str().expect("a query").to_owned();
        list.push(Ask {
            place: place.to_owned(),
            token,
            query,
            variables: body["variables"].clone(),
            answers: answers.cloned(),
        });
    }
    list
}

/// A little of everything, in 朔城区. Returns the identifiers of an accident and of a victim
/// without an identity number.
async fn fill(hub: &TestHub) -> [(&'static str, String); 2] {
    let birth = chrono::NaiveDate::from_ymd_opt(1985, 3, 2).expect("a day");
    let number = identity::compose("140602", birth, 13).expect("a number");
    let uscc = credit_code::compose('9', '1', "140602", "MA0K1234").expect("a code");
    let batches = [
        (
            "HRSS",
            "Employer",
            json!({"employerNo": "E-1", "uscc": uscc, "name": "朔州示例煤业有限公司", "regionCode": "140602", "industryCode": "0610", "insuredPersons": 120}),
        ),
        (
            "HRSS",
            "Person",
            json!({"personNo": "P-1", "name": "王小明", "idType": "RESIDENT_ID", "idNumber": number, "regionCode": "140602", "employerUscc": uscc}),
        ),
        (
            "EMERGENCY",
            "Accident",
            json!({"accidentNo": "A-1", "occurredAt": "2024-05-06T10:00:00+08:00", "regionCode": "140602", "employerUscc": uscc, "industryCode": "0610",
                "accidentType": "ROOF_FALL", "deaths": 1, "missing": 0, "seriousInjuries": 0, "acutePoisonings": 0, "minorInjuries": 1}),
        ),
        (
            "EMERGENCY",
            "AccidentVictim",
            json!({"victimNo": "V-1", "accidentNo": "A-1", "name": "王小明", "idType": "RESIDENT_ID", "idNumber": number, "injuryDegree": "DEATH"}),
        ),
        (
            "EMERGENCY",
            "AccidentVictim",
            json!({"victimNo": "V-2", "accidentNo": "A-1", "name": "王小明", "injuryDegree": "MINOR"}),
        ),
        (
            "HEALTH",
            "OccupationalDiseaseCase",
            json!({"cardNo": "D-1", "reportNature": "FIRST", "name": "王小明", "idNumber": number, "employerUscc": uscc, "regionCode": "140602",
                "diseaseCode": "RESP-02", "stage": "STAGE_1", "exposureYears": 4, "exposureMonths": 7, "diagnosedAt": "2024-02-01"}),
        ),
        (
            "HRSS",
            "WorkInjury",
            json!({"caseNo": "W-1", "name": "王小明", "idNumber": number, "employerUscc": uscc, "regionCode": "140602", "injuredAt": "2024-02-01",
                "decidedAt": "2024-03-01", "result": "RECOGNIZED", "article": "ART14_4", "diseaseCardNo": "D-1"}),
        ),
    ];
    for (index, (department, family, content)) in batches.into_iter().enumerate() {
        let answer = hub
            .hand_in(
                department,
                "140600",
                family,
                Mode::Atomic,
                &format!("fill {index}"),
                vec![row(content)],
            )
            .await;
        assert_eq!(answer.count(RowOutcome::Created), 1, "{family}: {answer:?}");
    }
    let query = "{ accidents { nodes { id } } accidentVictims(where: {person: {none: {}}}) { nodes { id } } }";
    let data = hub.data(&hub.reader("HRSS", "140600"), query).await;
    let first =
        |list: &str| data[list]["nodes"][0]["id"].as_str().expect("an identifier").to_owned();
    [("id", first("accidents")), ("victim", first("accidentVictims"))]
}

#[tokio::test]
async fn every_query_in_the_documents_is_answered_as_they_say() {
    for path in QUERIES {
        let hub = TestHub::sqlite().await;
        let known = fill(&hub).await;
        let address = listening(&hub).await;
        let asks = asks(&hub, path);
        assert!(!asks.is_empty(), "{path} asks nothing");
        for mut ask in asks {
            for (name, id) in &known {
                if let Some(slot) = ask.variables.get_mut(*name) {
                    *slot = json!(id);
                }
            }
            let answer = if ask.query.starts_with("subscription") {
                let body = json!({"query": ask.query, "variables": ask.variables});
                let mut events = Events::open(address, &ask.token, body, &[]).await;
                events.event().await.map(|(_, _, data)| data).expect("an event")
            } else {
                hub.ask(&ask.token, &ask.query, ask.variables).await
            };
            match ask.answers {
                Some(code) => assert_eq!(
                    answer["errors"][0]["extensions"]["code"],
                    json!(code),
                    "{}: {answer}",
                    ask.place
                ),
                None => assert!(
                    answer.get("errors").is_none() && answer["data"].is_object(),
                    "{}: {answer}",
                    ask.place
                ),
            }
        }
    }
}

#[test]
fn every_configuration_in_the_documents_is_one_the_program_takes() {
    let mut tried = 0;
    for path in documents() {
        for block in blocks(&text(&path)).into_iter().filter(|block| block.language == "toml") {
            tried += 1;
            let directory = tempfile::TempDir::new().expect("a directory");
            std::fs::write(directory.path().join("lianfang.toml"), &block.body).expect("written");
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_lianfang"))
                .args(["migrate", "--config", "lianfang.toml"])
                .current_dir(directory.path())
                .env_remove("LIANFANG_DATABASE_URL")
                .env_remove("LIANFANG_SECRET_KEY_FILE")
                .output()
                .expect("the program runs");
            assert!(
                output.status.success(),
                "{path}:{}: {}",
                block.line,
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(
                directory.path().join("var/lianfang.db").exists(),
                "{path}:{}: no store",
                block.line
            );
        }
    }
    assert!(tried > 0, "no document shows a configuration");
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let all = documents();
    assert!(
        all.iter().any(|path| path == "CONTRIBUTING.md")
            && all.iter().any(|path| path == "docs/api.md"),
        "{all:?}"
    );
    assert_eq!(
        anchors("# The `page`, twice\n```\n# no\n```\n## 前端 Two"),
        ["the-page-twice", "前端-two"]
    );
    let mut wrong = Vec::new();
    for path in all {
        let document = text(&path);
        let base = Path::new(&path).parent().unwrap_or(Path::new(""));
        for target in targets(&document) {
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let full =
                if file.is_empty() { root().join(&path) } else { root().join(base).join(file) };
            let leads = full.exists()
                && (place.is_empty()
                    || anchors(&std::fs::read_to_string(&full).expect("text"))
                        .iter()
                        .any(|own| own == place));
            if !leads {
                wrong.push(format!("{path} links to {target}, which is not there"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_is_short_and_leads_to_every_document() {
    let (english, chinese) = (text("README.md"), text("README.zh-CN.md"));
    let words = english.split_whitespace().count();
    assert!(words <= 550, "README.md has {words} words: what is a manual belongs into docs/");
    let led = |readme: &str, path: &str| {
        targets(readme).any(|target| target.split('#').next() == Some(path))
    };
    for path in
        documents().into_iter().filter(|path| path.starts_with("docs/") || !path.contains('/'))
    {
        let in_chinese = path.contains("zh-CN");
        assert!(
            in_chinese || path == "README.md" || led(&english, &path),
            "README.md does not lead to {path}"
        );
        let twin = in_chinese || !root().join(path.replace(".md", ".zh-CN.md")).exists();
        assert!(
            !twin || path == "README.zh-CN.md" || led(&chinese, &path),
            "README.zh-CN.md does not lead to {path}"
        );
    }
}

/// Whether a type of the glossary is there: one of the sources where it has a module, otherwise one
/// of the schema.
fn declared(name: &str, schema: &str) -> bool {
    let (source, name, words): (_, _, &[&str]) = match name.rsplit_once("::") {
        None => (schema.to_owned(), name, &["type", "enum", "input", "scalar", "interface"]),
        Some((module, name)) => {
            let path = module.replace("::", "/");
            let path = path
                .strip_prefix("entity/")
                .map_or(format!("src/{path}"), |path| format!("entity/src/{path}"));
            let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
            let Some(file) = files.iter().find(|file| root().join(file).exists()) else {
                return false;
            };
            (text(file), name, &["pub struct", "pub enum", "pub trait"])
        }
    };
    source.lines().any(|line| {
        let rest = words
            .iter()
            .find_map(|word| line.strip_prefix(word)?.strip_prefix(' ')?.strip_prefix(name));
        rest.is_some_and(|rest| {
            !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
        })
    })
}

#[test]
fn every_type_of_the_glossary_is_there() {
    let (glossary, schema) = (text("docs/glossary.md"), text("schema.graphql"));
    let mut looked = 0;
    for line in glossary.lines().filter(|line| {
        line.starts_with("| ") && !line.starts_with("| ---") && !line.contains("| type |")
    }) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{line}");
        for name in cells[2].split(", ") {
            let name = name
                .strip_prefix('`')
                .and_then(|name| name.strip_suffix('`'))
                .unwrap_or_else(|| unreachable!("{line}"));
            assert!(declared(name, &schema), "docs/glossary.md names {name}, which is not there");
            looked += 1;
        }
    }
    assert!(looked > 60, "{looked} types");
    assert!(
        !declared("authz::scope::Sco", &schema)
            && !declared("Acciden", &schema)
            && !declared("authz::none::Scope", &schema)
    );
}
