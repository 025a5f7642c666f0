//! Runs the statement of a kind and groups its rows into leads.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::{QueryResult, Statement};
use uuid::Uuid;

use super::{
    FoundLead, RecordPointer, RecordRole, kinds, split,
    sql::{COLUMNS, PostsOfPlan, StatementUse},
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

/// Records a lead names at most.
const MOST_RECORDS: usize = 40;
/// Reasons that make a lead uncertain even without a candidate record: what is empty may be yes as
/// well as no.
const UNSURE: [&str; 4] =
    ["NO_IDENTITY", "NO_CREDIT_CODE", "EVENT_KIND_UNKNOWN", "EMPLOYMENT_FORM_UNKNOWN"];
/// The reason that says that a lead has more records than [`MOST_RECORDS`].
const MORE_RECORDS: &str = "MORE_RECORDS";

impl Database {
    /// What a search over a region is built for; `today` is the current date in China.
    #[must_use]
    pub fn lead_look<'a>(
        &self,
        matching: &'a MatchingPermit,
        today: NaiveDate,
        (wait, near): (u32, u32),
        posts: &'a [PostsOfPlan],
    ) -> StatementUse<'a> {
        StatementUse { matching, backend: self.backend(), today, wait, near, posts }
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

    fn finish(mut self, kind: LeadKind, identity: String) -> Option<FoundLead> {
        let head = self.head?;
        let mut records: Vec<RecordPointer> = self.records.into_values().collect();
        records.iter_mut().for_each(|record| record.reasons.sort());
        // Judged before the cut: a candidate among the records left out counts too.
        let number = |role| records.iter().filter(|record| record.role == role).count();
        let (candidates, others) = (number(RecordRole::Candidate), number(RecordRole::Other));
        let may_be_wrong = match kind {
            LeadKind::VictimWithoutIdentity | LeadKind::CaseWithoutIdentity => true,
            // A training clears one person; the lead stands for whoever is left.
            LeadKind::UntrainedKeyPost => candidates > 0 && candidates >= others,
            _ => candidates > 0,
        };
        let likely = may_be_wrong || UNSURE.iter().any(|reason| self.reasons.contains(*reason));
        if records.len() > MOST_RECORDS {
            records = cut(records);
            self.reasons.insert(MORE_RECORDS.to_owned());
        }
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

/// The records that are listed of too many: those that belong to the subject, and of candidates and
/// others each at least half of the room that is left, the first by family and identifier.
fn cut(records: Vec<RecordPointer>) -> Vec<RecordPointer> {
    let (mut listed, rest): (Vec<_>, Vec<_>) = records
        .into_iter()
        .partition(|own| matches!(own.role, RecordRole::Subject | RecordRole::Context));
    let (candidates, others): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|own| own.role == RecordRole::Candidate);
    listed.truncate(MOST_RECORDS);
    let room = MOST_RECORDS - listed.len();
    let most = room.saturating_sub(others.len()).max(room / 2);
    listed.extend(candidates.into_iter().take(most));
    let room = MOST_RECORDS - listed.len();
    listed.extend(others.into_iter().take(room));
    listed.sort();
    listed
}
