//! Versions, change events and receipts, which a submission writes in one transaction with its
//! rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{Of, drop_tables, index, may, need, run};

/// Adds the tables `record_versions`, `change_events` and `receipts`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("record_versions"))
                    .col(need(manager, "record_id", Of::Id))
                    .col(need(manager, "version", Of::Int))
                    .col(need(manager, "family", Of::Text))
                    .col(need(manager, "action", Of::Text))
                    .col(need(manager, "content", Of::Text))
                    .col(need(manager, "changed", Of::Text))
                    .col(may(manager, "reason", Of::Text))
                    .col(need(manager, "subject", Of::Text))
                    .col(need(manager, "department", Of::Text))
                    .col(need(manager, "region_code", Of::Text))
                    .col(need(manager, "request_id", Of::Text))
                    .col(need(manager, "at", Of::Instant))
                    .primary_key(
                        Index::create().col(Alias::new("record_id")).col(Alias::new("version")),
                    )
                    .to_owned(),
            )
            .await?;
        // A position is assigned before the commit. On PostgreSQL the transaction number beside it
        // lets a reader stop before the oldest open transaction, so that no event appears later at
        // a position it has already passed.
        let events = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "CREATE TABLE change_events (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                 transaction_id bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint), \
                 family text COLLATE \"C\" NOT NULL, record_id uuid NOT NULL, version integer NOT NULL, \
                 kind text COLLATE \"C\" NOT NULL, at timestamptz NOT NULL)"
            }
            _ => {
                "CREATE TABLE change_events (position integer PRIMARY KEY AUTOINCREMENT, \
                 transaction_id bigint NOT NULL DEFAULT 0, family text NOT NULL, record_id uuid_text NOT NULL, \
                 version integer NOT NULL, kind text NOT NULL, at timestamp_with_timezone_text NOT NULL)"
            }
        };
        run(manager, events).await?;
        index(manager, "change_events", &["record_id"]).await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("receipts"))
                    .col(need(manager, "department", Of::Text))
                    .col(need(manager, "region_code", Of::Text))
                    .col(need(manager, "idempotency_key", Of::Text))
                    .col(need(manager, "family", Of::Text))
                    .col(need(manager, "body_digest", Of::Text))
                    .col(need(manager, "answer", Of::Text))
                    .col(need(manager, "at", Of::Instant))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("department"))
                            .col(Alias::new("region_code"))
                            .col(Alias::new("idempotency_key")),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["record_versions", "change_events", "receipts"]).await
    }
}
