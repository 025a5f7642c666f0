//! Every root field is asked for by nobody and by somebody without the right; a new one that this
//! does not know fails here. A foreign record and a missing one give the same answer, byte for
//! byte.

use lianfang::store::records::global_id::{global_id, of_name};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    live_client::{Events, listening},
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, man, victim, with},
    support::{TestHub, backends},
};

/// Open to everybody: they hold no records. This list may only get shorter.
const OPEN: [(&str, &str); 4] = [
    ("viewer", "{ viewer { subject } }"),
    ("catalogue", "{ catalogue { families { name } } }"),
    ("codes", "{ codes(table: \"sex\") { code } }"),
    ("region", "{ region(code: \"140600\") { name } }"),
];

/// Root fields of subscriptions, with a role that has no right to it.
const SUBSCRIBED: [(&str, &str, &str); 1] =
    [("changes", "subscription { changes { cursor } }", "OPERATOR")];

/// A document for each root field, with a role that has no right to it.
fn documents(hub: &TestHub) -> Vec<(String, String, &'static str)> {
    let mut list = Vec::new();
    for family in hub.services.catalogue.families() {
        let (single, plural, name) = (family.single_name(), family.list_name(), family.plural);
        let id = global_id(&hub.services.seal, family, Uuid::from_u128(1));
        let mut add = |field: String, document: String, role| list.push((field, document, role));
        add(single.clone(), format!("{{ {single}(id: \"{id}\") {{ id }} }}"), "OPERATOR");
        add(plural.clone(), format!("{{ {plural} {{ totalCount }} }}"), "OPERATOR");
        add(format!("{single}Stats"), format!("{{ {single}Stats {{ count }} }}"), "OPERATOR");
        let input = "{rows: [{}], mode: ATOMIC, idempotencyKey: \"k\"}";
        add(
            format!("submit{name}"),
            format!("mutation {{ submit{name}(input: {input}) {{ receipt }} }}"),
            "READER",
        );
    }
    let id = hub
        .services
        .catalogue
        .families()
        .next()
        .map(|family| global_id(&hub.services.seal, family, Uuid::from_u128(1)))
        .unwrap_or_default();
    for (field, document, role) in [
        ("node", format!("{{ node(id: \"{id}\") {{ id }} }}"), "AUDITOR"),
        ("history", format!("{{ history(id: \"{id}\") {{ version }} }}"), "SECURITY_OFFICER"),
        ("changes", "{ changes { cursor } }".to_owned(), "OPERATOR"),
        (
            "personCandidates",
            format!("{{ personCandidates(id: \"{id}\") {{ reasons }} }}"),
            "OPERATOR",
        ),
        (
            "indicators",
            format!("{{ indicators(region: \"{CITY}\", year: 2024) {{ year }} }}"),
            "OPERATOR",
        ),
        ("auditEntries", "{ auditEntries { seq } }".to_owned(), "READER"),
        (
            "withdrawRecord",
            format!(
                "mutation {{ withdrawRecord(input: {{id: \"{id}\", reason: \"试\"}}) {{ id }} }}"
            ),
            "STEWARD",
        ),
    ] {
        list.push((field.to_owned(), document, role));
    }
    list.extend(of_meetings(hub));
    list.extend(of_plans());
    list.extend(of_leads(hub));
    list
}

/// Those of the joint meeting: whoever has no role that reads has no seat; whoever only reads has
/// no pen.
fn of_plans() -> Vec<(String, String, &'static str)> {
    let region = "region: \"140600\"";
    let list = [
        ("plans", format!("{{ plans({region}) {{ id }} }}"), "OPERATOR"),
        ("plan", "{ plan(id: \"SHUOZHOU-2021\") { id } }".to_owned(), "SUBMITTER"),
        ("targets", format!("{{ targets({region}, year: 2024) {{ id }} }}"), "AUDITOR"),
        ("obligations", format!("{{ obligations({region}) {{ nodes {{ due }} }} }}"), "OPERATOR"),
        ("returns", format!("{{ returns({region}, year: 2024) {{ version }} }}"), "OPERATOR"),
        (
            "signReturn",
            format!("mutation {{ signReturn(input: {{{region}, year: 2024}}) {{ version }} }}"),
            "READER",
        ),
        (
            "deadline",
            "{ deadline(rule: \"DISEASE_REPORT\", from: \"2024-05-06\") { due } }".to_owned(),
            "SECURITY_OFFICER",
        ),
    ];
    list.into_iter().map(|(field, document, role)| (field.to_owned(), document, role)).collect()
}

/// Those of leads: whoever has no seat reads none, whoever only reads works on none.
fn of_leads(hub: &TestHub) -> Vec<(String, String, &'static str)> {
    let region = "region: \"140600\"";
    let lead =
        format!("id: \"{}\", version: 1", of_name(&hub.services.seal, "Lead", Uuid::from_u128(1)));
    let task = "task: \"SHUOZHOU-2021/TASK/2024/1\", year: 2024";
    let list = [
        ("leads", format!("{{ leads({region}) {{ totalCount }} }}"), "OPERATOR"),
        ("leadSummary", format!("{{ leadSummary({region}) {{ kind }} }}"), "SECURITY_OFFICER"),
        ("searchLeads", format!("mutation {{ searchLeads({region}) {{ at }} }}"), "READER"),
        ("leadRun", format!("{{ leadRun({region}) {{ at }} }}"), "READER"),
        (
            "assignLead",
            format!("mutation {{ assignLead(input: {{{lead}, department: HEALTH}}) {{ id }} }}"),
            "READER",
        ),
        (
            "answerLead",
            format!("mutation {{ answerLead(input: {{{lead}, words: \"试\"}}) {{ id }} }}"),
            "READER",
        ),
        (
            "closeLead",
            format!(
                "mutation {{ closeLead(input: {{{lead}, resolution: EXPLAINED, words: \"试\"}}) {{ id }} }}"
            ),
            "READER",
        ),
        ("corrections", "{ corrections { nodes { id } } }".to_owned(), "OPERATOR"),
        ("correction", "{ correction(id: \"x\") { id } }".to_owned(), "OPERATOR"),
        (
            "claimCorrection",
            "mutation { claimCorrection(input: {record: \"x\", claim: \"试\", basis: \"试\"}) { id } }".to_owned(),
            "SUBMITTER",
        ),
        (
            "takeCorrectionStep",
            "mutation { takeCorrectionStep(input: {id: \"x\", version: 1, step: ACCEPT}) { id } }".to_owned(),
            "SUBMITTER",
        ),
        ("planTasks", format!("{{ planTasks({region}, year: 2024) {{ planId }} }}"), "OPERATOR"),
        (
            "reportPlanTask",
            format!(
                "mutation {{ reportPlanTask(input: {{{region}, {task}, version: 0, content: \"已办\"}}) {{ version }} }}"
            ),
            "READER",
        ),
        (
            "confirmPlanTask",
            format!(
                "mutation {{ confirmPlanTask(input: {{{region}, {task}, department: EMERGENCY, version: 1}}) {{ version }} }}"
            ),
            "READER",
        ),
        (
            "returnPlanTask",
            format!(
                "mutation {{ returnPlanTask(input: {{{region}, {task}, department: EMERGENCY, version: 1}}) {{ version }} }}"
            ),
            "READER",
        ),
    ];
    list.into_iter().map(|(field, document, role)| (field.to_owned(), document, role)).collect()
}

fn of_meetings(hub: &TestHub) -> Vec<(String, String, &'static str)> {
    let (meeting, resolution) = (
        of_name(&hub.services.seal, "Meeting", Uuid::from_u128(1)),
        of_name(&hub.services.seal, "Resolution", Uuid::from_u128(1)),
    );
    let plan = "kind: ROUTINE, members: [HRSS], agenda: []";
    let region = "region: \"140600\"";
    let list = [
        (
            "jointMeeting",
            format!("{{ jointMeeting({region}, year: 2024) {{ year }} }}"),
            "OPERATOR",
        ),
        ("jointMeetings", format!("{{ jointMeetings({region}) {{ id }} }}"), "AUDITOR"),
        (
            "callMeeting",
            format!("mutation {{ callMeeting(input: {{{region}, year: 2024, {plan}}}) {{ id }} }}"),
            "READER",
        ),
        (
            "changeMeeting",
            format!(
                "mutation {{ changeMeeting(input: {{{region}, meeting: \"{meeting}\", version: 1, {plan}}}) {{ id }} }}"
            ),
            "READER",
        ),
        (
            "freezeMaterials",
            format!(
                "mutation {{ freezeMaterials(input: {{{region}, meeting: \"{meeting}\"}}) {{ digest }} }}"
            ),
            "STEWARD",
        ),
        (
            "signMaterials",
            format!(
                "mutation {{ signMaterials(input: {{{region}, meeting: \"{meeting}\", digest: \"\"}}) {{ digest }} }}"
            ),
            "READER",
        ),
        (
            "addResolution",
            format!(
                "mutation {{ addResolution(input: {{{region}, meeting: \"{meeting}\", content: \"试\", owner: HRSS}}) {{ id }} }}"
            ),
            "STEWARD",
        ),
        (
            "settleResolution",
            format!(
                "mutation {{ settleResolution(input: {{{region}, resolution: \"{resolution}\", version: 1, state: DONE}}) {{ id }} }}"
            ),
            "READER",
        ),
    ];
    list.into_iter().map(|(field, document, role)| (field.to_owned(), document, role)).collect()
}

#[tokio::test]
async fn every_root_field_refuses_nobody_and_whoever_has_no_right() {
    let hub = TestHub::sqlite().await;
    let question = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let schema = hub.data("", question).await;
    let documents = documents(&hub);
    for kind in ["queryType", "mutationType", "subscriptionType"] {
        for field in schema["__schema"][kind]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().unwrap_or_default();
            if kind == "subscriptionType" {
                assert!(
                    SUBSCRIBED.iter().any(|(field, ..)| *field == name),
                    "{kind}.{name} is new: say so in tests/it/coverage.rs"
                );
                continue;
            }
            let known = documents.iter().any(|(field, ..)| field == name)
                || OPEN.iter().any(|(field, _)| *field == name);
            assert!(
                known,
                "{kind}.{name} is new: say in tests/it/coverage.rs how it is asked for and who may not"
            );
        }
    }
    for (field, document, role) in &documents {
        assert_eq!(hub.code("", document).await, "UNAUTHENTICATED", "{field}");
        assert_eq!(
            hub.code(&hub.token("HRSS", CITY, &[role]), document).await,
            "FORBIDDEN",
            "{field} as {role}"
        );
    }
    let address = listening(&hub).await;
    for (field, document, role) in SUBSCRIBED {
        for (token, code) in
            [(String::new(), "UNAUTHENTICATED"), (hub.token("HRSS", CITY, &[role]), "FORBIDDEN")]
        {
            let mut events = Events::open(address, &token, json!({"query": document}), &[]).await;
            let (_, _, data) = events.event().await.expect("an event");
            assert_eq!(data["errors"][0]["extensions"]["code"], code, "{field} as {role}");
            assert_eq!(events.event().await.map(|(name, ..)| name), Some("complete".to_owned()));
        }
    }
    let refused = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'subscription changes' AND outcome = 'FORBIDDEN'";
    assert_eq!(hub.db_count(refused).await, 1, "a refusal is audited");
    for (field, document) in OPEN {
        let answer = hub.ask("", document, json!({})).await;
        assert!(answer.get("errors").is_none(), "{field}: {answer}");
    }
}

/// An answer as sent, without the number of its request.
async fn sent(hub: &TestHub, token: &str, document: &str) -> String {
    let mut answer = hub.ask(token, document, json!({})).await;
    let request = answer["extensions"]["requestId"].as_str().unwrap_or_default().to_owned();
    assert!(!request.is_empty(), "{answer}");
    answer["extensions"]["requestId"] = Value::Null;
    answer.to_string().replace(&request, "")
}

#[tokio::test]
async fn a_foreign_record_and_a_missing_one_give_the_same_answer() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "k1",
            vec![with(accident("A1"), json!({"regionCode": OTHER_COUNTY}))],
        )
        .await;
        let taken =
            hub.take("EMERGENCY", "AccidentVictim", "k2", vec![victim("V1", "A1", &man(1))]).await;
        let victims = hub.services.catalogue.find("AccidentVictim").expect("a family");
        let accidents = hub.services.catalogue.find("Accident").expect("a family");
        let foreign =
            global_id(&hub.services.seal, victims, taken.verdicts[0].id.expect("an identifier"));
        let others = [
            global_id(
                &hub.services.seal,
                victims,
                Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
            ),
            // The same identifier in another family.
            global_id(&hub.services.seal, accidents, taken.verdicts[0].id.expect("an identifier")),
        ];
        let tokens = [
            hub.token("EMERGENCY", COUNTY, &["READER", "SUBMITTER"]),
            hub.token_for(
                "EMERGENCY",
                COUNTY,
                &["READER", "SUBMITTER"],
                "INVESTIGATION",
                Some("T-1"),
            ),
            hub.token("EMERGENCY", "140200", &["READER", "SUBMITTER"]),
        ];
        for token in &tokens {
            for document in [
                "{ node(id: \"ID\") { id ... on AccidentVictim { name idNumber accident { id } } } }",
                "{ accidentVictim(id: \"ID\") { id name idNumber person { id } } }",
                "{ history(id: \"ID\") { version content changed } }",
                "{ personCandidates(id: \"ID\") { reasons } }",
                "mutation { withdrawRecord(input: {id: \"ID\", reason: \"试\"}) { id version } }",
            ] {
                let answer =
                    sent(&hub, token, &document.replace("ID\"", &format!("{foreign}\""))).await;
                assert!(answer.contains("NOT_FOUND"), "{answer}");
                for other in &others {
                    assert_eq!(
                        sent(&hub, token, &document.replace("ID\"", &format!("{other}\""))).await,
                        answer,
                        "{document}"
                    );
                }
            }
        }
        for nonsense in ["", "x", "AAAA", "����"] {
            let answer =
                sent(&hub, &tokens[0], &format!("{{ node(id: \"{nonsense}\") {{ id }} }}")).await;
            assert!(answer.contains("NOT_FOUND"), "{nonsense}: {answer}");
        }
    }
}
