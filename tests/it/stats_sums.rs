//! Sums that the asker may not list, and answers of which a part may be listed: nobody's own share
//! comes out.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, disease, hazard, man, unit_year, uscc, with},
    support::{Row, TestHub, backends},
};

/// What employers in one county paid themselves, in yuan: 2, 40, 60, 80 and 900 thousand; and one alone in
/// the next county.
const BENEFITS: [i64; 5] = [2_000, 40_000, 60_000, 80_000, 900_000];

fn years() -> Vec<Row> {
    let of = |order: u32, benefit: i64, region: &str| {
        let own = json!({"employerUscc": uscc(order), "regionCode": region, "employerPaidYuan": format!("{benefit}.00"),
                         "benefitMedicalYuan": format!("{benefit}.00"), "benefitDisabilityYuan": "0.00"});
        with(unit_year(&format!("Y{order}")), own)
    };
    let mut rows: Vec<Row> =
        (1_u32..).zip(BENEFITS).map(|(order, benefit)| of(order, benefit, COUNTY)).collect();
    rows.push(of(9, 123_456, OTHER_COUNTY));
    // Four more that had no benefits are no company to hide in.
    rows.extend((10..14).map(|order| of(order, 0, OTHER_COUNTY)));
    // So many that the noise of their number never leaves too few.
    rows.extend((14..40).map(|order| of(order, 0, COUNTY)));
    rows
}

fn yuan(value: &Value) -> i64 {
    value
        .as_str()
        .and_then(|text| text.strip_suffix(".00"))
        .expect("whole yuan")
        .parse()
        .expect("a number")
}

#[tokio::test]
async fn what_one_employer_cost_does_not_come_out_of_any_sum() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "InsuredUnitYear", "k", years()).await;
        let whole: i64 = BENEFITS.iter().sum();
        for (department, region) in [
            ("EMERGENCY", CITY),
            ("UNION", COUNTY),
            ("HEALTH", "140000"),
            ("FINANCE", CITY),
            ("HOUSING", CITY),
        ] {
            let token = hub.reader(department, region);
            for one in [
                format!("employerUscc: {{eq: \"{}\"}}", uscc(5)),
                "insuredUnitNo: {eq: \"U1\"}".to_owned(),
                "employer: {some: {}}".to_owned(),
            ] {
                let query = format!(
                    "{{ insuredUnitYearStats(where: {{{one}}}) {{ sums {{ benefitsYuan }} }} }}"
                );
                assert_eq!(hub.code(&token, &query).await, "FORBIDDEN", "{department}: {one}");
            }
            let mut seen = Vec::new();
            // The figures of the meeting tell benefits and premiums exactly; noise beside them, or
            // beside what nearly comes to them, would tell the largest share.
            let beside = "insuredPersons premiumPaidYuan benefitsYuan preventionYuan premiumDueYuan benefitMedicalYuan \
                          benefitDisabilityYuan benefitDeathYuan benefitOtherYuan wageBillYuan";
            for way in [
                "where: {regionCode: {eq: \"140602\"}}",
                "where: {regionCode: {eq: \"140602\"}}, groupBy: [YEAR]",
            ] {
                let query = format!(
                    "{{ insuredUnitYearStats({way}) {{ sums {{ employerPaidYuan {beside} }} }} }}"
                );
                let answer =
                    hub.data(&token, &query).await["insuredUnitYearStats"][0]["sums"].clone();
                for name in beside.split_whitespace().filter(|name| *name != "insuredPersons") {
                    assert_eq!(answer[name], Value::Null, "{department}: {name} {answer}");
                }
                let told = yuan(&answer["employerPaidYuan"]);
                // Half of the largest at least, all of it at most, and three significant digits.
                assert!(
                    (449_000..=901_000 + 9_000).contains(&(told - whole).abs()),
                    "{department} {region}: {told}"
                );
                seen.push(told);
            }
            assert_eq!(seen[0], seen[1], "{department}: the same rows, the same noise");
            if region != COUNTY {
                let query = "{ insuredUnitYearStats(where: {regionCode: {eq: \"140603\"}}) { count sums { employerPaidYuan } } }";
                let answer = hub.data(&token, query).await["insuredUnitYearStats"].clone();
                assert_eq!(
                    answer[0]["sums"]["employerPaidYuan"],
                    Value::Null,
                    "{department}: one of five had any: {answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_may_be_listed_is_counted_and_summed_to_the_last_unit() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "InsuredUnitYear", "k", years()).await;
        let query = format!(
            "{{ insuredUnitYearStats(where: {{employerUscc: {{in: [\"{}\"]}}}}, groupBy: [BURDEN_BAND]) \
             {{ count sums {{ insuredPersons }} disclosure {{ method bound threshold }} }} }}",
            uscc(5)
        );
        let exact = json!({"method": "EXACT", "bound": 0, "threshold": null});
        let answer =
            hub.data(&hub.reader("UNION", CITY), &query).await["insuredUnitYearStats"].clone();
        assert_eq!(
            answer,
            json!([{"count": 1, "sums": {"insuredPersons": 120}, "disclosure": exact}]),
            "{backend:?}"
        );
        let query = "{ insuredUnitYearStats(groupBy: [REGION_CODE]) { count sums { benefitsYuan } disclosure { method } } }";
        let answer =
            hub.data(&hub.reader("HRSS", CITY), query).await["insuredUnitYearStats"].clone();
        assert_eq!(answer[0]["sums"]["benefitsYuan"], "1082000.00", "{answer}");
        assert_eq!(answer[0]["disclosure"]["method"], "EXACT");
    }
}

/// Own rows by county, rows of others by county.
const MIXED: [(&str, u32, u32); 5] =
    [(COUNTY, 5, 30), (OTHER_COUNTY, 2, 1), ("140621", 4, 0), ("140622", 0, 2), ("140623", 0, 25)];

async fn mixed(hub: &TestHub, department: &str, family: &str) {
    let token = hub.reader(department, CITY);
    let query = format!(
        "{{ answer: {family}Stats(groupBy: [REGION_CODE]) {{ keys {{ value }} count withheld disclosure {{ method }} }} }}"
    );
    let answer = hub.data(&token, &query).await["answer"].clone();
    let groups = answer.as_array().expect("groups");
    let (rest, told) = groups.split_last().expect("a remainder");
    assert_eq!((&rest["keys"], &rest["count"]), (&json!([]), &Value::Null), "{answer}");
    let count = |place: &str| {
        told.iter()
            .find(|group| group["keys"][0]["value"] == place)
            .map(|group| group["count"].as_i64())
    };
    for (place, own, others) in MIXED {
        let (own, others) = (i64::from(own), i64::from(others));
        match count(place).map(|count| count.expect("a count")) {
            // Rows of others come with noise or not at all; one and none of them look the same.
            Some(count) if others >= 3 => {
                assert!((count - own - others).abs() <= 8 && count > own, "{place}: {answer}")
            }
            Some(count) => assert!(count == own && own > 0, "{place}: {answer}"),
            None => assert_eq!(own, 0, "{place}: {answer}"),
        }
    }
    let query = format!(
        "{{ answer: {family}Stats(where: {{regionCode: {{eq: \"140603\"}}}}) {{ keys {{ value }} count withheld disclosure {{ method bound }} }} }}"
    );
    let whole = hub.data(&token, &query).await["answer"].clone();
    let disclosure = json!({"method": "MIXED", "bound": 9});
    assert_eq!(
        whole,
        json!([{"keys": [], "count": 2, "withheld": false, "disclosure": disclosure}]),
        "{department}"
    );
}

#[tokio::test]
async fn whoever_may_list_a_part_does_not_lift_the_rest() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut number = 0;
        let mut cases = Vec::new();
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (place, mine, theirs) in MIXED {
            for index in 0..mine + theirs {
                number += 1;
                let industry = if index < mine { "CONSTRUCTION" } else { "COAL_MINE" };
                let employer = uscc(1 + number % 4);
                let place =
                    json!({"regionCode": place, "keyIndustry": industry, "employerUscc": employer});
                cases.push(with(disease(&format!("C{number}"), &man(number)), place.clone()));
                let found = with(hazard(&format!("H{number}"), "REGISTERED"), place);
                if index < mine { own.push(found) } else { others.push(found) }
            }
        }
        hub.take("HEALTH", "OccupationalDiseaseCase", "c", cases).await;
        hub.take("HEALTH", "HazardRectification", "h", own).await;
        hub.take("EMERGENCY", "HazardRectification", "h", others).await;
        mixed(&hub, "HOUSING", "occupationalDiseaseCase").await;
        mixed(&hub, "HEALTH", "hazardRectification").await;
        // A condition between the cells is about what may be listed alone.
        let query = "{ hazardRectificationStats(where: {hazardNo: {in: [\"H1\", \"H6\"]}}) { count disclosure { method } } }";
        let answer =
            hub.data(&hub.reader("HEALTH", CITY), query).await["hazardRectificationStats"].clone();
        assert_eq!(answer, json!([{"count": 1, "disclosure": {"method": "EXACT"}}]));
    }
}

#[tokio::test]
async fn a_total_counts_what_may_be_listed_and_answers_no_question_about_the_rest() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = (0..5).map(|index| disease(&format!("C{index}"), &man(index))).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let total = |condition: &str| {
            format!("{{ occupationalDiseaseCases(where: {{{condition}}}) {{ totalCount }} }}")
        };
        for (department, conditions) in [
            (
                "UNION",
                [
                    "stage: {eq: STAGE_1}",
                    "name: {eq: \"王小明\"}",
                    "exposureMonthsTotal: {gt: 1}",
                    "person: {some: {}}",
                ],
            ),
            (
                "EMERGENCY",
                [
                    "cardNo: {eq: \"C1\"}",
                    "stage: {isNull: false}",
                    "reportNature: {eq: FIRST}",
                    "not: {person: {none: {}}}",
                ],
            ),
        ] {
            let token = hub.reader(department, CITY);
            for condition in conditions {
                assert_eq!(
                    hub.code(&token, &total(condition)).await,
                    "FORBIDDEN",
                    "{department}: {condition}"
                );
            }
            let all = hub.data(&token, &total("keyIndustry: {eq: COAL_MINE}")).await;
            assert_eq!(all["occupationalDiseaseCases"]["totalCount"], 5, "{department}");
        }
        let masked = "{ workInjuries(where: {name: {eq: \"王小明\"}}) { totalCount } }";
        assert_eq!(hub.code(&hub.reader("UNION", CITY), masked).await, "FORBIDDEN");
        assert_eq!(
            hub.code(&hub.reader("INDUSTRY", CITY), "{ occupationalDiseaseCases { totalCount } }")
                .await,
            "FORBIDDEN"
        );
    }
}
