//! Region, department and industry of the record of a change event, after and before the change,
//! and an index in commit order.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{Of, index, may, run};

/// Adds these columns to `change_events` and fills them from the records of today.
#[derive(DeriveMigrationName)]
pub struct Migration;

const EVENTS: &str = "change_events";

/// After the change, then before it. The holding department of a record never changes.
const PLACES: [&str; 5] =
    ["region_code", "department", "key_industry", "was_region", "was_industry"];

/// Tables of the families that existed before this migration.
const RECORDS: [&str; 7] = [
    "employers",
    "persons",
    "employments",
    "accidents",
    "accident_victims",
    "occupational_disease_cases",
    "work_injuries",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in PLACES {
            let mut column = may(manager, name, Of::Text);
            manager
                .alter_table(
                    Table::alter().table(Alias::new(EVENTS)).add_column(&mut column).to_owned(),
                )
                .await?;
        }
        // Where a record lay at an older event is not known. The place where it lies now is taken
        // instead: a reader who may not see it there is told nothing.
        for table in RECORDS {
            let fill = format!(
                "UPDATE {EVENTS} SET region_code = r.region_code, department = r.department, key_industry = r.key_industry \
                 FROM {table} AS r WHERE r.id = {EVENTS}.record_id"
            );
            run(manager, &fill).await?;
        }
        // On SQLite, with its one writer, the position alone is the order.
        if manager.get_database_backend() == DbBackend::Postgres {
            index(manager, EVENTS, &["transaction_id", "position"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, "DROP INDEX ix_change_events_transaction_id_position").await?;
        }
        for name in PLACES.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(EVENTS))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
