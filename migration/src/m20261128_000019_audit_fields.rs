//! How many versions and receipts were written, as stated by an audit entry. Deleting one of them
//! contradicts the log.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, need};

/// Adds the columns `versions` and `receipts` to `audit_entries`, 0 in existing rows.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 2] = ["versions", "receipts"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            let mut column = need(manager, name, Of::BigInt).default(0).to_owned();
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new("audit_entries"))
                        .add_column(&mut column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new("audit_entries"))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
