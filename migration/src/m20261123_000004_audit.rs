//! The hash-linked audit log, and the holders of the data of each entry.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, index, may, need};

/// Adds the tables `audit_entries` and `audit_owners`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("audit_entries"))
                    .col(need(manager, "seq", Of::BigInt).primary_key())
                    .col(need(manager, "at", Of::Instant))
                    .col(need(manager, "subject", Of::Text))
                    .col(need(manager, "department", Of::Text))
                    .col(need(manager, "region_code", Of::Text))
                    .col(need(manager, "roles", Of::Text))
                    .col(need(manager, "purpose", Of::Text))
                    .col(may(manager, "ticket", Of::Text))
                    .col(need(manager, "operation", Of::Text))
                    .col(need(manager, "document_hash", Of::Text))
                    .col(need(manager, "shown", Of::Text))
                    .col(need(manager, "outcome", Of::Text))
                    .col(need(manager, "request_id", Of::Text))
                    .col(need(manager, "previous", Of::Text))
                    .col(need(manager, "hash", Of::Text))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("audit_owners"))
                    .col(need(manager, "seq", Of::BigInt))
                    .col(need(manager, "department", Of::Text))
                    .col(need(manager, "region_code", Of::Text))
                    .col(need(manager, "family", Of::Text))
                    .col(need(manager, "records", Of::Int))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("seq"))
                            .col(Alias::new("department"))
                            .col(Alias::new("region_code"))
                            .col(Alias::new("family")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_owners", &["department", "region_code", "seq"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_entries", "audit_owners"]).await
    }
}
