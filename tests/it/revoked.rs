//! A revoked token stops at once, wherever it is in use: in questions, exports under way, live
//! connections and pages, on every hub of the store.

use axum::body::Body;
use http_body_util::BodyExt as _;
use lianfang::{
    accounts::revoking::revoke,
    app::Settings,
    authz::{matching::SearchAuthor, revoked::Revocation},
    context::OpCtx,
    error::HubError,
    exchange::export::order::ExportLimits,
};
use serde_json::{Value, json};

use crate::{
    live_client::{Events, FOLLOW, Socket, listening},
    patience::until,
    samples::{CITY, accident, man, victim},
    support::{TestHub, backends},
};

const VIEWER: &str = "{ viewer { department } }";

async fn revoked(hub: &TestHub, what: Revocation) {
    let ctx = OpCtx::begin("revoke");
    let services = &hub.services;
    let at = (&services.database, &services.audit, &*services.tokens);
    revoke(at, SearchAuthor::machine(), &ctx, what, "令牌泄露").await.expect("revoked");
}

fn token(hub: &TestHub, text: &str) -> Revocation {
    Revocation::Token(hub.services.tokens.number(text).expect("a token of the hub"))
}

fn subject(name: &str) -> Revocation {
    Revocation::Subject(name.to_owned(), OpCtx::begin("now").now().timestamp_millis())
}

async fn holds(hub: &TestHub, token: &str) -> bool {
    let answer = hub.ask(token, VIEWER, json!({})).await;
    let refused = answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED";
    assert!(refused || answer["data"]["viewer"].is_object(), "{answer}");
    !refused
}

#[tokio::test]
async fn a_revoked_token_is_refused_on_every_hub_and_others_hold() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let other = hub.another().await;
        let [stolen, own] = [(); 2].map(|()| hub.reader("HRSS", CITY));
        assert!(holds(&hub, &stolen).await && holds(&other, &stolen).await);
        revoked(&hub, token(&hub, &stolen)).await;
        assert!(!holds(&hub, &stolen).await, "{backend:?}");
        until("the other hub knows", async || !holds(&other, &stolen).await).await;
        assert!(holds(&hub, &own).await && holds(&other, &own).await, "{backend:?}");
        // A hub that starts later knows too.
        let third = hub.another().await;
        assert!(!holds(&third, &stolen).await, "{backend:?}: before it answers anybody");
        hub.holds().await;
    }
}

#[tokio::test]
async fn revoked_tokens_of_a_subject_are_those_issued_until_then() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let before = hub.token_as("thief", "HRSS", CITY, &["READER"]);
        let another = hub.token_as("thief", "HEALTH", CITY, &["READER"]);
        let of_others = hub.token_as("clerk", "HRSS", CITY, &["READER"]);
        revoked(&hub, subject("thief")).await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let after = hub.token_as("thief", "HRSS", CITY, &["READER"]);
        for (token, expected) in
            [(&before, false), (&another, false), (&of_others, true), (&after, true)]
        {
            assert_eq!(holds(&hub, token).await, expected, "{backend:?}");
        }
        // An earlier revocation that is learnt later takes nothing back.
        hub.services.tokens.revoked.learn([Revocation::Subject("thief".to_owned(), 1)]);
        assert!(!holds(&hub, &before).await);
    }
}

#[tokio::test]
async fn live_connections_end_with_the_revocation_of_their_token() {
    let hub = TestHub::sqlite().await;
    let address = listening(&hub).await;
    let text = hub.reader("EMERGENCY", CITY);
    let mut socket = Socket::greeted(address, &text).await;
    socket.follow("1", Value::Null).await;
    socket.page("1").await;
    let mut events = Events::open(address, &text, json!({"query": FOLLOW}), &[]).await;
    events.event().await.expect("a first page");
    revoked(&hub, token(&hub, &text)).await;
    assert_eq!(socket.hear().await, json!({"close": 4401}));
    let (_, _, last) = events.event().await.expect("a farewell");
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last}");
    let mut refused = Socket::open(address).await;
    let greeting =
        json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {text}")}});
    refused.say(greeting).await;
    assert_eq!(refused.hear().await, json!({"close": 4401}));
}

#[tokio::test]
async fn an_export_under_way_breaks_off_with_the_revocation_of_its_token() {
    for backend in backends() {
        let exports = ExportLimits { page: 1, ..ExportLimits::default() };
        let hub = TestHub::with(backend, Settings { exports, ..Settings::default() }).await;
        hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
        let victims = (0..40).map(|n| victim(&format!("V{n}"), "A1", &man(n))).collect();
        hub.take("EMERGENCY", "AccidentVictim", "v", victims).await;
        let text = hub.reader("EMERGENCY", CITY);
        let mut body: Body =
            hub.open(&text, "/exchange/accidentVictims?format=csv", &[]).await.into_body();
        body.frame().await.expect("a first piece").expect("of the body");
        revoked(&hub, token(&hub, &text)).await;
        let mut pieces = 0;
        let broken = loop {
            match body.frame().await {
                Some(Ok(_)) => pieces += 1,
                Some(Err(_)) => break true,
                None => break false,
            }
        };
        assert!(broken && pieces < 39, "{backend:?}: {pieces} pieces came all the same");
        let answer = hub.open(&text, "/exchange/accidentVictims", &[]).await;
        assert_eq!(answer.status(), 401, "{backend:?}");
    }
}

#[tokio::test]
async fn a_revocation_needs_a_reason_and_is_in_the_log() {
    let hub = TestHub::sqlite().await;
    let ctx = OpCtx::begin("revoke");
    let services = &hub.services;
    let at = (&services.database, &services.audit, &*services.tokens);
    for reason in ["", "  ", &"长".repeat(201)] {
        let refused = revoke(at, SearchAuthor::machine(), &ctx, subject("x"), reason).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{reason}");
    }
    revoked(&hub, subject("thief")).await;
    let logged = hub
        .db_texts(
            "SELECT operation FROM audit_entries WHERE operation LIKE 'revoke%' AND outcome = 'OK'",
        )
        .await;
    assert_eq!(logged, ["revoke tokens of thief"]);
}
