//! Accidents with casualties of which the union, or 人社, was not told.

use entity::{accident, sql};
use sea_orm::IdenStatic as _;

use crate::store::meeting::leads::sql::{StatementUse, stands, statement, subjects};

/// Accidents of which the notice in that column is not recorded. Slight injuries alone make none.
pub(super) fn sql(look: &StatementUse<'_>, notice: accident::Column) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let subject = sql!(
        [a: accident]
        "SELECT {identity} AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year FROM accidents a WHERE {inside} AND {stands} AND a.{notice} IS NULL \
         AND a.deaths + a.missing + a.serious_injuries + a.acute_poisonings > 0 AND {day} <= {waited}",
        identity = look.id(sql!([a: accident] "a.id")),
        year = look.year(&day),
        inside = look.inside("a"),
        stands = stands("a"),
        waited = look.waited(),
        notice = notice.as_str(),
    );
    statement(&subject, &[subjects(accident::names::FAMILY, "'NO_NOTICE'")])
}
