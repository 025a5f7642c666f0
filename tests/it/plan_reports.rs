//! A report on a plan says something, a filing brings the plan: an empty signature fulfils neither.

use serde_json::{Value, json};

use crate::{
    samples::{injury, man, unit_year, with},
    support::{TestHub, backends},
};

const PROVINCE: &str = "140000";

fn signing(more: &str) -> String {
    format!(
        "mutation {{ signReturn(input: {{region: \"{PROVINCE}\", {more}}}) {{ version state remark document {{ title number sha256 }} \
         figures {{ count signed }} }} }}"
    )
}

async fn state(hub: &TestHub, kind: &str, year: i32) -> Value {
    let question = format!(
        "{{ obligations(region: \"{PROVINCE}\", kind: {kind}) {{ nodes {{ dataYear state }} }} }}"
    );
    let nodes =
        hub.data(&hub.reader("HRSS", PROVINCE), &question).await["obligations"]["nodes"].clone();
    let own = nodes
        .as_array()
        .expect("nodes")
        .iter()
        .find(|one| one["dataYear"] == year)
        .expect("it is owed")
        .clone();
    own["state"].clone()
}

#[tokio::test]
async fn a_plan_report_needs_words_or_a_document_and_the_figures_its_plan_asks_for() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("HRSS", PROVINCE, &["STEWARD", "READER"]);
        let refused = async |more: &str| {
            let answer = hub.ask(&token, &signing(more), json!({})).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{more}: {answer}"
            );
            answer["errors"][0]["message"].as_str().expect("a message").to_owned()
        };
        let empty = refused("kind: PLAN_REPORT, year: 2024, remark: \"落实情况见附件\"").await;
        assert!(
            empty.contains("remark") && empty.contains("document") && empty.contains("INSURED"),
            "all that is missing: {empty}"
        );
        let words = "一、目标：".to_owned() + &"重点行业工伤事故发生率按计划下降，".repeat(8);
        let figureless =
            refused(&format!("kind: PLAN_REPORT, year: 2024, remark: \"{words}\"")).await;
        assert!(!figureless.contains("remark") && figureless.contains("INSURED"), "{figureless}");
        assert_eq!(state(&hub, "PLAN_REPORT", 2024).await, "OVERDUE");
        hub.take(
            "HRSS",
            "InsuredUnitYear",
            "k1",
            vec![with(unit_year("U1"), json!({"year": 2024}))],
        )
        .await;
        hub.take(
            "HRSS",
            "WorkInjury",
            "k2",
            vec![with(injury("W1", "A1", &man(1)), json!({"accidentNo": null}))],
        )
        .await;
        let still = refused("kind: PLAN_REPORT, year: 2024").await;
        assert!(still.contains("remark") && !still.contains("INSURED"), "{still}");
        let signed = hub
            .data(&token, &signing(&format!("kind: PLAN_REPORT, year: 2024, remark: \"{words}\"")))
            .await["signReturn"]
            .clone();
        assert_eq!(signed["state"], "SIGNED");
        assert_eq!(
            signed["figures"],
            json!([{"count": "INJURIES", "signed": 1}, {"count": "INSURED", "signed": 120}])
        );
        assert_eq!(state(&hub, "PLAN_REPORT", 2024).await, "DONE_LATE");
        // An empty one that was signed before this was asked for fulfils nothing.
        let old = json!({"regionCode": PROVINCE, "department": "HRSS", "kind": "PLAN_REPORT", "year": 2023, "finality": "FINAL",
            "plan": "NATIONAL-2021", "casualtyBasis": null, "denominatorBasis": null,
            "figures": [{"count": "INJURIES", "industry": null, "records": 0, "signed": 0, "explanation": null}],
            "position": "", "takenAt": "2024-01-05T00:00:00Z"});
        let copy = format!(
            "INSERT INTO meeting_returns (id, region_code, department, kind, data_year, finality, version, content, digest, remark, subject, signed_at) \
             SELECT {}, region_code, department, kind, 2023, finality, 1, '{old}', digest, NULL, subject, signed_at FROM meeting_returns",
            if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" }
        );
        hub.db_run(&copy).await;
        assert_eq!(state(&hub, "PLAN_REPORT", 2023).await, "OVERDUE");
    }
}

#[tokio::test]
async fn a_filing_names_the_plan_by_its_digest() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("HRSS", PROVINCE, &["STEWARD", "READER"]);
        let empty = hub.ask(&token, &signing("kind: PLAN_FILING, year: 2021"), json!({})).await;
        assert!(
            empty["errors"][0]["message"]
                .as_str()
                .is_some_and(|text| text.contains("document") && text.contains("sha256")),
            "{empty}"
        );
        for wrong in ["title: \"方案\", sha256: \"12\"", "title: \" \", sha256: \"SHA\""] {
            let wrong = wrong.replace("SHA", &"a".repeat(64));
            let answer = hub
                .ask(
                    &token,
                    &signing(&format!("kind: PLAN_FILING, year: 2021, document: {{{wrong}}}")),
                    json!({}),
                )
                .await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{wrong}: {answer}"
            );
        }
        assert_eq!(state(&hub, "PLAN_FILING", 2021).await, "OVERDUE");
        let sha = "0123456789ABCDEF".repeat(4);
        let document = format!(
            "document: {{title: \"山西省工伤预防五年行动计划\", number: \"晋人社厅发〔2021〕24号\", sha256: \"{sha}\"}}"
        );
        let signed = hub
            .data(&token, &signing(&format!("kind: PLAN_FILING, year: 2021, {document}")))
            .await["signReturn"]
            .clone();
        assert_eq!(signed["document"]["sha256"], sha.to_ascii_lowercase());
        assert_eq!(state(&hub, "PLAN_FILING", 2021).await, "DONE_LATE");
    }
}
