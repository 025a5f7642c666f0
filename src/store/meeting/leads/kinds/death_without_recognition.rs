//! Accident deaths without an application for recognition.

use entity::{accident, accident_victim, employment, sql, work_injury};

use super::same::victim_in_injuries;
use crate::store::meeting::leads::sql::{
    StatementUse, others, plain, stands, statement, subjects, works,
};

/// Workers who died, with no injury of theirs near that day. A likely injury has the same name, and
/// the accident, the employer and the day, or the identity number under another name; one that is
/// another victim's for certain is none. A victim without a form of employment who was never
/// insured may have been no worker.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let [by_accident, by_person] = victim_in_injuries(look, "");
    let subject = sql!(
        [a: accident, v: accident_victim, e: employment]
        "SELECT {identity} AS identity, v.id, v.department, v.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year, {name} AS name, v.person_key, a.number_ref AS accident_ref, a.employer_key, a.id AS accident, \
         'NO_APPLICATION' || CASE WHEN v.person_key IS NULL THEN ',NO_IDENTITY' ELSE '' END \
         || CASE WHEN v.employment_form IS NULL AND v.person_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM employments e \
         WHERE e.person_key = v.person_key AND e.withdrawn_at IS NULL) THEN ',EMPLOYMENT_FORM_UNKNOWN' ELSE '' END AS why \
         FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref \
         WHERE {inside} AND v.injury_degree = 'DEATH' AND {works} AND {stands} AND {day} <= {waited} \
         AND NOT {by_accident} AND NOT {by_person}",
        identity = look.id(sql!([v: accident_victim] "v.id")),
        year = look.year(&day),
        name = plain(sql!([v: accident_victim] "v.name")),
        inside = look.inside("v"),
        works = works("v"),
        stands = stands("a"),
        waited = look.waited(),
    );
    let name = plain(sql!([w: work_injury] "w.name"));
    let near = look.near(sql!([w: work_injury] "w.injured_at"), "s.day");
    let free = sql!(
        [o: accident_victim, s: _, w: work_injury]
        "w.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM accident_victims o WHERE o.injury_key = w.injury_key \
                AND o.withdrawn_at IS NULL AND o.id <> s.id)");
    let likely = |on: &str, reasons: &str| {
        others(
            &format!("JOIN work_injuries w ON {on} WHERE {free}"),
            "w",
            "CANDIDATE",
            work_injury::names::FAMILY,
            reasons,
        )
    };
    statement(
        &subject,
        &[
            subjects(accident_victim::names::FAMILY, "why"),
            others(
                sql!([a: accident, s: _] "JOIN accidents a ON a.id = s.accident"),
                "a",
                "CONTEXT",
                accident::names::FAMILY,
                "''",
            ),
            likely(
                &sql!([s: _, w: work_injury] "w.accident_ref = s.accident_ref AND {name} = s.name"),
                "'SAME_NAME,SAME_ACCIDENT'",
            ),
            likely(
                &sql!(
                    [s: _, w: work_injury]
                    "w.employer_key = s.employer_key AND {name} = s.name AND {near} \
                     AND (w.accident_ref IS NULL OR w.accident_ref <> s.accident_ref)"
                ),
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
            likely(
                &sql!([s: _, w: work_injury] "w.person_key = s.person_key AND {name} <> s.name AND {near}"),
                "'SAME_IDENTITY,NEAR_DATE'",
            ),
        ],
    )
}
