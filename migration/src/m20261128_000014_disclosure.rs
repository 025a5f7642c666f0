//! The secret key of each record, from which the noise of statistics is derived. The hub fills in
//! missing keys when it starts: they are derived from its key file, which a migration cannot read.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, keyless, may, run};

/// Adds the column `record_key` to all record tables, with an index of rows without one.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables of the record families.
const TABLES: [&str; 11] = [
    "accidents",
    "accident_victims",
    "employers",
    "employments",
    "exposure_measurements",
    "hazard_rectifications",
    "insured_unit_years",
    "occupational_disease_cases",
    "persons",
    "training_records",
    "work_injuries",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            // Tables created by the current code have the column from the start.
            if manager.has_column(table, "record_key").await? {
                continue;
            }
            let mut column = may(manager, "record_key", Of::Int);
            manager
                .alter_table(
                    Table::alter().table(Alias::new(table)).add_column(&mut column).to_owned(),
                )
                .await?;
            keyless(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            run(manager, &format!("DROP INDEX ix_{table}_keyless")).await?;
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(table))
                        .drop_column(Alias::new("record_key"))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
