//! Receipts against the versions they acknowledge.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        sql::{database::Database, statement::numbered},
        verify::{Check, finite, raw, shown_text},
    },
};

/// Receipts read at a time.
const STEP: usize = 50;
/// Records asked for at a time.
const MARKS: usize = 200;

/// Every version that a receipt acknowledges is there; what was created or updated was so at the
/// instant of the receipt; and the answer is the one to the content whose digest is kept.
pub(super) async fn acknowledged(database: &Database) -> Result<Check, HubError> {
    let backend = database.backend();
    let mut check = Check::new("receipts: what they acknowledge is there");
    let mut after = [const { "" }; 3].map(Value::from);
    let sql = format!(
        "SELECT department, region_code, idempotency_key, family, body_digest, answer, {}, request_id, mac FROM receipts \
         WHERE (department, region_code, idempotency_key) > (?, ?, ?) \
         ORDER BY department, region_code, idempotency_key LIMIT {STEP}",
        finite(backend, "at")
    );
    loop {
        let rows = database
            .all(Statement::from_sql_and_values(backend, numbered(backend, &sql), after.to_vec()))
            .await;
        let rows = check.read(rows, || "receipts".to_owned())?.unwrap_or_default();
        for row in &rows {
            if let (Some(department), Some(region), Some(key)) =
                (raw(row, 0), raw(row, 1), raw(row, 2))
            {
                after = [department, region, key];
            }
            check.looked += 1;
            let place = || {
                format!(
                    "receipts {} {} {}",
                    shown_text(row, 0),
                    shown_text(row, 1),
                    shown_text(row, 2)
                )
            };
            if check.read(holds(database, row).await, place)? == Some(false) {
                check.fault(place());
            }
        }
        if rows.len() < STEP {
            return Ok(check);
        }
    }
}

/// A version that a receipt acknowledges.
struct Acknowledged {
    id: Uuid,
    version: i32,
    written: bool,
}

/// What an answer acknowledges; nothing when it is no answer to that content.
fn read(answer: &str, digest: &str) -> Option<Vec<Acknowledged>> {
    let answer: serde_json::Value = serde_json::from_str(answer).ok()?;
    if answer.get("digest")?.as_str()? != digest {
        return None;
    }
    let mut all = Vec::new();
    for verdict in answer.get("verdicts")?.as_array()? {
        let outcome = verdict.get("outcome")?.as_str()?;
        if outcome == "REJECTED" {
            continue;
        }
        let version = i32::try_from(verdict.get("version")?.as_i64()?).ok()?;
        let written = outcome != "UNCHANGED";
        all.push(Acknowledged { id: verdict.get("id")?.as_str()?.parse().ok()?, version, written });
    }
    Some(all)
}

async fn holds(database: &Database, receipt: &QueryResult) -> Result<bool, HubError> {
    let (family, digest, answer): (String, String, String) =
        (receipt.try_get_by_index(3)?, receipt.try_get_by_index(4)?, receipt.try_get_by_index(5)?);
    let at: DateTime<Utc> = receipt.try_get_by_index(6)?;
    if let Some(prover) = database.prover() {
        let text = |index: usize| {
            receipt.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default)
        };
        let (department, region, key, request) = (text(0)?, text(1)?, text(2)?, text(7)?);
        let proved =
            prover.receipt([&department, &region, &key, &family, &digest, &answer, &request], at);
        if receipt.try_get_by_index::<Option<String>>(8)? != Some(proved) {
            return Ok(false);
        }
    }
    let Some(all) = read(&answer, &digest) else { return Ok(false) };
    let backend = database.backend();
    for chunk in all.chunks(MARKS) {
        let marks = vec!["(record_id = ? AND version = ?)"; chunk.len()].join(" OR ");
        let time = finite(backend, "at");
        let sql = format!(
            "SELECT record_id, version, {time} FROM record_versions WHERE family = ? AND ({marks})"
        );
        let pairs = chunk.iter().flat_map(|one| [Value::from(one.id), Value::from(one.version)]);
        let values: Vec<Value> =
            std::iter::once(Value::from(family.as_str())).chain(pairs).collect();
        let mut found: HashMap<(Uuid, i32), DateTime<Utc>> = HashMap::new();
        for row in database
            .all(Statement::from_sql_and_values(backend, numbered(backend, &sql), values))
            .await?
        {
            found.insert(
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                row.try_get_by_index(2)?,
            );
        }
        let there = |one: &Acknowledged| {
            found.get(&(one.id, one.version)).is_some_and(|written| !one.written || *written == at)
        };
        if !chunk.iter().all(there) {
            return Ok(false);
        }
    }
    Ok(true)
}
