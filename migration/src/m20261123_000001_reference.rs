//! Code tables with edition and validity.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need};

/// Adds the tables `reference_tables` and `reference_codes`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("reference_tables"))
                    .col(need(manager, "name", Of::Text).primary_key())
                    .col(need(manager, "digest", Of::Text))
                    .col(need(manager, "rows", Of::Int))
                    .col(need(manager, "loaded_at", Of::Instant))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("reference_codes"))
                    .col(need(manager, "table_name", Of::Text))
                    .col(need(manager, "code", Of::Text))
                    .col(need(manager, "edition", Of::Text))
                    .col(need(manager, "position", Of::Int))
                    .col(need(manager, "name_zh", Of::Text))
                    .col(need(manager, "name_en", Of::Text))
                    .col(may(manager, "valid_from", Of::Date))
                    .col(may(manager, "valid_to", Of::Date))
                    .col(may(manager, "parent", Of::Text))
                    .col(may(manager, "replaced_by", Of::Text))
                    .col(need(manager, "attributes", Of::Text))
                    .col(need(manager, "source", Of::Text))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("table_name"))
                            .col(Alias::new("code"))
                            .col(Alias::new("edition")),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reference_tables", "reference_codes"]).await
    }
}
