//! The table of near misses.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, create_family, drop_tables, number_key, region_orders};

/// Adds the table of near misses.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_family(
            manager,
            "near_misses",
            &[
                ("near_miss_no", Of::Text, true),
                ("occurred_at", Of::Instant, true),
                ("region_code", Of::Text, true),
                ("employer_uscc", Of::Text, false),
                ("employer_no", Of::Text, false),
                ("employer_name", Of::Text, false),
                ("employer_name_sort", Of::Text, false),
                ("industry_code", Of::Text, false),
                ("key_industry", Of::Text, false),
                ("accident_type", Of::Text, true),
                ("persons_at_risk", Of::Int, false),
                ("avoided_loss_fen", Of::BigInt, false),
                ("reporter_name", Of::Text, false),
                ("reporter_name_sort", Of::Text, false),
                ("reporter_phone", Of::Bytes, false),
                ("course", Of::Text, false),
                ("measures", Of::Text, false),
                ("rectified_at", Of::Date, false),
                ("employer_key", Of::Text, false),
            ],
            &[&["region_code", "key_industry", "occurred_at"], &["employer_key"]],
        )
        .await?;
        region_orders(manager, "near_misses", &["occurred_at", "employer_name_sort"]).await?;
        number_key(manager, "near_misses", false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["near_misses"]).await
    }
}
