//! One event reported twice: two accidents of one place in the same hour with the same toll, by two
//! organisations or under two numbers.

use entity::{
    accident::{self, Column},
    sql,
};
use sea_orm::{DbBackend, IdenStatic as _};

use crate::store::meeting::leads::sql::{StatementUse, stands};

/// How far apart two reports of one event may put it, in seconds.
const APART: u32 = 3_600;
/// Counts of the toll, all of which have to agree.
const TOLL: [Column; 5] = [
    Column::Deaths,
    Column::Missing,
    Column::SeriousInjuries,
    Column::AcutePoisonings,
    Column::MinorInjuries,
];

/// One lead for each report that came after another one of the same event. It is certain where the
/// minute and the employer agree; with the industry instead of the employer, or only in the same
/// hour, a person has to look. Without any casualties only the same employer in the same minute
/// counts: small events without them are many.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    // A county's report and the city's of the same event: the lead is about the county's. Otherwise
    // about the later one.
    let places = [
        sql!([x: accident, y: accident] "x.region_code = y.region_code AND x.id < y.id"),
        sql!(
            [x: accident, y: accident]
            "x.region_code <> y.region_code AND x.region_code = substr(y.region_code, 1, 4) || '00'"),
    ];
    let toll: Vec<String> = TOLL
        .iter()
        .map(|count| count.as_str())
        .map(|count| format!("x.{count} = y.{count}"))
        .collect();
    let any: Vec<String> = TOLL.iter().map(|count| format!("y.{}", count.as_str())).collect();
    let (minute, hour) = (apart(look.backend, 60), apart(look.backend, APART));
    // Where one of them has no credit code, by the name.
    let employer = sql!(
        [x: accident, y: accident]
        "COALESCE(x.employer_key = y.employer_key, x.employer_name = y.employer_name, 1 = 0)"
    );
    let industry =
        sql!([x: accident, y: accident] "COALESCE(x.key_industry = y.key_industry, 1 = 0)");
    let same = format!("{minute} AND {employer}");
    let day = look.day(sql!([y: accident] "y.occurred_at"));
    let identity = look.id(sql!([y: accident] "y.id"));
    let mut rows = Vec::new();
    for place in places {
        let from = format!(
            "FROM accidents y JOIN accidents x ON {place} WHERE {inside} AND {stands} AND {other} AND {hour} AND {toll} \
             AND ({same} OR (({employer} OR {industry}) AND {any} > 0))",
            inside = look.inside("y"),
            stands = stands("y"),
            other = stands("x"),
            toll = toll.join(" AND "),
            any = any.join(" + "),
        );
        let reasons = format!(
            "CASE WHEN {minute} THEN 'SAME_MINUTE' ELSE 'SAME_HOUR' END || ',SAME_TOLL' || \
             CASE WHEN {employer} THEN ',SAME_EMPLOYER' ELSE '' END || CASE WHEN {industry} THEN ',SAME_INDUSTRY' ELSE '' END"
        );
        rows.push(sql!(
            [y: accident]
            "SELECT {identity} AS identity, y.region_code, y.employer_uscc AS uscc, y.employer_name AS employer, \
             CAST({day} AS text) AS day, {year} AS year, 'REPORTED_TWICE' AS reasons, 'SUBJECT' AS role, 'Accident' AS family, y.id, \
             y.department, y.region_code AS record_region, '' AS record_reasons {from}",
            year = look.year(&day),
        ));
        rows.push(sql!(
            [x: accident]
            "SELECT {identity}, NULL, NULL, NULL, NULL, NULL, NULL, CASE WHEN {same} THEN 'OTHER' ELSE 'CANDIDATE' END, 'Accident', \
             x.id, x.department, x.region_code, {reasons} {from}"
        ));
    }
    rows.join(" UNION ALL ")
}

/// Two reports lie less than so many seconds apart.
fn apart(backend: DbBackend, seconds: u32) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("abs(extract(epoch FROM x.occurred_at - y.occurred_at)) < {seconds}")
        }
        _ => format!(
            "abs(strftime('%s', x.occurred_at) - strftime('%s', y.occurred_at)) < {seconds}"
        ),
    }
}
