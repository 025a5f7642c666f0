//! Planted differences are found: the demonstration data of two counties, searched, against the
//! list of what was planted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lianfang::{
    authz::actor::Actor,
    context::OpCtx,
    domain::region::RegionCode,
    seed::{self, Planted, Scale},
    store::records::global_id::global_id,
    submit::{
        pipeline::Submission,
        verdict::{Mode, RowOutcome},
    },
};
use serde_json::{Value, json};

use crate::support::{TestHub, backends};

/// The two provinces of the demonstration data.
const PROVINCES: [&str; 2] = ["140000", "370000"];

/// Planted kinds and whether they come out as certain; kinds of leads have the same codes. In that
/// tier nothing but what was planted may be found: the data are clean otherwise, by construction.
const EXPECTED: [(&str, bool); 16] = [
    ("ACCIDENT_DEATH_WITHOUT_RECOGNITION", true),
    ("RECOGNIZED_DEATH_WITHOUT_ACCIDENT", true),
    ("DISEASE_WITHOUT_APPLICATION", true),
    ("DISEASE_RECOGNITION_WITHOUT_REPORT", true),
    ("ACCIDENT_EMPLOYER_NOT_INSURED", true),
    ("TOLL_CHANGED_LATE", true),
    ("UNION_NOT_NOTIFIED", true),
    ("HRSS_NOT_NOTIFIED", true),
    ("UNTRAINED_KEY_POST", true),
    ("EXPOSURE_THEN_DISEASE", true),
    ("IDENTITY_NAME_CONFLICT", true),
    ("VICTIM_LIST_INCOMPLETE", true),
    ("EVENT_REPORTED_TWICE", true),
    ("IDENTITY_UNDER_TWO_NUMBERS", true),
    ("VICTIM_WITHOUT_IDENTITY", false),
    ("DISEASE_CASE_WITHOUT_IDENTITY", false),
];

/// Kinds about two records that are one.
const TWINS: [&str; 2] = ["EVENT_REPORTED_TWICE", "IDENTITY_UNDER_TWO_NUMBERS"];

/// Field that numbers the records of a family in its source system.
fn key_field(hub: &TestHub, family: &str) -> String {
    let family = hub.services.catalogue.find(family).expect("a family");
    family.fields[family.source_key].name.to_owned()
}

/// Hands in the demonstration data. Returns global identifiers by family, department and number, as
/// planted ones are named.
async fn filled(hub: &TestHub, scale: Scale) -> HashMap<String, String> {
    let mut ids = HashMap::new();
    for (number, batch) in seed::batches(scale).enumerate() {
        let family = hub.services.catalogue.find(batch.family).expect("a family");
        let actor = Actor::internal(
            "seed",
            batch.department,
            RegionCode::parse(batch.region).expect("a region"),
        );
        let permit = hub.services.permit(&actor, family).expect("a permit");
        let key = key_field(hub, batch.family);
        let keys: Vec<String> = batch
            .rows
            .iter()
            .map(|row| {
                format!(
                    "{} {} {}",
                    batch.family,
                    batch.department,
                    row[&key].as_str().unwrap_or_default()
                )
            })
            .collect();
        let idempotency_key = format!("seed-{number}");
        let submission = Submission {
            rows: batch.rows,
            mode: Mode::Partial,
            source_system: String::new(),
            idempotency_key,
        };
        let ctx = OpCtx::begin(format!("seed-{number}"));
        let answer = hub
            .services
            .submitter()
            .submit(&ctx, &actor, &permit, &submission)
            .await
            .expect("an answer");
        for (verdict, key) in answer.verdicts.iter().zip(keys) {
            assert_eq!(verdict.outcome, RowOutcome::Created, "{key}: {:?}", verdict.faults);
            ids.insert(
                key,
                global_id(&hub.services.seal, family, verdict.id.expect("an identifier")),
            );
        }
    }
    ids
}

/// All leads of both provinces, by kind.
async fn found(hub: &TestHub) -> BTreeMap<String, Vec<Value>> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for province in PROVINCES {
        let token = hub.token("HRSS", province, &["READER", "STEWARD"]);
        let run = hub
            .data(
                &token,
                &format!("mutation {{ searchLeads(region: \"{province}\") {{ kinds {{ kind certain candidates new }} }} }}"),
            )
            .await;
        for kind in run["searchLeads"]["kinds"].as_array().expect("kinds") {
            let whole = kind["certain"].as_i64().expect("a count")
                + kind["candidates"].as_i64().expect("a count");
            assert_eq!(kind["new"].as_i64(), Some(whole), "{kind}");
        }
        let mut after = Value::Null;
        loop {
            let question = "query($region: String!, $after: String) { leads(region: $region, first: 200, after: $after) { hasNextPage \
                            endCursor nodes { kind tier employerUscc records { id role family } } } }";
            let answer =
                hub.ask(&token, question, json!({"region": province, "after": after})).await;
            let page = &answer["data"]["leads"];
            for lead in page["nodes"].as_array().expect("leads") {
                found
                    .entry(lead["kind"].as_str().unwrap_or_default().to_owned())
                    .or_default()
                    .push(lead.clone());
            }
            if page["hasNextPage"] != true {
                break;
            }
            after = page["endCursor"].clone();
        }
    }
    found
}

fn records<'a>(lead: &'a Value, role: &str) -> Vec<&'a str> {
    let all = lead["records"].as_array().expect("records");
    all.iter()
        .filter(|record| record["role"] == role)
        .map(|record| record["id"].as_str().unwrap_or_default())
        .collect()
}

/// Whether a lead is about what was planted.
fn fits(lead: &Value, planted: &Planted, ids: &HashMap<String, String>) -> bool {
    // Of two that are the same the lead is about the one that came later, and of one batch nobody
    // can tell.
    let either = if TWINS.contains(&planted.kind) { 2 } else { 1 };
    let subjects = records(lead, "SUBJECT");
    planted
        .keys
        .iter()
        .take(either)
        .filter_map(|key| ids.get(key))
        .any(|id| subjects.contains(&id.as_str()))
}

#[tokio::test]
async fn every_planted_difference_is_found_and_clean_kinds_find_nothing_else() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let ids = filled(&hub, Scale::County).await;
        let found = found(&hub).await;
        let planted: Vec<Planted> = seed::planted(Scale::County).collect();
        let kinds: BTreeSet<&str> = planted.iter().map(|planted| planted.kind).collect();
        assert_eq!(
            kinds,
            EXPECTED.iter().map(|(kind, _)| *kind).collect(),
            "say what becomes of each planted kind"
        );
        eprintln!(
            "{backend:?}: planted kind | planted | certain | candidate | recall | found in its tier | precision"
        );
        for (kind, certain) in EXPECTED {
            let none = Vec::new();
            let tier = if certain { "CERTAIN" } else { "CANDIDATE" };
            let leads = found.get(kind).unwrap_or(&none);
            let own: Vec<&Planted> =
                planted.iter().filter(|planted| planted.kind == kind).collect();
            assert!(!own.is_empty(), "{kind} is planted no more");
            let mut hits = BTreeSet::new();
            let (mut sure, mut likely) = (0, 0);
            for planted in &own {
                let hit = leads.iter().enumerate().find(|(_, lead)| fits(lead, planted, &ids));
                let missed = format!("{backend:?} {kind}: {:?} is not found", planted.keys);
                let (place, lead) = hit.expect(&missed);
                hits.insert(place);
                if lead["tier"] == "CERTAIN" {
                    sure += 1;
                } else {
                    likely += 1;
                    let candidates = records(lead, "CANDIDATE");
                    let named = planted
                        .keys
                        .iter()
                        .skip(1)
                        .filter_map(|key| ids.get(key))
                        .any(|id| candidates.contains(&id.as_str()));
                    assert!(
                        named,
                        "{backend:?} {kind}: {:?} without the right candidate: {lead}",
                        planted.keys
                    );
                }
            }
            let (count, all) =
                (own.len(), leads.iter().filter(|lead| lead["tier"] == tier).count());
            let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
            eprintln!(
                "{kind} | {count} | {sure} | {likely} | {:.0} % | {all} | {:.0} %",
                percent(sure + likely, count),
                percent(hits.len(), all)
            );
            assert_eq!(
                if certain { sure } else { likely },
                count,
                "{backend:?} {kind}: all of them in that tier"
            );
            assert_eq!(
                all,
                hits.len(),
                "{backend:?} {kind}: nothing but what was planted in that tier"
            );
        }
        for (kind, leads) in &found {
            let certain = leads.iter().filter(|lead| lead["tier"] == "CERTAIN").count();
            eprintln!("{kind}: {certain} certain, {} candidates", leads.len() - certain);
        }
    }
}
