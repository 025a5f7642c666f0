//! The columns of the tables whose rows are proved, and each as text.

use std::sync::{Arc, PoisonError};

use sea_orm::{DbBackend, QueryResult};

use crate::{
    error::HubError,
    store::sql::{
        database::{Database, Transaction},
        shapes::{Shapes, TextColumns},
        statement::statement,
    },
};

pub(super) fn types(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_name = ? AND table_schema = ANY (current_schemas(false)) ORDER BY 1"
        }
        _ => "SELECT name, type FROM pragma_table_info(?) ORDER BY 1",
    }
}

/// Names and types of columns.
pub(super) fn typed(rows: &[QueryResult]) -> Result<Vec<(String, String)>, HubError> {
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The expression that gives a column of a row as text.
pub(super) fn expression(backend: DbBackend, row: &str, name: &str, of: &str) -> String {
    match backend {
        DbBackend::Postgres if of == "bytea" => format!("encode({row}.\"{name}\", 'hex')"),
        DbBackend::Postgres => format!("CAST({row}.\"{name}\" AS TEXT)"),
        _ => format!(
            "CASE typeof({row}.\"{name}\") WHEN 'blob' THEN lower(hex({row}.\"{name}\")) ELSE CAST({row}.\"{name}\" AS TEXT) END"
        ),
    }
}

fn shaped(backend: DbBackend, rows: &[QueryResult]) -> Result<TextColumns, HubError> {
    let text = |(name, of): (String, String)| {
        let text = expression(backend, "t", &name, &of);
        (name, text)
    };
    Ok(Arc::new(typed(rows)?.into_iter().map(text).collect()))
}

impl Database {
    /// Names of a table's columns and the expression that gives each as text.
    pub(in crate::store) async fn shape_of(&self, table: &str) -> Result<TextColumns, HubError> {
        let rows =
            self.all(statement(self.backend(), types(self.backend()), vec![table.into()])).await?;
        shaped(self.backend(), &rows)
    }
}

impl Transaction {
    pub(super) async fn columns_of(&self, table: &'static str) -> Result<TextColumns, HubError> {
        let known = |shapes: &Shapes| {
            shapes.0.lock().unwrap_or_else(PoisonError::into_inner).get(table).cloned()
        };
        if let Some(known) = known(&self.shapes) {
            return Ok(known);
        }
        let rows = self
            .unwatched(statement(self.backend(), types(self.backend()), vec![table.into()]))
            .await?;
        let found = shaped(self.backend(), &rows)?;
        self.shapes
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(table, Arc::clone(&found));
        Ok(found)
    }
}
