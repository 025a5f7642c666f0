//! Holders of the posts a plan names, on the roll at the end of a year, and how many of them had
//! been trained by then.
//!
//! The roll is that of social insurance. A plan sets requirements for its own period only: training
//! before its first day does not count. A person with two posts in one place and industry counts
//! once. Training at any place and for any employer counts for the person, as far as the caller may
//! count it.
//!
//! A training without a result and a holder without a first day of insurance are neither yes nor
//! no; they are counted apart.

use std::{fmt::Write as _, sync::Arc};

use chrono::NaiveDate;
use entity::{employment, sql, training_record};
use sea_orm::{
    DbBackend, Statement,
    sea_query::{Alias, Cond, Expr, Query},
};

use super::{CountedRows, FigureMeasure, INTERNAL, Span, counted};
use crate::{
    authz::scope::{Scope, Use},
    domain::department::Department,
    error::HubError,
    store::{
        meeting::figure_cache::Counting,
        records::read::{Reader, readable},
        sql::condition::{beginning, built, column},
    },
};

/// The posts whose holders are counted, and the date from which training counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CountedPosts {
    /// Codes of posts, each with the industry it is limited to, if any; empty means any post.
    pub posts: Vec<(String, Option<String>)>,
    /// First day from which a training counts; `None` means any date.
    pub since: Option<NaiveDate>,
}

impl CountedPosts {
    /// SQL condition for rows of the roll, or of trainings, that name such a post.
    pub(in crate::store::meeting) fn sql(&self, table: &str) -> String {
        let quoted = |code: &str| code.replace('\'', "''");
        let one = |(post, industry): &(String, Option<String>)| {
            let post = format!("{table}.{} = '{}'", sql!([employment] "key_post"), quoted(post));
            industry.as_ref().map_or_else(
                || post.clone(),
                |code| {
                    format!(
                        "({post} AND {table}.{} = '{}')",
                        sql!([employment] "key_industry"),
                        quoted(code)
                    )
                },
            )
        };
        match self.posts.as_slice() {
            [] => format!("{table}.{} IS NOT NULL", sql!([employment] "key_post")),
            posts => format!("({})", posts.iter().map(one).collect::<Vec<_>>().join(" OR ")),
        }
    }
}

/// The right to count the two families involved.
#[derive(Clone, Copy, Debug)]
pub struct Posts<'a> {
    /// Scope of the roll of insured persons.
    pub roll: &'a Scope,
    /// Scope of the training records.
    pub training: &'a Scope,
    /// The posts whose holders are counted.
    pub named: &'a CountedPosts,
}

impl Posts<'_> {
    /// What is counted, in the order of the numbers in a row.
    pub const MEASURES: [FigureMeasure; 4] = [
        FigureMeasure::KeyPosts,
        FigureMeasure::SafetyTrained,
        FigureMeasure::HealthTrained,
        FigureMeasure::AnyTrained,
    ];

    /// What could not be counted because the records do not say enough, in the numbers that follow.
    pub const UNKNOWN: [FigureMeasure; 4] = [
        FigureMeasure::SafetyUnexamined,
        FigureMeasure::HealthUnexamined,
        FigureMeasure::AnyUnexamined,
        FigureMeasure::UndatedPosts,
    ];
}

impl Reader<'_> {
    /// Holders of key posts by place, industry and year, with those trained.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn key_posts(
        &self,
        right: Posts<'_>,
        span: &Span,
    ) -> Result<Arc<CountedRows>, HubError> {
        let (roll, training) = (
            right.roll.zones(Use::Aggregate, INTERNAL),
            right.training.zones(Use::Aggregate, INTERNAL),
        );
        if roll.is_empty() || training.is_empty() {
            return Ok(Arc::default());
        }
        let backend = self.database.backend();
        let (of_roll, of_training) = (right.roll.family(), right.training.family());
        let statement = |places: Option<Cond>| {
            let mut trained = Query::select();
            const DAY: &str = sql!([training_record] "COALESCE(exam_at, ended_on)");
            const ANY: &str = "TRUE";
            // The first day on which a training was passed, or ended without a result.
            let first = |of: &str, passed: &str| {
                Expr::cust(
                    sql!([training_record] "MIN(CASE WHEN {of} AND passed IS {passed} THEN {DAY} END)"),
                )
            };
            const SAFETY: &str = sql!([training_record] "training_domain = 'SAFETY'");
            const HEALTH: &str = sql!([training_record] "training_domain = 'OCCUPATIONAL_HEALTH'");
            let counts = right.named.since.map_or_else(String::new, |first| {
                format!(" AND {DAY} >= {}", literal(backend, first))
            });
            trained
                .column(Alias::new("person_key"))
                .expr_as(first(SAFETY, "TRUE"), Alias::new("safety"))
                .expr_as(first(HEALTH, "TRUE"), Alias::new("health"))
                .expr_as(first(ANY, "TRUE"), Alias::new("whatever"))
                .expr_as(first(SAFETY, "NULL"), Alias::new("safety_open"))
                .expr_as(first(HEALTH, "NULL"), Alias::new("health_open"))
                .expr_as(first(ANY, "NULL"), Alias::new("whatever_open"))
                .from(Alias::new(of_training.table))
                .cond_where(readable(of_training, &training))
                .and_where(Expr::cust(
                    sql!([training_record] "passed IS NOT FALSE AND person_key IS NOT NULL{counts}"),
                ))
                .add_group_by([Expr::col(Alias::new("person_key"))]);
            let table = of_roll.table;
            let mut each = Query::select();
            each.expr_as(column(table, sql!([employment] "region_code")), Alias::new("r"))
                .expr_as(column(table, sql!([employment] "key_industry")), Alias::new("k"))
                .expr_as(Expr::cust("years.y"), Alias::new("y"))
                .expr_as(
                    Expr::cust(format!("COALESCE({table}.person_key, {table}.ref)")),
                    Alias::new("p"),
                )
                .expr_as(
                    Expr::cust(format!(
                        "MAX(CASE WHEN {table}.insured_from IS NULL THEN 0 ELSE 1 END)"
                    )),
                    Alias::new("dated"),
                );
            for (domain, passed, open) in
                [("safety", "s", "so"), ("health", "h", "ho"), ("whatever", "a", "ao")]
            {
                each.expr_as(Expr::cust(format!("MAX(CASE WHEN t.{domain} <= years.last THEN 1 ELSE 0 END)")), Alias::new(passed))
                    .expr_as(Expr::cust(format!("MAX(CASE WHEN t.{domain} <= years.last THEN 0 WHEN t.{domain}_open <= years.last THEN 1 ELSE 0 END)")), Alias::new(open));
            }
            each
                .from(Alias::new(table))
                .join_subquery(
                    sea_orm::JoinType::LeftJoin,
                    trained,
                    Alias::new("t"),
                    Cond::all().add(Expr::cust(format!("t.person_key = {table}.person_key"))),
                )
                .join(
                    sea_orm::JoinType::InnerJoin,
                    Alias::new("years"),
                    Cond::all().add(Expr::cust(format!(
                        "({table}.insured_from IS NULL OR {table}.insured_from <= years.last) AND ({table}.insured_to IS NULL OR {table}.insured_to >= years.last)"
                    ))),
                )
                .cond_where(readable(of_roll, &roll))
                .cond_where(beginning(table, sql!([employment] "region_code"), span.region.prefix()))
                .cond_where(places.unwrap_or_else(Cond::all))
                .and_where(Expr::cust(format!("{} AND {table}.department = '{}'", right.named.sql(table), Department::HRSS)))
                .add_group_by(["r", "k", "y", "p"].map(|name| Expr::col(Alias::new(name))));
            let mut all = Query::select();
            all.columns(["r", "k", "y"].map(Alias::new))
                .exprs(
                    [
                        "dated",
                        "dated * s",
                        "dated * h",
                        "dated * a",
                        "dated * so",
                        "dated * ho",
                        "dated * ao",
                        "1 - dated",
                    ]
                    .map(|number| Expr::cust(format!("CAST(SUM({number}) AS bigint)"))),
                )
                .from_subquery(each, Alias::new("each_person"))
                .add_group_by(["r", "k", "y"].map(|name| Expr::col(Alias::new(name))));
            let Statement { sql, values, db_backend } = built(backend, &all);
            let sql = format!("WITH years AS ({}) {sql}", years(backend, span));
            Statement { sql, values, db_backend }
        };
        let (families, width) =
            ([of_roll.name, of_training.name], Posts::MEASURES.len() + Posts::UNKNOWN.len());
        let counting = Counting {
            families: &families,
            own: Some(of_roll),
            width,
            statement: &statement,
            read: counted,
        };
        self.figures.counts(self.database, &counting).await
    }
}

/// The date at which the roll of a year is taken: 31 December, or today in the current year.
#[must_use]
pub fn roll_day(year: i32, today: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).map_or(today, |last| last.min(today))
}

/// SQL rows of the years and the dates at which their rolls are taken.
fn years(backend: DbBackend, span: &Span) -> String {
    let mut sql = String::new();
    for year in span.years.clone() {
        let last = roll_day(year, span.today);
        let union = if sql.is_empty() { "" } else { " UNION ALL " };
        // Writing to a text does not fail.
        let _ = write!(sql, "{union}SELECT {year} AS y, {} AS last", literal(backend, last));
    }
    sql
}

/// A day as an SQL literal.
fn literal(backend: DbBackend, day: NaiveDate) -> String {
    let date = if backend == DbBackend::Postgres { "DATE " } else { "" };
    format!("{date}'{day}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_is_taken_at_the_end_of_its_year_or_today_while_the_year_runs() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = day("2026-11-29");
        assert_eq!(roll_day(2024, today), day("2024-12-31"));
        assert_eq!(roll_day(2026, today), today);
    }
}
