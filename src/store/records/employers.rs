//! Events at employers: counts of one family by employer, the most serious first, for callers who
//! may list those records.

use chrono::NaiveDate;
use entity::{
    accident,
    catalogue::{Class, Family},
    exposure_measurement, hazard_rectification, occupational_disease_case, sql,
    typed::Record as _,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};

use crate::{
    authz::scope::{Scope, Use},
    domain::region::RegionCode,
    error::HubError,
    store::{
        meeting::figures::When,
        records::read::{Reader, readable},
        sql::condition::{beginning, built, column},
    },
};

/// A reason to inspect an employer: what to count, and under which condition.
#[derive(Clone, Debug)]
pub struct Sign {
    /// Name of the family.
    pub family: &'static str,
    /// Columns the counts depend on (date, condition, measures). All of them must be fully
    /// readable, and the records listable.
    pub columns: &'static [&'static str],
    /// SQL condition on the family's columns that a record must meet.
    pub condition: String,
    /// Date that has to lie in the year; `None` for conditions as of today.
    pub when: Option<When>,
    /// SQL aggregates; employers are ordered by the first.
    pub measures: Vec<String>,
}

impl Sign {
    /// Classes of all columns that are shown or that affect the result.
    #[must_use]
    pub fn classes(&self, family: &Family) -> Vec<Class> {
        let place = [family.region_column(), family.industry_column().unwrap_or("key_industry")];
        let named = ["employer_name", "employer_uscc"]
            .into_iter()
            .chain(place)
            .chain(self.columns.iter().copied());
        let class = |column: &str| {
            family.all_fields().find(|field| field.column == column).map(|field| field.class)
        };
        // A column that is not in the catalogue may not be read by anybody.
        named.map(|column| class(column).unwrap_or(Class::Sensitive)).collect()
    }

    /// Restricts a query to the records of a region and year that it counts.
    fn narrow(&self, select: &mut SelectStatement, family: &Family, of: (&RegionCode, i32)) {
        let ((region, year), table) = (of, family.table);
        select
            .cond_where(beginning(table, family.region_column(), region.prefix()))
            .and_where(Expr::cust(format!("({})", self.condition)));
        if let Some(when) = self.when {
            when.within(select, table, &(year..=year));
        }
    }
}

/// Which employers to count at.
#[derive(Clone, Copy, Debug)]
pub enum WhichEmployers<'a> {
    /// So many of those with the highest counts.
    First(u64),
    /// Those with these keys.
    These(&'a [String]),
}

/// An employer with its counts.
#[derive(Clone, Debug)]
pub struct Signs {
    /// Key that links records of one employer.
    pub key: String,
    /// Name of the employer, as one of the records has it.
    pub name: Option<String>,
    /// Credit code of the employer (统一社会信用代码); `None` if no record has it.
    pub uscc: Option<String>,
    /// Region code of the records; of several, the highest.
    pub region: String,
    /// Code of the key industry of the records; of several, the last in the alphabet.
    pub industry: Option<String>,
    /// Counts, in the order of the measures.
    pub counts: Vec<i64>,
}

/// Determined accidents of a year: deaths and missing persons, accidents, casualties.
#[must_use]
pub fn accidents() -> Sign {
    Sign {
        family: accident::Entity::family().name,
        columns: &[
            sql!([accident] "stat_status"),
            sql!([accident] "occurred_at"),
            sql!([accident] "deaths"),
            sql!([accident] "missing"),
            sql!([accident] "casualties"),
        ],
        condition: sql!([accident] "stat_status IS NULL OR stat_status <> 'WRITTEN_OFF'")
            .to_owned(),
        when: Some(When::Instant(sql!([accident] "occurred_at"))),
        measures: vec![
            sql!([accident] "SUM(deaths + missing)").to_owned(),
            "COUNT(*)".to_owned(),
            sql!([accident] "SUM(casualties)").to_owned(),
        ],
    }
}

/// First diagnoses of occupational diseases of a year.
#[must_use]
pub fn diseases() -> Sign {
    Sign {
        family: occupational_disease_case::Entity::family().name,
        // Not the day of the diagnosis, which only 卫健 reads in full: the year is that of the
        // meeting. Callers without exact figures do not get this count.
        columns: &[sql!([occupational_disease_case] "report_nature")],
        condition: sql!([occupational_disease_case] "report_nature = 'FIRST'").to_owned(),
        when: Some(When::Day(sql!([occupational_disease_case] "diagnosed_at"))),
        measures: vec!["COUNT(*)".to_owned()],
    }
}

/// Measurements above the limit in a year.
#[must_use]
pub fn exposures() -> Sign {
    Sign {
        family: exposure_measurement::Entity::family().name,
        columns: &[
            sql!([exposure_measurement] "exceeded"),
            sql!([exposure_measurement] "sampled_at"),
        ],
        condition: sql!([exposure_measurement] "exceeded").to_owned(),
        when: Some(When::Day(sql!([exposure_measurement] "sampled_at"))),
        measures: vec!["COUNT(*)".to_owned()],
    }
}

/// Hazards past their deadline on a day: major ones, all.
#[must_use]
pub fn hazards(today: NaiveDate) -> Sign {
    Sign {
        family: hazard_rectification::Entity::family().name,
        columns: &[
            sql!([hazard_rectification] "status"),
            sql!([hazard_rectification] "extended_deadline"),
            sql!([hazard_rectification] "deadline"),
            sql!([hazard_rectification] "level"),
        ],
        condition: sql!(
            [hazard_rectification]
            "status NOT IN ('RECHECKED', 'CLOSED', 'TRANSFERRED') AND COALESCE(extended_deadline, deadline) < '{today}'"
        ),
        when: None,
        measures: vec![
            sql!([hazard_rectification] "SUM(CASE WHEN level = 'MAJOR' THEN 1 ELSE 0 END)")
                .to_owned(),
            "COUNT(*)".to_owned(),
        ],
    }
}

impl Reader<'_> {
    /// Employers of a region with events in a year, those with the highest counts first; empty
    /// where the scope lists no such records.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn at_employers(
        &self,
        scope: &Scope,
        sign: &Sign,
        (region, year): (&RegionCode, i32),
        which: WhichEmployers<'_>,
    ) -> Result<Vec<Signs>, HubError> {
        let zones = scope.zones(Use::List, &sign.classes(scope.family()));
        if zones.is_empty() {
            return Ok(Vec::new());
        }
        let (family, backend) = (scope.family(), self.database.backend());
        let table = family.table;
        let industry = family.industry_column().unwrap_or("key_industry");
        let mut select = Query::select();
        select.expr_as(column(table, "employer_key"), Alias::new("e"));
        for name in ["employer_name", "employer_uscc", family.region_column(), industry] {
            select.expr(Expr::cust(format!("MAX(\"{table}\".\"{name}\")")));
        }
        for (index, sql) in sign.measures.iter().enumerate() {
            select.expr_as(
                Expr::cust(format!("CAST({sql} AS bigint)")),
                Alias::new(format!("m{index}")),
            );
        }
        select
            .from(Alias::new(table))
            .cond_where(readable(family, &zones))
            .add_group_by([Expr::col(Alias::new("e"))]);
        sign.narrow(&mut select, family, (region, year));
        match which {
            WhichEmployers::First(most) => {
                select.and_where(column(table, "employer_key").is_not_null()).limit(most);
            }
            WhichEmployers::These(keys) => {
                select.and_where(column(table, "employer_key").is_in(keys));
            }
        }
        for index in 0..sign.measures.len() {
            select.order_by(Alias::new(format!("m{index}")), Order::Desc);
        }
        select.order_by(Alias::new("e"), Order::Asc);
        let rows = self.database.all(built(backend, &select)).await?;
        let signs = rows.iter().map(|row| {
            let counts = (5..5 + sign.measures.len())
                .map(|index| Ok(row.try_get_by_index::<Option<i64>>(index)?.unwrap_or_default()));
            Ok(Signs {
                key: row.try_get_by_index(0)?,
                name: row.try_get_by_index(1)?,
                uscc: row.try_get_by_index(2)?,
                region: row.try_get_by_index(3)?,
                industry: row.try_get_by_index(4)?,
                counts: counts.collect::<Result<_, HubError>>()?,
            })
        });
        signs.collect()
    }

    /// How many such records name no employer that could be visited.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn at_no_employer(
        &self,
        scope: &Scope,
        sign: &Sign,
        (region, year): (&RegionCode, i32),
    ) -> Result<i64, HubError> {
        let zones = scope.zones(Use::List, &sign.classes(scope.family()));
        if zones.is_empty() {
            return Ok(0);
        }
        let family = scope.family();
        let mut select = Query::select();
        select
            .expr(Expr::cust("COUNT(*)"))
            .from(Alias::new(family.table))
            .cond_where(readable(family, &zones))
            .and_where(column(family.table, "employer_key").is_null());
        sign.narrow(&mut select, family, (region, year));
        let row = self.database.one(built(self.database.backend(), &select)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
    }
}
