//! Allowances per organisation: rows submitted by day, bytes stored, turns among jobs; compressed
//! content; and a row for each hub that shows whether it can write.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, need};

/// Adds the tables of daily rows, turns and probes, and the size of stored files.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, column, type, value in existing rows.
const COLUMNS: [(&str, &str, Of, i64); 2] =
    [("exchange_jobs", "kept_bytes", Of::BigInt, 0), ("exchange_parts", "packed", Of::Int, 0)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let need = |name: &str, of: Of| need(manager, name, of);
        for (table, name, of, value) in COLUMNS {
            let mut column = need(name, of).default(value).take();
            manager
                .alter_table(
                    Table::alter().table(Alias::new(table)).add_column(&mut column).to_owned(),
                )
                .await?;
        }
        // Content stored before this migration counts too.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE exchange_jobs SET kept_bytes = \
                 COALESCE((SELECT SUM(LENGTH(content)) FROM exchange_parts WHERE job_id = exchange_jobs.id), 0)",
            )
            .await?;
        let organisation = || [need("department", Of::Text), need("region_code", Of::Text)];
        let mut days = Table::create();
        days.table(Alias::new("organisation_days"));
        for column in organisation() {
            days.col(column);
        }
        days.col(need("day", Of::Date)).col(need("hub", Of::Id)).col(need("row_count", Of::BigInt));
        days.primary_key(key(&["department", "region_code", "day", "hub"]).as_mut());
        manager.create_table(days).await?;
        let mut turns = Table::create();
        turns.table(Alias::new("exchange_turns"));
        for column in organisation() {
            turns.col(column);
        }
        turns
            .col(need("turn", Of::BigInt))
            .primary_key(key(&["department", "region_code"]).as_mut());
        manager.create_table(turns).await?;
        let probes = Table::create()
            .table(Alias::new("hub_probes"))
            .col(need("hub", Of::Id).primary_key())
            .col(need("at", Of::Instant))
            .to_owned();
        manager.create_table(probes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["organisation_days", "exchange_turns", "hub_probes"]).await?;
        for (table, name, ..) in COLUMNS.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(table))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}

fn key(columns: &[&str]) -> Box<IndexCreateStatement> {
    let mut key = Index::create();
    for column in columns {
        key.col(Alias::new(*column));
    }
    Box::new(key)
}
