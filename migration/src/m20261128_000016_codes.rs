//! Measurements of physical factors, which have a value and a unit of their own and no
//! concentration.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{Of, may, run};

/// Adds value and unit of physical factors and makes the concentration `value_ug` nullable.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "exposure_measurements";
const COLUMNS: [(&str, Of); 2] = [("physical_tenths", Of::Int), ("physical_unit", Of::Text)];

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
        if manager.get_database_backend() == DbBackend::Postgres {
            return run(
                manager,
                "ALTER TABLE exposure_measurements ALTER COLUMN value_ug DROP NOT NULL",
            )
            .await;
        }
        // SQLite cannot drop a constraint of a column; the column has to be replaced.
        for sql in [
            "ALTER TABLE exposure_measurements ADD COLUMN value_optional integer",
            "UPDATE exposure_measurements SET value_optional = value_ug",
            "ALTER TABLE exposure_measurements DROP COLUMN value_ug",
            "ALTER TABLE exposure_measurements RENAME COLUMN value_optional TO value_ug",
        ] {
            run(manager, sql).await?;
        }
        Ok(())
    }

    /// The concentration stays nullable: rows without one have no value that could be restored.
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
