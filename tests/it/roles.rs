//! What each role may do at all, for every department and family, against the policy files read independently.

use serde_json::json;

use crate::{oracle::Oracle, support::TestHub};

/// Code of the first error; empty when there is none.
fn code(answer: &serde_json::Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn each_role_reads_hands_in_and_audits_as_its_line_says_and_no_more() {
    let hub = TestHub::sqlite().await;
    let oracle = Oracle::shipped();
    let mut cells = 0;
    for department in oracle.departments() {
        for role in oracle.roles() {
            let token = hub.token(department, "140600", &[role]);
            let yes = |column: &str| oracle.role(role, column) == "yes";
            for family in hub.services.catalogue.families() {
                let at = format!("{department} {role} {}", family.name);
                let list = hub.ask(&token, &format!("{{ {} {{ totalCount }} }}", family.list_name()), json!({})).await;
                if yes("reads") {
                    assert!(["", "FORBIDDEN"].contains(&code(&list)), "{at}: {list}");
                } else {
                    assert_eq!(code(&list), "FORBIDDEN", "{at}: {list}");
                    let stats = hub.ask(&token, &format!("{{ {}Stats {{ count }} }}", family.single_name()), json!({})).await;
                    assert_eq!(code(&stats), "FORBIDDEN", "{at}: {stats}");
                }
                let submission = format!(
                    "mutation {{ submit{}(input: {{rows: [{{}}], mode: DRY_RUN, idempotencyKey: \"k\"}}) {{ rejected }} }}",
                    family.plural
                );
                let answer = hub.ask(&token, &submission, json!({})).await;
                let expected = if yes("submits") && oracle.writes(department, family.name) { "" } else { "FORBIDDEN" };
                assert_eq!(code(&answer), expected, "{at}: {answer}");
                cells += 1;
            }
            let audit = hub.ask(&token, "{ auditEntries { seq } }", json!({})).await;
            let expected = if oracle.role(role, "audit") == "none" { "FORBIDDEN" } else { "" };
            assert_eq!(code(&audit), expected, "{department} {role}: {audit}");
        }
    }
    assert_eq!(cells, 9 * 7 * 7);
}

#[tokio::test]
async fn officers_are_nobody_else() {
    let hub = TestHub::sqlite().await;
    for pair in [["OPERATOR", "READER"], ["AUDITOR", "SECURITY_OFFICER"], ["AUDITOR", "SUBMITTER"]] {
        let roles: Vec<String> = pair.iter().map(|role| (*role).to_owned()).collect();
        assert!(hub.services.policy.check_identity("HRSS", &roles, "ROUTINE_SHARING", None).is_err(), "{pair:?}");
    }
}

#[tokio::test]
async fn nobody_signed_in_sees_codes_and_the_catalogue_only() {
    let hub = TestHub::sqlite().await;
    let schema = hub.data("", "{ __schema { queryType { fields { name args { name type { kind } } } } } }").await;
    let open = ["viewer", "catalogue", "codes", "region"];
    for field in schema["__schema"]["queryType"]["fields"].as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        if open.contains(&name) {
            continue;
        }
        let needs_id = field["args"].as_array().expect("arguments").iter().any(|argument| argument["name"] == "id");
        let argument = if needs_id { "(id: \"x\")" } else { "" };
        let answer = hub.ask("", &format!("{{ {name}{argument} {{ __typename }} }}"), json!({})).await;
        assert_eq!(code(&answer), "UNAUTHENTICATED", "{name}: {answer}");
    }
}
