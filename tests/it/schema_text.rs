//! The schema is the manual of whoever builds on it: everything in it is described, Chinese first,
//! then English.

use serde_json::Value;

use crate::support::TestHub;

const QUESTION: &str = "{ __schema { types { kind name description fields { name description args { name description } } \
                        inputFields { name description } enumValues { name description } } } }";

fn is_described(entry: &Value) -> bool {
    let text = entry["description"].as_str().unwrap_or_default();
    let Some((chinese, english)) = text.split_once("\n\n") else { return false };
    chinese.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
        && english.chars().any(|letter| letter.is_ascii_alphabetic())
}

fn list<'a>(entry: &'a Value, name: &str) -> &'a [Value] {
    entry[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Codes whose standard has no English name are described in Chinese only.
fn is_named(entry: &Value) -> bool {
    entry["description"].as_str().is_some_and(|text| !text.trim().is_empty())
}

#[tokio::test]
async fn every_type_field_argument_and_value_is_described_in_both_languages() {
    let hub = TestHub::sqlite().await;
    let schema = hub.data("", QUESTION).await;
    let mut missing = Vec::new();
    let mut looked = 0;
    for kind in list(&schema["__schema"], "types") {
        let name = kind["name"].as_str().unwrap_or_default();
        if name.starts_with("__") || ["Int", "Float", "String", "Boolean", "ID"].contains(&name) {
            continue;
        }
        let mut look = |entry: &Value, path: String| {
            looked += 1;
            if !is_described(entry) {
                missing.push(path);
            }
        };
        look(kind, name.to_owned());
        for field in list(kind, "fields") {
            look(field, format!("{name}.{}", field["name"]));
            for argument in list(field, "args") {
                look(argument, format!("{name}.{}({})", field["name"], argument["name"]));
            }
        }
        for field in list(kind, "inputFields") {
            look(field, format!("{name}.{}", field["name"]));
        }
        for value in list(kind, "enumValues") {
            assert!(is_named(value), "{name}.{}", value["name"]);
        }
    }
    assert!(looked > 1_000, "only {looked} entries were looked at");
    assert!(
        missing.is_empty(),
        "{} of {looked} are not described in both languages: {:#?}",
        missing.len(),
        &missing[..missing.len().min(20)]
    );
}

#[tokio::test]
async fn fields_of_records_state_their_class() {
    let hub = TestHub::sqlite().await;
    for family in hub.services.catalogue.families() {
        let question =
            format!("{{ __type(name: \"{}\") {{ fields {{ name description }} }} }}", family.name);
        let answer = hub.data("", &question).await;
        for field in list(&answer["__type"], "fields") {
            let name = field["name"].as_str().unwrap_or_default();
            if let Some(declared) = family.field(name) {
                let text = field["description"].as_str().unwrap_or_default();
                assert!(
                    text.contains(declared.class.label()),
                    "{}.{name} does not state its class",
                    family.name
                );
                assert!(
                    text.contains(&format!("Class {}.", declared.class.letter())),
                    "{}.{name}: {text}",
                    family.name
                );
            }
        }
    }
}

#[tokio::test]
async fn one_name_has_one_type_wherever_records_of_several_types_are_asked_for_together() {
    const TYPE: &str = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
    let hub = TestHub::sqlite().await;
    let question = format!(
        "{{ __schema {{ types {{ kind name possibleTypes {{ name fields {{ name type {{ {TYPE} }} }} }} }} }} }}"
    );
    let schema = hub.data("", &question).await;
    let mut looked = 0;
    for kind in list(&schema["__schema"], "types") {
        let mut known: std::collections::BTreeMap<&str, (&str, String)> =
            std::collections::BTreeMap::new();
        for one in list(kind, "possibleTypes") {
            let own = one["name"].as_str().unwrap_or_default();
            for field in list(one, "fields") {
                looked += 1;
                let name = field["name"].as_str().unwrap_or_default();
                let (first, said) =
                    known.entry(name).or_insert_with(|| (own, shape(&field["type"])));
                assert_eq!(
                    shape(&field["type"]),
                    *said,
                    "{own}.{name} has another type than {first}.{name}"
                );
            }
        }
    }
    assert!(looked > 300, "only {looked} fields were looked at");
}

/// A type without what says that a value may not be empty.
fn shape(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => shape(&of["ofType"]),
        Some("LIST") => format!("[{}]", shape(&of["ofType"])),
        _ => of["name"].as_str().unwrap_or_default().to_owned(),
    }
}
