//! Accounts of people and systems, and how often somebody tried to sign in as one.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need};

/// Adds `accounts` and `account_attempts`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let need = |name: &str, of: Of| need(manager, name, of);
        let may = |name: &str, of: Of| may(manager, name, of);
        let mut accounts = Table::create();
        accounts
            .table(Alias::new("accounts"))
            .col(need("id", Of::Id).primary_key())
            .col(need("login", Of::Text).unique_key())
            .col(need("name", Of::Text))
            .col(need("kind", Of::Text))
            .col(need("department", Of::Text))
            .col(need("region_code", Of::Text))
            .col(need("roles", Of::Text))
            .col(need("password", Of::Text))
            .col(need("must_change", Of::Bool))
            .col(may("second", Of::Bytes))
            .col(may("disabled_at", Of::Instant))
            .col(need("version", Of::Int))
            .col(need("created_at", Of::Instant))
            .col(need("changed_at", Of::Instant))
            .col(need("changed_by", Of::Text));
        manager.create_table(accounts).await?;
        let mut attempts = Table::create();
        attempts
            .table(Alias::new("account_attempts"))
            .col(need("account_id", Of::Id).primary_key())
            .col(need("failures", Of::Int))
            .col(may("locked_until", Of::Instant))
            .col(need("read_at", Of::Instant))
            .col(need("second_step", Of::BigInt));
        manager.create_table(attempts).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["account_attempts", "accounts"]).await
    }
}
