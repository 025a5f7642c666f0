//! Victims without identity number, with the records they may belong to.

use crate::store::leads::sql::{Look, others, plain, stands, statement, subjects, works};

/// Likely are injuries of the same name in the same accident, or at the same employer near that day; persons of the same name
/// at the same employer, and those whom such an injury of the same accident names by number.
pub(super) fn sql(look: &Look<'_>) -> String {
    let day = look.day("a.occurred_at");
    let subject = format!(
        "SELECT {identity} AS identity, v.id, v.department, v.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year, {name} AS name, v.sex, a.number_ref AS accident_ref, a.employer_key, a.id AS accident \
         FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
         WHERE {inside} AND v.person_key IS NULL AND {works} AND {stands} AND {day} <= {waited}",
        identity = look.id("v.id"),
        year = look.year(&day),
        name = plain("v.name"),
        inside = look.inside("v"),
        works = works("v"),
        stands = stands("a"),
        waited = look.waited(),
    );
    let (injured, person) = (plain("w.name"), plain("p.name"));
    let near = look.near("w.injured_at", "s.day");
    let sex = "CASE WHEN p.sex = s.sex THEN ',SAME_SEX' ELSE '' END";
    let in_accident = format!("w.accident_ref = s.accident_ref AND {injured} = s.name AND w.withdrawn_at IS NULL");
    statement(
        &subject,
        &[
            subjects("AccidentVictim", "'NO_IDENTITY'"),
            others("JOIN accidents a ON a.id = s.accident", "a", "CONTEXT", "Accident", "''"),
            others(&format!("JOIN work_injuries w ON {in_accident}"), "w", "CANDIDATE", "WorkInjury", "'SAME_NAME,SAME_ACCIDENT'"),
            others(
                &format!(
                    "JOIN work_injuries w ON w.employer_key = s.employer_key AND {injured} = s.name AND {near} \
                     AND (w.accident_ref IS NULL OR w.accident_ref <> s.accident_ref) AND w.withdrawn_at IS NULL"
                ),
                "w",
                "CANDIDATE",
                "WorkInjury",
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
            others(
                &format!("JOIN persons p ON p.employer_key = s.employer_key AND {person} = s.name AND p.withdrawn_at IS NULL"),
                "p",
                "CANDIDATE",
                "Person",
                &format!("'SAME_NAME,SAME_EMPLOYER' || {sex}"),
            ),
            others(
                &format!(
                    "JOIN work_injuries w ON {in_accident} JOIN persons p ON p.person_key = w.person_key AND {person} = s.name \
                     AND p.withdrawn_at IS NULL AND (p.employer_key IS NULL OR s.employer_key IS NULL OR p.employer_key <> s.employer_key)"
                ),
                "p",
                "CANDIDATE",
                "Person",
                &format!("'SAME_NAME,SAME_ACCIDENT' || {sex}"),
            ),
        ],
    )
}
