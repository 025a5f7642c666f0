//! Standing duties: what a plan asks for every year goes on when the plan ends, until a successor
//! says otherwise.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, injury, man, with},
    support::{TestHub, backends},
};

const SOURCE: &str = "朔州市实施方案（2021-12-10） 五(四)";

#[tokio::test]
async fn a_standing_return_is_owed_after_the_plan_has_ended_and_says_where_it_comes_from() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for (region, office) in [(CITY, CITY), (COUNTY, COUNTY)] {
            let token = hub.token("HRSS", office, &["READER"]);
            let question = format!(
                "{{ obligations(region: \"{region}\", from: \"2027-01-01\", to: \"2027-12-31\") {{ nodes {{ kind department due dataYear finality planId \
                 carried source state }} }} returns(region: \"{region}\", year: 2026) {{ kind department finality state carried source planId }} }}"
            );
            let data = hub.data(&token, &question).await;
            let owed = data["obligations"]["nodes"].as_array().expect("nodes");
            let found: Vec<(&str, &str)> = owed
                .iter()
                .map(|item| {
                    (
                        item["kind"].as_str().unwrap_or_default(),
                        item["department"].as_str().unwrap_or_default(),
                    )
                })
                .collect();
            assert_eq!(
                found,
                [
                    ("ACCIDENT_RETURN", "EMERGENCY"),
                    ("ACCIDENT_RETURN", "HOUSING"),
                    ("ACCIDENT_RETURN", "TRANSPORT"),
                    ("DISEASE_RETURN", "HEALTH"),
                ],
                "{region}"
            );
            for item in owed {
                assert_eq!(
                    (
                        &item["due"],
                        &item["dataYear"],
                        &item["finality"],
                        &item["carried"],
                        &item["source"],
                        &item["planId"]
                    ),
                    (
                        &json!("2027-02-28"),
                        &json!(2026),
                        &json!("FINAL"),
                        &json!(true),
                        &json!(SOURCE),
                        &json!("SHUOZHOU-2021")
                    )
                );
            }
            let returns = data["returns"].as_array().expect("returns");
            assert_eq!(returns.len(), 4, "{data}");
            assert!(returns.iter().all(|one| one["state"] == "MISSING"
                && one["carried"] == true
                && one["source"] == SOURCE));
        }
        // What the plan itself asks for is not carried, and nobody owes the figures of a year that
        // has not begun.
        let token = hub.reader("HRSS", CITY);
        let own = hub.data(&token, &format!("{{ returns(region: \"{CITY}\", year: 2025) {{ carried source }} obligations(region: \"{CITY}\", from: \"2040-01-01\") {{ nodes {{ due }} }} }}")).await;
        assert!(
            own["returns"]
                .as_array()
                .expect("returns")
                .iter()
                .all(|one| one["carried"] == false && one["source"] != Value::Null)
        );
        assert_eq!(own["obligations"]["nodes"], json!([]));
    }
}

#[tokio::test]
async fn a_carried_return_is_signed_like_any_other() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("EMERGENCY", CITY, &["STEWARD"]);
        let sign = format!(
            "mutation {{ signReturn(input: {{region: \"{CITY}\", year: 2026, finality: PROVISIONAL}}) {{ state planId figures {{ count industry }} }} }}"
        );
        let signed = hub.data(&token, &sign).await["signReturn"].clone();
        assert_eq!(
            (&signed["state"], &signed["planId"]),
            (&json!("SIGNED"), &json!("SHUOZHOU-2021"))
        );
        let industries: Vec<&str> = signed["figures"]
            .as_array()
            .expect("figures")
            .iter()
            .filter_map(|one| one["industry"].as_str())
            .collect();
        assert!(
            industries.contains(&"COAL_MINE") && !industries.contains(&"TRANSPORT"),
            "{industries:?}"
        );
    }
}

#[tokio::test]
async fn the_meeting_of_the_year_after_the_plan_has_returns_and_the_targets_of_the_successor() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("HRSS", CITY, &["SECRETARY"]);
        let question = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2026) {{ brief {{ head {{ plan {{ code }} incompletePlan }} \
             headlines {{ indicator {{ code }} target actual outcome reason }} \
             returns {{ department {{ code }} title due carried }} }} }} }}"
        );
        let brief = hub.data(&token, &question).await["jointMeeting"]["brief"].clone();
        assert_eq!(
            (&brief["head"]["plan"]["code"], &brief["head"]["incompletePlan"]),
            (&json!("NATIONAL-2026"), &json!(true))
        );
        let due: Vec<&Value> = brief["returns"]
            .as_array()
            .expect("returns")
            .iter()
            .filter(|one| one["due"] == "2027-02-28")
            .collect();
        assert_eq!(due.len(), 4, "{brief}");
        assert!(due.iter().all(|one| one["carried"] == SOURCE
            && one["title"].as_str().is_some_and(|text| text.starts_with("2026年"))));
        let headlines = brief["headlines"].as_array().expect("headlines");
        let targets: Vec<&str> =
            headlines.iter().filter_map(|one| one["target"].as_str()).collect();
        for target in [
            "重点行业工伤事故发生率五年降低10%左右",
            "新就业形态人员职业伤害发生率下降",
            "重点平台企业职业伤害发生率降低10%以上",
            "尘肺病等重点职业病明显减少",
        ] {
            assert!(targets.contains(&target), "{target}: {targets:?}");
        }
        assert!(
            headlines.iter().all(|one| one["outcome"] == "NOT_JUDGED"
                && one["reason"].as_str().is_some_and(|text| text.contains("2030年"))),
            "{headlines:?}"
        );
    }
}

#[tokio::test]
async fn days_are_counted_beyond_the_calendar_and_only_working_days_need_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", CITY);
        let due = async |arguments: &str| {
            hub.ask(
                &token,
                &format!("{{ deadline({arguments}) {{ due unknownYear }} }}"),
                json!({}),
            )
            .await
        };
        for (arguments, day, year) in [
            ("rule: \"RECOGNITION_EMPLOYER\", from: \"2026-12-10\"", "2027-01-09", json!(2027)),
            ("rule: \"RECOGNITION_DECISION\", from: \"2026-12-10\"", "2027-02-08", json!(2027)),
            ("rule: \"DISEASE_REPORT\", from: \"2026-12-20\"", "2027-01-04", json!(2027)),
            ("rule: \"TOLL_CHANGE\", from: \"2026-12-20\"", "2027-01-19", Value::Null),
            ("rule: \"RETURN_FEBRUARY\", year: 2027", "2027-02-28", Value::Null),
            ("rule: \"RECOGNITION_EMPLOYER\", from: \"2026-03-05\"", "2026-04-07", Value::Null),
        ] {
            let answer = due(arguments).await;
            assert_eq!(
                answer["data"]["deadline"],
                json!({"due": day, "unknownYear": year}),
                "{arguments}: {answer}"
            );
        }
        let working = due("rule: \"SHARING_SUPPLY\", from: \"2026-12-25\"").await;
        assert!(
            working["errors"][0]["message"]
                .as_str()
                .is_some_and(|text| text.contains("CALENDAR_YEAR_UNKNOWN")),
            "{working}"
        );
        // The same day, asked for as something that is owed.
        let open = json!({"result": null, "article": null, "applicantKind": "EMPLOYER", "injuredAt": "2026-11-20",
            "appliedAt": "2026-11-24", "acceptedAt": "2026-11-26"});
        let case = with(injury("W1", "A1", &man(1)), open);
        hub.take("EMERGENCY", "Accident", "k0", vec![crate::samples::accident("A1")]).await;
        hub.take("HRSS", "WorkInjury", "k1", vec![case]).await;
        let owed = hub
            .data(
                &token,
                &format!("{{ obligations(region: \"{CITY}\", kind: RECOGNITION_DECISION) {{ nodes {{ due unknownYear }} }} }}"),
            )
            .await;
        let alone = due("rule: \"RECOGNITION_DECISION\", from: \"2026-11-26\"").await;
        assert_eq!(owed["obligations"]["nodes"], json!([alone["data"]["deadline"]]), "{owed}");
    }
}
