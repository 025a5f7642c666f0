//! Versions and change events, written in the transaction of their rows.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::catalogue::Family;
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

use crate::{
    authz::{permit::Permit, scope::Scope},
    error::HubError,
    store::{
        database::{Database, Transaction},
        reference::numbered,
    },
};

/// One version of a record.
#[derive(Clone, Debug)]
pub struct Version {
    /// Record.
    pub record: Uuid,
    /// Number, from 1.
    pub version: i32,
    /// `CREATED`, `UPDATED` or `WITHDRAWN`.
    pub action: String,
    /// Content as JSON, sealed values sealed.
    pub content: String,
    /// Names of the fields that changed, as a JSON list.
    pub changed: String,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// Account that wrote it.
    pub subject: String,
    /// Department that wrote it.
    pub department: String,
    /// Region of the organisation that wrote it.
    pub region: String,
    /// Request that wrote it.
    pub request: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Transaction {
    /// Appends versions and one change event for each, in order.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn append(&self, _permit: &Permit, family: &Family, versions: &[Version]) -> Result<(), HubError> {
        if versions.is_empty() {
            return Ok(());
        }
        let postgres = self.backend() == DbBackend::Postgres;
        let rows: Vec<serde_json::Value> = versions
            .iter()
            .map(|version| {
                serde_json::json!({
                    "i": if postgres { version.record.to_string() } else { version.record.simple().to_string() },
                    "v": version.version, "a": version.action, "c": version.content, "h": version.changed,
                    "r": version.reason, "s": version.subject, "d": version.department, "g": version.region,
                    "q": version.request, "t": version.at.to_rfc3339_opts(SecondsFormat::AutoSi, false),
                })
            })
            .collect();
        let packed = serde_json::Value::from(rows).to_string();
        let into = "INSERT INTO record_versions (record_id, version, family, action, content, changed, reason, subject, department, \
                    region_code, request_id, at)";
        let events = "INSERT INTO change_events (family, record_id, version, kind, at)";
        let kind = "CASE WHEN a = 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'UPSERT' END";
        let (versions, events) = if postgres {
            (
                format!(
                    "{into} SELECT i, v, ?, a, c, h, r, s, d, g, q, t FROM json_to_recordset(?::json) AS x(i uuid, v integer, a text, \
                     c text, h text, r text, s text, d text, g text, q text, t timestamptz)"
                ),
                format!(
                    "{events} SELECT ?, i, v, {kind}, t FROM json_to_recordset(?::json) AS x(i uuid, v integer, a text, t timestamptz)"
                ),
            )
        } else {
            let get = |name: &str| format!("value->>'{name}'");
            let list = ["c", "h", "r", "s", "d", "g", "q", "t"].map(get).join(", ");
            (
                format!("{into} SELECT unhex(value->>'i'), value->>'v', ?, value->>'a', {list} FROM json_each(?)"),
                format!(
                    "{events} SELECT ?, unhex(value->>'i'), value->>'v', \
                     CASE WHEN value->>'a' = 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'UPSERT' END, value->>'t' FROM json_each(?)"
                ),
            )
        };
        for sql in [versions, events] {
            let values: Vec<Value> = vec![family.name.into(), packed.as_str().into()];
            self.run(Statement::from_sql_and_values(self.backend(), numbered(self.backend(), &sql), values)).await?;
        }
        Ok(())
    }

    /// Content of the latest versions of these records, as JSON.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn contents(&self, _permit: &Permit, records: &[(Uuid, i32)]) -> Result<Vec<(Uuid, String)>, HubError> {
        let mut contents = Vec::with_capacity(records.len());
        for chunk in records.chunks(200) {
            let marks = vec!["(record_id = ? AND version = ?)"; chunk.len()].join(" OR ");
            let sql = format!("SELECT record_id, content FROM record_versions WHERE {marks}");
            let values = chunk.iter().flat_map(|(id, version)| [Value::from(*id), Value::from(*version)]).collect::<Vec<_>>();
            for row in self.all(Statement::from_sql_and_values(self.backend(), numbered(self.backend(), &sql), values)).await? {
                contents.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            }
        }
        Ok(contents)
    }
}

/// All versions of a record the scope has shown to exist, latest first.
///
/// # Errors
///
/// What the database says.
pub async fn history(database: &Database, scope: &Scope, record: Uuid) -> Result<Vec<Version>, HubError> {
    let sql = "SELECT version, action, content, changed, reason, subject, department, region_code, request_id, at \
               FROM record_versions WHERE record_id = ? AND family = ? ORDER BY version DESC LIMIT 200";
    let values: Vec<Value> = vec![record.into(), scope.family().name.into()];
    let rows = database.all(Statement::from_sql_and_values(database.backend(), numbered(database.backend(), sql), values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                record,
                version: row.try_get_by_index(0)?,
                action: row.try_get_by_index(1)?,
                content: row.try_get_by_index(2)?,
                changed: row.try_get_by_index(3)?,
                reason: row.try_get_by_index(4)?,
                subject: row.try_get_by_index(5)?,
                department: row.try_get_by_index(6)?,
                region: row.try_get_by_index(7)?,
                request: row.try_get_by_index(8)?,
                at: row.try_get_by_index(9)?,
            })
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .map_err(HubError::from)
}
