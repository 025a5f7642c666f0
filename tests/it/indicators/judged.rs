//! How figures are judged by the plan of 朔州, and what a sheet refuses.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, accident, disease, man, with},
    support::{Row, TestHub, backends},
};

async fn row(hub: &TestHub, region: &str, year: i32, indicator: &str, scope: &str) -> Value {
    let office = hub.token("HRSS", CITY, &["SECRETARY"]);
    let document = format!(
        "{{ indicators(region: \"{region}\", year: {year}, indicators: [I1, I2, I3]) {{ plan baseYear provisional rows {{ \
         indicator region scope numerator denominator value shown most target outcome together reasonCode reason }} }} }}"
    );
    let sheet = hub.data(&office, &document).await["indicators"].clone();
    let mut rows = sheet["rows"].as_array().expect("rows").iter();
    rows.find(|row| {
        row["indicator"] == indicator && row["scope"] == scope && row["region"] == region
    })
    .unwrap_or_else(|| unreachable!("{indicator} {scope}: {sheet}"))
    .clone()
}

fn accidents(year: i32, count: usize) -> Vec<Row> {
    let one = |number| {
        with(
            accident(&format!("{year}-{number}")),
            json!({"occurredAt": format!("{year}-05-05T08:00:00+08:00"), "deaths": 0, "seriousInjuries": 0, "minorInjuries": 1}),
        )
    };
    (0..count).map(one).collect()
}

#[tokio::test]
async fn accidents_and_casualties_are_judged_against_2019_and_must_both_hold() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut rows = accidents(2019, 20);
        rows.extend(accidents(2020, 30));
        rows.extend(accidents(2021, 20));
        rows.extend(accidents(2022, 19));
        rows.extend(accidents(2023, 18));
        rows.extend(accidents(2024, 17));
        rows.push(with(
            accident("worse"),
            json!({"occurredAt": "2024-06-01T08:00:00+08:00", "keyIndustry": "MACHINERY"}),
        ));
        // Fewer accidents, but a bad one.
        rows[107]["minorInjuries"] = json!(40);
        hub.take("EMERGENCY", "Accident", "k", rows).await;
        hub.sign_all(CITY, &[2019, 2021, 2022, 2023, 2024]).await;
        let told = async |year, indicator| {
            let row = row(&hub, CITY, year, indicator, "COAL_MINE").await;
            (
                row["outcome"].as_str().unwrap_or_default().to_owned(),
                row["reasonCode"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let is = |outcome: &str, reason: &str| (outcome.to_owned(), reason.to_owned());
        assert_eq!(told(2019, "I1").await, is("NOT_JUDGED", "BASE_YEAR"));
        assert_eq!(told(2020, "I1").await, is("NOT_JUDGED", "YEAR_NOT_IN_PLAN"));
        assert_eq!(
            told(2021, "I1").await,
            is("NOT_MET", "TARGET_NOT_MET"),
            "twenty are not below twenty"
        );
        assert_eq!(told(2022, "I1").await, is("MET", "TARGET_MET"), "5 %");
        assert_eq!(told(2023, "I1").await, is("MET", "TARGET_MET"), "10 %");
        let judged = row(&hub, CITY, 2024, "I1", "COAL_MINE").await;
        assert_eq!(
            (&judged["outcome"], &judged["shown"], &judged["value"]),
            (&json!("MET"), &json!("15.0%"), &json!("3/20"))
        );
        assert_eq!(
            (&judged["most"], &judged["together"]),
            (&json!(17), &json!("NOT_MET")),
            "{judged}"
        );
        assert_eq!(row(&hub, CITY, 2024, "I2", "COAL_MINE").await["outcome"], "NOT_MET");
        let fresh = row(&hub, CITY, 2024, "I1", "MACHINERY").await;
        assert_eq!(
            (&fresh["outcome"], &fresh["reasonCode"], &fresh["value"]),
            (&json!("NOT_MET"), &json!("BASELINE_ZERO"), &Value::Null)
        );
        let still = row(&hub, CITY, 2024, "I1", "HAZARDOUS_CHEMICALS").await;
        assert_eq!(
            (&still["outcome"], &still["reasonCode"]),
            (&json!("MET"), &json!("BASELINE_ZERO"))
        );
    }
}

#[tokio::test]
async fn the_ratio_of_pneumoconiosis_has_to_fall_and_a_year_without_cases_is_said_to_be_one() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut rows = Vec::new();
        for (year, short, long) in [(2019, 2, 2), (2021, 1, 3), (2023, 1, 1), (2024, 1, 2)] {
            for number in 0..short + long {
                let years = if number < short { 4 } else { 12 };
                let card = format!("{year}-{number}");
                let day = format!("{year}-03-05");
                rows.push(with(
                    disease(&card, &man(year as u32 * 10 + number)),
                    json!({"diagnosedAt": day, "exposureYears": years}),
                ));
            }
        }
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        hub.sign_all(CITY, &[2019, 2021, 2022, 2023, 2024]).await;
        let told = async |year| {
            let row = row(&hub, CITY, year, "I3", "DUST").await;
            assert!(row["target"].is_string() || year < 2021, "{row}");
            (row["outcome"].clone(), row["reasonCode"].clone(), row["shown"].clone())
        };
        assert_eq!(
            told(2021).await,
            (json!("NOT_JUDGED"), json!("PREVIOUS_YEAR_NULL"), json!("25.0%"))
        );
        assert_eq!(told(2022).await, (json!("NOT_JUDGED"), json!("NO_CASES"), json!("—")));
        assert_eq!(
            told(2023).await,
            (json!("NOT_JUDGED"), json!("PREVIOUS_YEAR_NULL"), json!("50.0%"))
        );
        assert_eq!(told(2024).await, (json!("MET"), json!("TARGET_MET"), json!("33.3%")));
        let said = row(&hub, CITY, 2023, "I3", "DUST").await["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(said.contains("2021"), "{said}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_what_to_do() {
    let hub = TestHub::sqlite().await;
    let office = hub.token("HRSS", CITY, &["SECRETARY"]);
    let code = async |arguments: &str| {
        hub.code(&office, &format!("{{ indicators({arguments}) {{ year }} }}")).await
    };
    assert_eq!(code("region: \"149999\", year: 2024").await, "BAD_USER_INPUT");
    assert_eq!(code("region: \"140600\", year: 9999").await, "BAD_USER_INPUT");
    assert_eq!(code("region: \"140600\", year: 1900").await, "BAD_USER_INPUT");
    assert_eq!(code("region: \"140600\", year: -2147483648").await, "BAD_USER_INPUT");
    assert_eq!(
        code("region: \"140600\", year: 2024, plan: \"ZIBO-2024\"").await,
        "BAD_USER_INPUT",
        "another city's plan"
    );
    assert_eq!(code("region: \"140600\", year: 2024, plan: \"NOWHERE\"").await, "BAD_USER_INPUT");
    let outside = "{ indicators(region: \"140600\", year: 2024, industries: [COAL_MINE, NON_FERROUS]) { year } }";
    let answer = hub.ask(&office, outside, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let message = answer["errors"][0]["message"].as_str().expect("a message");
    assert!(
        ["NON_FERROUS", "METALLURGY"].iter().all(|word| message.contains(word)),
        "the one that is not listed, and those that are: {message}"
    );
    assert_eq!(code("region: \"140600\", year: 2024, plan: \"NATIONAL-2021\"").await, "");
    // A county without any record says that figures are missing, and shows no zero.
    let document = format!(
        "{{ indicators(region: \"{COUNTY}\", year: 2024) {{ rows {{ indicator numerator denominator reasonCode outcome }} }} }}"
    );
    for row in hub.data(&office, &document).await["indicators"]["rows"].as_array().expect("rows") {
        if row["indicator"] == "I10" {
            // Returns that were due and did not come are counted as due.
            assert_eq!(row["numerator"], 0, "{row}");
            assert!(row["denominator"].as_i64() > Some(0), "{row}");
            continue;
        }
        assert_eq!(
            (&row["numerator"], &row["reasonCode"]),
            (&Value::Null, &json!("NO_FIGURE")),
            "{row}"
        );
        assert_eq!(row["outcome"], "NOT_JUDGED");
    }
}
