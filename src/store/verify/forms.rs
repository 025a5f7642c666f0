//! The form of every stored value. SQLite keeps in a column whatever is put there: `2` reads as yes
//! and is not found by a filter for it, an instant reads the same with another offset and is
//! ordered elsewhere. So each value has to be in the one form in which the hub writes it.
//! PostgreSQL sees to that itself, but for days and instants without end, or beyond any calendar.

use std::collections::BTreeMap;

use sea_orm::{DbBackend, Statement};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        sql::database::Database,
        verify::{Check, NAMED},
    },
};

/// What every day and instant lies between; a program's calendar ends beyond.
const BOUNDS: &str = "BETWEEN '4000-01-01 BC' AND '200000-01-01'";

/// A day or instant as a program can read it, in SQL; empty where its calendar has none.
pub(in crate::store) fn finite(backend: DbBackend, column: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("CASE WHEN {column} {BOUNDS} THEN {column} END")
    } else {
        column.to_owned()
    }
}

/// A column as it is declared.
struct DeclaredColumn {
    name: String,
    of: String,
    needed: bool,
    key: bool,
}

/// The checks of all tables: one of all values, and one of each table that has some in another
/// form.
pub(super) async fn all(database: &Database) -> Result<Vec<Check>, HubError> {
    let backend = database.backend();
    let mut every = Check::new("values: each is kept in the form in which the hub writes it");
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), 0, 0 FROM pg_class c \
             JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = current_schema()::regnamespace \
             AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum"
        }
        // What the database computes is not among them.
        _ => {
            "SELECT m.name, c.name, lower(c.type), c.\"notnull\", c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid"
        }
    };
    let mut tables: BTreeMap<String, Vec<DeclaredColumn>> = BTreeMap::new();
    for row in database.all(Statement::from_string(backend, sql)).await? {
        let (needed, key): (i32, i32) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        let (needed, key) = (needed != 0, key != 0);
        let column = DeclaredColumn {
            name: row.try_get_by_index(1)?,
            of: row.try_get_by_index(2)?,
            needed,
            key,
        };
        tables.entry(row.try_get_by_index(0)?).or_default().push(column);
    }
    let mut checks = Vec::new();
    for (table, columns) in tables {
        let mut check = Check::new(&format!(
            "{table}: each value is kept in the form in which the hub writes it"
        ));
        let found = look(database, (&table, &columns), &mut check).await;
        check.read(found, || table.clone())?;
        every.looked += check.looked;
        if check.wrong > 0 {
            checks.push(check);
        }
    }
    checks.insert(0, every);
    Ok(checks)
}

/// What holds of a column in every row, in SQL; nothing where the database sees to it.
fn holds(backend: DbBackend, column: &DeclaredColumn) -> Option<String> {
    let name = format!("\"{}\"", column.name.replace('"', "\"\""));
    if backend == DbBackend::Postgres {
        let timed = column.of == "date" || column.of.starts_with("timestamp");
        return timed.then(|| format!("({name} IS NULL OR {name} {BOUNDS})"));
    }
    let form = match column.of.as_str() {
        "boolean" => format!("typeof({name}) = 'integer' AND {name} IN (0, 1)"),
        "integer" | "bigint" => format!("typeof({name}) = 'integer'"),
        "text" | "varchar" => format!("typeof({name}) = 'text'"),
        "blob" => format!("typeof({name}) = 'blob'"),
        "uuid_text" => format!("typeof({name}) = 'blob' AND length({name}) = 16"),
        "date_text" => format!("typeof({name}) = 'text' AND date({name}) = {name}"),
        "timestamp_with_timezone_text" => format!("typeof({name}) = 'text' AND {}", instant(&name)),
        // No type of the hub's: the check of the schema names the column.
        _ => return None,
    };
    Some(if column.needed { form } else { format!("({name} IS NULL OR {form})") })
}

/// As the driver writes an instant: to the second, or with as many of three, six or nine digits as
/// it takes, in UTC.
fn instant(name: &str) -> String {
    let seconds = "%Y-%m-%dT%H:%M:%S";
    let parts = [3, 6, 9].map(|digits| {
        let pattern = format!("{}.{}+00:00", "?".repeat(19), "[0-9]".repeat(digits));
        format!("WHEN {} THEN {name} GLOB '{pattern}'", 26 + digits)
    });
    format!(
        "CASE length(CAST({name} AS BLOB)) WHEN 25 THEN strftime('{seconds}+00:00', {name}) = {name} {} ELSE 0 END \
         AND (length({name}) = 25 OR (strftime('{seconds}', substr({name}, 1, 19)) = substr({name}, 1, 19) \
         AND substr({name}, -9, 3) <> '000'))",
        parts.join(" ")
    )
}

/// What tells a row from others: its identifier where it is one, or else its place in the table.
fn key(backend: DbBackend, columns: &[DeclaredColumn]) -> String {
    let there = |name: &str, of: &str| {
        columns.iter().any(|column| column.name == name && (of.is_empty() || column.of == of))
    };
    if backend == DbBackend::Postgres {
        return match () {
            () if there("id", "uuid") => "id::text".to_owned(),
            () if there("record_id", "uuid") && there("version", "") => {
                "record_id::text || ' ' || version".to_owned()
            }
            () if there("seq", "") => "seq::text".to_owned(),
            () => "'ctid ' || ctid::text".to_owned(),
        };
    }
    let own = |name: &str, rest: &str| {
        format!(
            "CASE WHEN typeof({name}) = 'blob' AND length({name}) = 16 THEN lower(hex({name})){rest} ELSE 'rowid ' || rowid END"
        )
    };
    match () {
        () if there("id", "uuid_text") => own("id", ""),
        () if there("record_id", "uuid_text") && there("version", "integer") => own(
            "record_id",
            " || CASE typeof(version) WHEN 'integer' THEN ' ' || version ELSE ' of rowid ' || rowid END",
        ),
        () if columns.iter().any(|column| column.name == "seq" && column.key) => {
            "CASE typeof(seq) WHEN 'integer' THEN seq ELSE 'rowid ' || rowid END || ''".to_owned()
        }
        () => "'rowid ' || rowid".to_owned(),
    }
}

/// A key as people know it.
fn shown(key: &str) -> String {
    match key.split_once(' ') {
        Some((id, rest)) => {
            Uuid::try_parse(id).map_or_else(|_| key.to_owned(), |id| format!("{id} {rest}"))
        }
        None => Uuid::try_parse(key).map_or_else(|_| key.to_owned(), |id| id.to_string()),
    }
}

/// One statement over a table, and another only for what it found.
async fn look(
    database: &Database,
    (table, columns): (&str, &[DeclaredColumn]),
    check: &mut Check,
) -> Result<(), HubError> {
    let backend = database.backend();
    let forms: Vec<(&str, String)> = columns
        .iter()
        .filter_map(|column| Some((column.name.as_str(), holds(backend, column)?)))
        .collect();
    if forms.is_empty() {
        return Ok(());
    }
    let wrong = format!(
        "({}) IS NOT TRUE",
        forms.iter().map(|(_, form)| form.as_str()).collect::<Vec<_>>().join(" AND ")
    );
    let sql = format!("SELECT COUNT(*), COUNT(*) FILTER (WHERE {wrong}) FROM \"{table}\"");
    if let Some(row) = database.one(Statement::from_string(backend, sql)).await? {
        (check.looked, check.wrong) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    if check.wrong == 0 {
        return Ok(());
    }
    let names = forms
        .iter()
        .map(|(name, form)| format!("CASE WHEN ({form}) IS NOT TRUE THEN ' {name}' ELSE '' END"));
    let names = names.collect::<Vec<_>>().join(" || ");
    let sql = format!(
        "SELECT {}, {names} FROM \"{table}\" WHERE {wrong} LIMIT {NAMED}",
        key(backend, columns)
    );
    for row in database.all(Statement::from_string(backend, sql)).await? {
        let (key, names): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        check.places.push(format!("{table} {}:{names}", shown(&key)));
    }
    Ok(())
}
