//! Runs the statement of a kind and groups its rows into leads.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{QueryResult, Statement};
use uuid::Uuid;

use super::{
    FoundLead, RecordPointer, RecordRole, kinds, split,
    sql::{COLUMNS, StatementUse},
};
use crate::{
    authz::matching::MatchingPermit,
    domain::{
        code::Coded as _,
        lead::{LeadKind, Tier},
    },
    error::HubError,
    store::sql::database::Database,
};

/// Records a lead names besides its subject at most; the first ones by identifier are kept.
const MOST_RECORDS: usize = 40;
/// Reasons that make a lead uncertain even without a candidate record.
const UNSURE: [&str; 2] = ["NO_IDENTITY", "NO_CREDIT_CODE"];

impl Database {
    /// What a search over a region is built for; `today` is the current date in China.
    #[must_use]
    pub fn lead_look<'a>(
        &self,
        matching: &'a MatchingPermit,
        today: NaiveDate,
        (wait, near): (u32, u32),
    ) -> StatementUse<'a> {
        StatementUse { matching, backend: self.backend(), today, wait, near }
    }

    /// All differences of a kind, ordered by identity.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer or the statement takes too long.
    pub async fn leads_found(
        &self,
        kind: LeadKind,
        look: &StatementUse<'_>,
    ) -> Result<Vec<FoundLead>, HubError> {
        let statement = Statement::from_string(self.backend(), kinds::sql(kind, look));
        let mut found: BTreeMap<String, Joined> = BTreeMap::new();
        for row in self.all(statement).await? {
            let identity: String = row.try_get_by_index(0)?;
            found.entry(identity).or_default().add(&row)?;
        }
        Ok(found
            .into_iter()
            .filter_map(|(identity, joined)| joined.finish(kind, identity))
            .collect())
    }
}

/// Rows of one lead.
#[derive(Default)]
struct Joined {
    head: Option<SearchHead>,
    reasons: BTreeSet<String>,
    records: BTreeMap<(RecordRole, String, Uuid), RecordPointer>,
}

struct SearchHead {
    region: String,
    uscc: Option<String>,
    employer: Option<String>,
    day: Option<NaiveDate>,
    year: i32,
}

impl Joined {
    fn add(&mut self, row: &QueryResult) -> Result<(), HubError> {
        debug_assert_eq!(COLUMNS.len(), 13);
        let text = |index: usize| row.try_get_by_index::<Option<String>>(index);
        let need = |index: usize| row.try_get_by_index::<String>(index);
        let role = RecordRole::from_code(&need(7)?)
            .ok_or_else(|| HubError::internal("the role of a record in a lead"))?;
        let record = RecordPointer {
            role,
            family: need(8)?,
            id: row.try_get_by_index(9)?,
            department: need(10)?,
            region: need(11)?,
            reasons: split(&text(12)?.unwrap_or_default()),
        };
        if let Some(region) = text(1)? {
            let day = text(4)?.and_then(|day| day.get(..10).and_then(|day| day.parse().ok()));
            let head = SearchHead {
                region,
                uscc: text(2)?,
                employer: text(3)?,
                day,
                year: row.try_get_by_index(5)?,
            };
            self.reasons.extend(split(&text(6)?.unwrap_or_default()));
            // Of several events the last one gives the day.
            if self
                .head
                .as_ref()
                .is_none_or(|known| (known.year, known.day) < (head.year, head.day))
            {
                self.head = Some(head);
            }
        }
        // A record found in two ways is listed once, with everything that matches.
        let known = self
            .records
            .entry((record.role, record.family.clone(), record.id))
            .or_insert_with(|| record.clone());
        for reason in record.reasons {
            if !known.reasons.contains(&reason) {
                known.reasons.push(reason);
            }
        }
        Ok(())
    }

    fn finish(self, kind: LeadKind, identity: String) -> Option<FoundLead> {
        let head = self.head?;
        let mut records: Vec<RecordPointer> = self.records.into_values().collect();
        records.iter_mut().for_each(|record| record.reasons.sort());
        records.truncate(MOST_RECORDS);
        let likely =
            matches!(kind, LeadKind::VictimWithoutIdentity | LeadKind::CaseWithoutIdentity)
                || records.iter().any(|record| record.role == RecordRole::Candidate)
                || UNSURE.iter().any(|reason| self.reasons.contains(*reason));
        Some(FoundLead {
            kind,
            identity,
            tier: if likely { Tier::Candidate } else { Tier::Certain },
            region: head.region,
            employer_uscc: head.uscc,
            employer_name: head.employer,
            day: head.day,
            year: head.year,
            reasons: self.reasons.into_iter().collect(),
            records,
        })
    }
}
