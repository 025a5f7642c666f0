//! Writing rows of a family, a chunk at a time. Values travel as one JSON parameter, so that the statement's text depends
//! on the family alone and stays prepared; empty values inside PostgreSQL arrays are not supported by sea-query.

use std::{collections::HashMap, fmt::Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use entity::catalogue::{Family, Field, Kind};
use sea_orm::{DbBackend, Statement, Value, sea_query::ArrayType};
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{cell::Cell, database::Transaction, reference::numbered},
};

/// What the store has under a natural key.
#[derive(Clone, Debug)]
pub struct Known {
    /// Identifier.
    pub id: Uuid,
    /// Version.
    pub version: i32,
    /// Digest of its content.
    pub fingerprint: String,
    /// Region it lies in.
    pub region: String,
    /// Key industry.
    pub industry: Option<String>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// A row to be written, with every column settled.
#[derive(Clone, Debug)]
pub struct Change {
    /// Identifier.
    pub id: Uuid,
    /// Natural key.
    pub reference: String,
    /// System of the department it came from.
    pub source_system: String,
    /// Version it becomes.
    pub version: i32,
    /// Digest of its content.
    pub fingerprint: String,
    /// Findings as JSON.
    pub findings: Option<String>,
    /// Values by own field of the family; sealed ones sealed.
    pub cells: Vec<Cell>,
    /// Keyed hash or sort key by own field, for the columns beside them.
    pub beside: Vec<Option<String>>,
}

/// A row whose region or industry changed.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Natural key.
    pub reference: String,
    /// Region it lies in now.
    pub region: String,
    /// Key industry it has now.
    pub industry: Option<String>,
}

/// Columns of a family's table beside `id`, with their types, in the order in which they are written.
fn columns(family: &'static Family) -> Vec<(&'static str, Type)> {
    let mut columns = vec![
        ("ref", Type::Text),
        ("department", Type::Text),
        ("source_system", Type::Text),
        ("version", Type::Int),
        ("fingerprint", Type::Text),
        ("findings", Type::Text),
        ("created_at", Type::Instant),
        ("updated_at", Type::Instant),
        ("withdrawn_at", Type::Instant),
    ];
    for field in family.fields {
        columns.push((field.column, Type::of(field)));
        columns.extend(field.key.or(field.sort).filter(|_| field.sealed || field.sort.is_some()).map(|name| (name, Type::Text)));
    }
    columns
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Int,
    BigInt,
    Bool,
    Date,
    Instant,
    Bytes,
}

impl Type {
    const fn of(field: &Field) -> Self {
        if field.sealed {
            return Self::Bytes;
        }
        match field.kind {
            Kind::Text | Kind::Code(_) | Kind::Codes(_) => Self::Text,
            Kind::Int => Self::Int,
            Kind::Money => Self::BigInt,
            Kind::Bool => Self::Bool,
            Kind::Date => Self::Date,
            Kind::DateTime => Self::Instant,
        }
    }

    const fn postgres(self) -> &'static str {
        match self {
            Self::Text | Self::Bytes => "text",
            Self::Int => "integer",
            Self::BigInt => "bigint",
            Self::Bool => "boolean",
            Self::Date => "date",
            Self::Instant => "timestamptz",
        }
    }
}

/// `SELECT id, columns FROM the JSON parameter`.
fn source(backend: DbBackend, columns: &[(&str, Type)]) -> String {
    let mut sql = String::from("SELECT ");
    if backend == DbBackend::Postgres {
        sql.push_str("x.\"id\"");
        for (index, (name, of)) in columns.iter().enumerate() {
            let _ = match of {
                Type::Bytes => write!(sql, ", decode(x.c{index}, 'hex') AS \"{name}\""),
                _ => write!(sql, ", x.c{index} AS \"{name}\""),
            };
        }
        sql.push_str(" FROM json_to_recordset(?::json) AS x(\"id\" uuid");
        for (index, (_, of)) in columns.iter().enumerate() {
            let _ = write!(sql, ", c{index} {}", of.postgres());
        }
        sql.push(')');
    } else {
        sql.push_str("unhex(value->>'id') AS \"id\"");
        for (index, (name, of)) in columns.iter().enumerate() {
            let _ = match of {
                Type::Bytes => write!(sql, ", unhex(value->>'c{index}') AS \"{name}\""),
                _ => write!(sql, ", value->>'c{index}' AS \"{name}\""),
            };
        }
        sql.push_str(" FROM json_each(?)");
    }
    sql
}

/// An instant as both databases take it from text, to the microsecond, in UTC.
fn instant(at: DateTime<Utc>) -> serde_json::Value {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn wire(backend: DbBackend, permit: &Permit, change: &Change, now: DateTime<Utc>) -> serde_json::Value {
    let mut row = serde_json::Map::new();
    let id = if backend == DbBackend::Postgres { change.id.to_string() } else { change.id.simple().to_string() };
    row.insert("id".to_owned(), id.into());
    let system: [serde_json::Value; 9] = [
        change.reference.as_str().into(),
        permit.department().into(),
        change.source_system.as_str().into(),
        change.version.into(),
        change.fingerprint.as_str().into(),
        change.findings.as_deref().into(),
        instant(now),
        instant(now),
        serde_json::Value::Null,
    ];
    let mut index = 0;
    let mut put = |value: serde_json::Value| {
        if !value.is_null() {
            row.insert(format!("c{index}"), value);
        }
        index += 1;
    };
    system.into_iter().for_each(&mut put);
    for ((field, cell), beside) in permit.family().fields.iter().zip(&change.cells).zip(&change.beside) {
        put(match cell {
            Cell::Null => serde_json::Value::Null,
            Cell::Sealed(bytes) => hex(bytes).into(),
            Cell::Int(number) => (*number).into(),
            Cell::Bool(yes) => (*yes).into(),
            Cell::Text(text) => text.as_str().into(),
            Cell::Date(day) => day.to_string().into(),
            Cell::Instant(at) => instant(*at),
        });
        if (field.sealed && field.key.is_some()) || field.sort.is_some() {
            put(beside.as_deref().into());
        }
    }
    row.into()
}

impl Transaction {
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)
    }

    /// `column IN texts` as SQL with one `?`.
    fn among(&self, column: &str, texts: &[String]) -> (String, Value) {
        if self.backend() == DbBackend::Postgres {
            let list = texts.iter().map(|text| Value::from(text.as_str())).collect();
            (format!("{column} = ANY(?)"), Value::Array(ArrayType::String, Some(Box::new(list))))
        } else {
            (format!("{column} IN (SELECT value FROM json_each(?))"), serde_json::Value::from(texts.to_vec()).to_string().into())
        }
    }

    /// What the store has under these natural keys, locked until the transaction ends.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn known(&self, permit: &Permit, references: &[String]) -> Result<HashMap<String, Known>, HubError> {
        let family = permit.family();
        let (condition, list) = self.among("ref", references);
        let lock = if self.backend() == DbBackend::Postgres { " ORDER BY id FOR UPDATE" } else { "" };
        let sql = format!(
            "SELECT id, ref, version, fingerprint, {}, {}, withdrawn_at IS NOT NULL FROM {} WHERE {condition}{lock}",
            family.region_column(),
            family.industry_column().unwrap_or("NULL"),
            family.table
        );
        let mut known = HashMap::new();
        for row in self.all(self.statement(&sql, vec![list])).await? {
            let reference: String = row.try_get_by_index(1)?;
            let entry = Known {
                id: row.try_get_by_index(0)?,
                version: row.try_get_by_index(2)?,
                fingerprint: row.try_get_by_index(3)?,
                region: row.try_get_by_index(4)?,
                industry: row.try_get_by_index(5)?,
                withdrawn: row.try_get_by_index(6)?,
            };
            known.insert(reference, entry);
        }
        Ok(known)
    }

    /// Region and key industry of the rows of another family with these natural keys, whoever holds them. They stay as they
    /// are until the transaction ends: a row that is about to take its region from them cannot be overtaken by their move.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn places(
        &self,
        _permit: &Permit,
        family: &Family,
        references: &[String],
    ) -> Result<HashMap<String, (String, Option<String>)>, HubError> {
        let (condition, list) = self.among("ref", references);
        let lock = if self.backend() == DbBackend::Postgres { " ORDER BY id FOR SHARE" } else { "" };
        let sql = format!(
            "SELECT ref, {}, {} FROM {} WHERE {condition} AND withdrawn_at IS NULL{lock}",
            family.region_column(),
            family.industry_column().unwrap_or("NULL"),
            family.table
        );
        let mut places = HashMap::new();
        for row in self.all(self.statement(&sql, vec![list])).await? {
            places.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?));
        }
        Ok(places)
    }

    /// Inserts new rows.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another writer was faster; the submission is tried again.
    pub async fn insert(&self, permit: &Permit, changes: &[Change], now: DateTime<Utc>) -> Result<(), HubError> {
        if changes.is_empty() {
            return Ok(());
        }
        let columns = columns(permit.family());
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let sql =
            format!("INSERT INTO {} (\"id\", {}) {}", permit.family().table, names.join(", "), source(self.backend(), &columns));
        self.run(self.statement(&sql, vec![self.packed(permit, changes, now)])).await.map(|_| ()).map_err(conflict)
    }

    /// Rewrites rows in place; each must still have the version before.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another writer was faster.
    pub async fn update(&self, permit: &Permit, changes: &[Change], now: DateTime<Utc>) -> Result<(), HubError> {
        if changes.is_empty() {
            return Ok(());
        }
        let columns = columns(permit.family());
        let table = permit.family().table;
        let set: Vec<String> = columns
            .iter()
            .filter(|(name, _)| !matches!(*name, "created_at" | "ref"))
            .map(|(name, _)| format!("\"{name}\" = y.\"{name}\""))
            .collect();
        let sql = format!(
            "UPDATE {table} SET {} FROM ({}) AS y WHERE {table}.id = y.id AND {table}.version = y.version - 1",
            set.join(", "),
            source(self.backend(), &columns)
        );
        let touched = self.run(self.statement(&sql, vec![self.packed(permit, changes, now)])).await.map_err(conflict)?;
        if touched == changes.len() as u64 { Ok(()) } else { Err(HubError::overtaken()) }
    }

    /// Marks a row as withdrawn.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another writer was faster.
    pub async fn withdraw(&self, permit: &Permit, id: Uuid, version: i32, now: DateTime<Utc>) -> Result<(), HubError> {
        let sql = format!(
            "UPDATE {} SET withdrawn_at = ?, updated_at = ?, version = ? WHERE id = ? AND version = ? AND withdrawn_at IS NULL",
            permit.family().table
        );
        let values = vec![now.into(), now.into(), version.into(), id.into(), (version - 1).into()];
        if self.run(self.statement(&sql, values)).await? == 1 { Ok(()) } else { Err(HubError::overtaken()) }
    }

    /// Moves the rows of another family that take region and industry from a row that moved. Returns those that are not
    /// withdrawn, each with the version it has become: the caller appends that version.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn follow(
        &self,
        _permit: &Permit,
        child: &Family,
        column: &str,
        moved: &Moved,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Uuid, i32)>, HubError> {
        let mut set = format!("{} = ?, updated_at = ?", child.region_column());
        let mut values: Vec<Value> = vec![moved.region.as_str().into(), now.into()];
        if let Some(name) = child.industry_column() {
            let _ = write!(set, ", {name} = ?");
            values.push(moved.industry.clone().into());
        }
        values.push(moved.reference.as_str().into());
        let of = |rest: &str| format!("UPDATE {} SET {set}{rest}", child.table);
        let sql = of(&format!(", version = version + 1 WHERE {column} = ? AND withdrawn_at IS NULL RETURNING id, version"));
        let rows = self.all(self.statement(&sql, values.clone())).await?;
        let sql = of(&format!(" WHERE {column} = ? AND withdrawn_at IS NOT NULL"));
        self.run(self.statement(&sql, values)).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    fn packed(&self, permit: &Permit, changes: &[Change], now: DateTime<Utc>) -> Value {
        let rows: Vec<serde_json::Value> = changes.iter().map(|change| wire(self.backend(), permit, change, now)).collect();
        serde_json::Value::from(rows).to_string().into()
    }

    /// Natural key, version and withdrawal of one record of the permit's department, locked.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn own(&self, permit: &Permit, id: Uuid) -> Result<Option<Known>, HubError> {
        let sql = format!("SELECT ref FROM {} WHERE id = ? AND department = ?", permit.family().table);
        let rows = self.all(self.statement(&sql, vec![id.into(), permit.department().into()])).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let reference: String = row.try_get_by_index(0)?;
        Ok(self.known(permit, std::slice::from_ref(&reference)).await?.remove(&reference))
    }
}

fn conflict(error: HubError) -> HubError {
    let unique = error
        .cause()
        .and_then(|cause| cause.downcast_ref::<sea_orm::DbErr>())
        .is_some_and(|cause| matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))));
    if unique { HubError::overtaken() } else { error }
}
