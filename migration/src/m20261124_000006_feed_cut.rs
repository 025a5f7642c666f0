//! Where the change feed was truncated: the last event that was deleted, and the instant before
//! which all deleted events lie.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, need};

/// Adds the table `feed_cut`, which has at most one row.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // At most one row.
        let one = Expr::col(Alias::new("one")).eq(1);
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("feed_cut"))
                    .col(need(manager, "one", Of::Int).primary_key().check(one))
                    .col(need(manager, "transaction_id", Of::BigInt))
                    .col(need(manager, "position", Of::BigInt))
                    .col(need(manager, "record_id", Of::Id))
                    .col(need(manager, "version", Of::Int))
                    .col(need(manager, "older_than", Of::Instant))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["feed_cut"]).await
    }
}
