//! Checks that the database does on its own: each is one statement that counts.

use entity::catalogue::{Catalogue, Family};
use sea_orm::{DbBackend, Statement, Value};

use crate::{
    error::HubError,
    store::{
        sql::{database::Database, statement::numbered},
        verify::{Check, shown_id},
    },
};

/// The number that a statement returns.
async fn number(database: &Database, sql: &str, family: Option<&Family>) -> Result<i64, HubError> {
    let values: Vec<Value> =
        family.filter(|_| sql.contains('?')).map(|family| family.name.into()).into_iter().collect();
    let statement = Statement::from_sql_and_values(
        database.backend(),
        numbered(database.backend(), sql),
        values,
    );
    let row = database.one(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// The first records that a statement counts.
async fn places(
    database: &Database,
    sql: &str,
    family: Option<&Family>,
) -> Result<Vec<String>, HubError> {
    let (record, table) = match sql {
        // It is the row of the family that is gone.
        _ if sql.contains("FROM record_versions v ") && sql.contains("r.id IS NULL") => {
            ("v.record_id", family.map_or("", |family| family.table))
        }
        _ if sql.contains("FROM record_versions v ") => ("v.record_id", "record_versions"),
        _ if sql.contains("FROM change_events e ") => ("e.record_id", "change_events"),
        _ if sql.contains(" r ") => ("r.id", family.map_or("", |family| family.table)),
        _ if family.is_some() => ("record_id", "record_versions"),
        _ => ("record_id", "change_events"),
    };
    let sql = format!("{} LIMIT 10", sql.replacen("COUNT(*)", record, 1));
    let values: Vec<Value> =
        family.filter(|_| sql.contains('?')).map(|family| family.name.into()).into_iter().collect();
    let rows = database
        .all(Statement::from_sql_and_values(
            database.backend(),
            numbered(database.backend(), &sql),
            values,
        ))
        .await?;
    Ok(rows.iter().map(|row| format!("{table} {}", shown_id(row, 0))).collect())
}

/// Number of rows of a table that are checked; 0 where it cannot be read, which each check then
/// reports.
async fn looked(database: &Database, sql: &str, family: Option<&Family>) -> Result<i64, HubError> {
    match number(database, sql, family).await {
        Err(HubError::Internal(_)) => Ok(0),
        counted => counted,
    }
}

/// One check: the count of a statement, with the first places it counted.
async fn counted(
    database: &Database,
    (name, looked): (&str, i64),
    sql: &str,
    family: Option<&Family>,
) -> Result<Check, HubError> {
    let mut check = Check { looked, ..Check::new(name) };
    let tables = || {
        family.map_or("change_events or record_versions".to_owned(), |family| {
            format!("{} or its versions or events", family.table)
        })
    };
    let Some(wrong) = check.read(number(database, sql, family).await, tables)? else {
        return Ok(check);
    };
    check.wrong = wrong;
    if wrong > 0
        && let Some(places) = check.read(places(database, sql, family).await, tables)?
    {
        check.places = places;
    }
    Ok(check)
}

/// Checks of a family's records, versions and events.
pub(super) async fn family(
    database: &Database,
    catalogue: &Catalogue,
    family: &'static Family,
) -> Result<Vec<Check>, HubError> {
    let (table, region) = (family.table, family.region_column());
    let industry =
        family.industry_column().map_or_else(|| "NULL".to_owned(), |column| format!("r.{column}"));
    let newest = "v.record_id = r.id AND v.version = r.version AND v.family = ?";
    let records = looked(database, &format!("SELECT COUNT(*) FROM {table}"), None).await?;
    let versions =
        looked(database, "SELECT COUNT(*) FROM record_versions WHERE family = ?", Some(family))
            .await?;
    let of_records = [
        (
            "every record has its version",
            format!("SELECT COUNT(*) FROM {table} r LEFT JOIN record_versions v ON {newest} WHERE v.record_id IS NULL"),
        ),
        (
            "versions have no gap",
            "SELECT COUNT(*) FROM (SELECT record_id FROM record_versions WHERE family = ? GROUP BY record_id \
             HAVING COUNT(*) <> MAX(version) OR MIN(version) <> 1) AS g"
                .to_owned(),
        ),
        (
            "it is withdrawn if its newest version says so",
            format!(
                "SELECT COUNT(*) FROM {table} r JOIN record_versions v ON {newest} \
                 WHERE (r.withdrawn_at IS NOT NULL) <> (v.action = 'WITHDRAWN')"
            ),
        ),
        (
            "the last event says where it lies",
            format!(
                "SELECT COUNT(*) FROM {table} r JOIN change_events e ON e.record_id = r.id AND e.version = r.version \
                 AND e.family = ? WHERE r.withdrawn_at IS NULL AND (e.region_code IS DISTINCT FROM r.{region} \
                 OR e.department IS DISTINCT FROM r.department OR e.key_industry IS DISTINCT FROM {industry})"
            ),
        ),
    ];
    let of_versions = [
        (
            "every version has its record",
            format!(
                "SELECT COUNT(*) FROM record_versions v LEFT JOIN {table} r ON r.id = v.record_id WHERE v.family = ? AND \
                 (r.id IS NULL OR v.version > r.version)"
            ),
        ),
        (
            // Old events are cut off after a time; see `prune`.
            "every version has its event, or had it",
            "SELECT COUNT(*) FROM record_versions v LEFT JOIN change_events e ON e.record_id = v.record_id AND \
             e.version = v.version AND e.family = v.family AND e.at = v.at AND \
             e.kind = CASE WHEN v.action = 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'UPSERT' END \
             WHERE v.family = ? AND e.record_id IS NULL \
             AND NOT EXISTS (SELECT 1 FROM feed_cut AS c WHERE v.at < c.older_than)"
                .to_owned(),
        ),
        (
            "it begins once and is withdrawn once at a time",
            "SELECT COUNT(*) FROM (SELECT record_id, version, action, LAG(action) OVER (PARTITION BY record_id ORDER BY version) AS before \
             FROM record_versions WHERE family = ?) AS h WHERE (action = 'CREATED') <> (version = 1) \
             OR (action = 'WITHDRAWN' AND before = 'WITHDRAWN')"
                .to_owned(),
        ),
    ];
    let belongs = withdrawn_with_its_record(catalogue, family)
        .map(|sql| ("what is withdrawn lies where the record it belongs to lies", sql));
    let mut checks = Vec::new();
    let all = of_records
        .into_iter()
        .chain(belongs)
        .map(|check| (records, check))
        .chain(of_versions.into_iter().map(|check| (versions, check)));
    for (looked, (what, sql)) in all {
        checks.push(
            counted(database, (&format!("{}: {what}", family.name), looked), &sql, Some(family))
                .await?,
        );
    }
    Ok(checks)
}

/// A row that takes its place from another record also moves with it while withdrawn, but then
/// without a version.
fn withdrawn_with_its_record(catalogue: &Catalogue, family: &'static Family) -> Option<String> {
    family.fields.get(family.region).filter(|field| field.derived)?;
    let link = family.links.iter().find(|link| !link.many && link.foreign == "ref")?;
    let of = catalogue.find(link.to)?;
    let industry = family.industry_column().zip(of.industry_column());
    let industry = industry
        .map_or_else(String::new, |(own, other)| format!(" OR r.{own} IS DISTINCT FROM p.{other}"));
    Some(format!(
        "SELECT COUNT(*) FROM {table} r JOIN {other} p ON p.ref = r.{local} WHERE r.withdrawn_at IS NOT NULL \
         AND (r.{region} IS DISTINCT FROM p.{place}{industry} OR (r.updated_at <> r.withdrawn_at \
         AND NOT EXISTS (SELECT 1 FROM record_versions w WHERE w.record_id = p.id AND w.at = r.updated_at)))",
        table = family.table,
        other = of.table,
        local = link.local,
        region = family.region_column(),
        place = of.region_column(),
    ))
}

/// Checks of the change events: no duplicates, each with its version, in the right order.
pub(super) async fn events(database: &Database) -> Result<Vec<Check>, HubError> {
    let looked = looked(database, "SELECT COUNT(*) FROM change_events", None).await?;
    let mut checks = Vec::new();
    if database.backend() == DbBackend::Postgres {
        // A store moved from another server keeps that server's transaction numbers, which this one
        // may reach only much later.
        let ahead = "SELECT COUNT(*) FROM change_events \
                     WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        let mut check = Check { looked, ..Check::new("events: none of a transaction to come") };
        if let Some(wrong) =
            check.read(number(database, ahead, None).await, || "change_events".to_owned())?
        {
            check.wrong = wrong;
        }
        checks.push(check);
    }
    for (what, sql) in [
        (
            "none twice",
            "SELECT COUNT(*) FROM (SELECT record_id FROM change_events GROUP BY record_id, version HAVING COUNT(*) > 1) AS d",
        ),
        (
            "every event has its version",
            "SELECT COUNT(*) FROM change_events e LEFT JOIN record_versions v ON v.record_id = e.record_id \
             AND v.version = e.version AND v.family = e.family WHERE v.record_id IS NULL",
        ),
        (
            "each record's in the order of its versions",
            "SELECT COUNT(*) FROM (SELECT record_id, version, LAG(version) OVER (PARTITION BY record_id ORDER BY transaction_id, position) \
             AS before FROM change_events) AS o WHERE before >= version",
        ),
        // Events from before places were recorded say where a record lies, not where it came from;
        // and a withdrawn row moves with the record it takes its place from, without an event.
        (
            "each begins where the one before ended",
            "SELECT COUNT(*) FROM (SELECT record_id, was_region, was_industry, LAG(kind) OVER w AS last, LAG(region_code) OVER w AS region, \
             LAG(key_industry) OVER w AS industry FROM change_events WINDOW w AS (PARTITION BY record_id ORDER BY version)) AS o \
             WHERE was_region IS NOT NULL AND last = 'UPSERT' AND region IS NOT NULL \
             AND (was_region <> region OR was_industry IS DISTINCT FROM industry)",
        ),
    ] {
        checks.push(counted(database, (&format!("events: {what}"), looked), sql, None).await?);
    }
    Ok(checks)
}
