//! Who handed in nothing is missing, and nothing is judged on it; a zero is a zero when somebody
//! signs it.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, unit_year, uscc, with},
    support::{Row, TestHub, backends},
};

const ROWS: &str = "query($region: String!, $year: Int!) { indicators(region: $region, year: $year) { rows { \
    indicator region scope numerator denominator shown outcome reasonCode reason provisional missing { what year departments } } } }";

async fn rows(hub: &TestHub, token: &str, region: &str, year: i32) -> Vec<Value> {
    let answer = hub.ask(token, ROWS, json!({"region": region, "year": year})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["indicators"]["rows"].as_array().expect("rows").clone()
}

fn find<'a>(rows: &'a [Value], region: &str, indicator: &str, scope: &str) -> &'a Value {
    let own = |row: &&Value| {
        row["region"] == region && row["indicator"] == indicator && row["scope"] == scope
    };
    rows.iter().find(own).unwrap_or_else(|| unreachable!("no {indicator} of {scope} in {region}"))
}

fn one(number: &str, year: i32, region: &str, industry: &str) -> Row {
    with(
        accident(number),
        json!({"occurredAt": format!("{year}-05-05T08:00:00+08:00"), "regionCode": region, "keyIndustry": industry}),
    )
}

#[tokio::test]
async fn a_county_that_handed_in_nothing_is_missing_in_its_own_sheet_and_in_that_of_its_city() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let made = vec![
            one("A1", 2019, OTHER_COUNTY, "COAL_MINE"),
            one("A2", 2024, OTHER_COUNTY, "COAL_MINE"),
        ];
        hub.take("EMERGENCY", "Accident", "k", made).await;
        hub.sign_all(CITY, &[2019, 2023, 2024]).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let of_city = rows(&hub, &office, CITY, 2024).await;
        let own = rows(&hub, &hub.token("HRSS", COUNTY, &["SECRETARY"]), COUNTY, 2024).await;
        let mut compared = 0;
        for row in own.iter().filter(|row| row["indicator"] != "I10") {
            let there = find(
                &of_city,
                COUNTY,
                row["indicator"].as_str().unwrap_or_default(),
                row["scope"].as_str().unwrap_or_default(),
            );
            assert_eq!(row, there, "one county and year, one answer");
            assert_eq!(
                (&row["numerator"], &row["outcome"], &row["reasonCode"]),
                (&Value::Null, &json!("NOT_JUDGED"), &json!("NO_FIGURE"))
            );
            compared += 1;
        }
        assert!(compared > 40, "{compared}");
        let building = find(&of_city, COUNTY, "I1", "CONSTRUCTION");
        assert_eq!(
            building["missing"],
            json!([
                {"what": "ACCIDENT_RETURN", "year": 2024, "departments": ["HOUSING"]},
                {"what": "ACCIDENT_RETURN", "year": 2019, "departments": ["HOUSING"]},
            ])
        );
        assert!(
            building["reason"].as_str().is_some_and(|reason| reason.contains("住建2024年")),
            "{building}"
        );
        // The city signed: its zero is a zero.
        assert_eq!(find(&of_city, CITY, "I1", "CONSTRUCTION")["outcome"], "MET");
        // Everybody who may count it is told the same.
        for token in [
            hub.token("EMERGENCY", CITY, &["STEWARD"]),
            hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None),
            hub.reader("HRSS", "140000"),
        ] {
            let seen = rows(&hub, &token, CITY, 2024).await;
            for scope in ["KEY", "COAL_MINE", "CONSTRUCTION"] {
                for region in [CITY, COUNTY, OTHER_COUNTY] {
                    assert_eq!(
                        find(&seen, region, "I1", scope),
                        find(&of_city, region, "I1", scope)
                    );
                }
            }
        }
        // Page, heat map and chart say so too.
        let page = http::Request::get(format!("/meeting/{COUNTY}/2024")).header(
            "authorization",
            format!("Bearer {}", hub.token("HRSS", COUNTY, &["SECRETARY"])),
        );
        let (_, _, page) = hub.request(page.body(String::new()).expect("a request")).await;
        let page = String::from_utf8(page).expect("a page");
        assert!(
            page.contains("达标0项，未达标0项") && page.contains("待") | page.contains("缺"),
            "nothing is judged"
        );
    }
}

#[tokio::test]
async fn records_of_the_base_year_alone_judge_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for (department, industry) in [("EMERGENCY", "COAL_MINE"), ("HOUSING", "CONSTRUCTION")] {
            let rows = vec![one(&format!("{department}-1"), 2019, "140105", industry)];
            let mode = lianfang::submit::verdict::Mode::Atomic;
            let answer =
                hub.hand_in(department, "140100", "Accident", mode, department, rows).await;
            assert_eq!(
                answer.count(lianfang::submit::verdict::RowOutcome::Created),
                1,
                "{answer:?}"
            );
        }
        let office = hub.token("HRSS", "140100", &["SECRETARY"]);
        let told = rows(&hub, &office, "140100", 2024).await;
        for (indicator, scope) in [
            ("I1", "COAL_MINE"),
            ("I2", "COAL_MINE"),
            ("I1", "CONSTRUCTION"),
            ("I2", "CONSTRUCTION"),
        ] {
            let row = find(&told, "140100", indicator, scope);
            assert_eq!(
                (&row["outcome"], &row["reasonCode"], &row["shown"]),
                (&json!("NOT_JUDGED"), &json!("NO_FIGURE"), &json!("—")),
                "{row}"
            );
        }
        assert!(told.iter().all(|row| row["outcome"] != "MET"), "nothing is met by silence");
    }
}

#[tokio::test]
async fn a_signed_zero_is_a_zero_and_one_record_opens_its_own_industry_only() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let made = vec![one("A1", 2019, COUNTY, "COAL_MINE"), one("A2", 2024, COUNTY, "MACHINERY")];
        hub.take("EMERGENCY", "Accident", "k", made).await;
        let office = hub.token("HRSS", COUNTY, &["SECRETARY"]);
        let before = rows(&hub, &office, COUNTY, 2024).await;
        for scope in ["COAL_MINE", "MACHINERY", "HAZARDOUS_CHEMICALS", "KEY"] {
            assert_eq!(find(&before, COUNTY, "I1", scope)["reasonCode"], "NO_FIGURE", "{scope}");
        }
        hub.sign("EMERGENCY", COUNTY, 2019, "").await;
        hub.sign("EMERGENCY", COUNTY, 2024, "").await;
        let after = rows(&hub, &office, COUNTY, 2024).await;
        let coal = find(&after, COUNTY, "I1", "COAL_MINE");
        assert_eq!(
            (&coal["numerator"], &coal["denominator"], &coal["outcome"]),
            (&json!(0), &json!(1), &json!("MET")),
            "{coal}"
        );
        assert_eq!(
            find(&after, COUNTY, "I1", "HAZARDOUS_CHEMICALS")["outcome"],
            "MET",
            "zero was signed for both years"
        );
        assert_eq!(find(&after, COUNTY, "I1", "MACHINERY")["outcome"], "NOT_MET");
        let building = find(&after, COUNTY, "I1", "CONSTRUCTION");
        assert_eq!(building["reasonCode"], "NO_FIGURE", "that is 住建's to sign");
        let all = find(&after, COUNTY, "I1", "KEY");
        assert_eq!(
            all["missing"][0]["departments"],
            json!(["HOUSING", "TRANSPORT"]),
            "a sum waits for all of its parts: {all}"
        );
    }
}

#[tokio::test]
async fn amounts_of_a_county_without_records_are_missing_to_seats_without_exact_figures_too() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let of = |order: u32| {
            with(
                unit_year(&format!("Y{order}")),
                json!({"employerUscc": uscc(order), "regionCode": OTHER_COUNTY}),
            )
        };
        hub.take("HRSS", "InsuredUnitYear", "u", (1..6).map(of).collect()).await;
        for department in ["UNION", "TRANSPORT", "HRSS"] {
            let of_city = rows(&hub, &hub.reader(department, CITY), CITY, 2023).await;
            let amounts: Vec<&Value> = of_city
                .iter()
                .filter(|row| {
                    row["region"] == COUNTY
                        && ["I7", "I8"].iter().any(|own| row["indicator"] == *own)
                })
                .collect();
            assert!(!amounts.is_empty(), "{backend:?}: {department}");
            for row in amounts {
                let told = (&row["numerator"], &row["denominator"]);
                assert_eq!(told, (&Value::Null, &Value::Null), "{backend:?}: {department}: {row}");
                assert_ne!(
                    row["reasonCode"], "DENOMINATOR_ZERO",
                    "{backend:?}: {department}: {row}"
                );
            }
        }
    }
}
