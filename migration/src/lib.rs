//! Schema changes of the hub's store, one a file, each with its way back; the same on SQLite and
//! PostgreSQL.

use sea_orm_migration::prelude::*;

pub mod columns;
mod m20261123_000001_reference;
mod m20261123_000002_records;
mod m20261123_000003_submission;
mod m20261123_000004_audit;
mod m20261124_000005_event_places;
mod m20261124_000006_feed_cut;
mod m20261124_000007_exchange_jobs;
mod m20261124_000008_exports;
mod m20261124_000009_meeting_families;
mod m20261124_000010_deadline_fields;
mod m20261124_000011_returns;
mod m20261124_000012_leads;
mod m20261124_000013_meetings;
mod m20261128_000014_disclosure;
mod m20261128_000016_codes;
mod m20261128_000018_chains;
mod m20261128_000019_audit_fields;
mod m20261128_000020_quotas;
mod m20261128_000022_files;
mod m20261128_000024_touched_before;
mod m20261128_000040_number_keys;
mod m20261129_000041_region_orders;
mod m20261130_000042_feed_parts;
mod m20261130_000043_day_of_diagnosis;
mod m20261201_000044_revocations;
mod m20261201_000045_accounts;
mod m20261201_000046_task_reports;
mod m20261201_000047_bases_and_campaigns;
mod m20261201_000048_corrections;

/// Every change, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_reference::Migration),
            Box::new(m20261123_000002_records::Migration),
            Box::new(m20261123_000003_submission::Migration),
            Box::new(m20261123_000004_audit::Migration),
            Box::new(m20261124_000005_event_places::Migration),
            Box::new(m20261124_000006_feed_cut::Migration),
            Box::new(m20261124_000007_exchange_jobs::Migration),
            Box::new(m20261124_000008_exports::Migration),
            Box::new(m20261124_000009_meeting_families::Migration),
            Box::new(m20261124_000010_deadline_fields::Migration),
            Box::new(m20261124_000011_returns::Migration),
            Box::new(m20261124_000012_leads::Migration),
            Box::new(m20261124_000013_meetings::Migration),
            Box::new(m20261128_000014_disclosure::Migration),
            Box::new(m20261128_000016_codes::Migration),
            Box::new(m20261128_000018_chains::Migration),
            Box::new(m20261128_000019_audit_fields::Migration),
            Box::new(m20261128_000020_quotas::Migration),
            Box::new(m20261128_000022_files::Migration),
            Box::new(m20261128_000024_touched_before::Migration),
            Box::new(m20261128_000040_number_keys::Migration),
            Box::new(m20261129_000041_region_orders::Migration),
            Box::new(m20261130_000042_feed_parts::Migration),
            Box::new(m20261130_000043_day_of_diagnosis::Migration),
            Box::new(m20261201_000044_revocations::Migration),
            Box::new(m20261201_000045_accounts::Migration),
            Box::new(m20261201_000046_task_reports::Migration),
            Box::new(m20261201_000047_bases_and_campaigns::Migration),
            Box::new(m20261201_000048_corrections::Migration),
        ]
    }
}
