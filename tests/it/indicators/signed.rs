//! What is signed decides whether a figure is final, and stands beside what is recorded.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, disease, man, with},
    support::{Row, TestHub, backends},
};

async fn row(hub: &TestHub, arguments: &str, indicator: &str, scope: &str) -> Value {
    let office = hub.token("HRSS", CITY, &["SECRETARY"]);
    let document = format!(
        "{{ indicators(region: \"{CITY}\", {arguments}, indicators: [{indicator}]) {{ provisional rows {{ region scope numerator \
         denominator outcome reasonCode reason provisional unknownExposure unsigned {{ year departments }} signed {{ year finality \
         signed recordedThen recorded difference explanation }} }} series {{ scope points {{ year provisional }} }} }} }}"
    );
    let sheet = hub.data(&office, &document).await["indicators"].clone();
    let own = |row: &&Value| row["scope"] == scope && row["region"] == CITY;
    sheet["rows"].as_array().expect("rows").iter().find(own).expect("a row").clone()
}

fn accidents(year: i32, count: usize) -> Vec<Row> {
    let one = |number| {
        let occurred = format!("{year}-05-05T08:00:00+08:00");
        with(accident(&format!("{year}-{number}")), json!({"occurredAt": occurred}))
    };
    (0..count).map(one).collect()
}

#[tokio::test]
async fn a_year_is_final_when_its_return_is_signed_and_not_at_new_year() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k", [accidents(2019, 10), accidents(2025, 7)].concat())
            .await;
        let told = async || row(&hub, "year: 2025", "I1", "COAL_MINE").await;
        let waits = |row: &Value| {
            assert_eq!(
                (&row["outcome"], &row["reasonCode"], &row["provisional"]),
                (&json!("NOT_JUDGED"), &json!("PROVISIONAL_MET"), &json!(true)),
                "{row}"
            );
        };
        waits(&told().await);
        hub.sign("EMERGENCY", CITY, 2019, "").await;
        hub.sign("EMERGENCY", CITY, 2025, ", finality: PROVISIONAL").await;
        let preliminary = told().await;
        waits(&preliminary);
        assert_eq!(preliminary["unsigned"], json!([{"year": 2025, "departments": ["EMERGENCY"]}]));
        assert!(
            preliminary["reason"].as_str().is_some_and(|reason| reason.contains("应急2025年定报")),
            "{preliminary}"
        );
        assert_eq!(preliminary["signed"][0]["finality"], "PROVISIONAL");
        hub.sign("EMERGENCY", CITY, 2025, "").await;
        let settled = told().await;
        assert_eq!(
            (&settled["outcome"], &settled["reasonCode"], &settled["provisional"]),
            (&json!("MET"), &json!("TARGET_MET"), &json!(false)),
            "{settled}"
        );
    }
}

#[tokio::test]
async fn signed_and_recorded_figures_stand_side_by_side_and_what_they_judge_differently_is_not_judged()
 {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k", [accidents(2019, 10), accidents(2024, 8)].concat())
            .await;
        hub.sign("EMERGENCY", CITY, 2019, "").await;
        let given = |value| {
            format!(
                ", figures: [{{count: ACCIDENTS, industry: COAL_MINE, value: {value}, explanation: \"一起待核销\"}}]"
            )
        };
        hub.sign("EMERGENCY", CITY, 2024, &given(7)).await;
        let told = row(&hub, "year: 2024", "I1", "COAL_MINE").await;
        assert_eq!(
            (&told["numerator"], &told["outcome"]),
            (&json!(8), &json!("MET")),
            "both 8 and 7 of 10 are 15 % less"
        );
        assert_eq!(
            told["signed"][0],
            json!({"year": 2024, "finality": "FINAL", "signed": 7, "recordedThen": 8, "recorded": 8, "difference": -1, "explanation": "一起待核销"})
        );
        assert!(
            told["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("签报7，记录8，差-1（说明：一起待核销）")),
            "{told}"
        );
        // A ninth recorded, seven signed: one is met and the other is not.
        hub.sign("EMERGENCY", CITY, 2024, &format!("{}, replaces: 1", given(9))).await;
        let told = row(&hub, "year: 2024", "I1", "COAL_MINE").await;
        assert_eq!(
            (&told["outcome"], &told["reasonCode"]),
            (&json!("NOT_JUDGED"), &json!("SIGNED_DIFFERS")),
            "{told}"
        );
        // The same in the materials, whatever form they take.
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let document = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ headlines {{ indicator {{ code }} industry {{ code }} reason reasonCode }} }} }} }}"
        );
        let brief = hub.data(&office, &document).await["jointMeeting"]["brief"].clone();
        let coal = |line: &&Value| {
            line["indicator"]["code"] == "I1" && line["industry"]["code"] == "COAL_MINE"
        };
        let coal = brief["headlines"]
            .as_array()
            .expect("headlines")
            .iter()
            .find(coal)
            .expect("a headline");
        assert_eq!(coal["reasonCode"], "SIGNED_DIFFERS");
        assert!(
            coal["reason"].as_str().is_some_and(|reason| reason.contains("签报9，记录8，差+1")),
            "{coal}"
        );
        let page = http::Request::get(format!("/meeting/{CITY}/2024"))
            .header("authorization", format!("Bearer {office}"));
        let (_, _, page) = hub.request(page.body(String::new()).expect("a request")).await;
        assert!(String::from_utf8_lossy(&page).contains("签报9，记录8，差+1"), "on the page");
    }
}

#[tokio::test]
async fn a_case_without_exposure_is_told_and_decides_nothing_silently() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let case = |card: &str, order: u32, day: &str, exposure: Value| {
            let changes = json!({"diagnosedAt": day, "reportedOn": day, "exposureYears": exposure, "exposureMonths": null});
            with(disease(card, &man(order)), changes)
        };
        let mut rows =
            vec![case("P1", 1, "2023-03-05", json!(4)), case("P2", 2, "2023-03-05", json!(9))];
        rows.extend([
            case("N1", 3, "2024-03-05", json!(4)),
            case("N2", 4, "2024-03-05", json!(9)),
            case("N3", 5, "2024-03-05", json!(9)),
        ]);
        rows.push(case("N4", 6, "2024-03-05", Value::Null));
        // Diagnosed in one year, reported in the next.
        rows.push(with(case("L1", 7, "2024-12-28", json!(9)), json!({"reportedOn": "2025-01-08"})));
        let answer = hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let findings: Vec<String> =
            answer.verdicts[5].findings.iter().map(|finding| finding.code.to_string()).collect();
        assert!(findings.contains(&"EXPOSURE_TIME_MISSING".to_owned()), "{findings:?}");
        hub.sign_all(CITY, &[2019, 2023, 2024]).await;
        let told = row(&hub, "year: 2024", "I3", "DUST").await;
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["unknownExposure"]),
            (&json!(1), &json!(5), &json!(1)),
            "{told}"
        );
        assert!(
            told["reason"].as_str().is_some_and(|reason| reason.contains("接尘工龄不明1例")),
            "{told}"
        );
        // One of five, or two of five: both are lower than one of two.
        assert_eq!(told["outcome"], "MET", "{told}");
        let reported = row(&hub, "year: 2024, diseaseYearBasis: REPORTED", "I3", "DUST").await;
        assert_eq!(reported["denominator"], 4, "the one of December is reported in January");
        // One of four, or two of four as the year before: that is for nobody to say.
        assert_eq!(
            (&reported["outcome"], &reported["reasonCode"]),
            (&json!("NOT_JUDGED"), &json!("EXPOSURE_UNKNOWN")),
            "{reported}"
        );
        // What was signed is a share: that its upper number fits is not that it does.
        assert!(
            told["reason"].as_str().is_some_and(|reason| reason.contains("签报1/5，与记录一致")),
            "{told}"
        );
        let later = vec![case("N5", 8, "2024-03-06", json!(9))];
        hub.take("HEALTH", "OccupationalDiseaseCase", "later", later).await;
        let told = row(&hub, "year: 2024", "I3", "DUST").await;
        assert!(
            told["reason"].as_str().is_some_and(|reason| reason.contains("签报1/5，记录1/6")),
            "{told}"
        );
    }
}
