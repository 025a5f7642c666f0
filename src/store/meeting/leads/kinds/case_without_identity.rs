//! Disease cases without identity number, with the persons they may belong to.

use entity::{occupational_disease_case, person, sql, work_injury};

use crate::store::meeting::leads::sql::{
    INJURY_DAY, StatementUse, others, plain, statement, subjects,
};

/// Likely are persons of the same name and birth date at the same employer, and disease injuries of
/// the same name at the same employer near the day of diagnosis that do not name the case: one that
/// does is linked already.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let subject = sql!(
        [c: occupational_disease_case]
        "SELECT {identity} AS identity, c.id, c.department, c.region_code, c.employer_uscc AS uscc, c.employer_name AS employer, \
         c.reported_at AS day, {year} AS year, {name} AS name, c.number_ref AS ref, c.birth_date, c.sex, c.employer_key, c.diagnosed_at \
         FROM occupational_disease_cases c \
         WHERE {inside} AND c.withdrawn_at IS NULL AND c.person_key IS NULL AND c.diagnosed_at <= {waited}",
        identity = look.id(sql!([c: occupational_disease_case] "c.id")),
        year = look.year(sql!([c: occupational_disease_case] "c.diagnosed_at")),
        name = plain(sql!([c: occupational_disease_case] "c.name")),
        inside = look.inside("c"),
        waited = look.waited(),
    );
    let (person, injured) =
        (plain(sql!([p: person] "p.name")), plain(sql!([w: work_injury] "w.name")));
    let near = look.near(INJURY_DAY, "s.diagnosed_at");
    let sex = sql!([p: person, s: _] "CASE WHEN p.sex = s.sex THEN ',SAME_SEX' ELSE '' END");
    statement(
        &subject,
        &[
            subjects(occupational_disease_case::names::FAMILY, "'NO_IDENTITY'"),
            others(
                &sql!(
                    [p: person, s: _]
                    "JOIN persons p ON p.employer_key = s.employer_key AND {person} = s.name AND p.birth_date = s.birth_date \
                     AND p.withdrawn_at IS NULL"
                ),
                "p",
                "CANDIDATE",
                person::names::FAMILY,
                &format!("'SAME_NAME,SAME_BIRTH_DATE,SAME_EMPLOYER' || {sex}"),
            ),
            others(
                &sql!(
                    [s: _, w: work_injury]
                    "JOIN work_injuries w ON w.employer_key = s.employer_key AND {injured} = s.name AND w.article = 'ART14_4' AND {near} \
                     AND (w.disease_case_ref IS NULL OR w.disease_case_ref <> s.ref) AND w.withdrawn_at IS NULL"
                ),
                "w",
                "CANDIDATE",
                work_injury::names::FAMILY,
                "'SAME_NAME,SAME_EMPLOYER,NEAR_DATE'",
            ),
        ],
    )
}
