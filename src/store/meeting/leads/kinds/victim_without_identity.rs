//! Victims without identity number, with the records they may belong to.

use entity::{accident, accident_victim, person, sql, work_injury};

use crate::store::meeting::leads::sql::{
    StatementUse, others, plain, stands, statement, subjects, works,
};

/// Likely are injuries of the same name in the same accident, or at the same employer near that
/// day; persons of the same name at the same employer, and those whom such an injury of the same
/// accident names by number.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let subject = sql!(
        [a: accident, v: accident_victim]
        "SELECT {identity} AS identity, v.id, v.department, v.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year, {name} AS name, v.sex, a.number_ref AS accident_ref, a.employer_key, a.id AS accident \
         FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
         WHERE {inside} AND v.person_key IS NULL AND {works} AND {stands} AND {day} <= {waited}",
        identity = look.id(sql!([v: accident_victim] "v.id")),
        year = look.year(&day),
        name = plain(sql!([v: accident_victim] "v.name")),
        inside = look.inside("v"),
        works = works("v"),
        stands = stands("a"),
        waited = look.waited(),
    );
    let (injured, person) =
        (plain(sql!([w: work_injury] "w.name")), plain(sql!([p: person] "p.name")));
    let near = look.near(sql!([w: work_injury] "w.injured_at"), "s.day");
    let sex = sql!([p: person, s: _] "CASE WHEN p.sex = s.sex THEN ',SAME_SEX' ELSE '' END");
    let in_accident = sql!(
            [s: _, w: work_injury]
            "w.accident_ref = s.accident_ref AND {injured} = s.name AND w.withdrawn_at IS NULL");
    statement(
        &subject,
        &[
            subjects(accident_victim::names::FAMILY, "'NO_IDENTITY'"),
            others(
                sql!([a: accident, s: _] "JOIN accidents a ON a.id = s.accident"),
                "a",
                "CONTEXT",
                accident::names::FAMILY,
                "''",
            ),
            others(
                &format!("JOIN work_injuries w ON {in_accident}"),
                "w",
                "CANDIDATE",
                work_injury::names::FAMILY,
                "'SAME_NAME,SAME_ACCIDENT'",
            ),
            others(
                &sql!(
                    [s: _, w: work_injury]
                    "JOIN work_injuries w ON w.employer_key = s.employer_key AND {injured} = s.name AND {near} \
                     AND (w.accident_ref IS NULL OR w.accident_ref <> s.accident_ref) AND w.withdrawn_at IS NULL"
                ),
                "w",
                "CANDIDATE",
                work_injury::names::FAMILY,
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
            others(
                &sql!(
                    [p: person, s: _]
                    "JOIN persons p ON p.employer_key = s.employer_key AND {person} = s.name AND p.withdrawn_at IS NULL"),
                "p",
                "CANDIDATE",
                person::names::FAMILY,
                &format!("'SAME_NAME,SAME_EMPLOYER' || {sex}"),
            ),
            others(
                &sql!(
                    [p: person, s: _, w: work_injury]
                    "JOIN work_injuries w ON {in_accident} JOIN persons p ON p.person_key = w.person_key AND {person} = s.name \
                     AND p.withdrawn_at IS NULL AND (p.employer_key IS NULL OR s.employer_key IS NULL OR p.employer_key <> s.employer_key)"
                ),
                "p",
                "CANDIDATE",
                person::names::FAMILY,
                &format!("'SAME_NAME,SAME_ACCIDENT' || {sex}"),
            ),
        ],
    )
}
