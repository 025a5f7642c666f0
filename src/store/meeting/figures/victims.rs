//! Victims of accidents who were insured employees on the day, and those of them whom social
//! insurance has recognised.
//!
//! A victim without a number, and one whose insurance has no first day, may have been insured or
//! not; they are counted apart.

use entity::{accident, accident_victim, employment, sql, work_injury};
use sea_orm::{
    DbBackend,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query},
};
use std::sync::Arc;

use super::{CountedRows, FigureMeasure, INTERNAL, Span, When, counted};
use crate::{
    authz::scope::{Scope, Use},
    domain::department::Department,
    error::HubError,
    store::{
        meeting::figure_cache::Counting,
        records::read::{Reader, readable},
        sql::condition::{beginning, built, column, zones},
    },
};

/// The right to count the four families that are compared.
#[derive(Clone, Copy, Debug)]
pub struct VictimMatching<'a> {
    /// Of the victims.
    pub victims: &'a Scope,
    /// Of the accidents, which say when it was.
    pub accidents: &'a Scope,
    /// Of the insured roll.
    pub roll: &'a Scope,
    /// Of the recognitions.
    pub injuries: &'a Scope,
}

impl VictimMatching<'_> {
    /// What is counted, in order.
    pub const MEASURES: [FigureMeasure; 2] =
        [FigureMeasure::InsuredVictims, FigureMeasure::MatchedVictims];

    /// What could not be counted because the records do not say enough, in the number that follows.
    pub const UNKNOWN: [FigureMeasure; 1] = [FigureMeasure::UnclearVictims];
}

impl Reader<'_> {
    /// Victims by place, industry and year of the accident. Through a link only rows count that
    /// whoever asks may count.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn matched_victims(
        &self,
        right: VictimMatching<'_>,
        span: &Span,
    ) -> Result<Arc<CountedRows>, HubError> {
        let own = right.victims.zones(Use::Aggregate, INTERNAL);
        if own.is_empty() {
            return Ok(Arc::default());
        }
        let backend = self.database.backend();
        let (victims, accidents) = (right.victims.family(), right.accidents.family());
        let there = |scope: &Scope, classes| {
            let family = scope.family();
            let of = scope.zones(Use::Aggregate, classes);
            zones(family.table, family.region_column(), family.industry_column(), &of)
        };
        let day = match backend {
            DbBackend::Postgres => {
                sql!([accidents: accident] "(accidents.occurred_at AT TIME ZONE 'Asia/Shanghai')::DATE")
            }
            _ => sql!([accidents: accident] "date(accidents.occurred_at, '+8 hours')"),
        };
        let statement = |places: Option<Cond>| {
            let on_the_roll = |from: &str| {
                let mut roll = Query::select();
                roll.expr(Expr::cust("1"))
                    .from(Alias::new("employments"))
                    .cond_where(there(right.roll, INTERNAL))
                    .and_where(Expr::cust(sql!(
                        [employments: employment, accident_victims: accident_victim]
                        "employments.person_key = accident_victims.person_key AND employments.department = '{insurer}' AND \
                         employments.withdrawn_at IS NULL AND {from} AND \
                         (employments.insured_to IS NULL OR employments.insured_to >= {day})",
                        insurer = Department::HRSS,
                    )));
                roll
            };
            let insured =
                on_the_roll(&sql!([employments: employment] "employments.insured_from <= {day}"));
            let undated =
                on_the_roll(sql!([employments: employment] "employments.insured_from IS NULL"));
            let mut recognised = Query::select();
            recognised
                .expr(Expr::cust("1"))
                .from(Alias::new("work_injuries"))
                .cond_where(there(right.injuries, INTERNAL))
                .and_where(Expr::cust(sql!(
                    [work_injuries: work_injury, accident_victims: accident_victim]
                    "work_injuries.injury_key = accident_victims.injury_key AND work_injuries.withdrawn_at IS NULL AND \
                 work_injuries.result IN ('RECOGNIZED', 'DEEMED')"
                )));
            let when = When::Instant(sql!([accident] "occurred_at"));
            let mut each = Query::select();
            each.expr_as(column(victims.table, sql!([accident_victim] "region_code")), Alias::new("r"))
                .expr_as(column(victims.table, sql!([accident_victim] "key_industry")), Alias::new("k"))
                .expr_as(Expr::cust(when.sql(backend, accidents.table)), Alias::new("y"))
                .expr_as(Expr::exists(insured), Alias::new("i"))
                .expr_as(Expr::exists(recognised), Alias::new("m"))
                .expr_as(
                    Expr::cust(sql!([accident_victims: accident_victim] "accident_victims.person_key IS NULL AND (accident_victims.employment_form IS NULL OR accident_victims.employment_form <> 'EXTERNAL')"))
                        .or(Expr::exists(undated)),
                    Alias::new("u"),
                )
                .from(Alias::new(victims.table))
                .join(
                    sea_orm::JoinType::InnerJoin,
                    Alias::new(accidents.table),
                    Cond::all().add(Expr::cust(sql!(
                        [accidents: accident, accident_victims: accident_victim]
                        "accidents.ref = accident_victims.accident_ref AND accidents.withdrawn_at IS NULL AND \
                     (accidents.stat_status IS NULL OR accidents.stat_status <> 'WRITTEN_OFF')"
                    ))),
                )
                .cond_where(readable(victims, &own))
                .cond_where(places.unwrap_or_else(Cond::all))
                .cond_where(there(right.accidents, &[]))
                .cond_where(beginning(victims.table, sql!([accident_victim] "region_code"), span.region.prefix()));
            when.within(&mut each, accidents.table, &span.years);
            let mut all = Query::select();
            all.columns(["r", "k", "y"].map(Alias::new))
                .exprs(["i", "i AND m", "u AND NOT i"].map(|holds| {
                    Expr::cust(format!("CAST(SUM(CASE WHEN {holds} THEN 1 ELSE 0 END) AS bigint)"))
                }))
                .from_subquery(each, Alias::new("each_victim"))
                .add_group_by(["r", "k", "y"].map(|name| Expr::col(Alias::new(name))));
            built(backend, &all)
        };
        let families =
            [victims.name, accidents.name, right.roll.family().name, right.injuries.family().name];
        let width = VictimMatching::MEASURES.len() + VictimMatching::UNKNOWN.len();
        let counting = Counting {
            families: &families,
            own: Some(victims),
            width,
            statement: &statement,
            read: counted,
        };
        self.figures.counts(self.database, &counting).await
    }
}
