//! Writes leads, their records and their history, many rows at a time.

use chrono::{DateTime, Utc};
use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::{Alias, Expr, PostgresQueryBuilder, Query, SqliteQueryBuilder},
};
use uuid::Uuid;

use super::{FoundLead, ListOverlap, StoredLeadRow, joined, keep::PendingRows, overlap::bounds};
use crate::{
    authz::matching::{MatchingPermit, SearchAuthor},
    domain::{
        code::Coded as _,
        lead::{LeadResolution, LeadState},
    },
    error::HubError,
    store::sql::{database::Transaction, statement::statement},
};

const LEADS: [&str; 17] = [
    "id",
    "number",
    "kind",
    "identity",
    "tier",
    "state",
    "gone",
    "region_code",
    "employer_uscc",
    "employer_name",
    "day",
    "year",
    "reasons",
    "digest",
    "version",
    "first_seen",
    "last_seen",
];
const RECORDS: [&str; 8] =
    ["lead_id", "position", "role", "family", "record_id", "department", "region_code", "reasons"];
const EVENTS: [&str; 12] = [
    "lead_id",
    "version",
    "step",
    "state",
    "tier",
    "assigned",
    "resolution",
    "words",
    "at",
    "subject",
    "department",
    "region_code",
];
const OVERLAPS: [&str; 6] = ["pair", "region_code", "year", "matched", "only_here", "only_there"];
/// Parameters of one statement at most: SQLite allows 32,766.
const MOST_VALUES: usize = 16_000;

impl PendingRows {
    /// Adds a new lead.
    pub(super) fn add(
        &mut self,
        by: &SearchAuthor,
        id: Uuid,
        number: i64,
        found: &FoundLead,
        digest: &str,
        now: DateTime<Utc>,
    ) {
        let lead = StoredLeadRow {
            id,
            number,
            found: found.clone(),
            state: LeadState::Open,
            gone: false,
            assigned: None,
            answer: None,
            resolution: None,
            version: 1,
            first_seen: now,
            last_seen: now,
        };
        self.leads.push(vec![
            id.into(),
            number.into(),
            found.kind.code().into(),
            found.identity.as_str().into(),
            found.tier.code().into(),
            lead.state.code().into(),
            false.into(),
            found.region.as_str().into(),
            found.employer_uscc.clone().into(),
            found.employer_name.clone().into(),
            found.day.into(),
            found.year.into(),
            joined(&found.reasons).into(),
            digest.into(),
            1.into(),
            now.into(),
            now.into(),
        ]);
        self.add_records(id, found);
        self.add_event(by, &lead, "FOUND", now);
    }

    /// Adds the records of a lead.
    pub(super) fn add_records(&mut self, id: Uuid, found: &FoundLead) {
        for (record, position) in found.records.iter().zip(0_i32..) {
            self.records.push(vec![
                id.into(),
                position.into(),
                record.role.code().into(),
                record.family.as_str().into(),
                record.id.into(),
                record.department.as_str().into(),
                record.region.as_str().into(),
                joined(&record.reasons).into(),
            ]);
        }
    }

    /// Adds a step that a search takes.
    pub(super) fn add_event(
        &mut self,
        by: &SearchAuthor,
        after: &StoredLeadRow,
        step: &str,
        now: DateTime<Utc>,
    ) {
        self.events.push(vec![
            after.id.into(),
            after.version.into(),
            step.into(),
            after.state.code().into(),
            after.found.tier.code().into(),
            after.assigned.clone().into(),
            after.resolution.map(LeadResolution::code).into(),
            None::<String>.into(),
            now.into(),
            by.subject.as_str().into(),
            by.department.as_str().into(),
            by.region.as_str().into(),
        ]);
    }
}

impl Transaction {
    pub(super) async fn leads_written(&self, rows: PendingRows) -> Result<(), HubError> {
        self.rows_written("leads", &LEADS, rows.leads).await?;
        self.rows_written("lead_records", &RECORDS, rows.records).await?;
        self.rows_written("lead_events", &EVENTS, rows.events).await
    }

    /// Replaces the overlap counts of the region.
    pub(super) async fn keep_overlaps(
        &self,
        matching: &MatchingPermit,
        overlaps: &[ListOverlap],
    ) -> Result<(), HubError> {
        let (from, end) = bounds(matching.region());
        let sql = "DELETE FROM lead_overlaps WHERE region_code >= ? AND region_code < ?";
        self.run(statement(self.backend(), sql, vec![from.into(), end.into()])).await?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let row = |overlap: &ListOverlap| {
            let lists = overlap.lists;
            vec![
                overlap.pair.code().into(),
                overlap.region.as_str().into(),
                overlap.year.into(),
                number(lists.matched).into(),
                number(lists.only_here).into(),
                number(lists.only_there).into(),
            ]
        };
        self.rows_written("lead_overlaps", &OVERLAPS, overlaps.iter().map(row).collect()).await
    }

    async fn rows_written(
        &self,
        table: &str,
        columns: &[&str],
        mut rows: Vec<Vec<Value>>,
    ) -> Result<(), HubError> {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(MOST_VALUES / columns.len()));
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new(table))
                .columns(columns.iter().map(|name| Alias::new(*name)));
            for row in std::mem::replace(&mut rows, rest) {
                insert.values(row.into_iter().map(Expr::val)).map_err(HubError::internal)?;
            }
            let (sql, values) = match self.backend() {
                DbBackend::Postgres => insert.build(PostgresQueryBuilder),
                _ => insert.build(SqliteQueryBuilder),
            };
            self.run(Statement { sql, values: Some(values), db_backend: self.backend() }).await?;
        }
        Ok(())
    }
}
