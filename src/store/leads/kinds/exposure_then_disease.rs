//! Measurements above the limit at employers where a disease by the same factor followed.

use crate::store::leads::sql::{Look, others, statement, subjects};

/// One lead for each employer, region and factor: the measurements, and the first diagnoses that came after one of them.
pub(super) fn sql(look: &Look<'_>) -> String {
    let followed = |employer: &str, factor: &str, sampled: &str| {
        format!(
            "c.employer_key = {employer} AND c.withdrawn_at IS NULL AND c.report_nature = 'FIRST' AND c.diagnosed_at >= {sampled} \
             AND {named}",
            named = look.lists("c.hazard_factors", factor),
        )
    };
    let subject = format!(
        "SELECT m.region_code || '|' || m.employer_key || '|' || m.factor AS identity, m.id, m.department, m.region_code, \
         m.employer_uscc AS uscc, m.employer_name AS employer, m.sampled_at AS day, {year} AS year, m.employer_key, m.factor \
         FROM exposure_measurements m WHERE {inside} AND m.withdrawn_at IS NULL AND m.exceeded IS TRUE \
         AND m.employer_key IS NOT NULL AND m.sampled_at <= {waited} \
         AND EXISTS (SELECT 1 FROM occupational_disease_cases c WHERE {followed})",
        year = look.year("m.sampled_at"),
        inside = look.inside("m"),
        waited = look.waited(),
        followed = followed("m.employer_key", "m.factor", "m.sampled_at"),
    );
    let cases = format!("JOIN occupational_disease_cases c ON {}", followed("s.employer_key", "s.factor", "s.day"));
    statement(
        &subject,
        &[
            subjects("ExposureMeasurement", "'OVER_LIMIT'"),
            others(&cases, "c", "OTHER", "OccupationalDiseaseCase", "'SAME_EMPLOYER,SAME_FACTOR'"),
        ],
    )
}
