//! 人社 records what its own spot checks found, and nothing else of hazards.

use serde_json::json;

use crate::{
    samples::{CITY, codes, hazard, outcomes, with},
    support::{TestHub, backends},
};

#[tokio::test]
async fn hrss_hands_in_its_own_spot_checks_only() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.both("HRSS");
        let own = hub
            .submit(&office, "HazardRectifications", "ATOMIC", "k1", &[hazard("S1", "REGISTERED")])
            .await;
        assert_eq!(outcomes(&own), ["CREATED"], "{own}");
        for source in ["JOINT_INSPECTION", "ENTERPRISE_SELF", "UNION", "REPORT", "MONITORING"] {
            let row = with(hazard("S2", "REGISTERED"), json!({"source": source}));
            let answer =
                hub.submit(&office, "HazardRectifications", "PARTIAL", source, &[row]).await;
            assert_eq!(
                codes(&answer, 0, "faults"),
                ["HAZARD_SOURCE_NOT_YOURS"],
                "{source}: {answer}"
            );
            assert!(
                answer["verdicts"][0]["faults"][0]["message"]
                    .as_str()
                    .is_some_and(|text| text.contains("SPOT_CHECK"))
            );
        }
        // The same number of another department is another record, which 人社 cannot touch.
        hub.take(
            "EMERGENCY",
            "HazardRectification",
            "e1",
            vec![with(hazard("S1", "REGISTERED"), json!({"source": "REPORT"}))],
        )
        .await;
        let list = "{ hazardRectifications { nodes { id department source } } }";
        let seen = hub.data(&office, list).await["hazardRectifications"]["nodes"].clone();
        let seen = seen.as_array().expect("hazards");
        assert_eq!(seen.len(), 2);
        let theirs = seen.iter().find(|one| one["department"] == "EMERGENCY").expect("theirs");
        let withdraw =
            "mutation($id: ID!) { withdrawRecord(input: {id: $id, reason: \"试\"}) { id } }";
        let refused = hub.ask(&office, withdraw, json!({"id": theirs["id"]})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
        // Others read it as they read such hazards.
        let union =
            hub.data(&hub.reader("UNION", CITY), list).await["hazardRectifications"]["nodes"]
                .clone();
        assert_eq!(union.as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn a_closed_list_says_that_it_is_closed_and_what_may_be_asked_instead() {
    let hub = TestHub::sqlite().await;
    for (department, question, word) in [
        ("UNION", "{ persons(first: 5) { nodes { id name } } }", "personStats"),
        (
            "UNION",
            "{ persons(first: 5, where: {name: {eq: \"王小明\"}}) { nodes { id } } }",
            "personStats",
        ),
        ("FINANCE", "{ workInjuries(first: 5) { nodes { id } } }", "workInjuryStats"),
        ("INDUSTRY", "{ hazardRectifications(first: 5) { nodes { id } } }", "viewer"),
    ] {
        let answer = hub.ask(&hub.reader(department, CITY), question, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "FORBIDDEN", "{answer}");
        let message = error["message"].as_str().expect("a message");
        assert!(
            message.contains(word) && !message.contains("筛选"),
            "{department} {question}: {message}"
        );
    }
}
