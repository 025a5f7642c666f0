//! Leads: differences between departments found by a search, the records they concern, the steps
//! taken, the overlap of two lists, and the searches themselves. These tables contain no name and
//! no number of a person.

use sea_orm_migration::prelude::*;

use crate::columns::{Of, drop_tables, index, may, need};

/// Adds the tables of leads, their records and events, overlaps and search runs.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (need, may) = (
            |name: &str, of: Of| need(manager, name, of),
            |name: &str, of: Of| may(manager, name, of),
        );
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("leads"))
                    .col(need("id", Of::Id).primary_key())
                    .col(need("number", Of::BigInt).unique_key())
                    .col(need("kind", Of::Text))
                    // Together with the kind it identifies the lead, in the same way at every
                    // search.
                    .col(need("identity", Of::Text))
                    .col(need("tier", Of::Text))
                    .col(need("state", Of::Text))
                    .col(need("gone", Of::Bool))
                    .col(need("region_code", Of::Text))
                    .col(may("employer_uscc", Of::Text))
                    .col(may("employer_name", Of::Text))
                    .col(may("day", Of::Date))
                    .col(need("year", Of::Int))
                    .col(need("reasons", Of::Text))
                    .col(need("digest", Of::Text))
                    .col(may("assigned", Of::Text))
                    .col(may("answer", Of::Text))
                    .col(may("resolution", Of::Text))
                    .col(need("version", Of::Int))
                    .col(need("first_seen", Of::Instant))
                    .col(need("last_seen", Of::Instant))
                    .index(
                        Index::create()
                            .unique()
                            .name("ux_leads_identity")
                            .col(Alias::new("kind"))
                            .col(Alias::new("identity")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "leads", &["region_code", "kind", "state"]).await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("lead_records"))
                    .col(need("lead_id", Of::Id))
                    .col(need("position", Of::Int))
                    .col(need("role", Of::Text))
                    .col(need("family", Of::Text))
                    .col(need("record_id", Of::Id))
                    .col(need("department", Of::Text))
                    .col(need("region_code", Of::Text))
                    .col(need("reasons", Of::Text))
                    .primary_key(
                        Index::create().col(Alias::new("lead_id")).col(Alias::new("position")),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "lead_records", &["record_id"]).await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("lead_events"))
                    .col(need("lead_id", Of::Id))
                    .col(need("version", Of::Int))
                    .col(need("step", Of::Text))
                    .col(need("state", Of::Text))
                    .col(need("tier", Of::Text))
                    .col(may("assigned", Of::Text))
                    .col(may("resolution", Of::Text))
                    .col(may("words", Of::Text))
                    .col(need("at", Of::Instant))
                    .col(need("subject", Of::Text))
                    .col(need("department", Of::Text))
                    .col(need("region_code", Of::Text))
                    .primary_key(
                        Index::create().col(Alias::new("lead_id")).col(Alias::new("version")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("lead_overlaps"))
                    .col(need("pair", Of::Text))
                    .col(need("region_code", Of::Text))
                    .col(need("year", Of::Int))
                    .col(need("matched", Of::BigInt))
                    .col(need("only_here", Of::BigInt))
                    .col(need("only_there", Of::BigInt))
                    .primary_key(
                        Index::create()
                            .col(Alias::new("pair"))
                            .col(Alias::new("region_code"))
                            .col(Alias::new("year")),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Alias::new("lead_runs"))
                    .col(need("id", Of::Id).primary_key())
                    .col(need("region_code", Of::Text))
                    .col(need("at", Of::Instant))
                    .col(need("subject", Of::Text))
                    .col(need("department", Of::Text))
                    .col(need("found", Of::BigInt))
                    .to_owned(),
            )
            .await?;
        index(manager, "lead_runs", &["region_code", "at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["leads", "lead_records", "lead_events", "lead_overlaps", "lead_runs"],
        )
        .await
    }
}
