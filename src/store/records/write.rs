//! Writes rows of a family, one chunk at a time.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::catalogue::{Family, Field, Kind};
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    error::{HubError, Race},
    store::sql::{
        cell::Cell,
        columns::{ColumnValues, StatementParameters, Type, placeholder, rows, width},
        database::Transaction,
        statement::numbered,
        texts::text,
    },
};

/// A row to be written, with a value for every column.
#[derive(Clone, Debug)]
pub struct PendingRow {
    /// Identifier of the record, new or existing.
    pub id: Uuid,
    /// Natural key: department, source system and number, and a mark where that was taken.
    pub reference: String,
    /// Source system within the department; empty when the department has only one.
    pub source_system: String,
    /// Version after this write.
    pub version: i32,
    /// Digest of its content, to recognise an unchanged row.
    pub fingerprint: String,
    /// Secret key of the record, 0 to 255, from which the noise of statistics is derived.
    pub record_key: i32,
    /// Findings of the rules as JSON; `None` without any.
    pub findings: Option<String>,
    /// Values by the family's own fields; those of sealed columns are sealed.
    pub cells: Vec<Cell>,
    /// Keyed hash or sort key by own field, for the columns stored beside them.
    pub beside: Vec<Option<String>>,
}

/// Columns whose values differ from row to row, with their types, in the order in which they are
/// written.
pub(in crate::store) fn layout(family: &'static Family) -> Vec<(&'static str, Type)> {
    let mut columns = vec![
        ("id", Type::Id),
        ("ref", Type::Text),
        ("source_system", Type::Text),
        ("version", Type::Int),
        ("fingerprint", Type::Text),
        ("record_key", Type::Int),
        ("findings", Type::Text),
    ];
    for field in family.fields {
        columns.push((field.column, type_of(field)));
        columns.extend(beside(field).map(|name| (name, Type::Text)));
    }
    columns
}

/// Column of the keyed hash or sort key that is kept beside a field.
pub(in crate::store) fn beside(field: &Field) -> Option<&'static str> {
    field.key.or(field.sort).filter(|_| field.sealed || field.sort.is_some())
}

const fn type_of(field: &Field) -> Type {
    if field.sealed {
        return Type::Bytes;
    }
    match field.kind {
        Kind::Text | Kind::Code(_) | Kind::Codes(_) => Type::Text,
        Kind::Int => Type::Int,
        Kind::Money => Type::BigInt,
        Kind::Bool => Type::Bool,
        Kind::Date => Type::Date,
        Kind::DateTime => Type::Instant,
    }
}

/// The values in the order of [`layout`].
pub(in crate::store) fn columns<'a>(
    family: &'static Family,
    changes: &[&'a PendingRow],
) -> Vec<ColumnValues<'a>> {
    let text = |get: fn(&'a PendingRow) -> Option<&'a str>| {
        ColumnValues::Texts(changes.iter().map(|change| get(change)).collect())
    };
    let mut columns = vec![
        ColumnValues::Ids(changes.iter().map(|change| change.id).collect()),
        text(|change| Some(&change.reference)),
        text(|change| Some(&change.source_system)),
        ColumnValues::Ints(changes.iter().map(|change| Some(change.version)).collect()),
        text(|change| Some(&change.fingerprint)),
        ColumnValues::Ints(changes.iter().map(|change| Some(change.record_key)).collect()),
        text(|change| change.findings.as_deref()),
    ];
    for (index, field) in family.fields.iter().enumerate() {
        let cells = changes.iter().map(|change| change.cells.get(index));
        columns.push(values(type_of(field), cells));
        if beside(field).is_some() {
            columns.push(ColumnValues::Texts(
                changes.iter().map(|change| change.beside.get(index)?.as_deref()).collect(),
            ));
        }
    }
    columns
}

fn values<'a>(of: Type, cells: impl Iterator<Item = Option<&'a Cell>>) -> ColumnValues<'a> {
    let number = |cell: Option<&Cell>| cell.and_then(Cell::as_int);
    match of {
        Type::Int => ColumnValues::Ints(
            cells
                .map(|cell| number(cell).map(|number| i32::try_from(number).unwrap_or(i32::MAX)))
                .collect(),
        ),
        Type::BigInt => ColumnValues::BigInts(cells.map(number).collect()),
        Type::Bool => ColumnValues::Bools(
            cells
                .map(|cell| if let Some(Cell::Bool(yes)) = cell { Some(*yes) } else { None })
                .collect(),
        ),
        Type::Date => ColumnValues::Dates(
            cells
                .map(|cell| if let Some(Cell::Date(day)) = cell { Some(*day) } else { None })
                .collect(),
        ),
        Type::Instant => ColumnValues::Instants(
            cells
                .map(|cell| if let Some(Cell::Instant(at)) = cell { Some(*at) } else { None })
                .collect(),
        ),
        Type::Bytes => ColumnValues::Bytes(
            cells
                .map(|cell| {
                    if let Some(Cell::Sealed(bytes)) = cell { Some(bytes.as_slice()) } else { None }
                })
                .collect(),
        ),
        Type::Text | Type::Id => {
            ColumnValues::Texts(cells.map(|cell| cell.and_then(Cell::as_text)).collect())
        }
    }
}

/// `INSERT INTO table (…) SELECT … FROM x`; the department and the instant are the parameters with
/// these numbers.
pub(in crate::store) fn insert(
    backend: DbBackend,
    family: &'static Family,
    department: usize,
    now: usize,
) -> String {
    let names =
        layout(family).iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let (department, now) = (placeholder(backend, department), placeholder(backend, now));
    format!(
        "INSERT INTO {} ({names}, department, created_at, updated_at) SELECT {names}, {department}, {now}, {now} FROM ",
        family.table
    )
}

impl Transaction {
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)
    }

    fn packed(
        &self,
        permit: &Permit,
        changes: &[PendingRow],
        now: DateTime<Utc>,
    ) -> Result<StatementParameters, HubError> {
        let mut arguments = StatementParameters::new(self.backend());
        let rows: Vec<&PendingRow> = changes.iter().collect();
        arguments.rows(&columns(permit.family(), &rows), changes.len() == 1)?;
        arguments.text(permit.department().as_str())?;
        arguments.instant(now)?;
        Ok(arguments)
    }

    /// Inserts new rows.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another writer was faster; the submission is tried again.
    pub async fn insert(
        &self,
        permit: &Permit,
        changes: &[PendingRow],
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        if changes.is_empty() {
            return Ok(());
        }
        let (backend, family, single) = (self.backend(), permit.family(), changes.len() == 1);
        let sql = text(backend, family.table, "insert", single, || {
            let layout = layout(family);
            let after = width(backend, &layout);
            insert(backend, family, after + 1, after + 2) + &rows(backend, &layout, 1, single)
        });
        self.run_with(sql, self.packed(permit, changes, now)?).await.map(|_| ()).map_err(conflict)
    }

    /// Rewrites rows in place; each must still have the version before.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another writer was faster.
    pub async fn update(
        &self,
        permit: &Permit,
        changes: &[PendingRow],
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        if changes.is_empty() {
            return Ok(());
        }
        let (backend, family, single) = (self.backend(), permit.family(), changes.len() == 1);
        let sql = text(backend, family.table, "update", single, || {
            let (table, layout) = (family.table, layout(family));
            let (department, now) = (width(backend, &layout) + 1, width(backend, &layout) + 2);
            let mut set = format!(
                "department = {}, updated_at = {}, withdrawn_at = NULL",
                placeholder(backend, department),
                placeholder(backend, now)
            );
            for (name, _) in layout.iter().filter(|(name, _)| !matches!(*name, "id" | "ref")) {
                let _ = write!(set, ", \"{name}\" = x.\"{name}\"");
            }
            let rows = rows(backend, &layout, 1, single);
            format!(
                "UPDATE {table} SET {set} FROM {rows} WHERE {table}.id = x.id AND {table}.version = x.version - 1"
            )
        });
        let touched =
            self.run_with(sql, self.packed(permit, changes, now)?).await.map_err(conflict)?;
        if touched == changes.len() as u64 {
            Ok(())
        } else {
            Err(HubError::Overtaken(Race::Record))
        }
    }

    /// Marks a row as withdrawn.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another writer was faster.
    pub async fn withdraw(
        &self,
        permit: &Permit,
        id: Uuid,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let sql = format!(
            "UPDATE {} SET withdrawn_at = ?, updated_at = ?, version = ? WHERE id = ? AND version = ? AND withdrawn_at IS NULL",
            permit.family().table
        );
        let values = vec![now.into(), now.into(), version.into(), id.into(), (version - 1).into()];
        if self.run(self.statement(&sql, values)).await? == 1 {
            Ok(())
        } else {
            Err(HubError::Overtaken(Race::Record))
        }
    }
}

/// A unique value that is there already means that another writer was faster.
pub(in crate::store) fn conflict(error: HubError) -> HubError {
    let unique =
        error.cause().and_then(|cause| cause.downcast_ref::<sea_orm::DbErr>()).is_some_and(
            |cause| matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))),
        );
    if unique { HubError::Overtaken(Race::Record) } else { error }
}
