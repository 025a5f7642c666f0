//! What departments report of the tasks of plans.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need, run};

/// Adds `task_reports`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let need = |name: &str, of: Of| need(manager, name, of);
        let may = |name: &str, of: Of| may(manager, name, of);
        let mut reports = Table::create();
        reports
            .table(Alias::new("task_reports"))
            .col(need("id", Of::Id).primary_key())
            .col(need("plan_task", Of::Text))
            .col(need("region_code", Of::Text))
            .col(need("year", Of::Int))
            .col(need("department", Of::Text))
            .col(need("state", Of::Text))
            .col(need("content", Of::Text))
            .col(need("evidence", Of::Text))
            .col(may("remark", Of::Text))
            .col(need("version", Of::Int))
            .col(need("subject", Of::Text))
            .col(need("reported_at", Of::Instant))
            .col(may("reviewed_by", Of::Text))
            .col(may("reviewed_at", Of::Instant));
        manager.create_table(reports).await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_task_reports ON task_reports (region_code, year, plan_task, department)",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["task_reports"]).await
    }
}
