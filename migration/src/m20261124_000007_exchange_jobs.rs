//! Incoming files: jobs, their content in sealed parts, answers other than receipts, and the
//! profiles of organisations.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, index, may, need};

/// Adds the tables of jobs, parts, answers and profiles, all named `exchange_…`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (need, may) = (
            |name: &str, of: Of| need(manager, name, of),
            |name: &str, of: Of| may(manager, name, of),
        );
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("exchange_jobs"))
                    .col(need("id", Of::Id).primary_key())
                    .col(need("department", Of::Text))
                    .col(need("region_code", Of::Text))
                    .col(need("subject", Of::Text))
                    .col(need("idempotency_key", Of::Text))
                    .col(need("family", Of::Text))
                    .col(need("mode", Of::Text))
                    .col(need("format", Of::Text))
                    .col(may("charset", Of::Text))
                    .col(need("source_system", Of::Text))
                    .col(may("profile_name", Of::Text))
                    .col(may("profile", Of::Text))
                    .col(need("state", Of::Text))
                    .col(need("generation", Of::Int))
                    .col(need("received", Of::BigInt))
                    .col(may("content_digest", Of::Text))
                    .col(need("chunks", Of::Int))
                    .col(need("row_count", Of::BigInt))
                    .col(need("created", Of::BigInt))
                    .col(need("updated", Of::BigInt))
                    .col(need("unchanged", Of::BigInt))
                    .col(need("rejected", Of::BigInt))
                    .col(need("skipped", Of::BigInt))
                    .col(need("accepted", Of::Text))
                    .col(need("event_transaction", Of::BigInt))
                    .col(need("event_position", Of::BigInt))
                    .col(may("error_code", Of::Text))
                    .col(may("error_zh", Of::Text))
                    .col(may("error_en", Of::Text))
                    .col(may("worker", Of::Id))
                    .col(may("worker_until", Of::Instant))
                    .col(need("created_at", Of::Instant))
                    .col(may("finished_at", Of::Instant))
                    .col(may("emptied_at", Of::Instant))
                    .index(
                        Index::create()
                            .unique()
                            .name("ux_exchange_jobs_key")
                            .col(Alias::new("department"))
                            .col(Alias::new("region_code"))
                            .col(Alias::new("idempotency_key")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "exchange_jobs", &["state"]).await?;
        let kept = |table: &str, content: Of| {
            Table::create()
                .table(Alias::new(table))
                .col(need("job_id", Of::Id))
                .col(need("number", Of::Int))
                .col(need("content", content))
                .primary_key(Index::create().col(Alias::new("job_id")).col(Alias::new("number")))
                .to_owned()
        };
        manager.create_table(kept("exchange_parts", Of::Bytes)).await?;
        manager.create_table(kept("exchange_answers", Of::Text)).await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("exchange_profiles"))
                    .col(need("department", Of::Text))
                    .col(need("region_code", Of::Text))
                    .col(need("name", Of::Text))
                    .col(need("content", Of::Text))
                    .col(need("subject", Of::Text))
                    .col(need("changed_at", Of::Instant))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("department"))
                            .col(Alias::new("region_code"))
                            .col(Alias::new("name")),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["exchange_jobs", "exchange_parts", "exchange_answers", "exchange_profiles"],
        )
        .await
    }
}
