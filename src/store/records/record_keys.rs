//! Fills in the record keys of rows that were written before there were any. They follow from the
//! natural key and the key file, so that hubs that start at the same time write the same.

use entity::catalogue::Catalogue;
use sea_orm::{
    Statement,
    sea_query::{Alias, Expr, ExprTrait as _, Order, Query},
};

use crate::{
    error::HubError,
    store::{
        seal::Seal,
        sql::{
            columns::{ColumnValues, StatementParameters, Type, rows},
            condition::built,
            database::Database,
        },
    },
};

/// Rows of one transaction.
const BATCH: u64 = 5_000;

/// Fills in what is missing in all families. Returns the number of rows.
///
/// # Errors
///
/// What the database says.
pub async fn fill(
    database: &Database,
    seal: &Seal,
    catalogue: &Catalogue,
) -> Result<u64, HubError> {
    let mut filled = 0;
    for family in catalogue.families() {
        loop {
            let missing = missing(database, family.table).await?;
            if missing.is_empty() {
                break;
            }
            let layout = [("ref", Type::Text), ("record_key", Type::Int)];
            let values = [
                ColumnValues::Texts(
                    missing.iter().map(|reference| Some(reference.as_str())).collect(),
                ),
                ColumnValues::Ints(
                    missing
                        .iter()
                        .map(|reference| Some(seal.record_key(family.table, reference)))
                        .collect(),
                ),
            ];
            let mut arguments = StatementParameters::new(database.backend());
            arguments.rows(&values, false)?;
            let sql = format!(
                "UPDATE {table} SET record_key = x.record_key FROM {rows} WHERE {table}.ref = x.ref",
                table = family.table,
                rows = rows(database.backend(), &layout, 1, false),
            );
            database.run_with(sql.into(), arguments).await?;
            filled += missing.len() as u64;
        }
    }
    Ok(filled)
}

async fn missing(database: &Database, table: &str) -> Result<Vec<String>, HubError> {
    let name = |name: &str| Alias::new(name);
    let select = Query::select()
        .column(name("ref"))
        .from(name(table))
        .and_where(Expr::col(name("record_key")).is_null())
        .order_by(name("ref"), Order::Asc)
        .limit(BATCH)
        .to_owned();
    let statement: Statement = built(database.backend(), &select);
    let found = database.all(statement).await?;
    found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
