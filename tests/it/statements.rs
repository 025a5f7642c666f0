//! The number of statements depends on the shape of a query, never on the number of rows.

use serde_json::json;

use crate::{
    consumer::settled,
    samples::{CITY, accident, employer, injury, man, person, uscc, victim, with},
    support::{TestHub, backends},
};

const QUERIES: [(&str, u64); 5] = [
    (
        "{ accidents(first: 200) { nodes { accidentNo occurredAt regionLabel: accidentTypeLabel region { name } } } }",
        1,
    ),
    // The total: whether its mark stands, and what happened since.
    ("{ accidents(first: 200) { totalCount nodes { accidentNo } } }", 3),
    (
        "{ accidents(first: 200) { nodes { employer { name } victims { name person { name } workInjury { caseNo } } \
         workInjuries { caseNo person { personNo } } } } }",
        7,
    ),
    ("{ accidentStats(groupBy: [REGION_CODE, OCCURRED_AT_MONTH]) { count sums { deaths } } }", 1),
    (
        "{ employers(first: 200) { nodes { accidents(first: 2) { victims(first: 2) { workInjury { employer { name } } } } } } }",
        5,
    ),
];

async fn filled(hub: &TestHub, from: u32, count: u32) {
    let range = || from..from + count;
    let key = format!("k{from}");
    let own = |order: u32| json!({"employerUscc": uscc(order)});
    hub.take(
        "HRSS",
        "Employer",
        &format!("{key}e"),
        range().map(|n| employer(&format!("E{n}"), n)).collect(),
    )
    .await;
    hub.take(
        "HRSS",
        "Person",
        &format!("{key}p"),
        range().map(|n| with(person(&format!("P{n}"), &man(n)), own(n))).collect(),
    )
    .await;
    hub.take(
        "EMERGENCY",
        "Accident",
        &format!("{key}a"),
        range().map(|n| with(accident(&format!("A{n}")), own(n))).collect(),
    )
    .await;
    let victims = range().map(|n| victim(&format!("V{n}"), &format!("A{n}"), &man(n)));
    hub.take("EMERGENCY", "AccidentVictim", &format!("{key}v"), victims.collect()).await;
    let injuries =
        range().map(|n| with(injury(&format!("W{n}"), &format!("A{n}"), &man(n)), own(n)));
    hub.take("HRSS", "WorkInjury", &format!("{key}w"), injuries.collect()).await;
}

/// Statements of one query. Those of the audit entry are the same for every answer that shows
/// personal data.
async fn statements(hub: &TestHub, token: &str, query: &str) -> u64 {
    // What is counted once is counted, as long as no other writer holds the feed back.
    settled(hub).await;
    hub.data(token, query).await;
    let before = hub.services.database.statements();
    hub.data(token, query).await;
    hub.services.database.statements() - before
}

#[tokio::test]
async fn one_row_takes_as_many_statements_as_fifty() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.reader("HRSS", CITY);
        filled(&hub, 0, 1).await;
        let mut few = Vec::new();
        for (query, _) in QUERIES {
            few.push(statements(&hub, &token, query).await);
        }
        filled(&hub, 1, 49).await;
        for ((query, reads), few) in QUERIES.iter().zip(few) {
            let many = statements(&hub, &token, query).await;
            assert_eq!(many, few, "{backend:?}: {query}");
            // Three more write the audit entry, whose records it is about, and the end of the log.
            assert!(
                many >= *reads && many <= reads + 3,
                "{backend:?}: {many} statements for {query}"
            );
        }
        let shown = hub.data(&token, QUERIES[2].0).await;
        let nodes = shown["accidents"]["nodes"].as_array().expect("rows");
        assert_eq!(nodes.len(), 50);
        assert!(
            nodes.iter().all(|node| node["victims"][0]["workInjury"]["caseNo"].is_string()),
            "{}",
            nodes[0]
        );
        assert!(
            nodes.iter().all(|node| node["workInjuries"][0]["person"]["personNo"].is_string()),
            "{}",
            nodes[0]
        );
    }
}

#[tokio::test]
async fn branches_that_ask_for_the_same_persons_read_them_in_one_statement() {
    const ONE: &str = "{ accidents { nodes { victims { person { name } } } } }";
    const OTHER: &str =
        "{ accidents { nodes { workInjuries { person { personNo birthDate } } } } }";
    const BOTH: &str = "{ accidents { nodes { victims { person { name } } workInjuries { person { personNo birthDate } } } } }";
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub, 0, 20).await;
        let token = hub.reader("HRSS", CITY);
        let [one, other, both] = [ONE, OTHER, BOTH].map(|query| statements(&hub, &token, query));
        let [one, other, both] = [one.await, other.await, both.await];
        assert_eq!(one, other, "{backend:?}");
        assert_eq!(
            both,
            one + 1,
            "{backend:?}: the other branch costs its own rows, and no persons again"
        );
        let [one, other, both] = [ONE, OTHER, BOTH].map(|query| hub.data(&token, query));
        let [one, other, both] = [one.await, other.await, both.await];
        let nodes =
            |of: &serde_json::Value| of["accidents"]["nodes"].as_array().cloned().expect("rows");
        let (one, other) = (nodes(&one), nodes(&other));
        for (index, node) in nodes(&both).iter().enumerate() {
            assert!(node["victims"][0]["person"]["name"].is_string(), "{node}");
            assert_eq!(
                (&node["victims"], &node["workInjuries"]),
                (&one[index]["victims"], &other[index]["workInjuries"])
            );
        }
    }
}

#[tokio::test]
async fn what_was_read_on_one_level_is_not_read_again_below() {
    const ONCE: &str =
        "{ accidents { nodes { employer { name } victims { workInjury { caseNo } } } } }";
    const AGAIN: &str = "{ accidents { nodes { employer { name } victims { workInjury { caseNo employer { name } } } } } }";
    const MORE: &str = "{ accidents { nodes { employer { name } victims { workInjury { caseNo employer { name employerNo } } } } } }";
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        filled(&hub, 0, 20).await;
        let token = hub.reader("HRSS", CITY);
        let [once, again, more] = [ONCE, AGAIN, MORE].map(|query| statements(&hub, &token, query));
        let [once, again, more] = [once.await, again.await, more.await];
        assert_eq!(
            (again, more),
            (once, once + 1),
            "{backend:?}: what is wanted beyond it is read"
        );
    }
}

#[tokio::test]
async fn handing_in_a_thousand_rows_takes_as_many_statements_as_ten() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        // The first entry of the audit log looks for the end of the chain.
        hub.take("EMERGENCY", "Accident", "k", vec![accident("B")]).await;
        let mut counts = Vec::new();
        for (count, from) in [(10, 0), (900, 10)] {
            let before = hub.services.database.statements();
            let rows = (from..from + count).map(|n| accident(&format!("A{n}"))).collect();
            hub.take("EMERGENCY", "Accident", &format!("k{from}"), rows).await;
            counts.push(hub.services.database.statements() - before);
        }
        assert_eq!(counts[0], counts[1], "{backend:?}");
    }
}

#[tokio::test]
async fn a_total_is_counted_only_when_it_is_asked_for() {
    let hub = TestHub::sqlite().await;
    let token = hub.reader("EMERGENCY", CITY);
    let with_rows =
        statements(&hub, &token, "{ accidents { nodes { accidentNo } totalCount } }").await;
    let rows = statements(&hub, &token, "{ accidents { nodes { accidentNo } } }").await;
    let total = statements(&hub, &token, "{ accidents { totalCount } }").await;
    assert_eq!((with_rows, rows, total), (3, 1, 2));
}
