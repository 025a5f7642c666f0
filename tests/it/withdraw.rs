//! Withdrawal and history: nothing is a hole.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, OTHER_COUNTY, accident, injury, man, outcomes, with},
    support::{TestHub, backends},
};

const HISTORY: &str = "query($id: ID!) { history(id: $id) { version action reason changed department regionCode content } }";
const WITHDRAW: &str = "mutation($id: ID!, $reason: String!) { withdrawRecord(input: {id: $id, reason: $reason}) { id version } }";

#[tokio::test]
async fn an_update_names_the_fields_that_changed_sealed_ones_included() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HRSS");
        let first = hub
            .submit(&token, "WorkInjuries", "ATOMIC", "k1", &[injury("W1", "A1", &man(1))])
            .await;
        let id = first["verdicts"][0]["id"].clone();
        let changed = with(
            injury("W1", "A1", &man(1)),
            json!({"bodyPart": "右手", "decidedAt": "2024-04-01"}),
        );
        let second = hub.submit(&token, "WorkInjuries", "ATOMIC", "k2", &[changed]).await;
        assert_eq!(outcomes(&second), ["UPDATED"], "{second}");
        let answer = hub.ask(&token, HISTORY, json!({"id": id})).await;
        let versions = answer["data"]["history"].as_array().expect("versions");
        assert_eq!(versions.len(), 2, "{answer}");
        assert_eq!(
            (&versions[0]["version"], &versions[0]["action"]),
            (&json!(2), &json!("UPDATED"))
        );
        assert_eq!(versions[0]["changed"], json!(["decidedAt", "bodyPart"]));
        assert_eq!(versions[0]["content"]["bodyPart"], "右手");
        assert_eq!(
            (&versions[1]["action"], &versions[1]["changed"]),
            (&json!("CREATED"), &json!([]))
        );
        assert_eq!(versions[1]["content"]["bodyPart"], "左下肢");
        assert_eq!(versions[1]["content"]["idNumber"], man(1).as_str());
        // Who may not read the sensitive class does not learn that it changed.
        let other = hub.ask(&hub.reader("EMERGENCY", CITY), HISTORY, json!({"id": id})).await;
        assert_eq!(other["data"]["history"][0]["changed"], json!(["decidedAt"]), "{other}");
        assert_eq!(other["data"]["history"][0]["content"]["bodyPart"], Value::Null);
        assert_eq!(other["data"]["history"][0]["content"]["name"], "王*");
    }
}

#[tokio::test]
async fn a_withdrawn_record_keeps_its_history_and_comes_back_when_handed_in_again() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let list =
            "{ accidents { totalCount nodes { accidentNo version } } accidentStats { count } }";
        let first = hub
            .submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1"), accident("A2")])
            .await;
        let id = first["verdicts"][0]["id"].clone();
        let answer = hub
            .ask(
                &token,
                WITHDRAW,
                json!({"id": id, "reason": "经核查不属于生产安全事故，予以核销"}),
            )
            .await;
        assert_eq!(answer["data"]["withdrawRecord"]["version"], 2, "{answer}");
        let again = hub.ask(&token, WITHDRAW, json!({"id": id, "reason": "再次"})).await;
        assert_eq!(
            again["data"]["withdrawRecord"]["version"], 2,
            "once withdrawn it stays as it is: {again}"
        );
        let left = hub.data(&token, list).await;
        assert_eq!(
            (&left["accidents"]["totalCount"], &left["accidentStats"][0]["count"]),
            (&json!(1), &json!(1)),
            "{left}"
        );
        let answer = hub.ask(&token, HISTORY, json!({"id": id})).await;
        let versions =
            answer["data"]["history"].as_array().expect("the history of a withdrawn record");
        assert_eq!(
            (&versions[0]["version"], &versions[0]["action"]),
            (&json!(2), &json!("WITHDRAWN")),
            "{answer}"
        );
        assert_eq!(versions[0]["reason"], "经核查不属于生产安全事故，予以核销");
        let back = hub.submit(&token, "Accidents", "ATOMIC", "k2", &[accident("A1")]).await;
        assert_eq!(outcomes(&back), ["UPDATED"], "{back}");
        assert_eq!((&back["verdicts"][0]["version"], &back["verdicts"][0]["id"]), (&json!(3), &id));
        let all = hub.data(&token, list).await;
        assert_eq!(all["accidents"]["totalCount"], 2, "{all}");
        let answer = hub.ask(&token, HISTORY, json!({"id": id})).await;
        let actions: Vec<_> = answer["data"]["history"]
            .as_array()
            .expect("versions")
            .iter()
            .map(|one| &one["action"])
            .collect();
        assert_eq!(actions, ["UPDATED", "WITHDRAWN", "CREATED"]);
        hub.holds().await;
    }
}

#[tokio::test]
async fn only_the_owner_withdraws_and_says_why() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let first = hub.submit(&token, "Accidents", "ATOMIC", "k1", &[accident("A1")]).await;
        let id = first["verdicts"][0]["id"].clone();
        for reason in ["", "  ", "a\u{7}b", &"长".repeat(501)] {
            let refused = hub.ask(&token, WITHDRAW, json!({"id": id, "reason": reason})).await;
            assert_eq!(
                refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{reason:?}: {refused}"
            );
        }
        let elsewhere = hub.token("EMERGENCY", OTHER_COUNTY, &["SUBMITTER"]);
        let (housing, reader) = (hub.both("HOUSING"), hub.reader("EMERGENCY", CITY));
        for (who, code) in [
            (&elsewhere, "NOT_FOUND"),
            (&housing, "NOT_FOUND"),
            (&reader, "FORBIDDEN"),
            (&hub.both("UNION"), "FORBIDDEN"),
        ] {
            let refused = hub.ask(who, WITHDRAW, json!({"id": id, "reason": "试"})).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], code, "{refused}");
        }
        assert_eq!(
            hub.db_count("SELECT COUNT(*) FROM accidents WHERE withdrawn_at IS NULL").await,
            1
        );
    }
}
