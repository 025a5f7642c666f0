//! Tables of education bases and campaigns.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, create_family, drop_tables, number_key, region_orders};

/// Adds the tables of education bases and campaigns.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_family(
            manager,
            "education_bases",
            &[
                ("base_no", Of::Text, true),
                ("name", Of::Text, true),
                ("name_sort", Of::Text, false),
                ("planned_on", Of::Date, true),
                ("region_code", Of::Text, true),
                ("employer_uscc", Of::Text, false),
                ("employer_no", Of::Text, false),
                ("employer_name", Of::Text, false),
                ("employer_name_sort", Of::Text, false),
                ("key_industry", Of::Text, false),
                ("theme", Of::Text, false),
                ("zones", Of::Text, false),
                ("base_class", Of::Text, false),
                ("base_status", Of::Text, true),
                ("opened_on", Of::Date, false),
                ("evaluated_on", Of::Date, false),
                ("published_on", Of::Date, false),
                ("objected", Of::Bool, false),
                ("named_on", Of::Date, false),
                ("revoked_on", Of::Date, false),
                ("subsidy_fen", Of::BigInt, false),
                ("visits", Of::Int, false),
                ("employer_key", Of::Text, false),
            ],
            &[&["employer_key"]],
        )
        .await?;
        region_orders(manager, "education_bases", &["name_sort", "planned_on"]).await?;
        number_key(manager, "education_bases", false).await?;
        create_family(
            manager,
            "campaigns",
            &[
                ("campaign_no", Of::Text, true),
                ("campaign_kind", Of::Text, true),
                ("theme", Of::Text, true),
                ("started_on", Of::Date, true),
                ("ended_on", Of::Date, false),
                ("region_code", Of::Text, true),
                ("media", Of::Text, false),
                ("subjects", Of::Text, false),
                ("reached", Of::Int, false),
                ("cost_fen", Of::BigInt, false),
                ("description", Of::Text, false),
            ],
            &[],
        )
        .await?;
        region_orders(manager, "campaigns", &["started_on"]).await?;
        number_key(manager, "campaigns", false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["campaigns", "education_bases"]).await
    }
}
