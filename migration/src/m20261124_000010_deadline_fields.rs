//! Fields of accidents and recognition cases that deadlines need: notices, changes of the toll,
//! suspensions.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, may};

/// Adds these columns to `accidents` and `work_injuries`, all nullable.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, column, type; existing rows have no value.
const COLUMNS: [(&str, &str, Of); 7] = [
    ("accidents", "hrss_notified_at", Of::Instant),
    ("accidents", "union_notified_at", Of::Instant),
    ("accidents", "toll_changed_at", Of::Date),
    ("accidents", "toll_reported_at", Of::Date),
    ("work_injuries", "suspended_days", Of::Int),
    ("work_injuries", "suspended_since", Of::Date),
    ("work_injuries", "simple_case", Of::Bool),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, of) in COLUMNS {
            let mut column = may(manager, name, of);
            manager
                .alter_table(
                    Table::alter().table(Alias::new(table)).add_column(&mut column).to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, _) in COLUMNS.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(table))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
