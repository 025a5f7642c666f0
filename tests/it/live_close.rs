//! How live connections end, and what is refused on them.

use std::time::Duration;

use lianfang::{app::Settings, authz::token::TokenRequest, context::OpCtx};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    live_client::{Events, FOLLOW, Socket, listening},
    patience::until,
    samples::{CITY, accident, with},
    support::{Backend, TestHub, backends},
};

const CLOSED: fn(u16) -> Value = |code| json!({"close": code});

/// A hub with settings of its own.
async fn hub_with(change: impl FnOnce(&mut Settings)) -> TestHub {
    let mut settings = Settings::default();
    change(&mut settings);
    TestHub::with(Backend::Sqlite, settings).await
}

/// A token that ends soon.
fn short(hub: &TestHub, seconds: i64) -> String {
    let order = TokenRequest {
        subject: "test".to_owned(),
        department: "EMERGENCY".to_owned(),
        region: CITY.to_owned(),
        roles: vec!["READER".to_owned()],
        purpose: "ROUTINE_SHARING".to_owned(),
        ticket: None,
        seconds,
    };
    hub.services
        .tokens
        .issue(&hub.services.policy, order, OpCtx::begin("test").now())
        .expect("a token")
        .text
}

#[tokio::test]
async fn another_sub_protocol_is_refused_before_anything_is_said() {
    let hub = TestHub::sqlite().await;
    let address = listening(&hub).await;
    for headers in [&[][..], &[("sec-websocket-protocol", "graphql-ws")][..]] {
        assert_eq!(Socket::with(address, headers).await.err(), Some(400), "{headers:?}");
    }
    let both = [("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")];
    assert!(Socket::with(address, &both).await.is_ok());
    let bad = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", "Bearer x")];
    assert_eq!(Socket::with(address, &bad).await.err(), Some(401));
}

#[tokio::test]
async fn who_does_not_keep_to_the_protocol_is_told_why_the_connection_ends() {
    let hub = hub_with(|settings| settings.live.message_bytes = 4096).await;
    let address = listening(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    for (said, code) in [
        (Message::text("hello"), 4400),
        (Message::text(r#"{"type":"subscribe","id":"1"}"#), 4400),
        (Message::binary(vec![1, 2, 3]), 4400),
        (Message::text("x".repeat(10_000)), 1009),
        (
            Message::text(
                json!({"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}}).to_string(),
            ),
            4401,
        ),
        (Message::text(r#"{"type":"connection_init"}"#), 4401),
        (
            Message::text(r#"{"type":"connection_init","payload":{"authorization":"Bearer x"}}"#),
            4401,
        ),
    ] {
        let mut socket = Socket::open(address).await;
        socket.say_raw(said.clone()).await;
        assert_eq!(socket.hear().await, CLOSED(code), "{said:?}");
    }
    let mut socket = Socket::greeted(address, &token).await;
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await, CLOSED(4429));
    let mut socket = Socket::greeted(address, &token).await;
    socket.follow("1", Value::Null).await;
    socket.page("1").await;
    socket.follow("1", Value::Null).await;
    assert_eq!(socket.hear().await, CLOSED(4409));
}

#[tokio::test]
async fn a_token_in_the_header_is_as_good_as_one_in_the_greeting_and_pings_are_answered() {
    let hub = TestHub::sqlite().await;
    let address = listening(&hub).await;
    let bearer = format!("Bearer {}", hub.reader("EMERGENCY", CITY));
    let headers =
        [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", bearer.as_str())];
    let mut socket = Socket::with(address, &headers).await.expect("connected");
    socket.say(json!({"type": "ping"})).await;
    assert_eq!(socket.hear().await, json!({"type": "pong"}));
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
    socket.say(json!({"type": "pong"})).await;
    socket.follow("一", Value::Null).await;
    assert_eq!(socket.page("一").await["counter"], 1);
    // An identifier is free again once its subscription has ended.
    socket.say(json!({"type": "complete", "id": "一"})).await;
    socket.follow("一", Value::Null).await;
    assert_eq!(socket.page("一").await["counter"], 1);
}

#[tokio::test]
async fn who_says_nothing_or_subscribes_to_nothing_does_not_stay() {
    let hub = hub_with(|settings| {
        settings.live.greeting = Duration::from_millis(200);
        settings.live.idle = Duration::from_millis(400);
    })
    .await;
    let address = listening(&hub).await;
    assert_eq!(Socket::open(address).await.hear().await, CLOSED(4408));
    let mut socket = Socket::greeted(address, &hub.reader("EMERGENCY", CITY)).await;
    socket.follow("1", Value::Null).await;
    socket.page("1").await;
    socket.say(json!({"type": "complete", "id": "1"})).await;
    assert_eq!(socket.hear().await, CLOSED(1000));
}

#[tokio::test]
async fn a_connection_ends_with_its_token() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let mut socket = Socket::greeted(address, &short(&hub, 10)).await;
        socket.follow("1", Value::Null).await;
        socket.page("1").await;
        assert_eq!(socket.hear().await, CLOSED(4401), "{backend:?}");
        let mut events =
            Events::open(address, &short(&hub, 10), json!({"query": FOLLOW}), &[]).await;
        let mut last = events.event().await.expect("a page");
        assert_eq!(last.2["data"]["changes"]["counter"], 1);
        last = events.event().await.expect("the end of the token");
        assert_eq!(last.2["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{backend:?}");
        assert_eq!(events.event().await.map(|event| event.0), Some("complete".to_owned()));
        assert!(events.event().await.is_none());
    }
}

#[tokio::test]
async fn too_many_connections_and_too_many_subscriptions_are_refused() {
    let hub = hub_with(|settings| {
        settings.feed.connections = 2;
        settings.live.streams = 2;
    })
    .await;
    let address = listening(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    let mut socket = Socket::greeted(address, &token).await;
    let _second = Socket::greeted(address, &token).await;
    let third = [("sec-websocket-protocol", "graphql-transport-ws")];
    assert_eq!(Socket::with(address, &third).await.err(), Some(503));
    for id in ["1", "2"] {
        socket.follow(id, Value::Null).await;
        socket.page(id).await;
    }
    socket.follow("3", Value::Null).await;
    let message = socket.hear().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("3")));
    assert_eq!(message["payload"][0]["extensions"]["code"], "TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_cut_off_and_holds_nobody_up() {
    let hub = hub_with(|settings| settings.live.write = Duration::from_millis(300)).await;
    let address = listening(&hub).await;
    let token = hub.both("EMERGENCY");
    for part in 0..2 {
        let long = json!({"employerName": "朔州某某煤业有限责任公司".repeat(5)});
        let rows: Vec<_> =
            (0..1000).map(|row| with(accident(&format!("A{part}-{row}")), long.clone())).collect();
        hub.submit(&token, "Accidents", "ATOMIC", &format!("k{part}"), &rows).await;
    }
    let mut slow = Socket::greeted(address, &hub.reader("EMERGENCY", CITY)).await;
    let wide = FOLLOW.replace(
        "accidentNo regionCode",
        &format!(
            "{} accidentNo regionCode",
            (0..20).map(|n| format!("n{n}: employerName ")).collect::<String>()
        ),
    );
    for id in 0..20 {
        let payload =
            json!({"query": wide, "variables": {"families": ["Accident"], "first": 1000}});
        slow.say(json!({"type": "subscribe", "id": id.to_string(), "payload": payload})).await;
    }
    until("the hub gives up a client that takes nothing", async || {
        hub.services.feed.limiter().connected() == 0
    })
    .await;
    let mut other = Socket::greeted(address, &hub.reader("EMERGENCY", CITY)).await;
    other.follow("1", json!({"families": ["Accident"], "first": 10})).await;
    assert_eq!(other.page("1").await["events"].as_array().map(Vec::len), Some(10));
}

#[tokio::test]
async fn a_hub_that_stops_says_so_and_waits_for_nobody() {
    let hub = TestHub::sqlite().await;
    let address = listening(&hub).await;
    let token = hub.reader("EMERGENCY", CITY);
    let mut socket = Socket::greeted(address, &token).await;
    socket.follow("1", Value::Null).await;
    socket.page("1").await;
    let mut events = Events::open(address, &token, json!({"query": FOLLOW}), &[]).await;
    events.event().await.expect("a page");
    let (heard, ()) =
        tokio::join!(socket.hear(), hub.services.feed.limiter().close(Duration::from_secs(20)));
    assert_eq!(heard, CLOSED(1001));
    assert!(events.event().await.is_none(), "the stream has ended");
    assert_eq!(
        Socket::with(address, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.err(),
        Some(503)
    );
}

#[tokio::test]
async fn what_is_no_valid_subscription_is_refused_as_a_query_would_be() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let address = listening(&hub).await;
        let token = hub.reader("EMERGENCY", CITY);
        let mut socket = Socket::greeted(address, &token).await;
        for (document, code) in [
            ("subscription { changes { nothing } }", "BAD_USER_INPUT"),
            ("subscription { changes(first: 0) { cursor } }", "BAD_USER_INPUT"),
            ("subscription { changes(after: \"AAAA\") { cursor } }", "BAD_USER_INPUT"),
            ("subscription { a: changes { cursor } b: changes { cursor } }", "BAD_USER_INPUT"),
            (
                "subscription { ...F } fragment F on Subscription { changes { cursor } }",
                "BAD_USER_INPUT",
            ),
            ("subscription { __typename }", "BAD_USER_INPUT"),
            ("subscription { changes(first: $n) { cursor } }", "BAD_USER_INPUT"),
            ("subscription {", "BAD_USER_INPUT"),
            (
                "subscription { changes(families: [\"Person\"]) { events { record { ... on Person { employer { accidents(first: 200) { victims(first: 200) { accident { victims(first: 200) { id } } } } } } } } } }",
                "TOO_COMPLEX",
            ),
        ] {
            socket
                .say(json!({"type": "subscribe", "id": "1", "payload": {"query": document}}))
                .await;
            let message = socket.hear().await;
            assert_eq!(
                (&message["type"], &message["id"]),
                (&json!("error"), &json!("1")),
                "{backend:?} {document}: {message}"
            );
            assert_eq!(
                message["payload"][0]["extensions"]["code"], code,
                "{backend:?} {document}: {message}"
            );
            let mut events = Events::open(address, &token, json!({"query": document}), &[]).await;
            let (_, _, data) = events.event().await.expect("an event");
            assert_eq!(
                data["errors"][0]["extensions"]["code"], code,
                "{backend:?} {document}: {data}"
            );
        }
        // The connection goes on.
        socket.follow("1", Value::Null).await;
        socket.page("1").await;
        assert_eq!(hub.code(&token, "subscription { changes { cursor } }").await, "BAD_USER_INPUT");
    }
}
