//! Confirmed diseases without an application for recognition, and those whose year is nearly over.
//!
//! The day shown is that of the report: the day of diagnosis is a sensitive field.

use entity::{occupational_disease_case, person, sql, work_injury};

use super::same::case_in_injuries;
use crate::store::meeting::leads::sql::{
    INJURY_DAY, StatementUse, others, plain, statement, subjects,
};

/// First diagnoses older than the waiting time without an application.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    without_application(
        look,
        &sql!(
        [c: occupational_disease_case]
        "c.diagnosed_at <= {}", look.waited()),
        "NO_APPLICATION",
    )
}

/// First diagnoses without an application, of which the year ends within the days that the waiting
/// time leaves of it.
pub(super) fn year_ending(look: &StatementUse<'_>) -> String {
    let when = sql!(
        [c: occupational_disease_case]
        "c.diagnosed_at <= {} AND c.diagnosed_at >= {}", look.waited(), look.year_ago());
    without_application(look, &when, "NO_APPLICATION,YEAR_ENDING")
}

/// Likely injuries are a disease injury of the same person at another time that names no other
/// case, an application of the person near that day whose article is not known yet, and for cases
/// without number a disease injury of the same name at the same employer near that day.
fn without_application(look: &StatementUse<'_>, when: &str, why: &str) -> String {
    let [by_case, by_person] = case_in_injuries(look, "");
    let subject = sql!(
        [c: occupational_disease_case]
        "SELECT {identity} AS identity, c.id, c.department, c.region_code, c.employer_uscc AS uscc, c.employer_name AS employer, \
         c.reported_at AS day, {year} AS year, {name} AS name, c.person_key, c.employer_key, c.birth_date, c.diagnosed_at, \
         CASE WHEN c.person_key IS NULL THEN '{why},NO_IDENTITY' ELSE '{why}' END AS why \
         FROM occupational_disease_cases c WHERE {inside} AND c.withdrawn_at IS NULL AND c.report_nature = 'FIRST' AND {when} \
         AND NOT {by_case} AND NOT {by_person}",
        identity = look.id(sql!([c: occupational_disease_case] "c.id")),
        year = look.year(sql!([c: occupational_disease_case] "c.diagnosed_at")),
        name = plain(sql!([c: occupational_disease_case] "c.name")),
        inside = look.inside("c"),
    );
    let name = plain(sql!([w: work_injury] "w.name"));
    let near = look.near(INJURY_DAY, "s.diagnosed_at");
    let free = sql!(
        [o: occupational_disease_case, w: work_injury]
        "w.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM occupational_disease_cases o WHERE o.number_ref = w.disease_case_ref \
                AND o.withdrawn_at IS NULL)");
    let born = sql!(
        [p: person, s: _, w: work_injury]
        "CASE WHEN EXISTS (SELECT 1 FROM persons p WHERE p.person_key = w.person_key AND p.birth_date = s.birth_date \
                AND p.withdrawn_at IS NULL) THEN ',SAME_BIRTH_DATE' ELSE '' END");
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
            subjects(occupational_disease_case::names::FAMILY, "why"),
            likely(
                sql!([s: _, w: work_injury] "w.person_key = s.person_key AND w.article = 'ART14_4'"),
                "'SAME_IDENTITY'",
            ),
            likely(
                &sql!([s: _, w: work_injury] "w.person_key = s.person_key AND w.article IS NULL AND {near}"),
                "'SAME_IDENTITY,NEAR_DATE'",
            ),
            likely(
                &sql!(
                    [s: _, w: work_injury]
                    "s.person_key IS NULL AND w.employer_key = s.employer_key AND {name} = s.name AND w.article = 'ART14_4' AND {near}"
                ),
                &format!("'SAME_NAME,SAME_EMPLOYER,NEAR_DATE' || {born}"),
            ),
        ],
    )
}
