//! Building blocks of the SQL that finds leads, the same for both databases.
//!
//! A statement gives one row for each record of a lead, in the columns of [`COLUMNS`]. The row of
//! the record that the lead is about also says where and when it lies; rows with the same
//! `identity` are one lead. All values written into a statement are made by the hub: region codes,
//! days and words of its own.

use chrono::{Months, NaiveDate, TimeDelta};
use entity::{sql, work_injury};
use sea_orm::DbBackend;

pub(super) use crate::store::records::names::plain;
use crate::{
    authz::matching::MatchingPermit,
    domain::department::Department,
    store::{meeting::figures::CountedPosts, sql::condition::successor},
};

/// The day of the decision on a work injury `w`, or else of what went before it: the day and the year
/// that are told of a disease. Without any of them the diagnosis gives the year.
pub(super) const DECISION_DAY: &str = sql!(
    [w: work_injury]
    "COALESCE(w.decided_at, w.accepted_at, w.applied_at, w.diagnosed_at)"
);

/// The day of a work injury `w`: that of the accident or, of a disease, that of the diagnosis, which
/// is sensitive: it is compared with that of a case and told nobody.
pub(super) const INJURY_DAY: &str = sql!([w: work_injury] "COALESCE(w.injured_at, w.diagnosed_at)");

/// Columns of every statement, in order.
pub(super) const COLUMNS: [&str; 13] = [
    "identity",
    "region_code",
    "uscc",
    "employer",
    "day",
    "year",
    "reasons",
    "role",
    "family",
    "id",
    "department",
    "record_region",
    "record_reasons",
];

/// What a statement is built for.
#[derive(Clone, Debug)]
pub struct StatementUse<'a> {
    /// The right to compare the departments' records.
    pub matching: &'a MatchingPermit,
    /// Database whose dialect of SQL the statement is written in.
    pub(super) backend: DbBackend,
    /// The current date in China.
    pub today: NaiveDate,
    /// Days that have to pass before a difference becomes a lead.
    pub wait: u32,
    /// Days by which two dates of the same event may differ.
    pub near: u32,
    /// The key posts that plans name, the nearest plan first. Elsewhere every key post counts.
    pub posts: &'a [PostsOfPlan],
}

/// Key posts whose holders have to be trained in a region, up to the end of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostsOfPlan {
    /// Significant part of the code of the region, such as `1406`.
    pub prefix: String,
    /// Last year for which the posts hold; `None` means from then on.
    pub until: Option<i32>,
    /// The posts.
    pub posts: CountedPosts,
}

impl StatementUse<'_> {
    /// Condition: the record lies in the region.
    pub(super) fn inside(&self, alias: &str) -> String {
        let prefix = self.matching.region().prefix();
        match successor(prefix) {
            Some(end) if prefix.len() < 6 => {
                format!("{alias}.region_code >= '{prefix}' AND {alias}.region_code < '{end}'")
            }
            _ => format!("{alias}.region_code = '{prefix}'"),
        }
    }

    /// Condition: an employment is one of the key posts named for a region and day.
    pub(super) fn key_post(&self, employment: &str, region: &str, day: &str) -> String {
        let any = CountedPosts::default().sql(employment);
        let named: String = self
            .posts
            .iter()
            .map(|own| {
                let prefix = &own.prefix;
                let end = successor(prefix).unwrap_or_default();
                let until = own
                    .until
                    .map_or_else(String::new, |last| format!(" AND {} <= {last}", self.year(day)));
                format!(
                    "WHEN {region} >= '{prefix}' AND {region} < '{end}'{until} THEN {} ",
                    own.posts.sql(employment)
                )
            })
            .collect();
        if named.is_empty() { any } else { format!("(CASE {named}ELSE {any} END)") }
    }

    /// The calendar day in China of an instant.
    pub(super) fn day(&self, instant: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("({instant} AT TIME ZONE 'Asia/Shanghai')::date"),
            _ => format!("date({instant}, '+8 hours')"),
        }
    }

    /// The year of a day.
    pub(super) fn year(&self, day: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("CAST(EXTRACT(YEAR FROM {day}) AS integer)"),
            _ => format!("CAST(strftime('%Y', {day}) AS integer)"),
        }
    }

    /// The last day whose waiting period is over.
    pub(super) fn waited(&self) -> String {
        // The day itself is not counted: a term of 30 days from 1 March ends with 31 March.
        self.literal(self.before(i64::from(self.wait) + 1))
    }

    /// The day one year ago.
    pub(super) fn year_ago(&self) -> String {
        self.literal(self.today.checked_sub_months(Months::new(12)).unwrap_or(self.today))
    }

    fn before(&self, days: i64) -> NaiveDate {
        self.today.checked_sub_signed(TimeDelta::days(days)).unwrap_or(self.today)
    }

    fn literal(&self, day: NaiveDate) -> String {
        match self.backend {
            DbBackend::Postgres => format!("DATE '{day}'"),
            _ => format!("'{day}'"),
        }
    }

    /// Condition: two days are near each other.
    pub(super) fn near(&self, one: &str, other: &str) -> String {
        let days = self.near;
        match self.backend {
            DbBackend::Postgres => format!("{one} BETWEEN {other} - {days} AND {other} + {days}"),
            _ => format!(
                "{one} BETWEEN date({other}, '-{days} days') AND date({other}, '+{days} days')"
            ),
        }
    }

    /// A day shifted by a number of days; a negative number goes back.
    pub(super) fn shifted(&self, day: &str, days: i64) -> String {
        match self.backend {
            DbBackend::Postgres => format!("({day} + ({days}))"),
            _ => format!("date({day}, '{days} days')"),
        }
    }

    /// Condition: a list of codes stored as JSON contains a code.
    pub(super) fn lists(&self, list: &str, code: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("strpos({list}, '\"' || {code} || '\"') > 0"),
            _ => format!("instr({list}, '\"' || {code} || '\"') > 0"),
        }
    }

    /// An identifier as text, the same on both databases.
    pub(super) fn id(&self, column: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("replace(CAST({column} AS text), '-', '')"),
            _ => format!("lower(hex({column}))"),
        }
    }
}

/// Condition: two names differ; an empty name differs from NULL. Most names are equal byte by byte,
/// which is checked first.
pub(super) fn differ(one: &str, other: &str) -> String {
    format!("COALESCE({one} <> {other} AND {} <> {}, 1 = 0)", plain(one), plain(other))
}

/// Condition: neither withdrawn nor, for an accident, written off.
pub(super) fn stands(alias: &str) -> String {
    format!(
        "{alias}.withdrawn_at IS NULL AND ({alias}.stat_status IS NULL OR {alias}.stat_status <> 'WRITTEN_OFF')"
    )
}

/// Condition: the victim is or may be an employee; outsiders are not, and whoever has no form of
/// employment recorded may be one.
pub(super) fn works(alias: &str) -> String {
    format!(
        "{alias}.withdrawn_at IS NULL AND ({alias}.employment_form IS NULL OR {alias}.employment_form <> 'EXTERNAL')"
    )
}

/// Name of an employer by its key, preferring the record of 人社.
pub(super) fn employer(key: &str) -> String {
    format!(
        "(SELECT e.name FROM employers e WHERE e.employer_key = {key} AND e.withdrawn_at IS NULL \
         ORDER BY CASE e.department WHEN '{}' THEN 0 ELSE 1 END, e.id LIMIT 1)",
        Department::HRSS
    )
}

/// Rows of the records that leads are about, from the table `subject`: `identity`, `id`,
/// `department`, `region_code`, `uscc`, `employer`, `day`, `year`. `reasons` is an expression.
pub(super) fn subjects(family: &str, reasons: &str) -> String {
    format!(
        "SELECT identity, region_code, uscc, employer, CAST(day AS text) AS day, year, {reasons} AS reasons, 'SUBJECT' AS role, \
         '{family}' AS family, id, department, region_code AS record_region, '' AS record_reasons FROM subject"
    )
}

/// Rows of the other records of the same leads: source, alias of the record, its role, its family,
/// and what matches.
pub(super) fn others(from: &str, alias: &str, role: &str, family: &str, reasons: &str) -> String {
    format!(
        "SELECT s.identity, NULL, NULL, NULL, NULL, NULL, NULL, '{role}', '{family}', {alias}.id, {alias}.department, \
         {alias}.region_code, {reasons} FROM subject s {from}"
    )
}

/// The complete statement.
pub(super) fn statement(subject: &str, rows: &[String]) -> String {
    format!("WITH subject AS ({subject}) {}", rows.join(" UNION ALL "))
}
