//! Revoked tokens: single ones, and all of a subject that were issued up to an instant.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need};

/// Adds `token_revocations`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let need = |name: &str, of: Of| need(manager, name, of);
        let may = |name: &str, of: Of| may(manager, name, of);
        let mut table = Table::create();
        table
            .table(Alias::new("token_revocations"))
            .col(need("number", Of::Int).primary_key())
            .col(may("token", Of::Text))
            .col(may("subject", Of::Text))
            .col(need("at", Of::Instant))
            .col(need("until", Of::Instant))
            .col(need("reason", Of::Text))
            .col(need("revoked_by", Of::Text));
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["token_revocations"]).await
    }
}
