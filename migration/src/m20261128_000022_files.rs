//! How a file was read as a whole, and whether hidden rows of a workbook are left out.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, may};

/// Adds the columns `leave_hidden` and `reading` to `exchange_jobs`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "exchange_jobs";
/// Column and type; existing jobs have no value.
const COLUMNS: [(&str, Of); 2] = [("leave_hidden", Of::Bool), ("reading", Of::Text)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, of) in COLUMNS {
            let mut column = may(manager, name, of);
            manager
                .alter_table(
                    Table::alter().table(Alias::new(TABLE)).add_column(&mut column).to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in COLUMNS.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(TABLE))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
