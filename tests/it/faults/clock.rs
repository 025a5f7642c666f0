//! A clock that jumps, an hour forwards and back: order comes from the store, never from the time
//! or from identifiers made of it; tokens go by the clock as it is.

use chrono::TimeDelta;
use lianfang::{
    authz::{actor::Actor, token::TokenRequest},
    context::OpCtx,
    domain::region::RegionCode,
    error::HubError,
    submit::{
        pipeline::Submission,
        verdict::{Mode, RowOutcome},
    },
};
use serde_json::{Value, json};

use crate::{
    consumer::Consumer,
    samples::{CITY, accident, with},
    support::{TestHub, backends},
};

/// Minutes that the clock is off, one submission after the other.
const JUMPS: [i64; 12] = [0, -60, 60, 0, -120, 1, 60, -60, 59, -1, 0, 60];

#[tokio::test]
async fn a_clock_that_jumps_neither_loses_nor_turns_round_anything() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let region = RegionCode::parse(CITY).expect("a region");
        let actor = Actor::internal("test", "EMERGENCY", region);
        let family = hub.services.catalogue.find("Accident").expect("a family");
        let permit = hub.services.permit(&actor, family).expect("a permit");
        let now = OpCtx::begin("test").now();
        let mut consumer = Consumer::new(hub.reader("EMERGENCY", CITY), json!(["Accident"]));
        let mut told = Vec::new();
        for (step, minutes) in JUMPS.into_iter().enumerate() {
            let ctx = OpCtx::at(now + TimeDelta::minutes(minutes), format!("step-{step}"));
            // One record that changes at every step, and a new one.
            let rows = vec![
                with(accident("A"), json!({"minorInjuries": step + 1})),
                accident(&format!("N{step:02}")),
            ];
            let submission = Submission {
                rows,
                mode: Mode::Atomic,
                source_system: String::new(),
                idempotency_key: format!("step-{step}"),
            };
            let answer = hub
                .services
                .submitter()
                .submit(&ctx, &actor, &permit, &submission)
                .await
                .expect("taken");
            let outcomes: Vec<_> = answer.verdicts.iter().map(|verdict| verdict.outcome).collect();
            let first = if step == 0 { RowOutcome::Created } else { RowOutcome::Updated };
            assert_eq!(outcomes, [first, RowOutcome::Created], "{backend:?} step {step}");
            // Whatever the clock says by then, the receipt is given again.
            let later = OpCtx::at(now - TimeDelta::minutes(minutes), "again");
            let again = hub
                .services
                .submitter()
                .submit(&later, &actor, &permit, &submission)
                .await
                .expect("a receipt");
            assert_eq!(again, answer, "{backend:?} step {step}");
            told.extend(consumer.pull(&hub, 3).await);
        }
        let number =
            |event: &Value| event["record"]["accidentNo"].as_str().expect("a number").to_owned();
        let versions: Vec<_> = told
            .iter()
            .filter(|event| number(event) == "A")
            .map(|event| event["version"].as_i64())
            .collect();
        assert_eq!(versions, (1..=12).map(Some).collect::<Vec<_>>(), "{backend:?}");
        let new: Vec<_> = told.iter().map(number).filter(|number| number != "A").collect();
        assert_eq!(
            new,
            (0..12).map(|step| format!("N{step:02}")).collect::<Vec<_>>(),
            "{backend:?}: in the order of commits"
        );
        let mut late = Consumer::new(hub.reader("EMERGENCY", CITY), json!(["Accident"]));
        assert_eq!(late.pull(&hub, 5).await.len(), told.len());
        assert_eq!(late.copy, consumer.copy, "{backend:?}");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_token_holds_by_the_clock_as_it_is() {
    let hub = TestHub::sqlite().await;
    let begun = OpCtx::begin("test").now();
    let now = begun.timestamp();
    let order = TokenRequest {
        subject: "test".to_owned(),
        department: "EMERGENCY".to_owned(),
        region: CITY.to_owned(),
        roles: vec!["READER".to_owned()],
        purpose: "ROUTINE_SHARING".to_owned(),
        ticket: None,
        seconds: 1800,
    };
    let token =
        hub.services.tokens.issue(&hub.services.policy, order, begun).expect("a token").text;
    // Known already or not, it is judged anew each time.
    for (seconds, holds) in [
        (0, true),
        (1799, true),
        (3600, false),
        // Two hubs may differ by a minute; an hour is no such difference.
        (-59, true),
        (-3600, false),
        (3600, false),
        (1800, false),
        (0, true),
    ] {
        match hub.services.tokens.check(&hub.services.policy, &token, now + seconds) {
            Ok(_) => assert!(holds, "{seconds}"),
            Err(error) => assert!(
                !holds && matches!(error, HubError::Unauthenticated(_)),
                "{seconds}: {error}"
            ),
        }
    }
}
