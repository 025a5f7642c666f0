//! Returns: frozen, signed, versioned, and compared with what the records say today.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, accident, disease, man, with},
    support::{TestHub, backends},
};

const FIGURES: &str = "figures { count industry records signed explanation today differs }";

fn signing(more: &str) -> String {
    format!(
        "mutation {{ signReturn(input: {{region: \"{CITY}\", {more}}}) {{ id version state finality digest position planId casualtyBasis {FIGURES} }} }}"
    )
}

fn figure<'a>(signed: &'a Value, count: &str, industry: Option<&str>) -> &'a Value {
    let own = |line: &&Value| line["count"] == count && line["industry"].as_str() == industry;
    signed["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .find(own)
        .unwrap_or_else(|| unreachable!("{count}: {signed}"))
}

async fn with_accidents(hub: &TestHub) {
    let rows = vec![
        accident("A1"),
        with(
            accident("A2"),
            json!({"occurredAt": "2024-12-31T23:30:00+08:00", "regionCode": "140603"}),
        ),
        with(accident("A3"), json!({"keyIndustry": "MACHINERY", "deaths": 0})),
        with(accident("A4"), json!({"occurredAt": "2025-01-01T00:30:00+08:00"})),
        with(accident("A5"), json!({"statStatus": "WRITTEN_OFF"})),
        with(accident("A6"), json!({"keyIndustry": "CONSTRUCTION"})),
    ];
    hub.take("EMERGENCY", "Accident", "k1", rows).await;
}

#[tokio::test]
async fn a_department_freezes_the_sums_of_its_records_and_signs_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let token = hub.token("EMERGENCY", CITY, &["STEWARD"]);
        let signed = hub.data(&token, &signing("year: 2024")).await["signReturn"].clone();
        assert_eq!(
            (&signed["version"], &signed["state"], &signed["finality"]),
            (&json!(1), &json!("SIGNED"), &json!("FINAL"))
        );
        assert_eq!(
            (&signed["planId"], &signed["casualtyBasis"]),
            (&json!("SHUOZHOU-2021"), &json!("DEATHS_MISSING_INJURED"))
        );
        assert_eq!(signed["digest"].as_str().map(str::len), Some(64));
        assert_ne!(signed["position"], "");
        let coal = |count: &str| figure(&signed, count, Some("COAL_MINE"))["signed"].clone();
        // A1 and A2 are of 2024 in China; A5 is written off; A4 is of 2025.
        assert_eq!(
            [coal("ACCIDENTS"), coal("DEATHS"), coal("SERIOUS"), coal("MINOR"), coal("CASUALTIES")],
            [2, 2, 4, 6, 12].map(Value::from)
        );
        assert_eq!(figure(&signed, "DEATHS", Some("MACHINERY"))["signed"], 0);
        assert_eq!(
            figure(&signed, "ACCIDENTS", Some("HAZARDOUS_CHEMICALS"))["signed"],
            0,
            "zero that was signed is a figure"
        );
        let industries: Vec<&Value> = signed["figures"]
            .as_array()
            .expect("figures")
            .iter()
            .map(|line| &line["industry"])
            .collect();
        assert!(!industries.contains(&&json!("CONSTRUCTION")), "housing answers for it");
        let known = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'sign return'";
        assert_eq!(hub.db_count(known).await, 2, "before and after");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_return_signed_twice_is_a_conflict_unless_it_names_the_version_it_replaces() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let token = hub.token("EMERGENCY", CITY, &["SECRETARY"]);
        hub.data(&token, &signing("year: 2024")).await;
        let again = hub.ask(&token, &signing("year: 2024"), json!({})).await;
        assert_eq!(again["errors"][0]["extensions"]["code"], "CONFLICT");
        assert!(
            again["errors"][0]["message"].as_str().expect("a message").contains("第1版"),
            "{again}"
        );
        let wrong = hub.ask(&token, &signing("year: 2024, replaces: 2"), json!({})).await;
        assert!(
            wrong["errors"][0]["message"].as_str().expect("a message").contains("replaces: 1"),
            "{wrong}"
        );
        let never = hub.ask(&token, &signing("year: 2023, replaces: 1"), json!({})).await;
        assert_eq!(never["errors"][0]["extensions"]["code"], "CONFLICT");
        let second = hub.data(&token, &signing("year: 2024, replaces: 1")).await;
        assert_eq!(second["signReturn"]["version"], 2);
        // Provisional figures are another return.
        assert_eq!(
            hub.data(&token, &signing("year: 2024, finality: PROVISIONAL")).await["signReturn"]["version"],
            1
        );
        let board = hub
            .data(&token, &format!("{{ returns(region: \"{CITY}\", year: 2024) {{ department kind finality version state }} }}"))
            .await;
        let own: Vec<String> = board["returns"]
            .as_array()
            .expect("returns")
            .iter()
            .filter(|entry| entry["department"] == "EMERGENCY")
            .map(|entry| {
                format!("{} {} {}", entry["finality"], entry["version"], entry["state"])
                    .replace('"', "")
            })
            .collect();
        assert_eq!(own, ["PROVISIONAL 1 SIGNED", "FINAL 2 SIGNED", "FINAL 1 REPLACED"]);
    }
}

#[tokio::test]
async fn signed_figures_differ_from_the_records_only_with_an_explanation_and_the_difference_is_shown()
 {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let token = hub.token("EMERGENCY", CITY, &["STEWARD"]);
        let deaths = |more: &str| {
            signing(&format!(
                "year: 2024, figures: [{{count: DEATHS, industry: COAL_MINE, {more}}}]"
            ))
        };
        for (more, word) in [
            ("value: 3", "explanation"),
            ("value: -1, explanation: \"x\"", "figures[0].value"),
            ("value: 3, explanation: \" \"", "explanation"),
        ] {
            let answer = hub.ask(&token, &deaths(more), json!({})).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{more}: {answer}"
            );
            assert!(
                answer["errors"][0]["message"].as_str().expect("a message").contains(word),
                "{more}: {answer}"
            );
        }
        let other = signing(
            "year: 2024, figures: [{count: DEATHS, industry: CONSTRUCTION, value: 1, explanation: \"x\"}]",
        );
        assert_eq!(hub.code(&token, &other).await, "BAD_USER_INPUT", "not of this department");
        let signed = hub
            .data(
                &token,
                &deaths("value: 3, explanation: \"一人在事故后三十日内死亡，记录待补报\""),
            )
            .await["signReturn"]
            .clone();
        let coal = figure(&signed, "DEATHS", Some("COAL_MINE"));
        assert_eq!(
            (&coal["records"], &coal["signed"], &coal["differs"]),
            (&json!(2), &json!(3), &json!(true))
        );
        assert_eq!(
            figure(&signed, "CASUALTIES", Some("COAL_MINE"))["signed"],
            13,
            "they follow from their components"
        );
        // The records catch up and go on.
        hub.take("EMERGENCY", "Accident", "k2", vec![with(accident("A7"), json!({"deaths": 2}))])
            .await;
        let lead = hub.reader("HRSS", CITY);
        let question = format!(
            "{{ returns(region: \"{CITY}\", year: 2024) {{ department signedBy differences {{ count industry records signed today explanation }} }} }}"
        );
        let board = hub.data(&lead, &question).await;
        let own = board["returns"]
            .as_array()
            .expect("returns")
            .iter()
            .find(|entry| entry["department"] == "EMERGENCY")
            .expect("signed");
        let deaths = own["differences"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|line| line["count"] == "DEATHS")
            .expect("it differs");
        assert_eq!(
            (&deaths["records"], &deaths["signed"], &deaths["today"]),
            (&json!(2), &json!(3), &json!(4))
        );
        assert!(deaths["explanation"].as_str().expect("kept").contains("三十日"));
        assert_eq!(own["signedBy"], "test");
        let other = hub.data(&hub.reader("UNION", CITY), &question).await;
        assert!(
            other["returns"]
                .as_array()
                .expect("returns")
                .iter()
                .all(|entry| entry["signedBy"] == Value::Null)
        );
    }
}

#[tokio::test]
async fn what_is_owed_and_not_signed_is_missing_and_never_zero() {
    let hub = TestHub::sqlite().await;
    let question = format!(
        "{{ returns(region: \"{COUNTY}\", year: 2023) {{ department kind state version digest figures {{ signed records }} }} }}"
    );
    let board = hub.data(&hub.reader("HRSS", CITY), &question).await;
    let states: Vec<(String, String)> = board["returns"]
        .as_array()
        .expect("returns")
        .iter()
        .map(|entry| {
            (
                entry["department"].as_str().unwrap_or_default().to_owned(),
                entry["state"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let missing = |department: &str| (department.to_owned(), "MISSING".to_owned());
    assert_eq!(states, ["EMERGENCY", "HOUSING", "TRANSPORT", "HEALTH"].map(missing));
    for entry in board["returns"].as_array().expect("returns") {
        assert_eq!((&entry["version"], &entry["digest"]), (&Value::Null, &Value::Null));
        assert!(
            entry["figures"]
                .as_array()
                .expect("figures")
                .iter()
                .all(|line| line["signed"] == Value::Null && line["records"] == Value::Null)
        );
    }
}

#[tokio::test]
async fn health_signs_new_cases_and_whoever_has_no_exact_figures_sees_none_of_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = vec![
            disease("D1", &man(1)),
            with(disease("D2", &man(2)), json!({"exposureYears": 5, "exposureMonths": 0})),
            with(disease("D3", &man(3)), json!({"reportNature": "PROGRESSION"})),
            with(disease("D4", &man(4)), json!({"diagnosedAt": "2023-12-31"})),
        ];
        hub.take("HEALTH", "OccupationalDiseaseCase", "k1", rows).await;
        let token = hub.token("HEALTH", CITY, &["STEWARD"]);
        let signed = hub.data(&token, &signing("year: 2024")).await["signReturn"].clone();
        let number = |count: &str| figure(&signed, count, None)["signed"].clone();
        assert_eq!(
            [number("PNEUMOCONIOSIS"), number("UNDER_FIVE_YEARS"), number("DISEASES")],
            [2, 1, 2].map(Value::from)
        );
        let part = signing(
            "year: 2023, figures: [{count: UNDER_FIVE_YEARS, value: 9, explanation: \"补报\"}]",
        );
        assert_eq!(hub.code(&token, &part).await, "BAD_USER_INPUT", "a part above its whole");
        let question = format!(
            "{{ returns(region: \"{CITY}\", year: 2024) {{ department withheld {FIGURES} }} }}"
        );
        let seen = async |token: &str| {
            let board = hub.data(token, &question).await;
            let own = board["returns"]
                .as_array()
                .expect("returns")
                .iter()
                .find(|entry| entry["department"] == "HEALTH")
                .cloned();
            let own = own.expect("signed");
            (own["withheld"].clone(), own["figures"].as_array().expect("figures").len())
        };
        assert_eq!(seen(&hub.reader("HRSS", CITY)).await, (json!(false), 3));
        assert_eq!(seen(&hub.reader("UNION", CITY)).await, (json!(true), 0));
        assert_eq!(
            seen(&hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None)).await,
            (json!(false), 3)
        );
    }
}

#[tokio::test]
async fn only_the_office_of_the_department_at_exactly_that_region_signs() {
    let hub = TestHub::sqlite().await;
    for (department, region, role, code) in [
        ("EMERGENCY", CITY, "READER", "FORBIDDEN"),
        ("EMERGENCY", COUNTY, "STEWARD", "FORBIDDEN"),
        ("EMERGENCY", "140000", "STEWARD", "FORBIDDEN"),
        ("UNION", CITY, "STEWARD", "FORBIDDEN"),
        ("HOUSING", CITY, "STEWARD", ""),
    ] {
        let token = hub.token(department, region, &[role]);
        assert_eq!(
            hub.code(&token, &signing("year: 2024")).await,
            code,
            "{department} {region} {role}"
        );
    }
    let token = hub.token("EMERGENCY", CITY, &["STEWARD"]);
    assert_eq!(hub.code(&token, &signing("year: 2024, kind: DISEASE_RETURN")).await, "FORBIDDEN");
    for more in ["year: 2999", "year: 1990"] {
        assert_eq!(hub.code(&token, &signing(more)).await, "BAD_USER_INPUT", "{more}");
    }
}

#[tokio::test]
async fn what_goes_with_another_kind_of_return_is_refused_and_nothing_is_signed() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let document = format!("document: {{title: \"x\", sha256: \"{}\"}}", "a".repeat(64));
        for (department, given, words) in [
            ("EMERGENCY", document.as_str(), ["document", "PLAN_REPORT、PLAN_FILING"]),
            (
                "EMERGENCY",
                "denominatorBasis: \"PNEUMOCONIOSIS_NEW\"",
                ["denominatorBasis", "DISEASE_RETURN"],
            ),
            ("HEALTH", "casualtyBasis: DEATHS_SERIOUS", ["casualtyBasis", "ACCIDENT_RETURN"]),
        ] {
            let token = hub.token(department, CITY, &["STEWARD"]);
            let answer =
                hub.ask(&token, &signing(&format!("year: 2024, {given}")), json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{given}: {answer}");
            let message = error["message"].as_str().expect("a message");
            assert!(words.iter().all(|word| message.contains(word)), "{given}: {answer}");
        }
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM meeting_returns").await, 0);
        let token = hub.token("EMERGENCY", CITY, &["STEWARD"]);
        let own = signing("year: 2024, casualtyBasis: DEATHS_SERIOUS");
        let signed = hub.data(&token, &own).await["signReturn"].clone();
        assert_eq!(signed["casualtyBasis"], "DEATHS_SERIOUS");
    }
}

#[tokio::test]
async fn nobody_is_shown_a_sum_of_today_over_records_that_they_may_not_all_count() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let more =
            ", figures: [{count: DEATHS, industry: COAL_MINE, value: 3, explanation: \"待补报\"}]";
        hub.sign("EMERGENCY", CITY, 2024, more).await;
        // 住建 counts the accidents of its own industry and of no other.
        let housing = hub.token_for("HOUSING", CITY, &["READER"], "JOINT_MEETING", None);
        let question = format!(
            "{{ returns(region: \"{CITY}\", year: 2024) {{ department state withheld {FIGURES} }} }}"
        );
        let today = async |token: &str, department: &str| {
            let board = hub.data(token, &question).await;
            let own = board["returns"]
                .as_array()
                .expect("returns")
                .iter()
                .find(|entry| entry["department"] == department)
                .cloned()
                .expect("it owes a return");
            assert_eq!(own["withheld"], false, "{own}");
            let mut found: Vec<Value> = own["figures"]
                .as_array()
                .expect("figures")
                .iter()
                .map(|line| line["today"].clone())
                .collect();
            assert!(!found.is_empty(), "{own}");
            found.dedup();
            found
        };
        assert_eq!(today(&housing, "EMERGENCY").await, [Value::Null], "signed");
        assert_eq!(today(&housing, "TRANSPORT").await, [Value::Null], "not signed");
        assert_eq!(today(&housing, "HOUSING").await, [0], "a zero that it may count");
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        assert_eq!(today(&office, "TRANSPORT").await, [0]);
        let said = async |token: &str| {
            let document = format!(
                "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ returns {{ department {{ code }} difference }} }} }} }}"
            );
            let data = hub.data(token, &document).await;
            let returns =
                data["jointMeeting"]["brief"]["returns"].as_array().expect("returns").clone();
            let own =
                returns.iter().find(|own| own["difference"] != Value::Null).expect("it differs");
            own["difference"].as_str().expect("a text").to_owned()
        };
        assert!(said(&housing).await.contains("签报3，记录汇总2，今日无权汇总"));
        assert!(said(&office).await.contains("签报3，记录汇总2，今日2"));
    }
}

#[tokio::test]
async fn accidents_without_an_industry_stand_beside_the_figures_they_are_in_none_of() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        with_accidents(&hub).await;
        let blank = json!({"keyIndustry": null, "industryCode": null});
        let own = |number: &str| with(accident(number), blank.clone());
        hub.take("EMERGENCY", "Accident", "k2", vec![own("B1"), own("B2")]).await;
        let question = format!(
            "{{ returns(region: \"{CITY}\", year: 2024) {{ department kind withoutIndustry }} }}"
        );
        let board = hub.data(&hub.token("HRSS", CITY, &["SECRETARY"]), &question).await;
        let of = |department: &str| {
            let all = board["returns"].as_array().expect("returns");
            let own = |entry: &&Value| entry["department"] == department;
            all.iter().find(own).expect("an entry")["withoutIndustry"].clone()
        };
        assert_eq!(
            ["EMERGENCY", "HOUSING", "TRANSPORT", "HEALTH"].map(of),
            [json!(2), json!(0), json!(0), Value::Null],
            "{backend:?}"
        );
    }
}
