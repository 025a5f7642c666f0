//! The form of an answer: what stands under which name, in which order, for aliases, fragments and
//! repeated names.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, employer, man, person, uscc, victim, with},
    support::{TestHub, backends},
};

async fn filled(hub: &TestHub) {
    let own = json!({"employerUscc": uscc(1)});
    hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
    hub.take("HRSS", "Person", "p", vec![with(person("P1", &man(1)), own.clone())]).await;
    hub.take("EMERGENCY", "Accident", "a", vec![with(accident("A1"), own)]).await;
    hub.take(
        "EMERGENCY",
        "AccidentVictim",
        "v",
        vec![victim("V1", "A1", &man(1)), victim("V2", "A1", &man(2))],
    )
    .await;
}

/// Names in the order in which they stand in the JSON text.
fn in_order(text: &str, names: &[&str]) -> bool {
    let places: Vec<_> = names.iter().map(|name| text.find(&format!("\"{name}\":"))).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

#[tokio::test]
async fn root_fields_stand_in_the_order_in_which_they_were_asked_for() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let query = "query { z: accidents { totalCount nodes { a: victims { name } b: accidentNo } } __typename \
                     viewer { subject } ...Rest } fragment Rest on Query { persons { totalCount } y: accidentStats { count } }";
        let request = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body(json!({"query": query}).to_string());
        let (_, _, bytes) = hub.request(request.expect("a request")).await;
        let body = String::from_utf8(bytes).expect("JSON is UTF-8");
        assert!(
            in_order(&body, &["z", "__typename", "viewer", "persons", "y"]),
            "{backend:?} {body}"
        );
        assert!(in_order(&body, &["totalCount", "nodes", "a", "b"]), "{backend:?} {body}");
    }
}

#[tokio::test]
async fn uses_of_one_name_are_joined_and_other_names_stand_apart() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let answer = hub
            .data(
                &token,
                "{ accidents { totalCount } accidents { nodes { accidentNo } nodes { victims(first: 1) { victimNo } \
                 victims(first: 1) { injuryDegree } } one: nodes { victims(first: 2) { victimNo } } \
                 edges { node { region { name } region { code } } } } }",
            )
            .await;
        let page = &answer["accidents"];
        assert_eq!(page["totalCount"], 1, "{backend:?}");
        assert_eq!(page["nodes"][0]["accidentNo"], "A1");
        assert_eq!(page["nodes"][0]["victims"].as_array().map(Vec::len), Some(1));
        assert!(page["nodes"][0]["victims"][0]["victimNo"].is_string());
        assert!(page["nodes"][0]["victims"][0]["injuryDegree"].is_string());
        assert_eq!(
            page["one"][0]["victims"].as_array().map(Vec::len),
            Some(2),
            "another name has its own arguments"
        );
        assert_eq!(page["edges"][0]["node"]["region"]["code"], "140602");
        assert!(page["edges"][0]["node"]["region"]["name"].is_string());
    }
}

#[tokio::test]
async fn fragments_of_another_type_are_left_out() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let id = hub.data(&token, "{ accidents { nodes { id } } }").await["accidents"]["nodes"][0]
            ["id"]
            .clone();
        let query = format!(
            "{{ node(id: {id}) {{ __typename ... on Node {{ id }} ... on Accident {{ list: victims(first: 1) {{ victimNo }} }} \
             ... on Employer {{ list: accidents(first: 2) {{ accidentNo }} name }} ...Person }} }} \
             fragment Person on Person {{ personNo }}"
        );
        let node = hub.data(&token, &query).await["node"].clone();
        let names: Vec<&String> = node.as_object().expect("a record").keys().collect();
        assert_eq!(names, ["__typename", "id", "list"], "{backend:?}");
        assert_eq!((&node["__typename"], &node["id"]), (&json!("Accident"), &id));
        assert_eq!(node["list"].as_array().map(Vec::len), Some(1), "the arguments of its own type");
        assert!(node["list"][0]["victimNo"].is_string());
    }
}

#[tokio::test]
async fn a_record_is_read_with_what_its_links_to_one_lead_to_in_one_statement() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let id = hub.data(&token, "{ accidents { nodes { id } } }").await["accidents"]["nodes"][0]
            ["id"]
            .clone();
        let query = format!(
            "{{ accident(id: {id}) {{ accidentNo employer {{ name uscc }} region {{ name }} }} }}"
        );
        let before = hub.services.database.statements();
        let found = hub.data(&token, &query).await["accident"].clone();
        assert_eq!(hub.services.database.statements() - before, 1, "{backend:?}");
        assert_eq!(found["employer"]["uscc"], uscc(1).as_str());
        // The same as by a list, where the level is read by a statement of its own.
        let listed = hub
            .data(
                &token,
                "{ accidents { nodes { accidentNo employer { name uscc } region { name } } } }",
            )
            .await;
        assert_eq!(listed["accidents"]["nodes"][0], found, "{backend:?}");
    }
}

#[tokio::test]
async fn of_several_holders_the_social_security_record_speaks_however_it_is_reached() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        // EMERGENCY holds the employer too, and was first.
        hub.take(
            "EMERGENCY",
            "Employer",
            "e0",
            vec![with(employer("X1", 1), json!({"name": "另一名称有限公司"}))],
        )
        .await;
        filled(&hub).await;
        let token = hub.reader("HRSS", CITY);
        let id = hub.data(&token, "{ accidents { nodes { id } } }").await["accidents"]["nodes"][0]
            ["id"]
            .clone();
        let one = hub
            .data(&token, &format!("{{ accident(id: {id}) {{ employer {{ id department }} }} }}"))
            .await;
        let many = hub.data(&token, "{ accidents { nodes { employer { id department } } } }").await;
        assert_eq!(one["accident"]["employer"]["department"], "HRSS", "{backend:?}");
        assert_eq!(
            many["accidents"]["nodes"][0]["employer"], one["accident"]["employer"],
            "{backend:?}"
        );
    }
}

#[tokio::test]
async fn a_document_found_valid_is_held_to_the_types_of_its_variables_every_time() {
    let hub = TestHub::on(backends()[0]).await;
    filled(&hub).await;
    let token = hub.reader("HRSS", CITY);
    let query = "query($where: AccidentWhere, $first: Int, $order: [AccidentOrder!]) { accidents(where: $where, first: $first, \
                 orderBy: $order) { totalCount } }";
    let good = json!({"where": {"deaths": {"gte": 0}}, "first": 5, "order": {"field": "OCCURRED_AT", "direction": "DESC"}});
    for _ in 0..2 {
        let answer = hub.ask(&token, query, good.clone()).await;
        assert_eq!(answer["data"]["accidents"]["totalCount"], 1, "{answer}");
    }
    for (variables, place) in [
        (json!({"where": {"deaths": {"gte": "many"}}, "first": 5}), "$where.deaths.gte"),
        (json!({"where": {"nothing": {"gte": 1}}, "first": 5}), "$where.nothing"),
        (json!({"where": 7, "first": 5}), "$where"),
        (json!({"where": {}, "first": "5"}), "$first"),
        (
            json!({"where": {}, "order": [{"field": "OCCURRED_AT", "direction": "DESC"}, {"direction": "ASC"}]}),
            "$order[1].field",
        ),
        (
            json!({"where": {}, "order": [{"field": "SOMETHING", "direction": "ASC"}]}),
            "$order[0].field",
        ),
        (json!({"where": {}, "order": [null]}), "$order[0]"),
    ] {
        let answer: Value = hub.ask(&token, query, variables.clone()).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{variables}: {answer}"
        );
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(place), "{variables}: {message}");
        assert!(
            !message.contains("many") && !message.contains("SOMETHING"),
            "no value is repeated: {message}"
        );
    }
}

/// A document that is known to be valid is not gone through by the library again. What it answers
/// must not tell: a comment makes the same document a new one.
#[tokio::test]
async fn a_document_asked_again_is_answered_as_one_that_is_new() {
    const DOCUMENTS: [&str; 15] = [
        "query Named($n: Int = 1) { accidents { nodes { victims(first: $n) { victimNo } } } }",
        "query($x: Boolean!) { accidents { totalCount @skip(if: $x) nodes { accidentNo victims @include(if: $x) { name } } } }",
        "query($x: Boolean!) { accidents @skip(if: $x) { totalCount } persons { totalCount } }",
        "query($x: Boolean!) { accidents { nodes { ...A } } } fragment A on Accident { accidentNo @include(if: $x) victims { ...V } } \
         fragment V on AccidentVictim { name ... @skip(if: $x) { victimNo } }",
        "query($n: Int = 1) { accidents { nodes { victims(first: $n) { victimNo } } } }",
        "query($n: Int) { accidents(first: 1) { nodes { victims(first: $n) { victimNo } } } }",
        "query($n: Int!) { accidents { nodes { victims(first: $n) { victimNo } } } }",
        "query($w: AccidentWhere) { a: accidents(where: $w) { totalCount } b: accidents(where: {accidentNo: {eq: \"A1\"}}) { totalCount } }",
        "{ accidents { totalCount } accidents { nodes { accidentNo } } accidents { nodes { id: __typename } } }",
        "query($id: ID!) { accident(id: $id) { id accidentNo victims { victimNo } } }",
        "query($id: ID!) { a: accident(id: $id) { ... on Node { id } ... on Accident { no: accidentNo } } p: person(id: $id) { name } }",
        "{ accidents { nodes { accidentNo } } ...R } fragment R on Query { persons { totalCount } }",
        "{ __typename accidents { totalCount } }",
        "{ accidents(first: -1) { totalCount } persons { totalCount } }",
        "query($w: AccidentWhere!) { accidents(where: $w) { nodes { accidentNo } } }",
    ];
    let hub = TestHub::sqlite().await;
    filled(&hub).await;
    let token = hub.reader("HRSS", CITY);
    let id =
        hub.data(&token, "{ accidents { nodes { id } } }").await["accidents"]["nodes"][0]["id"]
            .clone();
    let values = [
        json!({"x": true, "n": 1, "id": id, "w": {"accidentNo": {"eq": "A1"}}}),
        json!({"x": false, "n": 2, "id": "nobody", "w": {"accidentNo": {"eq": "A9"}}}),
        json!({"x": true, "n": null, "id": 7, "w": null}),
        json!({"x": "yes", "n": "many", "w": {"accidentNo": {"like": 1}}}),
        json!({}),
    ];
    let told = |mut answer: Value| {
        answer["extensions"] = Value::Null;
        for error in answer["errors"].as_array_mut().into_iter().flatten() {
            error["extensions"]["requestId"] = Value::Null;
        }
        answer
    };
    let mut number = 0;
    for document in DOCUMENTS {
        for _ in 0..2 {
            for given in &values {
                let used = |name: &str| document.contains(&format!("${name}"));
                let given: serde_json::Map<_, _> = given
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| used(name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                number += 1;
                let again = told(hub.ask(&token, document, json!(given)).await);
                let new = format!("{document} # {number}");
                assert_eq!(
                    again,
                    told(hub.ask(&token, &new, json!(given)).await),
                    "{document} {given:?}"
                );
            }
        }
    }
}
