//! When two records of two departments are about the same person and event for certain: by a
//! reference that one holds to the other, or by the keyed hash of the identity number where the
//! names agree too.
//!
//! Each is two conditions, as each is served by an index of its own; `wanted` narrows the other
//! side.

use entity::{accident, accident_victim, occupational_disease_case, sql, work_injury};

use crate::store::meeting::leads::sql::{INJURY_DAY, StatementUse, plain};

/// Victim `v` of accident `a` is among the work injuries `w`.
pub(in super::super) fn victim_in_injuries(look: &StatementUse<'_>, wanted: &str) -> [String; 2] {
    let near = look.near(
        sql!([w: work_injury] "w.injured_at"),
        &look.day(sql!([a: accident] "a.occurred_at")),
    );
    let (one, other) =
        (plain(sql!([w: work_injury] "w.name")), plain(sql!([v: accident_victim] "v.name")));
    [
        sql!(
            [v: accident_victim, w: work_injury]
            "EXISTS (SELECT 1 FROM work_injuries w WHERE w.injury_key = v.injury_key AND w.withdrawn_at IS NULL{wanted})"),
        sql!(
            [v: accident_victim, w: work_injury]
            "EXISTS (SELECT 1 FROM work_injuries w WHERE w.person_key = v.person_key AND w.withdrawn_at IS NULL \
             AND {one} = {other} AND {near}{wanted})"
        ),
    ]
}

/// Work injury `w` has its accident, or its person among the victims of one.
pub(in super::super) fn injury_in_victims(look: &StatementUse<'_>, wanted: &str) -> [String; 2] {
    let near = look.near(
        &look.day(sql!([a: accident] "a.occurred_at")),
        sql!([w: work_injury] "w.injured_at"),
    );
    let (one, other) =
        (plain(sql!([w: work_injury] "w.name")), plain(sql!([v: accident_victim] "v.name")));
    [
        sql!(
            [a: accident, w: work_injury]
            "EXISTS (SELECT 1 FROM accidents a WHERE a.number_ref = w.accident_ref AND a.withdrawn_at IS NULL{wanted})"),
        sql!(
            [a: accident, v: accident_victim, w: work_injury]
            "EXISTS (SELECT 1 FROM accident_victims v JOIN accidents a ON a.ref = v.accident_ref WHERE v.person_key = w.person_key \
             AND v.withdrawn_at IS NULL AND a.withdrawn_at IS NULL AND {one} = {other} AND {near}{wanted})"
        ),
    ]
}

/// Disease case `c` is among the work injuries `w`.
pub(in super::super) fn case_in_injuries(look: &StatementUse<'_>, wanted: &str) -> [String; 2] {
    let near = look.near(INJURY_DAY, sql!([c: occupational_disease_case] "c.diagnosed_at"));
    let (one, other) = (
        plain(sql!([w: work_injury] "w.name")),
        plain(sql!([c: occupational_disease_case] "c.name")),
    );
    [
        sql!(
            [c: occupational_disease_case, w: work_injury]
            "EXISTS (SELECT 1 FROM work_injuries w WHERE w.disease_case_ref = c.number_ref AND w.withdrawn_at IS NULL{wanted})"
        ),
        sql!(
            [c: occupational_disease_case, w: work_injury]
            "EXISTS (SELECT 1 FROM work_injuries w WHERE w.person_key = c.person_key AND w.withdrawn_at IS NULL \
             AND (w.article = 'ART14_4' OR w.disease_card_no IS NOT NULL) AND {one} = {other} AND {near}{wanted})"
        ),
    ]
}

/// Work injury `w` is among the disease cases `c`.
pub(in super::super) fn injury_in_cases(look: &StatementUse<'_>, wanted: &str) -> [String; 2] {
    let near = look.near(sql!([c: occupational_disease_case] "c.diagnosed_at"), INJURY_DAY);
    let (one, other) = (
        plain(sql!([w: work_injury] "w.name")),
        plain(sql!([c: occupational_disease_case] "c.name")),
    );
    [
        sql!(
            [c: occupational_disease_case, w: work_injury]
            "EXISTS (SELECT 1 FROM occupational_disease_cases c WHERE c.number_ref = w.disease_case_ref AND c.withdrawn_at IS NULL{wanted})"
        ),
        sql!(
            [c: occupational_disease_case, w: work_injury]
            "EXISTS (SELECT 1 FROM occupational_disease_cases c WHERE c.person_key = w.person_key AND c.withdrawn_at IS NULL \
             AND {one} = {other} AND {near}{wanted})"
        ),
    ]
}
