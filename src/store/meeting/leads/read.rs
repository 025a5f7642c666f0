//! Reads leads: a page, a single one, its history. The seat decides which leads are shown.

use sea_orm::{
    DbBackend, QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{FoundLead, HistoryStep, RecordPointer, RecordRole, StoredLeadRow, split};
use crate::{
    authz::meeting::{LeadReach, Seat},
    domain::{
        code::Coded as _,
        lead::{LeadKind, LeadResolution, LeadState, Tier},
    },
    error::HubError,
    store::sql::{
        condition::{beginning, built, in_ids},
        database::{Database, Transaction},
    },
};

/// Filter and page of a query for leads; `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct LeadQuery {
    /// Only leads of this kind.
    pub kind: Option<LeadKind>,
    /// Only leads in this state.
    pub state: Option<LeadState>,
    /// Only leads of this tier.
    pub tier: Option<Tier>,
    /// Only leads about events of this year.
    pub year: Option<i32>,
    /// Only leads that are not closed.
    pub unsettled: bool,
    /// Only leads that concern records of this department or are assigned to it.
    pub department: Option<String>,
    /// Number of the last lead on the page before; 0 for the first page.
    pub after: i64,
    /// Leads returned at most.
    pub first: u64,
}

/// A page of leads, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct LeadList {
    /// The leads of this page, each with its records.
    pub leads: Vec<StoredLeadRow>,
    /// Leads that match the filter, over all pages.
    pub total: i64,
    /// Whether more leads follow this page.
    pub more: bool,
}

const COLUMNS: [&str; 20] = [
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
    "assigned",
    "answer",
    "resolution",
    "version",
    "first_seen",
    "last_seen",
    "digest",
];

fn of_lead(name: &str) -> Expr {
    Expr::col((Alias::new("leads"), Alias::new(name)))
}

/// The lead concerns records of a department in the seat's region, or was assigned to it.
fn concerns(seat: &Seat, department: &str) -> Cond {
    let record = |name: &str| Expr::col((Alias::new("lead_records"), Alias::new(name)));
    let own = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new("lead_records"))
        .and_where(record("lead_id").equals((Alias::new("leads"), Alias::new("id"))))
        .and_where(record("department").eq(department))
        .cond_where(beginning("lead_records", "region_code", seat.region().prefix()))
        .to_owned();
    Cond::any().add(of_lead("assigned").eq(department)).add(Expr::exists(own))
}

/// The leads of the seat's region that it may read.
pub(super) fn readable(seat: &Seat) -> Cond {
    let inside = Cond::all().add(beginning("leads", "region_code", seat.region().prefix()));
    match seat.leads() {
        LeadReach::All => inside,
        LeadReach::Own => {
            let own = seat.department().as_str();
            let told = Cond::any()
                .add(of_lead("assigned").eq(own))
                .add(of_lead("kind").is_not_in(codes(LeadKind::told_when_assigned)));
            inside.add(concerns(seat, own)).add(told)
        }
    }
}

/// A lead as far as the seat may know it: of one that hides those of others, its own records
/// and nothing of the others.
fn told(seat: &Seat, mut lead: StoredLeadRow) -> StoredLeadRow {
    if seat.leads() == LeadReach::All || !lead.found.kind.keeps_others_back() {
        return lead;
    }
    let own = |record: &RecordPointer| record.department == seat.department().as_str();
    let subject = lead.found.records.iter().find(|record| record.role == RecordRole::Subject);
    let of_own = subject.is_some_and(own);
    lead.found.records.retain(own);
    if !of_own {
        let region = lead.found.records.first().map(|record| record.region.clone());
        lead.found.region = region.unwrap_or_else(|| seat.region().to_string());
        lead.found.employer_uscc = None;
        lead.found.employer_name = None;
        lead.found.day = None;
    }
    lead
}

/// The leads of a year, where the seat may know their year.
pub(super) fn of_year(seat: &Seat, year: i32) -> Cond {
    let of = Cond::all().add(of_lead("year").eq(year));
    match seat.leads() {
        LeadReach::All => of,
        LeadReach::Own => of.add(of_lead("kind").is_not_in(codes(LeadKind::hides_others))),
    }
}

/// Codes of the kinds of which `holds` is true.
fn codes(holds: fn(LeadKind) -> bool) -> impl Iterator<Item = &'static str> {
    LeadKind::ALL.iter().filter(move |kind| holds(**kind)).map(|kind| kind.code())
}

pub(super) fn select(condition: Cond) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new("leads")).cond_where(condition);
    for column in COLUMNS {
        select.expr(of_lead(column));
    }
    select
}

/// A lead without its records.
pub(super) fn lead(row: &QueryResult) -> Result<StoredLeadRow, HubError> {
    let broken = |what: &str| HubError::internal(format!("the {what} of a lead"));
    let code = |index: usize| row.try_get_by_index::<String>(index);
    let resolution: Option<String> = row.try_get_by_index(15)?;
    Ok(StoredLeadRow {
        id: row.try_get_by_index(0)?,
        number: row.try_get_by_index(1)?,
        found: FoundLead {
            kind: LeadKind::from_code(&code(2)?).ok_or_else(|| broken("kind"))?,
            identity: row.try_get_by_index(3)?,
            tier: Tier::from_code(&code(4)?).ok_or_else(|| broken("tier"))?,
            region: row.try_get_by_index(7)?,
            employer_uscc: row.try_get_by_index(8)?,
            employer_name: row.try_get_by_index(9)?,
            day: row.try_get_by_index(10)?,
            year: row.try_get_by_index(11)?,
            reasons: split(&code(12)?),
            records: Vec::new(),
        },
        state: LeadState::from_code(&code(5)?).ok_or_else(|| broken("state"))?,
        gone: row.try_get_by_index(6)?,
        assigned: row.try_get_by_index(13)?,
        answer: row.try_get_by_index(14)?,
        resolution: resolution
            .map(|code| LeadResolution::from_code(&code).ok_or_else(|| broken("resolution")))
            .transpose()?,
        version: row.try_get_by_index(16)?,
        first_seen: row.try_get_by_index(17)?,
        last_seen: row.try_get_by_index(18)?,
    })
}

fn records_of(backend: DbBackend, ids: &[Uuid]) -> SelectStatement {
    let column = |name: &str| Expr::col(Alias::new(name));
    let mut select = Query::select();
    select.from(Alias::new("lead_records")).and_where(in_ids(backend, column("lead_id"), ids));
    for name in ["lead_id", "role", "family", "record_id", "department", "region_code", "reasons"] {
        select.expr(column(name));
    }
    select
        .order_by_expr(column("lead_id"), Order::Asc)
        .order_by_expr(column("position"), Order::Asc);
    select
}

fn add_records(leads: &mut [StoredLeadRow], rows: &[QueryResult]) -> Result<(), HubError> {
    for row in rows {
        let of: Uuid = row.try_get_by_index(0)?;
        let role: String = row.try_get_by_index(1)?;
        let reasons: String = row.try_get_by_index(6)?;
        let record = RecordPointer {
            role: RecordRole::from_code(&role)
                .ok_or_else(|| HubError::internal("the role of a record in a lead"))?,
            family: row.try_get_by_index(2)?,
            id: row.try_get_by_index(3)?,
            department: row.try_get_by_index(4)?,
            region: row.try_get_by_index(5)?,
            reasons: split(&reasons),
        };
        if let Some(lead) = leads.iter_mut().find(|lead| lead.id == of) {
            lead.found.records.push(record);
        }
    }
    Ok(())
}

impl Database {
    /// A page of the leads that the seat may read.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn leads(&self, seat: &Seat, wanted: &LeadQuery) -> Result<LeadList, HubError> {
        let mut condition = readable(seat);
        for (column, code) in [
            ("kind", wanted.kind.map(LeadKind::code)),
            ("state", wanted.state.map(LeadState::code)),
            ("tier", wanted.tier.map(Tier::code)),
        ] {
            if let Some(code) = code {
                condition = condition.add(of_lead(column).eq(code));
            }
        }
        if let Some(year) = wanted.year {
            condition = condition.add(of_year(seat, year));
        }
        if wanted.unsettled {
            condition = condition.add(of_lead("state").ne(LeadState::Closed.code()));
        }
        if let Some(department) = &wanted.department {
            condition = condition.add(concerns(seat, department));
        }
        let mut count = Query::select();
        count.expr(Expr::cust("COUNT(*)")).from(Alias::new("leads")).cond_where(condition.clone());
        let total = self.one(built(self.backend(), &count)).await?;
        let total: i64 = total.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        let mut page = select(condition.add(of_lead("number").gt(wanted.after)));
        page.order_by_expr(of_lead("number"), Order::Asc).limit(wanted.first + 1);
        let mut leads = self
            .all(built(self.backend(), &page))
            .await?
            .iter()
            .map(lead)
            .collect::<Result<Vec<_>, _>>()?;
        let more = leads.len() as u64 > wanted.first;
        leads.truncate(usize::try_from(wanted.first).unwrap_or(usize::MAX));
        let ids: Vec<Uuid> = leads.iter().map(|lead| lead.id).collect();
        if !ids.is_empty() {
            add_records(
                &mut leads,
                &self.all(built(self.backend(), &records_of(self.backend(), &ids))).await?,
            )?;
        }
        let leads = leads.into_iter().map(|lead| told(seat, lead)).collect();
        Ok(LeadList { leads, total, more })
    }

    /// The history of leads that the seat was shown, oldest step first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn lead_events(
        &self,
        seat: &Seat,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, HistoryStep)>, HubError> {
        let column = |name: &str| Expr::col((Alias::new("lead_events"), Alias::new(name)));
        let seen = Query::select()
            .expr(of_lead("id"))
            .from(Alias::new("leads"))
            .cond_where(readable(seat).add(in_ids(self.backend(), of_lead("id"), ids)))
            .to_owned();
        let mut select = Query::select();
        select.from(Alias::new("lead_events")).and_where(column("lead_id").in_subquery(seen));
        for name in [
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
        ] {
            select.expr(column(name));
        }
        select
            .order_by_expr(column("lead_id"), Order::Asc)
            .order_by_expr(column("version"), Order::Asc);
        let event = |row: &QueryResult| -> Result<(Uuid, HistoryStep), HubError> {
            let event = HistoryStep {
                version: row.try_get_by_index(1)?,
                step: row.try_get_by_index(2)?,
                state: row.try_get_by_index(3)?,
                tier: row.try_get_by_index(4)?,
                assigned: row.try_get_by_index(5)?,
                resolution: row.try_get_by_index(6)?,
                words: row.try_get_by_index(7)?,
                at: row.try_get_by_index(8)?,
                subject: row.try_get_by_index(9)?,
                department: row.try_get_by_index(10)?,
                region: row.try_get_by_index(11)?,
            };
            Ok((row.try_get_by_index(0)?, event))
        };
        self.all(built(self.backend(), &select)).await?.iter().map(event).collect()
    }
}

impl Transaction {
    /// A lead that the seat may read, with its records, held until the transaction ends.
    pub(super) async fn lead_held(
        &self,
        seat: &Seat,
        id: Uuid,
    ) -> Result<Option<StoredLeadRow>, HubError> {
        let mut wanted = select(readable(seat).add(of_lead("id").eq(id)));
        if self.backend() == DbBackend::Postgres {
            wanted.lock_exclusive();
        }
        let mut leads = self
            .all(built(self.backend(), &wanted))
            .await?
            .iter()
            .map(lead)
            .collect::<Result<Vec<_>, _>>()?;
        add_records(
            &mut leads,
            &self.all(built(self.backend(), &records_of(self.backend(), &[id]))).await?,
        )?;
        Ok(leads.pop().map(|lead| told(seat, lead)))
    }
}
