//! One identity number under two person numbers of one department.

use entity::{person, sql};

use crate::store::meeting::leads::sql::StatementUse;

/// One lead for each person that came after another of the same number, with all that came before.
pub(super) fn sql(look: &StatementUse<'_>) -> String {
    // When it was last changed is no day of an event; it gives the year alone.
    let changed = look.day(sql!([y: person] "y.updated_at"));
    let from = sql!(
        [x: person, y: person]
        "FROM persons y JOIN persons x ON x.person_key = y.person_key AND x.department = y.department AND x.id < y.id \
         WHERE {inside} AND x.withdrawn_at IS NULL AND y.withdrawn_at IS NULL",
        inside = look.inside("y"),
    );
    let identity = look.id(sql!([y: person] "y.id"));
    sql!(
        [x: person, y: person]
        "SELECT {identity} AS identity, y.region_code, y.employer_uscc AS uscc, CAST(NULL AS text) AS employer, \
         CAST(NULL AS text) AS day, {year} AS year, 'TWO_PERSONS,SAME_IDENTITY' AS reasons, 'SUBJECT' AS role, 'Person' AS family, \
         y.id, y.department, y.region_code AS record_region, '' AS record_reasons {from} \
         UNION ALL SELECT {identity}, NULL, NULL, NULL, NULL, NULL, NULL, 'OTHER', 'Person', x.id, x.department, x.region_code, \
         'SAME_IDENTITY' {from}",
        year = look.year(&changed),
    )
}
