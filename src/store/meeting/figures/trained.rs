//! Training: the number of persons, each counted once, and the number of attendances.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{catalogue::Family, sql, training_record};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};

use super::INTERNAL;
use crate::{
    authz::scope::{Scope, Use, Zone},
    domain::region::RegionCode,
    error::HubError,
    store::{
        records::read::{Reader, readable},
        sql::condition::{beginning, built, column},
    },
};

/// Trainings that are counted together, such as one course of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrainingGroup {
    /// Codes of the training modes that count; empty means any.
    pub modes: Vec<String>,
    /// Codes of the participants' posts, each with the industry it is limited to, if any; empty
    /// means any.
    pub posts: Vec<(String, Option<String>)>,
    /// Code of the key industry; `None` means any.
    pub industry: Option<String>,
    /// First and last day on which the training may have ended.
    pub days: (NaiveDate, NaiveDate),
}

/// How many persons attended, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attended {
    /// Distinct persons; a record without a person key counts as a person of its own.
    pub persons: i64,
    /// Attendances: a person who attended twice counts twice.
    pub times: i64,
    /// Attendances without a number of the person, who may be one of those counted already.
    pub unnumbered: i64,
    /// Attendances that say nothing of the post, where only some posts count.
    pub unposted: i64,
}

impl TrainingGroup {
    /// SQL condition that a training ended on the days.
    fn days_sql(&self) -> String {
        let (first, last) = self.days;
        sql!([training_record] "ended_on >= '{first}' AND ended_on <= '{last}'")
    }

    /// SQL condition on the columns of a training record.
    fn sql(&self) -> String {
        let any = self.any_post_sql();
        if self.posts.is_empty() {
            return any;
        }
        let one = |(post, industry): &(String, Option<String>)| match industry {
            Some(code) => {
                sql!([training_record] "(key_post = {} AND key_industry = {})", quoted(post), quoted(code))
            }
            None => sql!([training_record] "key_post = {}", quoted(post)),
        };
        let posts: Vec<String> = self.posts.iter().map(one).collect();
        format!("{any} AND ({})", posts.join(" OR "))
    }

    /// The same of trainings that say nothing of the post, where only some posts count.
    fn unposted_sql(&self) -> String {
        let any = self.any_post_sql();
        if self.posts.is_empty() {
            "1 = 0".to_owned()
        } else {
            sql!([training_record] "{any} AND key_post IS NULL")
        }
    }

    /// The same of whatever post.
    fn any_post_sql(&self) -> String {
        let mut all = vec![self.days_sql()];
        if !self.modes.is_empty() {
            all.push(
                sql!([training_record] "mode IN ({})", self.modes.iter().map(|mode| quoted(mode)).collect::<Vec<_>>().join(", ")),
            );
        }
        all.extend(
            self.industry
                .as_ref()
                .map(|code| sql!([training_record] "key_industry = {}", quoted(code))),
        );
        all.join(" AND ")
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The first and last day of all courses.
fn days(courses: &[TrainingGroup]) -> Option<(NaiveDate, NaiveDate)> {
    let first = courses.iter().map(|course| course.days.0).min()?;
    let last = courses.iter().map(|course| course.days.1).max()?;
    Some((first, last))
}

/// The trainings of a domain that may be read, in a region, and ended on the days.
fn of_domain<'a>(
    select: &'a mut SelectStatement,
    (family, zones): (&Family, &[&Zone]),
    region: &RegionCode,
    domain: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> &'a mut SelectStatement {
    let table = family.table;
    select
        .from(Alias::new(table))
        .cond_where(readable(family, zones))
        .cond_where(beginning(table, family.region_column(), region.prefix()))
        .and_where(column(table, sql!([training_record] "training_domain")).eq(Expr::val(domain)))
        .and_where(column(table, sql!([training_record] "ended_on")).gte(first))
        .and_where(column(table, sql!([training_record] "ended_on")).lte(last))
}

impl Reader<'_> {
    /// How many attended trainings of a domain, for each course; `None` where no training of the
    /// domain was submitted for the region and the days of the course.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn attended(
        &self,
        scope: &Scope,
        region: &RegionCode,
        domain: &str,
        courses: &[TrainingGroup],
    ) -> Result<Vec<Option<Attended>>, HubError> {
        let zones = scope.zones(Use::Aggregate, INTERNAL);
        let Some((first, last)) = days(courses) else { return Ok(Vec::new()) };
        if zones.is_empty() {
            return Ok(vec![None; courses.len()]);
        }
        let family = scope.family();
        let mut select = Query::select();
        for course in courses {
            let sql = course.sql();
            select.expr(Expr::cust(sql!([training_record] "COUNT(DISTINCT CASE WHEN {sql} THEN COALESCE(person_key, ref) END)")));
            select.expr(Expr::cust(format!("COUNT(CASE WHEN {sql} THEN 1 END)")));
            select.expr(Expr::cust(
                sql!([training_record] "COUNT(CASE WHEN {sql} AND person_key IS NULL THEN 1 END)"),
            ));
            let unposted = course.unposted_sql();
            select.expr(Expr::cust(format!("COUNT(CASE WHEN {unposted} THEN 1 END)")));
            let days = course.days_sql();
            select.expr(Expr::cust(format!("COUNT(CASE WHEN {days} THEN 1 END)")));
        }
        of_domain(&mut select, (family, &zones), region, domain, (first, last));
        let Some(row) = self.database.one(built(self.database.backend(), &select)).await? else {
            return Ok(vec![None; courses.len()]);
        };
        let one = |index: usize| -> Result<Option<Attended>, HubError> {
            let held: i64 = row.try_get_by_index(index * 5 + 4)?;
            let attended = Attended {
                persons: row.try_get_by_index(index * 5)?,
                times: row.try_get_by_index(index * 5 + 1)?,
                unnumbered: row.try_get_by_index(index * 5 + 2)?,
                unposted: row.try_get_by_index(index * 5 + 3)?,
            };
            Ok((held > 0).then_some(attended))
        };
        (0..courses.len()).map(one).collect()
    }

    /// The regions with any training of a domain, for the days of each course.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn trained_in(
        &self,
        scope: &Scope,
        region: &RegionCode,
        domain: &str,
        courses: &[TrainingGroup],
    ) -> Result<Vec<BTreeSet<String>>, HubError> {
        let zones = scope.zones(Use::Aggregate, INTERNAL);
        let mut found = vec![BTreeSet::new(); courses.len()];
        let Some((first, last)) = days(courses).filter(|_| !zones.is_empty()) else {
            return Ok(found);
        };
        let family = scope.family();
        let of = || column(family.table, family.region_column());
        let mut select = Query::select();
        select.expr(of());
        for course in courses {
            let days = course.days_sql();
            select.expr(Expr::cust(format!("COUNT(CASE WHEN {days} THEN 1 END)")));
        }
        of_domain(&mut select, (family, &zones), region, domain, (first, last))
            .add_group_by([of()]);
        for row in self.database.all(built(self.database.backend(), &select)).await? {
            let region: String = row.try_get_by_index(0)?;
            for (index, own) in found.iter_mut().enumerate() {
                if row.try_get_by_index::<i64>(index + 1)? > 0 {
                    own.insert(region.clone());
                }
            }
        }
        Ok(found)
    }
}
