//! Tolls that changed after the time in which changes are reported, or were not reported in it.

use entity::{accident, sql};

use crate::{
    domain::accident::toll_window_days,
    store::meeting::leads::sql::{StatementUse, stands, statement, subjects},
};

/// All three rules are judged by the days written on the accident itself. Whether it was road
/// traffic or a fire decides the limit; where that is empty, a change between the two limits is
/// uncertain.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let day = look.day(sql!([a: accident] "a.occurred_at"));
    let quick = sql!([a: accident] "(COALESCE(a.road_traffic, 1 = 0) OR COALESCE(a.fire, 1 = 0))");
    let open = sql!([a: accident] "(NOT {quick} AND (a.road_traffic IS NULL OR a.fire IS NULL))");
    let limit = |quick: bool| look.shifted(&day, i64::from(toll_window_days(quick, false)));
    let (short, long) = (limit(true), limit(false));
    let limit = format!("CASE WHEN {quick} THEN {short} ELSE {long} END");
    let unclear = sql!(
        [a: accident]
        "({open} AND a.toll_changed_at <= {long} AND a.toll_reported_at <= {long} \
         AND (a.toll_changed_at > {short} OR a.toll_reported_at > {short}))"
    );
    let rules = [
        ("TOLL_AFTER_WINDOW", sql!([a: accident] "a.toll_changed_at > {limit}")),
        ("TOLL_NOT_REPORTED", sql!([a: accident] "a.toll_reported_at IS NULL").to_owned()),
        ("TOLL_REPORTED_LATE", sql!([a: accident] "COALESCE(a.toll_reported_at > {limit}, 1 = 0)")),
        ("EVENT_KIND_UNKNOWN", unclear),
    ];
    let why: Vec<String> = rules
        .iter()
        .map(|(code, rule)| format!("CASE WHEN {rule} THEN '{code},' ELSE '' END"))
        .collect();
    let any: Vec<&str> = rules.iter().map(|(_, rule)| rule.as_str()).collect();
    let subject = sql!(
        [a: accident]
        "SELECT {identity} AS identity, a.id, a.department, a.region_code, a.employer_uscc AS uscc, a.employer_name AS employer, \
         {day} AS day, {year} AS year, {why} AS why FROM accidents a \
         WHERE {inside} AND {stands} AND a.toll_changed_at IS NOT NULL AND ({any})",
        identity = look.id(sql!([a: accident] "a.id")),
        year = look.year(&day),
        why = why.join(" || "),
        inside = look.inside("a"),
        stands = stands("a"),
        any = any.join(" OR "),
    );
    statement(&subject, &[subjects(accident::names::FAMILY, "why")])
}
