//! Whether every order that the catalogue calls indexed has its index: the pages of a family are read
//! by name of the index on SQLite, and would go through its whole table on PostgreSQL.

use std::collections::BTreeSet;

use entity::catalogue::Catalogue;
use sea_orm::{DbBackend, Statement};

use crate::{error::HubError, store::sql::database::Database};

/// Refuses a store without one of these indexes.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the index and what makes it.
pub async fn check(database: &Database, catalogue: &Catalogue) -> Result<(), HubError> {
    let sql = match database.backend() {
        DbBackend::Postgres => {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'index'",
    };
    let rows = database.all(Statement::from_string(database.backend(), sql)).await?;
    let names = rows.iter().map(|row| row.try_get_by_index::<String>(0));
    let names = names.collect::<Result<BTreeSet<_>, _>>()?;
    for family in catalogue.families() {
        let orders = family.all_fields().filter(|field| field.indexed);
        let orders = orders.map(|field| field.sort.unwrap_or(field.column));
        for order in std::iter::once("id").chain(orders) {
            let index = format!("ix_{}_page_{order}", family.table);
            if !names.contains(&index) {
                return Err(HubError::invalid(
                    format!(
                        "数据库缺少索引 {index}。请运行 lianfang migrate；自行增加的记录类别，其迁移须调用 region_orders。"
                    ),
                    format!(
                        "The store lacks the index {index}. Run `lianfang migrate`; the migration of a family of your own calls region_orders."
                    ),
                ));
            }
        }
    }
    Ok(())
}
