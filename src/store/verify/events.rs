//! Events against their keyed digests, and their order against the chain.

use sea_orm::QueryResult;

use crate::{
    error::HubError,
    store::{
        proof::{
            checkpoint::Checkpoint,
            events::{CUT, EVENTS, LINKED, after, link},
            head::ProofHead,
            prover::Prover,
            versions::EventParts,
        },
        sql::database::Database,
        verify::{Check, finite, shown_id, shown_text},
    },
};

/// What an event says, behind what its link takes, before and after its time.
const SAID: [&str; 2] = [
    "family, record_id, version, kind",
    "region_code, department, key_industry, was_region, was_industry",
];

/// Every event is as it was written, and those that were chained stand in the order in which they
/// were.
pub(super) async fn chained(
    database: &Database,
    prover: &Prover,
    kept: Option<&Checkpoint>,
) -> Result<Vec<Check>, HubError> {
    let mut content = Check::new("events: each is as it was written");
    let mut order = Check::new("events: all are there, in the order of their commits");
    // Before the events: what is chained meanwhile comes after it.
    let end = order.read(database.head(EVENTS).await, || format!("chains {EVENTS}"))?.flatten();
    let cut = order.read(database.head(CUT).await, || format!("chains {CUT}"))?.flatten();
    for (name, head) in [(EVENTS, &end), (CUT, &cut)] {
        if head.as_ref().is_some_and(|head| !head.holds(prover)) {
            order.fault(format!("chains {name}"));
        }
    }
    let mut head = cut.unwrap_or_else(|| ProofHead::new(EVENTS, ""));
    let mut awaited: Vec<(i64, String)> =
        end.iter().map(|end| (end.count, end.head.clone())).collect();
    awaited.extend(kept.map(|kept| (kept.events, kept.events_head.clone())));
    // What was cut off since a checkpoint cannot be looked at any more.
    awaited.retain(|(count, _)| *count > head.count);
    let [before, behind] = SAID;
    let columns = format!("{LINKED}, {before}, {}, {behind}", finite(database.backend(), "at"));
    let mut reached = (head.turn, head.position);
    loop {
        let rows = database.all(after(database.backend(), &columns, reached, "")).await;
        let rows = order.read(rows, || "change_events".to_owned())?.unwrap_or_default();
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            content.looked += 1;
            order.looked += 1;
            // The place of a row always reads, on SQLite it is the number of the row.
            reached = (
                row.try_get_by_index(0).unwrap_or(reached.0),
                row.try_get_by_index(1).unwrap_or(reached.1 + 1),
            );
            let place = || format!("change_events {} {}", shown_text(row, 3), shown_id(row, 4));
            if order.read(link(prover, &mut head, row), place)?.is_none() {
                head.count += 1;
            }
            let Some((fits, place)) = content.read(said(prover, row), place)? else { continue };
            if !fits {
                content.fault(place.clone());
            }
            awaited.retain(|(count, link)| {
                let (reached, same) = (*count == head.count, *link == head.head);
                if reached && !same {
                    order.fault(format!(
                        "change_events, of the first {count} in their order; {place} is the last"
                    ));
                }
                !reached
            });
        }
    }
    if end.is_none() && order.looked > 0 {
        order.fault(format!("chains {EVENTS}: the head of the chain is gone"));
    }
    for (count, _) in awaited {
        order.fault(format!("change_events: there were {count}, the last ones are gone"));
    }
    Ok(vec![content, order])
}

fn said(prover: &Prover, row: &QueryResult) -> Result<(bool, String), HubError> {
    let text = |index: usize| row.try_get_by_index::<String>(index);
    let may = |index: usize| row.try_get_by_index::<Option<String>>(index);
    let (family, kind) = (text(3)?, text(6)?);
    let (record, version): (uuid::Uuid, i32) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
    let places = [may(8)?, may(9)?, may(10)?, may(11)?, may(12)?];
    let [region, department, industry, was_region, was_industry] = &places;
    let proved = prover.event(&EventParts {
        family: &family,
        record,
        version,
        kind: &kind,
        at: row.try_get_by_index(7)?,
        places: [
            region.as_deref(),
            department.as_deref(),
            industry.as_deref(),
            was_region.as_deref(),
            was_industry.as_deref(),
        ],
    });
    Ok((may(2)? == Some(proved), format!("change_events {family} {record} {version}")))
}
