//! Recognised diseases that the health authority holds no report of.
//!
//! The day shown is that of the decision: the day of diagnosis is a sensitive field.

use entity::{occupational_disease_case, sql, work_injury};

use super::same::injury_in_cases;
use crate::store::meeting::leads::sql::{
    DECISION_DAY, INJURY_DAY, StatementUse, employer, others, plain, statement, subjects,
};

/// Injuries recognised as a disease without a report of the person near that day. Likely are
/// reports of the person at another time or under another name, and a report without number of the
/// same name at the same employer near that day.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let [by_case, by_person] = injury_in_cases(look, "");
    let subject = sql!(
        [w: work_injury]
        "SELECT {identity} AS identity, w.id, w.department, w.region_code, w.employer_uscc AS uscc, {employer} AS employer, \
         COALESCE(w.decided_at, w.accepted_at, w.applied_at) AS day, {INJURY_DAY} AS event_at, {year} AS year, {name} AS name, w.person_key, w.employer_key, \
         CASE WHEN w.person_key IS NULL THEN 'NO_REPORT,NO_IDENTITY' ELSE 'NO_REPORT' END AS why \
         FROM work_injuries w WHERE {inside} AND w.withdrawn_at IS NULL AND w.article = 'ART14_4' AND w.result = 'RECOGNIZED' \
         AND {DECISION_DAY} <= {waited} AND NOT {by_case} AND NOT {by_person}",
        identity = look.id(sql!([w: work_injury] "w.id")),
        employer = employer(sql!([w: work_injury] "w.employer_key")),
        year = look.year(DECISION_DAY),
        name = plain(sql!([w: work_injury] "w.name")),
        inside = look.inside("w"),
        waited = look.waited(),
    );
    let name = plain(sql!([c: occupational_disease_case] "c.name"));
    let near = look.near(sql!([c: occupational_disease_case] "c.diagnosed_at"), "s.event_at");
    let named = sql!([s: _] "CASE WHEN {name} = s.name THEN ',SAME_NAME' ELSE '' END");
    let likely = |on: &str, reasons: &str| {
        let from = sql!(
            [c: occupational_disease_case]
            "JOIN occupational_disease_cases c ON {on} WHERE c.withdrawn_at IS NULL");
        others(&from, "c", "CANDIDATE", occupational_disease_case::names::FAMILY, reasons)
    };
    statement(
        &subject,
        &[
            subjects(work_injury::names::FAMILY, "why"),
            likely(
                sql!([c: occupational_disease_case, s: _] "c.person_key = s.person_key"),
                &format!("'SAME_IDENTITY' || {named}"),
            ),
            likely(
                &sql!(
                    [c: occupational_disease_case, s: _]
                    "c.person_key IS NULL AND c.employer_key = s.employer_key AND {name} = s.name AND {near}"),
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
        ],
    )
}
