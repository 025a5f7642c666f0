//! Numbers of leads by kind, tier and state.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UnionType};

use entity::{accident, sql, work_injury};

use super::{
    kinds,
    read::{of_year, readable},
};
use crate::{
    authz::{matching::MatchingPermit, meeting::Seat},
    domain::{
        code::Coded as _,
        lead::{LeadKind, LeadState, Tier},
    },
    error::HubError,
    store::meeting::figures::{INJURY_DAYS, When},
    store::sql::{
        condition::{beginning, built, column},
        database::Database,
        statement::statement,
    },
};

/// Numbers of leads of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeadTally {
    /// Not closed, tier certain.
    pub certain: i64,
    /// Not closed, tier candidate: a person has to check.
    pub candidates: i64,
    /// Closed, by a person or because the data no longer shows the difference; of any tier.
    pub closed: i64,
}

/// Leads by kind, and when a search last covered the whole region.
#[derive(Clone, Debug, Default)]
pub struct LeadCounts {
    /// All kinds in their fixed order; those without leads have zeros.
    pub kinds: Vec<(LeadKind, LeadTally)>,
    /// When the region was last searched; `None` if it has not been yet.
    pub searched: Option<DateTime<Utc>>,
    /// Kinds of which the region had any record that they could be about when it was searched.
    pub compared: Vec<LeadKind>,
}

impl Database {
    /// Counts the leads that the seat may read, of a year or of all.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn leads_counted(
        &self,
        seat: &Seat,
        year: Option<i32>,
    ) -> Result<LeadCounts, HubError> {
        let column = |name: &str| Expr::col((Alias::new("leads"), Alias::new(name)));
        let mut condition = readable(seat);
        if let Some(year) = year {
            condition = condition.add(of_year(seat, year));
        }
        let mut select = Query::select();
        select.from(Alias::new("leads")).cond_where(condition);
        for name in ["kind", "tier", "state"] {
            select.expr(column(name)).add_group_by([column(name)]);
        }
        select.expr(Expr::cust("COUNT(*)"));
        let mut kinds: Vec<(LeadKind, LeadTally)> =
            LeadKind::ALL.iter().copied().map(|kind| (kind, LeadTally::default())).collect();
        for row in self.all(built(self.backend(), &select)).await? {
            let code = |index: usize| row.try_get_by_index::<String>(index);
            let (kind, tier, state) = (code(0)?, code(1)?, code(2)?);
            let count: i64 = row.try_get_by_index(3)?;
            let Some((_, tally)) = kinds.iter_mut().find(|(own, _)| own.code() == kind) else {
                continue;
            };
            if state == LeadState::Closed.code() {
                tally.closed += count;
            } else if tier == Tier::Certain.code() {
                tally.certain += count;
            } else {
                tally.candidates += count;
            }
        }
        let searched = self.leads_searched(seat).await?;
        let compared = match searched {
            Some(at) => self.kinds_compared(seat, year, at).await?,
            None => Vec::new(),
        };
        Ok(LeadCounts { kinds, searched, compared })
    }

    /// Kinds of which a region had any record that they could be about when it was searched: of the
    /// year where accidents or work injuries are meant, whose year everybody at the table may know.
    async fn kinds_compared(
        &self,
        seat: &Seat,
        year: Option<i32>,
        searched: DateTime<Utc>,
    ) -> Result<Vec<LeadKind>, HubError> {
        let about =
            |name: &str| LeadKind::ALL.iter().any(|kind| kinds::about(*kind).contains(&name));
        let mut parts = Vec::new();
        for family in entity::families().into_iter().filter(|family| about(family.name)) {
            let mut own = Query::select();
            own.expr(Expr::cust("1"))
                .from(Alias::new(family.table))
                .and_where(column(family.table, "withdrawn_at").is_null())
                .and_where(column(family.table, "created_at").lte(searched))
                .cond_where(beginning(
                    family.table,
                    family.region_column(),
                    seat.region().prefix(),
                ));
            let when = match family.name {
                accident::names::FAMILY => Some(When::Instant(sql!([accident] "occurred_at"))),
                work_injury::names::FAMILY => Some(When::First(&INJURY_DAYS)),
                _ => None,
            };
            if let (Some(when), Some(year)) = (when, year) {
                when.within(&mut own, family.table, &(year..=year));
            }
            let mut part = Query::select();
            part.expr(Expr::val(family.name)).and_where(Expr::exists(own));
            parts.push(part);
        }
        let mut parts = parts.into_iter();
        let Some(mut all) = parts.next() else { return Ok(Vec::new()) };
        for part in parts {
            all.union(UnionType::All, part);
        }
        let rows = self.all(built(self.backend(), &all)).await?;
        let present: Vec<String> =
            rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
        let is = |kind: &&LeadKind| {
            present.iter().any(|name| kinds::about(**kind).contains(&name.as_str()))
        };
        Ok(LeadKind::ALL.iter().filter(is).copied().collect())
    }

    /// When a search of a region was last finished; `None` before the first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn last_search(
        &self,
        matching: &MatchingPermit,
    ) -> Result<Option<DateTime<Utc>>, HubError> {
        let sql = "SELECT MAX(at) FROM lead_runs WHERE region_code = ?";
        let values = vec![matching.region().as_str().into()];
        let row = self.one(statement(self.backend(), sql, values)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }

    /// When a search last covered the seat's region or one that contains it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn leads_searched(&self, seat: &Seat) -> Result<Option<DateTime<Utc>>, HubError> {
        let region = seat.region();
        let city = region.city().unwrap_or_else(|| region.clone());
        let sql = "SELECT MAX(at) FROM lead_runs WHERE region_code IN (?, ?, ?)";
        let values =
            vec![region.as_str().into(), city.as_str().into(), region.province().as_str().into()];
        let row = self.one(statement(self.backend(), sql, values)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }
}
