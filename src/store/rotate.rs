//! Sealing all records again: with the active key, or bound to their records where they are not
//! yet. Versions keep the key and the form they were written with; keyed hashes do not change.

use entity::catalogue::{Catalogue, Family, Field};
use sea_orm::{DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        accounts::people,
        seal::{Bond, Seal, unbound},
        sql::{database::Database, statement::statement},
    },
};

/// Rows of one step.
const STEP: usize = 500;

/// What is sealed again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SealedTarget {
    /// What was sealed with another key than the active one.
    OtherKey,
    /// What is not bound to its record yet.
    Unbound,
}

/// Seals every sealed value that was sealed with another key. Returns the number of records
/// and accounts touched.
///
/// # Errors
///
/// [`HubError::Internal`] when a value does not open; nothing of its step is changed then.
pub async fn reseal(
    database: &Database,
    seal: &Seal,
    catalogue: &Catalogue,
) -> Result<usize, HubError> {
    let records = all(database, seal, catalogue, SealedTarget::OtherKey).await?;
    Ok(records + people::reseal(database, seal).await?)
}

/// Binds every sealed value of a store from before there were bonds to the record where it lies.
/// Done once, before the key file says that it is done: from then on a value opens only in its own
/// record, and whoever lacks the keys cannot have it done again. Returns the number of records
/// touched.
///
/// # Errors
///
/// As [`reseal`]; it may be done again then.
pub async fn bind(
    database: &Database,
    seal: &Seal,
    catalogue: &Catalogue,
) -> Result<usize, HubError> {
    all(database, seal, catalogue, SealedTarget::Unbound).await
}

async fn all(
    database: &Database,
    seal: &Seal,
    catalogue: &Catalogue,
    which: SealedTarget,
) -> Result<usize, HubError> {
    let mut touched = 0;
    for family in catalogue.families() {
        let fields: Vec<&'static Field> =
            family.fields.iter().filter(|field| field.sealed).collect();
        if fields.is_empty() {
            continue;
        }
        let mut after = Uuid::nil();
        while let Some((last, count)) =
            step(database, seal, (family, &fields), which, after).await?
        {
            after = last;
            touched += count;
        }
    }
    Ok(touched)
}

async fn step(
    database: &Database,
    seal: &Seal,
    (family, fields): (&'static Family, &[&'static Field]),
    which: SealedTarget,
    after: Uuid,
) -> Result<Option<(Uuid, usize)>, HubError> {
    let backend = database.backend();
    let transaction = database.begin().await?;
    let lock = if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let (region, industry) = (family.region_column(), family.industry_column().unwrap_or("NULL"));
    let columns = fields.iter().map(|field| field.column).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT id, department, {region}, {industry}, {columns} FROM {} WHERE id > ? ORDER BY id LIMIT {STEP}{lock}",
        family.table
    );
    let rows = transaction.all(statement(backend, &sql, vec![after.into()])).await?;
    let mut last = None;
    let mut touched = 0;
    for row in rows {
        let id: Uuid = row.try_get_by_index(0)?;
        last = Some(id);
        let again = again(seal, (family, fields), which, &row)?;
        if again.is_empty() {
            continue;
        }
        let set =
            again.iter().map(|(column, _)| format!("{column} = ?")).collect::<Vec<_>>().join(", ");
        let values =
            again.into_iter().map(|(_, sealed)| Value::from(sealed)).chain([id.into()]).collect();
        let sql = format!("UPDATE {} SET {set} WHERE id = ?", family.table);
        transaction.run(statement(backend, &sql, values)).await?;
        touched += 1;
    }
    transaction.commit().await?;
    Ok(last.map(|last| (last, touched)))
}

/// The columns of a row that are sealed again, with their new values.
fn again(
    seal: &Seal,
    (family, fields): (&Family, &[&'static Field]),
    which: SealedTarget,
    row: &QueryResult,
) -> Result<Vec<(&'static str, Vec<u8>)>, HubError> {
    let (record, department): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let (region, industry): (String, Option<String>) =
        (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
    let bond =
        Bond { record, department: &department, region: &region, industry: industry.as_deref() };
    let mut again = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let Some(sealed) = row.try_get_by_index::<Option<Vec<u8>>>(4 + index)? else { continue };
        let place = bond.place(family.table, field.column);
        let text = match which {
            SealedTarget::OtherKey if sealed.first() == Some(&seal.active()) => continue,
            SealedTarget::OtherKey => seal.open(&place, &sealed)?,
            SealedTarget::Unbound if seal.open(&place, &sealed).is_ok() => continue,
            SealedTarget::Unbound => seal.open(&unbound(family.table, field.column), &sealed)?,
        };
        again.push((field.column, seal.seal(&place, &text)?));
    }
    Ok(again)
}
