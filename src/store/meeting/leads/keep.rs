//! Compares what a search found with what is stored: new leads are added; known ones keep their
//! identity and history, close when the data no longer shows the difference, and reopen when it
//! does again.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Statement, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{FoundLead, ListOverlap, StoredLeadRow, joined, read, sql::StatementUse};
use crate::{
    authz::matching::{MatchingPermit, SearchAuthor},
    domain::{
        code::Coded as _,
        lead::{LeadKind, LeadResolution, LeadState, LeadStep},
    },
    error::HubError,
    store::sql::{
        condition::{beginning, built, in_texts},
        database::{Database, Transaction},
        statement::statement,
    },
};
use sea_orm::sea_query::{Alias, Cond, Expr, ExprTrait};

/// What became of the leads a search found, for one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// Leads that were not stored before.
    pub new: i64,
    /// Stored leads in which something changed.
    pub changed: i64,
    /// Stored leads that are unchanged.
    pub same: i64,
    /// Stored leads that the search no longer finds.
    pub gone: i64,
    /// Closed leads that the search finds again.
    pub returned: i64,
}

/// A stored lead, as far as a search needs it.
struct StoredLead {
    lead: StoredLeadRow,
    digest: String,
}

/// A search that is being stored.
pub(super) struct Writing<'a> {
    pub(super) by: &'a SearchAuthor,
    pub(super) now: DateTime<Utc>,
    pub(super) rows: PendingRows,
    number: i64,
}

/// Rows that are written together at the end.
#[derive(Default)]
pub(super) struct PendingRows {
    pub(super) leads: Vec<Vec<Value>>,
    pub(super) records: Vec<Vec<Value>>,
    pub(super) events: Vec<Vec<Value>>,
}

impl Database {
    /// Stores what a search over the region of the matching permit found for these kinds, and the
    /// overlap of the lists. `new_id` makes identifiers. All in one transaction.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when another search was faster, or what the database says.
    pub async fn leads_keep(
        &self,
        look: &StatementUse<'_>,
        now: DateTime<Utc>,
        found: Vec<(LeadKind, Vec<FoundLead>)>,
        overlaps: &[ListOverlap],
        new_id: &(dyn Fn() -> Uuid + Sync),
    ) -> Result<BTreeMap<LeadKind, SearchResult>, HubError> {
        let transaction = self.begin().await?;
        match transaction.keep_leads(look.matching, now, found, overlaps, new_id).await {
            Ok(kept) => transaction.commit().await.map(|()| kept),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }
}

impl Transaction {
    async fn keep_leads(
        &self,
        matching: &MatchingPermit,
        now: DateTime<Utc>,
        found: Vec<(LeadKind, Vec<FoundLead>)>,
        overlaps: &[ListOverlap],
        new_id: &(dyn Fn() -> Uuid + Sync),
    ) -> Result<BTreeMap<LeadKind, SearchResult>, HubError> {
        if self.backend() == DbBackend::Postgres {
            // Searches are written one after another; anybody working on a lead waits for a moment.
            self.run(Statement::from_string(
                self.backend(),
                "LOCK TABLE leads IN SHARE ROW EXCLUSIVE MODE",
            ))
            .await?;
        }
        let number = self
            .all(Statement::from_string(
                self.backend(),
                "SELECT COALESCE(MAX(number), 0) FROM leads",
            ))
            .await?;
        let number: i64 =
            number.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        let mut writing = Writing { by: matching.by(), now, rows: PendingRows::default(), number };
        let mut kept = BTreeMap::new();
        let mut total = 0_i64;
        for (kind, found) in found {
            total += i64::try_from(found.len()).unwrap_or(i64::MAX);
            kept.insert(kind, self.keep_kind(matching, kind, found, &mut writing, new_id).await?);
        }
        self.leads_seen(matching, kept.keys().copied(), now).await?;
        self.leads_written(writing.rows).await?;
        self.keep_overlaps(matching, overlaps).await?;
        let sql = "INSERT INTO lead_runs (id, region_code, at, subject, department, found) VALUES (?, ?, ?, ?, ?, ?)";
        let region = matching.region().as_str();
        let values = vec![
            new_id().into(),
            region.into(),
            now.into(),
            matching.by().subject.as_str().into(),
            matching.by().department.as_str().into(),
            total.into(),
        ];
        self.run(statement(self.backend(), sql, values)).await?;
        Ok(kept)
    }

    async fn keep_kind(
        &self,
        matching: &MatchingPermit,
        kind: LeadKind,
        found: Vec<FoundLead>,
        writing: &mut Writing<'_>,
        new_id: &(dyn Fn() -> Uuid + Sync),
    ) -> Result<SearchResult, HubError> {
        let mut known = self.leads_known(matching, kind, &found).await?;
        let mut kept = SearchResult::default();
        for found in found {
            let digest = digest(&found);
            let Some(StoredLead { lead, digest: before }) = known.remove(&found.identity) else {
                kept.new += 1;
                writing.number += 1;
                writing.rows.add(
                    writing.by,
                    new_id(),
                    writing.number,
                    &found,
                    &digest,
                    writing.now,
                );
                continue;
            };
            let returns = lead.gone && lead.resolution.is_some_and(LeadResolution::reopens);
            let changed = before != digest;
            match (returns, changed) {
                (true, _) => kept.returned += 1,
                (false, true) => kept.changed += 1,
                (false, false) => kept.same += 1,
            }
            if returns || changed || lead.gone {
                self.lead_found_again(&lead, &found, &digest, returns, changed, writing).await?;
            }
        }
        // Those that stood in another region were all found here.
        let gone: Vec<StoredLeadRow> =
            known.into_values().map(|known| known.lead).filter(|lead| !lead.gone).collect();
        kept.gone = i64::try_from(gone.len()).unwrap_or(i64::MAX);
        for lead in gone {
            self.lead_gone(&lead, writing).await?;
        }
        Ok(kept)
    }

    /// Leads of the kind in the region, and those elsewhere with one of the same identities.
    async fn leads_known(
        &self,
        matching: &MatchingPermit,
        kind: LeadKind,
        found: &[FoundLead],
    ) -> Result<HashMap<String, StoredLead>, HubError> {
        let column = |name: &str| Expr::col((Alias::new("leads"), Alias::new(name)));
        let of_kind = || Cond::all().add(column("kind").eq(kind.code()));
        let inside = of_kind().add(beginning("leads", "region_code", matching.region().prefix()));
        let mut known = HashMap::new();
        for row in self.all(built(self.backend(), &read::select(inside))).await? {
            let lead = read::lead(&row)?;
            known.insert(
                lead.found.identity.clone(),
                StoredLead { lead, digest: row.try_get_by_index(19)? },
            );
        }
        let missing: Vec<String> = found
            .iter()
            .filter(|found| !known.contains_key(&found.identity))
            .map(|found| found.identity.clone())
            .collect();
        for part in missing.chunks(5_000) {
            let elsewhere = of_kind().add(in_texts(self.backend(), column("identity"), part));
            for row in self.all(built(self.backend(), &read::select(elsewhere))).await? {
                let lead = read::lead(&row)?;
                known.insert(
                    lead.found.identity.clone(),
                    StoredLead { lead, digest: row.try_get_by_index(19)? },
                );
            }
        }
        Ok(known)
    }

    async fn lead_found_again(
        &self,
        lead: &StoredLeadRow,
        found: &FoundLead,
        digest: &str,
        returns: bool,
        changed: bool,
        writing: &mut Writing<'_>,
    ) -> Result<(), HubError> {
        let state = if returns { LeadState::Open } else { lead.state };
        let (assigned, answer) =
            if returns { (None, None) } else { (lead.assigned.clone(), lead.answer.clone()) };
        let resolution = lead.resolution.filter(|_| !returns);
        let steps = i32::from(returns || changed);
        let sql = "UPDATE leads SET tier = ?, state = ?, gone = ?, region_code = ?, employer_uscc = ?, employer_name = ?, day = ?, \
                   year = ?, reasons = ?, digest = ?, assigned = ?, answer = ?, resolution = ?, version = version + ? WHERE id = ?";
        let values: Vec<Value> = vec![
            found.tier.code().into(),
            state.code().into(),
            false.into(),
            found.region.as_str().into(),
            found.employer_uscc.clone().into(),
            found.employer_name.clone().into(),
            found.day.into(),
            found.year.into(),
            joined(&found.reasons).into(),
            digest.into(),
            assigned.clone().into(),
            answer.into(),
            resolution.map(LeadResolution::code).into(),
            steps.into(),
            lead.id.into(),
        ];
        self.run(statement(self.backend(), sql, values)).await?;
        if changed {
            let forget = statement(
                self.backend(),
                "DELETE FROM lead_records WHERE lead_id = ?",
                vec![lead.id.into()],
            );
            self.run(forget).await?;
            writing.rows.add_records(lead.id, found);
        }
        if steps > 0 {
            let step = if returns { LeadStep::Return.code() } else { "CHANGED" };
            let after = StoredLeadRow {
                found: found.clone(),
                state,
                assigned,
                resolution,
                version: lead.version + 1,
                ..lead.clone()
            };
            writing.rows.add_event(writing.by, &after, step, writing.now);
        }
        Ok(())
    }

    async fn lead_gone(
        &self,
        lead: &StoredLeadRow,
        writing: &mut Writing<'_>,
    ) -> Result<(), HubError> {
        // What a person closed stays as that person closed it.
        let Some(state) = lead.state.after(LeadStep::Gone) else {
            let sql = "UPDATE leads SET gone = ? WHERE id = ?";
            self.run(statement(self.backend(), sql, vec![true.into(), lead.id.into()])).await?;
            return Ok(());
        };
        let after = StoredLeadRow {
            state,
            resolution: Some(LeadResolution::ByData),
            version: lead.version + 1,
            ..lead.clone()
        };
        let sql = "UPDATE leads SET gone = ?, state = ?, resolution = ?, version = ? WHERE id = ?";
        let values: Vec<Value> = vec![
            true.into(),
            state.code().into(),
            LeadResolution::ByData.code().into(),
            after.version.into(),
            lead.id.into(),
        ];
        self.run(statement(self.backend(), sql, values)).await?;
        writing.rows.add_event(writing.by, &after, LeadStep::Gone.code(), writing.now);
        Ok(())
    }

    /// Marks the leads of these kinds in the region that were found as seen now.
    async fn leads_seen(
        &self,
        matching: &MatchingPermit,
        kinds: impl Iterator<Item = LeadKind>,
        now: DateTime<Utc>,
    ) -> Result<(), HubError> {
        let kinds: HashSet<&str> = kinds.map(LeadKind::code).collect();
        let kinds: Vec<String> = kinds.into_iter().map(|code| format!("'{code}'")).collect();
        if kinds.is_empty() {
            return Ok(());
        }
        let (from, end) = super::overlap::bounds(matching.region());
        let sql = format!(
            "UPDATE leads SET last_seen = ? WHERE region_code >= ? AND region_code < ? AND kind IN ({}) AND gone = ?",
            kinds.join(", ")
        );
        self.run(statement(
            self.backend(),
            &sql,
            vec![now.into(), from.into(), end.into(), false.into()],
        ))
        .await?;
        Ok(())
    }
}

/// Digest of the content of a lead, without names of persons.
fn digest(found: &FoundLead) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    };
    for text in [
        found.tier.code(),
        &found.region,
        found.employer_uscc.as_deref().unwrap_or_default(),
        found.employer_name.as_deref().unwrap_or_default(),
        &found.day.map(|day| day.to_string()).unwrap_or_default(),
        &found.year.to_string(),
        &joined(&found.reasons),
    ] {
        add(text);
    }
    for record in &found.records {
        let id = record.id.simple().to_string();
        for text in [
            record.role.code(),
            &record.family,
            &id,
            &record.department,
            &record.region,
            &joined(&record.reasons),
        ] {
            add(text);
        }
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}
