//! Indexes by which the feed is read part by part: the events of a family, of those in a region, and
//! of those that left one, each in the order of commits.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::run;

/// Adds these indexes to `change_events`.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, first columns, and condition of each.
const INDEXES: [(&str, &str, &str); 3] = [
    ("ix_change_events_part_region", "family, region_code", ""),
    ("ix_change_events_part_left", "family, was_region", " WHERE was_region <> region_code"),
    ("ix_change_events_part_family", "family", ""),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // On SQLite, with its one writer, the position alone is the order.
        let order = match manager.get_database_backend() {
            DbBackend::Postgres => "transaction_id, position",
            _ => "position",
        };
        for (name, first, condition) in INDEXES {
            let sql = format!("CREATE INDEX {name} ON change_events ({first}, {order}){condition}");
            run(manager, &sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, ..) in INDEXES {
            run(manager, &format!("DROP INDEX {name}")).await?;
        }
        Ok(())
    }
}
