//! Plans, targets and clocks as whoever reads the hub sees them.

use serde_json::{Value, json};

use crate::support::{TestHub, backends};

fn column(list: &Value, name: &str) -> Vec<String> {
    let text = |row: &Value| match &row[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    list.as_array().expect("a list").iter().map(text).collect()
}

#[tokio::test]
async fn the_plans_of_a_region_come_nearest_first_with_their_sources() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", "140600");
        let data = hub
            .data(&token, "{ plans(region: \"140602\", year: 2024) { id document issuedOn baseYear tolerance complete } }")
            .await;
        assert_eq!(column(&data["plans"], "id"), ["SHUOZHOU-2021", "SHANXI-2021", "NATIONAL-2021"]);
        assert_eq!(
            data["plans"][0],
            json!({"id": "SHUOZHOU-2021", "document": "朔州市实施方案（2021-12-10）", "issuedOn": "2021-12-10", "baseYear": 2019, "tolerance": "EXACT", "complete": true})
        );
        assert_eq!(data["plans"][2]["tolerance"], "ABOUT");
        assert_eq!(data["plans"][2]["baseYear"], Value::Null, "the national plan states none");
        let all = hub.data(&token, "{ plans { id complete targets { id source } tasks { source } obligations { source } } }").await;
        assert_eq!(column(&all["plans"], "id").len(), 6);
        for plan in all["plans"].as_array().expect("plans") {
            for list in ["targets", "tasks", "obligations"] {
                assert!(
                    plan[list].as_array().expect("rows").iter().all(|row| row["source"] != ""),
                    "{}: {list}",
                    plan["id"]
                );
            }
        }
        let incomplete: Vec<&Value> = all["plans"]
            .as_array()
            .expect("plans")
            .iter()
            .filter(|plan| plan["complete"] == false)
            .collect();
        assert_eq!(column(&json!(incomplete), "id"), ["SHANDONG-2021", "NATIONAL-2026"]);
    }
}

#[tokio::test]
async fn a_plan_opens_down_to_members_industries_and_tasks() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("UNION", "370300");
    let question = "{ plan(id: \"ZIBO-2024\") { parentId differs members { department leads } industries { industry role focus } \
                    posts { post category } tasks { kind name amount unit } targets { measure amount unit } } }";
    let plan = hub.data(&token, question).await["plan"].clone();
    assert_eq!(plan["parentId"], "SHANDONG-2021");
    assert!(plan["differs"].as_str().expect("it says so").contains("工信"));
    assert!(!column(&plan["members"], "department").contains(&"INDUSTRY".to_owned()));
    assert_eq!(plan["members"][0], json!({"department": "HRSS", "leads": true}));
    let term = |unit: &str| {
        plan["tasks"]
            .as_array()
            .expect("tasks")
            .iter()
            .find(|task| task["kind"] == "TERM" && task["unit"] == unit)
            .cloned()
    };
    assert_eq!(term("PERCENT").expect("the advance")["amount"], 30);
    assert_eq!(term("YEAR").expect("the ban")["amount"], 3);
    assert_eq!(hub.code(&token, "{ plan(id: \"NOWHERE-2024\") { id } }").await, "NOT_FOUND");
}

#[tokio::test]
async fn targets_say_whose_they_are() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", "140000");
        let ask = async |region: &str, year: i32, more: &str| {
            let question = format!(
                "{{ targets(region: \"{region}\", year: {year}{more}) {{ planId inherited measure comparison amount industry baseYear }} }}"
            );
            hub.data(&token, &question).await["targets"].clone()
        };
        let own = ask("140600", 2024, ", industry: COAL_MINE").await;
        assert_eq!(
            column(&own, "measure"),
            [
                "ACCIDENTS",
                "CASUALTIES",
                "SAFETY_TRAINING",
                "PNEUMOCONIOSIS_RATIO",
                "HEALTH_TRAINING"
            ]
        );
        assert_eq!(
            own[0],
            json!({"planId": "SHUOZHOU-2021", "inherited": false, "measure": "ACCIDENTS", "comparison": "REDUCED_BY", "amount": 15, "industry": "COAL_MINE", "baseYear": 2019})
        );
        let county = ask("140602", 2024, "").await;
        assert!(column(&county, "planId").iter().all(|id| id == "SHUOZHOU-2021"));
        assert!(column(&county, "inherited").iter().all(|inherited| inherited == "true"));
        let other = ask("140200", 2022, ", industry: TRANSPORT").await;
        assert!(column(&other, "planId").iter().all(|id| id == "SHANXI-2021"));
        assert_eq!(
            column(&ask("140600", 2021, ", industry: MACHINERY").await, "comparison")[0],
            "BELOW_BASE"
        );
        assert_eq!(ask("140600", 2020, "").await, json!([]), "2020 is no target year");
        let next = ask("140600", 2030, ", industry: INSTANT_DELIVERY").await;
        assert!(
            column(&next, "planId").iter().all(|id| id == "NATIONAL-2026")
                && !next.as_array().expect("a list").is_empty()
        );
    }
}

#[tokio::test]
async fn a_county_renamed_in_the_middle_of_a_plan_keeps_its_targets_under_both_codes() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", "140600");
    let ask = async |region: &str| {
        hub.data(
            &token,
            &format!("{{ targets(region: \"{region}\", year: 2024) {{ id planId }} }}"),
        )
        .await
    };
    assert_eq!(ask("140624").await, ask("140681").await, "怀仁县 became 怀仁市");
    let answer =
        hub.ask(&token, "{ targets(region: \"149900\", year: 2024) { id } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert!(answer["errors"][0]["message"].as_str().expect("a message").contains("149900"));
}

#[tokio::test]
async fn clocks_count_by_law_and_say_where_the_calendar_ends() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("HRSS", "140600");
    let due = async |arguments: &str| {
        hub.ask(
            &token,
            &format!("{{ deadline({arguments}) {{ due rule source regionCode }} }}"),
            json!({}),
        )
        .await
    };
    let employer = due("rule: \"RECOGNITION_EMPLOYER\", from: \"2024-03-05\"").await;
    assert_eq!(
        employer["data"]["deadline"]["due"], "2024-04-07",
        "the 30th day is Qingming, the 7th of April is worked"
    );
    assert_eq!(employer["data"]["deadline"]["source"], "工伤保险条例 第十七条");
    assert_eq!(
        due("rule: \"RETURN_FEBRUARY\", year: 2024").await["data"]["deadline"]["due"],
        "2024-02-29"
    );
    assert_eq!(
        due("rule: \"RECOGNITION_DECISION\", from: \"2024-03-01\", suspendedDays: 20").await["data"]
            ["deadline"]["due"],
        "2024-05-20"
    );
    let own =
        due("rule: \"SHARING_REPLY_CONDITIONAL\", from: \"2025-08-01\", region: \"140581\"").await;
    assert_eq!(
        (&own["data"]["deadline"]["due"], &own["data"]["deadline"]["regionCode"]),
        (&json!("2025-08-08"), &json!("140581"))
    );
    let extended =
        due("rule: \"SHARING_REPLY_CONDITIONAL\", from: \"2025-08-01\", extended: true").await;
    assert_eq!(extended["data"]["deadline"]["due"], "2025-08-29");
    let beyond = due("rule: \"DISEASE_REPORT\", from: \"9999-12-31\"").await;
    assert_eq!(
        beyond["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "no day lies behind the calendar: {beyond}"
    );
    for (arguments, word) in [
        ("rule: \"SHARING_SUPPLY\", from: \"2026-12-20\"", "CALENDAR_YEAR_UNKNOWN"),
        ("rule: \"SHARING_SUPPLY\", from: \"2026-12-20\"", "2027"),
        ("rule: \"SHARING_SUPPLY\", from: \"2018-06-01\"", "2018"),
        ("rule: \"NOTHING\", from: \"2024-01-01\"", "clock_rule"),
        ("rule: \"SHARING_SUPPLY\"", "from"),
        ("rule: \"SHARING_SUPPLY\", from: \"2024-02-30\"", "from"),
        ("rule: \"RETURN_FEBRUARY\", from: \"2024-02-01\"", "规则"),
        (
            "rule: \"RECOGNITION_DECISION\", from: \"2024-02-01\", suspendedDays: -1",
            "suspendedDays",
        ),
        (
            "rule: \"RECOGNITION_EMPLOYER\", from: \"2024-03-01\", suspendedDays: 20",
            "请去掉 suspendedDays",
        ),
        ("rule: \"RECOGNITION_EMPLOYER\", from: \"2024-03-01\", extended: true", "请去掉 extended"),
        ("rule: \"RETURN_FEBRUARY\", year: 2024, extended: true", "请去掉 extended"),
    ] {
        let answer = due(arguments).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{arguments}: {answer}"
        );
        assert!(
            answer["errors"][0]["message"].as_str().expect("a message").contains(word),
            "{arguments}: {answer}"
        );
    }
}
