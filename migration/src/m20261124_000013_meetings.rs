//! Joint meetings: the meetings, their frozen materials, the parts that departments signed, and
//! resolutions.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, index, may, need, run};

/// Adds the tables `meetings`, `meeting_materials`, `meeting_parts` and `meeting_resolutions`.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["meetings", "meeting_materials", "meeting_parts", "meeting_resolutions"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let create = |name: &str, columns: &[(&str, Of, bool)]| {
            let mut table = Table::create();
            table.table(Alias::new(name));
            for (name, of, required) in columns {
                let mut column =
                    if *required { need(manager, name, *of) } else { may(manager, name, *of) };
                if *name == "id" {
                    column.primary_key();
                }
                table.col(&mut column);
            }
            table
        };
        let tables = [
            create(
                "meetings",
                &[
                    ("id", Of::Id, true),
                    ("region_code", Of::Text, true),
                    ("year", Of::Int, true),
                    ("number", Of::Int, true),
                    ("kind", Of::Text, true),
                    ("held_at", Of::Instant, false),
                    ("members", Of::Text, true),
                    ("agenda", Of::Text, true),
                    ("version", Of::Int, true),
                    ("subject", Of::Text, true),
                    ("created_at", Of::Instant, true),
                    ("updated_at", Of::Instant, true),
                ],
            ),
            create(
                "meeting_materials",
                &[
                    ("id", Of::Id, true),
                    ("meeting_id", Of::Id, true),
                    ("number", Of::Int, true),
                    ("content", Of::Text, true),
                    ("digest", Of::Text, true),
                    ("subject", Of::Text, true),
                    ("frozen_at", Of::Instant, true),
                ],
            ),
            create(
                "meeting_parts",
                &[
                    ("materials_id", Of::Id, true),
                    ("department", Of::Text, true),
                    ("remark", Of::Text, false),
                    ("subject", Of::Text, true),
                    ("signed_at", Of::Instant, true),
                ],
            ),
            create(
                "meeting_resolutions",
                &[
                    ("id", Of::Id, true),
                    ("meeting_id", Of::Id, true),
                    ("region_code", Of::Text, true),
                    ("number", Of::Int, true),
                    ("content", Of::Text, true),
                    ("owner", Of::Text, true),
                    ("due", Of::Date, false),
                    ("state", Of::Text, true),
                    ("progress", Of::Text, false),
                    ("version", Of::Int, true),
                    ("subject", Of::Text, true),
                    ("created_at", Of::Instant, true),
                    ("settled_at", Of::Instant, false),
                ],
            ),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        run(manager, "CREATE UNIQUE INDEX ux_meetings ON meetings (region_code, year, number)")
            .await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_meeting_materials ON meeting_materials (meeting_id, number)",
        )
        .await?;
        run(
            manager,
            "CREATE UNIQUE INDEX ux_meeting_parts ON meeting_parts (materials_id, department)",
        )
        .await?;
        run(manager, "CREATE UNIQUE INDEX ux_meeting_resolutions ON meeting_resolutions (meeting_id, number)").await?;
        index(manager, "meeting_resolutions", &["region_code", "state"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &TABLES).await
    }
}
