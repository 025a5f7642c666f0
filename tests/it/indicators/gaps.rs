//! What the records do not say is neither zero nor no: a signature makes no count of records, an
//! amount that nobody states is missing, and persons of whom too little is known decide nothing.

use serde_json::{Value, json};

use crate::{
    samples::{COUNTY, accident, disease, man, training, unit_year, uscc, victim, with},
    support::{Row, TestHub, backends, row},
};

const ZIBO: &str = "370300";

const ROWS: &str = "query($region: String!, $year: Int!) { indicators(region: $region, year: $year) { rows { \
    indicator region scope numerator denominator shown outcome reasonCode reason missing { what year departments } \
    gaps { what year count regions } signed { year signed recorded } } accidentTypes { item count lastYear } } }";

async fn sheet(hub: &TestHub, region: &str, year: i32) -> Value {
    let office = hub.token("HRSS", region, &["SECRETARY"]);
    let answer = hub.ask(&office, ROWS, json!({"region": region, "year": year})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["indicators"].clone()
}

async fn own(hub: &TestHub, year: i32, indicator: &str, scope: &str) -> Value {
    let sheet = sheet(hub, COUNTY, year).await;
    let own = |row: &&Value| {
        row["region"] == COUNTY && row["indicator"] == indicator && row["scope"] == scope
    };
    sheet["rows"].as_array().expect("rows").iter().find(own).expect("a row").clone()
}

fn occurred(number: &str, year: i32, changes: Value) -> Row {
    let day = json!({"occurredAt": format!("{year}-05-05T08:00:00+08:00")});
    with(with(accident(number), day), changes)
}

fn holder(number: u32, changes: Value) -> Row {
    let own = row(json!({
        "employmentNo": format!("M{number}"), "idType": "RESIDENT_ID", "idNumber": man(number), "keyPost": "TEAM_LEADER",
        "keyIndustry": "COAL_MINE", "insuredFrom": "2015-01-01", "regionCode": COUNTY,
    }));
    with(own, changes)
}

#[tokio::test]
async fn a_return_that_tells_of_accidents_without_a_record_makes_no_zero() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "k", vec![occurred("A1", 2019, json!({}))]).await;
        hub.sign("EMERGENCY", COUNTY, 2019, "").await;
        let twelve = ", figures: [{count: ACCIDENTS, industry: COAL_MINE, value: 12, explanation: \"纸质台账\"}]";
        hub.sign("EMERGENCY", COUNTY, 2024, twelve).await;
        let told = own(&hub, 2024, "I1", "COAL_MINE").await;
        assert_eq!(
            (&told["numerator"], &told["outcome"], &told["missing"][0]),
            (
                &Value::Null,
                &json!("NOT_JUDGED"),
                &json!({"what": "ACCIDENT_RECORDS", "year": 2024, "departments": ["EMERGENCY"]})
            ),
            "{told}"
        );
        assert_eq!(told["signed"][0], json!({"year": 2024, "signed": 12, "recorded": 0}), "{told}");
    }
}

#[tokio::test]
async fn cases_and_injuries_that_were_only_signed_are_missing_too() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let cases = ", figures: [{count: DISEASES, value: 5, explanation: \"年报\"}, {count: PNEUMOCONIOSIS, value: 5, explanation: \"年报\"}, \
             {count: UNDER_FIVE_YEARS, value: 1, explanation: \"年报\"}]";
        hub.sign("HEALTH", COUNTY, 2024, cases).await;
        let told = own(&hub, 2024, "I3", "DUST").await;
        assert_eq!(
            (&told["denominator"], &told["missing"][0]["what"]),
            (&Value::Null, &json!("DISEASE_RECORDS")),
            "{told}"
        );
        hub.take(
            "HRSS",
            "InsuredUnitYear",
            "u",
            vec![with(unit_year("U1"), json!({"year": 2024}))],
        )
        .await;
        let words = "一、目标：".to_owned() + &"重点行业工伤事故发生率按计划下降，".repeat(8);
        let report = format!(
            ", kind: PLAN_REPORT, remark: \"{words}\", figures: [{{count: INJURIES, value: 128, explanation: \"业务系统\"}}]"
        );
        hub.sign("HRSS", COUNTY, 2024, &report).await;
        let told = own(&hub, 2024, "I6", "KEY").await;
        assert_eq!(
            (&told["numerator"], &told["shown"], &told["missing"][0]["what"]),
            (&Value::Null, &json!("—"), &json!("INJURIES")),
            "{told}"
        );
    }
}

#[tokio::test]
async fn an_amount_that_no_unit_states_is_missing_and_one_that_some_leave_open_says_so() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let unit = |order: u32, changes: Value| {
            let own = json!({"employerUscc": uscc(order), "insuredUnitNo": format!("N{order}")});
            with(with(unit_year(&format!("Y{order}")), own), changes)
        };
        let blank = json!({"premiumPaidYuan": null, "premiumDueYuan": null});
        hub.take("HRSS", "InsuredUnitYear", "one", vec![unit(1, blank.clone())]).await;
        let told = own(&hub, 2023, "I7", "ALL").await;
        assert_eq!(
            (&told["denominator"], &told["reasonCode"], &told["missing"][0]["what"]),
            (&Value::Null, &json!("NO_FIGURE"), &json!("PREMIUMS")),
            "{told}"
        );
        let fee = own(&hub, 2023, "I8", "ALL").await;
        let named = fee["missing"].as_array().expect("a list");
        assert!(named.iter().any(|one| one["what"] == "PREVENTION_FEE"), "{fee}");
        hub.take("HRSS", "InsuredUnitYear", "two", vec![unit(2, json!({}))]).await;
        let told = own(&hub, 2023, "I7", "ALL").await;
        assert_eq!(told["denominator"], 22_800_000, "{told}");
        assert_eq!(
            told["gaps"],
            json!([{"what": "UNITS_WITHOUT_PREMIUM", "year": 2023, "count": 1, "regions": []}]),
            "{told}"
        );
        assert!(
            told["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("未填实缴保险费的单位记录1")),
            "{told}"
        );
    }
}

#[tokio::test]
async fn trainings_without_a_result_and_posts_without_a_first_day_decide_nothing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let roll = (1..=4).map(|number| holder(number, json!({}))).collect();
        hub.take("HRSS", "Employment", "roll", roll).await;
        let trained = |number: u32, passed: Value| {
            with(
                training(&format!("T{number}"), &man(number)),
                json!({"passed": passed, "certificateNo": null}),
            )
        };
        let four = vec![
            trained(1, json!(true)),
            trained(2, json!(true)),
            trained(3, json!(true)),
            trained(4, Value::Null),
        ];
        hub.take("EMERGENCY", "TrainingRecord", "t", four).await;
        let told = own(&hub, 2024, "I4", "COAL_MINE").await;
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["outcome"], &told["reasonCode"]),
            (&json!(3), &json!(4), &json!("NOT_JUDGED"), &json!("RECORDS_INCOMPLETE")),
            "three of four, or four of four: {told}"
        );
        assert_eq!(
            told["gaps"],
            json!([{"what": "TRAININGS_WITHOUT_RESULT", "year": 2024, "count": 1, "regions": []}])
        );
        // How many there are is for seats with exact figures.
        let union = hub.reader("UNION", COUNTY);
        let answer = hub.ask(&union, ROWS, json!({"region": COUNTY, "year": 2024})).await;
        let rows = answer["data"]["indicators"]["rows"].as_array().expect("rows");
        assert!(rows.iter().all(|row| row["gaps"] == json!([])), "{answer}");
        // Passed after all; a fifth holder has no first day.
        hub.take("EMERGENCY", "TrainingRecord", "t2", vec![trained(4, json!(true))]).await;
        assert_eq!(own(&hub, 2024, "I4", "COAL_MINE").await["outcome"], "MET");
        hub.take("HRSS", "Employment", "more", vec![holder(5, json!({"insuredFrom": null}))]).await;
        let told = own(&hub, 2024, "I4", "COAL_MINE").await;
        assert_eq!(
            (&told["denominator"], &told["outcome"], &told["gaps"][0]["what"]),
            (&json!(4), &json!("NOT_JUDGED"), &json!("POSTS_WITHOUT_START")),
            "four of four, or four of five: {told}"
        );
    }
}

#[tokio::test]
async fn a_training_of_one_industry_says_nothing_of_another() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let builder = holder(2, json!({"keyIndustry": "CONSTRUCTION"}));
        hub.take("HRSS", "Employment", "roll", vec![holder(1, json!({})), builder]).await;
        hub.take("EMERGENCY", "TrainingRecord", "t", vec![training("T1", &man(1))]).await;
        assert_eq!(own(&hub, 2024, "I4", "COAL_MINE").await["outcome"], "MET");
        let told = own(&hub, 2024, "I4", "CONSTRUCTION").await;
        assert_eq!(
            (&told["numerator"], &told["reasonCode"], &told["missing"][0]["departments"]),
            (&Value::Null, &json!("NO_FIGURE"), &json!(["HOUSING"])),
            "{told}"
        );
    }
}

#[tokio::test]
async fn cases_of_pneumoconiosis_without_an_industry_are_told_and_not_lost() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let open = json!({"keyIndustry": null});
        let rows = vec![disease("N1", &man(1)), with(disease("N2", &man(2)), open)];
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let told = own(&hub, 2024, "I3", "DUST").await;
        assert_eq!(
            (&told["denominator"], &told["gaps"]),
            (
                &json!(1),
                &json!([{"what": "CASES_WITHOUT_INDUSTRY", "year": 2024, "count": 1, "regions": []}])
            ),
            "{told}"
        );
    }
}

#[tokio::test]
async fn preliminary_accidents_are_named_and_charts_tell_missing_from_none() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let made = vec![
            occurred("A1", 2024, json!({"statStatus": "PRELIMINARY"})),
            occurred("A2", 2024, json!({"statStatus": "DETERMINED"})),
            occurred("A3", 2024, json!({"keyIndustry": null, "industryCode": null})),
        ];
        hub.take("EMERGENCY", "Accident", "k", made).await;
        let told = own(&hub, 2024, "I1", "COAL_MINE").await;
        assert_eq!(
            told["gaps"],
            json!([{"what": "PRELIMINARY_ACCIDENTS", "year": 2024, "count": 1, "regions": []}]),
            "{told}"
        );
        let key = own(&hub, 2024, "I1", "KEY").await["gaps"].clone();
        let open =
            json!({"what": "ACCIDENTS_WITHOUT_INDUSTRY", "year": 2024, "count": 1, "regions": []});
        assert!(key.as_array().expect("gaps").contains(&open), "{key}");
        let types = sheet(&hub, COUNTY, 2024).await["accidentTypes"].clone();
        assert_eq!(
            (&types[0]["count"], &types[0]["lastYear"]),
            (&json!(2), &Value::Null),
            "nobody answers for 2023: {types}"
        );
        hub.sign_all(COUNTY, &[2023]).await;
        let types = sheet(&hub, COUNTY, 2024).await["accidentTypes"].clone();
        assert_eq!(types[0]["lastYear"], 0, "now somebody does: {types}");
    }
}

/// The headlines of the numbers of trained persons of 淄博 in 2024, after these trainings.
async fn trained(hub: &TestHub, key: &str, trainings: Vec<Row>) -> Vec<Value> {
    let mode = lianfang::submit::verdict::Mode::Atomic;
    let answer = hub.hand_in("HRSS", ZIBO, "TrainingRecord", mode, key, trainings).await;
    assert!(answer.verdicts.iter().all(|verdict| verdict.faults.is_empty()), "{answer:?}");
    let office = hub.token("HRSS", ZIBO, &["SECRETARY"]);
    let document = format!(
        "{{ jointMeeting(region: \"{ZIBO}\", year: 2024) {{ brief {{ headlines {{ indicator {{ code label }} actual outcome reasonCode reason }} }} }} }}"
    );
    let brief = hub.data(&office, &document).await["jointMeeting"]["brief"].clone();
    let lines = brief["headlines"].as_array().expect("headlines").clone();
    lines.into_iter().filter(|line| line["indicator"]["code"] == "I14").collect()
}

fn prevention(number: &str, day: &str, changes: Value) -> Row {
    let own = json!({"trainingDomain": "INJURY_PREVENTION", "regionCode": ZIBO, "startedOn": day, "endedOn": day, "examAt": day});
    with(with(training(number, &man(1)), own), changes)
}

#[tokio::test]
async fn a_training_of_years_before_is_none_of_this_year() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let lines = trained(&hub, "t", vec![prevention("T1", "2023-05-05", json!({}))]).await;
        assert!(!lines.is_empty());
        for line in lines {
            assert_eq!(
                (&line["actual"], &line["outcome"], &line["reasonCode"]),
                (&json!("缺"), &json!("NOT_JUDGED"), &json!("NO_FIGURE")),
                "{line}"
            );
        }
    }
}

#[tokio::test]
async fn trainings_of_nobody_known_and_victims_who_are_not_compared_are_told() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let roll = (1..=4).map(|number| holder(number, json!({}))).collect();
        hub.take("HRSS", "Employment", "roll", roll).await;
        let trained = |number: u32, changes: Value| {
            with(training(&format!("T{number}"), &man(number)), changes)
        };
        let nobody = |year: i32| {
            json!({"idNumber": null, "keyPost": "TEAM_LEADER", "certificateNo": null,
                   "startedOn": null, "examAt": null, "endedOn": format!("{year}-06-01")})
        };
        let four = vec![
            trained(1, json!({})),
            trained(2, json!({})),
            trained(3, json!({})),
            trained(4, nobody(2023)),
            // Of no key post, or of one that the plan does not name: nothing that would count here.
            trained(5, with_post(nobody(2024), Value::Null)),
            trained(6, with_post(nobody(2024), json!("FULL_TIME_MANAGER"))),
        ];
        hub.take("EMERGENCY", "TrainingRecord", "t", four).await;
        let told = own(&hub, 2024, "I4", "COAL_MINE").await;
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["outcome"], &told["reasonCode"]),
            (&json!(3), &json!(4), &json!("NOT_JUDGED"), &json!("RECORDS_INCOMPLETE")),
            "three of four, or four of four: {told}"
        );
        assert_eq!(
            told["gaps"],
            json!([{"what": "TRAININGS_WITHOUT_NUMBER", "year": 2023, "count": 1, "regions": []}]),
            "{told}"
        );
        // Without an industry it may be of any.
        hub.take(
            "EMERGENCY",
            "TrainingRecord",
            "t8",
            vec![trained(4, json!({"idNumber": man(9)}))],
        )
        .await;
        assert_eq!(own(&hub, 2024, "I4", "COAL_MINE").await["reasonCode"], "TARGET_NOT_MET");
        let mut anywhere = nobody(2023);
        anywhere["keyIndustry"] = Value::Null;
        hub.take("HRSS", "TrainingRecord", "t9", vec![trained(9, anywhere)]).await;
        let told = own(&hub, 2024, "I4", "COAL_MINE").await;
        assert_eq!(
            (&told["reasonCode"], &told["gaps"][0]["what"]),
            (&json!("RECORDS_INCOMPLETE"), &json!("TRAININGS_WITHOUT_NUMBER")),
            "{told}"
        );
        // Whoever has no exact figures is told the same judgement, and no number.
        let union = hub.reader("UNION", COUNTY);
        let answer = hub.ask(&union, ROWS, json!({"region": COUNTY, "year": 2024})).await;
        let rows = answer["data"]["indicators"]["rows"].as_array().expect("rows");
        let same = rows
            .iter()
            .find(|row| row["indicator"] == "I4" && row["scope"] == "COAL_MINE")
            .expect("a row");
        assert_eq!((&same["outcome"], &same["gaps"]), (&json!("NOT_JUDGED"), &json!([])), "{same}");

        hub.take("EMERGENCY", "Accident", "a", vec![occurred("A1", 2024, json!({}))]).await;
        let victims = vec![
            victim("V1", "A1", &man(1)),
            with(victim("V2", "A1", &man(2)), json!({"idNumber": null})),
            victim("V3", "A1", &man(9)),
            victim("V4", "A1", &man(8)),
            with(
                victim("V5", "A1", &man(7)),
                json!({"idNumber": null, "employmentForm": "EXTERNAL"}),
            ),
        ];
        hub.take("EMERGENCY", "AccidentVictim", "v", victims).await;
        let undated = holder(8, json!({"insuredFrom": null}));
        hub.take("HRSS", "Employment", "more", vec![undated]).await;
        let told = own(&hub, 2024, "I15", "ALL").await;
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["gaps"]),
            (
                &json!(0),
                &json!(1),
                &json!([{"what": "VICTIMS_NOT_COMPARED", "year": 2024, "count": 2, "regions": []}])
            ),
            "{told}"
        );
    }
}

fn with_post(mut changes: Value, post: Value) -> Value {
    changes["keyPost"] = post;
    changes
}

#[tokio::test]
async fn of_cases_whose_exposure_nobody_knows_none_is_said_to_be_short() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let case = |order: u32, changes: Value| {
            let own =
                json!({"diagnosedAt": "2024-05-06", "exposureYears": null, "exposureMonths": null});
            with(with(disease(&format!("D{order}"), &man(order)), own), changes)
        };
        let unknown = (1..4).map(|order| case(order, json!({}))).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "unknown", unknown).await;
        let told = own(&hub, 2024, "I3", "COAL_MINE").await;
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["outcome"], &told["missing"][0]),
            (
                &Value::Null,
                &json!(3),
                &json!("NOT_JUDGED"),
                &json!({"what": "EXPOSURE_TIMES", "year": 2024, "departments": ["HEALTH"]})
            ),
            "{told}"
        );
        let long = vec![case(4, json!({"exposureYears": 20}))];
        hub.take("HEALTH", "OccupationalDiseaseCase", "long", long).await;
        let told = own(&hub, 2024, "I3", "COAL_MINE").await;
        assert_eq!((&told["numerator"], &told["denominator"]), (&json!(0), &json!(4)), "{told}");
    }
}

#[tokio::test]
async fn one_countys_records_are_no_figure_of_its_city() {
    const CITY: &str = "140600";
    const ALL: [&str; 6] = ["140602", "140603", "140621", "140622", "140623", "140681"];
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let city = async |seat: &str| {
            let office = if seat == "HRSS" {
                hub.token(seat, CITY, &["SECRETARY"])
            } else {
                hub.reader(seat, CITY)
            };
            let answer = hub.ask(&office, ROWS, json!({"region": CITY, "year": 2024})).await;
            let rows = answer["data"]["indicators"]["rows"].as_array().expect("rows").clone();
            let own = |row: &Value| {
                row["region"] == CITY && row["indicator"] == "I4" && row["scope"] == "COAL_MINE"
            };
            rows.into_iter().find(own).expect("a row")
        };
        let taken = async |numbers: std::ops::RangeInclusive<u32>, region: &str, trained: bool| {
            let place = json!({"regionCode": region});
            let roll = numbers.clone().map(|number| holder(number, place.clone())).collect();
            let key = format!("roll{region}{}", numbers.start());
            hub.take("HRSS", "Employment", &key, roll).await;
            let one =
                |number: u32| with(training(&format!("T{number}"), &man(number)), place.clone());
            if trained {
                let rows = numbers.clone().map(one).collect();
                let key = format!("t{region}{}", numbers.start());
                hub.take("EMERGENCY", "TrainingRecord", &key, rows).await;
            }
        };
        taken(1..=4, ALL[0], true).await;
        let told = city("HRSS").await;
        let gap = |regions: &[&str]| json!([{"what": "COUNTIES_WITHOUT_RECORDS", "year": 2024, "count": regions.len(), "regions": regions}]);
        assert_eq!(
            (&told["numerator"], &told["denominator"], &told["outcome"], &told["reasonCode"]),
            (&json!(4), &json!(4), &json!("NOT_JUDGED"), &json!("COUNTIES_SILENT")),
            "{told}"
        );
        assert_eq!(told["gaps"], gap(&ALL[1..]), "{told}");
        let reason = told["reason"].as_str().expect("a reason");
        assert!(reason.contains("平鲁区、山阴县、应县、右玉县、怀仁市"), "{reason}");
        assert_eq!(city("EMERGENCY").await["outcome"], "NOT_JUDGED", "{backend:?}");
        // A county is judged by what is its own.
        assert_eq!(own(&hub, 2024, "I4", "COAL_MINE").await["outcome"], "MET");
        for (order, region) in (1..5).zip(&ALL[1..5]) {
            taken(order * 10..=order * 10 + 3, region, true).await;
        }
        // A roll without trainings is missing half of it, whatever industries it names.
        let place = json!({"regionCode": ALL[5], "keyIndustry": "CONSTRUCTION"});
        hub.take("HRSS", "Employment", "other", vec![holder(70, place)]).await;
        assert_eq!(city("HRSS").await["reasonCode"], "COUNTIES_SILENT");
        taken(50..=53, ALL[5], false).await;
        let told = city("HRSS").await;
        assert_eq!(
            (&told["reasonCode"], &told["gaps"]),
            (&json!("COUNTIES_SILENT"), &gap(&ALL[5..])),
            "{told}"
        );
        taken(60..=63, ALL[5], true).await;
        let told = city("HRSS").await;
        assert_eq!((&told["outcome"], &told["gaps"]), (&json!("NOT_MET"), &json!([])), "{told}");
        // A zone need not have records of its own; if it has some, it has to have the others.
        taken(80..=83, "140671", false).await;
        let told = city("HRSS").await;
        assert_eq!(told["gaps"], gap(&["140671"]), "{told}");
    }
}
