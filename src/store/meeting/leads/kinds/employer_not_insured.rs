//! Employers of accidents that are not among the insured.

use entity::{accident, employer, insured_unit_year, sql};

use crate::{
    domain::department::Department,
    store::meeting::leads::sql::{StatementUse, others, plain, stands, statement, subjects},
};

/// One lead for each employer and region, with all its accidents. Without a credit code nothing is
/// certain: an insured employer of the same name is likely the same one.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let subject = sql!(
        [a: accident, e: employer, u: insured_unit_year]
        "SELECT a.region_code || '|' || a.employer_key AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, \
         a.employer_name AS employer, {day} AS day, {year} AS year, {plain} AS plain, \
         CASE WHEN a.employer_uscc IS NULL THEN 'NOT_INSURED,NO_CREDIT_CODE' ELSE 'NOT_INSURED' END AS why \
         FROM accidents a WHERE {inside} AND {stands} AND a.employer_key IS NOT NULL AND {day} <= {waited} \
         AND NOT EXISTS (SELECT 1 FROM employers e WHERE e.employer_key = a.employer_key AND e.department = '{insurer}' \
         AND e.withdrawn_at IS NULL) AND NOT EXISTS (SELECT 1 FROM insured_unit_years u WHERE u.employer_key = a.employer_key \
         AND u.withdrawn_at IS NULL)",
        year = look.year(&day),
        plain = plain(sql!([a: accident] "a.employer_name")),
        inside = look.inside("a"),
        stands = stands("a"),
        waited = look.waited(),
        insurer = Department::HRSS,
    );
    // Both sides are made plain once: names are looked up, and not every one compared with every
    // other.
    let named = sql!(
        [e: _, s: _, employer]
        "JOIN (SELECT id, department, region_code, {} AS plain FROM employers WHERE department = '{}' AND withdrawn_at IS NULL) e \
         ON e.plain = s.plain",
        plain("name"),
        Department::HRSS
    );
    statement(
        &subject,
        &[
            subjects(accident::names::FAMILY, "why"),
            others(&named, "e", "CANDIDATE", employer::names::FAMILY, "'SAME_EMPLOYER_NAME'"),
        ],
    )
}
