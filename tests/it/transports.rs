//! The same question over every transport gets the same answer: by POST in either media type, as
//! events, over a WebSocket.

use lianfang::app::Settings;
use serde_json::{Value, json};

use crate::{
    consumer::WITHDRAW,
    live_client::{Events, FOLLOW, Socket, listening},
    samples::{CITY, accident, man, person},
    support::{Backend, TestHub, backends},
};

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
const EVENTS: &str = "text/event-stream; charset=utf-8";

/// What clients send as they come, and in what a query is answered.
const CLIENTS: [(&str, &str, &str); 11] = [
    (
        "urql 4 and 5",
        "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
        GRAPHQL,
    ),
    ("Apollo Client 3", "*/*", JSON),
    (
        "Apollo Client 3.8 and later",
        "application/graphql-response+json,application/json;q=0.9",
        GRAPHQL,
    ),
    (
        "Apollo Client with @defer",
        "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
        GRAPHQL,
    ),
    ("graphql-request 7", "application/graphql-response+json, application/json", GRAPHQL),
    (
        "Relay with fetch as documented",
        "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
        GRAPHQL,
    ),
    ("graphql-sse", "text/event-stream", EVENTS),
    ("graphql-http client", "application/graphql-response+json, application/json", GRAPHQL),
    (
        "Strawberry Shake",
        "application/graphql-response+json; charset=utf-8, multipart/mixed; charset=utf-8, text/event-stream; charset=utf-8",
        GRAPHQL,
    ),
    ("curl", "*/*", JSON),
    ("GraphiQL", "application/json, multipart/mixed", JSON),
];

/// A question by POST; gives status, media type and body.
async fn post(hub: &TestHub, token: &str, accept: &str, query: &str) -> (u16, String, String) {
    let mut request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", accept);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let (status, headers, body) =
        hub.request(request.body(json!({"query": query}).to_string()).expect("a request")).await;
    let media = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    (status.as_u16(), media, String::from_utf8(body).expect("text"))
}

/// The results of a body of events that has ended as it should.
fn results(body: &str) -> Vec<Value> {
    let events = body
        .strip_suffix("event: complete\ndata:\n\n")
        .unwrap_or_else(|| unreachable!("not completed: {body}"));
    let read = |event: &str| {
        let data = event
            .strip_prefix("event: next\ndata: ")
            .unwrap_or_else(|| unreachable!("no result: {event}"));
        serde_json::from_str(data).expect("JSON")
    };
    events.split_terminator("\n\n").map(read).collect()
}

#[tokio::test]
async fn every_usual_client_is_answered_in_what_it_reads_first() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    for (client, accept, media) in CLIENTS {
        let (status, given, body) = post(&hub, &token, accept, "{ viewer { department } }").await;
        assert_eq!((status, given.as_str()), (200, media), "{client}: {body}");
        let answer = if media == EVENTS {
            results(&body)[0].clone()
        } else {
            serde_json::from_str(&body).expect("JSON")
        };
        assert_eq!(answer["data"], json!({"viewer": {"department": "EMERGENCY"}}), "{client}");
    }
}

#[tokio::test]
async fn events_come_when_they_are_preferred_or_nothing_else_can_carry_the_answer() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    for (accept, query, subscription) in [
        ("text/event-stream", EVENTS, EVENTS),
        ("text/event-stream, application/json", EVENTS, EVENTS),
        ("text/event-stream, */*", EVENTS, EVENTS),
        ("application/json;q=0.5, text/event-stream;q=0.8", EVENTS, EVENTS),
        ("text/*", EVENTS, EVENTS),
        ("application/json, text/event-stream", JSON, EVENTS),
        ("application/json, text/event-stream;q=0.1", JSON, EVENTS),
        ("text/event-stream;q=0.5, */*", JSON, EVENTS),
        ("application/json, text/event-stream;q=0", JSON, JSON),
        ("text/event-stream;q=0.0, */*", JSON, JSON),
        ("application/json", JSON, JSON),
        ("*/*", JSON, JSON),
    ] {
        assert_eq!(
            post(&hub, &token, accept, "{ viewer { department } }").await.1,
            query,
            "{accept}"
        );
        let ask = http::Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", accept);
        let ask = ask.header("authorization", format!("Bearer {token}"));
        let answer = hub
            .respond(ask.body(json!({"query": FOLLOW}).to_string().into()).expect("a request"))
            .await;
        assert_eq!(answer.headers()["content-type"], subscription, "{accept}");
    }
}

#[tokio::test]
async fn a_document_that_is_refused_is_told_as_an_event_to_whoever_reads_events() {
    let hub = TestHub::sqlite().await;
    for query in [
        "{",
        "{ noSuchField }",
        "query A { __typename } query B { __typename }",
        "{ viewer { subject } } #",
    ] {
        let query = query.replace('#', &"#".repeat(70_000));
        let (status, media, body) = post(&hub, "", "text/event-stream", &query).await;
        assert_eq!((status, media.as_str()), (200, EVENTS), "{query:.40}");
        let told = results(&body);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].get("data").is_none() && told[0]["errors"][0]["extensions"]["code"].is_string(),
            "{query:.40}: {told:?}"
        );
    }
    let get = http::Request::get("/graphql?query=mutation%7B__typename%7D")
        .header("accept", "text/event-stream");
    let (status, headers, _) = hub.request(get.body(String::new()).expect("a request")).await;
    assert_eq!((status.as_u16(), headers["allow"].to_str().ok()), (405, Some("POST")));
}

#[tokio::test]
async fn queries_and_mutations_are_answered_over_a_socket_as_the_protocol_says() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let token = hub.both("EMERGENCY");
        let mut socket = Socket::greeted(address, &token).await;
        let input = json!({"rows": [accident("A1")], "mode": "ATOMIC", "idempotencyKey": "k"});
        let submit = "mutation($input: SubmitAccidentsInput!) { submitAccidents(input: $input) { created verdicts { id } } }";
        socket.ask("m", submit, json!({"input": input})).await;
        let taken = socket.hear().await;
        assert_eq!(
            (&taken["type"], &taken["id"]),
            (&json!("next"), &json!("m")),
            "{backend:?}: {taken}"
        );
        assert_eq!(
            taken["payload"]["data"]["submitAccidents"]["created"], 1,
            "{backend:?}: {taken}"
        );
        assert_eq!(socket.hear().await, json!({"type": "complete", "id": "m"}), "{backend:?}");
        let query = "{ accidents { totalCount nodes { accidentNo } } }";
        socket.ask("m", query, Value::Null).await;
        let told = socket.hear().await;
        let posted = hub.ask(&token, query, Value::Null).await;
        assert_eq!(told["payload"]["data"], posted["data"], "{backend:?}: {told}");
        assert_eq!(
            told["payload"]["extensions"]["cost"], posted["extensions"]["cost"],
            "{backend:?}"
        );
        assert_eq!(socket.hear().await, json!({"type": "complete", "id": "m"}), "{backend:?}");
        // An error of a field is part of a result; a document that is not executed is an error in
        // its place.
        let gone = json!({"id": taken["payload"]["data"]["submitAccidents"]["verdicts"][0]["id"], "reason": ""});
        socket.ask("e", WITHDRAW, gone).await;
        let told = socket.hear().await;
        assert_eq!(
            (&told["type"], &told["payload"]["errors"][0]["extensions"]["code"]),
            (&json!("next"), &json!("BAD_USER_INPUT"))
        );
        assert_eq!(socket.hear().await["type"], "complete");
        for wrong in [
            "{",
            "{ noSuchField }",
            "query A { __typename } query B { __typename }",
            &format!("{{ {} }}", "a:__typename ".repeat(200)),
        ] {
            socket.ask("w", wrong, Value::Null).await;
            let told = socket.hear().await;
            assert_eq!(
                (&told["type"], &told["id"]),
                (&json!("error"), &json!("w")),
                "{wrong:.40}: {told}"
            );
            let code = told["payload"][0]["extensions"]["code"].as_str().unwrap_or_default();
            assert!(matches!(code, "BAD_USER_INPUT" | "TOO_COMPLEX"), "{wrong:.40}: {told}");
        }
        // A subscription beside them goes on, and its identifier stays taken.
        socket.follow("s", json!({"families": ["Accident"]})).await;
        socket.events("s").await;
        socket.ask("q", query, Value::Null).await;
        assert_eq!(socket.hear().await["type"], "next");
        assert_eq!(socket.hear().await, json!({"type": "complete", "id": "q"}));
        socket.ask("s", query, Value::Null).await;
        assert_eq!(socket.hear().await, json!({"close": 4409}), "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn what_is_audited_over_post_is_audited_over_every_transport() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        hub.take("HRSS", "Person", "p", vec![person("P1", &man(1))]).await;
        let reader = hub.reader("HRSS", CITY);
        let union = hub.reader("UNION", CITY);
        let shown = "{ persons { nodes { name } } }";
        let refused = "{ persons(where: {name: {eq: \"王小明\"}}) { totalCount } }";
        let entries = async || {
            let sql = "SELECT department || ' ' || operation || ' ' || outcome FROM audit_entries WHERE department IN ('HRSS', 'UNION') \
                       AND operation LIKE 'query%' ORDER BY seq";
            hub.db_texts(sql).await
        };
        hub.ask(&reader, shown, Value::Null).await;
        hub.ask(&union, refused, Value::Null).await;
        let expected = entries().await;
        assert_eq!(expected.len(), 2, "{backend:?}: {expected:?}");
        for (token, query) in [(&reader, shown), (&union, refused)] {
            results(&post(&hub, token, "text/event-stream", query).await.2);
        }
        for (token, query) in [(&reader, shown), (&union, refused)] {
            let mut socket = Socket::greeted(address, token).await;
            socket.ask("1", query, Value::Null).await;
            assert_eq!(socket.hear().await["type"], "next");
        }
        assert_eq!(
            entries().await,
            [expected.clone(), expected.clone(), expected].concat(),
            "{backend:?}"
        );
    }
}

#[tokio::test]
async fn a_hub_without_a_place_says_so_over_every_transport() {
    let settings = Settings { places: 0, ..Settings::default() };
    let hub = TestHub::with(Backend::Sqlite, settings).await;
    let token = hub.reader("EMERGENCY", CITY);
    for accept in ["application/json", "text/event-stream"] {
        let (status, _, body) = post(&hub, &token, accept, "{ viewer { subject } }").await;
        assert!(status == 503 && body.contains("UNAVAILABLE"), "{accept}: {status} {body}");
    }
    let mut socket = Socket::greeted(listening(&hub).await, &token).await;
    socket.ask("1", "{ viewer { subject } }", Value::Null).await;
    let told = socket.hear().await;
    assert_eq!(
        (&told["type"], &told["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("UNAVAILABLE")),
        "{told}"
    );
}

#[tokio::test]
async fn who_reads_no_records_may_ask_what_is_theirs_over_a_socket_and_is_refused_the_feed() {
    let hub = TestHub::sqlite().await;
    let address = listening(&hub).await;
    let token = hub.token("HRSS", CITY, &["OPERATOR"]);
    let mut socket = Socket::greeted(address, &token).await;
    socket.ask("1", "{ viewer { roles } }", Value::Null).await;
    assert_eq!(socket.hear().await["payload"]["data"], json!({"viewer": {"roles": ["OPERATOR"]}}));
    assert_eq!(socket.hear().await["type"], "complete");
    socket.follow("2", Value::Null).await;
    let told = socket.hear().await;
    assert_eq!(
        (&told["type"], &told["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("FORBIDDEN")),
        "{told}"
    );
    let refused = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'subscription changes' AND outcome = 'FORBIDDEN'";
    assert_eq!(hub.db_count(refused).await, 1);
    let mut events =
        Events::open(address, &token, json!({"query": "{ viewer { roles } }"}), &[]).await;
    let (name, id, told) = events.event().await.expect("a result");
    assert_eq!(
        (name.as_str(), id.as_str(), &told["data"]),
        ("next", "", &json!({"viewer": {"roles": ["OPERATOR"]}}))
    );
    assert_eq!(events.event().await.map(|event| event.0), Some("complete".to_owned()));
}
