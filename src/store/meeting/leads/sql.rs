//! Words of SQL that the search for leads is written in, the same for both databases.
//!
//! A statement gives one row for each record of a lead, in the columns of [`COLUMNS`]. The row of
//! the record that the lead is about also says where and when it lies; rows with the same
//! `identity` are one lead. All values written into a statement are made by the hub: region codes,
//! days and words of its own.

use chrono::{Months, NaiveDate, TimeDelta};
use sea_orm::DbBackend;

pub(super) use crate::store::records::names::plain;
use crate::{
    authz::matching::MatchingPermit, domain::department::Department,
    store::sql::condition::successor,
};

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

/// What a statement is made for.
#[derive(Clone, Debug)]
pub struct StatementUse<'a> {
    /// The right to compare.
    pub matching: &'a MatchingPermit,
    /// Database.
    pub(super) backend: DbBackend,
    /// The day it is.
    pub today: NaiveDate,
    /// Days that must have passed before a difference is a lead.
    pub wait: u32,
    /// How many days two dates of one event may lie apart.
    pub near: u32,
}

impl StatementUse<'_> {
    /// The record lies in the region.
    pub(super) fn inside(&self, alias: &str) -> String {
        let prefix = self.matching.region().prefix();
        match successor(prefix) {
            Some(end) if prefix.len() < 6 => {
                format!("{alias}.region_code >= '{prefix}' AND {alias}.region_code < '{end}'")
            }
            _ => format!("{alias}.region_code = '{prefix}'"),
        }
    }

    /// The day in China of an instant.
    pub(super) fn day(&self, instant: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("({instant} AT TIME ZONE 'Asia/Shanghai')::date"),
            _ => format!("date({instant}, '+8 hours')"),
        }
    }

    /// Year of a day.
    pub(super) fn year(&self, day: &str) -> String {
        match self.backend {
            DbBackend::Postgres => format!("CAST(EXTRACT(YEAR FROM {day}) AS integer)"),
            _ => format!("CAST(strftime('%Y', {day}) AS integer)"),
        }
    }

    /// The last day of which the waiting time is over.
    pub(super) fn waited(&self) -> String {
        // The day itself is not counted: a term of 30 days from 1 March ends with 31 March.
        self.literal(self.before(i64::from(self.wait) + 1))
    }

    /// The day a year ago.
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

    /// Two days lie near each other.
    pub(super) fn near(&self, one: &str, other: &str) -> String {
        let days = self.near;
        match self.backend {
            DbBackend::Postgres => format!("{one} BETWEEN {other} - {days} AND {other} + {days}"),
            _ => format!(
                "{one} BETWEEN date({other}, '-{days} days') AND date({other}, '+{days} days')"
            ),
        }
    }

    /// A day so many days after another; before it where the number is negative.
    pub(super) fn shifted(&self, day: &str, days: i64) -> String {
        match self.backend {
            DbBackend::Postgres => format!("({day} + ({days}))"),
            _ => format!("date({day}, '{days} days')"),
        }
    }

    /// A list of codes, which is kept as JSON, holds a code.
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

/// Whether two names are not the same; what is empty differs from nothing. Most are written alike,
/// and then that is all.
pub(super) fn differ(one: &str, other: &str) -> String {
    format!("COALESCE({one} <> {other} AND {} <> {}, 1 = 0)", plain(one), plain(other))
}

/// Neither withdrawn nor, if it is an accident, written off.
pub(super) fn stands(alias: &str) -> String {
    format!(
        "{alias}.withdrawn_at IS NULL AND ({alias}.stat_status IS NULL OR {alias}.stat_status <> 'WRITTEN_OFF')"
    )
}

/// A victim who works for somebody: persons from outside are no employees.
pub(super) fn works(alias: &str) -> String {
    format!(
        "{alias}.withdrawn_at IS NULL AND ({alias}.employment_form IS NULL OR {alias}.employment_form <> 'EXTERNAL')"
    )
}

/// Name of an employer by its key; 人社's own if it has one.
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

/// Rows of other records of the same leads: where from, with the alias of the record, its role,
/// family and what agrees.
pub(super) fn others(from: &str, alias: &str, role: &str, family: &str, reasons: &str) -> String {
    format!(
        "SELECT s.identity, NULL, NULL, NULL, NULL, NULL, NULL, '{role}', '{family}', {alias}.id, {alias}.department, \
         {alias}.region_code, {reasons} FROM subject s {from}"
    )
}

/// A whole statement.
pub(super) fn statement(subject: &str, rows: &[String]) -> String {
    format!("WITH subject AS ({subject}) {}", rows.join(" UNION ALL "))
}
