//! Manifests of exports.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need};

/// Adds the table `exports`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("exports"))
                    .col(need(manager, "id", Of::Id).primary_key())
                    .col(need(manager, "subject", Of::Text))
                    .col(need(manager, "department", Of::Text))
                    .col(need(manager, "region_code", Of::Text))
                    .col(need(manager, "family", Of::Text))
                    .col(may(manager, "condition", Of::Bytes))
                    .col(need(manager, "fields", Of::Text))
                    .col(need(manager, "format", Of::Text))
                    .col(need(manager, "cursor", Of::Text))
                    .col(need(manager, "started_at", Of::Instant))
                    .col(may(manager, "finished_at", Of::Instant))
                    .col(may(manager, "records", Of::BigInt))
                    .col(may(manager, "digest", Of::Text))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["exports"]).await
    }
}
