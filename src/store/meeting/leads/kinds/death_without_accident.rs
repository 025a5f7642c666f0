//! Recognised deaths by accident that no department holds an accident of.

use entity::{accident, accident_victim, sql, work_injury};

use super::{ACCIDENT_ARTICLES, same::injury_in_victims};
use crate::store::meeting::leads::sql::{
    StatementUse, employer, others, plain, statement, subjects,
};

/// Deaths recognised as accidents, without the accident they name and without an entry of the
/// person near that day. Likely are a victim of the same name at the same employer near that day,
/// one with the same number under another name, and an accident at the same employer near that day
/// with a death that is not listed.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let [by_accident, by_person] = injury_in_victims(look, "");
    let subject = sql!(
        [w: work_injury]
        "SELECT {identity} AS identity, w.id, w.department, w.region_code, w.employer_uscc AS uscc, {employer} AS employer, \
         w.injured_at AS day, {year} AS year, {name} AS name, w.person_key, w.employer_key, \
         CASE WHEN w.person_key IS NULL THEN 'NO_ACCIDENT,NO_IDENTITY' ELSE 'NO_ACCIDENT' END AS why \
         FROM work_injuries w WHERE {inside} AND w.withdrawn_at IS NULL AND w.fatal IS TRUE AND w.result = 'RECOGNIZED' \
         AND w.article IN {ACCIDENT_ARTICLES} AND w.injured_at <= {waited} AND NOT {by_accident} AND NOT {by_person}",
        identity = look.id(sql!([w: work_injury] "w.id")),
        employer = employer(sql!([w: work_injury] "w.employer_key")),
        year = look.year(sql!([w: work_injury] "w.injured_at")),
        name = plain(sql!([w: work_injury] "w.name")),
        inside = look.inside("w"),
        waited = look.waited(),
    );
    let name = plain(sql!([v: accident_victim] "v.name"));
    let near = look.near(&look.day(sql!([a: accident] "a.occurred_at")), "s.day");
    let at_employer = sql!(
            [a: accident, s: _]
            "JOIN accidents a ON a.employer_key = s.employer_key AND {near} AND a.withdrawn_at IS NULL");
    let unlisted = sql!(
        [a: accident, v: accident_victim]
        "(SELECT COUNT(*) FROM accident_victims v WHERE v.accident_ref = a.ref AND v.withdrawn_at IS NULL \
                    AND v.injury_degree IN ('DEATH', 'MISSING'))");
    statement(
        &subject,
        &[
            subjects(work_injury::names::FAMILY, "why"),
            others(
                &sql!(
                    [a: accident, s: _, v: accident_victim]
                    "{at_employer} JOIN accident_victims v ON v.accident_ref = a.ref AND {name} = s.name AND v.withdrawn_at IS NULL"
                ),
                "v",
                "CANDIDATE",
                accident_victim::names::FAMILY,
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
            others(
                &sql!(
                    [a: accident, s: _, v: accident_victim]
                    "JOIN accident_victims v ON v.person_key = s.person_key AND {name} <> s.name AND v.withdrawn_at IS NULL \
                     JOIN accidents a ON a.ref = v.accident_ref AND a.withdrawn_at IS NULL AND {near}"
                ),
                "v",
                "CANDIDATE",
                accident_victim::names::FAMILY,
                "'SAME_IDENTITY,NEAR_DATE'",
            ),
            others(
                &sql!([a: accident] "{at_employer} WHERE a.deaths + a.missing > {unlisted}"),
                "a",
                "CANDIDATE",
                accident::names::FAMILY,
                "'SAME_EMPLOYER,NEAR_DATE,UNLISTED_DEATH'",
            ),
        ],
    )
}
