//! What two lists of the same events have in common: counts by region and year, no records.

use entity::{accident, accident_victim, occupational_disease_case, sql, work_injury};
use std::collections::BTreeMap;
use strum::{IntoStaticStr, VariantArray};

use sea_orm::{QueryResult, Statement};

use super::{
    kinds::{
        ACCIDENT_ARTICLES, case_in_injuries, injury_in_cases, injury_in_victims, victim_in_injuries,
    },
    sql::{DECISION_DAY, StatementUse, stands, works},
};
use crate::{
    authz::meeting::Seat,
    domain::{chapman::CaptureCounts, code::Coded as _, region::RegionCode},
    error::HubError,
    store::sql::{condition::successor, database::Database, statement::statement},
};

/// Two lists that should hold the same events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Pair {
    /// Workers killed in accidents, against deaths recognised as work injuries.
    Deaths,
    /// First diagnoses of a disease, against injuries recognised as an occupational disease.
    Diseases,
}

impl Pair {
    /// Two statements that count by region and year: entries of the first list with and without a
    /// match, and entries of the second list without one. Unlike a lead, a difference is counted at
    /// once.
    fn sql(self, look: &StatementUse<'_>) -> [String; 2] {
        let count = |region: &str, year: &str, matched: [String; 2], from: &str| {
            let [one, other] = matched;
            format!(
                "SELECT region_code, year, CAST(SUM(known) AS bigint), CAST(SUM(1 - known) AS bigint) FROM \
                 (SELECT {region} AS region_code, {year} AS year, CASE WHEN {one} OR {other} THEN 1 ELSE 0 END AS known {from}) c \
                 GROUP BY region_code, year"
            )
        };
        let (died, injured, decided, diagnosed) = (
            look.year(&look.day(sql!([a: accident] "a.occurred_at"))),
            look.year(sql!([w: work_injury] "w.injured_at")),
            look.year(DECISION_DAY),
            look.year(sql!([c: occupational_disease_case] "c.diagnosed_at")),
        );
        match self {
            Self::Deaths => {
                let recognised = sql!(
                        [w: work_injury]
                        "w.fatal IS TRUE AND w.result = 'RECOGNIZED' AND w.article IN {ACCIDENT_ARTICLES}");
                let here = sql!(
                    [a: accident, v: accident_victim]
                    "FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref WHERE {} AND v.injury_degree = 'DEATH' \
                     AND {} AND {}",
                    look.inside("v"),
                    works("v"),
                    stands("a")
                );
                let there = sql!(
                    [w: work_injury]
                    "FROM work_injuries w WHERE {} AND w.withdrawn_at IS NULL AND {recognised}", look.inside("w"));
                [
                    count(
                        sql!([v: accident_victim] "v.region_code"),
                        &died,
                        victim_in_injuries(look, &format!(" AND {recognised}")),
                        &here,
                    ),
                    count(
                        sql!([w: work_injury] "w.region_code"),
                        &injured,
                        injury_in_victims(look, ""),
                        &there,
                    ),
                ]
            }
            Self::Diseases => {
                let recognised =
                    sql!([w: work_injury] "w.article = 'ART14_4' AND w.result = 'RECOGNIZED'");
                let here = sql!(
                    [c: occupational_disease_case]
                    "FROM occupational_disease_cases c WHERE {} AND c.withdrawn_at IS NULL AND c.report_nature = 'FIRST'",
                    look.inside("c")
                );
                let there = sql!(
                    [w: work_injury]
                    "FROM work_injuries w WHERE {} AND w.withdrawn_at IS NULL AND {recognised}", look.inside("w"));
                [
                    count(
                        sql!([c: occupational_disease_case] "c.region_code"),
                        &diagnosed,
                        case_in_injuries(look, &format!(" AND {recognised}")),
                        &here,
                    ),
                    count(
                        sql!([w: work_injury] "w.region_code"),
                        &decided,
                        injury_in_cases(look, ""),
                        &there,
                    ),
                ]
            }
        }
    }
}

/// What two lists have in common in one region and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOverlap {
    /// The two lists that are compared.
    pub pair: Pair,
    /// Region of the events.
    pub region: String,
    /// Calendar year of the events.
    pub year: i32,
    /// Events in both lists, only in the first, and only in the second.
    pub lists: CaptureCounts,
}

impl Database {
    /// Compares the two lists of a pair and counts the result.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer or a statement takes too long.
    pub async fn lead_overlaps_found(
        &self,
        pair: Pair,
        look: &StatementUse<'_>,
    ) -> Result<Vec<ListOverlap>, HubError> {
        let [here, there] = pair.sql(look);
        let mut found: BTreeMap<(String, i32), CaptureCounts> = BTreeMap::new();
        for row in self.all(Statement::from_string(self.backend(), here)).await? {
            let own = found.entry(place(&row)?).or_default();
            (own.matched, own.only_here) = (count(&row, 2)?, count(&row, 3)?);
        }
        for row in self.all(Statement::from_string(self.backend(), there)).await? {
            found.entry(place(&row)?).or_default().only_there = count(&row, 3)?;
        }
        Ok(found
            .into_iter()
            .map(|((region, year), lists)| ListOverlap { pair, region, year, lists })
            .collect())
    }

    /// What a pair has in common in the seat's region as of the last search, in one year or in all.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn lead_overlap(
        &self,
        seat: &Seat,
        pair: Pair,
        year: Option<i32>,
    ) -> Result<CaptureCounts, HubError> {
        let (from, end) = bounds(seat.region());
        let sql = "SELECT CAST(COALESCE(SUM(matched), 0) AS bigint), CAST(COALESCE(SUM(only_here), 0) AS bigint), \
                   CAST(COALESCE(SUM(only_there), 0) AS bigint) FROM lead_overlaps WHERE pair = ? AND region_code >= ? \
                   AND region_code < ? AND (year = ? OR ? = 0)";
        let (year, any) = (year.unwrap_or_default(), i32::from(year.is_some()));
        let values = vec![pair.code().into(), from.into(), end.into(), year.into(), any.into()];
        let row = self.one(statement(self.backend(), sql, values)).await?;
        row.map_or_else(
            || Ok(CaptureCounts::default()),
            |row| {
                Ok(CaptureCounts {
                    matched: count(&row, 0)?,
                    only_here: count(&row, 1)?,
                    only_there: count(&row, 2)?,
                })
            },
        )
    }
}

/// The first region code of a region, and the first one after it.
pub(super) fn bounds(region: &RegionCode) -> (String, String) {
    let prefix = region.prefix();
    (prefix.to_owned(), successor(prefix).unwrap_or_default())
}

fn place(row: &QueryResult) -> Result<(String, i32), HubError> {
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

fn count(row: &QueryResult, index: usize) -> Result<u64, HubError> {
    Ok(u64::try_from(row.try_get_by_index::<i64>(index)?).unwrap_or_default())
}
