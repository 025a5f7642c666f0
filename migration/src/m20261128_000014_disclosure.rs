//! The secret key of each record that noise of statistics is made of. A hub that starts fills in
//! what is missing: the keys follow from its key file, which a change of the schema does not know.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, keyless, may, run};

/// This change.
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
            // A table that is made today has it from the start.
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
