//! Returns signed by departments: frozen figures, with every version.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, index, may, need, run};

/// Adds the table `meeting_returns`, with one row for each signed version.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table.table(Alias::new("meeting_returns")).col(need(manager, "id", Of::Id).primary_key());
        for (name, of) in [
            ("region_code", Of::Text),
            ("department", Of::Text),
            ("kind", Of::Text),
            ("data_year", Of::Int),
            ("finality", Of::Text),
            ("version", Of::Int),
            ("content", Of::Text),
            ("digest", Of::Text),
            ("subject", Of::Text),
            ("signed_at", Of::Instant),
        ] {
            table.col(need(manager, name, of));
        }
        table.col(may(manager, "remark", Of::Text));
        manager.create_table(table).await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_meeting_returns ON meeting_returns (region_code, department, kind, data_year, finality, version)",
        )
        .await?;
        index(manager, "meeting_returns", &["region_code", "data_year"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["meeting_returns"]).await
    }
}
