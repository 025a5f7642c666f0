//! What the indicators count: numbers by region (at the lowest level), key industry and year, with
//! one statement for each family.
//!
//! Every count runs under the caller's scope, in the zones that may be counted. The conditions for
//! a record to count (determined and not written off, a first diagnosis, recognised) belong to the
//! figure, not to the caller's query. Years are calendar years in Asia/Shanghai. Withdrawn records
//! never count.

pub mod posts;
mod provinces;
mod recipe;
mod signed;
mod summed;
mod trained;
mod victims;

use std::{ops::RangeInclusive, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::catalogue::{Class, Family};
use sea_orm::{
    DbBackend, QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query, SelectStatement},
};

use crate::{
    authz::scope::{Scope, Use},
    domain::region::RegionCode,
    error::HubError,
    store::{
        meeting::figure_cache::Counting,
        records::read::{Reader, readable},
        sql::condition::{beginning, built, column},
    },
};

pub use crate::store::meeting::figure_cache::CountedFigures;
pub use posts::{CountedPosts, Posts};
pub use recipe::{
    AMOUNTS, BESIDE_AMOUNTS, DiseaseYear, HeldBy, INJURY_DAYS, Recipe, accidents_without_industry,
    recipes, recipes_by, responsible, unnumbered_trainings,
};
pub use summed::{CountedRows, RegionPlane, RegionSums, SumFrame};
pub use trained::{Attended, TrainingGroup};
pub use victims::VictimMatching;

/// A quantity that is counted or summed for the indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FigureMeasure {
    /// Accidents (事故起数) held by the department responsible for their industry, not written off.
    Accidents,
    /// Persons killed in these accidents, without the missing.
    Deaths,
    /// Persons still missing after these accidents (失踪).
    Missing,
    /// Serious injuries (重伤) in these accidents, including acute poisoning.
    Serious,
    /// Minor injuries (轻伤) in these accidents.
    Minor,
    /// Newly diagnosed pneumoconiosis.
    Pneumoconiosis,
    /// Pneumoconiosis cases with less than five years of exposure.
    ShortExposure,
    /// Pneumoconiosis cases without a known duration of exposure.
    UnknownExposure,
    /// Newly diagnosed occupational diseases of any kind.
    Diseases,
    /// Recognised work injuries.
    Injuries,
    /// Recognised injuries, except accidents on the way to or from work.
    InjuriesAtWork,
    /// Recognised injuries by accident only: no commuting, no disease, no deemed injury.
    InjuriesByAccident,
    /// Records of insured units, one for each unit and year.
    Units,
    /// Insured persons, average of the year.
    Insured,
    /// Employers with insured persons.
    Insurers,
    /// Premiums paid, in fen.
    Premiums,
    /// Employers that paid a premium.
    Payers,
    /// Benefits paid by the fund, in fen.
    Benefits,
    /// Employers for whose workers benefits were paid.
    Beneficiaries,
    /// Prevention fee spent, in fen.
    Prevention,
    /// Employers for which part of the prevention fee was spent.
    Preventers,
    /// Holders of key posts on the roll of insured persons.
    KeyPosts,
    /// Holders of key posts who passed a safety training.
    SafetyTrained,
    /// Holders of key posts who passed a training in occupational health.
    HealthTrained,
    /// Holders of key posts who passed any training that prevents work injuries.
    AnyTrained,
    /// Trainings in safety.
    SafetyTrainings,
    /// Trainings in occupational health.
    HealthTrainings,
    /// Trainings of any kind.
    Trainings,
    /// Trainings in safety that were passed.
    SafetyPassed,
    /// Trainings in occupational health that were passed.
    HealthPassed,
    /// Trainings of any kind that were passed.
    Passed,
    /// Hazards whose deadline lies in the year.
    HazardsDue,
    /// Hazards due in the year that were closed.
    HazardsClosed,
    /// Hazards due in the year that were closed by the deadline.
    HazardsInTime,
    /// Major hazards whose deadline lies in the year.
    MajorDue,
    /// Major hazards due in the year that were closed.
    MajorClosed,
    /// Measurements that were judged.
    Points,
    /// Judged measurements above the limit.
    PointsAbove,
    /// Victims of accidents who were insured on the day.
    InsuredVictims,
    /// Insured victims with a recognition of the same person for the same accident.
    MatchedVictims,
    /// Accidents that are still preliminary (快报), among those counted.
    PreliminaryAccidents,
    /// Accidents, among those counted, of which no industry at all is known.
    AccidentsWithoutIndustry,
    /// Records of insured units that state the premium paid.
    PremiumsStated,
    /// Records of insured units that state the benefits paid.
    BenefitsStated,
    /// Records of insured units that state the prevention fee spent.
    PreventionStated,
    /// Holders of key posts whose only trainings in safety have no result.
    SafetyUnexamined,
    /// Holders of key posts whose only trainings in occupational health have no result.
    HealthUnexamined,
    /// Holders of key posts none of whose trainings has a result.
    AnyUnexamined,
    /// Holders of key posts on the roll without a first day of insurance, who are not counted.
    UndatedPosts,
    /// Trainings in safety of holders of key posts without a number of the person.
    SafetyUnnumbered,
    /// Trainings in occupational health of holders of key posts without a number of the person.
    HealthUnnumbered,
    /// Trainings of any kind of holders of key posts without a number of the person.
    AnyUnnumbered,
    /// Victims who may have been insured on the day: without a number, or insured from no known
    /// day.
    UnclearVictims,
}

impl FigureMeasure {
    /// Number of measures.
    pub const COUNT: usize = 53;
}

/// What a total is broken down by, instead of by region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Type of accident.
    AccidentType,
    /// Whole years of exposure, in steps `0`, `1`, `5`, `10`, `20` (each the lower bound); `None`
    /// where unknown.
    ExposureYears,
    /// Hazard factor that was measured (危害因素), by its code.
    Factor,
}

impl By {
    const fn sql(self) -> &'static str {
        match self {
            Self::AccidentType => "accident_type",
            Self::ExposureYears => {
                "CASE WHEN exposure_months_total IS NULL THEN NULL WHEN exposure_months_total < 12 THEN '0' \
                 WHEN exposure_months_total < 60 THEN '1' WHEN exposure_months_total < 120 THEN '5' \
                 WHEN exposure_months_total < 240 THEN '10' ELSE '20' END"
            }
            Self::Factor => "factor",
        }
    }
}

/// Numbers of one part of a total that is broken down by a [`By`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// Code of the part, such as the accident type; `None` where the record does not say.
    pub item: Option<String>,
    /// Key industry of the records.
    pub industry: Option<String>,
    /// Calendar year (Asia/Shanghai) the numbers belong to.
    pub year: i32,
    /// Numbers, in the order of the recipe's measures.
    pub numbers: Vec<i64>,
}

/// Region and years to be counted.
#[derive(Clone, Debug)]
pub struct Span {
    /// The region, with everything inside it.
    pub region: RegionCode,
    /// First and last calendar year (Asia/Shanghai).
    pub years: RangeInclusive<i32>,
    /// Current date in China: an unfinished year is counted up to this day.
    pub today: NaiveDate,
}

/// Which date decides the year a record counts in. The texts are names of columns.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// An instant, by its calendar day in China.
    Instant(&'static str),
    /// A calendar day.
    Day(&'static str),
    /// The first of several days that has a value, such as the extended deadline before the
    /// original.
    First(&'static [&'static str]),
    /// A column that holds the year itself.
    Year(&'static str),
}

fn first(table: &str, names: &[&str]) -> String {
    let own: Vec<String> = names.iter().map(|name| format!("\"{table}\".\"{name}\"")).collect();
    format!("COALESCE({})", own.join(", "))
}

impl When {
    fn sql(self, backend: DbBackend, table: &str) -> String {
        let own = |name: &str| format!("\"{table}\".\"{name}\"");
        let of_day = |day: String| match backend {
            DbBackend::Postgres => format!("CAST(EXTRACT(YEAR FROM {day}) AS integer)"),
            _ => format!("CAST(strftime('%Y', {day}) AS integer)"),
        };
        match self {
            Self::Instant(name) => match backend {
                DbBackend::Postgres => {
                    of_day(format!("{} AT TIME ZONE 'Asia/Shanghai'", own(name)))
                }
                _ => format!("CAST(strftime('%Y', {}, '+8 hours') AS integer)", own(name)),
            },
            Self::Day(name) => of_day(own(name)),
            Self::First(names) => of_day(first(table, names)),
            Self::Year(name) => own(name),
        }
    }

    /// Restricts a query to rows of these years, in a form that an index supports.
    pub(in crate::store) fn within(
        self,
        select: &mut SelectStatement,
        table: &str,
        years: &RangeInclusive<i32>,
    ) {
        let (from, to) = (first_day(*years.start()), first_day(years.end().saturating_add(1)));
        match self {
            Self::Instant(name) => {
                let (from, to) = (begins(from), begins(to));
                select
                    .and_where(column(table, name).gte(from))
                    .and_where(column(table, name).lt(to));
            }
            Self::Day(name) => {
                select
                    .and_where(column(table, name).gte(from))
                    .and_where(column(table, name).lt(to));
            }
            Self::First(names) => {
                let day = || Expr::cust(first(table, names));
                select.and_where(day().gte(from)).and_where(day().lt(to));
            }
            Self::Year(name) => {
                select.and_where(column(table, name).between(*years.start(), *years.end()));
            }
        }
    }
}

impl Reader<'_> {
    /// What a recipe counts in a span, under a scope of its family; empty where the scope allows no
    /// counting.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn counted(
        &self,
        scope: &Scope,
        recipe: &Recipe,
        span: &Span,
    ) -> Result<Arc<CountedRows>, HubError> {
        let family = scope.family();
        let first = column(family.table, family.region_column());
        self.grouped(scope, recipe, &first, Some(family), span).await
    }

    /// The same counts broken down by something other than region.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn tallied(
        &self,
        scope: &Scope,
        recipe: &Recipe,
        by: By,
        span: &Span,
    ) -> Result<Vec<Tallied>, HubError> {
        let rows = self.grouped(scope, recipe, &Expr::cust(by.sql()), None, span).await?;
        let tallied =
            |CountedFigures { region, industry, year, numbers }: &CountedFigures| Tallied {
                item: region.clone(),
                industry: industry.clone(),
                year: *year,
                numbers: numbers.clone(),
            };
        Ok(rows.iter().map(tallied).collect())
    }

    async fn grouped(
        &self,
        scope: &Scope,
        recipe: &Recipe,
        first: &Expr,
        own: Option<&'static Family>,
        span: &Span,
    ) -> Result<Arc<CountedRows>, HubError> {
        let zones = scope.zones(Use::Aggregate, recipe.classes);
        if zones.is_empty() {
            return Ok(Arc::default());
        }
        let (family, backend) = (scope.family(), self.database.backend());
        let table = family.table;
        let statement = |places: Option<Cond>| {
            let mut select = Query::select();
            select
                .expr_as(first.clone(), Alias::new("r"))
                .expr_as(
                    column(table, family.industry_column().unwrap_or("key_industry")),
                    Alias::new("k"),
                )
                .expr_as(Expr::cust(recipe.when.sql(backend, table)), Alias::new("y"));
            for (_, sql) in &recipe.measures {
                select.expr(Expr::cust(format!("CAST({sql} AS bigint)")));
            }
            select.from(Alias::new(table)).cond_where(readable(family, &zones));
            select.cond_where(beginning(table, family.region_column(), span.region.prefix()));
            recipe.when.within(&mut select, table, &span.years);
            if !recipe.condition.is_empty() {
                select.and_where(Expr::cust(recipe.condition.clone()));
            }
            select.cond_where(places.unwrap_or_else(Cond::all));
            select.add_group_by(["r", "k", "y"].map(|name| Expr::col(Alias::new(name))));
            built(backend, &select)
        };
        let (families, width) = ([family.name], recipe.measures.len());
        self.figures
            .counts(
                self.database,
                &Counting { families: &families, own, width, statement: &statement, read: counted },
            )
            .await
    }
}

fn counted(row: &QueryResult, width: usize) -> Result<CountedFigures, HubError> {
    let numbers = (3..3 + width)
        .map(|index| Ok(row.try_get_by_index::<Option<i64>>(index)?.unwrap_or_default()));
    Ok(CountedFigures {
        region: row.try_get_by_index(0)?,
        industry: row.try_get_by_index(1)?,
        year: row.try_get_by_index(2)?,
        numbers: numbers.collect::<Result<_, HubError>>()?,
    })
}

/// 1 January of a year.
fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX)
}

/// The instant at which a day begins in China.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    let start = day.and_time(chrono::NaiveTime::MIN);
    start.checked_sub_signed(chrono::TimeDelta::hours(8)).unwrap_or(start).and_utc()
}

/// Classes that a figure of internal facts rests on.
const INTERNAL: &[Class] = &[Class::Internal];
