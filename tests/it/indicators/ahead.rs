//! Protected tables are made before anybody asks, and again after records have changed; who asks
//! makes none.

use std::{sync::Arc, time::Duration};

use lianfang::{
    authz::meeting::Seat,
    context::OpCtx,
    domain::region::RegionCode,
    meeting::{
        indicators::{FigureBasis, SheetQuery, make_ahead, sheet},
        returns::MeetingContext,
        rulebook::Rulebook,
    },
};

use crate::{
    patience::until,
    samples::{COUNTY, disease, man},
    support::{TestHub, backends},
};

/// Waits until more tables were made than before, and no more come.
async fn settled(rules: &Rulebook, before: u64) -> u64 {
    let made = || rules.shades.made();
    until("tables made ahead", async || {
        let first = made();
        tokio::time::sleep(Duration::from_secs(3)).await;
        first > before && made() == first
    })
    .await;
    made()
}

/// Asks for the figures of a county as somebody who sees no exact ones.
async fn ask(hub: &TestHub, rules: &Rulebook) {
    let (token, ctx) = (hub.reader("UNION", COUNTY), OpCtx::begin("test"));
    let actor = hub
        .services
        .tokens
        .check(&hub.services.policy, &token, ctx.now().timestamp())
        .expect("a caller");
    let seat =
        Seat::new(&hub.services.policy, &actor, &RegionCode::parse(COUNTY).expect("a region"))
            .expect("a seat");
    let year = chrono::Datelike::year(&ctx.now());
    for year in [year - 1, year] {
        let sitting = MeetingContext {
            services: &hub.services,
            rules,
            ctx: &ctx,
            actor: &actor,
            seat: &seat,
        };
        let asked = SheetQuery {
            year,
            plan: None,
            industries: None,
            indicators: None,
            basis: FigureBasis::default(),
        };
        assert!(sheet(&sitting, &asked).await.expect("a sheet").protected);
    }
}

#[tokio::test]
async fn protected_tables_are_made_before_somebody_asks_and_again_after_a_change() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let case = |number: u32| vec![disease(&format!("D{number}"), &man(number))];
        hub.take("HEALTH", "OccupationalDiseaseCase", "d1", case(1)).await;
        let rules = Arc::new(Rulebook::load(&hub.services.reference).expect("the rules hold"));
        make_ahead(&hub.services, &rules);
        let made = settled(&rules, 0).await;
        ask(&hub, &rules).await;
        assert_eq!(rules.shades.made(), made, "{backend:?}: all that is asked for was there");
        hub.take("HEALTH", "OccupationalDiseaseCase", "d2", case(2)).await;
        let again = settled(&rules, made).await;
        ask(&hub, &rules).await;
        assert_eq!(rules.shades.made(), again, "{backend:?}: and after a change");
    }
}
