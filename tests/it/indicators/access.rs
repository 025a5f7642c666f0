//! Who is told which figures.

use lianfang::submit::verdict::{Mode, RowOutcome};
use serde_json::{Value, json};

use super::made_up::fill;
use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, disease, man, training, with},
    support::{TestHub, backends},
};

const ROWS: &str = "query($region: String!) { indicators(region: $region, year: 2022) { protected rows { indicator region scope numerator reasonCode } } }";

async fn rows(hub: &TestHub, token: &str, region: &str) -> Vec<Value> {
    let answer = hub.ask(token, ROWS, json!({"region": region})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["indicators"]["rows"].as_array().expect("rows").clone()
}

fn find<'a>(rows: &'a [Value], indicator: &str, scope: &str) -> &'a Value {
    rows.iter().find(|row| row["indicator"] == indicator && row["scope"] == scope).expect("a row")
}

#[tokio::test]
async fn everybody_is_told_what_their_scope_covers_as_a_whole() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 5, 120).await;
        let office = rows(&hub, &hub.token("HRSS", CITY, &["SECRETARY"]), CITY).await;
        for indicator in ["I1", "I2", "I4", "I6"] {
            assert!(find(&office, indicator, "KEY")["numerator"].is_number(), "{indicator}");
        }
        // 住建 sees building and nothing of the sums, of which most are others'.
        let housing = rows(&hub, &hub.token("HOUSING", CITY, &["SECRETARY"]), CITY).await;
        assert_eq!(
            find(&housing, "I1", "CONSTRUCTION")["numerator"],
            find(&office, "I1", "CONSTRUCTION")["numerator"]
        );
        for scope in ["KEY", "COAL_MINE", "TRANSPORT"] {
            let row = find(&housing, "I1", scope);
            assert_eq!(
                (&row["numerator"], &row["reasonCode"]),
                (&Value::Null, &json!("NOT_YOURS")),
                "{scope}"
            );
        }
        // 财政 sees accidents, which are public, and no injuries.
        let finance =
            rows(&hub, &hub.token_for("FINANCE", CITY, &["READER"], "JOINT_MEETING", None), CITY)
                .await;
        assert_eq!(
            find(&finance, "I1", "KEY")["numerator"],
            find(&office, "I1", "KEY")["numerator"]
        );
        assert_eq!(find(&finance, "I6", "KEY")["reasonCode"], "NOT_YOURS");
        // 卫健 and 总工会 see the share of pneumoconiosis; above and below agree.
        for token in [
            hub.token("HEALTH", CITY, &["SECRETARY"]),
            hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None),
            hub.token("HRSS", "140000", &["READER"]),
        ] {
            let seen = rows(&hub, &token, CITY).await;
            assert_eq!(
                find(&seen, "I3", "DUST")["numerator"],
                find(&office, "I3", "DUST")["numerator"]
            );
        }
        let county = rows(&hub, &hub.token("HRSS", COUNTY, &["SECRETARY"]), COUNTY).await;
        let there = office
            .iter()
            .find(|row| {
                row["indicator"] == "I1" && row["scope"] == "KEY" && row["region"] == COUNTY
            })
            .expect("a row");
        assert_eq!(find(&county, "I1", "KEY")["numerator"], there["numerator"]);
    }
}

#[tokio::test]
async fn who_has_no_seat_is_told_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let document = format!("{{ indicators(region: \"{CITY}\", year: 2022) {{ year }} }}");
        assert_eq!(hub.code("", &document).await, "UNAUTHENTICATED");
        for token in [
            hub.token("HRSS", CITY, &["SUBMITTER"]),
            hub.token("HRSS", CITY, &["OPERATOR"]),
            hub.token("HRSS", "140200", &["SECRETARY"]),
            hub.token("HRSS", COUNTY, &["SECRETARY"]),
        ] {
            assert_eq!(hub.code(&token, &document).await, "FORBIDDEN");
        }
    }
}

#[tokio::test]
async fn small_counts_of_persons_and_none_at_all_are_withheld_alike_the_same_for_all_of_them() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub, 7, 150).await;
        // Many in two cities, so that something is told of them.
        let many = (0..160_u32).map(|number| {
            let county = [COUNTY, OTHER_COUNTY, "140212", "140213"][number as usize % 4];
            let years = if number % 3 == 0 { 3 } else { 9 };
            let code = if number % 5 == 0 { "ENT-01" } else { "RESP-01" };
            let changes = json!({"regionCode": county, "diagnosedAt": "2022-03-05", "exposureYears": years, "exposureMonths": 0, "diseaseCode": code, "stage": null});
            with(disease(&format!("M{number}"), &man(500 + number)), changes)
        });
        let answer = hub
            .hand_in(
                "HEALTH",
                "140000",
                "OccupationalDiseaseCase",
                Mode::Atomic,
                "many",
                many.collect(),
            )
            .await;
        assert_eq!(answer.count(RowOutcome::Created), 160, "{answer:?}");
        // More trainings than could be of anybody on the roll, so that the list of them bounds
        // nothing.
        let trainings = (0..120_u32).map(|number| {
            let day =
                json!({"startedOn": "2021-05-01", "endedOn": "2021-05-05", "examAt": "2021-05-06"});
            with(training(&format!("MT{number}"), &man(1_000 + number)), day)
        });
        hub.take("HRSS", "TrainingRecord", "many", trainings.collect()).await;
        let office = rows(&hub, &hub.token("HRSS", CITY, &["SECRETARY"]), CITY).await;
        let union = rows(&hub, &hub.reader("UNION", CITY), CITY).await;
        let above = rows(&hub, &hub.reader("UNION", "140000"), CITY).await;
        assert_eq!(union, above, "the same table gives the same answer");
        let county = rows(&hub, &hub.reader("UNION", COUNTY), COUNTY).await;
        let of_county: Vec<Value> = union
            .iter()
            .filter(|row| row["region"] == COUNTY && row["indicator"] != "I10")
            .cloned()
            .collect();
        let county: Vec<Value> =
            county.into_iter().filter(|row| row["indicator"] != "I10").collect();
        assert_eq!(of_county, county, "and so does a part of it");
        let (mut withheld, mut shown) = (0, 0);
        for (exact, protected) in office.iter().zip(&union) {
            assert_eq!(
                (&exact["indicator"], &exact["region"], &exact["scope"]),
                (&protected["indicator"], &protected["region"], &protected["scope"])
            );
            let (number, told) = (exact["numerator"].as_i64(), protected["numerator"].as_i64());
            match exact["indicator"].as_str().unwrap_or_default() {
                "I1" | "I2" => assert_eq!(number, told, "accidents are public: {exact}"),
                "I6" => assert_eq!(
                    number, told,
                    "the union may list injuries, and count them itself: {exact}"
                ),
                "I3" | "I4" => {
                    assert!(told.is_none() || told == number, "{exact} {protected}");
                    assert!(!matches!(told, Some(0..3)), "{protected}");
                    if told.is_none() {
                        assert_eq!(
                            protected["reasonCode"], "WITHHELD",
                            "zero, small, beside these, missing: {exact} {protected}"
                        );
                        withheld += 1;
                    } else {
                        shown += 1;
                    }
                }
                _ => {}
            }
        }
        assert!(withheld > 5 && shown > 0, "{withheld} withheld, {shown} shown");
        // For the purpose of the meeting the same union sees exact figures.
        let meeting =
            rows(&hub, &hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None), CITY)
                .await;
        assert_eq!(
            find(&meeting, "I3", "DUST")["numerator"],
            find(&office, "I3", "DUST")["numerator"]
        );
    }
}
