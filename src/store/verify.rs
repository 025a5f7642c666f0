//! Checks of a store that need no right to its records: they count, they show nothing.

use std::collections::HashSet;

use entity::catalogue::Catalogue;
use sea_orm::{Statement, Value};

use crate::{
    error::HubError,
    store::{database::Database, reference::numbered},
};

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How many.
    pub looked: i64,
    /// How many are not as they should be.
    pub wrong: i64,
}

/// Whether nothing was ever handed in.
///
/// # Errors
///
/// What the database says.
pub async fn is_empty(database: &Database) -> Result<bool, HubError> {
    Ok(database.one(Statement::from_string(database.backend(), "SELECT version FROM record_versions LIMIT 1")).await?.is_none())
}

/// Records, versions, events and receipts against each other.
///
/// # Errors
///
/// What the database says.
pub async fn records(database: &Database, catalogue: &Catalogue) -> Result<Vec<Check>, HubError> {
    let mut checks = Vec::new();
    let number = async |sql: &str, values: Vec<Value>| -> Result<i64, HubError> {
        let statement = Statement::from_sql_and_values(database.backend(), numbered(database.backend(), sql), values);
        let row = database.one(statement).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
    };
    for family in catalogue.families() {
        let (table, name) = (family.table, family.name);
        let looked = number(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await?;
        let unversioned = format!(
            "SELECT COUNT(*) FROM {table} r LEFT JOIN record_versions v ON v.record_id = r.id AND v.version = r.version \
             AND v.family = ? WHERE v.record_id IS NULL"
        );
        let wrong = number(&unversioned, vec![name.into()]).await?;
        checks.push(Check { name: format!("{name}: every record has its version"), looked, wrong });
        let orphaned = format!(
            "SELECT COUNT(*) FROM record_versions v LEFT JOIN {table} r ON r.id = v.record_id WHERE v.family = ? AND \
             (r.id IS NULL OR v.version > r.version)"
        );
        let versions = number("SELECT COUNT(*) FROM record_versions WHERE family = ?", vec![name.into()]).await?;
        let wrong = number(&orphaned, vec![name.into()]).await?;
        checks.push(Check { name: format!("{name}: every version has its record"), looked: versions, wrong });
        let gaps = "SELECT COUNT(*) FROM (SELECT record_id FROM record_versions WHERE family = ? GROUP BY record_id \
                    HAVING COUNT(*) <> MAX(version) OR MIN(version) <> 1) AS g";
        let wrong = number(gaps, vec![name.into()]).await?;
        checks.push(Check { name: format!("{name}: versions have no gap"), looked, wrong });
        // Old events are cut off after a time; see `prune`.
        let silent = "SELECT COUNT(*) FROM record_versions v LEFT JOIN change_events e ON e.record_id = v.record_id AND \
                      e.version = v.version WHERE v.family = ? AND e.record_id IS NULL \
                      AND NOT EXISTS (SELECT 1 FROM feed_cut AS c WHERE v.at < c.older_than)";
        let wrong = number(silent, vec![name.into()]).await?;
        checks.push(Check { name: format!("{name}: every version has its event, or had it"), looked: versions, wrong });
        let industry = family.industry_column().map_or_else(|| "NULL".to_owned(), |column| format!("r.{column}"));
        let elsewhere = format!(
            "SELECT COUNT(*) FROM {table} r JOIN change_events e ON e.record_id = r.id AND e.version = r.version \
             WHERE r.withdrawn_at IS NULL AND (e.region_code IS DISTINCT FROM r.{} OR e.department IS DISTINCT FROM r.department \
             OR e.key_industry IS DISTINCT FROM {industry})",
            family.region_column()
        );
        checks.push(Check {
            name: format!("{name}: the last event says where it lies"),
            looked,
            wrong: number(&elsewhere, vec![]).await?,
        });
    }
    let events = number("SELECT COUNT(*) FROM change_events", vec![]).await?;
    let doubled = "SELECT COUNT(*) FROM (SELECT record_id FROM change_events GROUP BY record_id, version HAVING COUNT(*) > 1) AS d";
    checks.push(Check { name: "events: none twice".to_owned(), looked: events, wrong: number(doubled, vec![]).await? });
    checks.push(receipts(database).await?);
    Ok(checks)
}

/// Every record that a receipt acknowledges has that version.
async fn receipts(database: &Database) -> Result<Check, HubError> {
    let backend = database.backend();
    let mut check = Check { name: "receipts: what they acknowledge is there".to_owned(), looked: 0, wrong: 0 };
    let mut after = String::new();
    loop {
        let sql = "SELECT department || '|' || region_code || '|' || idempotency_key AS k, answer FROM receipts \
                   WHERE department || '|' || region_code || '|' || idempotency_key > ? ORDER BY k LIMIT 100";
        let rows = database
            .all(Statement::from_sql_and_values(backend, numbered(backend, sql), vec![Value::from(after.as_str())]))
            .await?;
        if rows.is_empty() {
            return Ok(check);
        }
        for row in rows {
            after = row.try_get_by_index(0)?;
            check.looked += 1;
            let answer: String = row.try_get_by_index(1)?;
            if !acknowledged(database, &answer).await? {
                check.wrong += 1;
            }
        }
    }
}

async fn acknowledged(database: &Database, answer: &str) -> Result<bool, HubError> {
    let Ok(answer) = serde_json::from_str::<serde_json::Value>(answer) else { return Ok(false) };
    let verdicts = answer.get("verdicts").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut ids: Vec<uuid::Uuid> = Vec::new();
    for verdict in verdicts {
        if let Some(id) = verdict.get("id").and_then(serde_json::Value::as_str).and_then(|id| id.parse().ok()) {
            ids.push(id);
        }
    }
    let mut found: HashSet<uuid::Uuid> = HashSet::new();
    for chunk in ids.chunks(200) {
        let marks = vec!["?"; chunk.len()].join(", ");
        let sql = format!("SELECT DISTINCT record_id FROM record_versions WHERE record_id IN ({marks})");
        let values = chunk.iter().map(|id| Value::from(*id)).collect::<Vec<_>>();
        let backend = database.backend();
        for row in database.all(Statement::from_sql_and_values(backend, numbered(backend, &sql), values)).await? {
            found.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(ids.iter().all(|id| found.contains(id)))
}
