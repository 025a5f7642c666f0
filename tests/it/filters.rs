//! Conditions: every operator, and, or, not with empty values, and conditions on linked rows in
//! both directions.

use proptest::strategy::{Strategy, ValueTree as _};
use serde_json::{Value, json};

use crate::{
    paging::{accidents, both, runner},
    samples::{CITY, OTHER_COUNTY, accident, employer, injury, man, person, uscc, victim, with},
    support::{TestHub, backends},
};

/// Numbers of the accidents that meet a condition, sorted.
async fn found(hub: &TestHub, condition: &Value) -> Vec<String> {
    let query = "query($where: AccidentWhere) { accidents(where: $where, first: 200) { nodes { accidentNo } totalCount } }";
    let answer = hub.ask(&hub.reader("EMERGENCY", CITY), query, json!({"where": condition})).await;
    let nodes = answer["data"]["accidents"]["nodes"]
        .as_array()
        .unwrap_or_else(|| unreachable!("{condition}: {answer}"));
    assert_eq!(answer["data"]["accidents"]["totalCount"], nodes.len(), "{condition}");
    let mut numbers: Vec<String> = nodes
        .iter()
        .map(|node| node["accidentNo"].as_str().expect("a number").to_owned())
        .collect();
    numbers.sort();
    numbers
}

#[tokio::test]
async fn every_operator_finds_what_it_says() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = vec![
            with(
                accident("A1"),
                json!({"address": "开发区 100% _路", "deaths": 0, "directLossYuan": "0.01", "approvedAt": "2024-05-01", "fire": true}),
            ),
            with(
                accident("A2"),
                json!({"address": "开发区100路", "deaths": 1, "directLossYuan": "99.99", "approvedAt": "2024-05-02", "fire": false}),
            ),
            with(
                accident("B1"),
                json!({"address": "ABC大厦!", "deaths": 2, "directLossYuan": "100.00", "occurredAt": "2024-03-06T00:00:00+08:00", "accidentType": "VEHICLE"}),
            ),
            with(
                accident("B2"),
                json!({"address": null, "deaths": 3, "directLossYuan": null, "occurredAt": "2024-03-07T00:00:00+08:00", "keyIndustry": null, "regionCode": OTHER_COUNTY}),
            ),
        ];
        hub.take("EMERGENCY", "Accident", "k", rows).await;
        let cases: &[(Value, &[&str])] = &[
            (json!({}), &["A1", "A2", "B1", "B2"]),
            (json!({"accidentNo": {"eq": "A1"}}), &["A1"]),
            (json!({"accidentNo": {"eq": "a1"}}), &[]),
            (json!({"accidentNo": {"in": ["A1", "B2", "C"]}}), &["A1", "B2"]),
            (json!({"accidentNo": {"in": []}}), &[]),
            (json!({"accidentNo": {"prefix": "B"}}), &["B1", "B2"]),
            (json!({"address": {"contains": "%"}}), &["A1"]),
            (json!({"address": {"contains": "_"}}), &["A1"]),
            (json!({"address": {"contains": "!"}}), &["B1"]),
            (json!({"address": {"contains": "100"}}), &["A1", "A2"]),
            (json!({"address": {"contains": "abc"}}), &[]),
            (json!({"address": {"contains": "ABC"}}), &["B1"]),
            (json!({"address": {"prefix": "开发区"}}), &["A1", "A2"]),
            (json!({"address": {"isNull": true}}), &["B2"]),
            (json!({"address": {"isNull": false}}), &["A1", "A2", "B1"]),
            (json!({"deaths": {"eq": 2}}), &["B1"]),
            (json!({"deaths": {"in": [0, 3, 9]}}), &["A1", "B2"]),
            (json!({"deaths": {"gt": 1}}), &["B1", "B2"]),
            (json!({"deaths": {"gte": 1, "lt": 3}}), &["A2", "B1"]),
            (json!({"deaths": {"lte": 0}}), &["A1"]),
            (json!({"directLossYuan": {"gte": "99.99"}}), &["A2", "B1"]),
            (json!({"directLossYuan": {"in": ["0.01", "100"]}}), &["A1", "B1"]),
            (json!({"approvedAt": {"eq": "2024-05-01"}}), &["A1"]),
            (json!({"approvedAt": {"gt": "2024-05-01"}}), &["A2"]),
            (json!({"occurredAt": {"gte": "2024-03-06"}}), &["B1", "B2"]),
            (json!({"occurredAt": {"lt": "2024-03-05T16:00:00Z"}}), &["A1", "A2"]),
            (
                json!({"occurredAt": {"in": ["2024-03-05T16:00:00Z", "2024-03-05T01:30:00Z"]}}),
                &["A1", "A2", "B1"],
            ),
            (json!({"fire": {"eq": true}}), &["A1"]),
            (json!({"fire": {"isNull": true}}), &["B1", "B2"]),
            (json!({"keyIndustry": {"eq": "COAL_MINE"}}), &["A1", "A2", "B1"]),
            (json!({"accidentType": {"in": ["VEHICLE"]}}), &["B1"]),
            (json!({"regionCode": {"prefix": "1406"}}), &["A1", "A2", "B1", "B2"]),
            (json!({"regionCode": {"prefix": "140603"}}), &["B2"]),
            (
                json!({"department": {"eq": "EMERGENCY"}, "version": {"eq": 1}}),
                &["A1", "A2", "B1", "B2"],
            ),
            (json!({"not": {"keyIndustry": {"eq": "COAL_MINE"}}}), &["B2"]),
            (json!({"not": {"not": {"keyIndustry": {"eq": "COAL_MINE"}}}}), &["A1", "A2", "B1"]),
            (json!({"not": {"fire": {"eq": true}}}), &["A2", "B1", "B2"]),
            (json!({"or": []}), &[]),
            (json!({"and": []}), &["A1", "A2", "B1", "B2"]),
            (json!({"or": [{"deaths": {"eq": 0}}, {"address": {"isNull": true}}]}), &["A1", "B2"]),
            (
                json!({"and": [{"deaths": {"gt": 0}}, {"not": {"deaths": {"gt": 2}}}]}),
                &["A2", "B1"],
            ),
        ];
        for (condition, numbers) in cases {
            assert_eq!(found(&hub, condition).await, *numbers, "{backend:?}: {condition}");
        }
    }
}

#[tokio::test]
async fn a_condition_without_sense_is_refused() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    for condition in [
        "{address: {contains: \"\"}}",
        "{address: {contains: \"a\\u0000b\"}}",
        "{deaths: {eq: null}}",
        "{deaths: null}",
        "{deaths: {eq: 1.5}}",
        "{deaths: {eq: 99999999999}}",
        "{directLossYuan: {eq: 1}}",
        "{directLossYuan: {eq: \"一元\"}}",
        "{approvedAt: {eq: \"2024-02-30\"}}",
        "{occurredAt: {gt: \"now\"}}",
        "{keyIndustry: {eq: NO_SUCH}}",
        "{course: {eq: \"x\"}}",
        "{employerKey: {eq: \"x\"}}",
        "{not: null}",
        "{victims: null}",
        "{victims: {some: null}}",
    ] {
        let code = hub
            .code(&token, &format!("{{ accidents(where: {condition}) {{ totalCount }} }}"))
            .await;
        assert_eq!(code, "BAD_USER_INPUT", "{condition}");
    }
    let many: Vec<String> = (0..501).map(|number| number.to_string()).collect();
    let query = "query($w: AccidentWhere) { accidents(where: $w) { totalCount } }";
    let answer = hub.ask(&token, query, json!({"w": {"accidentNo": {"in": many}}})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
}

#[tokio::test]
async fn a_condition_too_wide_or_too_deep_is_refused_the_same_on_both_databases() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("EMERGENCY", CITY);
        let query = "query($w: AccidentWhere) { accidents(where: $w) { totalCount } }";
        let wide = json!({"or": vec![json!({"deaths": {"eq": 1}}); 3000]});
        let mut deep = json!({"deaths": {"eq": 1}});
        for _ in 0..50 {
            deep = json!({"not": deep});
        }
        let mut linked = json!({"deaths": {"eq": 1}});
        for _ in 0..15 {
            linked = json!({"victims": {"some": {"accident": {"some": linked}}}});
        }
        for (name, condition) in [("wide", wide), ("deep", deep), ("linked", linked)] {
            let answer = hub.ask(&token, query, json!({"w": condition})).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX",
                "{backend:?} {name}: {answer}"
            );
        }
    }
}

/// The condition judged by hand on a row as listed: an empty value meets nothing but `isNull:
/// true`.
fn meets(row: &Value, condition: &Value) -> bool {
    let parts = condition.as_object().expect("a condition");
    parts.iter().all(|(name, part)| match name.as_str() {
        "and" => part.as_array().expect("a list").iter().all(|inner| meets(row, inner)),
        "or" => part.as_array().expect("a list").iter().any(|inner| meets(row, inner)),
        "not" => !meets(row, part),
        name => part.as_object().expect("tests").iter().all(|(test, value)| {
            let own = &row[name];
            let order = || match (own, value) {
                (Value::Number(one), Value::Number(two)) => one.as_i64().cmp(&two.as_i64()),
                (Value::String(one), Value::String(two)) => one.cmp(two),
                _ => unreachable!("{own} against {value}"),
            };
            match test.as_str() {
                "isNull" => own.is_null() == value.as_bool().expect("yes or no"),
                _ if own.is_null() => false,
                "eq" => own == value,
                "in" => value.as_array().expect("a list").contains(own),
                "gt" => order().is_gt(),
                "gte" => order().is_ge(),
                "lt" => order().is_lt(),
                "lte" => order().is_le(),
                "prefix" => own.as_str().expect("text").starts_with(value.as_str().expect("text")),
                "contains" => own.as_str().expect("text").contains(value.as_str().expect("text")),
                other => unreachable!("{other}"),
            }
        }),
    })
}

fn conditions() -> impl Strategy<Value = Value> {
    let tests = proptest::sample::select(vec![
        json!({"deaths": {"gt": 0}}),
        json!({"deaths": {"in": [0, 2]}}),
        json!({"lostWorkdays": {"lte": 1}}),
        json!({"lostWorkdays": {"isNull": true}}),
        json!({"keyIndustry": {"eq": "COAL_MINE"}}),
        json!({"keyIndustry": {"in": ["COAL_MINE", "CONSTRUCTION"]}}),
        json!({"approvedAt": {"gte": "2024-05-02"}}),
        json!({"approvedAt": {"lt": "2024-05-02"}}),
        json!({"employerName": {"contains": "C"}}),
        json!({"employerName": {"prefix": "朔"}}),
        json!({"employerName": {"isNull": false}}),
        json!({"fire": {"eq": false}}),
        json!({"industryCode": {"prefix": "0"}}),
        json!({"regionCode": {"eq": OTHER_COUNTY}}),
        json!({"grade": {"isNull": true}}),
    ]);
    tests.prop_recursive(3, 20, 3, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..3);
        proptest::prop_oneof![
            inner.prop_map(|one| json!({"not": one})),
            list.clone().prop_map(|list| json!({"and": list})),
            list.prop_map(|list| json!({"or": list})),
        ]
    })
}

#[tokio::test]
async fn random_conditions_find_what_they_find_by_hand_on_both_databases() {
    let mut runner = runner(1);
    let rows = accidents(60).new_tree(&mut runner).expect("rows").current();
    let hubs = both(&rows).await;
    let query = "{ accidents(first: 200) { nodes { accidentNo deaths lostWorkdays keyIndustry approvedAt employerName fire \
                 industryCode regionCode grade } } }";
    for hub in &hubs {
        let listed =
            hub.data(&hub.reader("EMERGENCY", CITY), query).await["accidents"]["nodes"].clone();
        let listed = listed.as_array().expect("rows");
        let mut runner = crate::paging::runner(1);
        for _ in 0..60 {
            let condition = conditions().new_tree(&mut runner).expect("a condition").current();
            let by_hand = listed.iter().filter(|row| meets(row, &condition));
            let mut by_hand: Vec<&str> =
                by_hand.map(|row| row["accidentNo"].as_str().expect("a number")).collect();
            by_hand.sort_unstable();
            assert_eq!(found(hub, &condition).await, by_hand, "{condition}");
        }
    }
}

/// A condition at the end of a chain of links.
fn behind(links: &[&str], condition: Value) -> Value {
    links.iter().rev().fold(condition, |inner, link| json!({*link: {"some": inner}}))
}

#[tokio::test]
async fn conditions_follow_links_in_both_directions() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HRSS", "Employer", "e", vec![employer("E1", 1), employer("E2", 2)]).await;
        let rows = vec![
            accident("A1"),
            with(accident("A2"), json!({"deaths": 5, "employerUscc": uscc(2)})),
            with(accident("A3"), json!({"employerUscc": null})),
        ];
        hub.take("EMERGENCY", "Accident", "a", rows).await;
        let dead = with(victim("V3", "A2", &man(3)), json!({"injuryDegree": "DEATH"}));
        hub.take(
            "EMERGENCY",
            "AccidentVictim",
            "v",
            vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2)), dead],
        )
        .await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        hub.take(
            "HRSS",
            "WorkInjury",
            "w",
            vec![
                injury("W1", "A1", &man(1)),
                with(injury("W2", "A9", &man(7)), json!({"fatal": true})),
            ],
        )
        .await;
        for (condition, numbers) in [
            (json!({"victims": {"some": {}}}), &["A1", "A2"][..]),
            (json!({"victims": {"none": {}}}), &["A3"]),
            (json!({"victims": {"some": {"injuryDegree": {"eq": "DEATH"}}}}), &["A2"]),
            (json!({"victims": {"none": {"injuryDegree": {"eq": "DEATH"}}}}), &["A1", "A3"]),
            (
                json!({"victims": {"some": {"injuryDegree": {"eq": "SERIOUS"}}, "none": {"victimNo": {"eq": "V9"}}}}),
                &["A1"],
            ),
            (json!({"workInjuries": {"some": {"fatal": {"eq": false}}}}), &["A1"]),
            (json!({"employer": {"some": {"uscc": {"eq": uscc(2)}}}}), &["A2"]),
            (json!({"employer": {"none": {}}}), &["A3"]),
            (json!({"not": {"victims": {"some": {"name": {"prefix": "王"}}}}}), &["A3"]),
            (
                json!({"victims": {"some": {"accident": {"some": {"victims": {"some": {"accident": {"some": {"deaths": {"eq": 5}}}}}}}}}}),
                &["A2"],
            ),
            (
                // So long that PostgreSQL would cut names made of the whole chain and take two
                // levels for one.
                behind(
                    &[
                        "employer",
                        "accidents",
                        "employer",
                        "accidents",
                        "employer",
                        "accidents",
                        "employer",
                        "accidents",
                        "victims",
                    ],
                    json!({"victimNo": {"eq": "V2"}}),
                ),
                &["A1"],
            ),
        ] {
            assert_eq!(found(&hub, &condition).await, numbers, "{backend:?}: {condition}");
        }
        let token = hub.reader("HRSS", CITY);
        let query = "query($w: WorkInjuryWhere) { workInjuries(where: $w) { nodes { caseNo } } }";
        for (condition, numbers) in [
            (json!({"accident": {"some": {"deaths": {"eq": 1}}}}), json!([{"caseNo": "W1"}])),
            (json!({"accident": {"none": {}}}), json!([{"caseNo": "W2"}])),
            (json!({"person": {"some": {"personNo": {"eq": "P1"}}}}), json!([{"caseNo": "W1"}])),
            (json!({"victim": {"some": {"victimNo": {"eq": "V1"}}}}), json!([{"caseNo": "W1"}])),
            (json!({"idNumber": {"eq": man(7)}}), json!([{"caseNo": "W2"}])),
            (json!({"idNumber": {"in": [man(1), man(9)]}}), json!([{"caseNo": "W1"}])),
            (json!({"idNumber": {"isNull": true}}), json!([])),
        ] {
            let answer = hub.ask(&token, query, json!({"w": condition})).await;
            assert_eq!(
                answer["data"]["workInjuries"]["nodes"], numbers,
                "{backend:?} {condition}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn a_name_is_found_however_its_dot_is_written() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let ways = ["买买提·艾力", "买买提•艾力", "买买提・艾力", "买买提艾力", "买买提 艾力"];
        let mut rows: Vec<_> = (1..)
            .zip(ways)
            .map(|(order, name)| {
                with(person(&format!("P{order}"), &man(order)), json!({"name": name}))
            })
            .collect();
        rows.push(with(person("P9", &man(9)), json!({"name": "买买提·艾山"})));
        hub.take("HRSS", "Person", "p", rows).await;
        let reader = hub.reader("HRSS", CITY);
        for name in ways {
            let query = format!(
                "{{ persons(where: {{name: {{eq: \"{name}\"}}}}) {{ totalCount nodes {{ name }} }} }}"
            );
            let found = hub.data(&reader, &query).await["persons"].clone();
            assert_eq!(found["totalCount"], ways.len(), "{backend:?}: {name}: {found}");
            let names: std::collections::BTreeSet<&str> = found["nodes"]
                .as_array()
                .expect("persons")
                .iter()
                .filter_map(|own| own["name"].as_str())
                .collect();
            assert!(
                names.contains("买买提·艾力") && names.contains("买买提•艾力"),
                "each is kept as it was written: {names:?}"
            );
        }
        let other = hub
            .data(
                &reader,
                "{ persons(where: {name: {in: [\"买买提艾山\", \"王\"]}}) { totalCount } }",
            )
            .await;
        assert_eq!(other["persons"]["totalCount"], 1, "{backend:?}");
    }
}

#[tokio::test]
async fn a_number_is_looked_for_as_it_is_kept_and_a_lookalike_is_refused() {
    let wide = |text: &str| -> String {
        let one = |c: char| char::from_u32(u32::from(c) + 0xfee0).expect("a character");
        text.chars().map(one).collect()
    };
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("C06-1")]).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        let (uscc, number) = (uscc(1), man(1));
        let spaced = format!("{} {}", &number[..6], &number[6..]);
        let asked = async |condition: &Value, of: &str| {
            let (department, family) =
                if of == "persons" { ("HRSS", "Person") } else { ("EMERGENCY", "Accident") };
            let token = hub.reader(department, CITY);
            let query = format!("query($w: {family}Where) {{ {of}(where: $w) {{ totalCount }} }}");
            hub.ask(&token, &query, json!({"w": condition})).await
        };
        for (condition, of) in [
            (json!({"accidentNo": {"prefix": wide("C06")}}), "accidents"),
            (json!({"accidentNo": {"prefix": "C06\u{2010}"}}), "accidents"),
            (json!({"employerUscc": {"prefix": wide(&uscc[..8]).to_lowercase()}}), "accidents"),
            (json!({"employerUscc": {"in": [wide(&uscc)]}}), "accidents"),
            (json!({"idNumber": {"eq": wide(&number)}}), "persons"),
            (json!({"idNumber": {"in": [spaced]}}), "persons"),
        ] {
            let answer = asked(&condition, of).await;
            assert_eq!(answer["data"][of]["totalCount"], 1, "{backend:?} {condition}: {answer}");
        }
        // A Cyrillic С, and a mathematical 1.
        let mixed = format!("{}\u{1d7cf}", &number[..17]);
        for (condition, of) in [
            (json!({"accidentNo": {"eq": "С06-1"}}), "accidents"),
            (json!({"accidentNo": {"prefix": "С06"}}), "accidents"),
            (json!({"employerUscc": {"in": [uscc, "С1"]}}), "accidents"),
            (json!({"idNumber": {"eq": mixed}}), "persons"),
            (json!({"idNumber": {"in": [number, mixed]}}), "persons"),
        ] {
            let answer = asked(&condition, of).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{backend:?} {condition}: {answer}"
            );
            let message = answer["errors"][0]["message"].as_str().expect("a message");
            assert!(message.contains("外文字母") && !message.contains('С'), "{message}");
        }
    }
}
