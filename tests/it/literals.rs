//! Values written into a document have the form that the schema asks for: what does not is refused
//! and never passed over, as if no condition or order had been given.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident},
    support::{TestHub, backends},
};

async fn handed_in(hub: &TestHub) {
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
}

#[tokio::test]
async fn a_value_of_the_wrong_form_in_a_document_is_refused_and_never_passed_over() {
    let hub = TestHub::on(backends()[0]).await;
    handed_in(&hub).await;
    let token = hub.reader("HRSS", CITY);
    for (document, place) in [
        ("{ accidents(where: EVERYTHING) { totalCount } }", "accidents.where"),
        ("{ accidents(where: \"140623\") { totalCount } }", "accidents.where"),
        ("{ accidents(where: [1]) { totalCount } }", "accidents.where"),
        ("{ accidents(where: {and: [\"x\"]}) { totalCount } }", "accidents.where.and[0]"),
        ("{ accidents(where: {employer: {some: 5}}) { totalCount } }", "accidents.where.employer"),
        ("{ accidents(orderBy: [OCCURRED_AT_DESC]) { totalCount } }", "accidents.orderBy[0]"),
        ("{ accidents(orderBy: OCCURRED_AT) { totalCount } }", "accidents.orderBy"),
        ("{ accidents(orderBy: 5) { totalCount } }", "accidents.orderBy"),
        ("{ accidents { nodes { victims(where: ALL) { name } } } }", "victims.where"),
        ("{ accidentStats(where: 5, groupBy: [KEY_INDUSTRY]) { count } }", "accidentStats.where"),
        ("{ ... on Query { accidents(where: 5) { totalCount } } }", "accidents.where"),
        (
            "{ ...a } fragment a on Query { accidents { nodes { ...b } } } \
             fragment b on Accident { victims(where: 5) { name } }",
            "victims.where",
        ),
        (
            "query($deaths: Int) { accidents(where: {and: [{deaths: {gte: $deaths}}, 5]}) { totalCount } }",
            "accidents.where.and[1]",
        ),
        ("{ changes(families: {}) { nodes { seq } } }", "changes.families"),
        (
            "{ accidents(where: {foo: 1}) { totalCount } }",
            "accidents.where.foo：AccidentWhere 没有这个字段",
        ),
        // A client that drops what is not defined would ask for everything.
        ("{ accidents(where: {employerUscc: {}}) { totalCount } }", "employerUscc"),
        ("{ accidents(where: {and: [{employer: {}}]}) { totalCount } }", "employer"),
    ] {
        let answer: Value = hub.ask(&token, document, json!({"deaths": 0})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{document}: {answer}"
        );
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(place), "{document}: {message}");
    }
    let unknown = "{ accidents(where: {foo: 1}) { totalCount } }";
    let answer = hub.ask_in_english(&token, unknown, json!({})).await;
    let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(
        message.is_ascii() && message.contains("accidents.where.foo: AccidentWhere has no"),
        "{message}"
    );
    let rows = "mutation { submitAccidents(input: {rows: [5], mode: PARTIAL, idempotencyKey: \"x\"}) { created } }";
    let answer = hub.ask(&hub.both("EMERGENCY"), rows, json!({})).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap_or_default().contains("input.rows[0]"));
}

#[tokio::test]
async fn a_document_found_valid_is_held_to_the_form_of_its_defaults() {
    let hub = TestHub::on(backends()[0]).await;
    handed_in(&hub).await;
    let token = hub.reader("HRSS", CITY);
    for (document, value) in [
        ("query($w: AccidentWhere = 5) { accidents(where: $w) { totalCount } }", json!({})),
        ("query($w: [AccidentOrder!] = 5) { accidents(orderBy: $w) { totalCount } }", json!({})),
        (
            "query($w: AccidentWhere = {deaths: {gte: 0}}) { accidents(where: {or: [$w]}) { totalCount } }",
            Value::Null,
        ),
        (
            "query Named($w: AccidentOrder = {field: OCCURRED_AT}) { accidents(orderBy: [$w]) { totalCount } }",
            Value::Null,
        ),
    ] {
        let good = if document.contains("Order") {
            json!({"w": {"field": "OCCURRED_AT"}})
        } else {
            json!({"w": {"deaths": {"gte": 0}}})
        };
        hub.ask(&token, document, good).await;
        let bad = if value.is_null() { json!({ "w": null }) } else { value };
        let answer: Value = hub.ask(&token, document, bad).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{document}: {answer}"
        );
    }
}

#[tokio::test]
async fn what_the_specification_allows_is_not_refused() {
    let hub = TestHub::on(backends()[0]).await;
    handed_in(&hub).await;
    let token = hub.reader("HRSS", CITY);
    let two = "query A { accidents { totalCount } } query B($f: AccidentOrderField!) { ...b } \
               fragment b on Query { accidents(orderBy: {field: $f, direction: DESC}) { totalCount } }";
    let body = json!({"query": two, "operationName": "A"}).to_string();
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    let (_, _, bytes) = hub.request(request.body(body).expect("a request")).await;
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(answer["data"]["accidents"]["totalCount"], 1, "{answer}");
    let good = "query($deaths: Int = 0, $none: Int, $way: SortDirection) { accidents(first: $none, \
                where: {and: {deaths: {gte: $deaths}, accidentNo: {in: \"A1\"}}}, \
                orderBy: {field: OCCURRED_AT, direction: $way}) { totalCount } }";
    for variables in [json!({}), json!({"deaths": 0})] {
        let answer = hub.ask(&token, good, variables).await;
        assert_eq!(answer["data"]["accidents"]["totalCount"], 1, "{answer}");
    }
}
