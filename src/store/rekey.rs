//! Sort keys of persons whose surname has a reading of its own, made again where they were made
//! with another one. `migrate` does it, so that an order holds for old rows as for new ones, and
//! `verify` finds what it computes.

use entity::catalogue::Mask;
use sea_orm::Value;
use uuid::Uuid;

use crate::{
    domain::sort_key,
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// Makes them again. Returns how many were changed.
///
/// # Errors
///
/// What the database says.
pub async fn surnames(database: &Database) -> Result<usize, HubError> {
    let backend = database.backend();
    let starts: Vec<Value> =
        sort_key::surnames().map(|surname| format!("{surname}%").into()).collect();
    let mut changed = 0;
    let transaction = database.begin().await?;
    for family in entity::families() {
        for field in family.fields.iter().filter(|field| field.mask == Mask::Name && !field.sealed)
        {
            let Some(sort) = field.sort else { continue };
            let (table, column) = (family.table, field.column);
            let any = vec![format!("{column} LIKE ?"); starts.len()].join(" OR ");
            let sql = format!("SELECT id, {column}, {sort} FROM {table} WHERE {any}");
            for row in transaction.all(statement(backend, &sql, starts.clone())).await? {
                let (id, name): (Uuid, String) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                let key = sort_key::pinyin_key_of_person(&name);
                if row.try_get_by_index::<Option<String>>(2)?.as_deref() == Some(&key) {
                    continue;
                }
                let sql = format!("UPDATE {table} SET {sort} = ? WHERE id = ?");
                transaction.run(statement(backend, &sql, vec![key.into(), id.into()])).await?;
                changed += 1;
            }
        }
    }
    transaction.commit().await?;
    Ok(changed)
}
