//! Accidents with casualties of which the union, or 人社, was not told.

use crate::store::leads::sql::{Look, stands, statement, subjects};

/// Accidents of which the notice in that column is not recorded. Slight injuries alone make none.
pub(super) fn sql(look: &Look<'_>, notice: &str) -> String {
    let day = look.day("a.occurred_at");
    let subject = format!(
        "SELECT {identity} AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year FROM accidents a WHERE {inside} AND {stands} AND a.{notice} IS NULL \
         AND a.deaths + a.missing + a.serious_injuries + a.acute_poisonings > 0 AND {day} <= {waited}",
        identity = look.id("a.id"),
        year = look.year(&day),
        inside = look.inside("a"),
        stands = stands("a"),
        waited = look.waited(),
    );
    statement(&subject, &[subjects("Accident", "'NO_NOTICE'")])
}
