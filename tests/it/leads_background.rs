//! Searches for leads that go on without whoever ordered them, and those that nobody orders.

use std::{sync::Arc, time::Duration};

use lianfang::{
    authz::actor::Actor,
    context::OpCtx,
    domain::region::RegionCode,
    meeting::leads::{LeadSearches, SearchState, nightly},
};
use sea_orm_migration::sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, accident, employer, man, victim, with},
    support::{TestHub, backends},
};

/// A worker who died and whom nobody applied for.
async fn dead(hub: &TestHub) {
    hub.take("HRSS", "Employer", "e", vec![employer("E1", 1)]).await;
    hub.take("EMERGENCY", "Accident", "a", vec![accident("A1")]).await;
    let dead = with(victim("V1", "A1", &man(1)), json!({"injuryDegree": "DEATH"}));
    hub.take("EMERGENCY", "AccidentVictim", "v", vec![dead]).await;
}

async fn kinds(hub: &TestHub) -> Vec<String> {
    let token = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
    let query = format!(
        "{{ leads(region: \"{CITY}\", kind: ACCIDENT_DEATH_WITHOUT_RECOGNITION) {{ nodes {{ kind events {{ step department }} }} }} }}"
    );
    let data = hub.data(&token, &query).await;
    let nodes = data["leads"]["nodes"].as_array().expect("leads");
    nodes.iter().map(|lead| lead["events"][0].to_string()).collect()
}

fn office(hub: &TestHub) -> Arc<Actor> {
    let token = hub.token("HRSS", CITY, &["SECRETARY"]);
    let now = OpCtx::begin("test").now().timestamp();
    hub.services.tokens.check(&hub.services.policy, &token, now).expect("an actor")
}

#[tokio::test]
async fn by_night_the_hub_searches_by_itself_once_and_says_so_in_the_log() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        dead(&hub).await;
        let (services, searches) = (Arc::clone(&hub.services), LeadSearches::default());
        let ctx = OpCtx::begin("night");
        let searched = nightly::search_all(&services, &searches, &ctx, 2).await.expect("searched");
        assert_eq!(searched, 1, "one province holds records");
        assert_eq!(kinds(&hub).await, [json!({"step": "FOUND", "department": "HRSS"}).to_string()]);
        // The office of the city knows of it.
        let run = format!("{{ leadRun(region: \"{CITY}\") {{ state }} }}");
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        assert_eq!(hub.data(&office, &run).await["leadRun"]["state"], "FINISHED");
        let again = nightly::search_all(&services, &searches, &ctx, 2).await.expect("searched");
        assert_eq!(again, 0, "it was done tonight");
        // Another hub on the same store sees that too.
        let other = LeadSearches::default();
        assert_eq!(nightly::search_all(&services, &other, &ctx, 2).await.expect("searched"), 0);
        let own = "SELECT COUNT(*) FROM audit_entries WHERE subject = 'lianfang' AND operation = 'search leads 140000'";
        assert_eq!(hub.db_count(own).await, 2, "before and after");
        hub.holds().await;
    }
}

#[tokio::test]
async fn a_search_that_takes_long_goes_on_and_is_not_begun_twice() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        dead(&hub).await;
        let (searches, office) = (LeadSearches::patient(Duration::from_millis(600)), office(&hub));
        let city = RegionCode::parse(CITY).expect("a region");
        let standing =
            async || searches.standing(&hub.services, &office, &city).await.expect("a standing");
        assert!(standing().await.is_none(), "before the first");
        let order = async |number: &str| {
            let ctx = OpCtx::begin(number);
            searches.order(&hub.services, &ctx, &office, &city).await.expect("ordered")
        };
        let first = if hub.is_postgres() {
            // Somebody works on the leads: what was found cannot be kept yet.
            let held = hub.database.migrations().begin().await.expect("a transaction");
            held.execute_unprepared("LOCK TABLE leads IN EXCLUSIVE MODE").await.expect("held");
            let first = order("o1").await;
            assert!(matches!(first.state, SearchState::Running), "{first:?}");
            let second = order("o2").await;
            assert_eq!(second.at, first.at, "the same search");
            held.rollback().await.expect("released");
            first
        } else {
            order("o1").await
        };
        let mut waited = 0;
        let last = loop {
            let own = standing().await.expect("a search");
            if !matches!(own.state, SearchState::Running) {
                break own;
            }
            waited += 1;
            assert!(waited < 300, "{own:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert!(matches!(last.state, SearchState::Finished), "{backend:?} {last:?}");
        assert_eq!((last.searched, last.kinds.len()), (17, 17));
        assert_eq!(kinds(&hub).await.len(), 1);
        assert_eq!(hub.db_count("SELECT COUNT(*) FROM lead_runs").await, 1);
        // Another hub, or this one after a start, knows that it was made.
        let anew = LeadSearches::default().standing(&hub.services, &office, &city).await;
        assert_eq!(anew.expect("a standing").expect("a search").at, first.at);
    }
}

#[tokio::test]
async fn the_office_sees_how_far_a_search_is_and_nobody_else_does() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        dead(&hub).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        const RUN: &str = "at state searched total failure kinds { kind certain }";
        let query = format!("{{ leadRun(region: \"{CITY}\") {{ {RUN} }} }}");
        assert_eq!(hub.data(&office, &query).await["leadRun"], Value::Null, "before the first");
        let search = format!("mutation {{ searchLeads(region: \"{CITY}\") {{ {RUN} }} }}");
        let made = hub.data(&office, &search).await["searchLeads"].clone();
        assert_eq!(
            (&made["state"], &made["searched"], &made["total"], &made["failure"]),
            (&json!("FINISHED"), &json!(17), &json!(17), &Value::Null)
        );
        assert_eq!(hub.data(&office, &query).await["leadRun"], made);
        let told = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'query leadRun'";
        assert_eq!(hub.db_count(told).await, 1, "counts are told with an entry");
        for (department, roles) in
            [("UNION", ["STEWARD"]), ("HRSS", ["READER"]), ("EMERGENCY", ["SECRETARY"])]
        {
            let token = hub.token(department, CITY, &roles);
            let answer = hub.ask(&token, &query, Value::Null).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{department} {roles:?}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn a_search_that_fails_says_so_to_whoever_ordered_it_and_leaves_the_leads_as_they_were() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        dead(&hub).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        hub.db_run("ALTER TABLE lead_overlaps RENAME TO lead_overlaps_away").await;
        let search = format!("mutation {{ searchLeads(region: \"{CITY}\") {{ state }} }}");
        let answer = hub.ask(&office, &search, Value::Null).await;
        assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{backend:?} {answer}");
        let query =
            format!("{{ leadRun(region: \"{CITY}\") {{ state failure kinds {{ kind }} }} }}");
        let run = hub.data(&office, &query).await["leadRun"].clone();
        assert_eq!((&run["state"], &run["kinds"]), (&json!("FAILED"), &json!([])), "{run}");
        assert!(run["failure"].is_string(), "{run}");
        hub.db_run("ALTER TABLE lead_overlaps_away RENAME TO lead_overlaps").await;
        assert!(kinds(&hub).await.is_empty());
        let again = hub.data(&office, &search).await["searchLeads"].clone();
        assert_eq!(again["state"], "FINISHED", "{backend:?}");
    }
}
