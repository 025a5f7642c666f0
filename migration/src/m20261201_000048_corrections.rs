//! Requests for correction (数据校核) and their answers, step by step.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, may, need, run};

/// Adds `correction_steps`. What a request says stands in each of its steps; none is ever changed.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut steps = Table::create();
        steps.table(Alias::new("correction_steps"));
        for name in ["correction_id", "record_id"] {
            steps.col(need(manager, name, Of::Id));
        }
        steps.col(need(manager, "version", Of::Int));
        let parties = ["holder", "claimant", "by"];
        let parties = parties.map(|who| [format!("{who}_department"), format!("{who}_region")]);
        let texts = ["state", "family", "claim", "basis", "subject"].map(ToOwned::to_owned);
        for name in texts.iter().chain(parties.as_flattened()) {
            steps.col(need(manager, name, Of::Text));
        }
        for name in ["field", "basis_record", "basis_digest", "words", "claim_key"] {
            steps.col(may(manager, name, Of::Text));
        }
        steps.col(need(manager, "claimed_at", Of::Instant));
        steps.col(need(manager, "taken_at", Of::Instant));
        let key = ["correction_id", "version"].map(Alias::new);
        let mut primary = Index::create();
        key.into_iter().for_each(|name| {
            primary.col(name);
        });
        steps.primary_key(&mut primary);
        manager.create_table(steps).await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_correction_steps_claim ON correction_steps (claim_key)",
        )
        .await?;
        run(
            manager,
            "CREATE INDEX ix_correction_steps_record ON correction_steps (record_id, claimant_department)",
        )
        .await?;
        for who in ["holder", "claimant"] {
            let index = format!(
                "CREATE INDEX ix_correction_steps_{who} ON correction_steps ({who}_department, {who}_region, correction_id)"
            );
            run(manager, &index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["correction_steps"]).await
    }
}
