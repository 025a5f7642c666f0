//! The feed of a county costs its own events, whatever others hand in, and loses and repeats none of
//! them: on a store where one region holds half of all events and deliveries came region by region.

use std::sync::Arc;

use lianfang::{authz::scope::Scope, context::OpCtx};

use crate::{
    consumer::settled,
    plans_read::{postgres_cost, sqlite_steps},
    support::{TestHub, backends},
};

/// Events of each family.
const EVENTS: u32 = 4_000;
/// The region with half of all events.
const FULL: &str = "140602";

/// Events past the hub: of three families, one record each, some of which moved. Their versions
/// number them.
async fn fill(hub: &TestHub) {
    let place = |number: &str| {
        format!(
            "CASE WHEN {number} < {} THEN '{FULL}' WHEN {number} < {} THEN '140623' \
             WHEN {number} < {} THEN '140600' WHEN {number} < {} THEN '141002' ELSE '110101' END",
            EVENTS / 2,
            EVENTS / 2 + 700,
            EVENTS / 2 + 1_400,
            EVENTS / 2 + 3_000
        )
    };
    let (record, numbers) = if hub.is_postgres() {
        ("gen_random_uuid()", format!("generate_series(1, {EVENTS}) AS n"))
    } else {
        (
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {EVENTS}) SELECT n FROM c)"
            ),
        )
    };
    for (place_of, family) in ["Person", "Accident", "WorkInjury"].into_iter().enumerate() {
        // Every 50th came from elsewhere; every 70th was changed where it lies.
        let came = place(&format!("((n * 7919) % {EVENTS})"));
        hub.db_run(&format!(
            "INSERT INTO change_events (family, record_id, version, kind, at, region_code, department, key_industry, was_region) \
             SELECT '{family}', {record}, n * 10 + {place_of}, 'UPSERT', {now}, {here}, 'HRSS', NULL, \
             CASE WHEN n % 50 = 0 THEN {came} WHEN n % 70 = 0 THEN {here} END FROM {numbers}",
            here = place("n"),
            now = if hub.is_postgres() { "now()" } else { "'2024-03-05T01:30:00+00:00'" },
        ))
        .await;
    }
    hub.db_run("ANALYZE").await;
}

fn scopes(hub: &TestHub, department: &str, region: &str, families: &[&str]) -> Vec<Arc<Scope>> {
    let token = hub.reader(department, region);
    let now = OpCtx::begin("test").now().timestamp();
    let actor = hub.services.tokens.check(&hub.services.policy, &token, now).expect("an actor");
    let scope = |name: &&str| {
        let family = hub.services.catalogue.find(name).expect("a family");
        hub.services.scope(&actor, family).expect("a scope")
    };
    families.iter().map(scope).collect()
}

const CALLERS: [(&str, &str); 4] =
    [("140623", "140623"), (FULL, FULL), ("140600", "1406"), ("140000", "14")];
const FAMILIES: [&[&str]; 5] = [
    &["Person"],
    &["WorkInjury"],
    &["Person", "WorkInjury"],
    &["Accident"],
    &["Person", "Accident"],
];

#[tokio::test]
async fn a_feed_that_is_read_part_by_part_gives_each_event_once_and_in_order() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub).await;
        settled(&hub).await;
        for (region, prefix) in CALLERS {
            for families in FAMILIES {
                let own = |family: &&str| {
                    // Accidents are shared everywhere but by the regions above.
                    let shared = if prefix.len() == 6 {
                        "(region_code NOT IN ('140000', '140600') OR was_region NOT IN ('140000', '140600'))"
                    } else {
                        "1 = 1"
                    };
                    let there =
                        format!("(region_code LIKE '{prefix}%' OR was_region LIKE '{prefix}%')");
                    let there = if *family == "Accident" { shared.to_owned() } else { there };
                    format!("(family = '{family}' AND {there})")
                };
                let listed: Vec<String> = families.iter().map(own).collect();
                let sql = format!(
                    "SELECT CAST(version AS text) FROM change_events WHERE {} ORDER BY transaction_id, position",
                    listed.join(" OR ")
                );
                let all = hub.db_texts(&sql).await;
                let scopes = scopes(&hub, "HRSS", region, families);
                for first in [411, 5_000] {
                    let (mut told, mut after, mut pages) = (Vec::new(), None, 0);
                    loop {
                        let heard = hub
                            .services
                            .reader()
                            .changes(&scopes, after, first, false)
                            .await
                            .expect("a page");
                        told.extend(heard.events.iter().map(|event| event.version.to_string()));
                        pages += 1;
                        assert!(pages < 200, "{region} {families:?}: no end");
                        if !heard.more {
                            break;
                        }
                        after = Some(heard.end);
                    }
                    assert!(
                        told == all,
                        "{backend:?} {region} {families:?}: {} of {} events",
                        told.len(),
                        all.len()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_the_feed_visits_the_events_of_the_caller_and_not_those_of_others() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub).await;
        settled(&hub).await;
        for (region, _) in &CALLERS[..3] {
            for families in FAMILIES {
                let scopes = scopes(&hub, "HRSS", region, families);
                let reader = hub.services.reader();
                let statement = reader.changes_statement(&scopes, 51).await.expect("a statement");
                let statement = statement.expect("something to list");
                if hub.is_postgres() {
                    let (given, visited, plan) = postgres_cost(&hub, statement).await;
                    assert!(
                        visited <= 3.0 * given.max(1.0) + 20.0,
                        "{region} {families:?}: {visited} events visited for {given}\n{plan}"
                    );
                } else {
                    let steps = sqlite_steps(&hub, statement).await;
                    let reads = |step: &&String| step.starts_with("SEARCH e ");
                    let by_part = |step: &String| step.contains("INDEX ix_change_events_part_");
                    // What is merged is gone through once more.
                    let scans = steps.iter().filter(|step| step.starts_with("SCAN e")).count();
                    assert!(
                        steps.iter().any(|step| reads(&step))
                            && steps.iter().filter(reads).all(by_part)
                            && scans == 1,
                        "{region} {families:?}: {steps:?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_department_that_lists_only_its_own_gets_each_of_its_events_across_the_windows() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        fill(&hub).await;
        // Most are another department's, and more than a window of them lie in one region.
        let more = if hub.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        hub.db_run(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000) \
             INSERT INTO change_events (family, record_id, version, kind, at, region_code, department) \
             SELECT 'Person', {more}, i * 10 + 7, 'UPSERT', {now}, '{FULL}', \
             CASE WHEN i % 9000 = 0 THEN 'HOUSING' ELSE 'HRSS' END FROM n",
            now = if hub.is_postgres() { "now()" } else { "'2024-03-05T01:30:00+00:00'" },
        ))
        .await;
        settled(&hub).await;
        let scopes = scopes(&hub, "HOUSING", FULL, &["Person"]);
        let all = hub
            .db_texts(
                "SELECT CAST(version AS text) FROM change_events WHERE department = 'HOUSING' ORDER BY transaction_id, position",
            )
            .await;
        assert_eq!(all.len(), 5);
        let (mut told, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let reader = hub.services.reader();
            let heard = reader.changes(&scopes, after, 3, false).await.expect("a page");
            told.extend(heard.events.iter().map(|event| event.version.to_string()));
            pages += 1;
            assert!(pages < 20, "{backend:?}: no end");
            if !heard.more {
                break;
            }
            after = Some(heard.end);
        }
        assert_eq!(told, all, "{backend:?}");
        assert!(pages > 2, "{backend:?}: {pages} pages");
    }
}
