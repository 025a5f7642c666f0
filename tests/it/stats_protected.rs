//! Statistics over rows that the asker may not list tell nothing of a single person, whatever is
//! asked.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, disease, man, uscc, with},
    support::{Row, TestHub, backends},
};

/// Who may count cases but not list what is asked about them, with the regions they ask for.
const ASKERS: [(&str, &str); 9] = [
    ("UNION", COUNTY),
    ("UNION", CITY),
    ("UNION", "140000"),
    ("EMERGENCY", CITY),
    ("HOUSING", COUNTY),
    ("TRANSPORT", CITY),
    ("INDUSTRY", CITY),
    ("FINANCE", "140000"),
    ("MARKET", COUNTY),
];

/// A case at one of four employers.
fn case(number: &str, index: u32) -> Row {
    with(disease(number, &man(index)), json!({"employerUscc": uscc(1 + index % 4)}))
}

/// 40 cases of pneumoconiosis at four employers of a county, one of them of the third stage with a day and exposure
/// of its own, one of another class, and one in the next county.
fn cases() -> Vec<Row> {
    let mut rows: Vec<Row> = (0..40).map(|index| case(&format!("C{index}"), index)).collect();
    let one = json!({"stage": "STAGE_3", "diagnosedAt": "2023-07-19", "exposureYears": 21, "exposureMonths": 7});
    rows.push(with(disease("ONE", &man(50)), one));
    rows.push(with(disease("SKIN", &man(51)), json!({"diseaseCode": "SKIN-01", "stage": null})));
    rows.push(with(disease("NEXT", &man(52)), json!({"regionCode": OTHER_COUNTY})));
    rows
}

async fn filled() -> Vec<TestHub> {
    let mut hubs = Vec::new();
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", cases()).await;
        hubs.push(hub);
    }
    hubs
}

/// The groups of a question, or the code of its refusal.
async fn asked(
    hub: &TestHub,
    token: &str,
    family: &str,
    arguments: &str,
    what: &str,
) -> Result<Value, String> {
    let query = format!("{{ answer: {family}Stats({arguments}) {{ {what} }} }}");
    let answer = hub.ask(token, &query, json!({})).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(answer["data"]["answer"].clone()),
    }
}

async fn case_groups(hub: &TestHub, token: &str, arguments: &str) -> Result<Value, String> {
    asked(
        hub,
        token,
        "occupationalDiseaseCase",
        arguments,
        "keys { value } count withheld disclosure { method bound threshold }",
    )
    .await
}

fn by_keys(groups: &Value) -> BTreeMap<String, Option<i64>> {
    let list = groups.as_array().expect("groups").iter();
    list.map(|group| {
        let keys: Vec<&str> = group["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .map(|key| key["value"].as_str().unwrap_or("-"))
            .collect();
        (keys.join(" "), group["count"].as_i64())
    })
    .collect()
}

#[tokio::test]
async fn a_condition_that_names_or_narrows_to_one_case_is_refused_to_whoever_may_only_count_it() {
    let conditions = [
        "cardNo: {eq: \"ONE\"}",
        "cardNo: {in: [\"ONE\", \"C1\"]}",
        "idNumber: {isNull: false}",
        "name: {eq: \"王小明\"}",
        "employerUscc: {isNull: false}",
        "employerName: {contains: \"朔州\"}",
        "exposureMonthsTotal: {gte: 259}",
        "diagnosedAt: {eq: \"2023-07-19\"}",
        "diagnosedAt: {gte: \"2023-07-01\", lt: \"2023-08-01\"}",
        "diagnosedAt: {gte: \"2023-01-01\"}",
        "diagnosedAt: {lt: \"2024-01-01\"}",
        "diagnosedAt: {gte: \"2022-01-01\", lt: \"2024-01-01\"}",
        "stage: {in: [STAGE_1, STAGE_3]}",
        "not: {stage: {eq: STAGE_1}}",
        "or: [{stage: {eq: STAGE_3}}]",
        "stage: {isNull: false}",
        "createdAt: {gte: \"2020-01-01\"}",
        "regionCode: {prefix: \"14060\"}",
        "employer: {some: {}}",
    ];
    for hub in filled().await {
        for (department, region) in ASKERS {
            let token = hub.reader(department, region);
            for condition in conditions {
                for groups in
                    ["", ", groupBy: [STAGE]", ", groupBy: [DISEASE_CLASS, DIAGNOSED_AT_YEAR]"]
                {
                    // Whoever may list cases by employer may count them so; with the stage beside
                    // it they may not.
                    if groups.is_empty()
                        && !condition.contains("stage")
                        && !condition.contains("diagnosedAt")
                    {
                        continue;
                    }
                    let arguments = format!("where: {{{condition}}}{groups}");
                    let answer = case_groups(&hub, &token, &arguments).await;
                    assert_eq!(
                        answer,
                        Err("FORBIDDEN".to_owned()),
                        "{department} {region}: {arguments}"
                    );
                }
            }
            for dimension in ["DISEASE_CODE", "DIAGNOSED_AT_MONTH"] {
                let arguments = format!("groupBy: [{dimension}]");
                assert_eq!(
                    case_groups(&hub, &token, &arguments).await,
                    Err("FORBIDDEN".to_owned()),
                    "{department} {dimension}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_refusal_says_which_dimension_is_not_published_and_which_are() {
    for hub in filled().await {
        let query = "{ occupationalDiseaseCaseStats(where: {cardNo: {eq: \"ONE\"}}, groupBy: [STAGE]) { count } }";
        let answer = hub.ask_in_english(&hub.reader("UNION", CITY), query, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("`cardNo` is no published dimension"), "{message}");
        assert!(
            message.contains("regionCode (PROVINCE CITY REGION)")
                && message.contains("stage (VALUE)"),
            "{message}"
        );
        let answer = hub.ask(&hub.reader("UNION", CITY), query, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("“cardNo”不在已公布的统计维度之内"), "{message}");
    }
}

#[tokio::test]
async fn groups_that_are_not_told_are_not_there_and_what_is_left_over_always_is() {
    let rest = json!({"keys": [], "count": null, "withheld": true, "disclosure": {"method": "PERTURBED", "bound": 9, "threshold": 3}});
    for hub in filled().await {
        for (department, region) in ASKERS
            .iter()
            .filter(|(department, _)| !matches!(*department, "INDUSTRY" | "FINANCE" | "MARKET"))
        {
            let token = hub.reader(department, region);
            let groups = case_groups(&hub, &token, "groupBy: [STAGE]").await.expect("an answer");
            assert!(!groups.to_string().contains("STAGE_3"), "{department}: {groups}");
            let told = by_keys(&groups);
            // 40, and one more where the next county is asked for too; off by 8 at most.
            assert!(
                (32..=49).contains(&told["STAGE_1"].expect("a count")),
                "{department}: {groups}"
            );
            assert_eq!(
                groups.as_array().expect("groups").last(),
                Some(&rest),
                "{department}: {groups}"
            );
            // Where nothing at all is withheld the answer ends in the same way.
            let groups =
                case_groups(&hub, &token, "where: {stage: {eq: STAGE_1}}, groupBy: [STAGE]")
                    .await
                    .expect("an answer");
            assert_eq!(
                groups.as_array().expect("groups").last(),
                Some(&rest),
                "{department}: {groups}"
            );
        }
    }
}

#[tokio::test]
async fn none_and_one_and_two_look_the_same() {
    let cells = [
        // One case, and none.
        ["stage: {eq: STAGE_3}", "stage: {eq: STAGE_2}"],
        ["diseaseClass: {eq: SKIN}", "diseaseClass: {eq: EYE}"],
        [
            "diagnosedAt: {gte: \"2023-01-01\", lt: \"2024-01-01\"}",
            "diagnosedAt: {gte: \"2022-01-01\", lte: \"2022-12-31\"}",
        ],
        // The next county has one case, the third has none: too few to tell anything sensitive of
        // them.
        [
            "regionCode: {eq: \"140603\"}, stage: {eq: STAGE_1}",
            "regionCode: {eq: \"140621\"}, stage: {eq: STAGE_1}",
        ],
    ];
    let nothing = json!([{"keys": [], "count": null, "withheld": true,
                          "disclosure": {"method": "PERTURBED", "bound": 9, "threshold": 3}}]);
    for hub in filled().await {
        for (department, region) in
            [("UNION", CITY), ("EMERGENCY", CITY), ("UNION", "140000"), ("TRANSPORT", "140000")]
        {
            let token = hub.reader(department, region);
            for cell in cells {
                for groups in ["", ", groupBy: [REGION_CODE]", ", groupBy: [STAGE]"] {
                    for condition in cell {
                        let answer =
                            case_groups(&hub, &token, &format!("where: {{{condition}}}{groups}"))
                                .await;
                        assert_eq!(
                            answer,
                            Ok(nothing.clone()),
                            "{department} {region}: {condition}{groups}"
                        );
                    }
                }
            }
        }
        for department in ["INDUSTRY", "FINANCE", "MARKET"] {
            let token = hub.reader(department, CITY);
            for county in [OTHER_COUNTY, "140621"] {
                let answer = case_groups(
                    &hub,
                    &token,
                    &format!("where: {{regionCode: {{eq: \"{county}\"}}}}"),
                )
                .await;
                assert_eq!(answer, Ok(nothing.clone()), "{department} {county}");
            }
        }
    }
}

#[tokio::test]
async fn the_same_records_give_the_same_noise_in_whatever_way_they_are_asked() {
    let ways = [
        "where: {stage: {eq: STAGE_1}}",
        "where: {and: [{stage: {eq: STAGE_1}}, {stage: {in: [STAGE_1]}}]}",
        "where: {stage: {eq: STAGE_1}, diseaseClass: {eq: RESPIRATORY}}",
        "where: {stage: {eq: STAGE_1}, regionCode: {prefix: \"14\"}}",
        "where: {stage: {eq: STAGE_1}}, groupBy: [DIAGNOSED_AT_YEAR]",
        "where: {diagnosedAt: {gte: \"2024-01-01\", lt: \"2025-01-01\"}, stage: {eq: STAGE_1}}, groupBy: [KEY_INDUSTRY]",
        "groupBy: [STAGE]",
    ];
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = (0..30).map(|index| case(&format!("C{index}"), index)).collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let mut seen = std::collections::BTreeSet::new();
        for (department, region) in
            [("EMERGENCY", CITY), ("EMERGENCY", COUNTY), ("UNION", "140000"), ("TRANSPORT", CITY)]
        {
            let token = hub.reader(department, region);
            for way in ways {
                let answer = case_groups(&hub, &token, way)
                    .await
                    .unwrap_or_else(|code| unreachable!("{way}: {code}"));
                let count = answer[0]["count"]
                    .as_i64()
                    .unwrap_or_else(|| unreachable!("{department} {way}: {answer}"));
                // Who lists all 30 cases knows that there are no more.
                seen.insert(if count == 30 { None } else { Some(count) });
            }
        }
        seen.remove(&None);
        assert!(seen.len() <= 1, "{backend:?}: {seen:?}");
    }
}

#[tokio::test]
async fn records_that_were_there_before_get_the_keys_they_would_have_been_given() {
    let keys = "SELECT CAST(record_key AS TEXT) FROM occupational_disease_cases ORDER BY ref";
    for hub in filled().await {
        let before = hub.db_texts(keys).await;
        assert!(
            before.iter().collect::<std::collections::BTreeSet<_>>().len() > 20,
            "keys differ: {before:?}"
        );
        hub.db_run("UPDATE occupational_disease_cases SET record_key = NULL").await;
        let services = &hub.services;
        let fill = async || {
            lianfang::store::records::record_keys::fill(
                &services.database,
                &services.seal,
                &services.catalogue,
            )
            .await
        };
        assert_eq!(fill().await.expect("filled"), 43);
        assert_eq!(hub.db_texts(keys).await, before);
        assert_eq!(fill().await.expect("nothing to do"), 0);
        hub.holds().await;
    }
}

#[tokio::test]
async fn what_the_asker_lists_makes_the_least_group_smaller_however_sensitive_it_is() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let years = |index: u32| json!({"exposureYears": if index < 3 { 2 } else { 12 }, "exposureMonths": 3});
        let rows = (0..30)
            .map(|index| with(disease(&format!("C{index}"), &man(index)), years(index)))
            .collect();
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let token = hub.reader("UNION", CITY);
        let listed = "{ occupationalDiseaseCases(where: {underFiveYears: {eq: true}}) { totalCount nodes { cardNo stage } } }";
        let listed = hub.data(&token, listed).await["occupationalDiseaseCases"].clone();
        assert_eq!(
            (&listed["totalCount"], &listed["nodes"][0]["stage"]),
            (&json!(3), &Value::Null),
            "three are listed by name"
        );
        for dimension in ["STAGE", "DISEASE_CLASS", "PNEUMOCONIOSIS_KIND", "DIAGNOSED_AT_YEAR"] {
            let narrowed =
                format!("where: {{underFiveYears: {{eq: true}}}}, groupBy: [{dimension}]");
            let answer = case_groups(&hub, &token, &narrowed).await.expect("an answer");
            assert_eq!(
                by_keys(&answer),
                BTreeMap::from([(String::new(), None)]),
                "{backend:?} {dimension}: {answer}"
            );
            let answer =
                case_groups(&hub, &token, &format!("groupBy: [UNDER_FIVE_YEARS, {dimension}]"))
                    .await
                    .expect("an answer");
            let told = by_keys(&answer);
            assert!(
                told.len() > 1 && !told.keys().any(|keys| keys.starts_with("true")),
                "{backend:?} {dimension}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn groups_of_a_listed_number_are_never_all_as_small_as_they_can_be() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        // Four stages of three among twelve: each that is told is three at least, so four told ones
        // would be three each.
        let stages = [json!("STAGE_1"), json!("STAGE_2"), json!("STAGE_3"), Value::Null];
        let row = |index: u32| {
            let stage = stages.get(index as usize / 3).expect("four stages");
            with(disease(&format!("C{index}"), &man(index)), json!({"stage": stage}))
        };
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", (0..12).map(row).collect()).await;
        let answer = case_groups(&hub, &hub.reader("UNION", CITY), "groupBy: [STAGE]")
            .await
            .expect("an answer");
        let least: i64 = by_keys(&answer).values().flatten().map(|count| (count - 8).max(3)).sum();
        assert!(least <= 12 - 3, "{backend:?}: {answer}");
    }
}
