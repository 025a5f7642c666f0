//! One identity number under two names or birth dates in two departments.

use entity::{accident, accident_victim, occupational_disease_case, person, sql, work_injury};

use crate::store::meeting::leads::sql::{StatementUse, differ};

/// A family whose records name a person.
struct PersonFamily {
    family: &'static str,
    table: &'static str,
    /// Whether it has a birth date of its own.
    born: bool,
    /// Expressions for the credit code and the name of the employer.
    employer: (&'static str, &'static str),
    /// The day it is about; `None` where the record has none.
    day: Option<&'static str>,
    /// The day that gives it a year.
    dated: &'static str,
    /// Whether both are instants.
    instant: bool,
    /// What has to be joined for these.
    joined: &'static str,
}

const VICTIM: PersonFamily = PersonFamily {
    family: accident_victim::names::FAMILY,
    table: "accident_victims",
    born: false,
    employer: (sql!([a: accident] "a.employer_uscc"), sql!([a: accident] "a.employer_name")),
    day: Some(sql!([a: accident] "a.occurred_at")),
    dated: sql!([a: accident, x: accident_victim] "COALESCE(a.occurred_at, x.updated_at)"),
    instant: true,
    joined: sql!(
        [a: accident, x: accident_victim]
        " LEFT JOIN accidents a ON a.ref = x.accident_ref AND a.withdrawn_at IS NULL"),
};
const CASE: PersonFamily = PersonFamily {
    family: occupational_disease_case::names::FAMILY,
    table: "occupational_disease_cases",
    born: true,
    employer: (
        sql!([x: occupational_disease_case] "x.employer_uscc"),
        sql!([x: occupational_disease_case] "x.employer_name"),
    ),
    // The day of the diagnosis is sensitive and may give the year alone, as in the other kinds;
    // that of the report may be missing.
    day: Some(sql!([x: occupational_disease_case] "x.reported_at")),
    dated: sql!([x: occupational_disease_case] "x.diagnosed_at"),
    instant: false,
    joined: "",
};
const INJURY: PersonFamily = PersonFamily {
    family: work_injury::names::FAMILY,
    table: "work_injuries",
    born: false,
    employer: (sql!([x: work_injury] "x.employer_uscc"), "CAST(NULL AS text)"),
    // Of a disease, the decision gives the year.
    day: Some(sql!([x: work_injury] "x.injured_at")),
    dated: sql!([x: work_injury] "COALESCE(x.injured_at, x.decided_at, x.accepted_at, x.applied_at, x.diagnosed_at)"),
    instant: false,
    joined: "",
};
const PERSON: PersonFamily = PersonFamily {
    family: person::names::FAMILY,
    table: "persons",
    born: true,
    employer: (sql!([x: person] "x.employer_uscc"), "CAST(NULL AS text)"),
    // When it was last changed is no day of an event; it gives the year alone.
    day: None,
    dated: sql!([x: person] "x.updated_at"),
    instant: true,
    joined: "",
};

/// What is compared with what: the lead is about the first. Records of one family are compared from
/// one side only.
const PAIRS: [(&PersonFamily, &PersonFamily); 8] = [
    (&VICTIM, &PERSON),
    (&VICTIM, &INJURY),
    (&VICTIM, &CASE),
    (&VICTIM, &VICTIM),
    (&CASE, &PERSON),
    (&CASE, &INJURY),
    (&INJURY, &PERSON),
    (&PERSON, &PERSON),
];

/// One lead for each record with such a conflict, with all records it conflicts with.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    let mut rows = Vec::new();
    for (own, other) in PAIRS {
        let differ = differs(own, other);
        let order = if std::ptr::eq(own, other) { "<" } else { "<>" };
        let ((uscc, employer), joined) = (own.employer, own.joined);
        let on = |day: &str| if own.instant { look.day(day) } else { day.to_owned() };
        let (day, year) = (
            own.day.map_or_else(|| "CAST(NULL AS text)".to_owned(), on),
            look.year(&on(own.dated)),
        );
        let from = sql!(
            [x: accident_victim, y: accident_victim]
            "FROM {own} x{joined} JOIN {other} y ON y.person_key = x.person_key AND x.department {order} y.department \
             WHERE {inside} AND x.withdrawn_at IS NULL AND y.withdrawn_at IS NULL AND ({name} OR {born})",
            own = own.table,
            other = other.table,
            inside = look.inside("x"),
            name = differ.name,
            born = differ.born,
        );
        let reasons = format!(
            "CASE WHEN {name} THEN ',OTHER_NAME' ELSE '' END || CASE WHEN {born} THEN ',OTHER_BIRTH_DATE' ELSE '' END",
            name = differ.name,
            born = differ.born,
        );
        rows.push(sql!(
            [x: accident_victim]
            "SELECT {identity} AS identity, x.region_code, {uscc} AS uscc, {employer} AS employer, CAST({day} AS text) AS day, \
             {year} AS year, 'SAME_IDENTITY' || {reasons} AS reasons, 'SUBJECT' AS role, '{family}' AS family, x.id, x.department, \
             x.region_code AS record_region, '' AS record_reasons {from}",
            identity = look.id(sql!([x: accident_victim] "x.id")),
            family = own.family,
        ));
        rows.push(sql!(
            [y: accident_victim]
            "SELECT {identity}, NULL, NULL, NULL, NULL, NULL, NULL, 'OTHER', '{family}', y.id, y.department, y.region_code, \
             'SAME_IDENTITY' || {reasons} {from}",
            identity = look.id(sql!([x: accident_victim] "x.id")),
            family = other.family,
        ));
    }
    rows.join(" UNION ALL ")
}

struct Differs {
    name: String,
    born: &'static str,
}

/// Conditions that are never unknown: what is empty differs from nothing.
fn differs(own: &PersonFamily, other: &PersonFamily) -> Differs {
    let name = differ(sql!([x: accident_victim] "x.name"), sql!([y: accident_victim] "y.name"));
    let born = if own.born && other.born {
        sql!([x: person, y: person] "COALESCE(x.birth_date <> y.birth_date, 1 = 0)")
    } else {
        "1 = 0"
    };
    Differs { name, born }
}
