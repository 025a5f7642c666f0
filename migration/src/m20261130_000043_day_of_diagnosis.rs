//! The day of diagnosis of a work injury by occupational disease, which is sensitive, in a column of
//! its own; before, it stood in that of the day of injury, which then may be empty.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, TransactionTrait},
};

use crate::columns::{Of, may, need, run};

/// Adds `diagnosed_at` to `work_injuries` and lets `injured_at` be empty.
#[derive(DeriveMigrationName)]
pub struct Migration;

const PAGE: &str = "ix_work_injuries_page_injured_at";

/// As `submit` tells a disease.
const DISEASE: &str = "article = 'ART14_4' OR (article IS NULL AND disease_card_no IS NOT NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // In one transaction: it is done or not begun, and on SQLite another connection may still
        // know the column by its old name.
        let transaction = manager.get_connection().begin().await?;
        let within = SchemaManager::new(&transaction);
        add(&within, may(manager, "diagnosed_at", Of::Date)).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            run(&within, "ALTER TABLE work_injuries ALTER COLUMN injured_at DROP NOT NULL").await?;
        } else {
            instead(&within, may(manager, "injured_at", Of::Date), "was_at").await?;
        }
        run(
            &within,
            &format!(
                "UPDATE work_injuries SET diagnosed_at = injured_at, injured_at = NULL WHERE {DISEASE}"
            ),
        )
        .await?;
        transaction.commit().await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let transaction = manager.get_connection().begin().await?;
        let within = SchemaManager::new(&transaction);
        run(&within, "UPDATE work_injuries SET injured_at = diagnosed_at WHERE injured_at IS NULL")
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            run(&within, "ALTER TABLE work_injuries ALTER COLUMN injured_at SET NOT NULL").await?;
        } else {
            let day = need(manager, "injured_at", Of::Date).default("1970-01-01").take();
            instead(&within, day, "was_at").await?;
        }
        within
            .alter_table(
                Table::alter()
                    .table(Alias::new("work_injuries"))
                    .drop_column(Alias::new("diagnosed_at"))
                    .to_owned(),
            )
            .await?;
        transaction.commit().await
    }
}

async fn add(manager: &SchemaManager<'_>, mut column: ColumnDef) -> Result<(), DbErr> {
    let table = Alias::new("work_injuries");
    manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await
}

/// Puts another column in the place of `injured_at`, with these values: SQLite cannot change one.
async fn instead(manager: &SchemaManager<'_>, column: ColumnDef, value: &str) -> Result<(), DbErr> {
    run(manager, &format!("DROP INDEX {PAGE}")).await?;
    run(manager, "ALTER TABLE work_injuries RENAME COLUMN injured_at TO was_at").await?;
    add(manager, column).await?;
    run(manager, &format!("UPDATE work_injuries SET injured_at = {value}")).await?;
    run(manager, "ALTER TABLE work_injuries DROP COLUMN was_at").await?;
    let of = "work_injuries (region_code, injured_at, id) WHERE withdrawn_at IS NULL";
    run(manager, &format!("CREATE INDEX {PAGE} ON {of}")).await
}
