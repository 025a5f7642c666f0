//! Pages: no row lost or repeated, whatever the order, with empty values and ties, and the same
//! order on both databases.

use proptest::{
    collection::vec,
    option, prop_oneof,
    strategy::{Just, Strategy, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, OTHER_COUNTY, accident, employer, with},
    support::{Backend, Row, TestHub, backends},
};

const FIELDS: [&str; 12] = [
    "OCCURRED_AT",
    "REPORTED_AT",
    "REGION_CODE",
    "EMPLOYER_NAME",
    "KEY_INDUSTRY",
    "DEATHS",
    "DIRECT_LOSS_FEN",
    "GRADE",
    "LOST_WORKDAYS",
    "APPROVED_AT",
    "INDUSTRY_CODE",
    "ACCIDENT_TYPE",
];

/// A runner whose cases are the same at every run.
pub fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Accidents of few values, so that ties and empty values are frequent.
pub fn accidents(count: usize) -> impl Strategy<Value = Vec<Row>> {
    let instant = prop_oneof![
        Just("2023-12-31T23:59:59+08:00"),
        Just("2024-01-01T00:00:00+08:00"),
        Just("2024-01-01T07:59:59.500+08:00"),
        Just("2024-01-01T07:59:59.500001+08:00"),
        Just("2024-01-01T07:59:59.500001999+08:00"),
        Just("2024-02-29T16:00:00Z"),
    ];
    let name = prop_oneof![
        Just("朔州矿业"),
        Just("重庆建设"),
        Just("长治运输"),
        Just("ABC公司"),
        Just("abc公司"),
        Just("😀厂")
    ];
    let one = (
        (
            instant.clone(),
            option::of(instant),
            prop_oneof![Just(COUNTY), Just(OTHER_COUNTY), Just(CITY)],
        ),
        (
            option::of(name),
            option::of(prop_oneof![Just("COAL_MINE"), Just("CONSTRUCTION")]),
            0..3_u32,
        ),
        (
            option::of(prop_oneof![Just("0.01"), Just("99.99"), Just("12345678901.23")]),
            option::of(0..3_u32),
        ),
        (
            option::of(prop_oneof![Just("2024-05-01"), Just("2024-05-02")]),
            option::of(prop_oneof![Just("06"), Just("4710")]),
        ),
        (prop_oneof![Just("COLLAPSE"), Just("VEHICLE")], option::of(proptest::bool::ANY), 0..2_u32),
    );
    vec(one, count).prop_map(|rows| {
        let row = |(index, (when, who, sums, more, last)): (usize, _)| {
            let ((occurred, reported, region), (name, industry, deaths), (loss, days)) = (when, who, sums);
            let (approved, code): (Option<&str>, Option<&str>) = more;
            let (kind, fire, minor): (&str, Option<bool>, u32) = last;
            with(accident(&format!("A{index:04}")), json!({
                "occurredAt": occurred, "reportedAt": reported, "regionCode": region, "employerName": name, "keyIndustry": industry,
                "deaths": deaths, "seriousInjuries": 0, "minorInjuries": minor, "directLossYuan": loss, "lostWorkdays": days,
                "approvedAt": approved, "industryCode": code, "accidentType": kind, "fire": fire, "employerUscc": null,
            }))
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

/// Hands the same rows to a hub on each database.
pub async fn both(rows: &[Row]) -> [TestHub; 2] {
    let hubs = [TestHub::on(Backend::Sqlite).await, TestHub::on(Backend::Postgres).await];
    for hub in &hubs {
        hub.take("EMERGENCY", "Accident", "k", rows.to_vec()).await;
    }
    hubs
}

/// Walks a list page by page, forward or backward, and gives the numbers in the order of the list.
async fn walk(
    hub: &TestHub,
    token: &str,
    order: &Value,
    size: usize,
    backward: bool,
) -> Vec<String> {
    let (first, after) = if backward { ("last", "before") } else { ("first", "after") };
    let query = format!(
        "query($order: [AccidentOrder!], $size: Int, $at: String) {{ accidents(orderBy: $order, {first}: $size, {after}: $at) {{ \
         nodes {{ accidentNo }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let mut all = Vec::new();
    let mut at = Value::Null;
    loop {
        let answer = hub.ask(token, &query, json!({"order": order, "size": size, "at": at})).await;
        let page = &answer["data"]["accidents"];
        let nodes = page["nodes"].as_array().unwrap_or_else(|| unreachable!("{answer}"));
        let mut numbers: Vec<String> = nodes
            .iter()
            .map(|node| node["accidentNo"].as_str().expect("a number").to_owned())
            .collect();
        assert!(numbers.len() <= size);
        let info = &page["pageInfo"];
        let (more, back) = if backward {
            ("hasPreviousPage", "hasNextPage")
        } else {
            ("hasNextPage", "hasPreviousPage")
        };
        assert_eq!(info[back], !at.is_null(), "{answer}");
        at = info[if backward { "startCursor" } else { "endCursor" }].clone();
        if backward {
            numbers.append(&mut all);
            all = numbers;
        } else {
            all.append(&mut numbers);
        }
        assert!(all.len() <= 1000, "the walk does not end");
        if info[more] == false {
            return all;
        }
    }
}

#[tokio::test]
async fn no_row_is_lost_or_repeated_in_any_order_and_both_databases_agree() {
    let mut runner = runner(1);
    let rows = accidents(90).new_tree(&mut runner).expect("rows").current();
    let hubs = both(&rows).await;
    let orders = vec((proptest::sample::select(&FIELDS[..]), proptest::bool::ANY), 0..4);
    for _ in 0..8 {
        let mut keys: Vec<(&str, bool)> = orders.new_tree(&mut runner).expect("an order").current();
        keys.sort_by_key(|(field, _)| FIELDS.iter().rev().position(|other| other == field));
        keys.dedup_by_key(|(field, _)| *field);
        let size = (4..45_usize).new_tree(&mut runner).expect("a size").current();
        let last = proptest::bool::ANY.new_tree(&mut runner).expect("a direction").current();
        let direction = |down: bool| if down { "DESC" } else { "ASC" };
        let mut order: Vec<Value> = keys
            .iter()
            .map(|(field, down)| json!({"field": field, "direction": direction(*down)}))
            .collect();
        let mut seen = Vec::new();
        for total in [false, true] {
            if total {
                // Identifiers break ties and differ between databases; the number makes the order
                // the same.
                order.push(json!({"field": "ACCIDENT_NO", "direction": direction(last)}));
            }
            for hub in &hubs {
                let token = hub.reader("EMERGENCY", CITY);
                let order = Value::from(order.clone());
                let forward = walk(hub, &token, &order, size, false).await;
                let mut sorted = forward.clone();
                sorted.sort();
                sorted.dedup();
                assert_eq!(
                    (forward.len(), sorted.len()),
                    (rows.len(), rows.len()),
                    "{order} by {size}"
                );
                assert_eq!(
                    walk(hub, &token, &order, size, true).await,
                    forward,
                    "backward: {order} by {size}"
                );
                if total {
                    seen.push(forward);
                }
            }
        }
        assert_eq!(seen[0], seen[1], "{order:?}");
    }
}

#[tokio::test]
async fn names_are_in_the_order_of_their_pinyin_on_both_databases() {
    let names = [
        "张三矿业",
        "阿里",
        "重庆建设",
        "长治运输",
        "朔州矿业",
        "ABC公司",
        "一厂",
        "王家峪",
        "李家沟",
        "石家庄",
        "中煤",
        "２号井",
    ];
    let mut seen = Vec::new();
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = names.iter().zip(0..).map(|(name, index)| {
            with(employer(&format!("E{index}"), index), json!({"name": name}))
        });
        hub.take("HRSS", "Employer", "k", rows.collect()).await;
        let query = "{ employers(orderBy: [{field: NAME}]) { nodes { name } } }";
        let nodes = hub.data(&hub.reader("HRSS", CITY), query).await["employers"]["nodes"].clone();
        seen.push(
            nodes
                .as_array()
                .expect("nodes")
                .iter()
                .map(|node| node["name"].as_str().expect("a name").to_owned())
                .collect(),
        );
    }
    let [one, two]: [Vec<String>; 2] = seen.try_into().expect("two databases");
    assert_eq!(one, two);
    let place = |name: &str| one.iter().position(|other| other == name).expect(name);
    for (before, after) in [
        ("阿里", "李家沟"),
        ("李家沟", "石家庄"),
        ("石家庄", "朔州矿业"),
        ("朔州矿业", "王家峪"),
        ("王家峪", "一厂"),
        ("一厂", "张三矿业"),
        ("张三矿业", "中煤"),
    ] {
        assert!(place(before) < place(after), "{before} before {after}: {one:?}");
    }
}

#[tokio::test]
async fn a_cursor_serves_only_the_question_and_the_organisation_it_was_given_to() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take(
            "EMERGENCY",
            "Accident",
            "k",
            (0..5).map(|index| accident(&format!("A{index}"))).collect(),
        )
        .await;
        hub.take("EMERGENCY", "Employer", "k2", vec![employer("E1", 1)]).await;
        let token = hub.reader("EMERGENCY", CITY);
        let query = |rest: &str| {
            format!(
                "{{ accidents(first: 2, {rest}) {{ nodes {{ accidentNo }} pageInfo {{ endCursor }} }} }}"
            )
        };
        let ordered = r"orderBy: [{field: DEATHS}], where: {deaths: {gte: 1}}";
        let page = hub.data(&token, &query(ordered)).await;
        let cursor =
            page["accidents"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        let at = |rest: &str, cursor: &str| query(&format!("{rest}, after: \"{cursor}\""));
        assert_eq!(
            hub.data(&token, &at(ordered, &cursor)).await["accidents"]["nodes"]
                .as_array()
                .map(Vec::len),
            Some(2)
        );
        // Cursors are sealed: nobody reads the value of a row in them.
        let mut other = cursor.clone().into_bytes();
        other[20] = if other[20] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).expect("text");
        for wrong in [
            at(r"orderBy: [{field: DEATHS}], where: {deaths: {gte: 0}}", &cursor),
            at(r"orderBy: [{field: DEATHS, direction: DESC}], where: {deaths: {gte: 1}}", &cursor),
            at(r"orderBy: [{field: DEATHS}]", &cursor),
            at("", &cursor),
            at(ordered, &other),
            at(ordered, "x"),
            at(ordered, ""),
            at(ordered, "游标"),
            query(ordered)
                .replace("accidents", "employers")
                .replace("nodes { accidentNo }", "nodes { name }")
                .replace(ordered, &format!("after: \"{cursor}\"")),
        ] {
            assert_eq!(hub.code(&token, &wrong).await, "BAD_USER_INPUT", "{wrong}");
        }
        for stranger in [
            hub.reader("EMERGENCY", COUNTY),
            hub.reader("HRSS", CITY),
            hub.token_for("EMERGENCY", CITY, &["READER"], "INVESTIGATION", Some("1")),
        ] {
            assert_eq!(hub.code(&stranger, &at(ordered, &cursor)).await, "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn bounds_of_a_page_are_refused_when_they_make_no_sense() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    for bounds in [
        "first: -1",
        "first: 0",
        "first: 201",
        "last: 0",
        "last: -5",
        "last: 201",
        "first: 100000",
        "first: 2147483648",
        "first: 1, last: 1",
        "last: 1, after: \"x\"",
        "first: 1, before: \"x\"",
        "after: \"x\", before: \"y\"",
        "orderBy: [{field: DEATHS}, {field: DEATHS, direction: DESC}]",
        "orderBy: [{field: DEATHS}, {field: MISSING}, {field: GRADE}, {field: REGION_CODE}, {field: OCCURRED_AT}, {field: CASUALTIES}]",
        "orderBy: [{field: COURSE}]",
        "first: \"1\"",
        "first: 1.5",
    ] {
        assert_eq!(
            hub.code(&token, &format!("{{ accidents({bounds}) {{ totalCount }} }}")).await,
            "BAD_USER_INPUT",
            "{bounds}"
        );
    }
    let answer = hub
        .data(&token, "{ accidents(first: 1) { nodes { id } edges { cursor } pageInfo { endCursor hasNextPage } totalCount } }")
        .await;
    assert_eq!(
        answer["accidents"],
        json!({"nodes": [], "edges": [], "pageInfo": {"endCursor": null, "hasNextPage": false}, "totalCount": 0})
    );
}
