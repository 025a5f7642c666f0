//! Accidents whose list of victims is shorter than their toll.

use entity::{
    accident::{self, Column},
    accident_victim, sql,
};
use sea_orm::IdenStatic as _;

use crate::store::meeting::leads::sql::{StatementUse, stands, statement, subjects};

/// Degrees of injury that an accident counts, with the columns that count them.
const DEGREES: [(Column, &str); 5] = [
    (Column::Deaths, "DEATH"),
    (Column::Missing, "MISSING"),
    (Column::SeriousInjuries, "SERIOUS"),
    (Column::AcutePoisonings, "ACUTE_POISONING"),
    (Column::MinorInjuries, "MINOR"),
];

/// In one degree at least, fewer are listed than counted.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let counts: Vec<String> = DEGREES
        .iter()
        .map(|(column, degree)| (column.as_str(), degree))
        .map(|(column, degree)| {
            sql!(
            [v: accident_victim]
            "SUM(CASE WHEN v.injury_degree = '{degree}' THEN 1 ELSE 0 END) AS {column}")
        })
        .collect();
    let fewer: Vec<String> = DEGREES
        .iter()
        .map(|(column, _)| column.as_str())
        .map(|column| format!("a.{column} > COALESCE(l.{column}, 0)"))
        .collect();
    let subject = sql!(
        [a: accident, l: _, v: accident_victim]
        "SELECT {identity} AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year FROM accidents a \
         LEFT JOIN (SELECT v.accident_ref, {counts} FROM accident_victims v WHERE {listed} AND v.withdrawn_at IS NULL \
         GROUP BY v.accident_ref) l ON l.accident_ref = a.ref \
         WHERE {inside} AND {stands} AND {day} <= {waited} AND ({fewer})",
        identity = look.id(sql!([a: accident] "a.id")),
        year = look.year(&day),
        counts = counts.join(", "),
        // A victim lies in the region of its accident.
        listed = look.inside("v"),
        inside = look.inside("a"),
        stands = stands("a"),
        waited = look.waited(),
        fewer = fewer.join(" OR "),
    );
    statement(&subject, &[subjects(accident::names::FAMILY, "'FEWER_LISTED'")])
}
