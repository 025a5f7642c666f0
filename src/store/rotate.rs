//! Sealing all records with the active key. Versions keep the key they were written with; keyed hashes do not change.

use entity::catalogue::{Catalogue, Family};
use sea_orm::{Statement, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        database::Database,
        reference::numbered,
        seal::{Seal, place},
    },
};

/// Rows of one step.
const STEP: usize = 500;

/// Seals every sealed value that was sealed with another key. Returns the number of records touched.
///
/// # Errors
///
/// [`HubError::Internal`] when a value does not open; nothing of its step is changed then.
pub async fn reseal(database: &Database, seal: &Seal, catalogue: &Catalogue) -> Result<usize, HubError> {
    let mut touched = 0;
    for family in catalogue.families() {
        let columns: Vec<&str> = family.fields.iter().filter(|field| field.sealed).map(|field| field.column).collect();
        if columns.is_empty() {
            continue;
        }
        let mut after = Uuid::nil();
        while let Some((last, count)) = step(database, seal, family, &columns, after).await? {
            after = last;
            touched += count;
        }
    }
    Ok(touched)
}

async fn step(
    database: &Database,
    seal: &Seal,
    family: &Family,
    columns: &[&str],
    after: Uuid,
) -> Result<Option<(Uuid, usize)>, HubError> {
    let backend = database.backend();
    let statement = |sql: &str, values: Vec<Value>| Statement::from_sql_and_values(backend, numbered(backend, sql), values);
    let transaction = database.begin().await?;
    let lock = if backend == sea_orm::DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT id, {} FROM {} WHERE id > ? ORDER BY id LIMIT {STEP}{lock}", columns.join(", "), family.table);
    let rows = transaction.all(statement(&sql, vec![after.into()])).await?;
    let mut last = None;
    let mut touched = 0;
    for row in rows {
        let id: Uuid = row.try_get_by_index(0)?;
        last = Some(id);
        let mut set = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            let Some(sealed) = row.try_get_by_index::<Option<Vec<u8>>>(index + 1)? else { continue };
            if sealed.first() == Some(&seal.active()) {
                continue;
            }
            let place = place(family.table, column);
            set.push(format!("{column} = ?"));
            values.push(seal.seal(&place, &seal.open(&place, &sealed)?)?.into());
        }
        if set.is_empty() {
            continue;
        }
        values.push(id.into());
        let sql = format!("UPDATE {} SET {} WHERE id = ?", family.table, set.join(", "));
        transaction.run(statement(&sql, values)).await?;
        touched += 1;
    }
    transaction.commit().await?;
    Ok(last.map(|last| (last, touched)))
}
