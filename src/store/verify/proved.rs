//! Versions and receipts against their keyed digests, and against what the audit log says was written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::catalogue::Catalogue;
use sea_orm::{Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        exchange::jobs::statement,
        proof::{prover::Prover, versions::VersionParts},
        sql::{
            condition::{built, column, in_ids},
            database::Database,
        },
        verify::Check,
    },
};
use sea_orm::sea_query::{Alias, Query};

/// Versions read at a time.
const STEP: usize = 500;

/// Every version is as it was written: content, author, request, time, and the natural key of its record.
pub(super) async fn versions(database: &Database, catalogue: &Catalogue, prover: &Prover) -> Result<Check, HubError> {
    let mut check = Check::new("versions: each is as it was written, by whom and when");
    let sql = format!(
        "SELECT record_id, version, family, action, content, changed, reason, subject, department, region_code, request_id, at, kept, \
         mac FROM record_versions WHERE (record_id, version) > (?, ?) ORDER BY record_id, version LIMIT {STEP}"
    );
    let mut after: (Uuid, i32) = (Uuid::nil(), -1);
    loop {
        let rows = database.all(statement(database.backend(), &sql, vec![after.0.into(), after.1.into()])).await?;
        let mut by_family: HashMap<String, Vec<Uuid>> = HashMap::new();
        for row in &rows {
            by_family.entry(row.try_get_by_index(2)?).or_default().push(row.try_get_by_index(0)?);
        }
        let mut references: HashMap<Uuid, String> = HashMap::new();
        for (family, ids) in by_family {
            if let Some(family) = catalogue.find(&family) {
                references.extend(natural_keys(database, family.table, &ids).await?);
            }
        }
        for row in &rows {
            check.looked += 1;
            after = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let text = |index: usize| row.try_get_by_index::<String>(index);
            let may = |index: usize| row.try_get_by_index::<Option<String>>(index);
            let (family, action, content, changed) = (text(2)?, text(3)?, text(4)?, text(5)?);
            let (reason, kept, mac) = (may(6)?, may(12)?, may(13)?);
            let author = [text(7)?, text(8)?, text(9)?, text(10)?];
            let at: DateTime<Utc> = row.try_get_by_index(11)?;
            let [subject, department, region, request] = &author;
            let proved = references.get(&after.0).map(|reference| {
                prover.version(&VersionParts {
                    family: &family,
                    record: after.0,
                    version: after.1,
                    action: &action,
                    content: &content,
                    changed: &changed,
                    reason: reason.as_deref(),
                    author: [subject, department, region, request],
                    at,
                    reference,
                    kept: kept.as_deref(),
                })
            });
            if proved != mac || mac.is_none() {
                check.fault(format!("record_versions {} {} {}", family, after.0, after.1));
            }
        }
        if rows.len() < STEP {
            return Ok(check);
        }
    }
}

async fn natural_keys(database: &Database, table: &str, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, HubError> {
    let mut select = Query::select();
    select.expr(column(table, "id")).expr(column(table, "ref")).from(Alias::new(table));
    select.and_where(in_ids(database.backend(), column(table, "id"), ids));
    let rows = database.all(built(database.backend(), &select)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// What the log says was written is there, and whatever was written is in the log. Requests are named, as records are gone.
pub(super) async fn logged(database: &Database) -> Result<Vec<Check>, HubError> {
    let claimed = |what: &str, table: &str| {
        format!(
            "SELECT a.request_id FROM (SELECT request_id, SUM({what}) AS n FROM audit_entries WHERE {what} > 0 GROUP BY request_id) AS a \
             LEFT JOIN (SELECT request_id, COUNT(*) AS n FROM {table} GROUP BY request_id) AS f ON f.request_id = a.request_id \
             WHERE COALESCE(f.n, 0) < a.n"
        )
    };
    let unheard = |table: &str| {
        format!(
            "SELECT v.request_id FROM (SELECT DISTINCT request_id FROM {table} WHERE request_id IS NOT NULL) AS v \
             LEFT JOIN (SELECT DISTINCT request_id FROM audit_entries) AS a ON a.request_id = v.request_id WHERE a.request_id IS NULL"
        )
    };
    let mut checks = Vec::new();
    for (name, table, sql) in [
        ("versions: all that the log says were written are there", "record_versions", claimed("versions", "record_versions")),
        ("receipts: all that the log says were given are there", "receipts", claimed("receipts", "receipts")),
        ("versions: each was written by a request in the log", "record_versions", unheard("record_versions")),
        ("receipts: each was given to a request in the log", "receipts", unheard("receipts")),
    ] {
        let mut check = Check::new(name);
        let count = |sql: String| Statement::from_string(database.backend(), sql);
        let number = |sql: String| async move {
            let row = database.one(count(sql)).await?;
            Ok::<i64, HubError>(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
        };
        check.looked = number(format!("SELECT COUNT(*) FROM {table}")).await?;
        check.wrong = number(format!("SELECT COUNT(*) FROM ({sql}) AS w")).await?;
        if check.wrong > 0 {
            for row in database.all(statement(database.backend(), &format!("{sql} LIMIT 10"), Vec::<Value>::new())).await? {
                check.places.push(format!("{table} of request {}", row.try_get_by_index::<String>(0)?));
            }
        }
        checks.push(check);
    }
    Ok(checks)
}
