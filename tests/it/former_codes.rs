//! Codes are judged by the day of the record: what was valid then is taken, and belongs to whoever
//! answers for the place today.

use serde_json::{Value, json};

use crate::{
    samples::{accident, codes, outcomes, with},
    support::{Row, TestHub, backends},
};

const CITY: &str = "370600";
const SUCCESSOR: &str = "370614";

fn at(number: &str, region: &str, day: &str) -> Row {
    with(
        accident(number),
        json!({"regionCode": region, "occurredAt": format!("{day}T09:30:00+08:00")}),
    )
}

#[tokio::test]
async fn an_archive_of_the_base_year_comes_in_under_the_codes_of_its_time() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("EMERGENCY", CITY, &["READER", "SUBMITTER"]);
        let rows = [
            at("A1", "370684", "2019-03-05"),
            at("A2", "370634", "2019-04-05"),
            // Attested to the end of 2019; it was abolished within the year after.
            at("A3", "370684", "2020-03-05"),
            at("A4", "370684", "2021-03-05"),
            at("A5", "370614", "2019-03-05"),
            at("A6", "370699", "2019-03-05"),
        ];
        let answer = hub.submit(&token, "Accidents", "PARTIAL", "k1", &rows).await;
        assert_eq!(
            outcomes(&answer),
            ["CREATED", "CREATED", "CREATED", "REJECTED", "CREATED", "REJECTED"],
            "{backend:?} {answer}"
        );
        assert!(codes(&answer, 0, "findings").contains(&"REGION_SUCCEEDED"), "{answer}");
        assert!(!codes(&answer, 4, "findings").contains(&"REGION_SUCCEEDED"), "{answer}");
        assert_eq!(
            (codes(&answer, 3, "faults"), codes(&answer, 5, "faults")),
            (vec!["CODE_ABOLISHED"], vec!["CODE_UNKNOWN"])
        );
        let message = answer["verdicts"][3]["faults"][0]["message"].as_str().expect("a message");
        assert!(
            message.contains(SUCCESSOR) && message.contains("蓬莱区"),
            "the successor is named: {message}"
        );
        let again = hub.submit(&token, "Accidents", "PARTIAL", "k2", &rows[..3]).await;
        assert_eq!(outcomes(&again), ["UNCHANGED"; 3], "{again}");
        // The organisation of today holds them, and only it and those above: what is ordered by an
        // internal field are rows of which internal facts are shown.
        let list = "{ accidents(orderBy: [{field: ACCIDENT_NO}]) { nodes { accidentNo regionCode region { name } } } }";
        let own =
            hub.data(&hub.reader("EMERGENCY", SUCCESSOR), list).await["accidents"]["nodes"].clone();
        assert_eq!(own.as_array().map(Vec::len), Some(4), "{own}");
        assert_eq!(
            own[0],
            json!({"accidentNo": "A1", "regionCode": SUCCESSOR, "region": {"name": "蓬莱区"}})
        );
        for (department, region) in [
            ("EMERGENCY", "370685"),
            ("EMERGENCY", "370684"),
            ("EMERGENCY", "370634"),
            ("HRSS", "370684"),
        ] {
            let seen =
                hub.data(&hub.reader(department, region), list).await["accidents"]["nodes"].clone();
            assert_eq!(seen, json!([]), "{department} {region} gains nothing");
        }
        // Nor may an organisation of the former code, or a neighbour, hand in what is the
        // successor's.
        for region in ["370684", "370685", "370700"] {
            let token = hub.token("EMERGENCY", region, &["SUBMITTER"]);
            let refused = hub
                .submit(&token, "Accidents", "PARTIAL", "k", &[at("A9", "370684", "2019-03-05")])
                .await;
            assert_eq!(codes(&refused, 0, "faults"), ["REGION_NOT_YOURS"], "{region}: {refused}");
        }
        hub.holds().await;
    }
}

#[tokio::test]
async fn figures_of_the_base_year_follow_the_successor() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("EMERGENCY", "140600", &["READER", "SUBMITTER"]);
        let rows = [
            at("A1", "140624", "2018-06-05"),
            at("A2", "140624", "2019-06-05"),
            at("A3", "140681", "2019-06-06"),
        ];
        let answer = hub.submit(&token, "Accidents", "PARTIAL", "k1", &rows).await;
        assert_eq!(
            outcomes(&answer),
            ["CREATED", "REJECTED", "CREATED"],
            "怀仁县 became 怀仁市 in 2018: {answer}"
        );
        let message =
            answer["verdicts"][1]["faults"][0]["message"].as_str().expect("a message").to_owned();
        assert!(message.contains("140681") && message.contains("怀仁市"), "{message}");
        let counted = "{ accidentStats(groupBy: [REGION_CODE]) { keys { value } count } }";
        let groups =
            hub.data(&hub.reader("EMERGENCY", "140681"), counted).await["accidentStats"].clone();
        assert_eq!(groups, json!([{"keys": [{"value": "140681"}], "count": 2}]), "{groups}");
    }
}

#[tokio::test]
async fn a_former_code_without_a_known_successor_stays_with_the_region_above() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("EMERGENCY", "130500", &["READER", "SUBMITTER"]);
        let answer = hub
            .submit(&token, "Accidents", "PARTIAL", "k1", &[at("A1", "130521", "2019-03-05")])
            .await;
        assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
        assert!(codes(&answer, 0, "findings").contains(&"REGION_FORMER"), "{answer}");
        let list = "{ accidents { nodes { accidentNo regionCode region { name } } } }";
        let seen = hub.data(&token, list).await["accidents"]["nodes"].clone();
        assert_eq!(
            seen,
            json!([{"accidentNo": "A1", "regionCode": "130521", "region": {"name": "邢台县"}}])
        );
        // A neighbour sees the public facts of any accident, and nothing internal of this one.
        let inner = "{ accidents(orderBy: [{field: ACCIDENT_NO}]) { nodes { accidentNo } } }";
        assert_eq!(
            hub.data(&hub.reader("EMERGENCY", "130503"), inner).await["accidents"]["nodes"],
            json!([])
        );
        let late = hub
            .submit(&token, "Accidents", "PARTIAL", "k2", &[at("A2", "130521", "2024-03-05")])
            .await;
        assert_eq!(codes(&late, 0, "faults"), ["CODE_ABOLISHED"], "{late}");
    }
}

#[tokio::test]
async fn one_cause_is_one_fault_and_the_first_edition_holds_backwards() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.token("EMERGENCY", "140600", &["READER", "SUBMITTER"]);
        for date in
            [json!("第三季度"), json!("2999-01-01T08:00:00+08:00"), Value::Null, json!(20240305)]
        {
            let row = with(accident("A1"), json!({"accidentType": "ROOF_FALL"}));
            let mut row = row;
            row.insert("occurredAt".to_owned(), date.clone());
            let answer = hub.submit(&token, "Accidents", "DRY_RUN", "k", &[row]).await;
            let faults = answer["verdicts"][0]["faults"].as_array().expect("faults").clone();
            assert_eq!(faults.len(), 1, "{date}: {faults:?}");
            assert_eq!(faults[0]["field"], "occurredAt", "{date}: {faults:?}");
        }
        let old = with(accident("A2"), json!({"occurredAt": "1986-03-05T09:30:00+08:00"}));
        let answer = hub.submit(&token, "Accidents", "ATOMIC", "k1", &[old]).await;
        assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
        assert!(codes(&answer, 0, "findings").contains(&"CODE_BEFORE_FIRST_EDITION"), "{answer}");
    }
}

#[tokio::test]
async fn the_road_transport_of_dangerous_goods_is_transport() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let row = with(accident("A1"), json!({"keyIndustry": null, "industryCode": "5435"}));
        let transport = hub.token("TRANSPORT", "140600", &["READER", "SUBMITTER"]);
        let answer =
            hub.submit(&transport, "Accidents", "ATOMIC", "k1", std::slice::from_ref(&row)).await;
        assert_eq!(outcomes(&answer), ["CREATED"], "{answer}");
        let seen = hub.data(&transport, "{ accidents { nodes { keyIndustry } } }").await["accidents"]["nodes"].clone();
        assert_eq!(seen, json!([{"keyIndustry": "TRANSPORT"}]));
        let emergency = hub.token("EMERGENCY", "140600", &["READER", "SUBMITTER"]);
        let marked = with(row, json!({"accidentNo": "A2", "keyIndustry": "HAZARDOUS_CHEMICALS"}));
        let other = hub.submit(&emergency, "Accidents", "ATOMIC", "k2", &[marked]).await;
        assert_eq!(outcomes(&other), ["CREATED"], "what the department has marked stays: {other}");
    }
}
