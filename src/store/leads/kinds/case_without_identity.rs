//! Disease cases without identity number, with the persons they may belong to.

use crate::store::leads::sql::{Look, others, plain, statement, subjects};

/// Likely are persons of the same name and birth date at the same employer, and disease injuries of the same name at the same
/// employer near the day of diagnosis that do not name the case: one that does is linked already.
pub(super) fn sql(look: &Look<'_>) -> String {
    let subject = format!(
        "SELECT {identity} AS identity, c.id, c.department, c.region_code, c.employer_uscc AS uscc, c.employer_name AS employer, \
         c.reported_at AS day, {year} AS year, {name} AS name, c.number_ref AS ref, c.birth_date, c.sex, c.employer_key, c.diagnosed_at \
         FROM occupational_disease_cases c \
         WHERE {inside} AND c.withdrawn_at IS NULL AND c.person_key IS NULL AND c.diagnosed_at <= {waited}",
        identity = look.id("c.id"),
        year = look.year("c.diagnosed_at"),
        name = plain("c.name"),
        inside = look.inside("c"),
        waited = look.waited(),
    );
    let (person, injured) = (plain("p.name"), plain("w.name"));
    let near = look.near("w.injured_at", "s.diagnosed_at");
    let sex = "CASE WHEN p.sex = s.sex THEN ',SAME_SEX' ELSE '' END";
    statement(
        &subject,
        &[
            subjects("OccupationalDiseaseCase", "'NO_IDENTITY'"),
            others(
                &format!(
                    "JOIN persons p ON p.employer_key = s.employer_key AND {person} = s.name AND p.birth_date = s.birth_date \
                     AND p.withdrawn_at IS NULL"
                ),
                "p",
                "CANDIDATE",
                "Person",
                &format!("'SAME_NAME,SAME_BIRTH_DATE,SAME_EMPLOYER' || {sex}"),
            ),
            others(
                &format!(
                    "JOIN work_injuries w ON w.employer_key = s.employer_key AND {injured} = s.name AND w.article = 'ART14_4' AND {near} \
                     AND (w.disease_case_ref IS NULL OR w.disease_case_ref <> s.ref) AND w.withdrawn_at IS NULL"
                ),
                "w",
                "CANDIDATE",
                "WorkInjury",
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
        ],
    )
}
