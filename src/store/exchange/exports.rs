//! Manifests of exports: what was requested, how far it got, and where the change feed continues.
//! The condition may name persons, so it is sealed.

use chrono::{DateTime, Utc};
use sea_orm::{Statement, Value};
use uuid::Uuid;

use crate::{
    authz::actor::Actor,
    error::HubError,
    store::{
        seal::Seal,
        sql::{database::Database, statement::numbered},
    },
};

const PLACE: &str = "exports.condition";

/// What a sealed condition is bound to: its export and the organisation that requested it.
fn place(id: Uuid, actor: &Actor) -> String {
    format!("{PLACE}|{id}|{}|{}", actor.department().as_str(), actor.region().as_str())
}

/// A manifest (清单): the stored description of one export, shown at `/exchange/exports/{id}`.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Identifier of the export; the client gets it before the first byte of the file.
    pub id: Uuid,
    /// Account that requested the export.
    pub subject: String,
    /// Name of the family.
    pub family: String,
    /// The condition as JSON; `None` when the whole family was requested.
    pub condition: Option<String>,
    /// Names of the exported columns, in file order.
    pub fields: Vec<String>,
    /// Code of the format: `NDJSON`, `CSV` or `XLSX`.
    pub format: String,
    /// Cursor of the change feed at the state that was exported: a copy is kept current from here.
    pub cursor: String,
    /// When the export began.
    pub started_at: DateTime<Utc>,
    /// How the export ended; `None` while it runs, and for good if it broke off.
    pub end: Option<ExportEnd>,
}

/// The outcome of an export that ran to its end.
#[derive(Clone, Debug)]
pub struct ExportEnd {
    /// When the last byte was produced.
    pub at: DateTime<Utc>,
    /// Number of records in the file.
    pub rows: i64,
    /// SHA-256 of the content before compression, in hexadecimal digits.
    pub digest: String,
}

/// Stores a new manifest for the actor's organisation.
///
/// # Errors
///
/// What the database says.
pub async fn begin(
    database: &Database,
    seal: &Seal,
    actor: &Actor,
    manifest: &Manifest,
) -> Result<(), HubError> {
    let condition = manifest
        .condition
        .as_deref()
        .map(|text| seal.seal(&place(manifest.id, actor), text))
        .transpose()?;
    let sql = "INSERT INTO exports (id, subject, department, region_code, family, condition, fields, format, cursor, started_at) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values: Vec<Value> = vec![
        manifest.id.into(),
        manifest.subject.as_str().into(),
        actor.department().as_str().into(),
        actor.region().as_str().into(),
        manifest.family.as_str().into(),
        condition.into(),
        serde_json::to_string(&manifest.fields).map_err(HubError::internal)?.into(),
        manifest.format.as_str().into(),
        manifest.cursor.as_str().into(),
        manifest.started_at.into(),
    ];
    run(database, sql, values).await
}

/// Records that the last byte was produced.
///
/// # Errors
///
/// What the database says.
pub async fn complete(database: &Database, id: Uuid, end: &ExportEnd) -> Result<(), HubError> {
    let sql = "UPDATE exports SET finished_at = ?, records = ?, digest = ? WHERE id = ?";
    run(database, sql, vec![end.at.into(), end.rows.into(), end.digest.as_str().into(), id.into()])
        .await
}

async fn run(database: &Database, sql: &str, values: Vec<Value>) -> Result<(), HubError> {
    let transaction = database.begin().await?;
    let statement = Statement::from_sql_and_values(
        database.backend(),
        numbered(database.backend(), sql),
        values,
    );
    match transaction.run(statement).await {
        Ok(_) => transaction.commit().await,
        Err(error) => {
            transaction.rollback().await;
            Err(error)
        }
    }
}

/// The manifest with this identifier, if it belongs to the actor's organisation.
///
/// # Errors
///
/// What the database says.
pub async fn get(
    database: &Database,
    seal: &Seal,
    actor: &Actor,
    id: Uuid,
) -> Result<Option<Manifest>, HubError> {
    let sql = "SELECT subject, family, condition, fields, format, cursor, started_at, finished_at, records, digest FROM exports \
               WHERE id = ? AND department = ? AND region_code = ?";
    let values: Vec<Value> =
        vec![id.into(), actor.department().as_str().into(), actor.region().as_str().into()];
    let statement = Statement::from_sql_and_values(
        database.backend(),
        numbered(database.backend(), sql),
        values,
    );
    let Some(row) = database.one(statement).await? else { return Ok(None) };
    let condition: Option<Vec<u8>> = row.try_get_by_index(2)?;
    let fields: String = row.try_get_by_index(3)?;
    let finished: Option<DateTime<Utc>> = row.try_get_by_index(7)?;
    let end = match finished {
        Some(at) => {
            Some(ExportEnd { at, rows: row.try_get_by_index(8)?, digest: row.try_get_by_index(9)? })
        }
        None => None,
    };
    Ok(Some(Manifest {
        id,
        subject: row.try_get_by_index(0)?,
        family: row.try_get_by_index(1)?,
        condition: condition
            .map(|sealed| seal.open_either(&place(id, actor), PLACE, &sealed))
            .transpose()?,
        fields: serde_json::from_str(&fields).map_err(HubError::internal)?,
        format: row.try_get_by_index(4)?,
        cursor: row.try_get_by_index(5)?,
        started_at: row.try_get_by_index(6)?,
        end,
    }))
}
