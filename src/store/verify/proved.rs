//! Versions and receipts against their keyed digests, and against what the audit log says was
//! written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::catalogue::Catalogue;
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        proof::{prover::Prover, versions::VersionParts},
        sql::{
            condition::{built, column, in_ids},
            database::Database,
            statement::statement,
        },
        verify::{Check, finite, raw, shown_id, shown_text},
    },
};
use sea_orm::sea_query::{Alias, Query};

/// Versions read at a time.
const STEP: usize = 500;

/// Every version is as it was written: content, author, request, time, and the natural key of its
/// record.
pub(super) async fn versions(
    database: &Database,
    catalogue: &Catalogue,
    prover: &Prover,
) -> Result<Check, HubError> {
    let mut check = Check::new("versions: each is as it was written, by whom and when");
    let sql = format!(
        "SELECT record_id, version, family, action, content, changed, reason, subject, department, region_code, request_id, {}, kept, \
         mac FROM record_versions WHERE (record_id, version) > (?, ?) ORDER BY record_id, version LIMIT {STEP}",
        finite(database.backend(), "at")
    );
    let mut after = (Value::from(Uuid::nil()), Value::from(-1));
    loop {
        let rows = database
            .all(statement(database.backend(), &sql, vec![after.0.clone(), after.1.clone()]))
            .await;
        let rows = check.read(rows, || "record_versions".to_owned())?.unwrap_or_default();
        let mut versions = Vec::with_capacity(rows.len());
        let mut by_family: HashMap<String, Vec<Uuid>> = HashMap::new();
        for row in &rows {
            check.looked += 1;
            let place = || format!("record_versions {} {}", shown_text(row, 2), shown_id(row, 0));
            if let Some(version) = check.read(ProvedVersion::read(row), place)? {
                after = (version.record.into(), version.version.into());
                by_family.entry(version.family.clone()).or_default().push(version.record);
                versions.push(version);
            } else if let (Some(record), Some(version)) = (identifier(row), raw(row, 1)) {
                after = (record, version);
            }
        }
        let mut references: HashMap<Uuid, String> = HashMap::new();
        for (family, ids) in by_family {
            if let Some(family) = catalogue.find(&family) {
                let keys = natural_keys(database, family.table, &ids).await;
                references
                    .extend(check.read(keys, || family.table.to_owned())?.unwrap_or_default());
            }
        }
        for version in versions {
            let proved =
                references.get(&version.record).map(|reference| version.digest(prover, reference));
            if proved != version.mac || version.mac.is_none() {
                check.fault(format!(
                    "record_versions {} {} {}",
                    version.family, version.record, version.version
                ));
            }
        }
        if rows.len() < STEP {
            return Ok(check);
        }
    }
}

/// The identifier of a row's record as it stands.
fn identifier(row: &QueryResult) -> Option<Value> {
    row.try_get_by_index::<Uuid>(0).map(Value::from).ok().or_else(|| raw(row, 0))
}

/// A version with its digest as kept.
struct ProvedVersion {
    record: Uuid,
    version: i32,
    family: String,
    /// Action, content, what has changed.
    said: [String; 3],
    reason: Option<String>,
    /// Account, department, region, request.
    author: [String; 4],
    at: DateTime<Utc>,
    kept: Option<String>,
    mac: Option<String>,
}

impl ProvedVersion {
    fn read(row: &QueryResult) -> Result<Self, HubError> {
        let text = |index: usize| row.try_get_by_index::<String>(index);
        Ok(Self {
            record: row.try_get_by_index(0)?,
            version: row.try_get_by_index(1)?,
            family: text(2)?,
            said: [text(3)?, text(4)?, text(5)?],
            reason: row.try_get_by_index(6)?,
            author: [text(7)?, text(8)?, text(9)?, text(10)?],
            at: row.try_get_by_index(11)?,
            kept: row.try_get_by_index(12)?,
            mac: row.try_get_by_index(13)?,
        })
    }

    fn digest(&self, prover: &Prover, reference: &str) -> String {
        let ([action, content, changed], [subject, department, region, request]) =
            (&self.said, &self.author);
        prover.version(&VersionParts {
            family: &self.family,
            record: self.record,
            version: self.version,
            action,
            content,
            changed,
            reason: self.reason.as_deref(),
            author: [subject, department, region, request],
            at: self.at,
            reference,
            kept: self.kept.as_deref(),
        })
    }
}

async fn natural_keys(
    database: &Database,
    table: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String)>, HubError> {
    let mut select = Query::select();
    select.expr(column(table, "id")).expr(column(table, "ref")).from(Alias::new(table));
    select.and_where(in_ids(database.backend(), column(table, "id"), ids));
    let rows = database.all(built(database.backend(), &select)).await?;
    // One that cannot be read is none: its versions are named, and the row by others.
    Ok(rows
        .iter()
        .filter_map(|row| Some((row.try_get_by_index(0).ok()?, row.try_get_by_index(1).ok()?)))
        .collect())
}

/// What the log says was written is there, and whatever was written is in the log. Requests are
/// named, as records are gone.
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
        (
            "versions: all that the log says were written are there",
            "record_versions",
            claimed("versions", "record_versions"),
        ),
        (
            "receipts: all that the log says were given are there",
            "receipts",
            claimed("receipts", "receipts"),
        ),
        (
            "versions: each was written by a request in the log",
            "record_versions",
            unheard("record_versions"),
        ),
        ("receipts: each was given to a request in the log", "receipts", unheard("receipts")),
    ] {
        let mut check = Check::new(name);
        let count = |sql: String| Statement::from_string(database.backend(), sql);
        let number = |sql: String| async move {
            let row = database.one(count(sql)).await?;
            Ok::<i64, HubError>(
                row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default(),
            )
        };
        let tables = || format!("{table} or audit_entries");
        if let Some(looked) =
            check.read(number(format!("SELECT COUNT(*) FROM {table}")).await, tables)?
        {
            check.looked = looked;
            if let Some(wrong) =
                check.read(number(format!("SELECT COUNT(*) FROM ({sql}) AS w")).await, tables)?
            {
                check.wrong = wrong;
            }
        }
        if check.wrong > check.places.len() as i64 {
            let rows = database
                .all(statement(database.backend(), &format!("{sql} LIMIT 10"), Vec::<Value>::new()))
                .await;
            for row in check.read(rows, tables)?.unwrap_or_default() {
                check.places.push(format!("{table} of request {}", shown_text(&row, 0)));
            }
        }
        checks.push(check);
    }
    Ok(checks)
}
