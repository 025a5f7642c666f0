//! Persons in the key posts their plan names who had no passed training when their employer had its last accident.

use entity::{accident, employment, sql, training_record};

use crate::store::meeting::leads::sql::{StatementUse, others, stands, statement, subjects};

/// One lead for each employer and region, about its last accident with casualties, with the
/// employments of those persons. A county without any training record has not handed in any, which
/// says nothing about its persons. Likely are a training of the person without a result, and one of
/// a person without a number for the same post at the same employer.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let untrained = |employer: &str, region: &str, day: &str| {
        sql!(
            [e: employment, t: training_record]
            "e.employer_key = {employer} AND e.key_post IS NOT NULL AND {named} AND e.withdrawn_at IS NULL \
             AND (e.insured_from IS NULL OR e.insured_from <= {day}) AND (e.insured_to IS NULL OR e.insured_to >= {day}) \
             AND NOT EXISTS (SELECT 1 FROM training_records t WHERE t.person_key = e.person_key AND t.withdrawn_at IS NULL \
             AND t.passed IS TRUE AND t.ended_on <= {day} AND t.ended_on >= {from})",
            named = look.key_post("e", region, day),
            from = look.shifted(day, -i64::from(look.near)),
        )
    };
    let last = sql!(
        [a: accident, t: training_record]
        "SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.region_code, a.employer_key ORDER BY a.occurred_at DESC, a.id) AS place \
         FROM accidents a WHERE {inside} AND {stands} AND a.employer_key IS NOT NULL AND a.casualties > 0 AND {day} <= {waited} \
         AND a.region_code IN (SELECT t.region_code FROM training_records t WHERE {trained} AND t.withdrawn_at IS NULL)",
        inside = look.inside("a"),
        stands = stands("a"),
        waited = look.waited(),
        trained = look.inside("t"),
    );
    let subject = sql!(
        [a: _, e: employment]
        "SELECT a.region_code || '|' || a.employer_key AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, \
         a.employer_name AS employer, {day} AS day, {year} AS year, a.employer_key, \
         'NO_TRAINING' || CASE WHEN EXISTS (SELECT 1 FROM employments e WHERE e.person_key IS NULL AND {untrained}) \
         THEN ',NO_IDENTITY' ELSE '' END AS why FROM ({last}) a \
         WHERE a.place = 1 AND EXISTS (SELECT 1 FROM employments e WHERE {untrained})",
        year = look.year(&day),
        untrained = untrained(sql!([a: accident] "a.employer_key"), sql!([a: accident] "a.region_code"), &day),
    );
    let persons =
        format!("JOIN employments e ON {}", untrained("s.employer_key", "s.region_code", "s.day"));
    let likely = |on: &str, reasons: &str| {
        let open = sql!(
            [t: training_record, s: _]
            "{persons} JOIN training_records t ON {on} AND t.withdrawn_at IS NULL \
             AND t.ended_on <= s.day AND t.ended_on >= {from}",
            from = look.shifted("s.day", -i64::from(look.near)),
        );
        others(&open, "t", "CANDIDATE", training_record::names::FAMILY, reasons)
    };
    statement(
        &subject,
        &[
            subjects(accident::names::FAMILY, "why"),
            others(&persons, "e", "OTHER", employment::names::FAMILY, "'NO_TRAINING'"),
            likely(
                sql!([t: training_record, e: employment] "t.person_key = e.person_key AND t.passed IS NULL"),
                "'SAME_IDENTITY,RESULT_UNKNOWN'",
            ),
            likely(
                sql!(
                    [t: training_record, e: employment]
                    "t.employer_key = e.employer_key AND t.key_post = e.key_post AND t.person_key IS NULL AND t.passed IS NOT FALSE"
                ),
                "'SAME_EMPLOYER,SAME_POST,NO_IDENTITY'",
            ),
        ],
    )
}
