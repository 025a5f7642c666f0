//! Measurements above the limit at employers where a disease by the same factor followed.

use entity::{exposure_measurement, occupational_disease_case, sql};

use crate::store::meeting::leads::sql::{StatementUse, others, statement, subjects};

/// One lead for each employer, region and factor: the measurements, and the first diagnoses that
/// came after one of them.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let followed = |employer: &str, factor: &str, sampled: &str| {
        sql!(
            [c: occupational_disease_case]
            "c.employer_key = {employer} AND c.withdrawn_at IS NULL AND c.report_nature = 'FIRST' AND c.diagnosed_at >= {sampled} \
             AND {named}",
            named = look.lists(sql!([c: occupational_disease_case] "c.hazard_factors"), factor),
        )
    };
    let subject = sql!(
        [m: exposure_measurement]
        "SELECT m.region_code || '|' || m.employer_key || '|' || m.factor AS identity, m.id, m.department, m.region_code, \
         m.employer_uscc AS uscc, m.employer_name AS employer, m.sampled_at AS day, {year} AS year, m.employer_key, m.factor \
         FROM exposure_measurements m WHERE {inside} AND m.withdrawn_at IS NULL AND m.exceeded IS TRUE \
         AND m.employer_key IS NOT NULL AND m.sampled_at <= {waited} \
         AND EXISTS (SELECT 1 FROM occupational_disease_cases c WHERE {followed})",
        year = look.year(sql!([m: exposure_measurement] "m.sampled_at")),
        inside = look.inside("m"),
        waited = look.waited(),
        followed = followed(sql!([m: exposure_measurement] "m.employer_key"), sql!([m: exposure_measurement] "m.factor"), sql!([m: exposure_measurement] "m.sampled_at")),
    );
    let cases = format!(
        "JOIN occupational_disease_cases c ON {}",
        followed("s.employer_key", "s.factor", "s.day")
    );
    statement(
        &subject,
        &[
            subjects(exposure_measurement::names::FAMILY, "'OVER_LIMIT'"),
            others(
                &cases,
                "c",
                "OTHER",
                occupational_disease_case::names::FAMILY,
                "'SAME_EMPLOYER,SAME_FACTOR'",
            ),
        ],
    )
}
