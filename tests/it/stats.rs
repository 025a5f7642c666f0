//! Statistics against a count by hand over the listed rows, and what is withheld.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree as _};
use serde_json::{Value, json};

use crate::{
    paging::{accidents, both, runner},
    samples::{CITY, OTHER_COUNTY, accident, disease, man, with},
    support::{TestHub, backends},
};

const SUMS: [&str; 3] = ["deaths", "directLossYuan", "lostWorkdays"];

/// Groups as `keys -> (count, sums in fen or as they are)`, and the keys in the order given.
async fn groups(
    hub: &TestHub,
    by: &[&str],
    condition: &Value,
) -> Vec<(Vec<Value>, i64, [Option<i64>; 3])> {
    let query = format!(
        "query($where: AccidentWhere) {{ accidentStats(where: $where, groupBy: [{}]) {{ count withheld keys {{ dimension value }} \
         sums {{ deaths directLossYuan lostWorkdays }} }} }}",
        by.join(", ")
    );
    let answer = hub.ask(&hub.reader("EMERGENCY", CITY), &query, json!({"where": condition})).await;
    let list = answer["data"]["accidentStats"]
        .as_array()
        .unwrap_or_else(|| unreachable!("{by:?}: {answer}"));
    let one = |group: &Value| {
        let keys = group["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .map(|key| key["value"].clone())
            .collect();
        (
            keys,
            group["count"].as_i64().expect("a count"),
            SUMS.map(|name| number(&group["sums"][name])),
        )
    };
    list.iter().map(one).collect()
}

/// A number, or money as fen.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(money) => {
            Some(money.replace('.', "").parse().expect("money has two decimals"))
        }
        other => other.as_i64(),
    }
}

/// The value of a dimension on a row as listed; instants are shown in Asia/Shanghai.
fn dimension(row: &Value, name: &str) -> Value {
    let cut = |field: &str, length: usize| {
        row[field].as_str().map_or(Value::Null, |text| json!(text[..length]))
    };
    match name {
        "OCCURRED_AT_YEAR" => cut("occurredAt", 4),
        "OCCURRED_AT_MONTH" => cut("occurredAt", 7),
        "REGION_PROVINCE" => {
            json!(format!("{}0000", &row["regionCode"].as_str().expect("a region")[..2]))
        }
        "REGION_CITY" => {
            json!(format!("{}00", &row["regionCode"].as_str().expect("a region")[..4]))
        }
        "REGION_CODE" => row["regionCode"].clone(),
        "KEY_INDUSTRY" => row["keyIndustry"].clone(),
        "GRADE" => row["grade"].clone(),
        "DEPARTMENT" => row["department"].clone(),
        "FIRE" => row["fire"].as_bool().map_or(Value::Null, |yes| json!(yes.to_string())),
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn groups_are_what_a_count_by_hand_gives_on_both_databases() {
    let mut runner = runner(1);
    let rows = accidents(120).new_tree(&mut runner).expect("rows").current();
    let hubs = both(&rows).await;
    let all = "{ accidents(first: 200) { nodes { occurredAt regionCode keyIndustry grade department fire deaths directLossYuan \
               lostWorkdays } } }";
    let dimensions = [
        "OCCURRED_AT_YEAR",
        "OCCURRED_AT_MONTH",
        "REGION_PROVINCE",
        "REGION_CITY",
        "REGION_CODE",
        "KEY_INDUSTRY",
        "GRADE",
        "DEPARTMENT",
        "FIRE",
    ];
    let mut questions: Vec<Vec<&str>> = vec![vec![]];
    questions.extend(dimensions.iter().map(|name| vec![*name]));
    questions.extend(dimensions.windows(3).map(<[&str]>::to_vec));
    let condition = json!({"deaths": {"gte": 1}});
    for by in &questions {
        let mut seen = Vec::new();
        for hub in &hubs {
            let listed =
                hub.data(&hub.reader("EMERGENCY", CITY), all).await["accidents"]["nodes"].clone();
            let mut by_hand: BTreeMap<Vec<String>, (i64, [Option<i64>; 3])> = BTreeMap::new();
            for row in listed
                .as_array()
                .expect("rows")
                .iter()
                .filter(|row| row["deaths"].as_i64() >= Some(1))
            {
                let keys = by.iter().map(|name| dimension(row, name).to_string()).collect();
                let group = by_hand.entry(keys).or_default();
                group.0 += 1;
                for (sum, name) in group.1.iter_mut().zip(SUMS) {
                    if let Some(more) = number(&row[name]) {
                        *sum = Some(sum.unwrap_or_default() + more);
                    }
                }
            }
            let found = groups(hub, by, &condition).await;
            let as_map: BTreeMap<Vec<String>, (i64, [Option<i64>; 3])> = found
                .iter()
                .map(|(keys, count, sums)| {
                    (keys.iter().map(ToString::to_string).collect(), (*count, *sums))
                })
                .collect();
            assert_eq!(as_map.len(), found.len(), "no group stands twice");
            assert_eq!(as_map, by_hand, "{by:?}");
            seen.push(found);
        }
        assert_eq!(seen[0], seen[1], "the same order on both databases: {by:?}");
    }
}

#[tokio::test]
async fn a_year_begins_at_midnight_in_shanghai() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let at =
            |number: &str, instant: &str| with(accident(number), json!({"occurredAt": instant}));
        let rows = vec![
            at("A1", "2023-12-31T15:59:59Z"),
            at("A2", "2023-12-31T16:00:00Z"),
            at("A3", "2024-01-01T00:00:00+08:00"),
            at("A4", "2024-12-31T23:59:59.999999+08:00"),
        ];
        hub.take("EMERGENCY", "Accident", "k", rows).await;
        let found = groups(&hub, &["OCCURRED_AT_YEAR"], &json!({})).await;
        let found: Vec<_> =
            found.into_iter().map(|(keys, count, _)| (keys[0].clone(), count)).collect();
        assert_eq!(found, [(json!("2023"), 1), (json!("2024"), 3)], "{backend:?}");
        let query = "{ accidents(where: {occurredAt: {gte: \"2024-01-01\"}}) { totalCount } }";
        assert_eq!(
            hub.data(&hub.reader("EMERGENCY", CITY), query).await["accidents"]["totalCount"],
            3
        );
    }
}

#[tokio::test]
async fn who_may_only_count_does_not_see_small_cells() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut rows: Vec<_> =
            (0..7).map(|index| disease(&format!("C{index}"), &man(index))).collect();
        rows.extend((7..9).map(|index| {
            with(disease(&format!("C{index}"), &man(index)), json!({"regionCode": OTHER_COUNTY}))
        }));
        rows.extend((9..13).map(|index| {
            with(disease(&format!("C{index}"), &man(index)), json!({"regionCode": "140621"}))
        }));
        hub.take("HEALTH", "OccupationalDiseaseCase", "k", rows).await;
        let query = "{ occupationalDiseaseCaseStats(groupBy: [REGION_CODE]) { count withheld keys { value } } }";
        let full =
            hub.data(&hub.reader("HEALTH", CITY), query).await["occupationalDiseaseCaseStats"]
                .clone();
        let counts: Vec<_> =
            full.as_array().expect("groups").iter().map(|group| group["count"].as_i64()).collect();
        assert_eq!(counts, [Some(7), Some(2), Some(4)]);
        for department in ["INDUSTRY", "FINANCE", "MARKET"] {
            let token = hub.reader(department, CITY);
            let cells = hub.data(&token, query).await["occupationalDiseaseCaseStats"].clone();
            let cells = cells.as_array().expect("groups");
            let (rest, told) = cells.split_last().expect("a remainder");
            assert_eq!(rest, &json!({"count": null, "withheld": true, "keys": []}), "{department}");
            for cell in told {
                let (place, count) = (
                    cell["keys"][0]["value"].as_str().expect("a key"),
                    cell["count"].as_i64().expect("a count"),
                );
                // Record keys are drawn anew for each hub: the noise is anything up to its bound.
                let real = if place == "140602" { 7 } else { 4 };
                assert!(
                    place != OTHER_COUNTY && count >= 3 && (real - count).abs() <= 8,
                    "{department}: {cell}"
                );
            }
            let small = "{ occupationalDiseaseCaseStats(where: {regionCode: {eq: \"140603\"}}) { count withheld } }";
            let small = hub.data(&token, small).await["occupationalDiseaseCaseStats"].clone();
            assert_eq!(small, json!([{"count": null, "withheld": true}]), "{department}");
            assert_eq!(
                hub.code(&token, "{ occupationalDiseaseCases { nodes { cardNo } } }").await,
                "FORBIDDEN",
                "{department}"
            );
        }
        // A column that may be read in sums is withheld by it; one that may not even be counted
        // refuses.
        let by_disease = "{ occupationalDiseaseCaseStats(groupBy: [DISEASE_CLASS], where: {regionCode: {eq: \"140603\"}}) { count } }";
        let union =
            hub.data(&hub.reader("UNION", CITY), by_disease).await["occupationalDiseaseCaseStats"]
                .clone();
        assert_eq!(union, json!([{"count": null}]), "{union}");
        assert_eq!(hub.code(&hub.reader("FINANCE", CITY), by_disease).await, "FORBIDDEN");
        let by_sex = "{ occupationalDiseaseCaseStats(groupBy: [SEX]) { count } }";
        assert_eq!(hub.code(&hub.reader("UNION", CITY), by_sex).await, "FORBIDDEN");
    }
}
