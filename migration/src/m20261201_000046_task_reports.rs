//! What departments report of the tasks of plans, step by step.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need, run};

/// Adds `task_reports`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let texts = ["plan_task", "region_code", "department", "state", "content", "evidence"];
        let mut reports = Table::create();
        reports.table(Alias::new("task_reports")).col(need(manager, "id", Of::Id).primary_key());
        for name in texts.into_iter().chain(["subject", "by_department", "by_region"]) {
            reports.col(need(manager, name, Of::Text));
        }
        reports
            .col(need(manager, "year", Of::Int))
            .col(need(manager, "version", Of::Int))
            .col(may(manager, "remark", Of::Text))
            .col(need(manager, "taken_at", Of::Instant));
        manager.create_table(reports).await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_task_reports ON task_reports (region_code, year, plan_task, department, version)",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["task_reports"]).await
    }
}
