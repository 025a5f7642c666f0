//! The natural key of a record without the mark that distinguishes it from the record of an
//! organisation that may not know of it: the key by which records of other departments refer to it
//! and by which submissions look it up.

use sea_orm_migration::prelude::*;

use crate::columns::{drop_number_key, number_key};

/// Adds the computed column `number_ref` with its indexes to all record tables.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables of the record families, and whether records of other departments refer to them by number.
const TABLES: [(&str, bool); 11] = [
    ("accidents", true),
    ("accident_victims", false),
    ("employers", false),
    ("employments", false),
    ("exposure_measurements", false),
    ("hazard_rectifications", false),
    ("insured_unit_years", false),
    ("occupational_disease_cases", true),
    ("persons", false),
    ("training_records", false),
    ("work_injuries", false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, named) in TABLES {
            number_key(manager, table, named).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, named) in TABLES.into_iter().rev() {
            drop_number_key(manager, table, named).await?;
        }
        Ok(())
    }
}
